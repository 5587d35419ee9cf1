"""The cards of the Progress page, each out of the same numbers."""

from __future__ import annotations

from collections.abc import Callable
from statistics import mean

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from hireflow_voice.app.api import CallOptions
from hireflow_voice.app.progressing import Progress, WeakPoint
from hireflow_voice.progress.history import Point, Result, marks, topics
from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.banner import Glyph
from hireflow_voice.ui.widgets.bars import ShareBar
from hireflow_voice.ui.widgets.basics import Card, Elided, Label, column, held, row
from hireflow_voice.ui.widgets.buttons import Button
from hireflow_voice.ui.widgets.choices import named
from hireflow_voice.ui.widgets.trend import Trends, change
from hireflow_voice.ui.words import MARKS, SIGNALS, VERDICTS, count, one_line, percent, score_role, score_word

MOST_WEAK = 6
"""Key points with a button; the table has all of them."""
MOST_TOPICS = 10


def _card(theme: Theme, title: str, note: str = "") -> Card:
    card = Card(theme, spacing=10)
    card.column.addWidget(Label(theme, title, Type.STRONG))
    if note:
        card.column.addWidget(Label(theme, note, Type.CAPTION, "muted", wrap=True))
    return card


def _practise(theme: Theme, text: str, options: CallOptions, about: str = "") -> Button:
    button = Button(theme, text, "phone", height=36)
    if about:
        named(button, f"{text}: {one_line(about, 120)}")
    button.setProperty("options", options)
    return button


def signals_card(theme: Theme, made: Progress) -> QWidget | None:
    """The score and every line of the form, over time."""
    scored = tuple(Point(call.at, 100 * call.score) for call in made.calls if call.score is not None)
    if not scored:
        return None
    card = _card(theme, f"Over {count(len(scored), 'call')}")
    trends = Trends(theme)
    last = scored[-1].value / 100
    trends.add("Score", scored, (0, 100), f"{percent(last)} {score_word(last)}", change(scored, " points"))
    for signal, points in marks(made.calls).items():
        mark = round(points[-1].value)
        trends.add(SIGNALS[signal], points, (1, 4), f"{mark} {MARKS[mark]}", change(points))
    card.column.addWidget(trends)
    return card


def delivery_card(theme: Theme, made: Progress) -> QWidget | None:
    """How it was said. Apart, and without a verdict: no pace is right."""
    kinds: tuple[tuple[str, Callable[[Result], float | None], str, int], ...] = (
        ("Words per minute", lambda call: call.words_per_minute, "", 0),
        ("Fillers per minute", lambda call: call.fillers_per_minute, "", 1),
        ("Time to the first word", lambda call: call.first_word_s, " s", 1),
    )
    card = _card(theme, "Delivery", "Measured, never part of a score. Thinking before the first word is no fault.")
    trends = Trends(theme)
    for name, of, unit, digits in kinds:
        points = tuple(Point(call.at, value) for call in made.calls if (value := of(call)) is not None)
        if points:
            most = max(point.value for point in points)
            low = min(point.value for point in points) if name == "Words per minute" else 0.0
            newest = f"{points[-1].value:.{digits}f}{unit}"
            trends.add(name, points, (0.8 * low, 1.05 * most or 1.0), newest, change(points, unit, digits))
    if not trends.said:
        return None
    card.column.addWidget(trends)
    return card


def due_card(theme: Theme, made: Progress) -> QWidget | None:
    """What should be looked at again today."""
    if made.due is None:
        return None
    card = _card(theme, "Due again today")
    number = len(made.due.question_ids)
    card.column.addWidget(
        Label(
            theme,
            f"{count(made.due_points, 'key point')} {'was' if made.due_points == 1 else 'were'} missed, or would be "
            f"forgotten by now. The call asks the {'question' if number == 1 else f'{number} questions'} "
            f"{'it belongs' if made.due_points == 1 else 'they belong'} to.",
            wrap=True,
        )
    )
    card.column.addLayout(row(_practise(theme, "Practise what is due", made.due), 1))
    return card


def weak_card(theme: Theme, made: Progress) -> QWidget | None:
    """Key points that were left out or only touched on."""
    if not made.weak:
        return None
    note = f"The {MOST_WEAK} weakest of {len(made.weak)}." if len(made.weak) > MOST_WEAK else ""
    card = _card(theme, "Weakest key points", note)
    for weak in made.weak[:MOST_WEAK]:
        card.column.addWidget(_weak(theme, weak))
    return card


def _weak(theme: Theme, weak: WeakPoint) -> QWidget:
    word, icon, role = VERDICTS[weak.last]
    often = f", judged {weak.times} times" if weak.times > 1 else ""
    detail = Elided(theme, f"{word}{often} · {one_line(weak.asked, 160)}", Type.CAPTION, "muted")
    foot = row(detail, spacing=theme.px(12))
    foot.setStretch(0, 1)
    if weak.options is not None:
        foot.addWidget(_practise(theme, "Practise", weak.options, weak.text))
    line = row(spacing=theme.px(12))
    line.addWidget(Glyph(theme, icon, role), 0, Qt.AlignmentFlag.AlignTop)
    line.addLayout(column(Label(theme, one_line(weak.text, 200), wrap=True), foot, spacing=2), 1)
    return held(line)


def topics_card(theme: Theme, made: Progress) -> QWidget | None:
    """Every topic, the weakest first."""
    found = topics(made.calls)
    if not found:
        return None
    overall = percent(mean(topic.score for topic in found))
    note = f"The {MOST_TOPICS} weakest of {len(found)}; {overall} over all." if len(found) > MOST_TOPICS else ""
    card = _card(theme, "Topics, the weakest first", note)
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(theme.px(12))
    grid.setVerticalSpacing(theme.px(8))
    grid.setColumnStretch(0, 3)
    grid.setColumnStretch(1, 2)
    for at, topic in enumerate(found[:MOST_TOPICS]):
        value = Label(theme, f"{percent(topic.score)} {score_word(topic.score)}", Type.TIMER)
        grid.addWidget(Elided(theme, topic.name[:1].upper() + topic.name[1:]), at, 0)
        grid.addWidget(ShareBar(theme, topic.score, score_role(topic.score)), at, 1)
        grid.addWidget(value, at, 2)
    card.column.addLayout(grid)
    return card

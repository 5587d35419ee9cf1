"""The coach's panel beside a call: how the answer goes while it is given, and what was said of it afterwards."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hireflow_voice.events import Coaching
from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.bars import ShareBar
from hireflow_voice.ui.widgets.basics import Card, Label, Rule, Scroll, row
from hireflow_voice.ui.widgets.buttons import Button
from hireflow_voice.ui.words import clock, count, one_line

WIDTH = 276
SLOW, FAST = 110.0, 170.0
"""Words a minute between which a speaker is easy to follow on the phone."""
FASTEST = 240.0
"""Where the bar of the pace is full."""
MOST_TOUCHED = 12
"""Topics and terms shown at most, the newest."""


class _Figure(QWidget):
    """A name, a number with its word, and a bar."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self.value = Label(theme, "", Type.STRONG)
        self.word = Label(theme, "", Type.CAPTION, "muted")
        self.value.setAccessibleName(name)
        self.bar = ShareBar(theme)
        pile = QVBoxLayout(self)
        pile.setContentsMargins(0, 0, 0, 0)
        pile.setSpacing(theme.px(4))
        pile.addWidget(Label(theme, name, Type.CAPTION, "muted"))
        pile.addLayout(row(self.value, 1, self.word))
        pile.addWidget(self.bar)

    def show_value(self, value: str, word: str, share: float) -> None:
        """Another state."""
        self.value.say(value)
        self.word.say(word)
        self.bar.show_share(share)


class CoachPanel(Card):
    """Shown in Coach mode only."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, spacing=12)
        self._theme = theme
        self._target: tuple[float, float] | None = None
        self.pace = _Figure(theme, "Words a minute")
        self.time = _Figure(theme, "Time")
        self.fillers = Label(theme, "", Type.BODY)
        self.touched = Label(theme, "", Type.BODY, wrap=True)
        self.strong = Label(theme, "", Type.BODY, wrap=True)
        self.open = Label(theme, "", Type.BODY, wrap=True)
        self.again = Button(theme, "Try again", "rotate-ccw", key="Y", height=40)
        self.again.clicked.connect(lambda: self.again.setEnabled(False))
        for label, name in ((self.fillers, "Fillers"), (self.touched, "Topics touched")):
            label.setAccessibleName(name)
        self._after = QWidget()
        after = QVBoxLayout(self._after)
        after.setContentsMargins(0, 0, 0, 0)
        after.setSpacing(theme.px(4))
        self._hint = Label(theme, "After your answer: one strength and one gap.", Type.CAPTION, "muted", wrap=True)
        for name, label, role in (("Strong", self.strong, "good"), ("Open", self.open, "warn")):
            after.addWidget(Label(theme, name, Type.CAPTION, role))
            after.addWidget(label)
        after.addSpacing(theme.px(6))
        after.addWidget(Rule())
        words = QWidget()
        pile = QVBoxLayout(words)
        pile.setContentsMargins(0, 0, theme.px(8), 0)
        pile.setSpacing(theme.px(12))
        said = QVBoxLayout()
        said.setSpacing(theme.px(4))
        said.addWidget(Label(theme, "Topics touched", Type.CAPTION, "muted"))
        said.addWidget(self.touched)
        # What was said of the answer stands first: in a small window the figures can wait.
        for widget in (self._after, self.pace, self.time, self.fillers):
            pile.addWidget(widget)
        pile.addLayout(said)
        pile.addStretch(1)
        pile.addWidget(self._hint)
        self.column.setContentsMargins(theme.px(20), theme.px(14), theme.px(12), theme.px(16))
        self.column.addWidget(Label(theme, "Coach", Type.STRONG))
        self.column.addWidget(Scroll(words), 1)
        self.column.addWidget(self.again)
        self.setMinimumWidth(theme.px(WIDTH))
        self.reset()

    def reset(self) -> None:
        """A new call."""
        self._target = None
        self.show_live(Coaching(0.0))
        self.show_elapsed(None)
        self.show_critique("", "")

    def show_live(self, told: Coaching) -> None:
        """How the answer goes."""
        self._target = told.target_s
        pace = told.words_per_minute
        if pace is None:
            self.pace.show_value("-", "after ten words", 0.0)
        else:
            word = "slow" if pace < SLOW else "fast" if pace > FAST else "steady"
            self.pace.show_value(f"about {round(pace / 10) * 10}", word, pace / FASTEST)
        self.fillers.say(f"{count(told.fillers, 'filler')} noticed" if told.fillers else "No fillers noticed")
        terms = " · ".join(one_line(term, 60) for term in told.touched[-MOST_TOUCHED:])
        self.touched.say(terms or "None yet")
        self.touched.set_role("text" if terms else "muted")

    def show_elapsed(self, seconds: float | None) -> None:
        """How long the answer has been going; None between answers."""
        if self._target is None:
            self.time.show_value("-" if seconds is None else clock(seconds), "no set length", 0.0)
            return
        low, high = self._target
        now = seconds or 0.0
        word = "under" if now < low else "good" if now <= high else "over"
        self.time.show_value(f"{clock(now)} of {clock(low)} to {clock(high)}", word, now / high)

    def show_critique(self, strong: str, open_: str) -> None:
        """What was said of the answer; empty before it."""
        self.strong.say(strong)
        self.open.say(open_)
        self._after.setVisible(bool(strong or open_))
        self._hint.setVisible(not (strong or open_))
        self.again.setEnabled(False)

    def take(self, kind: str, text: str) -> None:
        """Something the interviewer says, by its kind."""
        if kind == "strength":
            self.show_critique(text, "")
        elif kind == "gap":
            self.show_critique(self.strong.text(), text)
        elif kind == "again":
            self.again.setEnabled(True)
        elif kind in ("question", "stage", "invite", "closing"):
            self.show_critique("", "")

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(WIDTH), self._theme.px(320))

"""Key points with their verdicts, each with the words that earned it; the lines of the form."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.banner import Glyph
from hireflow_voice.ui.widgets.bars import ShareBar, Steps
from hireflow_voice.ui.widgets.basics import Label, column, empty, held, row
from hireflow_voice.ui.widgets.buttons import Button, Kind
from hireflow_voice.ui.widgets.columns import Part, columns
from hireflow_voice.ui.words import MARKS, SIGNALS, VERDICTS, one_line, percent
from hireflow_voice.verdict import PointJudgement, Quote, SignalMark, Verdict

TEXT_FLAGS = int(Qt.AlignmentFlag.AlignLeft) | int(Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWordWrap)


class WordsButton(Button):
    """A button with a text of as many lines as it needs, after an icon."""

    def __init__(self, theme: Theme, name: str, words: str, icon: str, role: str = "accent") -> None:
        """`name`: what a screen reader says; it holds `words`."""
        self._words, self._role = words, role
        self._heights: dict[int, float] = {}
        """By width: layouts ask for the same ones again and again."""
        super().__init__(theme, name, icon, Kind.GHOST, height=36, icon_only=True)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def heightForWidth(self, width: int) -> int:
        return max(self._height, math.ceil(self._text_height(width)) + self._theme.px(16))

    def hasHeightForWidth(self) -> bool:
        return True

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(240), self.heightForWidth(max(self.width(), self._theme.px(240))))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(160), self._height)

    def paint_content(self, painter: QPainter, _ink: QColor) -> None:
        theme, px = self._theme, self._theme.px
        size = px(16)
        theme.icons.draw(painter, self.icon_name, QPointF(px(10), px(10)), size, theme.colour(self._role))
        painter.setPen(theme.colour("text"))
        painter.setFont(theme.font(Type.BODY))
        room = QRectF(px(34), px(8), self.width() - px(34 + 8), self.height() - px(8))
        painter.drawText(room, TEXT_FLAGS, self._words)

    def _text_height(self, width: int) -> float:
        if width not in self._heights:
            metrics = QFontMetricsF(self._theme.font(Type.BODY))
            room = QRectF(0, 0, max(40, width - self._theme.px(34 + 8)), 10_000)
            self._heights[width] = metrics.boundingRect(room, TEXT_FLAGS, self._words).height()
        return self._heights[width]


class QuoteButton(WordsButton):
    """The candidate's words in quotation marks; a click plays that moment."""

    def __init__(self, theme: Theme, quote: Quote) -> None:
        words = f"“{one_line(quote.text, 600)}”"
        self.sounds = quote.start_s is not None
        verb, icon = ("Hear", "play") if self.sounds else ("Find", "quote")
        super().__init__(theme, f"{verb} {words}", words, icon)


class PointRow(QWidget):
    """Icon, statement, verdict in a word, how sure the judge is as bar and number, and the quote."""

    quote_chosen = Signal(str)
    """Id of the key point."""

    def __init__(self, theme: Theme, text: str, judged: PointJudgement) -> None:
        super().__init__()
        word, icon, role = VERDICTS[judged.verdict]
        statement = Label(theme, text, wrap=True)
        mark = Label(theme, word, Type.CAPTION, role)
        number = Label(theme, percent(judged.confidence), Type.CAPTION, "muted")
        sure = column(row(mark, 1, number), ShareBar(theme, judged.confidence, role, width=104), 1, spacing=theme.px(4))
        side = held(sure)
        side.setFixedWidth(theme.px(104))
        side.setToolTip(f"{word}; the judge is {percent(judged.confidence)} sure that you covered this")
        middle = QVBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(theme.px(2))
        middle.addWidget(statement)
        self.quote: QuoteButton | None = None
        if judged.quote is not None:
            self.quote = QuoteButton(theme, judged.quote)
            self.quote.clicked.connect(lambda: self.quote_chosen.emit(judged.point))
            # The text of the quote stands under the text of the statement; its icon hangs out to the left.
            middle.addWidget(self.quote)
        if judged.doubt:
            middle.addWidget(Label(theme, judged.doubt, Type.CAPTION, "warn", wrap=True))
        said = QHBoxLayout()
        said.setContentsMargins(0, 0, 0, 0)
        said.setSpacing(theme.px(12))
        said.addWidget(Glyph(theme, icon, role), 0, Qt.AlignmentFlag.AlignTop)
        said.addLayout(middle, 1)
        pile = QVBoxLayout(self)
        pile.setContentsMargins(0, theme.px(6), 0, theme.px(6))
        top = Qt.AlignmentFlag.AlignTop
        pile.addLayout(columns(theme, Part(said, 1, least=300), Part(side, align=top), spacing=12, between=4))


@dataclass(frozen=True, slots=True)
class Evidence:
    """A key point that feeds a line of the form."""

    question: str
    number: int
    """Of the question, as listed; 0: of the whole call."""
    text: str
    verdict: Verdict


class SignalRow(QWidget):
    """One line of the form: what, the mark as steps, number and word, and why. It unfolds to what it rests on."""

    question_chosen = Signal(str)
    """Id of the question."""

    def __init__(self, theme: Theme, marked: SignalMark, evidence: Sequence[Evidence] = ()) -> None:
        super().__init__()
        self._theme, self._evidence, self._name = theme, evidence, SIGNALS[marked.signal]
        mark = marked.mark
        said = f"{mark} of 4 · {MARKS[mark]}" if mark in (1, 2, 3, 4) else MARKS[None]
        value = Label(theme, said, Type.CAPTION)
        value.setFixedWidth(theme.px(148))
        value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        marks = row(Steps(theme, 4, mark or 0, width=120), value, spacing=theme.px(12))
        line = columns(theme, Part(Label(theme, self._name), 1), marks, spacing=12, between=2)
        pile = QVBoxLayout(self)
        pile.setContentsMargins(0, theme.px(4), 0, theme.px(4))
        pile.setSpacing(theme.px(2))
        pile.addLayout(line)
        self.unfold: Button | None = None
        self._rest = QVBoxLayout()
        reason = Label(theme, marked.reason, Type.CAPTION, "muted", wrap=True)
        if evidence:
            self.unfold = Button(theme, self._verb(True), "chevron-down", Kind.GHOST, icon_only=True, height=32)
            self.unfold.clicked.connect(self._toggle)
            foot = row(reason, self.unfold, spacing=theme.px(8))
            foot.setStretch(0, 1)
            pile.addLayout(foot)
            pile.addLayout(self._rest)
        else:
            pile.addWidget(reason)

    def _verb(self, closed: bool) -> str:
        return f"{'Show' if closed else 'Hide'} what {self._name.lower()} rests on"

    def _toggle(self) -> None:
        """Made when first asked for: a form of thirty key points opens no slower than one of three."""
        assert self.unfold is not None
        if self._rest.count():
            empty(self._rest)
            self.unfold.rename(self._verb(True))
            return
        for one in self._evidence:
            word, icon, role = VERDICTS[one.verdict]
            where = f" · question {one.number}" if one.number else ""
            words = f"{word}{where} · {one_line(one.text, 400)}"
            button = WordsButton(self._theme, words, words, icon, role)
            button.clicked.connect(lambda _=False, question=one.question: self.question_chosen.emit(question))
            self._rest.addWidget(button)
        self.unfold.rename(self._verb(False))

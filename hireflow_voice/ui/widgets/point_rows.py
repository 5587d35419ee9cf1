"""Key points with their verdicts, each with the words that earned it; the lines of the form."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.banner import Glyph
from hireflow_voice.ui.widgets.bars import ShareBar, Steps
from hireflow_voice.ui.widgets.basics import Label, column, held, row
from hireflow_voice.ui.widgets.buttons import Button, Kind
from hireflow_voice.ui.words import MARKS, SIGNALS, VERDICTS, one_line, percent
from hireflow_voice.verdict import PointJudgement, Quote, SignalMark

TEXT_FLAGS = int(Qt.AlignmentFlag.AlignLeft) | int(Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWordWrap)


class QuoteButton(Button):
    """The candidate's words in quotation marks, as many lines as they need; a click plays that moment."""

    def __init__(self, theme: Theme, quote: Quote) -> None:
        self._words = f"“{one_line(quote.text, 600)}”"
        self.sounds = quote.start_s is not None
        icon = "play" if self.sounds else "quote"
        verb = "Hear" if self.sounds else "Find"
        super().__init__(theme, f"{verb} {self._words}", icon, Kind.GHOST, height=36, icon_only=True)
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
        theme.icons.draw(painter, self.icon_name, QPointF(px(10), px(10)), size, theme.colour("accent"))
        painter.setPen(theme.colour("text"))
        painter.setFont(theme.font(Type.BODY))
        room = QRectF(px(34), px(8), self.width() - px(34 + 8), self.height() - px(8))
        painter.drawText(room, TEXT_FLAGS, self._words)

    def _text_height(self, width: int) -> float:
        metrics = QFontMetricsF(self._theme.font(Type.BODY))
        room = QRectF(0, 0, max(40, width - self._theme.px(34 + 8)), 10_000)
        return metrics.boundingRect(room, TEXT_FLAGS, self._words).height()


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
        line = QHBoxLayout(self)
        line.setContentsMargins(0, theme.px(6), 0, theme.px(6))
        line.setSpacing(theme.px(12))
        line.addWidget(Glyph(theme, icon, role), 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(middle, 1)
        line.addWidget(side, 0, Qt.AlignmentFlag.AlignTop)


class SignalRow(QWidget):
    """One line of the form: what, the mark as steps, number and word, and why."""

    def __init__(self, theme: Theme, marked: SignalMark) -> None:
        super().__init__()
        mark = marked.mark
        said = f"{mark} of 4 · {MARKS[mark]}" if mark in (1, 2, 3, 4) else MARKS[None]
        value = Label(theme, said, Type.CAPTION)
        value.setFixedWidth(theme.px(148))
        value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        line = row(
            Label(theme, SIGNALS[marked.signal]), 1, Steps(theme, 4, mark or 0, width=120), value, spacing=theme.px(12)
        )
        pile = QVBoxLayout(self)
        pile.setContentsMargins(0, theme.px(4), 0, theme.px(4))
        pile.setSpacing(theme.px(2))
        pile.addLayout(line)
        pile.addWidget(Label(theme, marked.reason, Type.CAPTION, "muted", wrap=True))

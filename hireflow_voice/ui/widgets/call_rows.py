"""One past call, in the list on Home."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from hireflow_voice.records import CallState, CallSummary
from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.buttons import Button, Kind
from hireflow_voice.ui.words import about, one_line, percent, score_word, when, when_short

STAR = {False: "star", True: "star-filled"}
"""Icon of a call that is, or is not, kept for ever."""
STATES = {CallState.RUNNING: "broken off", CallState.FINISHED: "", CallState.HUNG_UP: "hung up early"}


class _Open(Button):
    """The row itself: what, when, and the score."""

    def __init__(self, theme: Theme, summary: CallSummary) -> None:
        self._title = one_line(f"{summary.company} · {summary.round}", 120)
        parts = [when_short(summary.started), f"{summary.answered} of {summary.questions} answered"]
        if STATES[summary.state]:
            parts.append(STATES[summary.state])
        elif summary.seconds:
            parts.append(about(summary.seconds))
        if summary.demo:
            parts.append("demo")
        self._detail = " · ".join(parts)
        self._score = "" if summary.score is None else percent(summary.score)
        self._word = "not judged yet" if summary.score is None else score_word(summary.score)
        if summary.state is CallState.RUNNING:
            self._word = ""
        super().__init__(
            theme, f"Open {self._title}, {when(summary.started)}", kind=Kind.GHOST, height=60, icon_only=True
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(200), self._height)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(120), self._height)

    def paint_content(self, painter: QPainter, _ink: QColor) -> None:
        theme, px = self._theme, self._theme.px
        strong, caption = theme.font(Type.STRONG), theme.font(Type.CAPTION)
        right = max(
            QFontMetricsF(strong).horizontalAdvance(self._score), QFontMetricsF(caption).horizontalAdvance(self._word)
        )
        room = self.width() - px(24) - right - px(12)
        align = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(strong)
        painter.setPen(theme.colour("text"))
        title = QFontMetricsF(strong).elidedText(self._title, Qt.TextElideMode.ElideRight, room)
        upper, lower = px(9), px(31)
        painter.drawText(QRectF(px(12), upper, room, px(22)), align | Qt.AlignmentFlag.AlignLeft, title)
        place = QRectF(self.width() - px(12) - right - 1, upper, right + 1, px(22))
        painter.drawText(place, align | Qt.AlignmentFlag.AlignRight, self._score)
        painter.setFont(caption)
        painter.setPen(theme.colour("muted"))
        detail = QFontMetricsF(caption).elidedText(self._detail, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(px(12), lower, room, px(20)), align | Qt.AlignmentFlag.AlignLeft, detail)
        painter.drawText(
            QRectF(place.x(), lower, place.width(), px(20)), align | Qt.AlignmentFlag.AlignRight, self._word
        )


class CallRow(QWidget):
    """Open, resume where it can be resumed, keep for ever, delete. K and Del work wherever the focus is in it."""

    opened = Signal(str)
    resumed = Signal(str)
    delete_asked = Signal(str, str)
    """(id, what to call it)."""
    keep_asked = Signal(str, bool)

    def __init__(self, theme: Theme, summary: CallSummary) -> None:
        super().__init__()
        call, moment = summary.id, when(summary.started)
        self.call, self._moment, self._theme = call, moment, theme
        self.kept = summary.kept
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(4))
        self.open = _Open(theme, summary)
        self.open.clicked.connect(lambda: self.opened.emit(call))
        line.addWidget(self.open, 1)
        if summary.state is CallState.RUNNING:
            self.resume = Button(theme, "Resume", height=36)
            self.resume.clicked.connect(lambda: self.resumed.emit(call))
            line.addWidget(self.resume)
        self.keep = Button(theme, "", kind=Kind.GHOST, icon_only=True, height=36)
        self.keep.clicked.connect(lambda: self.keep_asked.emit(call, not self.kept))
        self.show_kept(summary.kept)
        line.addWidget(self.keep)
        self.delete = Button(theme, f"Delete the call of {moment}", "trash-2", Kind.GHOST, icon_only=True, height=36)
        self.delete.clicked.connect(lambda: self.delete_asked.emit(call, moment))
        line.addWidget(self.delete)

    def show_kept(self, kept: bool) -> None:
        """With a star, or without."""
        self.kept = kept
        self.keep.rename(
            f"Keep the call of {self._moment} no longer" if kept else f"Keep the call of {self._moment} for ever",
            STAR[kept],
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        button = {Qt.Key.Key_K: self.keep, Qt.Key.Key_Delete: self.delete}.get(Qt.Key(event.key()))
        if button is not None and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            button.click()
        else:
            super().keyPressEvent(event)

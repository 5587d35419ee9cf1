"""Bars: a share, a mark on a scale of four, and how far the call has got."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from hireflow_voice.ui.theme import Theme


class ShareBar(QWidget):
    """A thin bar, 0..1. The number and the word beside it say the same; it is no control and needs no name."""

    def __init__(self, theme: Theme, share: float = 0.0, role: str = "accent", width: int = 0) -> None:
        super().__init__()
        self._theme = theme
        self.share, self._role = share, role
        self.setFixedHeight(theme.px(8))
        if width:
            self.setFixedWidth(theme.px(width))
        self.setSizePolicy(
            QSizePolicy.Policy.Fixed if width else QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed
        )

    def show_share(self, share: float) -> None:
        """Another value."""
        self.share = share
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, self._theme.px(8))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        round_by = self.height() / 2
        painter.setBrush(self._theme.colour("border"))
        painter.drawRoundedRect(QRectF(self.rect()), round_by, round_by)
        filled = min(1.0, max(0.0, self.share)) * self.width()
        if filled > 0:
            painter.setBrush(self._theme.colour(self._role))
            painter.drawRoundedRect(QRectF(0, 0, max(self.height(), filled), self.height()), round_by, round_by)


class Steps(QWidget):
    """One segment for each step, those behind and the present one filled."""

    def __init__(self, theme: Theme, total: int = 0, done: int = 0, role: str = "accent", width: int = 0) -> None:
        super().__init__()
        self._theme = theme
        self.total, self.done, self._role = total, done, role
        self.setFixedHeight(theme.px(6 if not width else 8))
        if width:
            self.setFixedWidth(theme.px(width))

    def show_steps(self, total: int, done: int) -> None:
        """Another place."""
        self.total, self.done = total, done
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        total = max(1, self.total)
        gap = 4.0
        wide = (self.width() - gap * (total - 1)) / total
        round_by = self.height() / 2
        for index in range(total):
            painter.setBrush(self._theme.colour(self._role if index < self.done else "border"))
            painter.drawRoundedRect(QRectF(index * (wide + gap), 0, wide, self.height()), round_by, round_by)

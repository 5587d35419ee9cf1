"""What the call is doing, as an icon, with the ring that shrinks while a silence is about to end the turn."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from hireflow_voice.ui.theme import Theme
from hireflow_voice.ui.widgets.choices import named

SHOWN_FROM_S = 1.0
"""Seconds of silence from which on it is counted down."""


class SilenceRing(QWidget):
    """An icon in a circle. The ring around it is full when a silence has lasted a second and gone when it ends the
    turn; shorter ones are part of speaking and threaten nobody."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._icon, self._role = "phone", "muted"
        self.remaining: float | None = None
        """Share of the silence still to go, 1..0; None: no silence is being counted."""
        side = theme.px(56)
        self.setFixedSize(side, side)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        named(self, "State of the call")

    def sizeHint(self) -> QSize:
        return self.size()

    def show_icon(self, icon: str, role: str) -> None:
        """Another state."""
        self._icon, self._role = icon, role
        self.remaining = None
        self.update()

    def mirror(self, other: SilenceRing) -> None:
        """Look like another one."""
        state = (other._icon, other._role, other.remaining)
        if state != (self._icon, self._role, self.remaining):
            self._icon, self._role, self.remaining = state
            self.update()

    def show_silence(self, seconds: float, limit_s: float | None) -> None:
        """How far a silence has got; a silence of nothing takes the ring away. The limit may be another each time."""
        self.remaining = None
        if limit_s is not None and limit_s > SHOWN_FROM_S and seconds >= SHOWN_FROM_S:
            self.remaining = max(0.0, (limit_s - seconds) / (limit_s - SHOWN_FROM_S))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, px = self._theme, self._theme.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring = QRectF(self.rect()).adjusted(3, 3, -3, -3)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("raised"))
        painter.drawEllipse(ring.adjusted(3, 3, -3, -3))
        if self.remaining is not None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("border"), 3.0))
            painter.drawEllipse(ring)
            pen = QPen(theme.colour("accent"), 3.0)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            # Sixteenths of a degree, from the top, clockwise.
            painter.drawArc(ring, 90 * 16, -round(360 * 16 * self.remaining))
        size = px(24)
        corner = QPointF((self.width() - size) / 2, (self.height() - size) / 2)
        theme.icons.draw(painter, self._icon, corner, size, theme.colour(self._role))

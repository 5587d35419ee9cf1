"""The interviewer on the line, as something that moves: never a face, never a flash."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPainterPath, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QStyle, QWidget

from hireflow_voice.events import Phase
from hireflow_voice.ui.theme import Theme
from hireflow_voice.ui.widgets.level_meter import height_of

FRAME_MS = 33
POINTS = 72
"""Of a ribbon; at 30 frames a second more cannot be told apart."""
LEAST = 0.06
"""Share of the full swing with which a voice between two words goes on."""
RISE, FALL = 0.5, 0.12
"""How much of the way to the voice's level is gone in a frame: up with the syllable, down like a breath."""
RIBBONS = ((1.0, 0.0, 255), (0.7, 1.9, 120), (0.45, 4.1, 70))
"""(share of the swing, phase in radians, opacity of 255) of each."""
STILL_S, STILL_SWING = 0.8, 0.4
"""Moment and swing of the picture that stands where nothing may move."""
BREATH_S = 2.0
RING_S = 2.4
MOVING = (Phase.CONNECTING, Phase.RINGING, Phase.SPEAKING, Phase.THINKING)


class Presence(QWidget):
    """Ringing spreads, a voice swings a ribbon, thinking breathes, a call on hold lies still.

    Where the desktop wants no animations it stands still, in the same shapes. Nothing gets brighter and darker more
    often than once in two seconds.
    """

    def __init__(self, theme: Theme, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._theme, self._now = theme, now
        self._phase = Phase.CONNECTING
        self._levels: tuple[float, ...] = ()
        self._step_s = 1.0
        self._since = self._spoke_at = now()
        self._swing = LEAST
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._frame)
        self.setMinimumHeight(theme.px(56))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("The interviewer")

    @property
    def moving(self) -> bool:
        """Whether frames follow each other."""
        return self._timer.isActive()

    @property
    def swing(self) -> float:
        """How far the ribbon swings, 0..1."""
        return self._swing

    def show_phase(self, phase: Phase) -> None:
        """Another state of the call."""
        if phase is not self._phase:
            self._phase, self._since = phase, self._now()
            if phase is not Phase.SPEAKING:
                self._levels = ()
        self._run()
        self.update()

    def speak(self, levels: tuple[float, ...], step_s: float) -> None:
        """The interviewer begins to say something: how loud it is, dBFS, every `step_s` seconds from now."""
        self._levels, self._step_s, self._spoke_at = levels, step_s, self._now()

    def _run(self) -> None:
        wanted = self.isVisible() and self._phase in MOVING and self._animated()
        if wanted and not self._timer.isActive():
            self._timer.start()
        elif not wanted:
            self._timer.stop()

    def _animated(self) -> bool:
        """What the desktop says of animations, as far as Qt hands it on."""
        return self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, self) > 0

    def _frame(self) -> None:
        at = int((self._now() - self._spoke_at) / self._step_s)
        loud = height_of(self._levels[at]) if at < len(self._levels) else 0.0
        target = max(LEAST, loud)
        self._swing += (target - self._swing) * (RISE if target > self._swing else FALL)
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._run()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(400, self._theme.px(120))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        seconds = self._now() - self._since if self.moving else STILL_S
        match self._phase:
            case Phase.SPEAKING:
                self._paint_ribbons(painter, seconds)
            case Phase.RINGING:
                self._paint_rings(painter, seconds)
            case Phase.CONNECTING | Phase.THINKING:
                self._paint_dots(painter, seconds)
            case _:
                painter.setPen(QPen(self._theme.colour("border"), 2.0))
                middle = self.height() / 2
                painter.drawLine(QPointF(2, middle), QPointF(self.width() - 2, middle))

    def _paint_ribbons(self, painter: QPainter, seconds: float) -> None:
        middle, room = self.height() / 2, min(self.height() * 0.44, self._theme.px(72))
        swing = self._swing if self.moving else STILL_SWING
        for share, shift, opacity in RIBBONS:
            pen = QPen(_faded(self._theme.colour("accent"), opacity), self._theme.px(2))
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            path = QPainterPath()
            for index in range(POINTS + 1):
                u = index / POINTS
                wave = 0.65 * math.sin(math.tau * 2.2 * u - 2.1 * seconds + shift)
                wave += 0.35 * math.sin(math.tau * 3.7 * u + 1.3 * seconds + 2 * shift)
                at = QPointF(2 + u * (self.width() - 4), middle - wave * math.sin(math.pi * u) * room * share * swing)
                path.lineTo(at) if index else path.moveTo(at)
            painter.drawPath(path)

    def _paint_rings(self, painter: QPainter, seconds: float) -> None:
        middle = QPointF(self.width() / 2, self.height() / 2)
        least, most = self._theme.px(8), min(self.height() / 2 - 2, self._theme.px(64))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("accent"))
        painter.drawEllipse(middle, least, least)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for ring in range(3):
            grown = (seconds / RING_S + ring / 3) % 1.0
            painter.setPen(QPen(_faded(self._theme.colour("accent"), round(220 * (1 - grown))), self._theme.px(2)))
            radius = least + grown * (most - least)
            painter.drawEllipse(middle, radius, radius)

    def _paint_dots(self, painter: QPainter, seconds: float) -> None:
        radius, pitch = self._theme.px(5), self._theme.px(24)
        painter.setPen(Qt.PenStyle.NoPen)
        for dot in range(3):
            breath = 0.5 + 0.5 * math.sin(math.tau * (seconds / BREATH_S - dot / 6))
            painter.setBrush(_faded(self._theme.colour("accent"), round(110 + 145 * breath)))
            x = self.width() / 2 + (dot - 1) * pitch
            painter.drawEllipse(QRectF(x - radius, self.height() / 2 - radius, 2 * radius, 2 * radius))


def _faded(colour: QColor, opacity: int) -> QColor:
    faded = QColor(colour)
    faded.setAlpha(opacity)
    return faded

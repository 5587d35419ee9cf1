"""The shape of sound: a take that can be clicked, and the line as it is now."""

from __future__ import annotations

import wave
from collections import deque
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QSlider, QWidget

from hireflow_voice.ui.theme import Theme
from hireflow_voice.ui.widgets.level_meter import height_of
from hireflow_voice.ui.widgets.marks import Mark, paint_mark

BARS = 400
"""Bars kept for one take; fewer are drawn where there is no room."""
AUDIBLE = 0.2
"""Share of the height from which a level is drawn as a voice: about -50 dBFS, above the noise of a quiet room."""


def peaks(path: Path, bars: int = BARS) -> npt.NDArray[np.float32]:
    """Loudest sample of each of `bars` equal stretches of a 16-bit WAV, 0..1 of the loudest of all; shape [bars].

    A file that cannot be read gives zeros: the player says what is wrong with it, the picture need not.
    """
    try:
        with wave.open(str(path), "rb") as file:
            if file.getsampwidth() != 2:
                return np.zeros(bars, np.float32)
            raw = file.readframes(file.getnframes())
            channels = file.getnchannels()
    except (OSError, EOFError, wave.Error):
        return np.zeros(bars, np.float32)
    samples = np.frombuffer(raw[: len(raw) // 2 * 2], np.int16)[::channels]
    return shape_of(samples, bars)


def shape_of(samples: npt.NDArray[np.int16], bars: int) -> npt.NDArray[np.float32]:
    """Peaks of samples; see `peaks`."""
    if len(samples) < bars:
        return np.zeros(bars, np.float32)
    edges = np.linspace(0, len(samples), bars + 1).astype(np.int64)[:-1]
    # Widened first: the magnitude of -32768 does not fit an int16.
    loudest = np.maximum.reduceat(np.abs(samples.astype(np.int32)), edges).astype(np.float32)
    top = float(loudest.max())
    return loudest / top if top > 0 else loudest


class Waveform(QSlider):
    """A take as bars, played part in the accent. Click, drag or arrow keys move; value and range are milliseconds."""

    sought = Signal(float)
    """Seconds the user moved to."""
    STEP_MS = 5_000

    def __init__(self, theme: Theme) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._theme = theme
        self._peaks: npt.NDArray[np.float32] = np.zeros(BARS, np.float32)
        self._marks: tuple[Mark, ...] = ()
        self.setAccessibleName("Position in the answer")
        self.setToolTip("Position in the answer (Left and Right: 5 seconds)")
        self.setFixedHeight(theme.px(76))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSingleStep(self.STEP_MS)
        self.setPageStep(self.STEP_MS)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.actionTriggered.connect(self._stepped)

    def load(self, shape: npt.NDArray[np.float32], seconds: float) -> None:
        """Show another take from its beginning."""
        self._peaks = shape
        self.setRange(0, max(1, round(seconds * 1000)))
        self.setValue(0)
        self.update()

    def show_marks(self, marks: tuple[Mark, ...]) -> None:
        """Mark stretches of the take, above and beneath the bars."""
        self._marks = marks
        self.update()

    def show_position(self, seconds: float) -> None:
        """Move without telling anyone."""
        if not self.isSliderDown():
            self.setValue(round(seconds * 1000))

    def sizeHint(self) -> QSize:
        return QSize(240, self._theme.px(76))

    def _stepped(self, action: int) -> None:
        if action != QAbstractSlider.SliderAction.SliderMove.value:
            self.sought.emit(self.sliderPosition() / 1000)

    def _moment(self, event: QMouseEvent) -> int:
        share = min(1.0, max(0.0, event.position().x() / max(1, self.width())))
        return round(share * self.maximum())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self.setValue(self._moment(event))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self.setValue(self._moment(event))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        if self.isSliderDown():
            self.setSliderDown(False)
            self.sought.emit(self.value() / 1000)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        pitch, thick = 5.0, 3.0
        count = max(1, int((self.width() - 4) / pitch))
        middle, room = self.height() / 2, self.height() - 28
        heights = np.maximum.reduceat(self._peaks, np.linspace(0, len(self._peaks), count, endpoint=False).astype(int))
        played = self.value() / max(1, self.maximum()) * count
        done, ahead = self._theme.colour("accent"), self._theme.colour("wave")
        painter.setBrush(done)
        for index in range(count):
            if index >= played:
                painter.setBrush(ahead)
            tall = max(thick, float(heights[index]) * room)
            painter.drawRoundedRect(QRectF(2 + index * pitch, middle - tall / 2, thick, tall), 1.5, 1.5)
        self._paint_marks(painter)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("text"))
        x = 2 + self.value() / max(1, self.maximum()) * (self.width() - 5)
        painter.drawRoundedRect(QRectF(x - 1, 2, 2, self.height() - 4), 1, 1)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.colour("accent"), 2.0))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)

    def _paint_marks(self, painter: QPainter) -> None:
        area = QRectF(self.rect()).adjusted(2, 4, -3, -4)
        scale = area.width() * 1000 / max(1, self.maximum())
        for mark in self._marks:
            left, right = area.left() + mark.start_s * scale, area.left() + mark.end_s * scale
            paint_mark(painter, self._theme, mark.kind, left, right, area)


class LiveWaveform(QWidget):
    """The microphone over the last seconds, newest at the right. Still dots while nobody listens."""

    PITCH = 8.0
    THICK = 4.0

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._levels: deque[float] = deque(maxlen=400)
        self._active = False
        self.setMinimumHeight(theme.px(56))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Sound of your microphone")
        self.setToolTip("Sound of your microphone")

    @property
    def active(self) -> bool:
        """Whether the line is open."""
        return self._active

    def set_active(self, active: bool) -> None:
        """Open or close the line; a new turn starts with an empty picture."""
        if active != self._active:
            self._active = active
            self._levels.clear()
            self.update()

    def add(self, dbfs: float) -> None:
        """One level, at most 20 a second."""
        self._levels.append(height_of(dbfs))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(400, self._theme.px(120))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        count = int(self.width() / self.PITCH)
        middle, room = self.height() / 2, min(self.height() - 4, self._theme.px(160))
        spoken, still = self._theme.colour("accent"), self._theme.colour("wave")
        levels = list(self._levels)[-count:] if self._active else []
        offset = self.width() - count * self.PITCH + (self.PITCH - self.THICK)
        first = count - len(levels)
        for index in range(count):
            height = levels[index - first] if index >= first else 0.0
            painter.setBrush(spoken if height >= AUDIBLE else still)
            tall = max(self.THICK, height * room)
            x = offset + index * self.PITCH
            painter.drawRoundedRect(QRectF(x, middle - tall / 2, self.THICK, tall), 2, 2)

"""How loud the microphone is: a bar, and a word that says the same."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy

from hireflow_voice.ui.theme import Theme
from hireflow_voice.ui.widgets.choices import named

SILENT_DBFS = -55.0
QUIET_DBFS = -42.0
LOUD_DBFS = -9.0
QUIETEST_DBFS, LOUDEST_DBFS = -60.0, -12.0
"""RMS: what is drawn as nothing, and loud, close speech, which fills the height."""


def height_of(dbfs: float) -> float:
    """Share of the full height, 0..1, for a level."""
    return min(1.0, max(0.0, (dbfs - QUIETEST_DBFS) / (LOUDEST_DBFS - QUIETEST_DBFS)))


def level_word(dbfs: float) -> tuple[str, str]:
    """(word, colour) for the loudest level of the last second."""
    if dbfs < SILENT_DBFS:
        return "Silent", "muted"
    if dbfs < QUIET_DBFS:
        return "Quiet", "warn"
    if dbfs > LOUD_DBFS:
        return "Too loud", "warn"
    return "Good level", "good"


class LevelMeter(QProgressBar):
    """A row of segments that follow the level; the value is its share in per cent."""

    SEGMENTS = 28

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shown = 0.0
        self._recent: list[float] = []
        named(self, "Microphone level")
        self.setRange(0, 100)
        self.setTextVisible(False)
        self.setFixedHeight(theme.px(20))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.reset()

    def reset(self) -> None:
        """The microphone is closed."""
        self._shown = 0.0
        self._recent = []
        self.setValue(0)
        self.update()

    def add(self, dbfs: float) -> tuple[str, str]:
        """Show one level; the word for the last second, and its colour."""
        self._recent = [*self._recent[-19:], dbfs]
        # Up at once, down slowly: easier on the eye, and a short word is still seen.
        self._shown = max(height_of(dbfs), self._shown * 0.85)
        self.setValue(round(self._shown * 100))
        self.update()
        return level_word(max(self._recent))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(60), self._theme.px(20))

    def sizeHint(self) -> QSize:
        return QSize(160, self._theme.px(20))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        pitch = self.width() / self.SEGMENTS
        lit = round(self._shown * self.SEGMENTS)
        for index in range(self.SEGMENTS):
            loud = index >= self.SEGMENTS - 2
            role = ("warn" if loud else "good") if index < lit else "border"
            painter.setBrush(self._theme.colour(role))
            painter.drawRoundedRect(QRectF(index * pitch, 2, max(2.0, pitch - 3), self.height() - 4), 1.5, 1.5)

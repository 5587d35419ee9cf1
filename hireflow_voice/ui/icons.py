"""Lucide icons, tinted: an SVG's `currentColor` is replaced and the drawing rendered for the screen's own pixels."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer


class Icons:
    """Renders and keeps icons. Images, not pixmaps: they may outlive the application object."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: dict[tuple[str, int, int, float], QImage] = {}

    def image(self, name: str, size: int, colour: QColor, ratio: float = 1.0) -> QImage:
        """The icon, `size` logical pixels square, `ratio` device pixels to each. KeyError: no such icon."""
        key = (name, size, colour.rgba(), ratio)
        if key not in self._kept:
            self._kept[key] = self._render(name, size, colour, ratio)
        return self._kept[key]

    def draw(self, painter: QPainter, name: str, at: QPointF, size: int, colour: QColor) -> None:
        """Paint the icon with its upper left corner at `at`."""
        painter.drawImage(at, self.image(name, size, colour, painter.device().devicePixelRatioF()))

    def _render(self, name: str, size: int, colour: QColor, ratio: float) -> QImage:
        path = self._folder / f"{name}.svg"
        try:
            text = path.read_text(encoding="utf-8")
        except OSError as error:
            raise KeyError(f"no icon {name!r}") from error
        renderer = QSvgRenderer(QByteArray(text.replace("currentColor", colour.name()).encode()))
        pixels = max(1, round(size * ratio))
        image = QImage(pixels, pixels, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        renderer.render(painter)
        painter.end()
        image.setDevicePixelRatio(ratio)
        return image

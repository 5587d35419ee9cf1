"""A value over time: a small painted line, and a row that says the same in words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from hireflow_voice.progress.history import Point
from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.basics import Label, column, held, row
from hireflow_voice.ui.widgets.columns import Part, columns
from hireflow_voice.ui.words import day

MOST_POINTS = 24
"""The newest calls that are drawn; the table has all of them."""


class TrendLine(QWidget):
    """Points from left to right, the newest at the right and filled. It is no control: the words beside it say it."""

    def __init__(self, theme: Theme, points: Sequence[Point], span: tuple[float, float]) -> None:
        """`span`: values at the lower and the upper edge."""
        super().__init__()
        self._theme = theme
        self.values = [point.value for point in points][-MOST_POINTS:]
        self._span = span
        self.setFixedHeight(theme.px(40))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(120), self._theme.px(40))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(60), self._theme.px(40))

    def places(self) -> list[QPointF]:
        """Where the points are, in this widget."""
        edge = self._theme.px(6)
        low, high = self._span
        room = self.height() - 2 * edge
        wide = self.width() - 2 * edge
        step = wide / max(1, len(self.values) - 1)
        first = edge if len(self.values) > 1 else edge + wide
        return [
            QPointF(first + i * step, edge + room * (1 - min(1.0, max(0.0, (v - low) / ((high - low) or 1.0)))))
            for i, v in enumerate(self.values)
        ]

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, edge = self._theme, self._theme.px(6)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("border"), 1.0))
        for y in (edge, self.height() - edge):
            painter.drawLine(QPointF(edge, y + 0.5), QPointF(self.width() - edge, y + 0.5))
        places = self.places()
        pen = QPen(theme.colour("accent"), 2.0)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawPolyline(places)
        painter.setBrush(theme.colour("surface"))
        for place in places[:-1]:
            painter.drawEllipse(place, 2.5, 2.5)
        if places:
            painter.setBrush(theme.colour("accent"))
            painter.drawEllipse(places[-1], 3.5, 3.5)


def change(points: Sequence[Point], unit: str = "", digits: int = 0) -> str:
    """ "up 1 since 3 Nov 2026", "unchanged since 3 Nov 2026", or that it is the first."""
    if len(points) < 2:
        return "first call"
    by = round(points[-1].value - points[0].value, digits)
    if by == 0:
        return f"unchanged since {day(points[0].at)}"
    return f"{'up' if by > 0 else 'down'} {abs(by):.{digits}f}{unit} since {day(points[0].at)}"


class Trends(QWidget):
    """Rows of name, line, and the newest value with its change."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.said: list[tuple[str, str, str]] = []
        """(name, value, change) of every row."""
        self._words: list[QWidget] = []
        self._pile = QVBoxLayout(self)
        self._pile.setContentsMargins(0, 0, 0, 0)
        self._pile.setSpacing(theme.px(6))

    def add(self, name: str, points: Sequence[Point], span: tuple[float, float], value: str, changed: str) -> None:
        """One more row."""
        theme = self._theme
        line = TrendLine(theme, points, span)
        line.setAccessibleName(f"{name}: {value}, {changed}")
        words = column(Label(theme, value, Type.STRONG), Label(theme, changed, Type.CAPTION, "muted"), spacing=0)
        name_label = Label(theme, name, wrap=True)
        name_label.setFixedWidth(theme.px(116))
        self._words.append(held(words))
        # The lines of all rows end at the same place.
        widest = max(one.sizeHint().width() for one in self._words)
        for one in self._words:
            one.setMinimumWidth(widest)
        chart = Part(row(name_label, line, spacing=theme.px(12)), 1, least=200)
        self._pile.addLayout(columns(theme, chart, self._words[-1], spacing=12, between=0))
        self.said.append((name, value, changed))

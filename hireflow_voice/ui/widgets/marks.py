"""What is marked on the shape of a take: silences, fillers, quotes. Each has a form of its own, and its word below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QWidget

from hireflow_voice.delivery.measure import filler_spans
from hireflow_voice.records import TakeRecord
from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.basics import Label, row
from hireflow_voice.ui.widgets.columns import Columns, Part
from hireflow_voice.ui.words import count
from hireflow_voice.verdict import Quote


class MarkKind(Enum):
    """What is marked, in the words of the legend."""

    SILENCE = "silence"
    FILLER = "filler"
    QUOTE = "quote"


ROLES = {MarkKind.SILENCE: "muted", MarkKind.FILLER: "warn", MarkKind.QUOTE: "good"}
"""Colour of each, by its name in the scheme."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of the take, in seconds."""

    kind: MarkKind
    start_s: float
    end_s: float


def marks_of(take: TakeRecord, quotes: Sequence[Quote]) -> tuple[Mark, ...]:
    """Everything to mark in a take; `quotes` are those that were said in it."""
    marks = [Mark(MarkKind.SILENCE, *span) for span in (take.delivery.long_silences if take.delivery else ())]
    if take.transcript is not None:
        spans = (take.transcript.span(*span) for span in filler_spans(take.transcript.text))
        marks += [Mark(MarkKind.FILLER, *span) for span in spans if span is not None]
    marks += [Mark(MarkKind.QUOTE, q.start_s, q.end_s) for q in quotes if q.start_s is not None and q.end_s is not None]
    return tuple(marks)


def paint_mark(painter: QPainter, theme: Theme, kind: MarkKind, left: float, right: float, area: QRectF) -> None:
    """A bracket above a silence, a wedge above a filler, a line beneath a quote."""
    colour = theme.colour(ROLES[kind])
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    if kind is MarkKind.QUOTE:
        painter.drawRoundedRect(QRectF(left, area.bottom() - 3, max(6.0, right - left), 3), 1.5, 1.5)
    elif kind is MarkKind.FILLER:
        middle, top = (left + right) / 2, area.top()
        painter.drawPolygon(QPolygonF([QPointF(middle - 4, top), QPointF(middle + 4, top), QPointF(middle, top + 7)]))
    else:
        wide = max(6.0, right - left)
        painter.drawRect(QRectF(left, area.top(), wide, 1.5))
        painter.drawRect(QRectF(left, area.top(), 1.5, 6))
        painter.drawRect(QRectF(left + wide - 1.5, area.top(), 1.5, 6))


class _Sample(QWidget):
    """One mark on its own, beside its word."""

    def __init__(self, theme: Theme, kind: MarkKind) -> None:
        super().__init__()
        self._theme, self._kind = theme, kind
        self.setFixedSize(theme.px(16), theme.px(10))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_mark(painter, self._theme, self._kind, 1, self.width() - 1, QRectF(self.rect()).adjusted(0, 1, 0, -1))


class Legend(QWidget):
    """Says in words what is marked and how often; hidden when nothing is."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        line = Columns(theme, spacing=18, between=2)
        self.setLayout(line)
        self.words: dict[MarkKind, Label] = {}
        self._samples: dict[MarkKind, _Sample] = {}
        for kind in MarkKind:
            self._samples[kind], self.words[kind] = _Sample(theme, kind), Label(theme, "", Type.CAPTION, "muted")
            pair = row(self._samples[kind], self.words[kind], spacing=theme.px(6))
            line.put(Part(pair, align=Qt.AlignmentFlag.AlignLeft))
        self.hide()

    def show_marks(self, marks: Sequence[Mark]) -> None:
        """Another take."""
        for kind in MarkKind:
            number = sum(mark.kind is kind for mark in marks)
            self.words[kind].say(count(number, kind.value))
            self.words[kind].setVisible(bool(number))
            self._samples[kind].setVisible(bool(number))
        self.setVisible(bool(marks))

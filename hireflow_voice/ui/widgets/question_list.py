"""The list at the left of a review: the form, then every question with its score and its follow-ups under it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.basics import tip

ROW = 56
"""Height of a row, in the design's pixels."""
IN_SIGHT = 3.5
"""Rows in sight on a page that scrolls as a whole; half a row says that there are more."""
UNBOUNDED = 16_777_215
"""Pixels: Qt's own greatest height."""
Index = QModelIndex | QPersistentModelIndex


class RowKind(Enum):
    FORM = "form"
    TALK = "talk"
    """Introduction, the candidate's own questions: heard, not judged."""
    QUESTION = "question"
    FOLLOW_UP = "follow_up"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    kind: RowKind
    title: str
    """Small first line: "Question 2", "Follow-up"."""
    text: str
    """Second line, elided."""
    right: str = ""
    """Score, or the state instead of one."""
    question: str = ""
    """Id."""
    take: str = ""
    """Id of the take that this row plays; empty: nothing was recorded."""


class _Model(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[Row, ...] = ()

    def rowCount(self, _parent: Index | None = None) -> int:
        return len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        spoken = ", ".join(part for part in (row.title, row.text, row.right) if part)
        if role == Qt.ItemDataRole.DisplayRole:
            return row.text or row.title
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return tip(spoken) if role == Qt.ItemDataRole.ToolTipRole else spoken
        return None

    def replace(self, rows: tuple[Row, ...]) -> bool:
        """True when rows came or went, so that the selection is gone."""
        if len(rows) == len(self.rows):
            self.rows = rows
            self.dataChanged.emit(self.index(0), self.index(max(0, len(rows) - 1)))
            return False
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()
        return True


class _Delegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, model: _Model, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._model = theme, model

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(120, self._theme.px(ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRectF = QRectF(option.rect)
        state: QStyle.StateFlag = option.state
        theme, px, row = self._theme, self._theme.px, self._model.rows[index.row()]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = rect.adjusted(px(8), 1, -px(8), -1)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.setPen(Qt.PenStyle.NoPen)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(theme.colour("raised"))
            painter.drawRoundedRect(body, 8, 8)
        focused = selected and bool(state & QStyle.StateFlag.State_HasFocus)
        if selected and not focused:
            painter.setBrush(theme.colour("accent"))
            painter.drawRoundedRect(QRectF(body.left(), body.top() + px(12), 3, body.height() - px(24)), 1.5, 1.5)
        if focused:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("accent"), 2.0))
            painter.drawRoundedRect(body.adjusted(1, 1, -1, -1), 7, 7)
        self._write(painter, row, body)
        painter.restore()

    def _write(self, painter: QPainter, row: Row, body: QRectF) -> None:
        theme, px = self._theme, self._theme.px
        indent = px(32) if row.kind is RowKind.FOLLOW_UP else px(14)
        caption, strong = theme.font(Type.CAPTION), theme.font(Type.STRONG if row.kind is RowKind.FORM else Type.BODY)
        if row.kind is RowKind.FOLLOW_UP:
            painter.setPen(QPen(theme.colour("line"), 1.5))
            x = body.left() + px(20)
            painter.drawPolyline(
                [
                    QPointF(x, body.top() + px(8)),
                    QPointF(x, body.top() + px(18)),
                    QPointF(x + px(7), body.top() + px(18)),
                ]
            )
        left, right = body.left() + indent, body.right() - px(12)
        numbers = theme.font(Type.STRONG)
        wide = QFontMetricsF(numbers if row.right.endswith("%") else caption).horizontalAdvance(row.right)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(caption)
        painter.setPen(theme.colour("muted"))
        upper = QRectF(left, body.top() + px(7), right - left - wide - px(8), px(20))
        title = QFontMetricsF(caption).elidedText(row.title, Qt.TextElideMode.ElideRight, upper.width())
        painter.drawText(upper, middle | Qt.AlignmentFlag.AlignLeft, title)
        if row.right.endswith("%"):
            painter.setFont(numbers)
            painter.setPen(theme.colour("text"))
        place = QRectF(right - wide - 1, upper.top(), wide + 1, upper.height())
        painter.drawText(place, middle | Qt.AlignmentFlag.AlignRight, row.right)
        painter.setFont(strong)
        painter.setPen(theme.colour("text"))
        lower = QRectF(left, body.top() + px(27), right - left, px(22))
        text = QFontMetricsF(strong).elidedText(row.text, Qt.TextElideMode.ElideRight, lower.width())
        painter.drawText(lower, middle | Qt.AlignmentFlag.AlignLeft, text)


class QuestionList(QListView):
    """Up and Down choose. Rows never scroll sideways."""

    chosen = Signal(object)
    """Row."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme, self._unrolled = theme, False
        self._model = _Model()
        self.setModel(self._model)
        self.setItemDelegate(_Delegate(theme, self._model, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.setAccessibleName("Questions")
        self.setToolTip("Questions")
        self.viewport().setAutoFillBackground(False)
        self.selectionModel().currentChanged.connect(self._changed)

    def unroll(self, unrolled: bool) -> None:
        """Take no more room than a few rows, on a page that scrolls as a whole."""
        self._unrolled = unrolled
        self._fit()

    def _fit(self) -> None:
        if self._unrolled:
            self.setFixedHeight(round(min(len(self._model.rows), IN_SIGHT) * self._theme.px(ROW)))
        else:
            self.setMinimumHeight(0)
            self.setMaximumHeight(UNBOUNDED)

    @property
    def rows(self) -> tuple[Row, ...]:
        """What is listed."""
        return self._model.rows

    @property
    def row(self) -> Row | None:
        """The chosen row."""
        index = self.currentIndex()
        return self._model.rows[index.row()] if index.isValid() else None

    def show_rows(self, rows: tuple[Row, ...]) -> None:
        """Replace the rows; the choice stays where the same take or question is."""
        before = self.row
        if self._model.replace(rows) and rows:
            keep = 0
            if before is not None:
                same = [i for i, row in enumerate(rows) if (row.kind, row.question, row.take) == _key(before)]
                keep = same[0] if same else 0
            self.choose(keep)
        self._fit()

    def choose(self, index: int) -> None:
        """Choose a row by its place."""
        self.setCurrentIndex(self._model.index(index))

    def choose_question(self, question: str) -> None:
        """Choose the row of a question, by its id."""
        for index, row in enumerate(self._model.rows):
            if row.kind is RowKind.QUESTION and row.question == question:
                self.choose(index)

    def choose_take(self, take: str) -> bool:
        """Choose the row that plays a take; False when none does."""
        for index, row in enumerate(self._model.rows):
            if row.take == take and take:
                self.choose(index)
                return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text() or event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            event.ignore()  # the page's; a list of questions is not searched by typing
        else:
            super().keyPressEvent(event)

    def _changed(self, current: QModelIndex) -> None:
        if current.isValid():
            self.chosen.emit(self._model.rows[current.row()])


def _key(row: Row) -> tuple[RowKind, str, str]:
    return row.kind, row.question, row.take

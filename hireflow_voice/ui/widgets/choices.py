"""Choosing: a drop-down, a row of segments, a switch. All painted like the buttons."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QDate, QLocale, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QDateEdit,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QStyledItemDelegate,
    QWidget,
)

from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.words import one_line


def named(widget: QWidget, name: str, key: str = "") -> None:
    """Give a control the name a screen reader says and the tooltip that agrees with it."""
    widget.setAccessibleName(name)
    widget.setToolTip(f"{name} ({key})" if key else name)


class Select(QComboBox):
    """A drop-down of (value, text) pairs. The wheel does not change it: it scrolls the page."""

    chosen = Signal(str)
    """The value the user picked."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        named(self, name)
        self.setItemDelegate(QStyledItemDelegate(self))
        self.setFixedHeight(theme.px(40))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.activated.connect(lambda _: self.chosen.emit(self.value()))

    def fill(self, pairs: Sequence[tuple[str, str]], value: str) -> None:
        """Offer `pairs`; `value` is shown even where it is not among them (an unplugged device)."""
        self.clear()
        for key, text in pairs:
            self.addItem(one_line(text, 120), key)
        if value not in [key for key, _ in pairs]:
            self.addItem(f"{one_line(value, 100)} (not there now)", value)
        self.setCurrentIndex(self.findData(value))

    def value(self) -> str:
        """The value shown."""
        return str(self.currentData() or "")

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, px = self._theme, self._theme.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focus = self.hasFocus()
        edge = 1.0 if focus else 0.5
        painter.setBrush(theme.colour("surface" if self.isEnabled() else "raised"))
        painter.setPen(QPen(theme.colour("accent" if focus else "line"), 2.0 if focus else 1.0))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(edge, edge, -edge, -edge), 8, 8)
        painter.setFont(self.font())
        painter.setPen(theme.colour("text" if self.isEnabled() else "muted"))
        room = QRectF(px(12), 0, self.width() - px(12 + 34), self.height())
        text = QFontMetricsF(self.font()).elidedText(self.currentText(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        size = px(16)
        corner = QPointF(self.width() - px(12) - size, (self.height() - size) / 2)
        theme.icons.draw(painter, "chevron-down", corner, size, theme.colour("muted"))


class _Segment(QPushButton):
    """One of a row, of which one is pressed."""

    def __init__(self, theme: Theme, title: str, detail: str) -> None:
        super().__init__()
        self._theme = theme
        self.say(title, detail)
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFixedHeight(theme.px(52 if detail else 40))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def say(self, title: str, detail: str) -> None:
        """What it offers."""
        self.setText(title)
        self._detail = detail
        named(self, f"{title}, {detail}" if detail else title)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(self._theme.font(Type.STRONG))
        width = max(metrics.horizontalAdvance(self.text()), metrics.horizontalAdvance(self._detail))
        return QSize(round(width) + self._theme.px(14), self.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = QRectF(self.rect()).adjusted(3.5, 3.5, -3.5, -3.5)
        chosen = self.isChecked()
        if chosen or self.underMouse():
            painter.setBrush(theme.colour("surface") if chosen else Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("line" if chosen else "border"), 1.0))
            painter.drawRoundedRect(body, 7, 7)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("accent"), 2.0))
            painter.drawRoundedRect(body, 7, 7)
        painter.setPen(theme.colour("text" if chosen else "muted"))
        painter.setFont(theme.font(Type.STRONG if chosen else Type.BODY))
        centre = Qt.AlignmentFlag.AlignHCenter
        if not self._detail:
            painter.drawText(self.rect(), centre | Qt.AlignmentFlag.AlignVCenter, self.text())
            return
        half = self.height() / 2
        top, bottom = QRectF(0, 0, self.width(), half + 1), QRectF(0, half - 1, self.width(), half)
        painter.drawText(top, centre | Qt.AlignmentFlag.AlignBottom, self.text())
        painter.setFont(theme.font(Type.CAPTION))
        painter.setPen(theme.colour("muted"))
        painter.drawText(bottom, centre | Qt.AlignmentFlag.AlignTop, self._detail)


class Segments(QWidget):
    """A few choices side by side, one of them chosen; arrow keys move."""

    chosen = Signal(int)
    """Index of what the user picked."""

    def __init__(self, theme: Theme, name: str, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        for index, (title, detail) in enumerate(choices):
            segment = _Segment(theme, title, detail)
            self._group.addButton(segment, index)
            line.addWidget(segment)
        self._group.idToggled.connect(self._lead_focus)
        for button in self._group.buttons():
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._group.button(0).setChecked(True)
        self._group.idClicked.connect(self.chosen)

    def index(self) -> int:
        """What is chosen."""
        return self._group.checkedId()

    def show_choices(self, choices: Sequence[tuple[str, str]]) -> None:
        """Offer others; no more than there were at first. What was chosen stays chosen by its place."""
        buttons = self._group.buttons()
        for index, button in enumerate(buttons):
            assert isinstance(button, _Segment)
            button.setVisible(index < len(choices))
            if index < len(choices):
                button.say(*choices[index])
        if self.index() >= len(choices):
            self.choose(len(choices) - 1)

    def choose(self, index: int) -> None:
        """Show a choice without telling anyone."""
        self._group.button(index).setChecked(True)

    def _lead_focus(self, index: int, chosen: bool) -> None:
        # Tab reaches what is chosen, as in every radio group; Qt alone would lead it to the first.
        self._group.button(index).setFocusPolicy(Qt.FocusPolicy.TabFocus if chosen else Qt.FocusPolicy.NoFocus)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("raised"))
        painter.drawRoundedRect(QRectF(self.rect()), 9, 9)


class Switch(QCheckBox):
    """On or off. The knob's place and a tick say which, not the colour alone."""

    def __init__(self, theme: Theme, text: str) -> None:
        super().__init__(text)
        self._theme = theme
        named(self, text)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        width = QFontMetricsF(self.font()).horizontalAdvance(self.text())
        return QSize(round(width) + self._theme.px(44 + 12 + 4), self._theme.px(36))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, _pos: QPoint) -> bool:
        return True

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, px = self._theme, self._theme.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        track = QRectF(1.5, (self.height() - px(24)) / 2, px(42), px(24))
        painter.setBrush(theme.colour("accent" if on else "raised"))
        painter.setPen(QPen(theme.colour("accent" if on else "line"), 1.0))
        painter.drawRoundedRect(track, track.height() / 2, track.height() / 2)
        knob = px(18)
        x = track.right() - knob - 3 if on else track.left() + 3
        place = QRectF(x, track.center().y() - knob / 2, knob, knob)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("on_accent" if on else "line"))
        painter.drawEllipse(place)
        if on:
            size = px(12)
            tick = QPointF(place.center().x() - size / 2, place.center().y() - size / 2)
            theme.icons.draw(painter, "check", tick, size, theme.colour("accent"))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("accent"), 2.0))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
        painter.setPen(theme.colour("text" if self.isEnabled() else "muted"))
        painter.setFont(self.font())
        words = QRectF(px(44 + 12), 0, self.width() - px(44 + 12), self.height())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())


class Field(QLineEdit):
    """One line of text."""

    def __init__(self, theme: Theme, name: str, placeholder: str = "", longest: int = 200) -> None:
        super().__init__()
        named(self, name)
        self.setPlaceholderText(placeholder)
        self.setMaxLength(longest)
        self.setFixedHeight(theme.px(40))


class DateField(QDateEdit):
    """A day, typed or changed part by part with the arrow keys. The wheel does not change it: it scrolls the page."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        named(self, name)
        self.setLocale(QLocale(QLocale.Language.English))
        self.setDisplayFormat("d MMMM yyyy")
        self.setFixedHeight(theme.px(40))

    def show_day(self, day: date) -> None:
        """Another day."""
        self.setDate(QDate(day.year, day.month, day.day))

    def day(self) -> date:
        """The day shown."""
        shown = self.date()
        return date(shown.year(), shown.month(), shown.day())

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

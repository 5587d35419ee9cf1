"""Labels, cards and the small things every page is laid out with."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QSize, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QKeyEvent,
    QLinearGradient,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLayoutItem,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.words import one_line, plain

LONGEST_LABEL = 2_000
"""Characters of one label; only transcripts are longer, and they have a widget of their own."""


def tip(text: str) -> str:
    """A tooltip that says `text` and nothing else: Qt guesses rich text there too and cannot be told not to."""
    return f"<p>{escape(text)}</p>" if "<" in text else text


class Label(QLabel):
    """Text, always plain: QLabel otherwise guesses rich text, loads what it names and hangs on nested tables."""

    def __init__(
        self, theme: Theme, text: str = "", kind: Type = Type.BODY, role: str = "text", *, wrap: bool = False
    ) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(theme.font(kind))
        self.setProperty("role", role)
        self.setWordWrap(wrap)
        self.say(text)

    def sizeHint(self) -> QSize:
        """Of wrapped text as wide as it likes and one line high: layouts ask `heightForWidth` for the rest.

        Qt guesses a shape instead, higher than the text will be, and columns of such labels scroll into nothing.
        """
        hint = super().sizeHint()
        return QSize(hint.width(), self.fontMetrics().lineSpacing()) if self.wordWrap() else hint

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return QSize(hint.width(), self.fontMetrics().lineSpacing()) if self.wordWrap() else hint

    def say(self, text: str) -> None:
        """Show `text`, capped: laying out a novel would hold up the window."""
        self.setText(plain(text, LONGEST_LABEL))

    def set_role(self, role: str) -> None:
        """Change the colour, by its name in the scheme."""
        if self.property("role") != role:
            self.setProperty("role", role)
            self.style().unpolish(self)
            self.style().polish(self)


class Elided(Label):
    """One line that ends in "…" when it has no room; the whole text is its tooltip then."""

    def say(self, text: str) -> None:
        self._full = one_line(text)
        self.setText(self._full)
        self.setAccessibleName(self._full)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(self.palette().windowText().color())
        width = self.contentsRect().width()
        shown = self.fontMetrics().elidedText(self._full, Qt.TextElideMode.ElideRight, width)
        painter.drawText(self.contentsRect(), self.alignment() | Qt.AlignmentFlag.AlignVCenter, shown)
        whole = tip(self._full) if shown != self._full else ""
        if self.toolTip() != whole:
            self.setToolTip(whole)


class Card(QFrame):
    """A paper-like surface with a column of things on it."""

    def __init__(self, theme: Theme, spacing: int = 12) -> None:
        super().__init__()
        self.setProperty("card", True)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(theme.px(24), theme.px(20), theme.px(24), theme.px(20))
        self.column.setSpacing(theme.px(spacing))


class Rule(QFrame):
    """A hairline."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("rule", True)
        self.setFixedHeight(1)


class Scroll(QScrollArea):
    """A column that scrolls up and down, never sideways, and takes no focus of its own."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        content.setProperty("clear", True)
        self._content = content
        self._gutter = False
        self.unrolled = False
        """As high as its content: something around it scrolls."""
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        self.setWidget(content)
        content.setAutoFillBackground(False)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._focus_changed)

    def _focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        if now is not None and not self.unrolled and self._content.isAncestorOf(now):
            self.follow_focus(now)

    def follow_focus(self, now: QWidget) -> None:
        """Bring it in sight. Qt does so only where the focus was in the same area before, and not all of it."""
        self.bring(now)

    def bring(self, widget: QWidget) -> None:
        """Scroll no further than it takes to have a part of the content in sight, with some air around it."""
        air, bar = 16, self.verticalScrollBar()
        top = widget.mapTo(self._content, QPoint(0, 0)).y() - air
        bottom = top + widget.height() + 2 * air
        room, at = self.viewport().height(), bar.value()
        if bottom - top > room and top < at + room and bottom > at:
            return  # it is larger than what can be seen, and some of it is
        bar.setValue(min(max(at, bottom - room), top))

    def keep_gutter(self) -> None:
        """Keep the room of the scroll bar when there is nothing to scroll, so that right edges stay where they are."""
        bar = self.verticalScrollBar()
        self._gutter = True
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        # The style sheet draws no handle on a disabled bar.
        bar.rangeChanged.connect(lambda _, most: bar.setEnabled(most > 0))
        bar.setEnabled(False)

    def unroll(self, unrolled: bool) -> None:
        """Be as high as the content, for a page that scrolls as a whole, or scroll the content here."""
        self.unrolled = unrolled
        rolled = Qt.ScrollBarPolicy.ScrollBarAlwaysOn if self._gutter else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff if unrolled else rolled)
        self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            event.ignore()  # the page's: nothing here goes sideways
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self.unrolled and event.type() == QEvent.Type.LayoutRequest and watched is self._content:
            self.updateGeometry()  # Qt's own scroll areas are not as high as their content and do not tell
        return super().eventFilter(watched, event)

    def hasHeightForWidth(self) -> bool:
        return self.unrolled

    def heightForWidth(self, width: int) -> int:
        layout = self._content.layout()
        if layout is None or not layout.hasHeightForWidth():
            return self._content.sizeHint().height()
        return layout.totalHeightForWidth(width)

    def settle(self) -> None:
        """Lay out new content now. Left to its queue, Qt shows it squeezed into the old height for a frame."""
        layout = self._content.layout()
        if layout is not None:
            for index in range(layout.count()):
                _show_all(layout.itemAt(index))
            layout.activate()
        QCoreApplication.sendEvent(self._content, QEvent(QEvent.Type.LayoutRequest))

    def minimumSizeHint(self) -> QSize:
        """As wide as the content must be (it never scrolls sideways), as low as a line of it."""
        return QSize(self._content.minimumSizeHint().width() + self._bar(), 40)

    def sizeHint(self) -> QSize:
        bar = self._bar()
        hint = self._content.sizeHint()
        return QSize(hint.width() + bar, hint.height())

    def _bar(self) -> int:
        return 0 if self.unrolled else self.verticalScrollBar().sizeHint().width()


def _show_all(item: QLayoutItem | None) -> None:
    """Show what a layout would show from the event queue, leaving alone what was hidden on purpose."""
    widget = item.widget() if item is not None else None
    inner = item.layout() if item is not None else None
    if widget is not None and not widget.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide):
        widget.show()
    elif inner is not None:
        for index in range(inner.count()):
            _show_all(inner.itemAt(index))


class _Fade(QWidget):
    """A soft upper edge, so that a line that is half scrolled away does not look cut off."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:
        ground = self._theme.colour("surface")
        clear = QColor(ground)
        clear.setAlpha(0)
        fade = QLinearGradient(0, 0, 0, self.height())
        fade.setColorAt(0.0, ground)
        fade.setColorAt(0.3, ground)
        fade.setColorAt(1.0, clear)
        QPainter(self).fillRect(self.rect(), fade)


class Following(Scroll):
    """Keeps the end of its content in sight while that grows."""

    def __init__(self, theme: Theme, content: QWidget) -> None:
        super().__init__(content)
        self.following = False
        self._fade = _Fade(theme, self.viewport())
        self._fade.setFixedHeight(theme.px(28))
        self.verticalScrollBar().rangeChanged.connect(self._follow)
        self.verticalScrollBar().valueChanged.connect(self._show_fade)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fade.setFixedWidth(self.viewport().width())

    def _show_fade(self, value: int) -> None:
        self._fade.setVisible(value > 0)
        self._fade.move(0, 0)
        self._fade.raise_()

    def _follow(self, _: int, most: int) -> None:
        self.verticalScrollBar().setValue(most if self.following else 0)


def row(*items: QWidget | QLayout | int, spacing: int = 8) -> QHBoxLayout:
    """A line of widgets; a number is a stretch."""
    layout = QHBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(spacing)
    _fill(layout, items)
    return layout


def column(*items: QWidget | QLayout | int, spacing: int = 8) -> QVBoxLayout:
    """A pile of widgets; a number is a stretch."""
    layout = QVBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(spacing)
    _fill(layout, items)
    return layout


def _fill(layout: QHBoxLayout | QVBoxLayout, items: tuple[QWidget | QLayout | int, ...]) -> None:
    for item in items:
        if isinstance(item, QWidget):
            layout.addWidget(item)
        elif isinstance(item, QLayout):
            layout.addLayout(item)
        else:
            layout.addStretch(item)


WIDEST = 1136
"""The widest column of things, in the design's pixels: longer lines are hard to read, longer fields look empty."""


def centred(theme: Theme, content: QWidget, beside: int = 0) -> QHBoxLayout:
    """`content` in the middle, no wider than is good for it (`beside`: and what hangs out to its right)."""
    content.setMaximumWidth(theme.px(WIDEST) + beside)
    layout = row(spacing=0)
    layout.addStretch(0)
    layout.addWidget(content, 1)
    layout.addStretch(0)
    return layout


def held(layout: QLayout) -> QWidget:
    """A bare widget around a layout, for what is shown and hidden together."""
    widget = QWidget()
    widget.setLayout(layout)
    return widget


def empty(layout: QLayout) -> None:
    """Take out and delete everything of a layout."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        inner = item.layout()
        if widget is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
        elif inner is not None:
            empty(inner)


def announce(widget: QWidget, text: str) -> None:
    """Have a screen reader say what changed."""
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))

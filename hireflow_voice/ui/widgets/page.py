"""What a page of the window is: room for its parts, or one column that scrolls as a whole."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hireflow_voice.ui.theme import Theme
from hireflow_voice.ui.widgets.banner import Banner
from hireflow_voice.ui.widgets.basics import WIDEST, Scroll
from hireflow_voice.ui.widgets.columns import Columns

UNBOUNDED = 16_777_215
"""Pixels: Qt's own greatest height, QWIDGETSIZE_MAX."""
NARROW = 16
"""Margin at the left and the right of a page that has no room, in the design's pixels."""


class _Whole(Scroll):
    """The content of a page: as high as the page while its parts scroll by themselves, else as high as it needs."""

    def __init__(self, content: QWidget) -> None:
        super().__init__(content)
        self.scrolls = False
        self._wanted: QWidget | None = None
        """Is to be in sight even when what is above it grows, until the user scrolls elsewhere."""
        self.setWidgetResizable(False)
        self._leading = False
        self.verticalScrollBar().valueChanged.connect(self._moved)

    def fit(self) -> None:
        """Give the content its size."""
        room = self.viewport().size()
        height = max(room.height(), self.heightForWidth(room.width())) if self.scrolls else room.height()
        self._content.resize(room.width(), height)
        if self.scrolls and self._wanted is not None and self._content.isAncestorOf(self._wanted):
            self._leading = True
            self.bring(self._wanted)
            self._leading = False

    def want(self, widget: QWidget) -> None:
        """Have it in sight, also when it is laid out only later."""
        self._wanted = widget
        self.fit()

    def follow_focus(self, now: QWidget) -> None:
        super().follow_focus(now)
        self._wanted = now

    def _moved(self, _value: int) -> None:
        if not self._leading:
            self._wanted = None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.fit()
        return super().eventFilter(watched, event)


class Page(QWidget):
    """A page. With less room than `least` it scrolls as a whole: what scrolls by itself on it is unrolled, and
    `Columns` and `Form` put one under another what has no room side by side."""

    def __init__(
        self, theme: Theme, least: tuple[int, int], margins: tuple[int, int, int, int] = (32, 8, 32, 24)
    ) -> None:
        """`least`: width and height in the design's pixels, so that larger text needs a larger window; `margins`:
        left, top, right and bottom."""
        super().__init__()
        self._px, self._least, self._margins = theme.px, least, margins
        self.tight = False
        """It scrolls as a whole."""
        self.main: Columns | None = None
        """What scrolls by itself, as long as it stands side by side."""
        self.body = QWidget()
        self.pile = QVBoxLayout(self.body)
        self.whole = _Whole(self.body)
        self._foot = QWidget()
        self._below = QVBoxLayout(self._foot)
        self._below.setContentsMargins(theme.px(NARROW), theme.px(8), theme.px(NARROW), theme.px(12))
        self._foot.hide()
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(self.whole, 1)
        page.addWidget(self._foot)
        self.fit_margins()

    def fit_margins(self) -> None:
        """Narrower where there is no room."""
        left, top, right, bottom = self._margins
        if self.tight:
            left, right, bottom = NARROW, NARROW, NARROW
        self.pile.setContentsMargins(*(self._px(side) for side in (left, top, right, bottom)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width, height = self._least
        left, _, right, _ = self._margins
        room = min(self.width() - self._px(left) - self._px(right), self._px(WIDEST))
        tight = self.width() < self._px(width) or self.height() < self._px(height)
        tight = tight or (self.main is not None and self.main.stacked(room))
        if tight != self.tight:
            self.set_tight(tight)

    def set_tight(self, tight: bool) -> None:
        """Scroll as a whole, or leave that to the parts."""
        self.tight = self.whole.scrolls = tight
        self.fit_margins()
        for part in self.body.findChildren(Scroll):
            part.unroll(tight)
        if not tight:
            self._foot.hide()
        self.whole.fit()

    def keep_below(self, widget: QWidget) -> None:
        """While the page scrolls as a whole, this stays in sight under it."""
        self._below.addWidget(widget)
        self._foot.show()

    def keep_in_sight(self, banner: Banner) -> None:
        """Scroll to a trouble when it is shown."""
        banner.shown.connect(lambda: self.whole.want(banner))

"""The call in a small window that stays on top of others, for somebody who shares the screen with an editor."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.basics import Elided, Label, column, row
from hireflow_voice.ui.widgets.buttons import Button, Kind
from hireflow_voice.ui.widgets.silence_ring import SilenceRing

if TYPE_CHECKING:
    from hireflow_voice.ui.pages.call import CallPage

SIZE = (460, 132)


class _Words(Elided):
    """One line; of what is being said the end is shown, for that is where the speaker is."""

    mode = Qt.TextElideMode.ElideRight

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(self.palette().windowText().color())
        width = self.contentsRect().width()
        shown = self.fontMetrics().elidedText(self._full, self.mode, width)
        painter.drawText(self.contentsRect(), self.alignment() | Qt.AlignmentFlag.AlignVCenter, shown)


class _Twin(Button):
    """Does what a button of the page does, and looks as it does."""

    def __init__(self, theme: Theme, twin: Button, kind: Kind, key: str, *, icon_only: bool = True) -> None:
        super().__init__(theme, twin.label, twin.icon_name, kind, key, icon_only=icon_only, height=40)
        self._twin = twin
        self.clicked.connect(twin.click)

    def follow(self) -> None:
        """As the other one is now."""
        if (self.label, self.icon_name) != (self._twin.label, self._twin.icon_name):
            self.rename(self._twin.label, self._twin.icon_name)
        self.setEnabled(self._twin.isEnabled())


class CompactCall(QWidget):
    """State, clock, the newest words, and the keys that matter. It knows only what it is shown."""

    closed = Signal()
    """The window was closed: the page is wanted back."""

    def __init__(
        self,
        theme: Theme,
        press: Callable[[QKeyEvent], bool],
        *,
        mute: Button,
        hold: Button,
        done: Button,
        end: Button,
        full: Button,
    ) -> None:
        """`press`: what a key means on the page, and whether it means anything; the buttons are the page's."""
        super().__init__(None, Qt.WindowType.Window | Qt.WindowType.WindowStaysOnTopHint)
        self._press = press
        self.setWindowTitle("HireFlow Voice: call")
        self.setAccessibleName("Call")
        self.ring = SilenceRing(theme)
        self.title = Label(theme, "", Type.STRONG)
        self.words = _Words(theme, "", Type.BODY, "muted")
        self.elapsed = Label(theme, "", Type.CLOCK)
        self.elapsed.setAccessibleName("Time on the line")
        self.mute = _Twin(theme, mute, Kind.SECONDARY, "M")
        self.hold = _Twin(theme, hold, Kind.SECONDARY, "O")
        self.done = _Twin(theme, done, Kind.PRIMARY, "Space", icon_only=False)
        self.end = _Twin(theme, end, Kind.DANGER, "Esc")
        self.full = Button(theme, "Full window", "maximize-2", Kind.GHOST, "F", icon_only=True, height=40)
        self.full.clicked.connect(full.click)
        said = column(self.title, self.words, spacing=0)
        head = row(self.ring, said, self.elapsed, spacing=theme.px(12))
        head.setStretch(1, 1)
        keys = row(self.mute, self.hold, self.done, self.end, 1, self.full, spacing=theme.px(6))
        pile = QVBoxLayout(self)
        pile.setContentsMargins(theme.px(14), theme.px(10), theme.px(14), theme.px(12))
        pile.setSpacing(theme.px(8))
        pile.addLayout(head)
        pile.addLayout(keys)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # no button: Space must mean "done"
        self._size = QSize(theme.px(SIZE[0]), theme.px(SIZE[1]))
        self.setMinimumSize(self._size)
        self.resize(self._size)

    def show_state(
        self, ring: SilenceRing, title: str, words: str, elapsed: str, role: str = "muted", *, talk: bool = False
    ) -> None:
        """What the page shows, in two lines; `talk`: the words are somebody's who speaks."""
        self.words.mode = Qt.TextElideMode.ElideLeft if talk else Qt.TextElideMode.ElideRight
        self.ring.mirror(ring)
        self.title.say(title)
        self.words.say(words)
        self.words.set_role(role)
        self.elapsed.say(elapsed)
        for twin in (self.mute, self.hold, self.done, self.end):
            twin.follow()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._press(event):
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closed.emit()
        super().closeEvent(event)

    def sizeHint(self) -> QSize:
        return self._size


class SmallCall:
    """Puts the small window in the place of the page's, and back."""

    def __init__(self, theme: Theme, page: CallPage) -> None:
        self._page = page
        self.active = False
        self.window = CompactCall(
            theme, page.press, mute=page.mute, hold=page.hold, done=page.done, end=page.end, full=page.shrink
        )
        self.window.closed.connect(self.grow)
        page.shrink.clicked.connect(self.toggle)

    def toggle(self) -> None:
        """The other one of the two windows."""
        if self.active:
            self.grow()
            return
        self.active = True
        self.follow()
        self.window.show()
        self.window.activateWindow()
        self.window.setFocus(Qt.FocusReason.OtherFocusReason)
        self._page.window().hide()

    def grow(self) -> None:
        """The page again, if it is not there."""
        if self.active:
            self.active = False
            whole = self._page.window()
            whole.show()
            whole.raise_()
            whole.activateWindow()
            self.window.hide()

    def put_away(self) -> None:
        """Close the small window without bringing the page back."""
        self.active = False
        self.window.hide()

    def follow(self) -> None:
        """Show what the page shows now: trouble first, then a countdown, then what was said."""
        if not self.active:
            return
        page = self._page
        state, captions = page.state, page.captions
        said = captions.candidate.text() or captions.interviewer.text()
        words, role = state.detail.text(), "muted"
        if not page.banner.isHidden():
            words, role = page.banner.words.text(), "warn"
        elif said and not captions.area.isHidden() and state.ring.remaining is None and not page.on_hold:
            words, role = said, "text"
        self.window.show_state(
            state.ring, state.title.text(), words, page.header.elapsed.text(), role, talk=role == "text"
        )

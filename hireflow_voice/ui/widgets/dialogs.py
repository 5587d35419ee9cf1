"""Questions asked before something is lost, and the confession of a bug."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QDialog, QLayout, QPlainTextEdit, QVBoxLayout, QWidget

from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.basics import Label, Scroll
from hireflow_voice.ui.widgets.buttons import Button, Kind
from hireflow_voice.ui.widgets.choices import named
from hireflow_voice.ui.widgets.columns import Columns, Part, columns
from hireflow_voice.ui.words import plain


def ways_out(theme: Theme, first: Button, *others: Button, apart: bool = False) -> Columns:
    """The buttons of a dialog, at its right; the first one at its left where it stands `apart`."""
    right = columns(theme, *(others if apart else (first, *others)), spacing=12, between=8)
    left = [Part(first, align=Qt.AlignmentFlag.AlignLeft)] if apart else []
    return columns(theme, *left, Part(right, 1, align=Qt.AlignmentFlag.AlignRight), spacing=12, between=8)


class Dialog(QDialog):
    """A dialog that is no larger than the window it stands over: what has no room scrolls, the way out does not."""

    def __init__(self, theme: Theme, parent: QWidget | None, title: str, *, spacing: int = 12, wide: int = 400) -> None:
        """`wide`: how wide it likes to be, in the design's pixels."""
        super().__init__(parent)
        self._px, self._wide = theme.px, wide
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        content = QWidget()
        self.pile = QVBoxLayout(content)
        """What it says and asks."""
        self.pile.setContentsMargins(0, 0, 0, 0)
        self.pile.setSpacing(theme.px(spacing))
        content.installEventFilter(self)
        self._area = Scroll(content)
        self._whole = QVBoxLayout(self)
        self._whole.setContentsMargins(theme.px(28), theme.px(24), theme.px(28), theme.px(24))
        self._whole.setSpacing(theme.px(20))
        self._whole.addWidget(self._area, 1)

    def add_foot(self, foot: QLayout) -> None:
        """The buttons that leave it, always in sight."""
        self._whole.addLayout(foot)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self.fit()
        return super().eventFilter(watched, event)

    def settle(self) -> None:
        """Lay out new content now."""
        self._area.settle()

    def fit(self) -> None:
        """As large as its content likes, within the window."""
        room = self._room()
        sides = self._whole.contentsMargins()
        foot = self._whole.itemAt(1)
        least = max(self.pile.minimumSize().width(), foot.sizeHint().width() if foot else 0)
        wide = max(self._px(self._wide), least) + sides.left() + sides.right()
        wide = min(wide, room.width())
        inner = wide - sides.left() - sides.right()
        layout = self.pile
        tall = layout.totalHeightForWidth(inner) if layout.hasHeightForWidth() else layout.totalSizeHint().height()
        if foot is not None:
            tall += self._whole.spacing()
            tall += foot.heightForWidth(inner) if foot.hasHeightForWidth() else foot.sizeHint().height()
        tall += sides.top() + sides.bottom()
        # A scroll bar needs some air between it and what it scrolls.
        self.pile.setContentsMargins(0, 0, self._px(8) if tall > room.height() else 0, 0)
        self.resize(wide, min(tall, room.height()))

    def showEvent(self, event: QShowEvent) -> None:
        self.fit()
        super().showEvent(event)

    def _room(self) -> QSize:
        parent = self.parentWidget()
        return parent.window().size() if parent is not None else self.screen().availableSize()


class Ask(Dialog):
    """A question with two ways out. Opened without a nested event loop, so a call goes on behind it."""

    def __init__(self, theme: Theme, parent: QWidget, title: str, text: str, yes: str, no: str) -> None:
        super().__init__(theme, parent, title, wide=360)
        self.setModal(True)
        pile = self.pile
        words = Label(theme, text, wrap=True)
        self.yes = Button(theme, yes, kind=Kind.DANGER)
        self.no = Button(theme, no)
        pile.addWidget(Label(theme, title, Type.QUESTION, wrap=True))
        pile.addWidget(words)
        self.add_foot(ways_out(theme, self.no, self.yes))
        self.yes.clicked.connect(self.accept)
        self.no.clicked.connect(self.reject)
        self.no.setFocus(Qt.FocusReason.TabFocusReason)

    @classmethod
    def open_for(
        cls, theme: Theme, parent: QWidget, title: str, text: str, yes: str, no: str, on_yes: Callable[[], None]
    ) -> Ask:
        """Ask, and call `on_yes` if that is the answer."""
        dialog = cls(theme, parent, title, text, yes, no)
        dialog.accepted.connect(on_yes)
        dialog.open()
        return dialog


class BugDialog(Dialog):
    """Something escaped that is nobody's fault but ours: the trace, where the log is, and a way to copy both."""

    def __init__(self, theme: Theme, parent: QWidget | None, trace: str, log: str) -> None:
        super().__init__(theme, parent, "A fault in HireFlow Voice", wide=560)
        self.report = plain(f"{trace.strip()}\n\nLog: {log}")
        pile = self.pile
        what = Label(
            theme,
            "This is our bug, not something you did. Your recordings are safe. Nothing has been sent anywhere; "
            "copy the details if you want to report it.",
            wrap=True,
        )
        details = QPlainTextEdit(self.report)
        details.setReadOnly(True)
        details.setMinimumHeight(theme.px(220))
        named(details, "Details")
        self.copy = Button(theme, "Copy details", "copy")
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.report))
        self.leave = Button(theme, "Go on", kind=Kind.PRIMARY)
        self.leave.clicked.connect(self.close)
        pile.addWidget(Label(theme, "Something broke", Type.QUESTION))
        pile.addWidget(what)
        pile.addWidget(details, 1)
        self.add_foot(ways_out(theme, self.copy, self.leave, apart=True))

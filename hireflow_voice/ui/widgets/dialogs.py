"""Questions asked before something is lost, and the confession of a bug."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QVBoxLayout, QWidget

from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.basics import Label, row
from hireflow_voice.ui.widgets.buttons import Button, Kind
from hireflow_voice.ui.widgets.choices import named
from hireflow_voice.ui.words import plain


class Ask(QDialog):
    """A question with two ways out. Opened without a nested event loop, so a call goes on behind it."""

    def __init__(self, theme: Theme, parent: QWidget, title: str, text: str, yes: str, no: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        pile = QVBoxLayout(self)
        pile.setContentsMargins(theme.px(28), theme.px(24), theme.px(28), theme.px(24))
        pile.setSpacing(theme.px(12))
        words = Label(theme, text, wrap=True)
        words.setMinimumWidth(theme.px(360))
        self.yes = Button(theme, yes, kind=Kind.DANGER)
        self.no = Button(theme, no)
        pile.addWidget(Label(theme, title, Type.QUESTION))
        pile.addWidget(words)
        pile.addSpacing(theme.px(8))
        pile.addLayout(row(1, self.no, self.yes, spacing=theme.px(12)))
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


class BugDialog(QDialog):
    """Something escaped that is nobody's fault but ours: the trace, where the log is, and a way to copy both."""

    def __init__(self, theme: Theme, parent: QWidget | None, trace: str, log: str) -> None:
        super().__init__(parent)
        self.setWindowTitle("A fault in HireFlow Voice")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.report = plain(f"{trace.strip()}\n\nLog: {log}")
        pile = QVBoxLayout(self)
        pile.setContentsMargins(theme.px(28), theme.px(24), theme.px(28), theme.px(24))
        pile.setSpacing(theme.px(12))
        what = Label(
            theme,
            "This is our bug, not something you did. Your recordings are safe. Nothing has been sent anywhere; "
            "copy the details if you want to report it.",
            wrap=True,
        )
        details = QPlainTextEdit(self.report)
        details.setReadOnly(True)
        details.setMinimumSize(theme.px(560), theme.px(220))
        named(details, "Details")
        self.copy = Button(theme, "Copy details", "copy")
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.report))
        self.leave = Button(theme, "Go on", kind=Kind.PRIMARY)
        self.leave.clicked.connect(self.close)
        pile.addWidget(Label(theme, "Something broke", Type.QUESTION))
        pile.addWidget(what)
        pile.addWidget(details, 1)
        pile.addLayout(row(self.copy, 1, self.leave, spacing=theme.px(12)))

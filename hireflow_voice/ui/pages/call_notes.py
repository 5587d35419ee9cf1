"""The notes pad beside a call: plain text that is kept as it is typed."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy

from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.basics import Card, Label
from hireflow_voice.ui.widgets.buttons import Button, Kind
from hireflow_voice.ui.widgets.choices import named

WIDTH = 264
KEEP_MS = 250
"""However fast somebody types, no more than this much of it is on no disk."""
LONGEST = 100_000
"""Characters; what is longer is not kept, and said so by the store."""


class _Pad(QPlainTextEdit):
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class NotesPad(Card):
    """Opened and closed by `toggle`, which stands elsewhere. Escape gives the keys back to the call."""

    kept = Signal(str)
    """All of the text, to be written down."""
    left = Signal()
    """The keys are the call's again."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, spacing=8)
        self._theme = theme
        self.toggle = Button(theme, "Notes", "notebook-pen", Kind.GHOST, "N", icon_only=True, height=40)
        self.editor = _Pad()
        self.editor.setPlaceholderText("Only you see this. It is kept as you type and stands in the review.")
        self.editor.setTabChangesFocus(True)
        named(self.editor, "Your notes")
        self._foot = Label(theme, "Esc: back to the call", Type.CAPTION, "muted")
        self.column.setContentsMargins(theme.px(16), theme.px(14), theme.px(16), theme.px(12))
        self.column.addWidget(Label(theme, "Notes", Type.STRONG))
        self.column.addWidget(self.editor, 1)
        self.column.addWidget(self._foot)
        self.setMinimumWidth(theme.px(WIDTH))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(KEEP_MS)
        self._timer.timeout.connect(self.keep)
        self._saved = ""
        self._line = False
        """There is a call to keep them with."""
        self.toggle.clicked.connect(lambda: self.set_open(not self.is_open))
        self.editor.left.connect(self.left)
        self.editor.textChanged.connect(self._changed)
        self.hide()

    @property
    def is_open(self) -> bool:
        """Whether there is a pad to write on."""
        return not self.isHidden()

    @property
    def text(self) -> str:
        """All that is written on it."""
        return self.editor.toPlainText()

    def reset(self) -> None:
        """An empty pad for a new call, closed."""
        self._line, self._saved = False, ""
        self.editor.setPlainText("")
        self._timer.stop()
        self.set_open(False)

    def attach(self) -> None:
        """From now on there is a call, with which the notes are kept."""
        self._line = True
        self.keep()

    def show_kept(self, text: str) -> None:
        """What was written before the call was broken off stands before what has been written since."""
        if text and text != self._saved:
            self._saved = text
            typed = self.text
            self.editor.setPlainText(f"{text}\n{typed}" if typed else text)
            self.editor.moveCursor(QTextCursor.MoveOperation.End)
            self.show()
            self.toggle.rename("Close notes")

    def set_open(self, opened: bool) -> None:
        """Open the pad with the cursor at the end of it, or put it away; what is on it stays."""
        within = self.editor.hasFocus()
        self.setVisible(opened)
        self.toggle.rename("Close notes" if opened else "Notes")
        if opened:
            self.editor.moveCursor(QTextCursor.MoveOperation.End)
            self.editor.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self.keep()
            if within:
                self.left.emit()

    def add(self, text: str) -> None:
        """Write a line below what is there."""
        self.editor.setPlainText(f"{self.text}\n{text}" if self.text.strip() else text)

    def keep(self) -> None:
        """Have what is new written down now."""
        self._timer.stop()
        if self._line and self.text != self._saved:
            self._saved = self.text
            self.kept.emit(self._saved)

    def _changed(self) -> None:
        if not self._timer.isActive() and self.text != self._saved:
            self._timer.start()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(WIDTH), self._theme.px(320))

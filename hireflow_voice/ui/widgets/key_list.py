"""Which key does what, made from the buttons themselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QGridLayout, QVBoxLayout, QWidget

from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.basics import Label, row
from hireflow_voice.ui.widgets.buttons import Button, Kind

COLUMNS = 2


class KeyList(QDialog):
    """Stands over the page without stopping it: every key but Escape and "?" still means what it says."""

    def __init__(
        self, theme: Theme, parent: QWidget, buttons: Sequence[Button], press: Callable[[QKeyEvent], bool]
    ) -> None:
        super().__init__(parent)
        self._press = press
        self.setWindowTitle("Keys")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        pile = QVBoxLayout(self)
        pile.setContentsMargins(theme.px(28), theme.px(24), theme.px(28), theme.px(24))
        pile.setSpacing(theme.px(14))
        table = QGridLayout()
        table.setHorizontalSpacing(theme.px(16))
        table.setVerticalSpacing(theme.px(8))
        lines = -(-len(buttons) // COLUMNS)
        for number, button in enumerate(buttons):
            column, line = divmod(number, lines)
            key = Label(theme, button.key, Type.STRONG, "accent")
            table.addWidget(key, line, 3 * column, Qt.AlignmentFlag.AlignRight)
            table.addWidget(Label(theme, button.label), line, 3 * column + 1)
        table.setColumnMinimumWidth(2, theme.px(24))
        self.back = Button(theme, "Close keys", kind=Kind.SECONDARY, key="?")
        self.back.clicked.connect(self.accept)
        pile.addWidget(Label(theme, "Keys", Type.QUESTION))
        pile.addLayout(table)
        pile.addLayout(row(1, self.back))
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Question):
            self.accept()
        elif not self._press(event):
            super().keyPressEvent(event)

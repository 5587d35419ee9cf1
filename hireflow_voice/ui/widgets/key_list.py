"""Which key does what, made from the buttons themselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.basics import Label, row
from hireflow_voice.ui.widgets.buttons import Button, Kind
from hireflow_voice.ui.widgets.columns import Part, columns
from hireflow_voice.ui.widgets.dialogs import Dialog


class KeyList(Dialog):
    """Stands over the page without stopping it: every key but Escape and "?" still means what it says."""

    def __init__(
        self, theme: Theme, parent: QWidget, buttons: Sequence[Button], press: Callable[[QKeyEvent], bool]
    ) -> None:
        super().__init__(theme, parent, "Keys", spacing=14, wide=480)
        self._press = press
        pile = self.pile
        half = (len(buttons) + 1) // 2
        sides = (self._side(theme, buttons[:half]), self._side(theme, buttons[half:]))
        self.back = Button(theme, "Close keys", kind=Kind.SECONDARY, key="?")
        self.back.clicked.connect(self.accept)
        pile.addWidget(Label(theme, "Keys", Type.QUESTION))
        pile.addLayout(columns(theme, *(Part(side, 1, least=210) for side in sides), spacing=24, between=8))
        self.add_foot(row(1, self.back))
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    @staticmethod
    def _side(theme: Theme, buttons: Sequence[Button]) -> QGridLayout:
        side = QGridLayout()
        side.setContentsMargins(0, 0, 0, 0)
        side.setHorizontalSpacing(theme.px(16))
        side.setVerticalSpacing(theme.px(8))
        side.setColumnMinimumWidth(0, theme.px(48))
        side.setColumnStretch(1, 1)
        for line, button in enumerate(buttons):
            key = Label(theme, button.key, Type.STRONG, "accent")
            side.addWidget(key, line, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
            side.addWidget(Label(theme, button.label, wrap=True), line, 1)
        return side

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Question):
            self.accept()
        elif not self._press(event):
            super().keyPressEvent(event)

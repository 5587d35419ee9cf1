"""The map of the keyboard, read off the buttons themselves, so that it says what they do."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.basics import Card, Label, empty
from hireflow_voice.ui.widgets.buttons import Button

WITH_A_CALL = (
    ("K", "Keep a call of the list for ever"),
    ("Del", "Delete a call of the list"),
)
"""Of the list on Home, where the focus is."""
WITH_A_QUESTION = (
    ("A", "Hear a strong answer"),
    ("N", "Answer again"),
    ("W", "Read a strong answer"),
)
"""Of the review, whose buttons come and go with the question that is shown; a test holds these to them."""


def keys_of(page: QWidget) -> tuple[tuple[str, str], ...]:
    """(key, what it does) of every button of a page that has one, in the order of the page."""
    found = {button.key: button.label for button in page.findChildren(Button) if button.key}
    return tuple(found.items())


class KeysCard(Card):
    """A block a page."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._theme = theme
        self.shown: dict[str, tuple[tuple[str, str], ...]] = {}
        self.column.addWidget(Label(theme, "Keyboard", Type.STRONG))
        words = "Tab and Shift+Tab lead to everything else, arrows choose, Enter and Space press."
        self.column.addWidget(Label(theme, words, Type.CAPTION, "muted", wrap=True))
        self._rows = QGridLayout()
        self._rows.setHorizontalSpacing(theme.px(12))
        self._rows.setVerticalSpacing(theme.px(4))
        for at in (1, 3):
            self._rows.setColumnStretch(at, 1)
        self.column.addLayout(self._rows)

    def show_pages(self, pages: Sequence[tuple[str, tuple[tuple[str, str], ...]]]) -> None:
        """Rebuild the map: (page, its keys)."""
        empty(self._rows)
        self.shown = dict(pages)
        at = 0
        for page, keys in pages:
            self._rows.addWidget(Label(self._theme, page, Type.CAPTION, "muted"), at, 0, 1, 4)
            at += 1
            for number, (key, does) in enumerate(keys):
                place = 2 * (number % 2)
                name = Label(self._theme, key, Type.STRONG)
                name.setMinimumWidth(self._theme.px(84))
                self._rows.addWidget(name, at + number // 2, place, Qt.AlignmentFlag.AlignTop)
                self._rows.addWidget(Label(self._theme, does, wrap=True), at + number // 2, place + 1)
            at += (len(keys) + 1) // 2

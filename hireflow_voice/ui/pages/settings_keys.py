"""The map of the keyboard, read off the buttons themselves, so that it says what they do."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.basics import Card, Label, empty, held
from hireflow_voice.ui.widgets.buttons import Button
from hireflow_voice.ui.widgets.columns import Part, columns

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
        self._rows = QVBoxLayout()
        self._rows.setSpacing(theme.px(6))
        self.column.addLayout(self._rows)

    def show_pages(self, pages: Sequence[tuple[str, tuple[tuple[str, str], ...]]]) -> None:
        """Rebuild the map: (page, its keys)."""
        empty(self._rows)
        self.shown = dict(pages)
        for page, keys in pages:
            half = (len(keys) + 1) // 2
            sides = (self._side(keys[:half]), self._side(keys[half:]))
            self._rows.addWidget(Label(self._theme, page, Type.CAPTION, "muted"))
            both = columns(self._theme, *(Part(side, 1, least=260) for side in sides), spacing=12, between=4)
            self._rows.addWidget(held(both))

    def _side(self, keys: Sequence[tuple[str, str]]) -> QGridLayout:
        side = QGridLayout()
        side.setContentsMargins(0, 0, 0, 0)
        side.setHorizontalSpacing(self._theme.px(12))
        side.setVerticalSpacing(self._theme.px(4))
        side.setColumnStretch(1, 1)
        side.setColumnMinimumWidth(0, self._theme.px(84))
        for line, (key, does) in enumerate(keys):
            side.addWidget(Label(self._theme, key, Type.STRONG), line, 0, Qt.AlignmentFlag.AlignTop)
            side.addWidget(Label(self._theme, does, wrap=True), line, 1)
        return side

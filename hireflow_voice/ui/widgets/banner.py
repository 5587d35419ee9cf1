"""A trouble, said once: whose it is, what happened, what to do."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from hireflow_voice.errors import HireFlowError
from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.basics import Label, announce, column
from hireflow_voice.ui.widgets.buttons import Button, Kind


class Glyph(QWidget):
    """An icon on its own; the words beside it say what it means."""

    def __init__(self, theme: Theme, name: str, role: str = "muted", size: int = 20) -> None:
        super().__init__()
        self._theme, self._name, self._role, self._size = theme, name, role, theme.px(size)
        self.setFixedSize(self._size, self._size)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_icon(self, name: str, role: str) -> None:
        """Another icon."""
        self._name, self._role = name, role
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        self._theme.icons.draw(QPainter(self), self._name, QPointF(0, 0), self._size, self._theme.colour(self._role))


class Banner(QFrame):
    """Hidden while all is well. Several troubles at once: the newest is shown, the others come back when it is over."""

    shown = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("card", True)
        self._troubles: dict[str, tuple[str, str, str]] = {}
        line = QHBoxLayout(self)
        line.setContentsMargins(theme.px(16), theme.px(10), theme.px(8), theme.px(10))
        line.setSpacing(theme.px(12))
        self.title = Label(theme, "", Type.CAPTION, "warn")
        self.words = Label(theme, "", Type.BODY, wrap=True)
        self.dismiss = Button(theme, "Dismiss", "x", Kind.GHOST, icon_only=True, height=32)
        self.dismiss.clicked.connect(self._dismiss)
        self._glyph = Glyph(theme, "circle-alert", "warn")
        self._line = line
        line.addWidget(self._glyph, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(column(self.title, self.words, spacing=2), 1)
        line.addWidget(self.dismiss, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def trouble(self, kind: str, blame: str, sentence: str, remedy: str) -> None:
        """Show a trouble; the same kind replaces its earlier one."""
        self._troubles.pop(kind, None)
        self._troubles[kind] = (blame, sentence, remedy)
        self._show_newest()
        announce(self, f"{sentence} {remedy}".strip())

    def error(self, error: HireFlowError) -> None:
        """Show an error as a trouble."""
        self.trouble(type(error).__name__, error.blame, error.sentence, error.remedy)

    def over(self, kind: str) -> None:
        """That trouble has passed."""
        self._troubles.pop(kind, None)
        self._show_newest()

    def clear(self) -> None:
        """All is well."""
        self._troubles.clear()
        self._show_newest()

    def _dismiss(self) -> None:
        if self._troubles:
            self._troubles.popitem()
        self._show_newest()

    def _show_newest(self) -> None:
        if not self._troubles:
            self.hide()
            return
        blame, sentence, remedy = list(self._troubles.values())[-1]
        self.title.say(f"Trouble with {blame}")
        self.title.setVisible(bool(blame))
        self._line.setAlignment(self._glyph, Qt.AlignmentFlag.AlignTop if blame else Qt.AlignmentFlag.AlignVCenter)
        self.words.say(f"{sentence} {remedy}".strip())
        self.show()
        self.shown.emit()

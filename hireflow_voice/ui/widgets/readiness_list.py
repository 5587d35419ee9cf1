"""What is missing for a call, each with its sentence and the way to mend it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hireflow_voice.app.api import FetchProgress, Readiness
from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.banner import Glyph
from hireflow_voice.ui.widgets.bars import ShareBar
from hireflow_voice.ui.widgets.basics import Label, announce, column, empty, held, row
from hireflow_voice.ui.widgets.buttons import Button, Kind
from hireflow_voice.ui.words import about, megabytes


class ReadinessList(QWidget):
    """Rows of readiness. `only_missing`: Home shows nothing while all is well; Settings shows everything."""

    fetch_asked = Signal()
    cancel_asked = Signal()
    settings_asked = Signal()

    def __init__(self, theme: Theme, *, only_missing: bool) -> None:
        super().__init__()
        self._theme = theme
        self._only_missing = only_missing
        self._rows = QVBoxLayout()
        self._rows.setSpacing(theme.px(10))
        self.bar = ShareBar(theme)
        self.progress = Label(theme, "", Type.CAPTION, "muted", wrap=True)
        self.cancel = Button(theme, "Cancel", kind=Kind.SECONDARY, height=36)
        self.cancel.clicked.connect(self.cancel_asked)
        self._fetching = held(row(column(self.bar, self.progress, spacing=6), self.cancel, spacing=theme.px(16)))
        self._fetching.hide()
        pile = QVBoxLayout(self)
        pile.setContentsMargins(0, 0, 0, 0)
        pile.setSpacing(theme.px(10))
        pile.addLayout(self._rows)
        pile.addWidget(self._fetching)

    def show_items(self, items: tuple[Readiness, ...] | None, fetching: bool) -> None:
        """Rebuild the rows."""
        empty(self._rows)
        missing = [item for item in items or () if not item.ok]
        shown = missing if self._only_missing else items or ()
        weights = [item for item in shown if item.mend == "models"]
        grouped = weights if self._only_missing and len(weights) > 1 else []
        if grouped:
            self._rows.addWidget(self._line(_together(grouped)))
        for item in shown:
            if item not in grouped:
                self._rows.addWidget(self._line(item))
        buttons: list[QWidget | int] = []
        if any(item.mend == "models" for item in missing) and not fetching:
            fetch = Button(self._theme, "Fetch models", "download", height=40)
            fetch.clicked.connect(self.fetch_asked)
            buttons.append(fetch)
        if any(item.mend == "settings" for item in missing) and self._only_missing:
            settings = Button(self._theme, "Open settings", "settings", height=40)
            settings.clicked.connect(self.settings_asked)
            buttons.append(settings)
        if buttons:
            self._rows.addWidget(held(row(*buttons, 1)))
        if fetching and self._fetching.isHidden():
            self.bar.show_share(0.0)
            self.progress.say("Beginning to fetch")
        self._fetching.setVisible(fetching)
        self.setVisible(fetching or self._rows.count() > 0)

    def show_progress(self, progress: FetchProgress) -> None:
        """How far a fetch is."""
        share = progress.done_bytes / progress.total_bytes if progress.total_bytes else 0.0
        self.bar.show_share(share)
        parts = [
            f"Fetching {progress.model}",
            f"{megabytes(progress.done_bytes)} of {megabytes(progress.total_bytes)}",
        ]
        if progress.seconds_left is not None:
            parts.append(f"{about(progress.seconds_left)} left")
        self.progress.say(" · ".join(parts))

    def say(self, text: str) -> None:
        """Have a change said aloud."""
        announce(self, text)

    def _line(self, item: Readiness) -> QWidget:
        theme = self._theme
        icon, role = ("circle-check", "good") if item.ok else ("circle-alert", "bad" if item.needed else "warn")
        words = Label(theme, item.sentence, wrap=True)
        pile = column(spacing=2)
        if not self._only_missing:
            pile.addWidget(Label(theme, item.name[:1].upper() + item.name[1:], Type.CAPTION, "muted"))
        pile.addWidget(words)
        if item.remedy and not item.ok and not (self._only_missing and item.mend == "models"):
            remedy = Label(theme, item.remedy, Type.CAPTION, "muted", wrap=True)
            remedy.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            pile.addWidget(remedy)
        line = row(spacing=theme.px(12))
        line.addWidget(Glyph(theme, icon, role), 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(pile, 1)
        return held(line)


def _together(items: list[Readiness]) -> Readiness:
    """Several missing models as one line: they are fetched together. Settings shows each with its sentence."""
    names = [item.name for item in items]
    listed = f"{', '.join(names[:-1])} and {names[-1]}"
    needed = any(item.needed for item in items)
    return Readiness("models", False, f"Some models are not here yet: {listed}.", items[0].remedy, needed, "models")

"""The weights: what each is for, how large it is, whether it is there and whole."""

from __future__ import annotations

import threading

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout

from hireflow_voice.app.api import Api, ModelInfo
from hireflow_voice.errors import HireFlowError
from hireflow_voice.ui.tasks import Tasks
from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.banner import Glyph
from hireflow_voice.ui.widgets.basics import Card, Label, announce, column, empty, row
from hireflow_voice.ui.widgets.buttons import Button
from hireflow_voice.ui.words import count, megabytes

VERIFY = "Verify all of them"
STATES = {
    "installed": ("circle-check", "good", "here"),
    "missing": ("circle", "muted", "not here"),
    "damaged": ("circle-alert", "bad", "damaged"),
}
"""Icon, colour and word."""


class ModelsCard(Card):
    """A row a model, and the button that reads every byte of them again."""

    failed = Signal(object)
    """HireFlowError."""

    def __init__(self, api: Api, theme: Theme, tasks: Tasks) -> None:
        super().__init__(theme)
        self._api, self._theme, self._tasks = api, theme, tasks
        self._cancelled = threading.Event()
        self.verifying = False
        self.rows = QGridLayout()
        self.rows.setHorizontalSpacing(theme.px(12))
        self.rows.setVerticalSpacing(theme.px(8))
        self.rows.setColumnStretch(1, 1)
        self.verify = Button(theme, VERIFY, "refresh-cw", height=40)
        self.state = Label(theme, "", Type.CAPTION, "muted", wrap=True)
        self.column.addWidget(Label(theme, "Models", Type.STRONG))
        self.column.addLayout(self.rows)
        foot = row(self.verify, self.state, spacing=theme.px(12))
        foot.setStretch(1, 1)
        self.column.addLayout(foot)
        self.verify.clicked.connect(self._pressed)

    def refresh(self) -> None:
        """Look again."""
        self._tasks.run(self._api.models, self.show_models, self.failed.emit)

    def cancel(self) -> None:
        """Stop reading."""
        self._cancelled.set()

    def show_models(self, models: tuple[ModelInfo, ...]) -> None:
        """Rebuild the rows."""
        empty(self.rows)
        for at, model in enumerate(models):
            icon, role, word = STATES[model.state]
            optional = "" if model.needed else ", optional"
            names = column(
                Label(self._theme, f"{model.purpose[:1].upper()}{model.purpose[1:]}{optional}"),
                Label(self._theme, model.title, Type.CAPTION, "muted", wrap=True),
                spacing=0,
            )
            self.rows.addWidget(Glyph(self._theme, icon, role), at, 0, Qt.AlignmentFlag.AlignTop)
            self.rows.addLayout(names, at, 1)
            self.rows.addWidget(Label(self._theme, megabytes(model.size), Type.TIMER, "muted"), at, 2)
            self.rows.addWidget(Label(self._theme, word, Type.BODY, role), at, 3)

    def _pressed(self) -> None:
        if self.verifying:
            self.cancel()
            return
        self.verifying = True
        self._cancelled.clear()
        self.verify.rename("Stop verifying", "x")
        self.state.say("Reading every byte again. This takes some seconds.")

        def done(damaged: tuple[str, ...]) -> None:
            self._rest()
            if damaged:
                said = f"{count(len(damaged), 'model')} damaged: {', '.join(damaged)}. Fetch models mends it."
            elif self._cancelled.is_set():
                said = "Stopped."
            else:
                said = "All that are here are whole."
            self.state.say(said)
            announce(self, said)
            self.refresh()

        def failed(error: HireFlowError) -> None:
            self._rest()
            self.state.say("")
            self.failed.emit(error)

        self._tasks.run(lambda: self._api.verify_models(self._cancelled.is_set), done, failed)

    def _rest(self) -> None:
        self.verifying = False
        self.verify.rename(VERIFY, "refresh-cw")

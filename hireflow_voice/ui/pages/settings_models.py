"""The weights: what each is for, how large it is, whether it is there and whole; fetched and removed one by one."""

from __future__ import annotations

import threading

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout

from hireflow_voice.app.api import Api, ModelInfo
from hireflow_voice.errors import HireFlowError
from hireflow_voice.settings import Recogniser
from hireflow_voice.ui.keeper import Keeper
from hireflow_voice.ui.ready import Ready
from hireflow_voice.ui.tasks import Tasks
from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.banner import Glyph
from hireflow_voice.ui.widgets.basics import Card, Label, announce, column, empty
from hireflow_voice.ui.widgets.buttons import Button, Kind
from hireflow_voice.ui.widgets.choices import Select
from hireflow_voice.ui.widgets.columns import Form, Part, columns
from hireflow_voice.ui.widgets.dialogs import Ask
from hireflow_voice.ui.words import count, megabytes

VERIFY = "Verify all of them"
STATES = {
    "installed": ("circle-check", "good", "here"),
    "missing": ("circle", "muted", "not here"),
    "damaged": ("circle-alert", "bad", "damaged"),
}
"""Icon, colour and word."""


RECOGNISERS = {
    Recogniser.BASE: "Base: hears hard speech a little better",
    Recogniser.TINY: "Tiny, English only: about half the work",
}


class ModelsCard(Card):
    """A row a model, which of two writes down the answers, and the button that reads every byte of them again."""

    failed = Signal(object)
    """HireFlowError."""

    def __init__(self, api: Api, theme: Theme, tasks: Tasks, keeper: Keeper, ready: Ready) -> None:
        super().__init__(theme)
        self._api, self._theme, self._tasks, self._keeper, self._ready = api, theme, tasks, keeper, ready
        self._was_fetching = ready.fetching
        self._chosen = False
        """A choice is on its way to the settings' file."""
        self.fetches: dict[str, Button] = {}
        self.removals: dict[str, Button] = {}
        """By the model's id: the buttons of the rows."""
        self._cancelled = threading.Event()
        self.verifying = False
        self.rows = QGridLayout()
        self.rows.setHorizontalSpacing(theme.px(12))
        self.rows.setVerticalSpacing(theme.px(8))
        self.rows.setColumnStretch(1, 1)
        self.verify = Button(theme, VERIFY, "refresh-cw", height=40)
        self.state = Label(theme, "", Type.CAPTION, "muted", wrap=True)
        self.recogniser = Select(theme, "Speech to text")
        self.column.addWidget(Label(theme, "Models", Type.STRONG))
        self.column.addLayout(Form(theme, (("Speech to text", self.recogniser),)))
        self.column.addLayout(self.rows)
        self.column.addLayout(columns(theme, self.verify, Part(self.state, 1, least=200), spacing=12))
        self.verify.clicked.connect(self._pressed)
        self.recogniser.chosen.connect(self._choose)
        keeper.saved.connect(self._saved)
        ready.changed.connect(self._show_fetching)
        self.show_settings()

    def show_settings(self) -> None:
        """Fill the choice from the settings."""
        chosen = self._keeper.settings.recogniser
        self.recogniser.fill([(one.value, words) for one, words in RECOGNISERS.items()], chosen.value)

    def _choose(self, recogniser: str) -> None:
        if recogniser == self._keeper.settings.recogniser:
            return
        self._chosen = True
        self._keeper.change(recogniser=Recogniser(recogniser))
        self._say("Used from the next start of HireFlow Voice.")

    def _saved(self) -> None:
        if self._chosen:
            self._chosen = False
            self._changed()

    def _changed(self) -> None:
        """Another model is needed, or one is gone: the list and what a call needs are asked for again."""
        self.refresh()
        self._ready.refresh()

    def _say(self, sentence: str) -> None:
        self.state.say(sentence)
        announce(self, sentence)

    def _show_fetching(self) -> None:
        fetching = self._ready.fetching
        for button in (*self.fetches.values(), *self.removals.values()):
            button.setEnabled(not fetching)
        ended, self._was_fetching = self._was_fetching and not fetching, fetching
        if ended:
            self.refresh()

    def refresh(self) -> None:
        """Look again."""
        self._tasks.run(self._api.models, self.show_models, self.failed.emit)

    def cancel(self) -> None:
        """Stop reading."""
        self._cancelled.set()

    def show_models(self, models: tuple[ModelInfo, ...]) -> None:
        """Rebuild the rows."""
        empty(self.rows)
        self.fetches, self.removals = {}, {}
        for at, model in enumerate(models):
            icon, role, word = STATES[model.state]
            optional = "" if model.needed else ", optional"
            names = column(
                Label(self._theme, f"{model.purpose[:1].upper()}{model.purpose[1:]}{optional}", wrap=True),
                Label(self._theme, model.title, Type.CAPTION, "muted", wrap=True),
                spacing=0,
            )
            self.rows.addWidget(Glyph(self._theme, icon, role), at, 0, Qt.AlignmentFlag.AlignTop)
            self.rows.addLayout(names, at, 1)
            self.rows.addWidget(Label(self._theme, megabytes(model.size), Type.TIMER, "muted"), at, 2)
            self.rows.addWidget(Label(self._theme, word, Type.BODY, role), at, 3)
            if model.state != "installed":
                fetch = Button(self._theme, f"Fetch {model.title}", "download", Kind.GHOST, icon_only=True, height=36)
                fetch.clicked.connect(lambda _=False, one=model: self._ready.fetch(one.id))
                self.rows.addWidget(fetch, at, 4)
                self.fetches[model.id] = fetch
            elif not model.needed:
                remove = Button(self._theme, f"Remove {model.title}", "trash-2", Kind.GHOST, icon_only=True, height=36)
                remove.clicked.connect(lambda _=False, one=model: self._ask_remove(one))
                self.rows.addWidget(remove, at, 4)
                self.removals[model.id] = remove
        self._show_fetching()

    def _ask_remove(self, model: ModelInfo) -> None:
        Ask.open_for(
            self._theme,
            self.window(),
            f"Remove {model.title}?",
            f"Your calls do not use it. {megabytes(model.size)} of the disk are free again; it can be fetched again "
            "from here.",
            "Remove it",
            "Keep it",
            lambda: self._remove(model),
        )

    def _remove(self, model: ModelInfo) -> None:
        def done(freed: int) -> None:
            self._say(f"{model.title} is removed: {megabytes(freed)} are free again.")
            self._changed()

        self._tasks.run(lambda: self._api.remove_model(model.id), done, self.failed.emit)

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
            self._say(said)
            self.refresh()

        def failed(error: HireFlowError) -> None:
            self._rest()
            self.state.say("")
            self.failed.emit(error)

        self._tasks.run(lambda: self._api.verify_models(self._cancelled.is_set), done, failed)

    def _rest(self) -> None:
        self.verifying = False
        self.verify.rename(VERIFY, "refresh-cw")

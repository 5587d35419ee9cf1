"""Who judges: this computer, or a stronger language model behind an endpoint."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit

from hireflow_voice.app.api import Api
from hireflow_voice.settings import PRESETS, Endpoint, Twice
from hireflow_voice.ui.keeper import Keeper
from hireflow_voice.ui.tasks import Tasks
from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.basics import Card, Label, announce, held, row
from hireflow_voice.ui.widgets.buttons import Button
from hireflow_voice.ui.widgets.choices import Field, Select, Switch
from hireflow_voice.ui.widgets.columns import Form

KEY_PLACES = {
    "environment": "A key is there, from the environment.",
    "keyring": "A key is there, in the keyring.",
    "this run": "A key is there, for this run only.",
}
OTHER = "other"
SERVERS = [*((preset.base_url, preset.title) for preset in PRESETS), (OTHER, "Another address")]
READS_TWICE = [
    (Twice.NEAR.value, "Twice when it is on this computer or in its network"),
    (Twice.ALWAYS.value, "Always twice"),
    (Twice.NEVER.value, "Once"),
]


class EndpointCard(Card):
    """A stronger language model, if the user has one: which server, model, key, and a try."""

    def __init__(self, api: Api, theme: Theme, tasks: Tasks, keeper: Keeper) -> None:
        super().__init__(theme)
        self._api, self._tasks, self._keeper = api, tasks, keeper
        self.enabled = Switch(theme, "Use an endpoint")
        self.server = Select(theme, "Server")
        self.server.fill(SERVERS, OTHER)
        self.url = Field(theme, "Base URL", "http://127.0.0.1:11434/v1", longest=500)
        self.model = Field(theme, "Model", "Name of the model on that server", longest=200)
        self.list_models = Button(theme, "List models", height=40)
        self.models = Select(theme, "Models on that server")
        self.twice = Select(theme, "How often an answer is read")
        self.writes = Switch(theme, "It may write the follow-up questions")
        self.key = Field(theme, "Key", "Leave empty where the server needs none", longest=500)
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        self.keep = Switch(theme, "Keep the key in the keyring")
        self.set_key = Button(theme, "Set key", height=40)
        self.key_state = Label(theme, "", Type.CAPTION, "muted", wrap=True)
        self.test = Button(theme, "Test endpoint", "refresh-cw", height=40)
        self.result = Label(theme, "", Type.CAPTION, "muted", wrap=True)
        self._lay_out(theme)
        self._connect()

    def _lay_out(self, theme: Theme) -> None:
        self.column.addWidget(Label(theme, "Who judges", Type.STRONG))
        words = (
            "Without an endpoint your answers are judged on this computer. With one, their words are sent to that "
            "server; the recordings never are."
        )
        self.column.addWidget(Label(theme, words, Type.CAPTION, "muted", wrap=True))
        self.column.addWidget(self.enabled)
        rows = (
            ("Server", self.server),
            ("Base URL", self.url),
            ("Key", held(row(self.key, self.set_key))),
            ("", self.keep),
            ("", self.key_state),
            ("Model", held(row(self.model, self.list_models))),
            ("", self.models),
            ("Reads answers", self.twice),
            ("", self.writes),
            ("", held(row(self.test, 1))),
            ("", self.result),
        )
        self._fields = held(Form(theme, rows))
        self.column.addWidget(self._fields)
        self.set_key.setEnabled(False)
        self.models.hide()
        self.result.hide()

    def _connect(self) -> None:
        self.enabled.clicked.connect(lambda _: self._changed())
        self.server.chosen.connect(self._choose_server)
        self.url.editingFinished.connect(self._changed)
        self.model.editingFinished.connect(self._changed)
        self.list_models.clicked.connect(self._list)
        self.models.chosen.connect(self._choose_model)
        self.twice.chosen.connect(lambda _: self._changed())
        self.writes.clicked.connect(lambda _: self._changed())
        self.set_key.clicked.connect(self._set_key)
        self.key.returnPressed.connect(self._set_key)
        self.key.textChanged.connect(lambda text: self.set_key.setEnabled(bool(text)))
        self.test.clicked.connect(self._test)

    def show_settings(self) -> None:
        """Fill the fields from the settings."""
        endpoint = self._keeper.settings.endpoint
        self.enabled.setChecked(endpoint.enabled)
        for field, text in ((self.url, endpoint.base_url), (self.model, endpoint.model)):
            if not field.hasFocus():
                field.setText(text)
        known = any(endpoint.base_url == url for url, _ in SERVERS)
        self.server.fill(SERVERS, endpoint.base_url if known else OTHER)
        self.twice.fill(READS_TWICE, endpoint.read_twice.value)
        self.writes.setChecked(endpoint.writes_follow_ups)
        self._fields.setVisible(endpoint.enabled)

    def show_key(self, place: str) -> None:
        """Where the key is."""
        self.key_state.say(KEY_PLACES.get(place, "No key is set."))

    def _endpoint(self) -> Endpoint:
        return self._keeper.settings.endpoint.model_copy(
            update={
                "enabled": self.enabled.isChecked(),
                "base_url": self.url.text().strip(),
                "model": self.model.text().strip(),
                "read_twice": Twice(self.twice.value() or Twice.NEAR),
                "writes_follow_ups": self.writes.isChecked(),
            }
        )

    def _changed(self) -> None:
        before = self._keeper.settings.endpoint.base_url
        endpoint = self._endpoint()
        self._keeper.change(endpoint=endpoint)
        if endpoint.base_url != before:
            # Another server: its models and its key are others.
            self.models.hide()
            self.result.hide()
            self._tasks.run(self._api.endpoint_key, self.show_key, lambda error: self.key_state.say(str(error)))

    def _choose_server(self, base_url: str) -> None:
        if base_url == OTHER:
            self.url.setFocus()
            self.url.selectAll()
            return
        self.url.setText(base_url)
        self._changed()

    def _list(self) -> None:
        base_url = self._endpoint().base_url
        self.list_models.setEnabled(False)
        self._tasks.run(
            lambda: self._api.endpoint_models(base_url), self._listed, lambda error: self._not_listed(str(error))
        )

    def _listed(self, names: tuple[str, ...]) -> None:
        self.list_models.setEnabled(True)
        if not names:
            self._say("The server has no models yet.", "bad")
            return
        self.result.hide()
        model = self.model.text().strip()
        prompt = [] if model in names else [("", f"{len(names)} found: choose one")]
        self.models.fill([*prompt, *((name, name) for name in names)], model if model in names else "")
        self.models.show()
        announce(self, f"{len(names)} models found.")

    def _not_listed(self, sentence: str) -> None:
        self.list_models.setEnabled(True)
        self.models.hide()
        self._say(sentence, "bad")
        announce(self, sentence)

    def _choose_model(self, name: str) -> None:
        if name:
            self.model.setText(name)
            self._changed()

    def _set_key(self) -> None:
        key, keep = self.key.text(), self.keep.isChecked()
        if key:
            self.key.clear()
            self._tasks.run(
                lambda: self._api.set_endpoint_key(key, keep), self._key_set, lambda error: self._key_set(str(error))
            )

    def _key_set(self, sentence: str) -> None:
        self.key_state.say(sentence)
        announce(self, sentence)

    def _test(self) -> None:
        endpoint = self._endpoint()
        self.test.setEnabled(False)
        self._say("Asking the server.", "muted")
        self._tasks.run(
            lambda: self._api.test_endpoint(endpoint),
            lambda sentence: self._tested(sentence, "good"),
            lambda error: self._tested(str(error), "bad"),
        )

    def _tested(self, sentence: str, role: str) -> None:
        self.test.setEnabled(True)
        self._say(sentence, role)
        announce(self, sentence)

    def _say(self, sentence: str, role: str) -> None:
        self.result.show()
        self.result.set_role(role)
        self.result.say(sentence)

"""Settings hold at once, and the endpoint can be tried."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from hireflow_voice.errors import EndpointError
from hireflow_voice.settings import Appearance, Endpoint, Patience, Twice
from hireflow_voice.sound import Echo
from hireflow_voice.ui.pages.settings import SettingsPage
from hireflow_voice.ui.window import MainWindow


def opened(window: MainWindow) -> SettingsPage:
    window.open_settings()
    return window.settings


def pick(select: Any, value: str) -> None:
    select.setCurrentIndex(select.findData(value))
    select.activated.emit(select.currentIndex())


def test_devices_voice_patience_captions_and_name_are_kept(window: MainWindow, api: Any, qtbot: QtBot) -> None:
    page = opened(window)
    pick(page.microphone, "USB headset")
    pick(page.speaker, "Built-in speaker")
    pick(page.voice, "heart")
    qtbot.mouseClick(page.patience._group.button(0), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(page.captions, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(page.echo._group.button(2), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(page.phone, Qt.MouseButton.LeftButton)
    kept = api.settings
    assert (kept.echo, kept.phone_sound) == (Echo.HALF, True)
    assert (kept.microphone, kept.speaker, kept.voice) == ("USB headset", "Built-in speaker", "heart")
    assert (kept.patience, kept.captions) == (Patience.BRISK, False)


def test_a_device_that_is_unplugged_is_still_shown(window: MainWindow, api: Any) -> None:
    window.keeper.change(microphone="Old headset")
    page = opened(window)
    assert page.microphone.currentText() == "Old headset (not there now)"
    assert page.microphone.value() == "Old headset"


def test_appearance_changes_the_window_at_once(window: MainWindow, api: Any, qtbot: QtBot) -> None:
    page = opened(window)
    qtbot.mouseClick(page.appearance._group.button(2), Qt.MouseButton.LeftButton)
    assert api.settings.appearance is Appearance.DARK
    assert window._theme.scheme.name == "dark"


def test_arrow_keys_move_along_the_segments(window: MainWindow, api: Any, qtbot: QtBot) -> None:
    page = opened(window)
    page.patience._group.button(1).setFocus()
    qtbot.keyClick(page.patience._group.button(1), Qt.Key.Key_Right)
    assert api.settings.patience is Patience.MANUAL


def test_the_endpoint_is_kept_tested_and_its_key_never_shown(window: MainWindow, api: Any, qtbot: QtBot) -> None:
    card = opened(window).endpoint
    assert not card.url.isVisible()
    qtbot.mouseClick(card.enabled, Qt.MouseButton.LeftButton)
    card.url.setText("http://127.0.0.1:9/v1")
    card.model.setText("llama")
    card.key.setText("secret")
    assert card.key.echoMode() is card.key.EchoMode.Password
    qtbot.mouseClick(card.keep, Qt.MouseButton.LeftButton)
    card.set_key.click()
    assert ("set_endpoint_key", "secret", True) in api.did
    assert card.key.text() == ""
    assert "this run only" in card.key_state.text()
    card.test.click()
    tested = [entry[1] for entry in api.did if entry[0] == "test_endpoint"]
    assert (tested[0].base_url, tested[0].model, tested[0].enabled) == ("http://127.0.0.1:9/v1", "llama", True)
    assert card.result.text() == "The server answers and knows the model."
    card.url.editingFinished.emit()
    assert api.settings.endpoint.base_url == "http://127.0.0.1:9/v1"
    assert "secret" not in repr(api.settings)


def test_showing_an_endpoint_changes_nothing_of_it(window: MainWindow, api: Any) -> None:
    kept = Endpoint(enabled=True, base_url="http://127.0.0.1:9/v1", model="llama", read_twice=Twice.NEVER)
    window.keeper.change(endpoint=kept)
    card = opened(window).endpoint
    assert api.settings.endpoint == window.keeper.settings.endpoint == kept
    assert (card.url.text(), card.model.text(), card.twice.value()) == (kept.base_url, kept.model, "never")


def test_a_known_server_fills_in_its_address_and_lists_its_models(window: MainWindow, api: Any, qtbot: QtBot) -> None:
    card = opened(window).endpoint
    qtbot.mouseClick(card.enabled, Qt.MouseButton.LeftButton)
    assert card.server.currentText() == "Another address"
    pick(card.server, "http://127.0.0.1:11434/v1")
    assert card.url.text() == api.settings.endpoint.base_url == "http://127.0.0.1:11434/v1"
    assert card.server.currentText() == "Ollama"
    assert not card.models.isVisible()
    card.list_models.click()
    assert ("endpoint_models", "http://127.0.0.1:11434/v1") in api.did
    assert card.models.isVisible()
    assert card.models.currentText() == "2 found: choose one"
    pick(card.models, "qwen3:8b")
    assert card.model.text() == api.settings.endpoint.model == "qwen3:8b"
    card.url.setText("http://127.0.0.1:4321/v1")
    card.url.editingFinished.emit()
    assert card.server.currentText() == "Another address"
    assert not card.models.isVisible(), "these were another server's"


def test_a_server_without_a_list_says_so_and_the_name_is_typed(window: MainWindow, api: Any, qtbot: QtBot) -> None:
    card = opened(window).endpoint
    qtbot.mouseClick(card.enabled, Qt.MouseButton.LeftButton)
    api.fails["endpoint_models"] = EndpointError("127.0.0.1 lists no models.", "Enter the model's name by hand.")
    card.list_models.click()
    assert card.result.text() == "127.0.0.1 lists no models. Enter the model's name by hand."
    assert card.list_models.isEnabled()
    api.fails.clear()
    api.models_there = ()
    card.list_models.click()
    assert card.result.text() == "The server has no models yet."


def test_how_often_an_answer_is_read_is_kept(window: MainWindow, api: Any, qtbot: QtBot) -> None:
    card = opened(window).endpoint
    qtbot.mouseClick(card.enabled, Qt.MouseButton.LeftButton)
    assert card.twice.value() == "near"
    pick(card.twice, "always")
    assert api.settings.endpoint.read_twice is Twice.ALWAYS
    assert api.settings.endpoint.writes_follow_ups
    qtbot.mouseClick(card.writes, Qt.MouseButton.LeftButton)
    assert not api.settings.endpoint.writes_follow_ups


def test_a_server_that_does_not_answer_is_a_sentence(window: MainWindow, api: Any, qtbot: QtBot) -> None:
    card = opened(window).endpoint
    qtbot.mouseClick(card.enabled, Qt.MouseButton.LeftButton)
    api.fails["test_endpoint"] = EndpointError("The server does not answer.", "Is it running?")
    card.test.click()
    assert card.result.text() == "The server does not answer. Is it running?"
    assert card.test.isEnabled()


def test_settings_list_everything_a_call_needs(window: MainWindow, api: Any, fakes: Any) -> None:
    api.items = fakes.MODELS_MISSING
    page = opened(window)
    text = " ".join(label.text() for label in page.readiness.findChildren(type(page.sound_problem)))
    for item in fakes.MODELS_MISSING:
        assert item.sentence in text

"""Settings that are about what is kept: privacy, models, the interview, and the map of the keyboard."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from hireflow_voice.errors import InputError
from hireflow_voice.settings import Recogniser
from hireflow_voice.ui.pages.home_today import PlanDialog
from hireflow_voice.ui.pages.settings_keys import WITH_A_QUESTION, keys_of
from hireflow_voice.ui.widgets.buttons import Button
from hireflow_voice.ui.widgets.dialogs import Ask
from hireflow_voice.ui.window import MainWindow


def asked(api: Any, name: str) -> list[Any]:
    return [entry[1:] for entry in api.did if entry[0] == name]


def test_how_long_calls_are_kept_is_chosen_with_the_keyboard(window: MainWindow, api: Any, qtbot: QtBot) -> None:
    window.open_settings()
    card = window.settings.privacy
    assert card.kept.currentText() == "Until I delete them"
    card.kept.setFocus()
    qtbot.keyClick(card.kept, Qt.Key.Key_Down)
    assert api.settings.keep_days == 30
    window.keeper.change(keep_days=45)
    assert card.kept.currentText() == "45 days", "what only the file knows is shown, too"


def test_the_folder_is_named_and_opened(window: MainWindow, api: Any) -> None:
    card = window.settings.privacy
    opened: list[str] = []
    card.open_url = lambda url: opened.append(url.toLocalFile()) is None
    assert card.where.text() == str(api.folder)
    card.open_folder.click()
    assert opened == [str(api.folder)]
    card.open_url = lambda url: False
    card.open_folder.click()
    assert card.state.text() == "No program here opens folders. The path above can be copied."


def test_all_calls_are_exported_with_progress_and_can_be_cancelled(
    window: MainWindow, api: Any, tmp_path: Path
) -> None:
    card = window.settings.privacy
    card.ask_file = lambda: ""
    card.export.click()
    assert asked(api, "export_all") == []
    card.ask_file = lambda: str(tmp_path / "all.zip")
    said: list[str] = []
    api.while_exporting = lambda: said.extend((card.state.text(), card.export.label))
    card.export.click()
    assert said == ["Exporting call 1 of 2.", "Cancel the export"]
    assert asked(api, "export_all") == [(tmp_path / "all.zip",)]
    assert card.state.text() == "2 calls exported. Each can be opened from Home."
    api.while_exporting = card.export.click
    card.export.click()
    assert card.state.text() == "The export was cancelled; nothing was written."
    assert card.export.label == "Export all calls"
    api.fails["export_all"] = InputError("There are no calls to export.")
    card.export.click()
    assert window.settings.banner.words.text() == "There are no calls to export."


def test_deleting_all_asks_first_and_home_knows(window: MainWindow, api: Any) -> None:
    window.open_settings()
    card = window.settings.privacy
    card.delete.click()
    window.findChild(Ask).no.click()
    assert asked(api, "delete_all") == []
    card.delete.click()
    next(d for d in window.findChildren(Ask) if d.isVisible()).yes.click()
    assert asked(api, "delete_all") == [()]
    assert card.state.text() == "All calls are deleted."
    window.open_home()
    assert window.home.rows == []


def test_models_are_listed_with_size_and_state_and_read_again(window: MainWindow, api: Any) -> None:
    window.open_settings()
    card = window.settings.models
    texts = [label.text() for label in card.findChildren(type(card.state))]
    assert {"Speech to text", "145 MB", "here", "Judge", "986 MB", "not here"} <= set(texts)
    card.verify.click()
    assert asked(api, "verify_models") == [()]
    assert card.state.text() == "All that are here are whole."
    api.damaged = ("whisper-base",)
    card.verify.click()
    assert card.state.text() == "1 model damaged: whisper-base. Fetch models mends it."
    assert card.verify.label == "Verify all of them"


def test_a_model_that_no_call_needs_is_removed_after_a_question_and_fetched_again(window: MainWindow, api: Any) -> None:
    window.open_settings()
    card = window.settings.models
    assert set(card.removals) == {"whisper-tiny.en"}, "what a call needs cannot be removed"
    card.removals["whisper-tiny.en"].click()
    ask = next(d for d in window.findChildren(Ask) if d.isVisible())
    assert any("78 MB" in label.text() for label in ask.findChildren(type(card.state)))
    ask.no.click()
    assert asked(api, "remove_model") == []
    card.removals["whisper-tiny.en"].click()
    next(d for d in window.findChildren(Ask) if d.isVisible()).yes.click()
    assert asked(api, "remove_model") == [("whisper-tiny.en",)]
    assert card.state.text() == "Whisper tiny.en is removed: 78 MB are free again."
    assert card.removals == {}
    card.fetches["whisper-tiny.en"].click()
    assert asked(api, "fetch_models") == [("whisper-tiny.en",)]
    assert set(card.fetches) == {"judge"}
    assert set(card.removals) == {"whisper-tiny.en"}


def test_the_other_recogniser_is_one_choice_away_and_what_is_needed_is_asked_again(
    window: MainWindow, api: Any, qtbot: QtBot
) -> None:
    window.open_settings()
    card = window.settings.models
    api.the_models = tuple(replace(m, needed=m.id != "whisper-base") for m in api.the_models)
    card.recogniser.setFocus()
    qtbot.keyClick(card.recogniser, Qt.Key.Key_Down)
    assert api.settings.recogniser is Recogniser.TINY
    assert card.state.text() == "Used from the next start of HireFlow Voice."
    assert set(card.removals) == {"whisper-base"}


def test_the_interview_can_be_set_here_too(window: MainWindow, api: Any) -> None:
    window.open_settings()
    page = window.settings
    assert page.planned.text().startswith("No interview is set.")
    page.plan.click()
    window.findChild(PlanDialog).keep.click()
    assert "30 minutes of practice a day" in page.planned.text()
    assert page.plan.label == "Change the plan"


def test_the_map_of_the_keyboard_is_read_off_the_buttons(window: MainWindow, api: Any) -> None:
    window.open_settings()
    shown = window.settings.keys.shown
    assert ("Alt+2", "Progress") in shown["Everywhere but in a call"]
    assert ("Ctrl+Enter", "Start call") in shown["Home"]
    assert ("Ctrl+T", "Start today's call") in shown["Home"]
    assert dict(shown["Call"])["Space"] == "Done answering"
    assert dict(shown["Review"])["Space"] == "Play"
    assert dict(shown["Review"])["N"] == "Answer again"


def test_what_the_map_adds_for_the_review_are_keys_of_its_buttons(window: MainWindow, api: Any) -> None:
    window.open_review("20261123-174203-7f3a")
    window.review.list.choose(2)
    there = dict(keys_of(window.review))
    assert {key for key, _ in WITH_A_QUESTION} <= set(there)
    assert there["A"] == dict(WITH_A_QUESTION)["A"]
    assert there["N"] == dict(WITH_A_QUESTION)["N"]


def test_every_key_on_a_button_of_the_call_presses_that_button(window: MainWindow, api: Any, qtbot: QtBot) -> None:
    window.home.start()
    page = window.call
    mapped = {button.key for button in page._keys.values()}
    # Enter sends a typed answer: it belongs to the field, and only while that has the focus.
    assert mapped | {"Enter"} == {button.key for button in page.findChildren(Button) if button.key}

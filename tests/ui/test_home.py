"""Home: the choice of a call, the line check, what is missing, and the calls so far."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from hireflow_voice.app.api import CallOptions, Devices, RoundInfo
from hireflow_voice.errors import DataFolderUnusable, NoMicrophone, NoSpeaker
from hireflow_voice.settings import Patience
from hireflow_voice.sound import Echo, EchoFound
from hireflow_voice.ui.pages.line_check import Step
from hireflow_voice.ui.widgets.buttons import Button
from hireflow_voice.ui.widgets.dialogs import Ask
from hireflow_voice.ui.window import MainWindow


def button(window: Any, text: str) -> Button:
    return next(b for b in window.findChildren(Button) if b.label == text and b.isVisible())


def asked(api: Any, name: str) -> list[Any]:
    return [entry[1:] for entry in api.did if entry[0] == name]


def test_start_asks_for_the_call_that_was_chosen(window: MainWindow, api: Any) -> None:
    card = window.home.card
    card.length.choose(1)
    card.start.click()
    assert asked(api, "start_call") == [(CallOptions("cloudflare", "technical-phone", 5, 30.0),)]
    assert window.pages.currentWidget() is window.call


def test_start_works_from_the_keyboard(window: MainWindow, api: Any, qtbot: QtBot) -> None:
    qtbot.keyClick(window.home.card.name, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert len(asked(api, "start_call")) == 1


def test_enter_on_the_first_focus_starts_the_call(window: MainWindow, api: Any, qtbot: QtBot) -> None:
    assert window.focusWidget() is window.home.card.start
    qtbot.keyClick(window.home.card.start, Qt.Key.Key_Return)
    assert len(asked(api, "start_call")) == 1


def test_the_usual_round_is_chosen_wherever_it_stands_among_several(window: MainWindow, api: Any) -> None:
    card = window.home.card
    assert not card.company.isVisible(), "there is only one"
    card.company.clear()
    card.round.clear()
    card.show_rounds((RoundInfo("acme", "Acme", "screen", "Recruiter screen", "Developer", 4), *api.rounds()))
    assert [card.company.itemData(i) for i in range(card.company.count())] == ["cloudflare", "acme"]
    assert card.company.isVisible()
    assert card.round.count() == len(api.rounds())
    options = card.options()
    assert options is not None
    assert (options.company, options.round) == ("cloudflare", "technical-phone")


def test_the_chosen_round_is_described_in_the_words_of_its_company(window: MainWindow, api: Any) -> None:
    card = window.home.card
    card.show_rounds(api.rounds())
    assert card.about.text().startswith("32 questions in the bank. About 45 minutes")


def test_a_company_without_the_usual_round_offers_its_first_one(window: MainWindow) -> None:
    card = window.home.card
    card.company.clear()
    card.round.clear()
    card.show_rounds((RoundInfo("acme", "Acme", "screen", "Recruiter screen", "Developer", 4),))
    options = card.options()
    assert options is not None
    assert (options.company, options.round) == ("acme", "screen")


def test_choices_are_kept_as_settings(window: MainWindow, api: Any, qtbot: QtBot) -> None:
    card = window.home.card
    qtbot.mouseClick(card.patience._group.button(2), Qt.MouseButton.LeftButton)
    card.name.setFocus()
    card.name.clear()
    qtbot.keyClicks(card.name, "Kim")
    qtbot.keyClick(card.name, Qt.Key.Key_Return)
    assert api.settings.patience is Patience.MANUAL
    assert api.settings.candidate_name == "Kim"
    assert window.settings.name.text() == "Kim"


def test_a_change_that_cannot_be_kept_is_said(window: MainWindow, api: Any) -> None:
    api.fails["save_settings"] = DataFolderUnusable("The settings cannot be written.", "Free some space.")
    window.keeper.change(captions=False)
    assert window.home.banner.words.text() == "The settings cannot be written. Free some space."
    assert window.home.banner.title.text() == "Trouble with this computer"


def test_the_line_says_who_judges(window: MainWindow, api: Any) -> None:
    assert "on this computer" in window.home.card.judge.text()
    endpoint = api.settings.endpoint.model_copy(update={"enabled": True, "base_url": "llm.example.org"})
    window.keeper.change(endpoint=endpoint)
    window.home.refresh()
    assert "llm.example.org" in window.home.card.judge.text()


def test_who_judges_is_changed_from_home(window: MainWindow, qtbot: QtBot) -> None:
    window.home.card.other_judge.setFocus()
    qtbot.keyClick(window.home.card.other_judge, Qt.Key.Key_Return)
    enabled = window.settings.endpoint.enabled
    assert window.pages.currentWidget() is window.settings
    assert window.focusWidget() is enabled
    assert not enabled.visibleRegion().isEmpty(), "it is scrolled to"


def test_what_is_missing_blocks_the_call_and_can_be_mended_here(window: MainWindow, api: Any, fakes: Any) -> None:
    api.items = fakes.MODELS_MISSING
    window.home.refresh()
    assert not window.home.card.start.isEnabled()
    button(window.home, "Fetch models").click()
    assert asked(api, "fetch_models") == [()]
    assert "60 MB of 240 MB" in window.home.card.readiness.progress.text()
    assert window.home.card.readiness.bar.share == 0.25
    assert window.home.card.start.isEnabled()
    assert not window.home.card.readiness.isVisible()


def test_a_missing_microphone_does_not_block_and_leads_to_the_settings(
    window: MainWindow, api: Any, fakes: Any
) -> None:
    api.items = (*fakes.ALL_THERE, fakes.MODELS_MISSING[-1])
    window.home.refresh()
    assert window.home.card.start.isEnabled()
    button(window.home, "Open settings").click()
    assert window.pages.currentWidget() is window.settings


def test_hear_it_speaks_with_the_chosen_voice_and_says_why_not(window: MainWindow, api: Any) -> None:
    window.home.card.hear.click()
    assert asked(api, "hear_voice") == [("joe",)]
    api.fails["hear_voice"] = NoSpeaker("There is no speaker.", "Plug one in.")
    window.home.card.hear.click()
    assert window.home.banner.isVisible()
    assert window.home.card.hear.isEnabled()


def test_the_microphone_is_closed_until_asked_for(window: MainWindow, api: Any) -> None:
    assert asked(api, "line_check") == []


def test_a_sentence_is_recorded_played_back_and_the_devices_let_go(window: MainWindow, api: Any, qtbot: QtBot) -> None:
    check = window.home.line_check
    check.say.click()
    assert check.step is Step.RECORDING
    api.on_level(-25.0)
    assert check.meter.value() > 50
    assert check.word.text() == "Good level"
    check.say.click()
    assert api.check.did == ["record", "play back"]
    api.check.on_end()
    qtbot.waitUntil(lambda: check.step is Step.CLOSED)
    assert api.check.did == ["record", "play back", "close"]
    assert check.meter.value() == 0


def test_a_check_without_a_microphone_says_so(window: MainWindow, api: Any) -> None:
    api.fails["line_check"] = NoMicrophone("There is no microphone.", "Plug one in.")
    window.home.line_check.say.click()
    assert window.home.line_check.hint.text() == "There is no microphone. Plug one in."
    assert window.home.line_check.step is Step.CLOSED


def test_an_echo_is_said_in_words_and_one_button_sets_what_fits(window: MainWindow, api: Any) -> None:
    check = window.home.line_check
    assert not check.use.isVisible()
    check.echo.click()
    assert check.hint.text() == (
        "The microphone hears the speaker, 12 dB softer and 0.26 s later. "
        "Speakers mode fits: the echo is removed, and you can speak over the interviewer."
    )
    assert check.use.label == "Use speakers mode"
    check.use.click()
    assert (api.settings.echo, api.settings.echo_delay_s) == (Echo.CANCEL, 0.26)
    assert not check.use.isVisible()
    assert window.settings.echo.index() == 1


def test_a_mode_that_fits_already_needs_no_button_and_keeps_the_delay(window: MainWindow, api: Any) -> None:
    window.keeper.change(echo=Echo.HALF)
    api.echo_found = EchoFound(2.0, 0.31, Echo.HALF)
    check = window.home.line_check
    check.echo.click()
    assert "2 dB louder and 0.31 s later. In-turns mode is set and fits" in check.hint.text()
    assert not check.use.isVisible()
    assert api.settings.echo_delay_s == 0.31


def test_no_echo_proposes_headphones_to_whoever_has_speakers_set(window: MainWindow, api: Any) -> None:
    window.keeper.change(echo=Echo.CANCEL)
    api.echo_found = EchoFound(None, 0.25, Echo.HEADPHONES)
    check = window.home.line_check
    check.echo.click()
    assert check.hint.text().startswith("The microphone does not hear the speaker. Headphones mode fits")
    check.use.click()
    assert api.settings.echo is Echo.HEADPHONES


def test_an_echo_test_that_fails_says_why(window: MainWindow, api: Any) -> None:
    api.fails["measure_echo"] = NoSpeaker("The speaker went away.", "Plug it in again.")
    check = window.home.line_check
    check.echo.click()
    assert check.hint.text() == "The speaker went away. Plug it in again."
    assert check.step is Step.CLOSED


def test_an_echo_test_can_be_stopped(window: MainWindow, api: Any) -> None:
    asked_to_stop: list[bool] = []

    def measure(stopped: Any) -> EchoFound:
        check.say.click()
        asked_to_stop.append(stopped())
        return EchoFound(-3.0, 0.2, Echo.CANCEL)

    check = window.home.line_check
    api.measure_echo = measure
    check.echo.click()
    assert asked_to_stop == [True]
    assert not check.use.isVisible(), "what was stopped found nothing"
    assert check.step is Step.CLOSED


def test_no_devices_at_all_is_a_state_with_a_sentence(window: MainWindow, api: Any) -> None:
    api.the_devices = Devices((), (), "The sound system cannot be used.")
    window.home.refresh()
    assert not window.home.line_check.say.isEnabled()
    assert window.home.line_check.hint.text() == "The sound system cannot be used."


def test_leaving_home_closes_the_microphone(window: MainWindow, api: Any) -> None:
    window.home.line_check.say.click()
    window.open_settings()
    assert api.check.did[-1] == "close"


def test_a_past_call_opens(window: MainWindow) -> None:
    window.home.rows[0].open.click()
    assert window.pages.currentWidget() is window.review
    assert window.review.record is not None


def test_only_a_broken_off_call_can_be_resumed(window: MainWindow, api: Any) -> None:
    assert not hasattr(window.home.rows[0], "resume")
    window.home.rows[1].resume.click()
    assert asked(api, "resume_call") == [("20261122-090000-1111",)]
    assert window.pages.currentWidget() is window.call


def test_deleting_asks_first(window: MainWindow, api: Any) -> None:
    window.home.rows[0].delete.click()
    dialog = window.findChild(Ask)
    dialog.no.click()
    assert asked(api, "delete_call") == []
    window.home.rows[0].delete.click()
    next(d for d in window.findChildren(Ask) if d.isVisible()).yes.click()
    assert asked(api, "delete_call") == [("20261123-174203-7f3a",)]
    assert len(window.home.rows) == 1


def test_without_calls_there_is_one_sentence(window: MainWindow, api: Any) -> None:
    api.summaries = ()
    window.home.refresh()
    assert window.home.rows == []
    assert window.home.calls_hint.isVisible()


def offered(card: Any, round_: str) -> list[str]:
    company, name = round_.split("/")
    card.company.setCurrentIndex(card.company.findData(company))
    card.show_company()
    card.round.setCurrentIndex(card.round.findData(name))
    card.show_round()
    return [b.text() for b in card.length.findChildren(QAbstractButton) if not b.isHidden()]


def test_each_round_offers_lengths_of_its_own(window: MainWindow, api: Any) -> None:
    card = window.home.card
    design = RoundInfo("acme", "Acme", "design", "Systems design", "Developer", 8, ((1, 30), (1, 60)), "problem")
    stories = RoundInfo("acme", "Acme", "values", "Values", "Developer", 8, ((3, 15), (8, 45)), "story")
    card.show_rounds((*api.rounds(), stories, design))
    card.length.choose(2)
    assert offered(card, "acme/design") == ["1 problem", "1 problem"]
    assert card.options() == CallOptions("acme", "design", 1, 60.0)
    assert offered(card, "acme/values") == ["3 stories", "8 stories"]


def test_a_call_is_kept_for_ever_with_a_key_and_the_list_shows_it(window: MainWindow, api: Any, qtbot: QtBot) -> None:
    line = window.home.rows[0]
    assert (line.keep.icon_name, line.kept) == ("star", False)
    line.open.setFocus()
    qtbot.keyClick(line.open, Qt.Key.Key_K)
    assert asked(api, "keep_call") == [("20261123-174203-7f3a", True)]
    assert window.home.rows[0] is line, "the focus stays where it was"
    assert line.keep.icon_name == "star-filled"
    assert line.keep.accessibleName().endswith(" no longer")
    window.home.judged()
    assert window.home.rows[0].kept, "as the store says"
    window.home.rows[0].keep.click()
    assert asked(api, "keep_call")[-1] == ("20261123-174203-7f3a", False)


def test_the_delete_key_asks_about_the_call_with_the_focus(window: MainWindow, qtbot: QtBot) -> None:
    line = window.home.rows[0]
    line.open.setFocus()
    qtbot.keyClick(line.open, Qt.Key.Key_Delete)
    ask = next(d for d in window.home.findChildren(Ask) if d.isVisible())
    ask.reject()

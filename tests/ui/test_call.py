"""The call screen: what it shows of the events, and what its keys say to the interviewer."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from hireflow_voice.errors import ModelMissing
from hireflow_voice.events import (
    CallEnded,
    CallSaved,
    Caption,
    Ducked,
    Judged,
    Level,
    Phase,
    PhaseChanged,
    Press,
    QuestionChanged,
    SilenceGrowing,
    Trouble,
    TurnPaused,
    TurnReopened,
    Typed,
    UseDevices,
)
from hireflow_voice.settings import Appearance
from hireflow_voice.sound import Echo
from hireflow_voice.ui.pages.call import CallPage
from hireflow_voice.ui.theme import Theme
from hireflow_voice.ui.widgets.basics import Label
from hireflow_voice.ui.widgets.device_choice import DeviceDialog
from hireflow_voice.ui.widgets.dialogs import Ask
from hireflow_voice.ui.window import MainWindow


@pytest.fixture
def call(window: MainWindow, api: Any) -> CallPage:
    """A call in which the interviewer listens."""
    window.home.start()
    api.on_event(PhaseChanged(0.0, Phase.RINGING))
    api.on_event(PhaseChanged(0.0, Phase.SPEAKING))
    api.on_event(QuestionChanged(20.0, 2, 3, "q2", "How would you cache this?"))
    api.on_event(Caption(20.0, "interviewer", "How would you cache this?", "say-1", True, "question"))
    api.on_event(PhaseChanged(30.0, Phase.LISTENING))
    return window.call


def test_the_header_says_who_where_and_how_far(call: CallPage) -> None:
    assert call.header.name.text() == "Alex"
    assert "Cloudflare" in call.header.role.text()
    assert call.header.question.text() == "Question 2 of 3"
    assert call.header.steps.done == 2


def test_both_clocks_follow_the_calls_own_clock(call: CallPage, api: Any) -> None:
    api.on_event(Level(125.0, -30.0))
    call._tick()
    assert call.header.elapsed.text() == "2:05"
    assert call.header.left.text() == "12:54 left"
    assert call.state.timer.text() == "1:35"


@pytest.mark.parametrize(
    ("phase", "words"),
    [
        (Phase.CONNECTING, "Connecting"),
        (Phase.RINGING, "Ringing"),
        (Phase.SPEAKING, "Interviewer speaking"),
        (Phase.LISTENING, "Listening"),
        (Phase.THINKING, "Thinking"),
        (Phase.ON_HOLD, "On hold"),
    ],
)
def test_every_phase_has_its_words(call: CallPage, api: Any, phase: Phase, words: str) -> None:
    api.on_event(PhaseChanged(31.0, phase))
    assert call.state.title.text() == words
    assert call.state.wave.active == (phase is Phase.LISTENING)


@pytest.mark.parametrize(
    ("key", "press"),
    [
        (Qt.Key.Key_Space, Press.DONE),
        (Qt.Key.Key_O, Press.HOLD),
        (Qt.Key.Key_R, Press.REPEAT),
        (Qt.Key.Key_W, Press.REPHRASE),
        (Qt.Key.Key_H, Press.HINT),
        (Qt.Key.Key_K, Press.THINK),
        (Qt.Key.Key_D, Press.DONT_KNOW),
        (Qt.Key.Key_S, Press.SKIP),
        (Qt.Key.Key_M, Press.MUTE),
    ],
)
def test_each_key_says_one_thing(call: CallPage, api: Any, qtbot: QtBot, key: Qt.Key, press: Press) -> None:
    qtbot.keyClick(call.window().focusWidget(), key)
    assert api.live.posted == [press]


def test_each_button_says_what_its_key_says(call: CallPage, api: Any, qtbot: QtBot) -> None:
    for tile in (call.repeat, call.hint, call.think, call.dont_know, call.skip, call.done):
        qtbot.mouseClick(tile, Qt.MouseButton.LeftButton)
    assert api.live.posted == [Press.REPEAT, Press.HINT, Press.THINK, Press.DONT_KNOW, Press.SKIP, Press.DONE]


def test_a_click_leaves_space_to_mean_done(call: CallPage, api: Any, qtbot: QtBot) -> None:
    qtbot.mouseClick(call.mute, Qt.MouseButton.LeftButton)
    qtbot.keyClick(call.window().focusWidget(), Qt.Key.Key_Space)
    assert api.live.posted == [Press.MUTE, Press.DONE]


def test_space_presses_the_button_that_was_reached_with_tab(call: CallPage, api: Any, qtbot: QtBot) -> None:
    call.repeat.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(call.repeat, Qt.Key.Key_Space)
    assert api.live.posted == [Press.REPEAT]


def test_done_is_not_for_the_greeting(call: CallPage, api: Any, qtbot: QtBot) -> None:
    api.on_event(PhaseChanged(31.0, Phase.SPEAKING))
    api.on_event(Caption(31.0, "interviewer", "Hello, this is Joe.", "s1", True, "greeting"))
    qtbot.keyClick(call.window().focusWidget(), Qt.Key.Key_Space)
    assert api.live.posted == []


def test_space_interrupts_a_question_and_says_so(call: CallPage, api: Any, qtbot: QtBot) -> None:
    api.on_event(PhaseChanged(31.0, Phase.SPEAKING))
    api.on_event(Caption(31.0, "interviewer", "And how would you evict?", "s2", True, "follow_up"))
    assert (call.done.label, "press Space" in call.state.detail.text()) == ("Interrupt", True)
    qtbot.keyClick(call.window().focusWidget(), Qt.Key.Key_Space)
    assert api.live.posted == [Press.DONE]
    api.on_event(PhaseChanged(33.0, Phase.LISTENING))
    assert call.done.label == "Done answering"


def test_speaking_over_the_interviewer_shows_that_he_is_softer(call: CallPage, api: Any) -> None:
    api.on_event(PhaseChanged(31.0, Phase.SPEAKING))
    api.on_event(Caption(31.0, "interviewer", "And how would you evict?", "s2", True, "follow_up"))
    api.on_event(Ducked(31.5, on=True))
    assert call.state.title.text() == "You are speaking"
    api.on_event(Ducked(32.0, on=False))
    assert call.state.title.text() == "Interviewer speaking"


def test_after_uh_huh_the_floor_is_still_the_candidates(call: CallPage, api: Any) -> None:
    api.on_event(SilenceGrowing(40.0, 2.4, 2.5))
    api.on_event(TurnPaused(40.1))
    assert call.state.title.text() == "Still listening"
    assert "same answer" in call.state.detail.text()
    api.on_event(TurnReopened(40.6))
    assert call.state.title.text() == "Listening"
    assert "same answer" in call.state.detail.text()
    api.on_event(PhaseChanged(45.0, Phase.THINKING))
    assert "same answer" not in call.state.detail.text()


def test_mute_toggles_and_says_so(call: CallPage, api: Any) -> None:
    call.mute.click()
    assert (call.mute.label, call.state.title.text()) == ("Unmute", "Muted")
    call.mute.click()
    assert (call.mute.label, call.state.title.text()) == ("Mute", "Listening")
    assert api.live.posted == [Press.MUTE, Press.UNMUTE]


def test_a_silence_counts_down_and_is_taken_back_when_speech_goes_on(call: CallPage, api: Any) -> None:
    api.on_event(SilenceGrowing(39.5, 0.9, 6.0))
    assert call.state.ring.remaining is None, "short pauses are part of speaking"
    api.on_event(SilenceGrowing(40.0, 1.5, 6.0))
    assert call.state.ring.remaining == pytest.approx(0.9)
    api.on_event(SilenceGrowing(40.0, 1.5, 3.5))
    assert call.state.ring.remaining == pytest.approx(0.8), "it follows the limit"
    assert "2.0 s" in call.state.detail.text()
    api.on_event(Level(40.1, -20.0))
    assert call.state.ring.remaining is not None
    api.on_event(Level(40.5, -20.0))
    assert call.state.ring.remaining is None
    assert "Take your time" in call.state.detail.text()


def test_with_manual_patience_no_ring_threatens(call: CallPage, api: Any) -> None:
    api.on_event(SilenceGrowing(40.0, 30.0, None))
    assert call.state.ring.remaining is None
    assert "ends in" not in call.state.detail.text()


def test_captions_of_both_sides_and_c_hides_them(call: CallPage, api: Any, qtbot: QtBot) -> None:
    api.on_event(Caption(35.0, "candidate", "I would use", "t1", False))
    api.on_event(Caption(36.0, "candidate", "I would use a CDN.", "t1", True))
    assert call.captions.interviewer.text() == "How would you cache this?"
    assert call.captions.candidate.text() == "I would use a CDN."
    qtbot.keyClick(call.window().focusWidget(), Qt.Key.Key_C)
    assert not call.captions.interviewer.isVisible()
    assert not call.header.context.isVisible()
    assert api.settings.captions is False
    qtbot.keyClick(call.window().focusWidget(), Qt.Key.Key_C)
    assert call.captions.interviewer.isVisible()


def test_an_answer_can_be_typed_and_its_letters_press_nothing(call: CallPage, api: Any, qtbot: QtBot) -> None:
    qtbot.keyClick(call.window().focusWidget(), Qt.Key.Key_T)
    editor = call.state.typing.editor
    assert call.window().focusWidget() is editor
    qtbot.keyClicks(editor, "rest Mcdhk ")
    qtbot.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(editor, "more")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert api.live.posted == [Typed("rest Mcdhk \nmore")]
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert not call.state.typing.is_open
    assert call.window().findChild(Ask) is None
    qtbot.keyClick(call.window().focusWidget(), Qt.Key.Key_Space)
    assert api.live.posted[1:] == [Press.DONE]


def test_nothing_typed_is_sent_while_the_interviewer_speaks(call: CallPage, api: Any, qtbot: QtBot) -> None:
    call.state.typing.set_open(True)
    qtbot.keyClicks(call.state.typing.editor, "early")
    api.on_event(PhaseChanged(31.0, Phase.SPEAKING))
    qtbot.keyClick(call.state.typing.editor, Qt.Key.Key_Return)
    assert api.live.posted == []
    assert call.state.typing.editor.toPlainText() == "early"


def test_another_microphone_and_speaker_can_be_chosen_while_the_call_goes_on(
    call: CallPage, api: Any, qtbot: QtBot
) -> None:
    qtbot.keyClick(call.window().focusWidget(), Qt.Key.Key_A)
    dialog = call.window().findChild(DeviceDialog)
    assert dialog.isVisible()
    texts = [dialog.microphone.itemText(row) for row in range(dialog.microphone.count())]
    assert texts == ["Default microphone", "Built-in microphone", "USB headset"]
    for select, value in ((dialog.microphone, "USB headset"), (dialog.speaker, "Built-in speaker")):
        select.setCurrentIndex(select.findData(value))
        select.activated.emit(select.currentIndex())
    qtbot.mouseClick(dialog.echo._group.button(1), Qt.MouseButton.LeftButton)
    assert api.live.posted == [
        UseDevices("USB headset", "", Echo.HEADPHONES),
        UseDevices("USB headset", "Built-in speaker", Echo.HEADPHONES),
        UseDevices("USB headset", "Built-in speaker", Echo.CANCEL),
    ]
    kept = api.settings
    assert (kept.microphone, kept.speaker, kept.echo) == ("USB headset", "Built-in speaker", Echo.CANCEL)
    dialog.back.click()
    qtbot.keyClick(call.window().focusWidget(), Qt.Key.Key_Space)
    assert api.live.posted[-1] is Press.DONE


def test_the_choice_of_devices_does_not_outlive_the_call(call: CallPage, api: Any) -> None:
    call.state.devices.click()
    dialog = call.window().findChild(DeviceDialog)
    api.on_event(CallEnded(60.0, api.live.id, True))
    assert not dialog.isVisible()


def test_ending_asks_first(call: CallPage, api: Any, qtbot: QtBot) -> None:
    qtbot.keyClick(call.window().focusWidget(), Qt.Key.Key_Escape)
    call.window().findChild(Ask).no.click()
    assert api.live.posted == []
    call.end.click()
    next(d for d in call.window().findChildren(Ask) if d.isVisible()).yes.click()
    assert api.live.posted == [Press.HANG_UP]


LOST = Trouble(33.0, "NoMicrophone", "this computer", "The microphone went away.", "Plug it in again.")
BACK = Trouble(36.0, "NoMicrophone", "", "", "", over=True)


def test_a_microphone_that_was_never_there_opens_the_field_and_its_return_closes_it(
    call: CallPage, api: Any, qtbot: QtBot
) -> None:
    api.on_event(Level(32.0, -90.0))
    api.on_event(LOST)
    assert call.state.typing.is_open
    api.on_event(BACK)
    assert not call.state.typing.is_open
    qtbot.keyClick(call.window().focusWidget(), Qt.Key.Key_Space)
    assert api.live.posted == [Press.DONE]


def test_a_microphone_lost_after_it_was_heard_leaves_the_keys_alone(call: CallPage, api: Any, qtbot: QtBot) -> None:
    api.on_event(Level(32.0, -41.0))
    api.on_event(LOST)
    assert call.banner.isVisible()
    assert not call.state.typing.is_open
    qtbot.keyClick(call.window().focusWidget(), Qt.Key.Key_Space)
    assert api.live.posted == [Press.DONE]


def test_the_field_stays_open_while_something_is_typed_in_it_or_another_trouble_lasts(
    call: CallPage, api: Any, qtbot: QtBot
) -> None:
    api.on_event(LOST)
    api.on_event(Trouble(34.0, "NoSoundSystem", "this computer", "There is no sound system.", ""))
    api.on_event(BACK)
    assert call.state.typing.is_open
    qtbot.keyClicks(call.state.typing.editor, "I would")
    api.on_event(Trouble(37.0, "NoSoundSystem", "", "", "", over=True))
    assert call.state.typing.is_open
    assert call.state.typing.editor.toPlainText() == "I would"


def test_a_field_that_the_user_opened_is_not_closed_for_him(call: CallPage, api: Any, qtbot: QtBot) -> None:
    qtbot.keyClick(call.window().focusWidget(), Qt.Key.Key_T)
    api.on_event(LOST)
    api.on_event(BACK)
    assert call.state.typing.is_open


def test_a_field_that_the_user_closed_and_opened_again_is_his(call: CallPage, api: Any) -> None:
    api.on_event(LOST)
    call.state.typing.toggle.click()
    call.state.typing.toggle.click()
    api.on_event(BACK)
    assert call.state.typing.is_open


def test_the_next_call_does_not_know_what_the_last_one_heard(window: MainWindow, call: CallPage, api: Any) -> None:
    api.on_event(Level(32.0, -30.0))
    window._gave_up()
    window.home.start()
    api.on_event(PhaseChanged(0.0, Phase.SPEAKING))
    api.on_event(LOST)
    assert call.state.typing.is_open


def test_trouble_is_shown_until_it_is_over_and_opens_the_field_without_a_microphone(call: CallPage, api: Any) -> None:
    api.on_event(LOST)
    assert call.banner.isVisible()
    assert call.banner.title.text() == "Trouble with this computer"
    assert call.banner.words.text() == "The microphone went away. Plug it in again."
    assert call.state.typing.is_open
    api.on_event(Trouble(34.0, "WorkerFailed", "this computer", "The recogniser was started again.", ""))
    api.on_event(Trouble(35.0, "WorkerFailed", "", "", "", over=True))
    assert call.banner.words.text().startswith("The microphone went away.")
    api.on_event(Trouble(36.0, "NoMicrophone", "", "", "", over=True))
    assert not call.banner.isVisible()


def test_no_score_is_shown_during_the_call(call: CallPage, api: Any, fakes: Any) -> None:
    before = [label.text() for label in call.findChildren(Label)]
    api.on_event(Judged(40.0, "q1", fakes.make_record().judgements[0]))
    assert [label.text() for label in call.findChildren(Label)] == before
    assert "%" not in "".join(before)


def test_the_end_leads_to_the_review_which_fills_in(window: MainWindow, call: CallPage, api: Any, fakes: Any) -> None:
    api.records[api.live.id] = fakes.make_record(judge=False)
    api.on_event(CallEnded(60.0, api.live.id, True))
    assert window.pages.currentWidget() is window.review
    assert "writing up your feedback" in window.review.detail.text()
    assert [row.right for row in window.review.list.rows if row.title == "Question 1"] == ["judging"]
    api.records[api.live.id] = fakes.make_record()
    api.on_event(Judged(60.0, "q1", fakes.make_record().judgements[0]))
    assert [row.right for row in window.review.list.rows if row.title == "Question 1"] == ["63 %"]
    api.on_event(CallSaved(api.live.id))
    assert "writing up" not in window.review.detail.text()


def test_a_review_that_is_opened_again_still_says_that_the_judge_writes(
    window: MainWindow, call: CallPage, api: Any, fakes: Any
) -> None:
    api.records[api.live.id] = fakes.make_record(judge=False)
    api.on_event(CallEnded(60.0, api.live.id, True))
    window.open_home()
    window.home.rows[0].open.click()
    assert window.review.writing
    window.open_home()
    api.on_event(CallSaved(api.live.id))
    window.home.rows[0].open.click()
    assert not window.review.writing


def test_a_call_that_is_still_judged_is_not_deleted_and_says_when_it_can_be(
    window: MainWindow, call: CallPage, api: Any, fakes: Any
) -> None:
    api.on_event(CallEnded(60.0, api.live.id, True))
    window.open_home()
    window.home.rows[0].delete.click()
    assert window.home.banner.words.text() == "This call is still being judged. Delete it when its feedback is there."
    assert window.findChild(Ask) is None
    api.summaries = (fakes.summary(api.live.id, score=0.91),)
    api.on_event(CallSaved(api.live.id))
    assert not window.home.banner.isVisible()
    assert window.home.rows[0].open._score == "91 %"
    window.home.rows[0].delete.click()
    window.findChild(Ask).yes.click()
    assert ("delete_call", api.live.id) in api.did


def test_the_window_closes_while_a_call_is_judged(window: MainWindow, call: CallPage, api: Any) -> None:
    api.on_event(CallEnded(60.0, api.live.id, True))
    window.close()
    assert not window.isVisible()
    api.on_event(CallSaved(api.live.id))
    assert not window.review.writing


def test_a_call_that_cannot_begin_says_why_on_home(window: MainWindow, api: Any) -> None:
    api.fails["start_call"] = ModelMissing("The recogniser is not here.", "Fetch the models.")
    window.home.start()
    assert window.pages.currentWidget() is window.home
    assert window.home.banner.words.text() == "The recogniser is not here. Fetch the models."


def test_hanging_up_while_it_rings_needs_no_question(window: MainWindow, api: Any, qtbot: QtBot) -> None:
    window.home.start()
    api.on_event(PhaseChanged(0.0, Phase.RINGING))
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
    assert api.live.posted == [Press.HANG_UP]


def test_the_window_asks_before_it_leaves_a_call(window: MainWindow, call: CallPage) -> None:
    window.close()
    assert window.isVisible()
    dialog = window.findChild(Ask)
    dialog.yes.click()
    assert not window.isVisible()


def test_events_of_a_call_that_was_given_up_do_not_reach_the_next(window: MainWindow, api: Any) -> None:
    window.home.start()
    first = api.on_event
    window._gave_up()
    window.home.start()
    api.on_event(PhaseChanged(0.0, Phase.LISTENING))
    first(PhaseChanged(0.0, Phase.THINKING))
    first(CallEnded(1.0, "another", False))
    assert window.call.phase is Phase.LISTENING
    assert window.calling


def test_the_ticker_stops_with_the_page(window: MainWindow, call: CallPage, api: Any) -> None:
    assert call._ticker.isActive()
    api.on_event(CallEnded(60.0, api.live.id, True))
    assert not call._ticker.isActive()


@pytest.mark.parametrize("end", ["ended", "gave up", "failed"])
def test_a_desktop_that_turns_dark_waits_until_the_call_is_over(
    window: MainWindow, api: Any, theme: Theme, end: str
) -> None:
    theme.set_system(Qt.ColorScheme.Light)
    theme.set_appearance(Appearance.SYSTEM)
    if end == "failed":
        api.while_dialling = lambda: theme.set_system(Qt.ColorScheme.Dark)
        api.fails["start_call"] = ModelMissing("The recogniser is not here.", "Fetch the models.")
    told: list[str] = []
    theme.changed.connect(lambda: told.append("during" if window.calling else "after"))
    window.home.start()
    if end != "failed":
        theme.set_system(Qt.ColorScheme.Dark)
        assert theme.scheme.name == "light"
        if end == "ended":
            api.on_event(CallEnded(60.0, api.live.id, True))
        else:
            window._gave_up()
    assert theme.scheme.name == "dark"
    assert told == ["after"]


def test_the_header_says_when_it_is_the_candidates_turn_to_ask(call: CallPage, api: Any) -> None:
    api.on_event(Caption(300.0, "interviewer", "What would you like to ask me?", "say-9", True, "invite"))
    assert call.header.question.text() == "Your questions"
    assert call.header.steps.done == 3
    assert call.header.context.text() == ""


def test_an_answer_that_was_written_but_not_sent_is_kept_when_the_call_is_ended(call: CallPage, api: Any) -> None:
    call.state.typing.set_open(True)
    call.state.typing.editor.setPlainText("With a shared counter in Redis.")
    call.hang_up()
    assert api.live.posted[-2:] == [Typed("With a shared counter in Redis."), Press.HANG_UP]

"""The small window: the call goes on in it by keyboard, and the page comes back with everything as it was."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from hireflow_voice.events import (
    CallEnded,
    Caption,
    Phase,
    PhaseChanged,
    Press,
    QuestionChanged,
    SilenceGrowing,
    Trouble,
)
from hireflow_voice.ui.pages.call import CallPage
from hireflow_voice.ui.pages.call_compact import CompactCall
from hireflow_voice.ui.widgets.dialogs import Ask
from hireflow_voice.ui.window import MainWindow


@pytest.fixture
def small(window: MainWindow, api: Any, qtbot: QtBot) -> CompactCall:
    """A call in the small window, an answer under way."""
    window.home.start()
    api.on_event(PhaseChanged(0.0, Phase.SPEAKING))
    api.on_event(QuestionChanged(20.0, 2, 3, "q2", "How would you cache this?"))
    api.on_event(Caption(20.0, "interviewer", "How would you cache this?", "say-1", True, "question"))
    api.on_event(PhaseChanged(30.0, Phase.LISTENING))
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_F)
    return window.call.small.window


def test_one_key_changes_the_windows_and_back(window: MainWindow, small: CompactCall, qtbot: QtBot) -> None:
    assert small.isVisible()
    assert not window.isVisible()
    assert small.focusWidget() in (None, small), "Space means done, not the first button"
    assert small.windowFlags() & Qt.WindowType.WindowStaysOnTopHint
    qtbot.keyClick(small, Qt.Key.Key_F)
    assert window.isVisible()
    assert not small.isVisible()
    assert window.call._ticker.isActive()


def test_it_shows_state_clock_and_the_newest_words(window: MainWindow, small: CompactCall, api: Any) -> None:
    assert (small.title.text(), small.words.text()) == ("Listening", "How would you cache this?")
    assert small.elapsed.text() == "0:30"
    api.on_event(Caption(35.0, "candidate", "I would use a CDN.", "t1", False))
    assert small.words.text() == "I would use a CDN."
    api.on_event(SilenceGrowing(40.0, 1.5, 3.5))
    assert small.ring.remaining == pytest.approx(0.8)
    assert "ends in 2.0 s" in small.words.text()
    api.on_event(Trouble(41.0, "NoMicrophone", "this computer", "The microphone went away.", "Plug it in."))
    assert small.words.text() == "The microphone went away. Plug it in."
    api.on_event(PhaseChanged(45.0, Phase.THINKING))
    assert small.title.text() == "Thinking"
    assert window.call._ticker.isActive(), "the clock goes on"


def test_hidden_captions_stay_hidden(window: MainWindow, small: CompactCall, qtbot: QtBot) -> None:
    qtbot.keyClick(small, Qt.Key.Key_C)
    window.call.small.follow()
    assert "Take your time" in small.words.text()


@pytest.mark.parametrize(
    ("key", "press"),
    [
        (Qt.Key.Key_Space, Press.DONE),
        (Qt.Key.Key_M, Press.MUTE),
        (Qt.Key.Key_O, Press.HOLD),
        (Qt.Key.Key_R, Press.REPEAT),
        (Qt.Key.Key_H, Press.HINT),
    ],
)
def test_the_keys_of_the_call_work_in_it(small: CompactCall, api: Any, qtbot: QtBot, key: Qt.Key, press: Press) -> None:
    qtbot.keyClick(small, key)
    assert api.live.posted == [press]
    assert small.isVisible()


def test_its_buttons_do_what_those_of_the_page_do(small: CompactCall, api: Any, qtbot: QtBot) -> None:
    for button in (small.mute, small.hold, small.done):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert api.live.posted == [Press.MUTE, Press.HOLD, Press.DONE]
    api.on_event(PhaseChanged(45.0, Phase.ON_HOLD))
    assert (small.mute.label, small.hold.label, small.done.isEnabled()) == ("Unmute", "Resume", False)
    qtbot.mouseClick(small.full, Qt.MouseButton.LeftButton)
    assert not small.isVisible()


def test_ending_asks_in_the_full_window(window: MainWindow, small: CompactCall, api: Any, qtbot: QtBot) -> None:
    qtbot.keyClick(small, Qt.Key.Key_Escape)
    assert window.isVisible()
    assert not small.isVisible()
    window.findChild(Ask).yes.click()
    assert api.live.posted == [Press.HANG_UP]


@pytest.mark.parametrize("key", [Qt.Key.Key_T, Qt.Key.Key_N])
def test_what_needs_room_brings_the_page_back(
    window: MainWindow, small: CompactCall, qtbot: QtBot, key: Qt.Key
) -> None:
    qtbot.keyClick(small, key)
    assert window.isVisible()
    assert window.focusWidget() in (window.call.state.typing.editor, window.call.notes.editor)


def test_closing_it_does_not_close_the_call(window: MainWindow, small: CompactCall, api: Any) -> None:
    small.close()
    assert window.isVisible()
    assert api.live.posted == []


def test_the_end_of_the_call_shows_the_review(window: MainWindow, small: CompactCall, api: Any) -> None:
    api.on_event(CallEnded(60.0, api.live.id, True))
    assert window.isVisible()
    assert not small.isVisible()
    assert window.pages.currentWidget() is window.review


def test_there_is_no_small_window_before_it_rings(window: MainWindow, api: Any, qtbot: QtBot) -> None:
    window.home.start()
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_F)
    assert window.isVisible()
    call: CallPage = window.call
    assert not call.small.active

"""A call on hold: one key, and the screen says plainly that everything stands still."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from hireflow_voice.events import Caption, Level, Phase, PhaseChanged, Press, QuestionChanged
from hireflow_voice.ui.pages.call import CallPage
from hireflow_voice.ui.window import MainWindow


@pytest.fixture
def call(window: MainWindow, api: Any, monkeypatch: pytest.MonkeyPatch) -> CallPage:
    """A call on hold, an answer under way; time passes when `call.clock` says so."""
    page = window.call
    clock = [100.0]
    monkeypatch.setattr(page, "_now", lambda: clock[0])
    monkeypatch.setattr(page, "clock", clock, raising=False)
    window.home.start()
    api.on_event(PhaseChanged(0.0, Phase.SPEAKING))
    api.on_event(QuestionChanged(20.0, 2, 3, "q2", "How would you cache this?"))
    api.on_event(Caption(20.0, "interviewer", "How would you cache this?", "say-1", True, "question"))
    api.on_event(PhaseChanged(30.0, Phase.LISTENING))
    api.on_event(Level(60.0, -30.0))
    api.on_event(PhaseChanged(60.0, Phase.ON_HOLD))
    return page


def test_the_same_key_takes_the_call_off_hold(call: CallPage, api: Any, qtbot: QtBot) -> None:
    assert call.hold.label == "Resume"
    qtbot.keyClick(call.window().focusWidget(), Qt.Key.Key_O)
    assert api.live.posted == [Press.UNHOLD]
    api.on_event(PhaseChanged(60.0, Phase.LISTENING))
    assert call.hold.label == "Hold"


def test_both_clocks_stand_still_and_say_so(call: CallPage, api: Any) -> None:
    call.clock[0] += 600.0
    call._tick()
    assert (call.header.elapsed.text(), call.header.left.text()) == ("1:00", "Clock stopped")
    api.on_event(PhaseChanged(60.0, Phase.LISTENING))
    call.clock[0] += 5.0
    call._tick()
    assert call.header.elapsed.text() == "1:05"
    assert call.header.left.text() == "13:55 left"


def test_the_answer_goes_on_where_it_was(call: CallPage, api: Any) -> None:
    api.on_event(PhaseChanged(60.0, Phase.LISTENING))
    call.clock[0] += 5.0
    call._tick()
    assert call.state.timer.text() == "0:35"


def test_on_hold_only_resume_and_the_end_work(call: CallPage, api: Any, qtbot: QtBot) -> None:
    for key in (Qt.Key.Key_Space, Qt.Key.Key_R, Qt.Key.Key_H, Qt.Key.Key_S, Qt.Key.Key_M):
        qtbot.keyClick(call.window().focusWidget(), key)
    assert api.live.posted == []
    assert call.hold.isEnabled()
    assert call.end.isEnabled()


def test_before_anybody_picks_up_there_is_nothing_to_hold(window: MainWindow, api: Any, qtbot: QtBot) -> None:
    window.home.start()
    api.on_event(PhaseChanged(0.0, Phase.RINGING))
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_O)
    assert api.live.posted == []

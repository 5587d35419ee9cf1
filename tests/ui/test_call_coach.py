"""The coach's panel: there in Coach mode only, showing what is known and what was said, and a button to try again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from hireflow_voice.events import Caption, Coaching, Level, Phase, PhaseChanged, Press, QuestionChanged
from hireflow_voice.ui.pages.call import CallPage
from hireflow_voice.ui.window import MainWindow


@pytest.fixture
def call(window: MainWindow, api: Any) -> CallPage:
    """A call in Coach mode in which the interviewer listens."""
    window.home.card.mode.choose(1)
    window.home.start()
    agreed = next(iter(api.records.values())).header
    window.call.show_agreed(replace(agreed, coach=True))
    api.on_event(PhaseChanged(0.0, Phase.SPEAKING))
    api.on_event(QuestionChanged(20.0, 1, 3, "q1", "How would you cache this?"))
    api.on_event(PhaseChanged(30.0, Phase.LISTENING))
    return window.call


def criticised(api: Any) -> None:
    api.on_event(PhaseChanged(60.0, Phase.SPEAKING))
    for kind in ("strength", "gap", "again"):
        api.on_event(Caption(61.0, "interviewer", f"The {kind}.", kind, True, kind))


def test_home_asks_for_coach_mode(call: CallPage, api: Any) -> None:
    assert next(what for what in api.did if what[0] == "start_call")[1].coach


def test_the_panel_is_there_in_coach_mode_only(call: CallPage, api: Any) -> None:
    assert not call.coach.isHidden()
    call.show_agreed(next(iter(api.records.values())).header)
    assert call.coach.isHidden()


def test_it_shows_pace_time_fillers_and_what_was_touched(call: CallPage, api: Any) -> None:
    api.on_event(Coaching(40.0, 183.0, 1, ("Redis", "<b>TTL</b>"), (60.0, 120.0)))
    api.on_event(Level(105.0, -30.0))
    call._tick()
    assert (call.coach.pace.value.text(), call.coach.pace.word.text()) == ("about 180", "fast")
    assert (call.coach.time.value.text(), call.coach.time.word.text()) == ("1:15 of 1:00 to 2:00", "good")
    assert call.coach.fillers.text() == "1 filler noticed"
    assert call.coach.touched.text() == "Redis · <b>TTL</b>"
    assert call.coach.touched.textFormat() is Qt.TextFormat.PlainText


def test_after_an_answer_it_shows_strength_and_gap_and_y_tries_again(call: CallPage, api: Any, qtbot: QtBot) -> None:
    assert not call.coach.again.isEnabled()
    criticised(api)
    assert call.coach.strong.text() == "The strength."
    assert call.coach.open.text() == "The gap."
    qtbot.keyClick(call, Qt.Key.Key_Y)
    assert api.live.posted[-1] is Press.RETRY
    assert not call.coach.again.isEnabled()


def test_the_next_question_clears_what_was_said(call: CallPage, api: Any) -> None:
    criticised(api)
    api.on_event(Caption(90.0, "interviewer", "And how would you measure it?", "s", True, "question"))
    assert call.coach.strong.text() == call.coach.open.text() == ""
    assert not call.coach.again.isEnabled()

"""What moves for the interviewer: with his voice, only while it is on screen, and not where nothing should move."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from hireflow_voice.events import CallEnded, Phase, PhaseChanged, Spoken
from hireflow_voice.ui.theme import Theme
from hireflow_voice.ui.widgets.presence import LEAST, Presence
from hireflow_voice.ui.window import MainWindow


@pytest.fixture
def clock() -> list[float]:
    return [0.0]


@pytest.fixture
def presence(qtbot: QtBot, theme: Theme, clock: list[float]) -> Presence:
    made = Presence(theme, lambda: clock[0])
    qtbot.addWidget(made)
    made.resize(600, 120)
    made.show()
    return made


def frames(presence: Presence, clock: list[float], count: int) -> None:
    for _ in range(count):
        clock[0] += 0.033
        presence._frame()


def drawn(presence: Presence) -> QImage:
    return presence.grab().toImage()


def test_it_swings_with_the_voice_and_rests_when_it_is_over(presence: Presence, clock: list[float]) -> None:
    presence.show_phase(Phase.SPEAKING)
    presence.speak((-20.0,) * 20 + (-90.0,) * 10 + (-20.0,) * 10, 0.05)
    frames(presence, clock, 20)
    loud = presence.swing
    assert loud > 0.7
    frames(presence, clock, 22)
    assert presence.swing < loud / 2
    frames(presence, clock, 60)
    assert presence.swing == pytest.approx(LEAST, abs=0.03)


@pytest.mark.parametrize("phase", [Phase.CONNECTING, Phase.RINGING, Phase.SPEAKING, Phase.THINKING])
def test_every_live_state_looks_different_and_changes_slowly(
    presence: Presence, clock: list[float], phase: Phase
) -> None:
    presence.show_phase(Phase.ON_HOLD)
    still = drawn(presence)
    presence.show_phase(phase)
    assert drawn(presence) != still
    assert presence.moving
    before = drawn(presence)
    clock[0] += 0.4
    assert drawn(presence) != before


@pytest.mark.parametrize("phase", [Phase.ON_HOLD, Phase.ENDED, Phase.LISTENING])
def test_nothing_moves_where_nobody_speaks(presence: Presence, clock: list[float], phase: Phase) -> None:
    presence.show_phase(Phase.SPEAKING)
    presence.show_phase(phase)
    assert not presence.moving
    before = drawn(presence)
    clock[0] += 0.4
    assert drawn(presence) == before


def test_a_desktop_without_animations_gets_none(
    presence: Presence, clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "_animated", lambda: False)
    presence.show_phase(Phase.SPEAKING)
    assert not presence.moving
    before = drawn(presence)
    clock[0] += 0.4
    assert drawn(presence) == before


def test_out_of_sight_no_frame_is_drawn(presence: Presence) -> None:
    presence.show_phase(Phase.SPEAKING)
    presence.hide()
    assert not presence.moving
    presence.show()
    assert presence.moving


def test_the_call_shows_him_while_he_has_the_floor(window: MainWindow, api: Any, qtbot: QtBot) -> None:
    window.home.start()
    api.on_event(PhaseChanged(0.0, Phase.SPEAKING))
    api.on_event(Spoken(0.0, 0.05, (-20.0,) * 60))
    state = window.call.state
    assert state.presence.isVisible()
    assert not state.wave.isVisible()
    qtbot.waitUntil(lambda: state.presence.swing > 0.5)
    api.on_event(PhaseChanged(3.0, Phase.LISTENING))
    assert state.wave.isVisible()
    assert not state.presence.isVisible()
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_T)
    assert not state.wave.isVisible()
    api.on_event(CallEnded(60.0, api.live.id, True))
    assert not state.presence.moving

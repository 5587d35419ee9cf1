"""Between the line and the turns: what is said over the interviewer, and into the gap before a turn opens."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soxr

from hireflow_voice.app.ear import Ear, EarEvents
from hireflow_voice.app.listener import ECHO_AFTER_S, Listener, ListenerEvents
from hireflow_voice.audio.line import Block
from hireflow_voice.audio.take import TakeWriter, read_take
from hireflow_voice.sound import RATE
from hireflow_voice.speech.chunks import Chunker
from hireflow_voice.turns.detector import TurnDetector
from hireflow_voice.turns.energy import EnergyGate
from hireflow_voice.turns.interruption import Interruption
from hireflow_voice.turns.vad import BLOCK, SileroVad

STEP = RATE // 50


@pytest.fixture(scope="module")
def voice() -> np.ndarray:
    """Ten seconds of somebody speaking."""
    import hibari

    text = "The counter is kept next to the gateway, so that every request passes it once, and it expires by itself. "
    sound = soxr.resample(hibari.Hibari()(text * 2, seed=7), 24_000, RATE)
    loud = np.flatnonzero(np.abs(sound) > 0.01)
    return (sound[loud[0] :] / np.abs(sound).max() * 0.4 * 32767).astype(np.int16)[: 10 * RATE]


class Heard:
    """A listener, and what it told."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.index = 0
        self.listener = Listener(
            Interruption(),
            ListenerEvents(
                interrupted=lambda: self.told.append("interrupted"),
                duck=lambda on: self.told.append("duck" if on else "unduck"),
                echo=lambda: self.told.append("echo"),
            ),
        )

    def hear(self, sound: np.ndarray, clean: np.ndarray | None = None) -> None:
        for at in range(0, len(sound) // STEP * STEP, STEP):
            part = None if clean is None else clean[at : at + STEP]
            self.listener.hear(Block(self.index, sound[at : at + STEP], clean=part))
            self.index += STEP


def quiet(seconds: float) -> np.ndarray:
    return np.random.default_rng(0).normal(0, 3, int(seconds * RATE)).astype(np.int16)


@pytest.fixture
def ear(tmp_path: Path) -> Callable[[], Ear]:
    def nothing(*_: Any) -> None:
        pass

    def make() -> Ear:
        events = EarEvents(nothing, nothing, nothing, nothing, nothing, nothing, nothing)
        detector = TurnDetector(SileroVad(), EnergyGate(BLOCK), None)
        one = Ear(TakeWriter(tmp_path / "take.wav"), detector, Chunker(detector.voiced), events)
        one.wait(2.5)
        return one

    return make


def test_a_voice_over_the_interviewer_ducks_then_interrupts(voice: np.ndarray) -> None:
    one = Heard()
    one.listener.speaking(True)
    one.hear(np.concatenate((quiet(1), voice[: int(0.45 * RATE)])))
    assert one.told == ["duck"]
    one.hear(voice[int(0.45 * RATE) : 2 * RATE])
    assert one.told == ["duck", "interrupted"]
    one.hear(quiet(1))
    assert one.told[-1] == "unduck"


def test_the_greeting_is_heard_out(voice: np.ndarray) -> None:
    one = Heard()
    one.listener.speaking(True, heard_out=True)
    one.hear(np.concatenate((quiet(1), voice[: 2 * RATE], quiet(1))))
    assert one.told == []


def test_nobody_is_interrupted_in_silence_or_with_an_echo_that_was_removed(voice: np.ndarray) -> None:
    one = Heard()
    one.hear(np.concatenate((voice[: 3 * RATE], quiet(1))))  # the interviewer is silent, and no turn has ended
    one.listener.speaking(True)
    one.hear(quiet(1))
    one.hear(voice, np.zeros_like(voice))
    assert one.told == []


def test_what_was_said_into_the_interviewers_last_words_is_in_the_take_from_its_first_sound(
    voice: np.ndarray, ear: Callable[[], Ear], tmp_path: Path
) -> None:
    one = Heard()
    one.listener.speaking(True)
    one.hear(np.concatenate((quiet(3), voice[: int(1.2 * RATE)])))
    one.listener.speaking(False)
    it = ear()
    one.listener.open(it)
    one.hear(voice[int(1.2 * RATE) : 3 * RATE])
    it.close()
    kept = read_take(tmp_path / "take.wav").samples
    assert len(kept) / RATE == pytest.approx(3.3, abs=0.15), "a little silence in front, and nothing twice"
    assert np.abs(kept[-len(voice[: 2 * RATE]) :].astype(int) - voice[RATE : 3 * RATE]).max() == 0


def test_a_turn_that_ended_goes_on_where_it_was_and_is_cut_where_it_ended(
    voice: np.ndarray, ear: Callable[[], Ear], tmp_path: Path
) -> None:
    one, it = Heard(), ear()
    one.listener.open(it)
    one.hear(np.concatenate((quiet(1), voice[: 2 * RATE], quiet(3))))
    assert it.over
    first = it.so_far()
    one.hear(voice[2 * RATE : int(2.6 * RATE)])
    assert one.told == ["interrupted"]
    one.listener.go_on(it)
    one.hear(np.concatenate((voice[int(2.6 * RATE) : 4 * RATE], quiet(3))))
    second = it.so_far()
    assert first.seconds == pytest.approx(6.0)
    assert second.seconds == pytest.approx(11.0)
    assert second.active[-1][1] == pytest.approx(8.0, abs=0.2)
    one.hear(quiet(2))
    it.close()
    assert read_take(tmp_path / "take.wav").seconds == pytest.approx(11.0)


def test_a_microphone_that_hears_the_interviewer_is_noticed_and_not_listened_to(voice: np.ndarray) -> None:
    one = Heard()
    one.listener.speaking(True, heard_out=True)  # the greeting
    one.hear(voice[: int((ECHO_AFTER_S + 0.1) * RATE)])
    assert one.told == ["echo"]
    one.listener.speaking(True)
    one.hear(voice)
    assert one.told == ["echo"]

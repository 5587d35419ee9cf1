"""One turn, heard block by block."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hireflow_voice.app.ear import Ear, EarEvents
from hireflow_voice.audio.take import TakeWriter, read_take
from hireflow_voice.sound import RATE
from hireflow_voice.speech.chunks import Chunker
from hireflow_voice.turns.detector import TurnDetector
from hireflow_voice.turns.energy import EnergyGate
from hireflow_voice.turns.vad import BLOCK, SileroVad

STEP = RATE // 50


class Told:
    """What an ear reported."""

    def __init__(self) -> None:
        self.ends = 0
        self.silences: list[float] = []
        self.events = EarEvents(
            speech=lambda: None,
            silence=lambda seconds, _limit: self.silences.append(seconds),
            end_of_turn=self._end,
            chunks=lambda: None,
            paused=lambda _pause: None,
            level=lambda _dbfs: None,
            broken=lambda _error: None,
        )

    def _end(self) -> None:
        self.ends += 1


@pytest.fixture
def ear(tmp_path: Path) -> Callable[[Told], Ear]:
    def make(told: Told) -> Ear:
        detector = TurnDetector(SileroVad(), EnergyGate(BLOCK), None)
        one = Ear(TakeWriter(tmp_path / "take.wav"), detector, Chunker(detector.voiced), told.events)
        one.wait(2.5)
        return one

    return make


def quiet(seconds: float) -> Any:
    return np.random.default_rng(0).normal(0, 3, int(seconds * RATE)).astype(np.int16)


def loud(seconds: float) -> Any:
    return np.random.default_rng(0).normal(0, 6000, int(seconds * RATE)).astype(np.int16)


def play(ear: Ear, samples: Any, lost: bool = False) -> None:
    for at in range(0, len(samples), STEP):
        ear.hear(samples[at : at + STEP], lost)


def test_silence_after_speech_ends_the_turn_once(ear: Callable[[Told], Ear]) -> None:
    told = Told()
    one = ear(told)
    play(one, np.concatenate((quiet(1), loud(2), quiet(2.3))))
    assert told.ends == 0
    play(one, quiet(1))
    assert told.ends == 1
    one.close()


def test_a_lost_microphone_does_not_end_the_turn_and_its_gap_is_marked(
    ear: Callable[[Told], Ear], tmp_path: Path
) -> None:
    told = Told()
    one = ear(told)
    play(one, np.concatenate((quiet(1), loud(2), quiet(1))))
    play(one, np.zeros(10 * RATE, np.int16), lost=True)
    assert told.ends == 0
    play(one, quiet(2.0))
    assert told.ends == 0, "the silence must count from the microphone's return"
    play(one, quiet(1.0))
    assert told.ends == 1
    heard = one.so_far()
    one.close()
    ((start_s, seconds),) = heard.gaps
    assert start_s == pytest.approx(4.0)
    assert seconds == pytest.approx(10.0)
    assert heard.seconds == pytest.approx(17.0)
    assert read_take(tmp_path / "take.wav").seconds == pytest.approx(17.0)


def test_what_the_microphone_hears_of_the_interviewer_is_no_part_of_the_take(
    ear: Callable[[Told], Ear], tmp_path: Path
) -> None:
    told = Told()
    one = ear(told)
    play(one, np.concatenate((quiet(1), loud(2), quiet(1))))
    one.set_aside(True)
    play(one, loud(5))
    one.set_aside(False)
    play(one, quiet(2.0))
    assert told.ends == 0
    assert one.so_far().seconds == pytest.approx(6.0)
    one.close()


def test_asking_for_time_makes_the_next_silence_longer(ear: Callable[[Told], Ear]) -> None:
    told = Told()
    one = ear(told)
    play(one, np.concatenate((quiet(1), loud(2), quiet(1))))
    one.think(20.0)
    play(one, quiet(20.0))
    assert told.ends == 0
    play(one, quiet(5.0))
    assert told.ends == 1
    one.close()


def test_asked_for_time_outlasts_the_interviewers_reply(ear: Callable[[Told], Ear]) -> None:
    told = Told()
    one = ear(told)
    play(one, np.concatenate((quiet(1), loud(2), quiet(1))))
    one.think(20.0)
    one.set_aside(True)  # "Take your time."
    one.set_aside(False)
    play(one, quiet(15.0))
    assert told.ends == 0
    one.close()


def test_a_chunk_nobody_has_fetched_is_in_the_rest(ear: Callable[[Told], Ear]) -> None:
    one = ear(Told())
    play(one, np.concatenate((quiet(1), loud(9), quiet(1), loud(2), quiet(0.3))))
    heard = one.so_far()
    one.close()
    assert len(heard.rest) == 2
    assert heard.rest[0].start_s < heard.rest[1].start_s
    assert one.closed() == ()


def test_nothing_is_heard_after_the_end(ear: Callable[[Told], Ear]) -> None:
    one = ear(Told())
    play(one, quiet(1))
    first = one.so_far()
    one.close()
    play(one, loud(2))
    assert one.so_far().seconds == first.seconds

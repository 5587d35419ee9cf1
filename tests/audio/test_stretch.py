"""Faster and slower: the pitch stays, the length follows, and every moment is where the player says it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from hireflow_voice.audio import player as players
from hireflow_voice.audio.player import Player
from hireflow_voice.audio.stretch import LAG_S, stretched
from hireflow_voice.sound import RATE, Pcm

SPEEDS = (0.75, 1.25, 1.5, 2.0)


def pitch(samples: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.fft.rfftfreq(len(samples), 1 / RATE)[spectrum.argmax()])


@pytest.mark.parametrize("speed", SPEEDS)
def test_the_pitch_stays_and_the_length_follows_the_speed(speed: float) -> None:
    tone = np.rint(9000 * np.sin(2 * np.pi * 220 * np.arange(6 * RATE) / RATE)).astype(np.int16)
    slow = stretched(Pcm(tone, RATE, "joe"), speed)
    assert pitch(slow.samples) == pytest.approx(220, abs=1)
    assert slow.seconds == pytest.approx(6 / speed, abs=0.03)
    assert (slow.rate, slow.voice) == (RATE, "joe")


@pytest.mark.parametrize("speed", SPEEDS)
def test_every_moment_is_found_within_50_ms(speed: float) -> None:
    """Bursts of noise at known moments, as words are; the budget from word to highlight is 100 ms."""
    rng = np.random.default_rng(4)
    sound = np.zeros(20 * RATE, np.int16)
    begins = np.arange(1.0, 19.0, 0.9)
    for at in begins:
        start = round(at * RATE)
        sound[start : start + RATE // 4] = rng.integers(-9000, 9000, RATE // 4)
    loud = np.flatnonzero(np.abs(stretched(Pcm(sound, RATE), speed).samples) > 2500)
    first = loud[np.flatnonzero(np.diff(loud, prepend=-RATE) > RATE // 8)]
    assert len(first) == len(begins)
    assert np.abs(first / RATE * speed + LAG_S - begins).max() < 0.05


def test_nothing_is_touched_at_the_usual_speed_and_an_empty_take_stays_empty() -> None:
    sound = Pcm(np.arange(100, dtype=np.int16), RATE)
    assert stretched(sound, 1.0) is sound
    assert not len(stretched(Pcm(sound.samples[:0], RATE), 2.0).samples)
    with pytest.raises(ValueError, match="no such speed"):
        stretched(sound, 9.0)


class Speaker:
    """In place of the sound card: keeps what it is given and says what is told to have been heard."""

    made: list[Speaker]
    latency_s = 0.0

    def __init__(self, name: str) -> None:
        self.given = Pcm(np.zeros(0, np.int16), RATE)
        self.heard = 0.0
        self.made.append(self)

    def play(self, pcm: Pcm) -> Any:
        self.given = pcm
        return type("Sound", (), {"fade": lambda _: None})()

    def heard_s(self, _: object) -> float:
        return self.heard

    def ended(self, _: object) -> bool:
        return False

    def lost(self, since: float) -> bool:
        return False

    def close(self) -> None:
        pass


@pytest.fixture
def speakers(monkeypatch: pytest.MonkeyPatch) -> list[Speaker]:
    Speaker.made = []
    monkeypatch.setattr(players, "Speaker", Speaker)
    return Speaker.made


@pytest.fixture
def take(tmp_path: Path) -> Path:
    rng = np.random.default_rng(4)
    soundfile.write(tmp_path / "take.wav", rng.integers(-9000, 9000, 10 * RATE).astype(np.int16), RATE)
    return tmp_path / "take.wav"


def test_times_are_those_of_the_recording_at_any_speed(speakers: list[Speaker], take: Path) -> None:
    player = Player()
    player.load(take)
    player.set_speed(2.0)
    player.play(4.0, 8.0)
    assert speakers[-1].given.seconds == pytest.approx(2.0, abs=0.03)
    speakers[-1].heard = 1.5
    assert player.position_s == pytest.approx(7.0 + LAG_S)
    speakers[-1].heard = 2.0
    assert player.position_s == 8.0
    player.close()


def test_another_speed_goes_on_where_it_was(speakers: list[Speaker], take: Path) -> None:
    player = Player()
    player.load(take)
    player.play()
    speakers[-1].heard = 3.0
    player.set_speed(0.75)
    assert player.playing
    assert speakers[-1].given.seconds == pytest.approx(7.0 / 0.75, abs=0.05)
    assert player.position_s == pytest.approx(3.0)
    player.load(take)
    assert (player.speed, player.position_s) == (0.75, 0.0)
    player.close()

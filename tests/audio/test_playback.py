"""What the speaker's callback hands out, sample by sample, without a sound card."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from hireflow_voice.audio import playback
from hireflow_voice.audio.playback import Speaker
from hireflow_voice.sound import Pcm

RATE = 48_000
BLOCK = RATE // 50


class Device:
    """In place of PortAudio's stream: asks for a block when told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.rate, self.latency_s = RATE, 0.2
        monkeypatch.setattr(playback, "open_output", self._opened)
        self.speaker = Speaker()
        self.heard = np.zeros(0, np.int16)

    def _opened(self, name: str, callback: Callable[..., None]) -> Device:
        self._callback = callback
        return self

    def play(self, blocks: int = 1) -> np.ndarray:
        for _ in range(blocks):
            block = bytearray(b"\x55" * (2 * BLOCK))
            self._callback(block, BLOCK, None, None)
            self.heard = np.concatenate((self.heard, np.frombuffer(block, np.int16)))
        return self.heard[-blocks * BLOCK :]

    def clicks(self, sound: Any) -> bool:
        """Whether anything heard jumps more than the sound itself does."""
        return bool(np.abs(np.diff(self.heard.astype(int))).max() > 1.1 * np.abs(np.diff(sound.astype(int))).max())


@pytest.fixture
def device(monkeypatch: pytest.MonkeyPatch) -> Device:
    return Device(monkeypatch)


@pytest.fixture
def tone() -> np.ndarray:
    """Two seconds of 200 Hz that begin at a zero."""
    return np.rint(12_000 * np.sin(2 * np.pi * 200 * np.arange(2 * RATE) / RATE)).astype(np.int16)


def level(samples: np.ndarray) -> float:
    return float(20 * np.log10(np.std(samples)))


def test_a_sound_is_handed_out_bit_for_bit(device: Device, tone: np.ndarray) -> None:
    assert not device.play(2).any()
    sound = device.speaker.play(Pcm(tone[:1500], RATE))
    assert np.array_equal(device.play(3), np.concatenate((tone[:1500], np.zeros(3 * BLOCK - 1500, np.int16))))
    assert sound.handed_out_at is not None


def test_ducking_takes_12_db_within_one_block_and_gives_them_back_without_a_click(
    device: Device, tone: np.ndarray
) -> None:
    device.speaker.play(Pcm(tone, RATE))
    loud = level(device.play(5))
    device.speaker.duck(True)
    device.play()
    assert level(device.play(5)) - loud == pytest.approx(-12.0, abs=0.1)
    device.speaker.duck(False)
    device.play()
    assert np.array_equal(device.play(5), tone[12 * BLOCK : 17 * BLOCK])
    assert not device.clicks(tone)


def test_a_sound_that_begins_ducked_is_soft_from_its_first_sample(device: Device, tone: np.ndarray) -> None:
    device.speaker.duck(True)
    device.speaker.play(Pcm(tone, RATE))
    assert level(device.play()) == pytest.approx(level(tone) - 12.0, abs=0.1)


@pytest.mark.parametrize("ducked", [False, True])
def test_a_sound_that_is_stopped_is_silent_after_one_block_and_does_not_click(
    device: Device, tone: np.ndarray, ducked: bool
) -> None:
    sound = device.speaker.play(Pcm(tone, RATE))
    device.speaker.duck(ducked)
    device.play(3)
    sound.fade()
    device.speaker.duck(False)
    faded = device.play()
    assert faded[: BLOCK // 4].any()
    assert abs(int(faded[-1])) < 30
    assert not device.play(3).any()
    assert sound.handed_out_at is not None
    assert sound.length == 4 * BLOCK
    assert not device.clicks(tone)


def test_a_sound_that_is_replaced_fades_beneath_the_next_one(device: Device, tone: np.ndarray) -> None:
    first = device.speaker.play(Pcm(tone, RATE))
    device.play(3)
    second = (tone[: 5 * BLOCK] // 100).astype(np.int16)
    device.speaker.play(Pcm(second, RATE))
    assert np.abs(device.play()[: BLOCK // 4]).max() > 5000
    assert np.array_equal(device.play(4), second[BLOCK:])
    assert first.handed_out_at is not None
    assert not device.clicks(tone)


def test_two_sounds_at_once_are_clipped_and_never_wrap_around(device: Device) -> None:
    loud = Pcm(np.full(10 * BLOCK, 30_000, np.int16), RATE)
    device.speaker.play(loud)
    device.play(3)
    device.speaker.play(loud)
    assert device.play().min() >= 29_900

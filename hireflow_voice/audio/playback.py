"""The speaker: a sound is handed over whole, PortAudio's callback takes it block by block."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from hireflow_voice.audio.capture import DEAF_AFTER_S, FIRST_WITHIN_S
from hireflow_voice.audio.devices import open_output
from hireflow_voice.audio.resample import resampled
from hireflow_voice.errors import NoSpeaker
from hireflow_voice.sound import Pcm, Samples

TAIL_S = 0.1
"""Zeros after every sound: a sound server clips the last 20 ms of what it is given."""
FADE_S = 0.02
"""A sound that is stopped fades instead of clicking."""


class Sounding:
    """One sound on its way out. The callback moves `position`; everybody else reads it."""

    def __init__(self, samples: Samples, rate: int) -> None:
        self._rate = rate
        self._samples = np.concatenate((samples, np.zeros(round(TAIL_S * rate), np.int16)))
        self.data = memoryview(self._samples.view(np.uint8))  # type: ignore[arg-type]
        self.length = len(samples)
        """Samples that are to be heard."""
        self.position = 0
        """Samples handed out, tail included."""
        self.handed_out_at: float | None = None
        """Monotonic time at which the last sample to be heard was handed out."""

    def fade(self) -> None:
        """Let it end 40 ms from here, softly. The callback is at most one block further than `position` says."""
        start = min(self.position + self._rate // 50, self.length)
        rest = self._samples[start:]
        ramp = np.zeros(len(rest), np.float32)
        steps = min(len(rest), round(FADE_S * self._rate))
        ramp[:steps] = np.linspace(1.0, 0.0, steps, dtype=np.float32)
        rest[:] = (rest * ramp).astype(np.int16)
        self.length = min(self.length, start + steps)


class Speaker:
    """An open speaker that plays silence until it is given a sound."""

    def __init__(self, name: str = "") -> None:
        """Open by name, empty for the default. Raises NoSpeaker, NoSoundSystem."""
        self._sound: Sounding | None = None
        self._opened = time.monotonic()
        self.called_at: float | None = None
        """Monotonic time of the last callback."""
        self._zeros = bytes(1 << 16)
        self._stream = open_output(name, self._callback)

    def _callback(self, block: Any, frames: int, *_: Any) -> None:
        size = 2 * frames
        sound, done = self._sound, 0
        if sound is not None:
            part = sound.data[2 * sound.position : 2 * sound.position + size]
            done = len(part)
            block[:done] = part
            sound.position += done // 2
            if sound.handed_out_at is None and sound.position >= sound.length:
                sound.handed_out_at = time.monotonic()
        block[done:] = self._zeros[: size - done]
        self.called_at = time.monotonic()

    @property
    def rate(self) -> int:
        """Samples per second the device runs at."""
        return self._stream.rate

    @property
    def latency_s(self) -> float:
        """From handing a sample out to its being heard: what was asked for, which measures closer than what PortAudio
        says while it runs."""
        return min(self._stream.latency_s, 0.5)

    def play(self, pcm: Pcm, from_s: float = 0.0) -> Sounding:
        """Start a sound at once, from a moment in it; what was playing is cut off."""
        samples = resampled(pcm, self.rate)
        sound = Sounding(samples[round(from_s * self.rate) :], self.rate)
        self._sound = sound
        return sound

    def ended(self, sound: Sounding) -> bool:
        """Whether the last of it has been heard."""
        return sound.handed_out_at is not None and time.monotonic() >= sound.handed_out_at + self.latency_s

    def heard_s(self, sound: Sounding) -> float:
        """Seconds of the sound that have left the speaker."""
        if sound.handed_out_at is not None:
            latency = self.latency_s - (time.monotonic() - sound.handed_out_at)
            return max(0.0, sound.length / self.rate - max(0.0, latency))
        return max(0.0, sound.position / self.rate - self.latency_s)

    def lost(self, since: float) -> bool:
        """Whether the device takes nothing any more; see `Microphone.lost`."""
        if self._stream.finished.is_set():
            return True
        if self.called_at is None:
            return time.monotonic() - max(self._opened, since) > FIRST_WITHIN_S
        return time.monotonic() - max(self.called_at, since) > DEAF_AFTER_S

    def close(self) -> None:
        """Let go of the device, in 2 s at most; what plays is cut off."""
        self._stream.end()


def play_once(pcm: Pcm, speaker: str = "") -> None:
    """Play a sound and return when it has been heard. Raises NoSpeaker, also when the speaker goes away meanwhile."""
    device = Speaker(speaker)
    try:
        sound = device.play(pcm)
        started = time.monotonic()
        while not device.ended(sound):
            if device.lost(since=started):
                raise NoSpeaker("The speaker went away.", "Plug it in again, or choose another one in the settings.")
            time.sleep(0.02)
    finally:
        device.close()

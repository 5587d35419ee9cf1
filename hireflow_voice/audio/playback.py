"""The speaker: a sound is handed over whole, PortAudio's callback takes it block by block."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from hireflow_voice.audio.capture import DEAF_AFTER_S, FIRST_WITHIN_S
from hireflow_voice.audio.devices import PREFERRED_RATE, open_output
from hireflow_voice.audio.resample import resampled
from hireflow_voice.audio.ring import Ring
from hireflow_voice.audio.route import Route
from hireflow_voice.errors import NoSpeaker
from hireflow_voice.sound import Pcm, Samples

DUCK_DB = -12.0
"""How much softer the interviewer gets when the candidate may be about to speak."""
DUCKED = 10.0 ** (DUCK_DB / 20.0)


PLAYED_S = 2
"""Of what was played last, for whoever removes its echo: longer than a reader ever pauses, or it is too late anyway."""


class Sounding:
    """One sound on its way out. The callback moves it along; everybody else reads it, and may ask it to `fade`."""

    def __init__(self, samples: Samples) -> None:
        self._samples = samples
        self._gain: float | None = None
        self._fading = False
        self.length = len(samples)
        """Samples that are to be heard."""
        self.position = 0
        """Samples handed out."""
        self.handed_out_at: float | None = None
        """Monotonic time at which the last sample to be heard was handed out."""

    def fade(self) -> None:
        """Let it end softly, within the next block."""
        self._fading = True

    def take(self, frames: int, gain: float) -> Samples:
        """The callback only: the next samples, at most `frames` of them, at `gain`; a change of it takes all of them,
        20 ms in a block, so that nothing clicks."""
        part = self._samples[self.position : min(self.position + frames, self.length)]
        self.position += len(part)
        fading = self._fading
        before, self._gain = gain if self._gain is None else self._gain, 0.0 if fading else gain
        if fading:
            self.length = self.position
        if self.position >= self.length and self.handed_out_at is None:
            self.handed_out_at = time.monotonic()
        if before == self._gain == 1.0:
            return part
        ramp = 0.5 - 0.5 * np.cos(np.pi * np.arange(1, len(part) + 1, dtype=np.float32) / max(frames, 1))
        return (part * (before + (self._gain - before) * ramp)).astype(np.int16)


class Speaker:
    """An open speaker that plays silence until it is given a sound."""

    def __init__(self, name: str = "", *, followed: bool = False) -> None:
        """Open by name, empty for the default. `followed`: `route` is to be known, which costs 40 ms here.

        Raises NoSpeaker, NoSoundSystem.
        """
        self._sound: Sounding | None = None
        self._heard: Sounding | None = None
        """The callback's own: what it took from last."""
        self._gain = 1.0
        self._opened = time.monotonic()
        self.called_at: float | None = None
        """Monotonic time of the last callback."""
        self._played = Ring(PLAYED_S * PREFERRED_RATE)
        self.route = Route("output" if followed else None)
        self._stream = open_output(name, self._callback)
        self.route.settle()

    def _callback(self, block: Any, frames: int, *_: Any) -> None:
        out = np.frombuffer(block, np.int16)
        out[:] = 0
        sound, before = self._sound, self._heard
        if before is not None and before is not sound:
            before.fade()  # one that is replaced must not click either
            self._add(out, before.take(frames, 0.0))
        if sound is not None:
            self._add(out, sound.take(frames, self._gain))
        self._heard = sound
        self._played.write(block)
        self.called_at = time.monotonic()

    @staticmethod
    def _add(out: Samples, part: Samples) -> None:
        there = out[: len(part)]
        if there.any():
            part = np.clip(there.astype(np.int32) + part, -32768, 32767).astype(np.int16)
        there[:] = part

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
        """Start a sound at once, from a moment in it; what was playing fades out beneath it."""
        samples = resampled(pcm, self.rate)
        sound = Sounding(samples[round(from_s * self.rate) :])
        self._sound = sound
        return sound

    def read_played(self) -> Samples:
        """What was handed to the device since the last time, silence included, at `rate`; at most 2 s. One reader."""
        return self._played.read()

    def duck(self, on: bool) -> None:
        """Play 12 dB softer, or as loud as it should be, from the next block on."""
        self._gain = DUCKED if on else 1.0

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

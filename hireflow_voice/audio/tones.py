"""The sounds of a telephone, made rather than recorded: 16 kHz, -18 dBFS, faded so that nothing clicks but the hook."""

from __future__ import annotations

import numpy as np

from hireflow_voice.sound import RATE, Pcm, Samples

LEVEL_DBFS = -18.0
FADE_S = 0.01

# North American precise tone plan: ringing 440 + 480 Hz, 2 s on and 4 s off; reorder 480 + 620 Hz, 0.25 s on and off.
RING_HZ = (440.0, 480.0)
RING_ON_S, RING_OFF_S = 2.0, 4.0
END_HZ = (480.0, 620.0)
END_S = 0.25

SWEEP_HZ = (300.0, 3400.0)
"""Where voices are, and where small loudspeakers still play."""


def silence(seconds: float) -> Pcm:
    """Nothing, for as long as something would have been."""
    return Pcm(np.zeros(round(seconds * RATE), np.int16), RATE)


def ring_back(seconds: float = 4.0) -> Pcm:
    """What the caller hears while the other side rings: 2 s on, 4 s off, cut at `seconds`."""
    count = round(seconds * RATE)
    ring = np.concatenate((_tone(RING_HZ, RING_ON_S), silence(RING_OFF_S).samples))
    samples = np.tile(ring, -(-count // len(ring)))[:count]
    return Pcm(_faded(samples), RATE)


def pick_up() -> Pcm:
    """The hook: two short clicks, then the open line."""
    chance = np.random.default_rng(0)
    samples = np.zeros(round(0.25 * RATE))
    for at_s, loud in ((0.02, 1.0), (0.07, 0.6)):
        at, count = round(at_s * RATE), round(0.012 * RATE)
        samples[at : at + count] = loud * chance.normal(size=count) * np.exp(-np.arange(count) / (0.002 * RATE))
    peak = 32767.0 * 10.0 ** (LEVEL_DBFS / 20.0)
    return Pcm(np.rint(samples / np.abs(samples).max() * peak).astype(np.int16), RATE)


def sweeps() -> Pcm:
    """Three rising tones in 3 s: wherever a microphone hears them, it is plain when each was played."""
    seconds, pause = 0.8, silence(0.2).samples
    t = np.arange(round(seconds * RATE)) / RATE
    low, high = SWEEP_HZ
    wave = np.sin(2.0 * np.pi * (low * t + (high - low) / (2.0 * seconds) * t**2))
    sweep = _faded(np.rint(wave * np.sqrt(2.0) * 32767.0 * 10.0 ** (LEVEL_DBFS / 20.0)).astype(np.int16))
    return Pcm(np.tile(np.concatenate((sweep, pause)), 3), RATE)


def hang_up() -> Pcm:
    """Three short tones: the other side is gone."""
    beep = np.concatenate((_tone(END_HZ, END_S), silence(END_S).samples))
    return Pcm(np.tile(beep, 3), RATE)


def _tone(frequencies: tuple[float, ...], seconds: float) -> Samples:
    t = np.arange(round(seconds * RATE)) / RATE
    wave = np.sum([np.sin(2.0 * np.pi * hz * t) for hz in frequencies], axis=0)
    rms = np.sqrt(len(frequencies) / 2.0)
    return _faded(np.rint(wave / rms * 32768.0 * 10.0 ** (LEVEL_DBFS / 20.0)).astype(np.int16))


def _faded(samples: Samples) -> Samples:
    """Raised-cosine ends of 10 ms."""
    count = min(round(FADE_S * RATE), len(samples) // 2)
    ramp = 0.5 - 0.5 * np.cos(np.pi * np.arange(count) / max(count, 1))
    gain = np.ones(len(samples))
    gain[:count] = ramp
    gain[len(samples) - count :] = ramp[::-1]
    return np.rint(samples * gain).astype(np.int16)

"""A spoken voice, pauses and the sounds of a room."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
import soxr

from hireflow_voice.sound import RATE, Samples


@pytest.fixture(scope="session")
def say() -> Callable[[str], Samples]:
    """Text -> 16 kHz speech of the voice that comes with its package, silence trimmed, peak 0.4."""
    import hibari

    voice = hibari.Hibari()

    @cache
    def spoken(text: str) -> Samples:
        sound = soxr.resample(voice(text, seed=7), 24_000, RATE)
        loud = np.flatnonzero(np.abs(sound) > 0.01)
        sound = sound[loud[0] : loud[-1] + 1]
        return np.asarray(sound / np.abs(sound).max() * 0.4 * 32767, np.int16)

    return spoken


@pytest.fixture(scope="session")
def room() -> Callable[..., Samples]:
    """Pieces of sound with pauses (seconds) between them, over faint noise."""

    def mixed(*parts: Samples | float, noise: float = 0.001, seed: int = 3) -> Samples:
        pieces = [np.zeros(int(p * RATE), np.int16) if isinstance(p, int | float) else p for p in parts]
        sound = np.concatenate(pieces).astype(np.float64) / 32768
        sound += np.random.default_rng(seed).normal(0, noise, len(sound))
        return np.asarray(np.clip(sound, -1, 1) * 32767, np.int16)

    return mixed

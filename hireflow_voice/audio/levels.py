"""How loud a piece of sound is."""

from __future__ import annotations

import numpy as np

from hireflow_voice.sound import Pcm, Samples

FLOOR_DBFS = -90.0
"""What silence is called; one step of 16 bits is about -90 dB below full scale."""


def dbfs(samples: Samples) -> float:
    """RMS in decibels below full scale (a square wave of full amplitude is 0), from -90 to 0."""
    if not len(samples):
        return FLOOR_DBFS
    square = float(np.mean(np.square(samples, dtype=np.float64)))
    if square <= 0.0:
        return FLOOR_DBFS
    return float(np.clip(10.0 * np.log10(square / 32768.0**2), FLOOR_DBFS, 0.0))


def envelope(pcm: Pcm, step_s: float) -> tuple[float, ...]:
    """`dbfs` of each `step_s` seconds, the last one shorter."""
    step = max(1, round(pcm.rate * step_s))
    return tuple(dbfs(pcm.samples[at : at + step]) for at in range(0, len(pcm.samples), step))

"""Where in a chunk there is sound, and words moved off the pauses.

Whisper knows the order of words far better than their edges: beside a pause it often lets a word begin or end in the
middle of it. The pause itself is plain to see in the sound.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from hireflow_voice.sound import RATE, Samples
from hireflow_voice.speech.heard import HeardWord

FRAME = 320
"""Samples of a frame: 20 ms."""
ABOVE_FLOOR = 12.0
LOWEST = -52.0
"""A frame sounds when it is this many dB over the chunk's quietest tenth, and over this level (dBFS)."""
BELOW_SPEECH = 25.0
"""But whatever is less than so many dB under the loudest twentieth always sounds: a chunk may have no pause in it."""
PAUSE = 8
"""Frames of silence that are a pause between words and not a stop inside one (160 ms)."""


def _frames(samples: Samples) -> npt.NDArray[np.bool_]:
    """Whether each 20 ms of the chunk sounds."""
    whole = len(samples) // FRAME * FRAME
    if not whole:
        return np.zeros(0, bool)
    frames = samples[:whole].astype(np.float64).reshape(-1, FRAME) / 32768.0
    level = 10 * np.log10(np.maximum(np.mean(np.square(frames), axis=1), 1e-12))
    limit = max(float(np.percentile(level, 10)) + ABOVE_FLOOR, LOWEST)
    return np.asarray(level > min(limit, float(np.percentile(level, 95)) - BELOW_SPEECH))


def sounding(samples: Samples) -> float:
    """Seconds of sound in a chunk."""
    return float(_frames(samples).sum()) * FRAME / RATE


def pauses(samples: Samples) -> list[tuple[float, float]]:
    """Pauses of 160 ms and more as (start_s, end_s) from the beginning of the chunk."""
    silent = np.concatenate(([False], ~_frames(samples), [False]))
    edges = np.flatnonzero(silent[1:] != silent[:-1])
    return [
        (a * FRAME / RATE, b * FRAME / RATE) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a >= PAUSE
    ]


def settle(words: Sequence[HeardWord], samples: Samples) -> tuple[HeardWord, ...]:
    """The words (times from the beginning of the chunk) moved off the pauses, in order and inside the chunk."""
    found = pauses(samples)
    length = len(samples) / RATE
    settled: list[HeardWord] = []
    before = 0.0
    for word in words:
        start, end = _off(word.start_s, word.end_s, found)
        start = min(max(start, before), length)
        end = min(max(end, start), length)
        before = end
        settled.append(HeardWord(word.text, start, end, word.probability))
    return tuple(settled)


def _off(start: float, end: float, found: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The part of [start, end] that is not in a pause; the longer one if a pause parts it."""
    for a, b in found:
        if a <= start and end <= b:
            return start, end  # all of it is in a pause: a word too quiet to tell
        if a < end and b > start:
            if end - b > a - start:
                start = b
            else:
                end = a
    return start, end

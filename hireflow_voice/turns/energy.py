"""A gate on loudness over the room's own noise: it hears the voices that the network misses."""

from __future__ import annotations

from collections import deque

import numpy as np
import numpy.typing as npt

from hireflow_voice.sound import RATE, Samples

MEMORY_S = 30.0
"""The noise floor is that of the last half minute."""
QUANTILE = 10.0
"""Percentile of the blocks' levels that is taken for the floor: there is a pause in any half minute of speech."""
DIGITAL_SILENCE = -95.0
"""dBFS; blocks under it come from a muted line and say nothing about the room."""
LOWEST_FLOOR = -70.0
ABOVE_FLOOR = 12.0
"""dB over the floor that count as sound."""
LOWEST_SOUND = -52.0
"""dBFS under which nothing counts as sound, however quiet the room."""
EVERY = 8
"""Blocks between two looks at the floor; it moves slowly."""


def levels(blocks: npt.NDArray[np.int16]) -> npt.NDArray[np.float64]:
    """RMS level in dBFS of each row of `blocks`, shape [n, samples] -> [n]; digital silence is -120."""
    power = np.mean(np.square(blocks.astype(np.float64) / 32768.0), axis=1)
    return np.asarray(10.0 * np.log10(np.maximum(power, 1e-12)))


class EnergyGate:
    """Says of each block whether it is louder than the room. Keep one for a whole call: the room stays the same.

    `block` is the block length in samples at 16 kHz. Not for two threads at once.
    """

    def __init__(self, block: int = 512) -> None:
        self.block = block
        self.floor = LOWEST_FLOOR
        """Noise floor in dBFS as it is believed now."""
        self._levels: deque[float] = deque(maxlen=int(MEMORY_S * RATE / block))
        self._age = 0

    def prime(self, samples: Samples) -> None:
        """Learn the room from sound that need not be judged, such as the beginning of a recording."""
        for level in self._split(samples):
            self._learn(float(level))
        self._look()

    def feed(self, samples: Samples) -> list[bool]:
        """Whether each whole block of `samples` (int16, a multiple of the block length) is sound."""
        found = []
        for level in self._split(samples):
            self._learn(float(level))
            if self._age % EVERY == 0 or self._age < EVERY:
                self._look()
            found.append(bool(level > self.floor + ABOVE_FLOOR and level > LOWEST_SOUND))
        return found

    def _split(self, samples: Samples) -> npt.NDArray[np.float64]:
        whole = len(samples) // self.block * self.block
        return levels(samples[:whole].reshape(-1, self.block))

    def _learn(self, level: float) -> None:
        if level > DIGITAL_SILENCE:
            self._levels.append(level)
        self._age += 1

    def _look(self) -> None:
        if self._levels:
            self.floor = max(LOWEST_FLOOR, float(np.percentile(self._levels, QUANTILE)))

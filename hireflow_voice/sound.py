"""Sound as it flows through the house: mono 16-bit samples and their rate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.int16]
"""One channel of 16-bit samples, shape [n]."""

RATE = 16_000
"""Samples per second of everything that is heard: takes on disk, turn detection and recognition share it, so that a
sample index is a time everywhere."""


@dataclass(frozen=True, slots=True)
class Pcm:
    """A piece of mono sound."""

    samples: Samples
    """Shape [n], int16."""
    rate: int
    """Samples per second."""

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.rate

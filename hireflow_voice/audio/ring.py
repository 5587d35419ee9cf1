"""Samples from the audio callback to the thread that reads them, without a lock or an allocation."""

from __future__ import annotations

import numpy as np

from hireflow_voice.sound import Samples


class Ring:
    """A fixed buffer with one writer and one reader, each on its own thread.

    Each side moves only its own counter, and moves it after the copy; the other side only reads it. What does not fit
    is dropped and counted: overwriting would tear what the reader is copying.
    """

    def __init__(self, capacity: int) -> None:
        self._buffer = np.zeros(capacity, np.int16)
        self._written = 0
        self._read = 0
        self.overflow = 0
        """Samples dropped so far."""

    def __len__(self) -> int:
        """Samples waiting to be read."""
        return self._written - self._read

    def write(self, block: bytes | memoryview) -> None:
        """Writer only: append native 16-bit samples, as PortAudio hands them out."""
        samples = np.frombuffer(block, np.int16)
        count = len(samples)
        capacity = len(self._buffer)
        fits = min(count, capacity - (self._written - self._read))
        self.overflow += count - fits
        at = self._written % capacity
        first = min(fits, capacity - at)
        self._buffer[at : at + first] = samples[:first]
        self._buffer[: fits - first] = samples[first:fits]
        self._written += fits

    def read(self) -> Samples:
        """Reader only: everything that waits, as a copy."""
        count = self._written - self._read
        capacity = len(self._buffer)
        at = self._read % capacity
        first = min(count, capacity - at)
        out = np.concatenate((self._buffer[at : at + first], self._buffer[: count - first]))
        self._read += count
        return out

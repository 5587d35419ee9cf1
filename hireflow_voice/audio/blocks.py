"""What a microphone delivers, and what it fails to deliver, as blocks without a hole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from hireflow_voice.audio.resample import StreamResampler
from hireflow_voice.sound import RATE, Samples

BLOCK = RATE // 50
"""Samples of one block: 20 ms, the pump's step."""


@dataclass(frozen=True, slots=True)
class Block:
    """What the microphone heard next."""

    index: int
    """Of the first sample, 16 kHz, counted from the moment the line was opened. Blocks follow each other without a
    hole: where the microphone was away, silence is put in."""
    samples: Samples
    """Shape [n], usually 320 (20 ms); the array is the receiver's own."""
    lost: bool = False
    """True: not heard but put in, because there is no microphone now. Such silence says nothing about the candidate."""
    clean: Samples | None = None
    """The same stretch without the interviewer: with the echo removed (`Echo.CANCEL`), or silence while the interviewer
    is heard (`Echo.HALF`). None with headphones, where `samples` is just that. To decide by whether the candidate
    speaks; what is kept and recognised is `samples`."""


class Intake:
    """Resamples to 16 kHz, puts silence where nothing was heard, cuts into blocks. One thread."""

    def __init__(self) -> None:
        self.delivered = 0
        """Index of the next block."""
        self._waiting: Samples = np.zeros(0, np.int16)
        self._lost_from = self._lost_until = 0
        self._resampler: StreamResampler | None = None

    @property
    def index(self) -> int:
        """Index of the next sample that is put in."""
        return self.delivered + len(self._waiting)

    def start(self, rate: int) -> None:
        """A microphone begins to deliver samples of this rate."""
        self._resampler = StreamResampler(rate, RATE)

    def hear(self, samples: Samples, lost: bool = False) -> None:
        """Samples of that microphone, in order. `lost`: it is known to be dead, though it delivers."""
        assert self._resampler is not None
        if lost:
            self._lose()
        self._put(self._resampler(samples))
        if lost:
            self._lost_until = self.index

    def stop(self) -> None:
        """That microphone is gone; what the resampler still holds is kept. Idempotent."""
        if self._resampler is not None:
            self._put(self._resampler.flush())
            self._resampler = None

    def fill(self, until: int) -> None:
        """Silence up to an index; nothing when that is already behind."""
        missing = until - self.index
        if missing <= 0:
            return
        self._lose()
        self._put(np.zeros(missing, np.int16))
        self._lost_until = self.index

    def blocks(self, muted: bool) -> Iterator[Block]:
        """Every whole block that is there."""
        while len(self._waiting) >= BLOCK:
            index, samples = self.delivered, self._waiting[:BLOCK].copy()
            self._waiting = self._waiting[BLOCK:]
            self.delivered += BLOCK
            if muted:
                samples[:] = 0
            yield Block(index, samples, lost=index < self._lost_until and index + BLOCK > self._lost_from)

    def _lose(self) -> None:
        if self._lost_until <= self.delivered:
            self._lost_from = self.index

    def _put(self, samples: Samples) -> None:
        self._waiting = np.concatenate((self._waiting, samples))

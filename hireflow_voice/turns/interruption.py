"""Whether the candidate speaks over the interviewer, and means it.

Only the network is believed here, not loudness: a slammed door must not stop the interviewer. A quarter of a second of
voice may be the beginning of anything; what goes on for longer than a cough or "mm-hm" is meant.
"""

from __future__ import annotations

from enum import Enum, auto

from hireflow_voice.sound import RATE, Samples
from hireflow_voice.turns.vad import BLOCK, SileroVad

PERHAPS = RATE // 4
"""Samples of voice after which the candidate may be about to speak."""
SURELY = int(0.6 * RATE)
"""Samples of voice after which he speaks."""
GAP = int(0.3 * RATE)
"""Samples without voice that end a stretch of it."""


class Voice(Enum):
    """What a stretch of voice amounts to by now."""

    PERHAPS = auto()
    SURELY = auto()
    OVER = auto()
    """It has ended; said only if it was more than a click."""


class Interruption:
    """Fed with everything that is heard of the candidate. One thread. Raises ModelMissing without the network."""

    def __init__(self) -> None:
        self._vad = SileroVad()
        self._now = 0
        self._start = -1
        """Sample at which the present stretch began; -1: there is none."""
        self._voice = self._silent = 0
        self._stage: Voice | None = None

    @property
    def stretch_s(self) -> float:
        """Seconds since the present stretch of voice began; 0 when nobody speaks."""
        return (self._now - self._start) / RATE if self._start >= 0 and self._stage is not None else 0.0

    def feed(self, samples: Samples) -> tuple[Voice, ...]:
        """What the next samples (int16, 16 kHz) change."""
        told: list[Voice] = []
        for block in self._vad.feed(samples):
            self._now += BLOCK
            if block.speaking:
                self._heard(told)
            elif self._start >= 0:
                self._silent += BLOCK
                if self._silent >= GAP:
                    if self._stage is not None:
                        told.append(Voice.OVER)
                    self._start, self._stage = -1, None
        return tuple(told)

    def _heard(self, told: list[Voice]) -> None:
        if self._start < 0:
            self._start, self._voice = self._now - BLOCK, 0
        self._voice += BLOCK
        self._silent = 0
        if self._stage is None and self._voice >= PERHAPS:
            self._stage = Voice.PERHAPS
            told.append(Voice.PERHAPS)
        if self._stage is Voice.PERHAPS and self._voice >= SURELY:
            self._stage = Voice.SURELY
            told.append(Voice.SURELY)

"""Sound as it flows through the house: mono 16-bit samples and their rate."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:  # the settings stand on this module, and the window is on screen before numpy is loaded
    import numpy as np
    import numpy.typing as npt

Samples: TypeAlias = "npt.NDArray[np.int16]"
"""One channel of 16-bit samples, shape [n]."""

RATE = 16_000
"""Samples per second of everything that is heard: takes on disk, turn detection and recognition share it, so that a
sample index is a time everywhere."""


USUAL_DELAY_S = 0.25
"""From handing a sound to the speaker to hearing it in the microphone, where nobody has measured it (buffers of 0.1 and
0.2 s; 0.18 to 0.29 were found)."""


class Echo(StrEnum):
    """What is done about the interviewer's voice in the microphone."""

    HEADPHONES = "headphones"
    """Nothing: the microphone does not hear it."""
    CANCEL = "cancel"
    """Speakers; the echo is removed, so that the candidate can speak over the interviewer."""
    HALF = "half"
    """Speakers, one at a time: what the microphone hears while the interviewer speaks is not listened to."""


@dataclass(frozen=True, slots=True)
class Pcm:
    """A piece of mono sound."""

    samples: Samples
    """Shape [n], int16."""
    rate: int
    """Samples per second."""
    voice: str = ""
    """Name of the synthetic voice that spoke it; empty for any other sound."""

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.rate


@dataclass(frozen=True, slots=True)
class EchoFound:
    """What a microphone hears of the speaker."""

    level_db: float | None
    """Loudness of the echo beside what was played; None: it is not heard."""
    delay_s: float
    """From handing a sound to the speaker to reading its echo from the microphone; the usual one where it is not heard.
    """
    fitting: Echo
    """The way of listening that fits."""

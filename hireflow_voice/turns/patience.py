"""How long a silence may last before the interviewer takes the turn for finished.

Simulated on spoken sentences (`tests/benchmarks/turn_taking`): no fixed silence is both short after an answer and long
enough in the middle of one; graded by what voice and words say, and followed by a second in which the candidate may go
on, 2.5 / 3.5 / 6 s cut none of 64
pauses of 3 s in the middle of a sentence and answer in 2.5 s (median of 32).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds of silence that end a turn."""

    both: float
    """When voice and words sound finished."""
    one: float
    none: float


PATIENT = Waits(2.5, 3.5, 6.0)
BRISK = Waits(1.5, 2.5, 4.0)
CLOSER_S = 0.8
"""After "that's my answer", "could you repeat that" and the like."""
THINK_S = 20.0
"""After "let me think" in the middle of an answer."""


@dataclass(frozen=True, slots=True)
class Cues:
    """What is known of the silence that began; None: not known (yet, or at all)."""

    voice: bool | None = None
    """Whether the voice sounds finished (`smart`)."""
    words: bool | None = None
    """Whether the text does (`cues.complete`)."""
    closed: bool = False
    """A closed question, or a closed reply."""
    closer: bool = False
    """The words say that the turn is over."""
    thinks: bool = False
    """The words ask for time."""


def wait_s(waits: Waits | None, cues: Cues, unhurried_s: float = 0.0) -> float | None:
    """Seconds of silence that end the turn. None, also returned: silence never does.

    What is not known counts as unfinished: without the network a turn waits one step longer. `unhurried_s`: more time
    for a candidate who was taken for finished too often.
    """
    if waits is None:
        return None
    if cues.thinks:
        return THINK_S
    if cues.closer:
        return CLOSER_S
    finished = (cues.voice is True) + (cues.words is True)
    wait = (waits.none, waits.one, waits.both)[finished]
    return wait / (2 if cues.closed else 1) + unhurried_s

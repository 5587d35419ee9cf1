"""What the interview is told. `now` is the call's clock in seconds since pick-up; it never goes back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Wish(StrEnum):
    """What the candidate can ask for, by key, button or voice."""

    DONE = "done"
    REPEAT = "repeat"
    REPHRASE = "rephrase"
    HINT = "hint"
    THINK = "think"
    DONT_KNOW = "dont_know"
    SKIP = "skip"
    RETRY = "retry"
    """Answer the same question once more."""
    HANG_UP = "hang_up"


@dataclass(frozen=True, slots=True)
class PickedUp:
    """The line is open; the interviewer speaks first."""

    now: float


@dataclass(frozen=True, slots=True)
class PlaybackEnded:
    """An utterance was spoken to its end, or could not be spoken at all (then its caption was shown)."""

    now: float
    utterance: int


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """The first word of a turn."""

    now: float
    turn: int


@dataclass(frozen=True, slots=True)
class Paused:
    """The candidate has been silent for as long as the turn waits. The microphone stays open: nobody can tell
    "finished" from "finished a sentence", so whoever goes on is given the floor back."""

    now: float
    turn: int
    text: str = ""
    """What is recognised so far; may be empty while that is not known."""


@dataclass(frozen=True, slots=True)
class Interrupted:
    """The candidate speaks while the floor is not, or no longer, his: after `Paused` or `TurnEnded`, or over the
    interviewer. Sent when it is surely speech and no cough; a machine that has nothing to take back ignores it."""

    now: float


@dataclass(frozen=True, slots=True)
class TurnEnded:
    """The text of a turn is known: after `StopListening`, or because it was typed.

    Empty text: something was recorded but nothing was recognised, or Done was pressed before a word was said.
    """

    now: float
    turn: int
    text: str
    closed: bool = False
    """It cannot go on any more, such as a typed answer."""


@dataclass(frozen=True, slots=True)
class CoverageReady:
    """How far the answers to the current question cover each key point, all turns of it taken together."""

    now: float
    turn: int
    coverage: tuple[tuple[str, float], ...]
    """(key point id, 0..1)."""
    written: tuple[str, str] | None = None
    """(key point id, question): a follow-up that was written for this answer, and checked, to be asked instead of the
    authored probe if the follow-up is about that point."""
    critique: tuple[str, str] | None = None
    """In Coach mode: a sentence about what was strong in the newest answer, and one about what is open in it."""


@dataclass(frozen=True, slots=True)
class CoverageFailed:
    """No coverage for this turn; the interviewer goes on without a chosen follow-up."""

    now: float
    turn: int


@dataclass(frozen=True, slots=True)
class Wished:
    """A key, a button, or a spoken command."""

    now: float
    wish: Wish


@dataclass(frozen=True, slots=True)
class Tick:
    """Time passes; sent about once a second."""

    now: float


@dataclass(frozen=True, slots=True)
class Held:
    """The candidate puts the call on hold: until `Unheld` nothing is said and nobody listens, and the clock of the call
    stands still, whatever the caller's does."""

    now: float


@dataclass(frozen=True, slots=True)
class Unheld:
    """The candidate is back: a sentence that was cut off is said again, an open turn goes on."""

    now: float


@dataclass(frozen=True, slots=True)
class Resumed:
    """The call was broken off by a crash or Ctrl-C and goes on now. Time in between does not count.

    Whatever `now` says becomes the moment of the break: the machine goes on from the last input it knew, so that the
    clock of the caller may have gone on, stood still or begun again at 0.
    """

    now: float


Input = (
    PickedUp
    | PlaybackEnded
    | SpeechStarted
    | Paused
    | Interrupted
    | TurnEnded
    | CoverageReady
    | CoverageFailed
    | Wished
    | Tick
    | Held
    | Unheld
    | Resumed
)

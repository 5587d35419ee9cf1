"""What the interview wants done."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Manner(StrEnum):
    """Why the interviewer says something."""

    GREETING = "greeting"
    INTRODUCTION = "introduction"
    QUESTION = "question"
    STAGE = "stage"
    """The next step of a problem that is talked through."""
    FOLLOW_UP = "follow_up"
    STRENGTH = "strength"
    """Coach mode: what was strong in an answer ..."""
    GAP = "gap"
    """... what is open in it ..."""
    AGAIN = "again"
    """... and the offer of another try."""
    REPEAT = "repeat"
    REPHRASE = "rephrase"
    HINT = "hint"
    PATIENCE = "patience"
    """ "Take your time."""
    HEARD = "heard"
    """ "Uh-huh.": a sound that leaves the floor to the candidate."""
    ACKNOWLEDGE = "acknowledge"
    NOT_HEARD = "not_heard"
    TIME = "time"
    INVITE = "invite"
    """ "What would you like to ask me?"""
    ANSWER = "answer"
    """The answer to the candidate's own question."""
    CLOSING = "closing"
    RESUME = "resume"
    """ "Sorry, we were cut off." """


class TurnKind(StrEnum):
    """What the candidate's turn is for; the values are those of `records.TakeKind`."""

    INTRODUCTION = "introduction"
    ANSWER = "answer"
    FOLLOW_UP = "follow_up"
    OWN_QUESTION = "own_question"


@dataclass(frozen=True, slots=True)
class Say:
    """Speak this; `PlaybackEnded` with the same number follows."""

    utterance: int
    text: str
    manner: Manner
    question: str = ""
    """Question id, empty outside the questions."""
    point: str = ""
    """Key point a follow-up is about."""


@dataclass(frozen=True, slots=True)
class StopSpeaking:
    """Cut this utterance off; `PlaybackEnded` for it still follows."""

    utterance: int


@dataclass(frozen=True, slots=True)
class Listen:
    """Open a turn, or go on with one: the open one (after a hint, a repeat, a pause), or the one that ended last and
    is not settled, in the same recording, because the candidate went on."""

    turn: int
    kind: TurnKind
    asked: str
    """The words this turn answers."""
    question: str = ""
    point: str = ""
    attempt: int = 1
    """Which take of the answer it is; 2 and more in Coach mode only."""


@dataclass(frozen=True, slots=True)
class StopListening:
    """Find out what was said: `TurnEnded` with the text follows (empty if nothing was said). Keep recording until
    `Settle`."""

    turn: int


@dataclass(frozen=True, slots=True)
class Settle:
    """The turn that has ended cannot go on any more: close its recording, have it judged."""

    turn: int


@dataclass(frozen=True, slots=True)
class FindCoverage:
    """Hold all turns of the question against its key points; `CoverageReady` or `CoverageFailed` follows."""

    turn: int
    question: str


@dataclass(frozen=True, slots=True)
class Finish:
    """Hang up."""

    finished: bool
    """False: the candidate hung up before the closing."""


Action = Say | StopSpeaking | Listen | StopListening | Settle | FindCoverage | Finish

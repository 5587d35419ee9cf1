"""What a running call tells the people who watch it, and what they can tell the call.

Events flow out of the call thread through one callback; the window forwards them to Qt's thread, the command line
prints them, tests collect them. Commands flow in through `LiveCall.post`. `at_s` is the call's clock: seconds since
pick-up.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hireflow_voice.sound import Echo
from hireflow_voice.verdict import Judgement


class Phase(StrEnum):
    """What the call is doing now, for the screen."""

    CONNECTING = "connecting"
    """Models load, voice is being prepared."""
    RINGING = "ringing"
    SPEAKING = "speaking"
    LISTENING = "listening"
    THINKING = "thinking"
    """The interviewer has heard the answer and is about to speak."""
    ON_HOLD = "on_hold"
    """The candidate is away: nothing is said or recorded, and the call's clock stands still."""
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class PhaseChanged:
    at_s: float
    phase: Phase


@dataclass(frozen=True, slots=True)
class QuestionChanged:
    at_s: float
    number: int
    """1-based."""
    total: int
    question: str
    text: str


@dataclass(frozen=True, slots=True)
class Caption:
    """Words of one side. A candidate's caption with the same `key` replaces the earlier one until `final`."""

    at_s: float
    speaker: str
    """ "interviewer" or "candidate"."""
    text: str
    key: str
    final: bool = True
    kind: str = ""
    """What the interviewer says it for: greeting, question, follow_up, hint, ..."""


@dataclass(frozen=True, slots=True)
class Level:
    """Sound level of the microphone, at most 20 times a second."""

    at_s: float
    dbfs: float
    """RMS of the newest block, -90..0."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """The interviewer begins to be heard, and how loud he is going to be: for what moves with his voice."""

    at_s: float
    step_s: float
    levels: tuple[float, ...]
    """RMS of each step, -90..0 dBFS, from now on."""


@dataclass(frozen=True, slots=True)
class SilenceGrowing:
    """The candidate has said something and is silent now; the turn ends when `seconds` reaches `limit_s`, which may
    change while the silence grows."""

    at_s: float
    seconds: float
    limit_s: float | None
    """None: only the Done key ends the turn."""


@dataclass(frozen=True, slots=True)
class TurnPaused:
    """The silence was long enough; the interviewer said "Uh-huh.". Whoever goes on keeps the floor."""

    at_s: float


@dataclass(frozen=True, slots=True)
class TurnReopened:
    """The answer goes on that was taken for finished, in the same recording."""

    at_s: float


@dataclass(frozen=True, slots=True)
class Ducked:
    """The interviewer is softer, because the candidate may be about to speak; or as loud as before."""

    at_s: float
    on: bool


@dataclass(frozen=True, slots=True)
class Coaching:
    """Coach mode: how the answer goes that is being given, by what is recognised of it so far."""

    at_s: float
    words_per_minute: float | None = None
    """None while there is too little to say."""
    fillers: int = 0
    touched: tuple[str, ...] = ()
    """Topics and terms of the question that were said, in the order in which they came up; never those that were
    not."""
    target_s: tuple[float, float] | None = None
    """(from, to) seconds that a good answer takes; None where no length is better than another."""


@dataclass(frozen=True, slots=True)
class Judged:
    at_s: float
    question: str
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something the user should know; the call goes on."""

    at_s: float
    kind: str
    """The error's class name, e.g. NoMicrophone; the same kind with `over` ends the banner."""
    blame: str
    sentence: str
    remedy: str
    over: bool = False


@dataclass(frozen=True, slots=True)
class CallEnded:
    at_s: float
    call: str
    """Id of the call, for the store."""
    finished: bool
    """False when it was hung up early."""


@dataclass(frozen=True, slots=True)
class CallSaved:
    """Everything of the call is judged and on disk (or will stay "not judged yet"); the last event of a call."""

    call: str


CallEvent = (
    PhaseChanged
    | QuestionChanged
    | Caption
    | Level
    | Spoken
    | SilenceGrowing
    | TurnPaused
    | TurnReopened
    | Ducked
    | Coaching
    | Judged
    | Trouble
    | CallEnded
    | CallSaved
)


class Press(StrEnum):
    """A key or button of the call screen."""

    DONE = "done"
    REPEAT = "repeat"
    REPHRASE = "rephrase"
    HINT = "hint"
    THINK = "think"
    DONT_KNOW = "dont_know"
    SKIP = "skip"
    RETRY = "retry"
    """Coach mode: answer the same question once more."""
    MUTE = "mute"
    UNMUTE = "unmute"
    HOLD = "hold"
    UNHOLD = "unhold"
    HANG_UP = "hang_up"


@dataclass(frozen=True, slots=True)
class Typed:
    """The candidate types this turn instead of speaking it."""

    text: str


@dataclass(frozen=True, slots=True)
class UseDevices:
    """Go on with another microphone and speaker, by name or empty for the default one."""

    microphone: str
    speaker: str
    echo: Echo | None = None
    """What is done about the interviewer's voice in the microphone from now on; None: as before."""


CallCommand = Press | Typed | UseDevices

"""What a judge says of an answer, and what the interviewer writes on the form."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Verdict(StrEnum):
    """What became of one key point."""

    COVERED = "covered"
    PARTLY = "partly"
    MISSING = "missing"


class Signal(StrEnum):
    """The lines of the forms. Each kind of round has its own (`SIGNALS`); a key point feeds exactly one of
    them, communication and curiosity are read from the whole call."""

    FRAMING = "framing"
    DEPTH = "depth"
    TRADE_OFFS = "trade_offs"
    OPERATIONS = "operations"
    ESTIMATION = "estimation"
    COMPLEXITY = "complexity"
    EDGE_CASES = "edge_cases"
    SITUATION = "situation"
    ACTION = "action"
    RESULT = "result"
    LEARNING = "learning"
    SCOPE = "scope"
    MOTIVATION = "motivation"
    STORY = "story"
    LOGISTICS = "logistics"
    COMMUNICATION = "communication"
    CURIOSITY = "curiosity"


Flow = Literal["screen", "technical", "design", "coding", "values"]
"""How a round is led: a recruiter's screen, technical questions with follow-ups, a design or a coding problem talked
through in stages, or stories from work."""
SIGNALS: dict[Flow, tuple[Signal, ...]] = {
    "screen": (Signal.MOTIVATION, Signal.STORY, Signal.SCOPE, Signal.LOGISTICS),
    "technical": (Signal.FRAMING, Signal.DEPTH, Signal.TRADE_OFFS, Signal.OPERATIONS),
    "design": (Signal.FRAMING, Signal.ESTIMATION, Signal.DEPTH, Signal.TRADE_OFFS, Signal.OPERATIONS),
    "coding": (Signal.FRAMING, Signal.DEPTH, Signal.COMPLEXITY, Signal.EDGE_CASES, Signal.TRADE_OFFS),
    "values": (Signal.SITUATION, Signal.ACTION, Signal.RESULT, Signal.LEARNING, Signal.SCOPE),
}
"""What the form of a round is made of, besides communication and curiosity; a key point feeds one of them."""


FALLBACK = "fallback:"
"""A flag that begins so says, after the colon, why another judge than the chosen one judged."""


class Band(StrEnum):
    """The interviewer's overall recommendation."""

    STRONG_HIRE = "strong hire"
    HIRE = "hire"
    NO_HIRE = "no hire"
    STRONG_NO_HIRE = "strong no hire"
    NOT_ENOUGH = "not enough evidence"


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of the candidate: always a slice of the transcript they are quoted from."""

    text: str
    start_char: int
    """Offset in `Transcript.text`."""
    end_char: int
    start_s: float | None
    """Seconds from the beginning of the take; None for a typed answer."""
    end_s: float | None


@dataclass(frozen=True, slots=True)
class PointJudgement:
    """One key point, judged."""

    point: str
    """Id of the key point."""
    verdict: Verdict
    confidence: float
    """Probability that the point was covered, 0..1, as the judge sees it."""
    quote: Quote | None = None
    """Present for covered and partly, absent for missing."""
    doubt: str = ""
    """One sentence when the judge read the answer twice and did not say the same both times; else empty."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """One answer (or one question over all its answers) held against the key points.

    A judge that failed gives `failed` (a sentence) and no points: "not judged yet", never a zero.
    """

    question: str
    """Id of the question."""
    judge: str
    """Name of what judged, as shown to the user."""
    points: tuple[PointJudgement, ...] = ()
    score: float | None = None
    """0..1, computed by our code from the points; None when not judged."""
    flags: tuple[str, ...] = ()
    """Machine-readable remarks, for example "talks-about-grading"; shown, never silently subtracted."""
    failed: str = ""
    """Why there is no judgement yet; empty when there is one."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that a mark of the form rests on."""

    text: str
    """A key point's statement, or what was looked for in the words."""
    verdict: Verdict
    """What became of it; of what was looked for: found, found in part, not found."""
    question: str = ""
    """Id; empty when it is about the whole call."""
    point: str = ""
    """Id of the key point; empty when it is none."""
    earned: float = 0.0
    """Weight that it earned ..."""
    needed: float = 0.0
    """... of so much that would have been enough. Both 0 where nothing is weighed."""
    quote: Quote | None = None
    take: str = ""
    """Id of the take the quote is from."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something the candidate did well, left out, or should practise: a statement, and the words it rests on."""

    text: str
    question: str = ""
    """Id."""
    point: str = ""
    """Id of the key point; empty when it is none."""
    quote: Quote | None = None
    take: str = ""
    """Id of the take the quote is from."""


@dataclass(frozen=True, slots=True)
class SignalMark:
    """One line of the form."""

    signal: Signal
    mark: int | None
    """1..4, or None for "not enough evidence"."""
    reason: str
    """One plain sentence that says how the mark was reached."""
    evidence: tuple[Evidence, ...] = ()
    """Everything the mark was computed from, in the order of the call."""


@dataclass(frozen=True, slots=True)
class Form:
    """The interviewer's form, derived by our code from the verdicts."""

    signals: tuple[SignalMark, ...]
    band: Band
    next_round: bool | None
    """None when there is not enough evidence."""
    reason: str
    """One sentence."""
    judged: int
    """Questions with a judgement."""
    asked: int
    """Questions that were asked."""
    strengths: tuple[Remark, ...] = ()
    """Key points that were made, the weightiest first, each with the words that made them."""
    gaps: tuple[Remark, ...] = ()
    """What was said wrongly, then what was left out or only touched on, the weightiest first."""
    practise: Remark | None = None
    """The one thing to practise next; None when nothing was judged or nothing was left out."""

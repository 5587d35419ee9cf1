"""What the interviewer knows before the phone rings. Built by `app` from a bank; plain data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Probe:
    """A spoken follow-up about one key point, written by the bank's author; it never gives the answer away."""

    text: str
    kind: str
    """clarify, depth, trade_off, production, failure, evidence, challenge, contrast, scenario, easier."""


@dataclass(frozen=True, slots=True)
class PlannedPoint:
    """A key point, as far as the interviewer needs it: what it weighs and how to ask for it."""

    id: str
    weight: float
    probes: tuple[Probe, ...]


@dataclass(frozen=True, slots=True)
class PlannedStage:
    """One step of a problem that is talked through."""

    id: str
    ask: str
    """What the interviewer says to begin it."""
    points: tuple[str, ...]
    """Ids of the key points that belong to it."""


@dataclass(frozen=True, slots=True)
class PlannedQuestion:
    """One question of the plan."""

    id: str
    text: str
    rephrased: str
    """The same question in other words; may be empty."""
    hint: str
    points: tuple[PlannedPoint, ...]
    deeper: tuple[Probe, ...] = ()
    """About the whole answer, for a candidate who left no point open."""
    stages: tuple[PlannedStage, ...] = ()
    """In order; a question without stages is asked, then followed up."""
    topics: tuple[str, ...] = ()
    difficulty: int = 2
    """1 warms up, 2 is the usual, 3 is for a candidate who shows more."""
    enough: float = 0.0
    """Weight that earns full marks; 0: all of it."""

    @property
    def asked(self) -> str:
        """Its words, with those that begin its first stage."""
        return f"{self.text} {self.stages[0].ask}" if self.stages else self.text


@dataclass(frozen=True, slots=True)
class Fact:
    """Something the interviewer may say when the candidate asks."""

    keywords: tuple[str, ...]
    """Lower case; the fact with most keywords in the question is the answer."""
    text: str


@dataclass(frozen=True, slots=True)
class CallPlan:
    """Everything one call needs. Times are seconds."""

    company: str
    """Company, role and round are titles as spoken: "Cloudflare", "Backend Developer", "technical phone interview"."""
    role: str
    round: str
    interviewer: str
    """First name; may be empty."""
    candidate: str
    """Name to greet, may be empty."""
    length_s: float
    questions: tuple[PlannedQuestion, ...]
    introduction: str = ""
    """How the interviewer asks for the candidate's introduction; empty: in the words of `phrases`."""
    facts: tuple[Fact, ...] = ()
    closing_s: float = 300.0
    """Kept at the end for the candidate's own questions; no new question starts inside it."""
    follow_ups: int = 2
    """Most follow-ups for one question."""
    again: bool = False
    """Questions of an earlier call, taken once more: no introduction, and no questions of the candidate's own."""
    covered_at: float = 0.65
    """Coverage from which a key point needs no follow-up."""
    count: int = 0
    """How many of `questions` are asked, chosen as the call goes (`adaptation`); 0: all of them, in their order."""
    coach: bool = False
    """Coach mode: a critique after each answer, and the offer to try again at once."""

    @property
    def adaptive(self) -> bool:
        """Whether the next question is chosen by what was shown."""
        return self.count > 0

    @property
    def to_ask(self) -> int:
        """How many questions are asked, if there is time."""
        return min(self.count, len(self.questions)) if self.count > 0 else len(self.questions)

"""What is kept of a call. The files in the call's folder are the truth; the database is an index of them.

Everything here is plain data: `store` writes and reads it as JSON, `report`, `ui` and `cli` show it.
Times are seconds; `at_s` counts from the moment the call was picked up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from hireflow_voice.transcript import Transcript
from hireflow_voice.verdict import Flow, Form, Judgement, Signal, Verdict


class TakeKind(StrEnum):
    """What the candidate was answering."""

    INTRODUCTION = "introduction"
    ANSWER = "answer"
    FOLLOW_UP = "follow_up"
    OWN_QUESTION = "own_question"


class CallState(StrEnum):
    """How far a call got. Only RUNNING can be resumed."""

    RUNNING = "running"
    FINISHED = "finished"
    HUNG_UP = "hung_up"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact can be checked."""

    title: str
    url: str
    checked: str
    """ISO date on which the page was read; empty when nobody read it."""


@dataclass(frozen=True, slots=True)
class KeyPointRecord:
    """A key point as it stood when the call was made."""

    id: str
    text: str
    weight: float
    signal: Signal
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionRecord:
    """A question as it stood when the call was made, so that a report never depends on a bank that has changed."""

    id: str
    text: str
    topics: tuple[str, ...]
    key_points: tuple[KeyPointRecord, ...]
    enough: float
    """Sum of key-point weight that earns full marks."""
    misconceptions: tuple[str, ...]
    glossary: tuple[str, ...]
    outline: tuple[str, ...]
    """What a strong answer says, in order."""
    strong_answer: str = ""
    """A whole answer that would get full marks, as it is spoken; empty where the bank has none."""
    misconception_points: tuple[str, ...] = ()
    """Id of the key point that each misconception gets wrong, empty for none; nothing in calls of older versions."""
    written_by: str = ""
    """Model and host that wrote it for the candidate's job, checked by nobody; empty for a person's question."""


@dataclass(frozen=True, slots=True)
class CallHeader:
    """What was agreed before the phone rang; written once."""

    id: str
    """Also the folder's name: sortable, e.g. 20261123-174203-7f3a."""
    started: str
    """ISO 8601 with offset."""
    company: str
    role: str
    round: str
    interviewer: str
    candidate: str
    """Name to greet, may be empty."""
    judge: str
    """What will judge: "on this computer" or the endpoint's host."""
    length_s: float
    questions: tuple[QuestionRecord, ...]
    version: str
    """Version of the product."""
    demo: bool = False
    flow: Flow = "technical"
    """How the round was led, and so what its form is made of."""
    planned: int = 0
    """How many of `questions`, a pool, were to be asked; 0: all of them."""
    coach: bool = False
    """Coach mode: feedback while it went on, and second takes."""
    loop: str = ""
    """Id of the full loop that it is a round of; empty for a call by itself."""
    retake_of: str = ""
    """Id of the call whose question was answered again; empty for a call of its own."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """How it was said. Measured from the recording, approximate, never part of any score."""

    first_word_s: float | None
    """From the end of the question to the first sound."""
    words_per_minute: float | None
    """Over speech, silences of a second or more left out; None under 10 words."""
    fillers: int
    long_silences: tuple[tuple[float, float], ...]
    """(start_s, end_s) in the take, each at least 1 s, between first and last sound."""
    speech_s: float
    """Seconds of sound."""
    answer_s: float
    """From the first to the last sound."""
    target_s: tuple[float, float] | None = None
    """(from, to) seconds that a good answer to this takes; None where no length is better than another."""


@dataclass(frozen=True, slots=True)
class TakeRecord:
    """One recorded (or typed) answer: the sidecar beside its WAV."""

    id: str
    """For example 03-rate-limiter-answer; also the stem of the file names."""
    question: str
    """Question id; empty for the introduction and the candidate's own questions."""
    kind: TakeKind
    asked: str
    """The words of the interviewer that this answers."""
    turn: int
    started_s: float
    """On the call's clock."""
    key_point: str = ""
    """What a follow-up was after."""
    sound: str = ""
    """File name of the WAV in the call's folder; empty for a typed answer."""
    seconds: float = 0.0
    gaps: tuple[tuple[float, float], ...] = ()
    """(start_s, seconds) of silence spliced in where the microphone was lost."""
    transcript: Transcript | None = None
    """None until it has been recognised."""
    judgement: Judgement | None = None
    """None until it has been judged (the introduction never is)."""
    delivery: Delivery | None = None
    attempt: int = 1
    """Which take of the answer it is; 2 and more are given in Coach mode, kept beside the first and judged apart."""
    command: str = ""
    """Set when the whole turn was a spoken command ("dont_know", "repeat" ...) and no answer."""

    @property
    def answers_question(self) -> bool:
        """Whether it holds an answer to a question: not a spoken command, not silence."""
        if self.kind not in (TakeKind.ANSWER, TakeKind.FOLLOW_UP) or not self.question or self.command:
            return False
        return bool(self.transcript.text.strip()) if self.transcript is not None else self.seconds > 0


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the conversation, for captions and the report."""

    at_s: float
    speaker: str
    """ "interviewer" or "candidate"."""
    text: str
    kind: str = ""
    """What the interviewer was doing: greeting, question, follow_up, hint ...; for the candidate the take's id."""
    question: str = ""


class CallFile(StrEnum):
    """What a call is put into one file for."""

    WHOLE = "call"
    """To keep it, or to move it to another computer."""
    MENTOR = "mentor"
    """For somebody who scores it before seeing what the judge says."""
    SCORES = "scores"
    """A mentor's scores, on their way back."""


@dataclass(frozen=True, slots=True)
class MentorReview:
    """What a person makes of a call."""

    id: str
    """Eight hexadecimal digits; scores that come a second time replace the first."""
    name: str = ""
    """As the mentor gives it, may be empty."""
    points: dict[str, dict[str, Verdict]] = field(default_factory=dict)
    """question id -> key point id -> verdict; what is not in it is not scored."""
    notes: dict[str, str] = field(default_factory=dict)
    """question id -> words for the candidate."""
    mine: bool = False
    """Written here, by the person at this computer."""
    revealed: bool = False
    """The judge's verdicts have been looked at; scores do not change any more."""


@dataclass(frozen=True, slots=True)
class CallRecord:
    """Everything that is known of one call."""

    header: CallHeader
    state: CallState
    ended_s: float
    lines: tuple[Line, ...]
    takes: tuple[TakeRecord, ...]
    judgements: tuple[Judgement, ...] = ()
    """One per question that was answered: its takes taken together, quotes placed by `quote_takes`."""
    quote_takes: dict[str, dict[str, str]] = field(default_factory=dict)
    """question id -> key point id -> id of the take its quote was said in."""
    form: Form | None = None
    mentors: tuple[MentorReview, ...] = ()
    notes: str = ""
    """What the candidate wrote down during the call."""
    kept: bool = False
    """Kept for ever: no retention deletes it."""

    @property
    def scoring(self) -> MentorReview | None:
        """The scores being given here, for as long as the judge's must not be seen."""
        return next((one for one in self.mentors if one.mine and not one.revealed), None)


def asked_of(header: CallHeader, takes: Sequence[TakeRecord], lines: Sequence[Line] = ()) -> CallHeader:
    """The header with only those questions of its pool that were asked, in the order in which they were."""
    if not header.planned:
        return header
    asked = dict.fromkeys(take.question for take in sorted(takes, key=lambda take: take.started_s) if take.question)
    # One that was taken back, because the answer before it went on, has no take and is not the last.
    last = next((line.question for line in reversed(lines) if line.kind == "question"), "")
    known = {question.id: question for question in header.questions}
    ids = dict.fromkeys((*asked, last))
    return replace(header, questions=tuple(known[one] for one in ids if one in known))


@dataclass(frozen=True, slots=True)
class LoopStep:
    """One round of a full loop."""

    round: str
    """Id."""
    title: str
    day: str
    """ISO date on which it is to be held."""


@dataclass(frozen=True, slots=True)
class Loop:
    """All rounds of a company, held over days; its calls name it in their headers."""

    id: str
    """Sortable, like the id of a call."""
    started: str
    """ISO 8601 with offset."""
    company: str
    """Id."""
    title: str
    """The company's, as on its calls."""
    steps: tuple[LoopStep, ...]
    """In the order of the company's process."""


@dataclass(frozen=True, slots=True)
class CallSummary:
    """One row of the list of calls."""

    id: str
    started: str
    company: str
    role: str
    round: str
    state: CallState
    seconds: float
    questions: int
    answered: int
    score: float | None
    """Mean of the judged questions, 0..1; None when nothing is judged yet."""
    band: str
    demo: bool = False
    kept: bool = False
    """Kept for ever: no retention deletes it."""

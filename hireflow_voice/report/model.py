"""What a report holds: a stable JSON shape for people's own tools.

Times are seconds; `*_s` fields of a take count from its beginning unless they say "call", `at` is the same as m:ss.
Scores are 0..1. A field is only ever added; `format` grows when one changes its meaning. `schema()` is the JSON Schema.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from hireflow_voice.records import CallState, TakeKind
from hireflow_voice.verdict import Band, Signal, Verdict


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CallFacts(_Part):
    """Who called whom, when, and what judged it."""

    id: str
    started: str = Field(description="ISO 8601 with offset")
    company: str
    role: str
    round: str
    interviewer: str
    candidate: str
    judge: str = Field(description='"on this computer" or the host name of the endpoint')
    planned_s: float
    seconds: float
    length: str = Field(description="m:ss")
    state: CallState
    demo: bool
    version: str = Field(description="of HireFlow Voice")


class WordReport(_Part):
    """A recognised word; start_char and end_char count characters of the transcript's text."""

    text: str
    start_s: float
    end_s: float
    probability: float
    start_char: int
    end_char: int


class CorrectionReport(_Part):
    """A term whose spelling was repaired."""

    heard: str
    written: str
    start_char: int
    end_char: int


class TranscriptReport(_Part):
    """`text` is what was judged, `raw` what the recogniser wrote or the candidate typed."""

    text: str
    raw: str
    model: str = Field(description="the recogniser; empty: typed")
    words: tuple[WordReport, ...]
    corrections: tuple[CorrectionReport, ...]
    by_hand: tuple[CorrectionReport, ...] = Field(description="put right by the candidate; part of `text`")


class TakeReport(_Part):
    """One answer in one recording."""

    id: str
    label: str = Field(description='"Answer", "Follow-up 2" ...')
    kind: TakeKind
    asked: str
    about: str = Field(description="the key point a follow-up was after, in words; else empty")
    call_s: float = Field(description="when it began on the call's clock")
    call_at: str = Field(description="m:ss")
    seconds: float
    sound: str = Field(description="file name of the recording; empty: typed")
    gaps: tuple[tuple[float, float], ...] = Field(
        description="(start_s, seconds) of silence where the microphone was lost"
    )
    command: str = Field(description="set when the turn was a spoken command and no answer")
    transcript: TranscriptReport | None = Field(description="null: not recognised yet")
    follow_ups: tuple[TakeReport, ...] = ()


class QuoteReport(_Part):
    """The candidate's own words, and where to hear them."""

    text: str
    take: str
    label: str = Field(description="of the take")
    start_s: float | None = Field(description="null: typed, or the place is not known")
    end_s: float | None
    at: str = Field(description="m:ss in the take; empty when start_s is null")


class EvidenceReport(_Part):
    """One thing that a mark of the form rests on."""

    text: str = Field(description="a key point's statement, or what was looked for in the words")
    verdict: Verdict
    question: int | None = Field(description="number of the question; null: the whole call")
    earned: float = Field(description="weight that it earned ...")
    needed: float = Field(description="... of so much that would have been enough; both 0 where nothing is weighed")
    quote: QuoteReport | None


class RemarkReport(_Part):
    """A strength, a gap, or what to practise: a statement, and the words it rests on."""

    text: str
    question: int | None = Field(description="number of the question; null: the whole call")
    quote: QuoteReport | None


class SignalReport(_Part):
    """One line of the interviewer's form."""

    signal: Signal
    name: str
    mark: int | None = Field(description="1..4; null: not enough evidence")
    word: str
    reason: str
    evidence: tuple[EvidenceReport, ...] = ()


class FormReport(_Part):
    """The interviewer's form. A practice estimate, not a hiring decision."""

    estimate: Literal["practice estimate"] = "practice estimate"
    band: Band
    next_round: bool | None = Field(description="null: not enough evidence")
    reason: str
    judged: int = Field(description="questions with a judgement")
    asked: int
    signals: tuple[SignalReport, ...]
    strengths: tuple[RemarkReport, ...] = Field(default=(), description="key points that were made, weightiest first")
    gaps: tuple[RemarkReport, ...] = Field(default=(), description="errors, then what was left out, weightiest first")
    practise: RemarkReport | None = Field(default=None, description="the one thing to practise next")


class PointReport(_Part):
    """One key point and what became of it."""

    id: str
    text: str
    weight: float
    signal: Signal
    verdict: Verdict
    confidence: float
    quote: QuoteReport | None
    doubt: str = Field(default="", description="when two readings by one judge differed; else empty")


class SourceReport(_Part):
    """Where a fact can be checked."""

    title: str
    url: str = Field(description="http or https; empty when it was neither")
    checked: str = Field(description="ISO date on which the page was read; empty when nobody read it")


class QuestionStatus(StrEnum):
    """What became of a question."""

    JUDGED = "judged"
    NOT_JUDGED = "not judged yet"
    NOT_ANSWERED = "not answered"
    NOT_ASKED = "not asked"


class QuestionReport(_Part):
    """One question of the plan."""

    number: int
    id: str
    text: str
    topics: tuple[str, ...]
    status: QuestionStatus
    why: str = Field(description="one sentence when it, or an answer to it, is not judged; else empty")
    judge: str = Field(description="what gave the verdicts; empty when it is not judged")
    score: float | None = Field(description="null unless judged")
    answers: tuple[TakeReport, ...] = Field(description="as spoken; follow-ups stand inside the answer they follow")
    points: tuple[PointReport, ...] = Field(description="empty unless judged")
    misconceptions: tuple[str, ...] = Field(description="said aloud, in the words of the question bank")
    remarks: tuple[str, ...] = Field(description="of the judge; nothing is subtracted for them")
    adds: tuple[str, ...] = Field(description="what a strong answer adds: key points that were not fully covered")
    outline: tuple[str, ...] = Field(description="a strong answer, in order")
    sources: tuple[SourceReport, ...]
    written_by: str = Field(default="", description="model and host that wrote it for the job; empty for a person's")


class DeliveryReport(_Part):
    """How one take was said: approximate, and part of no score."""

    take: str
    label: str
    question: str
    sentences: tuple[str, ...]
    first_word_s: float | None
    words_per_minute: float | None
    fillers: int
    long_silences: tuple[tuple[float, float], ...]
    speech_s: float
    answer_s: float
    target_s: tuple[float, float] | None = Field(default=None, description="seconds that a good answer takes, from, to")


class LineReport(_Part):
    """One line of the conversation."""

    call_s: float
    at: str
    speaker: str
    text: str
    kind: str
    question: str


class Report(_Part):
    """Everything that is told of a call."""

    format: Literal[1] = 1
    call: CallFacts
    form: FormReport | None = Field(description="null: nothing is judged yet")
    introduction: tuple[TakeReport, ...]
    questions: tuple[QuestionReport, ...]
    own_questions: tuple[TakeReport, ...]
    delivery: tuple[DeliveryReport, ...]
    conversation: tuple[LineReport, ...]
    notes: str = Field(default="", description="what the candidate wrote down during the call")


def schema() -> dict[str, Any]:
    """JSON Schema of a report."""
    return Report.model_json_schema()

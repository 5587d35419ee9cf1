"""What a question bank may say. Strict: an unknown field, a wrong type or a text that is too long is refused.

Everything is checked in pydantic's JSON mode (see `loader`): YAML scalars arrive as text, sequences become tuples.
Sequences fail fast, because a list of 40,000 empty questions would otherwise collect 320,000 complaints.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, FailFast, Field, StringConstraints, model_validator

from hireflow_voice.verdict import Flow, Signal


def _whole_number(value: object) -> object:
    # YAML scalars stay text until here, so that "no" and 1.10 are never guessed at.
    return int(value) if isinstance(value, str) and re.fullmatch(r"[0-9]{1,4}", value) else value


Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+$", max_length=60)]
Short = Annotated[str, StringConstraints(min_length=1, max_length=120)]
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=400)]
Spoken = Annotated[str, StringConstraints(min_length=1, max_length=2400)]
Url = Annotated[str, StringConstraints(pattern=r"^https://[a-z0-9.-]+(/[^\s<>\"']*)?$", max_length=300)]
# The limits stand before the validator, so that they reach the JSON Schema under their proper names.
Weight = Annotated[int, Field(ge=1, le=3), BeforeValidator(_whole_number)]
Difficulty = Annotated[int, Field(ge=1, le=3), BeforeValidator(_whole_number)]
Enough = Annotated[int, Field(ge=1, le=40), BeforeValidator(_whole_number)]
Minutes = Annotated[int, Field(ge=5, le=120), BeforeValidator(_whole_number)]
PointSignal = Literal[
    Signal.FRAMING,
    Signal.DEPTH,
    Signal.TRADE_OFFS,
    Signal.OPERATIONS,
    Signal.ESTIMATION,
    Signal.COMPLEXITY,
    Signal.EDGE_CASES,
    Signal.SITUATION,
    Signal.ACTION,
    Signal.RESULT,
    Signal.LEARNING,
    Signal.SCOPE,
    Signal.MOTIVATION,
    Signal.STORY,
    Signal.LOGISTICS,
]
ProbeKind = Literal[
    "clarify",
    "depth",
    "trade_off",
    "production",
    "failure",
    "evidence",
    "challenge",
    "contrast",
    "scenario",
    "easier",
]


class Model(BaseModel):
    """Common to all parts of a bank."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _no_id_twice(what: str, ids: list[str]) -> None:
    for index, one in enumerate(ids):
        if one in ids[:index]:
            raise ValueError(f"{what} id '{one}' is used twice")


class Source(Model):
    """A public page that supports a statement."""

    title: Short
    url: Url
    checked: date | None = None
    """The day on which somebody opened the page and found the statement supported; none when nobody did."""


class Probe(Model):
    """A spoken follow-up about one key point."""

    kind: ProbeKind
    text: Sentence


class KeyPoint(Model):
    """One statement that is true or false of an answer."""

    id: Id
    text: Sentence
    weight: Weight
    signal: PointSignal
    sources: Annotated[tuple[Source, ...], FailFast(), Field(max_length=6)] = ()
    probes: Annotated[tuple[Probe, ...], FailFast(), Field(max_length=4)] = ()


class Misconception(Model):
    """A wrong statement that candidates make."""

    text: Sentence
    """The statement itself, as somebody would say it."""
    point: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]*$", max_length=60)] = ""
    """Key point that it gets wrong; empty when it belongs to none."""


class Levels(Model):
    """What is expected of an answer, by seniority."""

    junior: Sentence
    senior: Sentence
    staff: Sentence


class Stage(Model):
    """One step of a problem that is talked through."""

    id: Id
    title: Short
    ask: Sentence
    """What the interviewer says to begin it; the first stage's words come right after the question."""
    points: Annotated[tuple[Id, ...], FailFast(), Field(min_length=1, max_length=8)]
    """Key points that belong to it."""
    answer: Annotated[str, StringConstraints(max_length=1200)] = ""
    """What a strong candidate says to it."""


class Question(Model):
    """One question of a round and everything an answer is held against."""

    id: Id
    text: Sentence
    rephrased: Sentence
    topics: Annotated[tuple[Short, ...], FailFast(), Field(min_length=1, max_length=12)]
    glossary: Annotated[tuple[Short, ...], FailFast(), Field(max_length=60)]
    """Terms a candidate may say, spelled as they should appear in a transcript."""
    hint: Sentence
    enough: Enough
    """Sum of weight that earns full marks; a strong answer does not have to say everything."""
    key_points: Annotated[tuple[KeyPoint, ...], FailFast(), Field(min_length=1, max_length=16)]
    difficulty: Difficulty = 2
    """1 warms up, 2 is the usual, 3 is for a candidate who shows more."""
    misconceptions: Annotated[tuple[Misconception, ...], FailFast(), Field(max_length=12)] = ()
    outline: Annotated[tuple[Sentence, ...], FailFast(), Field(max_length=12)] = ()
    levels: Levels | None = None
    strong_answer: Annotated[str, StringConstraints(max_length=2400)] = ""
    """A whole answer that would get full marks, as it is spoken in 60 to 120 s."""
    stages: Annotated[tuple[Stage, ...], FailFast(), Field(max_length=8)] = ()
    """In order; a question without stages is asked, then followed up."""
    written_by: Annotated[str, StringConstraints(max_length=200)] = ""
    """Model and host that wrote it for the user's job; empty for a question of a person's. It names no source."""

    @model_validator(mode="after")
    def _ids_differ(self) -> Question:
        known = [point.id for point in self.key_points]
        _no_id_twice("key point", known)
        _no_id_twice("stage", [stage.id for stage in self.stages])
        for point in [*(m.point for m in self.misconceptions), *(p for stage in self.stages for p in stage.points)]:
            if point and point not in known:
                raise ValueError(f"no key point has the id '{point}'")
        return self

    @property
    def weight(self) -> int:
        """All key points together."""
        return sum(point.weight for point in self.key_points)


class Bank(Model):
    """One round of one company: one YAML file."""

    company: Id
    round: Id
    title: Short
    role: Short
    flow: Flow = "technical"
    introduction: Sentence
    """How the interviewer asks for the candidate's introduction."""
    minutes: Minutes
    """Length of the full round."""
    questions: Annotated[tuple[Question, ...], FailFast(), Field(min_length=1, max_length=100)]

    @model_validator(mode="after")
    def _ids_differ(self) -> Bank:
        _no_id_twice("question", [question.id for question in self.questions])
        return self

    @property
    def authored(self) -> tuple[Question, ...]:
        """The questions that a person wrote: all that are asked when nobody asks for others."""
        return tuple(question for question in self.questions if not question.written_by)

    @property
    def written(self) -> tuple[Question, ...]:
        """The questions that a model wrote for the user's job."""
        return tuple(question for question in self.questions if question.written_by)


class CompanyFact(Model):
    """Something the interviewer may say when the candidate asks."""

    keywords: Annotated[
        tuple[Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9 .'-]*$", max_length=40)], ...],
        Field(min_length=1, max_length=20),
    ]
    """Lower case."""
    text: Sentence
    source: Source


class CompanyValue(Model):
    """What a company wants to see in people, and how it shows."""

    name: Short
    text: Sentence
    shows: Annotated[tuple[Sentence, ...], FailFast(), Field(min_length=1, max_length=6)]
    """What an answer has in which it can be heard, one sentence each."""


class ProcessStep(Model):
    """One step of the company's process, as candidates report it."""

    title: Short
    text: Sentence
    round: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]*$", max_length=60)] = ""
    """Id of the round beside `company.yaml` that practises it; empty when none does."""


class Step(Model):
    """One entry of the preparation timeline."""

    when: Short
    text: Sentence


class Company(Model):
    """What is known of a company: `company.yaml`."""

    company: Id
    title: Short
    interviewer: Short
    """The name the interviewer gives."""
    notice: Sentence
    """Says that the product is not the company's own."""
    style: Annotated[tuple[Sentence, ...], FailFast(), Field(min_length=1, max_length=12)]
    """How interviewers there ask, one line each."""
    deeper: Annotated[tuple[Probe, ...], FailFast(), Field(max_length=20)] = ()
    """Asked in technical rounds of a candidate who left nothing open: one for each question, about the whole answer."""
    values: Annotated[tuple[CompanyValue, ...], FailFast(), Field(min_length=1, max_length=12)]
    process: Annotated[tuple[ProcessStep, ...], FailFast(), Field(min_length=1, max_length=12)]
    """In order; the rounds are offered in this order, too."""
    facts: Annotated[tuple[CompanyFact, ...], FailFast(), Field(max_length=60)]
    company_tips: Annotated[tuple[Sentence, ...], FailFast(), Field(max_length=20)] = ()
    general_tips: Annotated[tuple[Sentence, ...], FailFast(), Field(max_length=20)] = ()
    timeline: Annotated[tuple[Step, ...], FailFast(), Field(max_length=20)] = ()
    sources: Annotated[tuple[Source, ...], FailFast(), Field(max_length=20)] = ()
    """Where values and process can be read."""

    @model_validator(mode="after")
    def _rounds_differ(self) -> Company:
        _no_id_twice("round", [step.round for step in self.process if step.round])
        return self

    def place(self, round_: str) -> int:
        """Where a round stands in the process; behind all steps when none practises it."""
        rounds = [step.round for step in self.process]
        return rounds.index(round_) if round_ in rounds else len(rounds)


AnswerKind = Literal[
    "strong",
    "middling",
    "weak",
    "wrong",
    "off-topic",
    "echo",
    "injection",
    "disfluent",
    "misheard",
]
"""What a judge is tried with: three grades of an honest answer; one that is wrong but fluent; one about something else;
the question said back; orders to whoever judges; a strong one with fillers and restarts; and a strong one whose terms a
recogniser took for other words."""


class KnownAnswer(Model):
    """An answer whose verdicts are known because a person set them."""

    id: Id
    kind: AnswerKind
    text: Spoken
    covers: dict[Id, Literal["covered", "partly", "wrong"]]
    """Key point -> what became of it; "wrong" was said wrongly, and earns as little as a point that is not named."""


class KnownQuestion(Model):
    """The known answers to one question of a round."""

    id: Id
    answers: Annotated[tuple[KnownAnswer, ...], FailFast(), Field(min_length=1, max_length=12)]
    follow_ups: dict[Id, Sentence]
    """Key point -> a short spoken answer that meets it."""

    @model_validator(mode="after")
    def _ids_differ(self) -> KnownQuestion:
        _no_id_twice("answer", [answer.id for answer in self.answers])
        return self


class Asides(Model):
    """Things a candidate says that answer nothing."""

    off_topic: Spoken
    injection: Spoken
    dont_know: Spoken


class KnownAnswers(Model):
    """`known-answers.yaml`: what a judge is measured on and what the demo candidate says."""

    company: Id
    round: Id
    introduction: Spoken
    own_question: Spoken
    asides: Asides
    questions: Annotated[tuple[KnownQuestion, ...], FailFast(), Field(min_length=1, max_length=100)]

    @model_validator(mode="after")
    def _ids_differ(self) -> KnownAnswers:
        _no_id_twice("question", [question.id for question in self.questions])
        return self

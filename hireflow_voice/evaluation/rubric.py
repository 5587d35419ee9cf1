"""What an answer is held against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from hireflow_voice.transcript import Transcript
from hireflow_voice.verdict import Judgement, Signal


@dataclass(frozen=True, slots=True)
class RubricPoint:
    """A statement that is true or false of an answer."""

    id: str
    text: str
    weight: float
    signal: Signal


@dataclass(frozen=True, slots=True)
class Rubric:
    """One question's key points, and how many of them are enough."""

    question: str
    """Question id."""
    text: str
    """The question as asked."""
    points: tuple[RubricPoint, ...]
    enough: float
    """Sum of weights that earns a score of 1."""
    misconceptions: tuple[str, ...] = ()
    glossary: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """One take, as a judge sees it."""

    asked: str
    """The words of the interviewer: the question itself, or a follow-up."""
    transcript: Transcript


class Judge(Protocol):
    """Holds one answer against a rubric.

    `judge` never raises for an answer it cannot judge: it returns a `Judgement` with `failed` set. Called on a worker
    thread; may take seconds.
    """

    @property
    def name(self) -> str:
        """As shown to the user, for example "on this computer: Qwen2.5-Coder 1.5B + MiniLM"."""
        ...

    def judge(self, rubric: Rubric, answer: Answer) -> Judgement:
        """Verdict per key point, with quotes out of `answer.transcript`, and a score computed by our code."""
        ...

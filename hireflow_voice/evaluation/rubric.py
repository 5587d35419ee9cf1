"""What an answer is held against."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from hireflow_voice.transcript import Transcript
from hireflow_voice.verdict import Judgement, Signal

_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\s[-*•●]\s|\n")
_MOST_SENTENCES = 8
_OF_STORIES = frozenset(
    (
        Signal.SITUATION,
        Signal.ACTION,
        Signal.RESULT,
        Signal.LEARNING,
        Signal.SCOPE,
        Signal.MOTIVATION,
        Signal.STORY,
        Signal.LOGISTICS,
    )
)
"""Lines of the forms of the rounds about the candidate."""


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
    reference: str = ""
    """A model answer in prose, where nobody wrote key points: the points are then its sentences, and the score is the
    grade that people give for such an answer (see `level`)."""
    misconception_points: tuple[str, ...] = ()
    """Id of the key point that each misconception gets wrong, empty for none; nothing where nobody wrote it down."""

    def point_of(self, misconception: int) -> int | None:
        """Index of the key point that a misconception gets wrong, where its author says so."""
        if misconception >= len(self.misconception_points):
            return None
        wanted = self.misconception_points[misconception]
        return next((i for i, point in enumerate(self.points) if point.id == wanted), None)

    @property
    def story(self) -> bool:
        """Whether it asks for the candidate's own story: its points say what is told, and not in which words."""
        return bool(self.points) and all(point.signal in _OF_STORIES for point in self.points)


def from_reference(question: str, reference: str, statements: Sequence[str] = ()) -> Rubric:
    """A rubric out of a model answer in prose; `statements` instead of its sentences where they are at hand."""
    texts = [s for s in statements if s.strip()] or sentences(reference)
    points = tuple(RubricPoint(f"s{i}", text, 1.0, Signal.DEPTH) for i, text in enumerate(texts, 1))
    return Rubric("reference", question, points, float(len(points)), reference=reference)


def sentences(prose: str) -> list[str]:
    """The sentences and list items of a text, at most `_MOST_SENTENCES`; the whole text where there are none."""
    parts = [part.strip(" \t-*•●") for part in _SENTENCE.split(prose)]
    return [part for part in parts if len(part.split()) >= 2][:_MOST_SENTENCES] or [prose]


@dataclass(frozen=True, slots=True)
class Answer:
    """One take, as a judge sees it."""

    asked: str
    """The words of the interviewer: the question itself, or a follow-up."""
    transcript: Transcript
    about: str = ""
    """Id of the key point that a follow-up was after; empty for the question itself."""


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

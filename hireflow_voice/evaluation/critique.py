"""What was strongest in an answer, and what is most open: for the critique of Coach mode."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from hireflow_voice.evaluation.rubric import Rubric
from hireflow_voice.verdict import Judgement, PointJudgement, Signal, Verdict


@dataclass(frozen=True, slots=True)
class Found:
    """One key point of an answer."""

    point: str
    signal: Signal
    quote: str = ""
    """The words that made it; empty when there are none."""
    begun: bool = False
    """It was made in part."""
    sure: bool = False
    """It may be praised."""


SURE = 0.9
"""Confidence of the quick judge from which a point may be praised. Of the ninety known answers 53 had a strongest
point, which 39 of them really made (8 said it wrongly); from here on it is 26 of 29."""


def strongest(rubric: Rubric, judgement: Judgement) -> Found | None:
    """The weightiest point that the answer covers, in words that can be quoted; None when there is none."""
    made = [
        p for p in judgement.points if p.verdict is Verdict.COVERED and p.quote is not None and p.quote.text.strip()
    ]
    weight = {point.id: point.weight for point in rubric.points}
    best = max(made, key=lambda p: (weight.get(p.point, 0.0), p.confidence), default=None)
    return _found(rubric, best) if best is not None else None


def most_open(rubric: Rubric, judgement: Judgement, points: Collection[str]) -> Found | None:
    """Of these points the one with most weight not covered; None when all are covered."""
    weight = {point.id: point.weight for point in rubric.points}
    left = [p for p in judgement.points if p.point in points and p.verdict is not Verdict.COVERED]
    best = max(left, key=lambda p: weight.get(p.point, 0.0) * (1.0 - p.confidence), default=None)
    return _found(rubric, best) if best is not None else None


def _found(rubric: Rubric, judged: PointJudgement) -> Found | None:
    point = next((p for p in rubric.points if p.id == judged.point), None)
    if point is None:
        return None
    quote = judged.quote.text if judged.quote is not None else ""
    return Found(point.id, point.signal, quote, judged.verdict is Verdict.PARTLY, judged.confidence >= SURE)

"""Two readings of one answer by the same model: where they differ, the judgement shows its doubt."""

from __future__ import annotations

from hireflow_voice.evaluation import fusion
from hireflow_voice.evaluation.rubric import Rubric
from hireflow_voice.verdict import Judgement, PointJudgement, Verdict


def agreed(rubric: Rubric, first: Judgement, second: Judgement) -> Judgement:
    """One judgement of two that both judged `rubric`. A point on which the verdicts differ gets the mean confidence and
    says so; flags are those of both; the score is computed again."""
    other = {p.point: p for p in second.points}
    points = tuple(_point(p, other[p.point]) for p in first.points)
    flags = tuple(dict.fromkeys((*first.flags, *second.flags)))
    return Judgement(rubric.question, first.judge, points, fusion.score(rubric, points), flags)


def _point(one: PointJudgement, other: PointJudgement) -> PointJudgement:
    if one.verdict is other.verdict:
        return one
    p = (one.confidence + other.confidence) / 2
    verdict = fusion.verdict(p)
    quote = (one.quote or other.quote) if verdict is not Verdict.MISSING else None
    return PointJudgement(
        one.point, verdict, p, quote, f"Read twice: once {one.verdict.value}, once {other.verdict.value}."
    )

"""One question over all its takes: the main answer and the follow-ups."""

from __future__ import annotations

from collections.abc import Sequence

from hireflow_voice.evaluation import fusion
from hireflow_voice.evaluation.rubric import Rubric
from hireflow_voice.verdict import Judgement, PointJudgement, Verdict

_RANK = {Verdict.MISSING: 0, Verdict.PARTLY: 1, Verdict.COVERED: 2}


def combine(rubric: Rubric, judgements: Sequence[tuple[str, Judgement]]) -> tuple[Judgement, dict[str, str]]:
    """Best verdict per key point over (take id, judgement) pairs, and the take each shown quote is from.

    What was said once is said: a later take never lowers a point. The score is computed again from the best verdicts.
    The result is failed only when every take failed (or there is none); flags are those of all takes. A misjudged
    rubric (a point no take judged) counts as missing.
    """
    judged = [(take, j) for take, j in judgements if not j.failed]
    names = ", ".join(dict.fromkeys(j.judge for _, j in (judged or judgements)))
    if not judged:
        why = next((j.failed for _, j in reversed(judgements)), "No answer to this question was recorded.")
        return Judgement(rubric.question, names, failed=why), {}
    points: list[PointJudgement] = []
    takes: dict[str, str] = {}
    for point in rubric.points:
        best: PointJudgement | None = None
        for take, judgement in judged:
            for found in judgement.points:
                if found.point == point.id and (best is None or _better(found, best)):
                    best = found
                    if found.quote is not None:
                        takes[point.id] = take
        points.append(best or PointJudgement(point.id, Verdict.MISSING, 0.0))
    flags = tuple(dict.fromkeys(flag for _, j in judged for flag in j.flags))
    return Judgement(rubric.question, names, tuple(points), fusion.score(rubric, points), flags), takes


def _better(a: PointJudgement, b: PointJudgement) -> bool:
    return (_RANK[a.verdict], a.confidence) > (_RANK[b.verdict], b.confidence)

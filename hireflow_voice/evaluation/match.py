"""The quick judge: sentence vectors and word recall. It chooses the follow-up while the call goes on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hireflow_voice.evaluation import fusion, guards, level, misconceptions
from hireflow_voice.evaluation.features import Matcher, PointFeatures
from hireflow_voice.evaluation.rubric import Answer, Rubric
from hireflow_voice.evaluation.windows import quote
from hireflow_voice.verdict import Judgement, PointJudgement, Verdict


def judgement(
    name: str,
    rubric: Rubric,
    answer: Answer,
    ready: guards.Prepared,
    found: Sequence[PointFeatures],
    probabilities: Sequence[float],
    grade: float | None = None,
) -> Judgement:
    """Verdicts, quotes and score out of probabilities, the same way for every judge on this computer.

    The score is the sum over the points, or `grade` where a reference in prose stands for the points.
    """
    points = []
    bounded = guards.bounded(probabilities, ready.own_words)
    for point, feature, p in zip(rubric.points, found, bounded, strict=True):
        said = fusion.verdict(p) if feature.window >= 0 else Verdict.MISSING
        words = None
        if said is not Verdict.MISSING:
            words = quote(answer.transcript, ready.row, ready.windows[feature.window])
        points.append(PointJudgement(point.id, said, round(p, 4), words))
    score = fusion.score(rubric, points) if grade is None else grade
    return Judgement(rubric.question, name, tuple(points), score, ready.flags)


class MatchJudge:
    """Judges in tenths of a second, without a language model. Not thread-safe.

    Raises ModelMissing on construction when the embedder's files are not there.
    """

    name = "on this computer: MiniLM + word recall"

    def __init__(self, embedder_folder: Path) -> None:
        self._matcher = Matcher(embedder_folder)

    def judge(self, rubric: Rubric, answer: Answer) -> Judgement:
        """See `evaluation.rubric.Judge`."""
        ready, found = self._matcher.features(rubric, answer)
        probabilities = fusion.asked_after(rubric, answer.about, [fusion.MATCH(f.numbers()) for f in found])
        grade = None
        if rubric.reference:
            numbers = level.features(rubric, found, self._matcher.whole(rubric, ready))
            grade = level.grade(level.QUICK, numbers, ready)
        if rubric.misconception_points:
            wrong = misconceptions.find(rubric, ready, found, self._matcher.near(rubric, ready, rubric.misconceptions))
            probabilities = misconceptions.held_down(probabilities, found, ready, wrong)
        return judgement(self.name, rubric, answer, ready, found, probabilities, grade)

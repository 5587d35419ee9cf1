"""The quick judge: sentence vectors and word recall. It chooses the follow-up while the call goes on."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from hireflow_voice.evaluation import fusion, guards
from hireflow_voice.evaluation.embed import Embedder, Vectors
from hireflow_voice.evaluation.rubric import Answer, Rubric
from hireflow_voice.evaluation.windows import canonical, quote
from hireflow_voice.evaluation.words import recall, weighted_stems
from hireflow_voice.verdict import Judgement, PointJudgement, Verdict

RELEVANT = 0.22
"""Cosine with the nearest key point under which a window is beside the subject: it neither counts nor reaches a model.
Of windows of padding 93 in 100 are below it, of windows of the known answers one in six."""
_RUBRICS_KEPT = 64


@dataclass(frozen=True, slots=True)
class PointFeatures:
    """What the words say of one key point."""

    near: float
    """Highest cosine of the point with a window of the answer."""
    own: float
    """Highest lead of the point over the mean of all points and the question, in one window: what is said of the
    subject in general is near all of them, a point that was made is nearer than the rest."""
    lead: float
    """Highest lead of the point over the next best point (or the question), in one window; negative when another
    statement is always nearer."""
    recall: float
    """Share, by rarity, of the point's words (the question's left out) that the answer holds."""
    window: int
    """Index in `Prepared.windows` of the window that shows the point best; -1 when there is none."""

    def numbers(self) -> dict[str, float]:
        """The features by name, as the fusion takes them."""
        return {"near": self.near, "own": self.own, "lead": self.lead, "recall": self.recall}


@dataclass(frozen=True, slots=True)
class _Known:
    points: Vectors
    """(points, 384)"""
    question: Vectors
    """(1, 384)"""


class Matcher:
    """Prepared answer -> features per key point. Not thread-safe. Raises ModelMissing without the embedder's files."""

    def __init__(self, embedder_folder: Path, threads: int = 1) -> None:
        self._embed = Embedder(embedder_folder, threads)
        self._rubrics: OrderedDict[Rubric, _Known] = OrderedDict()

    def features(self, rubric: Rubric, answer: Answer) -> tuple[guards.Prepared, tuple[PointFeatures, ...]]:
        """The answer after the guards, without the windows that are beside every point, and features per point."""
        ready = guards.prepare(rubric, answer)
        known = self._about(rubric)
        vectors = self._embed(ready.texts)
        near_any = (vectors @ known.points.T).max(axis=1, initial=-1.0)
        ready = replace(ready, windows=tuple(w for w, n in zip(ready.windows, near_any, strict=True) if n >= RELEVANT))
        if not ready.windows:
            return ready, tuple(PointFeatures(0.0, 0.0, 0.0, 0.0, -1) for _ in rubric.points)
        vectors = vectors[near_any >= RELEVANT]
        cosines = vectors @ known.points.T  # (windows, points)
        everything = np.hstack([cosines, vectors @ known.question.T])
        stems = ready.stems
        out = []
        for i, point in enumerate(rubric.points):
            near = cosines[:, i]
            own = near - everything.mean(axis=1)
            lead = near - np.delete(everything, i, axis=1).max(axis=1)
            out.append(
                PointFeatures(
                    near=float(near.max()),
                    own=float(own.max()),
                    lead=float(lead.max()),
                    recall=recall(weighted_stems(point.text, ready.asked), stems),
                    window=int(np.argmax(near + own)),
                )
            )
        return ready, tuple(out)

    def _about(self, rubric: Rubric) -> _Known:
        known = self._rubrics.get(rubric)
        if known is None:
            known = _Known(
                self._embed([canonical(p.text) for p in rubric.points]), self._embed([canonical(rubric.text)])
            )
            self._rubrics[rubric] = known
            if len(self._rubrics) > _RUBRICS_KEPT:
                self._rubrics.popitem(last=False)
        return known


def judgement(
    name: str,
    rubric: Rubric,
    answer: Answer,
    ready: guards.Prepared,
    found: tuple[PointFeatures, ...],
    probabilities: list[float],
) -> Judgement:
    """Verdicts, quotes and score out of probabilities, the same way for every judge on this computer."""
    points = []
    bounded = guards.bounded(probabilities, ready.own_words)
    for point, feature, p in zip(rubric.points, found, bounded, strict=True):
        said = fusion.verdict(p) if feature.window >= 0 else Verdict.MISSING
        words = None
        if said is not Verdict.MISSING:
            words = quote(answer.transcript, ready.row, ready.windows[feature.window])
        points.append(PointJudgement(point.id, said, round(p, 4), words))
    return Judgement(rubric.question, name, tuple(points), fusion.score(rubric, points), ready.flags)


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
        return judgement(self.name, rubric, answer, ready, found, [fusion.MATCH(f.numbers()) for f in found])

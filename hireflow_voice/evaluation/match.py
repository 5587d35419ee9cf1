"""The quick judge: sentence vectors and word recall. It chooses the follow-up while the call goes on."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hireflow_voice.evaluation import fusion, guards
from hireflow_voice.evaluation.embed import Embedder, Vectors
from hireflow_voice.evaluation.rubric import Answer, Rubric
from hireflow_voice.evaluation.windows import quote, tokens
from hireflow_voice.evaluation.words import content_stems, recall, weighted_stems
from hireflow_voice.verdict import Judgement, PointJudgement, Verdict

_SPAN_WORDS = 45
"""Words around the best window in which a point's words count as said together."""
_RUBRICS_KEPT = 64


@dataclass(frozen=True, slots=True)
class PointFeatures:
    """What the words say of one key point."""

    near: float
    """Highest cosine of the point with a window of the answer."""
    edge: float
    """`near` less half the cosine of point and question: what the question gives away is not the answer's merit."""
    recall: float
    """Share, by rarity, of the point's words (the question's left out) that the answer holds."""
    local: float
    """The same within some words around the best window."""
    window: int
    """Index in `Prepared.windows` of the nearest window; -1 when there is none."""

    def numbers(self) -> dict[str, float]:
        return {"near": self.near, "edge": self.edge, "recall": self.recall, "local": self.local}


@dataclass(frozen=True, slots=True)
class _Known:
    vectors: Vectors
    toward_question: tuple[float, ...]
    question: Vectors


class Matcher:
    """Prepared answer -> features per key point. Not thread-safe. Raises ModelMissing without the embedder's files."""

    def __init__(self, embedder_folder: Path, threads: int = 1) -> None:
        self._embed = Embedder(embedder_folder, threads)
        self._rubrics: OrderedDict[Rubric, _Known] = OrderedDict()

    def features(self, rubric: Rubric, answer: Answer, ready: guards.Prepared) -> tuple[PointFeatures, ...]:
        """One set of features for each point of the rubric, in order."""
        known = self._about(rubric)
        cosines = self._embed(ready.texts) @ known.vectors.T  # (windows, points)
        asked = guards.question_stems(rubric, answer.asked)
        everything = ready.stems
        out = []
        for i, point in enumerate(rubric.points):
            wanted = weighted_stems(point.text, asked)
            if not len(cosines):
                out.append(PointFeatures(0.0, -known.toward_question[i] / 2, 0.0, 0.0, -1))
                continue
            best = int(np.argmax(cosines[:, i]))
            window = ready.windows[best]
            middle = (window.first + window.last) // 2
            around = ready.row[max(0, middle - _SPAN_WORDS // 2) : middle + _SPAN_WORDS // 2]
            local = frozenset(content_stems(t.text for t in around)) & everything
            near = float(cosines[best, i])
            out.append(
                PointFeatures(
                    near, near - known.toward_question[i] / 2, recall(wanted, everything), recall(wanted, local), best
                )
            )
        return tuple(out)

    def _about(self, rubric: Rubric) -> _Known:
        known = self._rubrics.get(rubric)
        if known is None:
            vectors = self._embed([" ".join(t.text for t in tokens(p.text)) for p in rubric.points])
            question = self._embed([" ".join(t.text for t in tokens(rubric.text))])
            known = _Known(vectors, tuple(float(x) for x in vectors @ question[0]), question[0])
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
        ready = guards.prepare(rubric, answer)
        found = self._matcher.features(rubric, answer, ready)
        return judgement(self.name, rubric, answer, ready, found, [fusion.MATCH(f.numbers()) for f in found])

"""From features of a key point to the probability that it was covered; the constants, and what they were fitted on."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hireflow_voice.evaluation.rubric import Rubric
from hireflow_voice.verdict import PointJudgement, Verdict

PARTLY_FROM = 0.35
COVERED_FROM = 0.65
_HALF, _ALL = 0.5, 0.8


@dataclass(frozen=True, slots=True)
class Fusion:
    """A logistic model over standardised features: p = sigmoid(bias + sum(weight * (x - mean) / sd))."""

    version: str
    bias: float
    terms: Mapping[str, tuple[float, float, float]]
    """Feature -> (weight, mean, sd)."""

    def __call__(self, features: Mapping[str, float]) -> float:
        """Probability that the key point was covered, 0..1."""
        z = self.bias + sum(w * (features[name] - mean) / sd for name, (w, mean, sd) in self.terms.items())
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, z))))


# Fitted by tests/benchmarks/fit_fusion.py on the known answers of cloudflare/technical-phone: 1,040 key-point labels
# (240 of whole answers, 640 of follow-ups, 160 zero rows: answers to other questions and off-topic talk), ridge 1.
# Leaving one question out: area under the curve .890, 29 of 30 pairs strong > middling > weak in order (without
# `meant`: .875). The features and the borders in guards.py and features.py were chosen with all ten questions in view,
# so expect less on new ones.
MATCH = Fusion(
    "match-3",
    -2.944,
    {
        "own": (0.135, 0.089, 0.121),
        "lead": (1.360, -0.049, 0.162),
        "recall": (0.047, 0.079, 0.123),
        "meant": (1.171, 0.291, 0.137),
    },
)
# The same labels; whole answers and the doubtful points of zero rows, Qwen2.5-Coder-1.5B-Instruct Q4_K_M (sha256
# cc324af0...) and the prompt in llama.py. The log-odds were taken before windows beside the subject and words like "so"
# were left out of the prompt. Leaving one question out, the model asked only in doubt: area under the curve .909, 30 of
# 30 pairs. Log-odds less those of a null answer did no better (.892 against .895 on 168 labels): none is asked about.
OFFLINE = Fusion(
    "offline-2",
    -1.001,
    {
        "near": (0.014, 0.422, 0.135),
        "own": (0.310, 0.162, 0.107),
        "lead": (0.736, 0.052, 0.129),
        "recall": (0.596, 0.150, 0.147),
        "log_odds": (0.917, 0.540, 0.905),
    },
)


# A point of a story ("names what was learnt") has no words in common with the story that makes it, so the model alone
# decides. Fitted on the strong answers of 9 questions of the recruiter and values rounds, each held against its own
# points and against another question's (96 labels; that other story makes some of these points, too). Leaving one
# question out: area under the curve .69, mean score of the answer to the question .82, of another story .46. The
# features above, with the model asked only in doubt, gave .12 and .06.
STORY = Fusion("story-1", 0.001, {"log_odds": (0.796, -0.07, 0.765)})

ASKED_AFTER = 1.25
"""Added to the log-odds of the key point that a follow-up was after: who is asked about a thing speaks of it, in few
words of his own, which whole answers are not. Of the 80 known follow-up answers the quick judge then takes 12 for
missing instead of 24, and of 13 the language model's judge 2 instead of 5; of 80 answers to another follow-up 7 get
something for the point instead of 2."""


def asked_after(rubric: Rubric, about: str, probabilities: Sequence[float]) -> list[float]:
    """Probabilities of the key points in an answer to a follow-up that was after the point `about`."""
    return [
        1.0 / (1.0 + math.exp(-ASKED_AFTER) * (1.0 - p) / p) if point.id == about and p > 0.0 else p
        for point, p in zip(rubric.points, probabilities, strict=True)
    ]


def verdict(p: float) -> Verdict:
    """What a probability is shown as."""
    if p >= COVERED_FROM:
        return Verdict.COVERED
    return Verdict.PARTLY if p >= PARTLY_FROM else Verdict.MISSING


def credit(p: float) -> float:
    """What a probability earns, 0..1: nothing while the verdict is missing, half at .5, all from .8.

    Not simply p: a judge that is nearly sure would otherwise never give full marks, and many doubts would add up.
    Without a step, so that one word heard otherwise never moves a score by much.
    """
    if p <= _HALF:
        return max(0.0, 0.5 * (p - PARTLY_FROM) / (_HALF - PARTLY_FROM))
    return min(1.0, 0.5 + 0.5 * (p - _HALF) / (_ALL - _HALF))


def score(rubric: Rubric, points: Sequence[PointJudgement]) -> float:
    """Weight earned over the weight that is enough, 0..1."""
    weights = {p.id: p.weight for p in rubric.points}
    earned = sum(weights.get(p.point, 0.0) * credit(p.confidence) for p in points)
    return min(1.0, earned / rubric.enough) if rubric.enough > 0 else 0.0

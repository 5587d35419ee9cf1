"""What a human grader would give for an answer, where there is a model answer in prose and nobody wrote key points.

How many sentences of a model answer are enough is nowhere written down: some list more than is asked for, some say one
thing twice. So the level is learnt from answers that people graded, as a weighted sum of a few features; the verdicts
on the single sentences are those of the usual judge.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hireflow_voice.evaluation.features import PointFeatures, Whole
from hireflow_voice.evaluation.fusion import Fusion
from hireflow_voice.evaluation.guards import DOES_NOT_KNOW, REPEATS_THE_QUESTION, Prepared
from hireflow_voice.evaluation.rubric import Rubric
from hireflow_voice.evaluation.words import split, weighted_stems

_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_MEANS = ("near", "meant", "meant_lead", "recall", "pairs")
_TOPS = ("own", "recall")
_SAME_WORDS, _SAME_PAIRS = 0.9, 0.8
"""Share of the reference's words, and of its word pairs, from which on an answer is the reference."""
_BESIDE_IT, _ABOUT_IT = 0.18, 0.50
"""Probability of being about the subject up to which an answer gets at most `_BESIDE`, and from which on nothing is
held back: of answers to other questions 19 in 20 are below the first, of graded answers 1 in 40."""
_BESIDE = 0.2
_LEAN = 0.02
"""Taken off: too much for a wrong answer is the worse mistake."""
_BEND, _STEEPER = 0.85, 0.6
_SHORT_REFERENCE, _LONG_REFERENCE = 3.4, 4.1
"""Logarithms of 30 and 60 words."""
_LEAST_OWN = 1
_MOST_ASKED = 4
"""Points of a reference that the language model is asked about: each costs a second or more."""


@dataclass(frozen=True, slots=True)
class Level:
    """A linear model over standardised features."""

    version: str
    bias: float
    terms: Mapping[str, tuple[float, float, float]]
    """Feature -> (weight, mean, sd)."""

    def __call__(self, features: Mapping[str, float]) -> float:
        """Grade, not yet held to 0..1."""
        return self.bias + sum(w * (features[name] - mean) / sd for name, (w, mean, sd) in self.terms.items())


def features(
    rubric: Rubric,
    found: Sequence[PointFeatures],
    whole: Whole,
    log_odds: Mapping[int, float] | None = None,
) -> dict[str, float]:
    """What the level is made of: means over the points (longer ones count more) and of the better half of them, the
    answer as a whole, and what the question and the reference look like. `log_odds` by index of the point: those that
    were asked about."""
    weights = [math.sqrt(max(0.5, sum(weighted_stems(p.text).values()))) for p in rubric.points]
    out = {f"{name}_mean": _mean([getattr(f, name) for f in found], weights) for name in _MEANS}
    out |= {f"{name}_top": _top([getattr(f, name) for f in found]) for name in _TOPS}
    if log_odds:
        odds, shares = list(log_odds.values()), [weights[i] for i in log_odds]
        out["odds_mean"] = _mean(odds, shares)
        out["odds_top"] = _top(odds)
        out["yes_mean"] = _mean([1 / (1 + math.exp(-x)) for x in odds], shares)
    asked = split(rubric.text)
    return out | {
        "relevance": max(whole.answer, *(f.near for f in found)),
        "same_words": _mean([f.whole_recall for f in found], weights),
        "question_said": whole.asked,
        "whole": whole.answer,
        "whole_lead": whole.answer - whole.question,
        "log_reference": math.log1p(len(split(rubric.reference))),
        "log_question": math.log1p(len(asked)),
        "points": float(len(rubric.points)),
        "number": float(
            max((_NUMBERS.get(w, int(w) if len(w) == 1 and w in "123456789" else 0) for w in asked), default=0)
        ),
        "question_near": whole.question,
    }


def worth_asking(rubric: Rubric, ready: Prepared) -> list[int]:
    """Indices of the points that the language model reads: those with most words of their own."""
    size = [sum(weighted_stems(p.text, ready.asked).values()) for p in rubric.points]
    return sorted(sorted(range(len(size)), key=lambda i: -size[i])[:_MOST_ASKED])


def _mean(values: Sequence[float], weights: Sequence[float]) -> float:
    return sum(v * w for v, w in zip(values, weights, strict=True)) / sum(weights)


def _top(values: Sequence[float]) -> float:
    best = sorted(values, reverse=True)[: max(1, (len(values) + 1) // 2)]
    return sum(best) / len(best)


def grade(level: Level, numbers: Mapping[str, float], ready: Prepared) -> float:
    """0..1: the level, within what rules allow. Nothing for an answer that says nothing, next to nothing for one that
    is beside the subject, all for the reference itself."""
    if not ready.windows or ready.own_words < _LEAST_OWN or DOES_NOT_KNOW in ready.flags:
        return 0.0
    if ready.own_words == 1 and REPEATS_THE_QUESTION in ready.flags and numbers["recall_top"] == 0.0:
        return 0.0
    if numbers["same_words"] >= _SAME_WORDS and numbers["pairs_mean"] >= _SAME_PAIRS:
        return 1.0
    value = min(1.0, max(0.0, _bent(level(numbers) - _LEAN, numbers["log_reference"])))
    # The language model sees that an answer in quite other words is about the subject all the same.
    if numbers.get("odds_top", -1.0) > 0.0:
        return value
    about = min(1.0, max(0.0, (RELEVANT(numbers) - _BESIDE_IT) / (_ABOUT_IT - _BESIDE_IT)))
    return min(value, _BESIDE + (1 - _BESIDE) * about)


def _bent(value: float, log_reference: float) -> float:
    """The level, steeper below `_BEND` where the reference is long.

    A fitted level stays near the middle, and gives wrong answers most of what right ones get. People use the whole
    scale on long answers; on short ones the fit itself is nearest to them.
    """
    if value >= _BEND:
        return value
    long = min(1.0, max(0.0, (log_reference - _SHORT_REFERENCE) / (_LONG_REFERENCE - _SHORT_REFERENCE)))
    return value + _STEEPER * long * (value - _BEND)


# Fitted by tests/benchmarks/fit_level.py on development parts of SAF v2.0 (MIT) and Mohler (no licence text, weights
# only): 2,215 answers of eight words or more to 55 questions. Leaving questions out, before the rules in `grade`:
# r .44, pairs .83 on networking (SAF), r .56, pairs .85, RMSE .17 on data structures (Mohler). With the log-odds of
# Qwen2.5-Coder-1.5B-Instruct Q4_K_M (sha256 cc324af0...), over the 57 and 111 answers it was asked about: r .49 to .53
# and .55 to .58, RMSE .17 to .16.
RELEVANT = Fusion(
    "relevant-1",
    3.5509,
    {
        "relevance": (0.8976, 0.6567, 0.1652),
        "same_words": (0.7401, 0.4067, 0.2399),
        "question_said": (1.1239, 0.5490, 0.1852),
        "whole_lead": (0.9170, 0.0961, 0.1830),
    },
)
QUICK = Level(
    "level-1",
    0.8387,
    {
        "near_mean": (0.0096, 0.5811, 0.1378),
        "meant_mean": (0.0246, 0.5460, 0.1492),
        "meant_lead_mean": (0.0222, 0.1902, 0.1652),
        "recall_mean": (-0.0045, 0.3194, 0.2459),
        "pairs_mean": (-0.0039, 0.1569, 0.2020),
        "own_top": (0.0327, 0.1599, 0.1164),
        "recall_top": (0.0246, 0.3954, 0.2740),
        "whole": (0.0304, 0.6357, 0.1598),
        "whole_lead": (0.0296, 0.1137, 0.1646),
        "log_reference": (-0.0111, 3.0639, 1.1180),
        "log_question": (-0.0123, 2.6909, 0.7520),
        "points": (-0.0104, 2.0727, 2.1478),
        "number": (-0.0112, 0.8727, 1.6955),
        "question_near": (-0.0106, 0.4869, 0.1754),
    },
)
OFFLINE = Level(
    "level-1-odds",
    0.8335,
    {
        "near_mean": (0.0077, 0.5811, 0.1378),
        "meant_mean": (0.0197, 0.5460, 0.1492),
        "meant_lead_mean": (0.0178, 0.1902, 0.1652),
        "recall_mean": (-0.0036, 0.3194, 0.2459),
        "pairs_mean": (-0.0031, 0.1569, 0.2020),
        "own_top": (0.0262, 0.1599, 0.1164),
        "recall_top": (0.0197, 0.3954, 0.2740),
        "whole": (0.0243, 0.6357, 0.1598),
        "whole_lead": (0.0237, 0.1137, 0.1646),
        "log_reference": (-0.0089, 3.0639, 1.1180),
        "log_question": (-0.0098, 2.6909, 0.7520),
        "points": (-0.0083, 2.0727, 2.1478),
        "number": (-0.0090, 0.8727, 1.6955),
        "question_near": (-0.0085, 0.4869, 0.1754),
        "odds_mean": (0.0300, 0.7773, 1.0207),
        "odds_top": (0.0300, 0.9558, 1.0053),
    },
)

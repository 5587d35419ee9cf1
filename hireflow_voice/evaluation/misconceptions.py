"""Wrong statements that a bank knows of: were they made, where, and which key point do they get wrong?

Sentence vectors only say what an answer is near to: "a token is encrypted" and "a token is not encrypted" are nearly
the same to them. They choose what is worth a question; whether it was claimed is asked of the language model. Without
one, an answer that is far nearer to the misconception than to the key point it gets wrong is not credited with the
point, and no more is said of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from hireflow_voice.evaluation.embed import Vectors
from hireflow_voice.evaluation.features import PointFeatures
from hireflow_voice.evaluation.guards import Prepared
from hireflow_voice.evaluation.rubric import Rubric
from hireflow_voice.evaluation.windows import WINDOW_WORDS, Window

NEAR = 0.40
"""Cosine of a window with a misconception under which nobody is asked."""
CLAIMED = 0.7
"""Log-odds of "the speaker claims that" from which a misconception counts as said. Qwen2.5-Coder 1.5B on single
statements: 11 of 18 that were made, none of 18 that were denied; in the bank's wrong answers of a minute: one or more
in 8 of 10; in honest answers of the same length: one in 1 of 40."""
DENIED = 0.0
"""Log-odds under which the language model contradicts what the vectors say."""
NEARER, LEAD = (0.5, 0.65), (0.0, 0.2)
"""Cosine of a window with a misconception, and its lead over that of the key point with any window: from the first
number on it becomes, up to the second, sure that the misconception was said rather than the point. Chosen with all ten
questions of the known answers in view: points that were said wrongly earn a fifth less, those that were made the same.
Who denies a misconception in its own words is mistaken for one who holds it in 6 of 20 statements."""
SAID_WRONGLY = 0.2
"""Most that a key point's probability may be when what shows it is the misconception about it."""
_ITS_POINT = 0.45
"""Cosine with the nearest key point under which a misconception belongs to none."""


@dataclass(frozen=True, slots=True)
class Misstatement:
    """A misconception that was said."""

    text: str
    window: Window
    point: int | None
    """Index of the key point that it gets wrong."""
    by_author: bool
    """Whether the bank says which point that is; else it is the nearest one."""
    claimed: bool
    """Whether the language model found that the speaker claims it."""
    sure: float
    """0..1: how far its key point is held down."""


def find(
    rubric: Rubric,
    ready: Prepared,
    found: Sequence[PointFeatures],
    vectors: tuple[Vectors, Vectors, Vectors],
    ask: Callable[[list[str]], list[float]] | None = None,
) -> list[Misstatement]:
    """Misconceptions that were said. `vectors`: of the misconceptions, of the points and of the windows; `ask` gives
    the log-odds that the speaker claims each statement, where there is somebody to ask."""
    statements, (wrong, points, windows) = rubric.misconceptions, vectors
    if not statements or not len(windows):
        return []
    cosines = windows @ wrong.T
    near = [i for i in range(len(statements)) if cosines[:, i].max() >= NEAR]
    odds = dict(zip(near, ask([statements[i] for i in near]), strict=True)) if ask is not None else {}
    out = []
    for i in near:
        claimed, point, by_author = odds.get(i, DENIED) >= CLAIMED, rubric.point_of(i), True
        nearest, sure = float(cosines[:, i].max()), 1.0 if claimed else 0.0
        if not claimed and point is not None and odds.get(i, DENIED) >= DENIED:
            sure = _ramp(nearest, NEARER) * _ramp(nearest - found[point].near, LEAD)
        if sure == 0.0:
            continue
        if point is None:
            to_points, by_author = points @ wrong[i], False
            point = int(np.argmax(to_points)) if to_points.max() >= _ITS_POINT else None
        window = ready.windows[int(np.argmax(cosines[:, i]))]
        out.append(Misstatement(statements[i], window, point, by_author, claimed, sure))
    return out


def _ramp(value: float, between: tuple[float, float]) -> float:
    low, high = between
    return min(1.0, max(0.0, (value - low) / (high - low)))


def held_down(
    probabilities: Sequence[float], found: Sequence[PointFeatures], ready: Prepared, wrong: Sequence[Misstatement]
) -> list[float]:
    """Probabilities in which a point that was said wrongly is not covered. Where nobody wrote down which point that
    is, only if the words that show it best are those of the misconception, or stand right beside them."""
    out = list(probabilities)
    for said in wrong:
        if said.point is None or found[said.point].window < 0:
            continue
        shown = ready.windows[found[said.point].window]
        beside = shown.first < said.window.last + WINDOW_WORDS and said.window.first < shown.last + WINDOW_WORDS
        if said.by_author or beside:
            out[said.point] = min(out[said.point], 1.0 - (1.0 - SAID_WRONGLY) * said.sure)
    return out

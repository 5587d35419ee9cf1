"""Wrong statements that a bank knows of: were they made, where, and which key point do they get wrong?

Sentence vectors only say what an answer is near to: "a token is encrypted" and "a token is not encrypted" are the same
to them. They choose what is worth a question; whether it was claimed is asked of the language model.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from hireflow_voice.evaluation.embed import Vectors
from hireflow_voice.evaluation.features import PointFeatures
from hireflow_voice.evaluation.guards import Prepared
from hireflow_voice.evaluation.windows import WINDOW_WORDS, Window

NEAR = 0.40
"""Cosine of a window with a misconception under which nobody is asked."""
CLAIMED = 0.55
"""Log-odds of "the speaker claims that" from which a misconception counts as said. Qwen2.5-Coder 1.5B on single
statements: 13 of 18 that were made, none of 18 that were denied; in the bank's wrong answers of a minute: 6 of some 10
that were made, 1 of 48 in honest answers of the same length."""
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


def find(
    statements: Sequence[str],
    vectors: Vectors,
    points: Vectors,
    ready: Prepared,
    windows: Vectors,
    ask: Callable[[list[str]], list[float]],
) -> list[Misstatement]:
    """Misconceptions that were said. `vectors` are those of the statements, `windows` those of `ready.windows`; `ask`
    gives the log-odds that the speaker claims each statement."""
    if not statements or not len(windows):
        return []
    cosines = windows @ vectors.T
    near = [i for i in range(len(statements)) if cosines[:, i].max() >= NEAR]
    found = []
    for i, odds in zip(near, ask([statements[i] for i in near]), strict=True):
        if odds >= CLAIMED:
            to_points = points @ vectors[i]
            point = int(np.argmax(to_points))
            about = point if to_points[point] >= _ITS_POINT else None
            found.append(Misstatement(statements[i], ready.windows[int(np.argmax(cosines[:, i]))], about))
    return found


def held_down(
    probabilities: Sequence[float], found: Sequence[PointFeatures], ready: Prepared, wrong: Sequence[Misstatement]
) -> list[float]:
    """Probabilities in which a point that was said wrongly is not covered: where the words that show it best are those
    of the misconception about it, or stand right beside them."""
    out = list(probabilities)
    for said in wrong:
        if said.point is None or found[said.point].window < 0:
            continue
        shown = ready.windows[found[said.point].window]
        if shown.first < said.window.last + WINDOW_WORDS and said.window.first < shown.last + WINDOW_WORDS:
            out[said.point] = min(out[said.point], SAID_WRONGLY)
    return out

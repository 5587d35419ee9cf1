"""How much of one text's words, word pairs and spelling another one holds: what word vectors of whole windows blur."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence

import numpy as np

from hireflow_voice.evaluation.embed import Vectors
from hireflow_voice.evaluation.words import FILLERS, FUNCTION_WORDS, content_stems, rarity, stem

_GRAM = 4
_ECHOED = 0.3
"""What a word of the question counts for among those of a key point."""


class Said:
    """The words of an answer, ready to be looked up in."""

    def __init__(self, words: Sequence[str]) -> None:
        stems = content_stems(words)
        self.pairs = frozenset(itertools.pairwise(stems)) | frozenset(zip(stems, stems[2:], strict=False))
        """Neighbouring content stems, one word between them allowed."""
        self.grams = grams(stems)


def grams(stems: Sequence[str]) -> frozenset[str]:
    """All runs of four characters of some stems; they forgive endings and slips of spelling."""
    line = f" {' '.join(stems)} "
    return frozenset(line[i : i + _GRAM] for i in range(len(line) - _GRAM + 1))


def pair_share(words: Sequence[str], said: Said) -> float | None:
    """Share of the neighbouring content words that are neighbours in the answer too; None where there are no pairs."""
    pairs = list(itertools.pairwise(content_stems(words)))
    return sum(pair in said.pairs for pair in pairs) / len(pairs) if pairs else None


def gram_share(words: Sequence[str], without: Collection[str], said: Said) -> float:
    """Share of the runs of four characters that the answer holds; words whose stem is in `without` are left out."""
    wanted = grams([s for s in content_stems(words) if s not in without])
    return len(wanted & said.grams) / len(wanted) if wanted else 0.0


def meant(words: Sequence[str], vectors: Vectors, said: Vectors, without: Collection[str]) -> float:
    """Mean over the content words of how near the nearest word of `said` is in meaning (cosine), by rarity.

    `vectors` are those of `words`. A word of `without` (stems) counts for a third.
    """
    if not len(said):
        return 0.0
    content = [i for i, w in enumerate(words) if w not in FUNCTION_WORDS and w not in FILLERS] or range(len(words))
    chosen = list(content)
    if not chosen:
        return 0.0
    weight = np.array([rarity(words[i]) * (_ECHOED if stem(words[i]) in without else 1.0) for i in chosen])
    nearest = (vectors[chosen] @ said.T).max(axis=1)
    return float(nearest @ weight / weight.sum())

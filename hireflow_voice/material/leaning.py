"""Which questions a job description or résumé asks for.

No model: the terms of each question (topics and glossary) are looked for in the text, and a term counts the more the
fewer questions have it. So the choice can be explained in the text's own words, and nothing in the text can order
anything: it holds terms or it does not.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

AT_MOST = 4.0
"""A question that fits best is drawn so many times more often, on top of its usual chance: the plan still covers what
the material does not name."""


@dataclass(frozen=True, slots=True)
class Askable:
    """A question, by the terms that tell it from others."""

    id: str
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Leaning:
    """How much the material asks for a question."""

    question: str
    weight: float
    """0..1; 1 is the question that fits best."""
    because: tuple[str, ...]
    """Its terms that the material names, the most telling first."""


def lean(text: str, questions: Sequence[Askable]) -> tuple[Leaning, ...]:
    """One for each question, in their order; all weights 0 when the text names nothing that is asked about."""
    holds = {term for question in questions for term in question.terms if _named(term, text)}
    spread = Counter(term for question in questions for term in set(question.terms))
    telling = {term: math.log(1 + len(questions) / spread[term]) for term in holds}
    found = [
        sorted({term for term in question.terms if term in telling}, key=lambda term: (-telling[term], term))
        for question in questions
    ]
    sums = [sum(telling[term] for term in terms) for terms in found]
    most = max(sums, default=0.0) or 1.0
    return tuple(
        Leaning(question.id, one / most, tuple(terms))
        for question, one, terms in zip(questions, sums, found, strict=True)
    )


def draw(leanings: Sequence[Leaning], count: int, seed: int | None) -> tuple[str, ...]:
    """`count` different questions by chance, those that fit oftener; all of them when there are fewer.

    Weighted sampling without replacement: the largest u^(1/w) of uniform u (Efraimidis and Spirakis, 2006).
    """
    random = Random(seed)
    keys = {one.question: random.random() ** (1 / (1 + AT_MOST * one.weight)) for one in leanings}
    return tuple(sorted(keys, key=lambda question: -keys[question])[:count])


def _named(term: str, text: str) -> bool:
    """Whether a term stands in the text: any case for words of four letters and more, spaces and hyphens alike, plural
    or not. Short ones (SQL, SYN, Go) must stand as they are written."""
    parts = [re.escape(part) for part in re.split(r"[\s-]+", term.strip()) if part]
    if not parts:
        return False
    pattern = r"(?<![A-Za-z0-9])" + r"[\s-]+".join(parts) + r"(?:e?s)?(?![A-Za-z0-9])"
    flags = re.IGNORECASE if len(term) > 3 else re.NOFLAG
    return re.search(pattern, text, flags) is not None

"""Terms that a recogniser wrote as something that sounds the same: "pack it" for "packet", "cash" for "cache".

Only the words of the rubric are looked for, so ordinary speech stays as it is. Spelling follows sound here; meaning is
left to what reads the words afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

from hireflow_voice.evaluation.words import FILLERS, FUNCTION_WORDS, WORD, stem

_SHORTEST = 4
_VOWEL = re.compile(r"[aeiouy]")


def vocabulary(texts: Iterable[str]) -> frozenset[str]:
    """The words of a rubric that can be restored: content words of four letters or more, lower case."""
    words = (m.group().lower() for text in texts for m in WORD.finditer(text))
    return frozenset(w for w in words if len(w) >= _SHORTEST and w.isalpha() and w not in FUNCTION_WORDS | FILLERS)


def restored(words: Sequence[str], terms: frozenset[str]) -> list[tuple[str, int]]:
    """The words with what sounds like a term put back: (word, how many of `words` it stands for)."""
    stems = _stems(terms)
    out: list[tuple[str, int]] = []
    i = 0
    while i < len(words):
        term = ""
        if i + 1 < len(words) and (words[i] not in FUNCTION_WORDS or len(words[i]) == 1):
            term = _term(words[i] + words[i + 1], terms, joined=True) if stem(words[i]) not in stems else ""
        if term:
            out.append((term, 2))
            i += 2
            continue
        word = words[i]
        if word not in FUNCTION_WORDS and stem(word) not in stems:
            word = _term(word, terms, joined=False) or word
        out.append((word, 1))
        i += 1
    return out


@lru_cache(maxsize=64)
def _stems(terms: frozenset[str]) -> frozenset[str]:
    return frozenset(stem(t) for t in terms)


@lru_cache(maxsize=64)
def _by_sound(terms: frozenset[str]) -> dict[str, tuple[str, ...]]:
    out: dict[str, list[str]] = {}
    for term in sorted(terms):
        out.setdefault(_sound(term), []).append(term)
    return {sound: tuple(found) for sound, found in out.items()}


@lru_cache(maxsize=20_000)
def _sound(word: str) -> str:
    from jellyfish import metaphone

    return str(metaphone(word))


def _term(word: str, terms: frozenset[str], *, joined: bool) -> str:
    """The term that `word` sounds like, or nothing."""
    if len(word) < _SHORTEST - (not joined) or not word.isalpha():
        return ""
    if joined and word in terms:
        return word
    return _nearest(word, _by_sound(terms).get(_sound(word), ()), joined)


def _nearest(word: str, like: Collection[str], joined: bool) -> str:
    from jellyfish import damerau_levenshtein_distance

    for term in like:
        edits = damerau_levenshtein_distance(word, term)
        longest = max(len(word), len(term))
        same_vowel = _vowels(word)[:1] == _vowels(term)[:1]
        if not joined and word[-2:] == term[-2:] and longest - len(word) <= 2 and edits <= 3 and word[0] != term[0]:
            return term  # "cue" for "queue"
        if len(word) < _SHORTEST:
            continue
        if joined and longest >= 5 and edits <= max(1, longest // 3) and same_vowel:
            return term
        if not joined and (
            (edits == 1 and (longest > _SHORTEST or _vowels(word) == _vowels(term)))
            or (edits == 2 and longest > _SHORTEST and same_vowel)
        ):
            return term
    return ""


def _vowels(word: str) -> str:
    return "".join(_VOWEL.findall(word))

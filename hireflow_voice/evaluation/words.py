"""Content words, their stems, and how many of a key point's words an answer holds.

Stems are light (plural, -ed, -ing, -ly ...): they only have to be equal on both sides. A word counts as said when its
stem is there, or one that a recogniser could have written for it (one edit in a long word).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import lru_cache

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")

_FILLERS = "um umm uh uhm uhh er erm ah hmm hm mm mhm well okay ok basically actually literally honestly like so"
FILLERS = frozenset(_FILLERS.split())
FILLER_PAIRS = frozenset(["you know", "i mean", "kind of", "sort of", "i guess"])

_FUNCTION_WORDS = """
a about above after again all also although am an and any anyway are as at be because been before being but by can
can't could did didn't do does doesn't doing don't done each either else even every few for from further get gets
getting go goes going gonna got had has have having he her here him his how however i i'd i'll i'm i've if in instead
into is isn't it it'd it'll it's its itself just kind know let let's like look lot make makes many may maybe me mean
might more most much must my myself need no nor not now of off okay on once one only or other our ours out over own
pretty quite rather really right same say see she should so some something sort still such than that that's the their
them then there there's these they they'd they'll they're they've thing things think this those though through to too
under until up upon us use used uses using very want was wasn't we we'd we'll we're we've well were what what's
whatever when where whereas whether which while who whole whom whose why will with within without won't would yeah yes
yet you you'd you'll you're you've your yours basically actually probably happen happens happened first second next
finally way ways explain describe tell walk question questions
"""
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())
"""Words that carry no subject of their own, those of question asking included."""

_SUFFIXES = (
    ("ational", "ate"), ("isation", "ize"), ("ization", "ize"), ("ations", ""), ("ation", ""), ("ising", "ize"),
    ("ings", ""), ("ing", ""), ("iest", "y"), ("ies", "y"), ("ied", "y"), ("edly", ""), ("ers", ""), ("ors", ""),
    ("ed", ""), ("er", ""), ("or", ""), ("ly", ""), ("es", ""), ("s", ""),
)  # fmt: skip


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A light stem of a lower-case word: "caches", "cached" and "caching" give the same one."""
    base = word.replace("’", "'").removesuffix("'s")
    if len(base) <= 3 or any(c.isdigit() for c in base):
        return base
    for suffix, instead in _SUFFIXES:
        if base.endswith(suffix) and len(base) - len(suffix) >= 3 and not base.endswith(("ss", "us", "is")):
            base = base[: -len(suffix)] + instead
            break
    if len(base) > 4 and base[-1] == base[-2] and base[-1] not in "ls":
        base = base[:-1]  # "dropping" > "dropp" > "drop"
    return base[:-1] if len(base) > 3 and base[-1] in "e" else base


def content_stems(words: Iterable[str]) -> list[str]:
    """Stems of the words that carry meaning, in order, repeats kept."""
    return [stem(w) for w in words if w not in FUNCTION_WORDS and w not in FILLERS]


def split(text: str) -> list[str]:
    """Lower-case words of plain text."""
    return [m.group().lower() for m in WORD.finditer(text)]


@lru_cache(maxsize=20_000)
def rarity(word: str) -> float:
    """How much a word says, 1 (everyday) to 3.5 (a term no word list knows), from its frequency in English.

    Zipf scale of wordfreq: 3 = once a million words, 6 = once a thousand.
    """
    from wordfreq import zipf_frequency

    zipf = float(zipf_frequency(word, "en", wordlist="small"))
    return min(3.5, max(1.0, (7.0 - zipf) / 1.5)) if zipf else 3.5


def weighted_stems(text: str, without: Collection[str] = ()) -> dict[str, float]:
    """Stem -> rarity of the content words of a text, those in `without` (stems) left out."""
    out: dict[str, float] = {}
    for word in split(text):
        if word in FUNCTION_WORDS or word in FILLERS:
            continue
        s = stem(word)
        if s not in without:
            out[s] = max(out.get(s, 0.0), rarity(word))
    return out


def said(wanted: str, stems: Collection[str]) -> bool:
    """Whether a stem, or one a recogniser could have written for it, is among `stems`."""
    if wanted in stems:
        return True
    if len(wanted) < 6:
        return False
    from jellyfish import damerau_levenshtein_distance

    return any(
        abs(len(s) - len(wanted)) <= 1 and len(s) >= 5 and damerau_levenshtein_distance(wanted, s) <= 1 for s in stems
    )


def recall(wanted: dict[str, float], stems: Collection[str]) -> float:
    """Share of the wanted stems' weight that is among `stems`, 0..1; 0 when nothing is wanted."""
    total = sum(wanted.values())
    return sum(weight for s, weight in wanted.items() if said(s, stems)) / total if total else 0.0

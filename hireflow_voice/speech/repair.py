"""Spelling repair: a glossary term that was heard right and written wrong.

Only what is no English word is ever changed: "reddis" becomes Redis, "nick" never becomes NIC. The raw text is kept
beside the corrected one, and every change is listed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from hireflow_voice.transcript import Correction

TOKEN = re.compile(r"[A-Za-z0-9+/'.\-]*[A-Za-z0-9+]")
CLAUSE = re.compile(r"[.?!;:,]\s")
ACCEPT = 0.78
"""Half spelling, half sound; measured to change no ordinary word in 4,500."""
RARE = 2.8
"""Zipf frequency (log10 per 10^9 words) under which a word is taken for a mishearing."""
COMMON = 5.2
"""From here on a word is never part of a term it is not written in."""
NO_WORD = 3.2
"""A "sounds like" entry counts only if one of its words is rarer than this."""
ORDINARY = 4.0
"""A word as common as this keeps its case: "go", "rest" and "spark" are verbs more often than names."""
SHORTEST = 4
"""Letters of a term that may be compared by likeness."""
STEM = 5
"""Letters that two words share, before mere endings, if one is a form of the other."""
ENDINGS = re.compile(
    r"(e?s|e?d|er|ors?|ing|i[sz]e[ds]?|i[sz]ing|t|ty|c[ye]|n?cy|y|ies|le|i?ty|ities|[ai]?bility|ility|[ai]ble|e|n"
    r"|at?ions?|t?ions?|al|ly|ive|ist|nt)?"
)

SOUNDS: Mapping[str, tuple[str, ...]] = {
    "redis": ("reddis", "rediss", "redus", "readdis"),
    "postgres": ("post gress", "postgress", "post gres", "posgres", "postgris"),
    "postgresql": ("post gress ql", "postgress ql", "postgres q l"),
    "waf": ("waff", "whaff", "w a f"),
    "ddos": ("dee doss", "deedos", "d dos", "dedos", "d doss"),
    "etcd": ("et c d", "etsy d", "e t c d"),
    "conntrack": ("con track", "contrack", "conn track"),
    "nginx": ("engine x", "enginex", "engine ex", "n jinx"),
    "kubernetes": ("cooper nettis", "kuber netes", "koobernetes", "cubernetes"),
    "ebpf": ("e b p f", "ebbpf", "e bpf"),
    "quic": ("q u i c", "quik"),
    "grpc": ("g r p c", "jrpc", "g rpc"),
    "clickhouse": ("clickhous", "klickhouse"),
    "kafka": ("kafca", "cafka", "kaffka", "kaff ka"),
    "idempotent": ("eye dempotent", "item potent", "i dempotent", "idem potent", "adempotent"),
    "idempotency": ("eye dempotency", "item potency", "i dempotency", "idem potency"),
    "yaml": ("yammel", "yamel"),
    "cidr": ("sidder", "cidder"),
    "syn": ("s y n",),
    "pgbouncer": ("pg bouncer", "p g bouncer", "pegebouncer"),
    "vitess": ("vittess", "vitesse"),
    "wasm": ("wazm", "wasam"),
    "kqueue": ("k queue", "kayqueue"),
}
"""Spellings that recognisers give these names, squeezed before comparison."""


@dataclass(frozen=True, slots=True)
class _Window:
    """Some words in a row, within one clause."""

    start: int
    end: int
    words: tuple[str, ...]
    squeezed: str


@dataclass(frozen=True, slots=True)
class _Find:
    """A window that is a term, or nearly."""

    window: _Window
    score: float
    written: str


@dataclass(frozen=True, slots=True)
class Repaired:
    """A text and what was changed in it."""

    text: str
    corrections: tuple[Correction, ...]
    """In order; offsets in `text`."""
    spans: tuple[tuple[int, int], ...]
    """Where each correction was in the text before: (start, end)."""


def squeeze(text: str) -> str:
    """Letters and digits only, lower case: what is left when case, blanks and hyphens do not matter."""
    return re.sub(r"[^a-z0-9]", "", text.lower().replace("+", "plus"))


def warm() -> None:
    """Load the word list now (40 MB, 0.4 s, most of it holding the interpreter) and not beside a running call."""
    zipf("word")


@cache
def zipf(word: str) -> float:
    """How common an English word is: log10 of its occurrences in 10^9 words, 0 if unknown (wordfreq)."""
    import wordfreq

    return float(wordfreq.zipf_frequency(word.strip("'."), "en"))


@cache
def _sound(squeezed: str) -> str:
    import jellyfish

    return str(jellyfish.metaphone(squeezed))


def _likeness(a: str, b: str) -> float:
    import jellyfish

    longest = max(len(a), len(b))
    return 1.0 - jellyfish.levenshtein_distance(a, b) / longest if longest else 0.0


def fix_safe(text: str, glossary: Sequence[str], sounds: Mapping[str, Sequence[str]] = SOUNDS) -> Repaired:
    """`text` with the glossary's terms spelled as the glossary spells them, and the list of changes.

    `sounds` maps a squeezed term to spellings it is heard as. Loads the word list at the first call (`warm`).
    """
    terms = [term for term in glossary if squeeze(term)]
    longest = max((len(TOKEN.findall(term)) for term in terms), default=0)
    windows = _windows(text, max(longest + 2, 4)) if terms else []
    finds = [find for term in terms for find in _find(windows, term, sounds)]
    finds.sort(key=lambda f: (-f.score, -len(f.window.squeezed), f.window.start))
    taken: list[_Find] = []
    for find in finds:
        if all(find.window.end <= t.window.start or find.window.start >= t.window.end for t in taken):
            taken.append(find)
    return _write(text, sorted(taken, key=lambda f: f.window.start))


def _windows(text: str, most: int) -> list[_Window]:
    """Every run of up to `most` words that no clause parts."""
    tokens = list(TOKEN.finditer(text))
    found = []
    for first, token in enumerate(tokens):
        for last in range(first, min(len(tokens), first + most)):
            start, end = token.start(), tokens[last].end()
            if CLAUSE.search(text, start, end):
                break
            words = tuple(t.group() for t in tokens[first : last + 1])
            found.append(_Window(start, end, words, squeeze(text[start:end])))
    return found


def _find(windows: Sequence[_Window], term: str, sounds: Mapping[str, Sequence[str]]) -> list[_Find]:
    wanted = squeeze(term)
    own = [squeeze(t) for t in TOKEN.findall(term)]
    heard_as = {
        squeeze(entry) for entry in sounds.get(wanted, ()) if any(zipf(word) < NO_WORD for word in entry.split())
    }
    slack = max(2, len(wanted) // 3)
    found = []
    for window in windows:
        if len(window.words) > max(len(own) + 2, 4):
            continue
        if window.squeezed == wanted:
            said = window.words[0]
            # An ordinary word stays as it is, and is not taken for part of another term either.
            plain = said.isalpha() and said.lower() == term.lower() and zipf(said.lower()) >= ORDINARY
            found.append(_Find(window, 1.0, said if plain else term))
        elif window.squeezed in heard_as:
            found.append(_Find(window, 1.0, term))
        elif abs(len(window.squeezed) - len(wanted)) <= slack and len(wanted) >= SHORTEST:
            score = _score(window, wanted, own)
            if score >= ACCEPT:
                found.append(_Find(window, score, term))
    return found


def _score(window: _Window, wanted: str, own: Sequence[str]) -> float:
    """How much these words are like the term, 0 where they must not be touched."""
    spelled = _likeness(window.squeezed, wanted)
    if spelled < 2 * ACCEPT - 1 or _inflected(window.squeezed, wanted):
        return 0.0
    common = [zipf(word.lower()) for word in window.words]
    if min(common) >= RARE:
        return 0.0
    if any(c >= COMMON and squeeze(w) not in own for c, w in zip(common, window.words, strict=True)):
        return 0.0
    return 0.5 * spelled + 0.5 * _likeness(_sound(window.squeezed), _sound(wanted))


def _inflected(got: str, wanted: str) -> bool:
    """Whether one is a form of the other: right as it is ("idempotency" beside "idempotent")."""
    stem = next((n for n, (a, b) in enumerate(zip(got, wanted, strict=False)) if a != b), min(len(got), len(wanted)))
    if stem == min(len(got), len(wanted)):
        return True
    return stem >= STEM and all(ENDINGS.fullmatch(word[stem:]) for word in (got, wanted))


def _write(text: str, finds: Sequence[_Find]) -> Repaired:
    pieces: list[str] = []
    corrections: list[Correction] = []
    spans: list[tuple[int, int]] = []
    read = written = 0
    for find in finds:
        begin, end = find.window.start, find.window.end
        if text[begin:end] == find.written:
            continue
        pieces += [text[read:begin], find.written]
        start = written + begin - read
        written = start + len(find.written)
        read = end
        corrections.append(Correction(text[begin:end], find.written, start, written))
        spans.append((begin, end))
    return Repaired("".join([*pieces, text[read:]]), tuple(corrections), tuple(spans))

"""An answer as a row of canonical words, and windows over it.

Speech has no reliable punctuation, so what is scored must not hang on it: the text becomes lower-case words without
fillers and doublings, and windows are a fixed number of them. Every word keeps its place in the transcript, so every
window is a slice of `Transcript.text`; punctuation only serves to end a shown quote at a decent place.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from hireflow_voice.evaluation.words import FILLER_PAIRS, FILLERS, WORD
from hireflow_voice.transcript import Transcript
from hireflow_voice.verdict import Quote

WINDOW_WORDS = 14
STRIDE_WORDS = 3
_SNAP_WORDS = 6
_CLAUSE_END = re.compile(r"[.!?;:,…—–]")
_SENTENCE_END = re.compile(r"[.!?…]")


@dataclass(frozen=True, slots=True)
class Token:
    """One canonical word and its place."""

    text: str
    start: int
    """Offset in `Transcript.text`."""
    end: int


@dataclass(frozen=True, slots=True)
class Window:
    """Some neighbouring tokens."""

    first: int
    """Index of the first token."""
    last: int
    """Index after the last token."""


def cleaned(text: str) -> tuple[str, list[int]]:
    """NFKC, without control, bidi, zero-width and tag characters; and for each character its offset in `text`."""
    out: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        if char.isspace():
            out.append(" ")
            places.append(place)
            continue
        if unicodedata.category(char) in ("Cc", "Cf", "Co", "Cn", "Cs"):
            continue
        for part in unicodedata.normalize("NFKC", char):
            out.append(part)
            places.append(place)
    return "".join(out), places


def tokens(text: str) -> tuple[Token, ...]:
    """Canonical words: lower case, no fillers, doubled words once, letters spelt one by one put together ("T T L")."""
    clean, places = cleaned(text)
    found = [
        Token(m.group().lower().replace("’", "'"), places[m.start()], places[m.end() - 1] + 1)
        for m in WORD.finditer(clean)
    ]
    out: list[Token] = []
    skip = False
    for token, following in itertools.zip_longest(found, found[1:]):
        if out and token.start < out[-1].end:  # one character that NFKC writes as several words: "¼"
            out[-1] = Token(out[-1].text + token.text, out[-1].start, out[-1].end)
        elif skip:
            skip = False
        elif following is not None and f"{token.text} {following.text}" in FILLER_PAIRS:
            skip = True
        elif token.text not in FILLERS and (not out or out[-1].text != token.text or token.text.isdigit()):
            out.append(token)
    return tuple(_unspelt(out))


def _unspelt(row: list[Token]) -> list[Token]:
    out: list[Token] = []
    run: list[Token] = []

    def close() -> None:
        if len(run) >= 2 and any(t.text not in ("a", "i") for t in run):
            out.append(Token("".join(t.text for t in run), run[0].start, run[-1].end))
        else:
            out.extend(run)
        run.clear()

    for token in row:
        if len(token.text) == 1 and token.text.isalpha():
            run.append(token)
            continue
        close()
        out.append(token)
    close()
    return out


def windows(count: int, size: int = WINDOW_WORDS, stride: int = STRIDE_WORDS) -> tuple[Window, ...]:
    """Windows over `count` tokens: `size` words every `stride`, the last one flush with the end."""
    if count <= 0:
        return ()
    if count <= size:
        return (Window(0, count),)
    starts = [*range(0, count - size, stride), count - size]
    return tuple(Window(first, first + size) for first in starts)


def joined(row: Sequence[Token], window: Window) -> str:
    """The canonical words of a window, as they are embedded."""
    return " ".join(t.text for t in row[window.first : window.last])


def canonical(text: str) -> str:
    """Plain text as its canonical words."""
    return " ".join(t.text for t in tokens(text))


def quote(transcript: Transcript, row: Sequence[Token], window: Window) -> Quote:
    """The window as a quote: a slice of the transcript, moved to the nearest clause borders where there are any."""
    first, last = window.first, window.last - 1
    text = transcript.text
    start = _snapped(text, row, first, back=True)
    end = _snapped(text, row, last, back=False)
    begin, stop = row[start].start, row[end].end
    if stop < len(text) and _SENTENCE_END.match(text[stop]):
        stop += 1
    span = transcript.span(begin, stop)
    return Quote(text[begin:stop], begin, stop, span[0] if span else None, span[1] if span else None)


def _snapped(text: str, row: Sequence[Token], index: int, *, back: bool) -> int:
    """The token nearest to `index` that begins (back) or ends a clause; outward by preference, then inward."""

    def border(i: int) -> bool:
        if back:
            return i == 0 or bool(_CLAUSE_END.search(text[row[i - 1].end : row[i].start]))
        return i == len(row) - 1 or bool(_CLAUSE_END.search(text[row[i].end : row[i + 1].start]))

    outward = -1 if back else 1
    for step in range(_SNAP_WORDS + 1):
        for way in (outward, -outward) if step <= 3 else (outward,):
            i = index + way * step
            if 0 <= i < len(row) and border(i):
                return i
    return index

"""What must hold whatever a model says: rules in code around the words of an answer.

The order: characters are cleaned (`windows.cleaned`), speech about the grading is dropped and flagged, the echoed
question and bare lists of terms are left out, and what remains bounds how much can have been covered.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hireflow_voice.evaluation.grading_talk import about_grading
from hireflow_voice.evaluation.rubric import Answer, Rubric
from hireflow_voice.evaluation.windows import Token, Window, cleaned, joined, tokens, windows
from hireflow_voice.evaluation.words import FUNCTION_WORDS, content_stems, split

TALKS_ABOUT_GRADING = "talks-about-grading"
REPEATS_THE_QUESTION = "repeats-the-question"
LISTS_TERMS = "lists-terms"
DOES_NOT_KNOW = "does-not-know"

ECHO = 0.8
"""Share of a window's content words that are the question's: above it the window is the question said back."""
WORDS_A_POINT = 3
"""Different content words of one's own it takes, at least, to state one key point."""
_MANY_WORDS = 10
"""Content words from which on "I don't know" is a remark in an answer, not the answer."""
_LISTED = 0.12
"""Share of function words under which a window is a list of terms; English prose has .35 to .60."""
_DONT_KNOW = re.compile(
    r"\b(?:i (?:\w+ly |just )?(?:don't|do not|dunno|wouldn't|would not) (?:\w+ly |even )?(?:know|remember|recall)"
    r"|no (?:idea|clue)|not (?:really |too |very )?sure|i can't (?:remember|say|recall|answer)|i(?:'ve| have) never"
    r"|i'd have to (?:look|guess)|i'm not familiar|haven't (?:used|worked|heard))\b"
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """An answer after the guards."""

    row: tuple[Token, ...]
    """Canonical words that may count, in order."""
    windows: tuple[Window, ...]
    """Windows over `row` that say something of their own."""
    asked: frozenset[str]
    """Stems of what the interviewer said."""
    flags: tuple[str, ...]

    @property
    def own_words(self) -> int:
        """Different content words in the windows that are not the question's."""
        return len(self.stems - self.asked)

    @property
    def texts(self) -> tuple[str, ...]:
        """The windows, as they are embedded."""
        return tuple(joined(self.row, w) for w in self.windows)

    @property
    def text(self) -> str:
        """The words of all the windows, as a model may read them: neither markup nor orders are left in."""
        return " ".join(self.row[i].text for i in self._inside())

    @property
    def stems(self) -> frozenset[str]:
        """Stems of the content words in the windows."""
        return frozenset(content_stems(self.row[i].text for i in self._inside()))

    def _inside(self) -> list[int]:
        inside = {i for w in self.windows for i in range(w.first, w.last)}
        return sorted(inside)


def question_stems(rubric: Rubric, asked: str = "") -> frozenset[str]:
    """Stems of the content words the interviewer said: they earn nothing when they come back."""
    return frozenset(content_stems(split(f"{rubric.text} {asked}")))


def prepare(rubric: Rubric, answer: Answer) -> Prepared:
    """Apply the guards to one answer."""
    text = answer.transcript.text
    flags: list[str] = []
    dropped = about_grading(text)
    if dropped:
        flags.append(TALKS_ABOUT_GRADING)
    row = tuple(t for t in tokens(text) if not any(a <= t.start < b for a, b in dropped))
    asked = question_stems(rubric, answer.asked)
    asked_rows = tuple(" ".join(t.text for t in tokens(said)) for said in {rubric.text, answer.asked} if said)

    kept: list[Window] = []
    echoes = lists = 0
    for window in windows(len(row)):
        words = [t.text for t in row[window.first : window.last]]
        content = content_stems(words)
        if _is_list(words):
            lists += 1
        elif not content or sum(s in asked for s in content) / len(content) >= ECHO or _is_echo(words, asked_rows):
            echoes += bool(content)
        else:
            kept.append(window)
    total = len(kept) + echoes + lists
    if total and lists * 2 >= total:
        flags.append(LISTS_TERMS)
    if total and echoes * 2 >= total:
        flags.append(REPEATS_THE_QUESTION)
    ready = Prepared(row, tuple(kept), asked, tuple(flags))
    if ready.own_words < _MANY_WORDS and _DONT_KNOW.search(" ".join(t.text for t in row)):
        return replace(ready, flags=(*ready.flags, DOES_NOT_KNOW))
    return ready


def _is_list(words: Sequence[str]) -> bool:
    """Terms named one after the other without a statement about them."""
    return len(words) >= 8 and sum(w in FUNCTION_WORDS for w in words) / len(words) < _LISTED


def _is_echo(words: Sequence[str], asked: Sequence[str]) -> bool:
    """Whether nearly all word pairs of a window are pairs of the question."""
    pairs = list(itertools.pairwise(words))
    if len(pairs) < 3:
        return False
    return any(sum(f"{a} {b}" in line for a, b in pairs) / len(pairs) >= ECHO for line in asked)


def bounded(probabilities: Sequence[float], own_words: int) -> list[float]:
    """Probabilities whose sum is at most what so many words of one's own can state; the likeliest keep theirs."""
    room = own_words / WORDS_A_POINT
    out = [0.0] * len(probabilities)
    for i in sorted(range(len(probabilities)), key=lambda i: -probabilities[i]):
        out[i] = min(probabilities[i], max(0.0, room))
        room -= out[i]
    return out


def plain(text: str) -> str:
    """Text without control and invisible characters, as it may be sent to a model."""
    return cleaned(text)[0]

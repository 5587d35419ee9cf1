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
from hireflow_voice.evaluation.heard import restored, vocabulary
from hireflow_voice.evaluation.rubric import Answer, Rubric
from hireflow_voice.evaluation.windows import Token, Window, canonical, cleaned, joined, tokens, windows
from hireflow_voice.evaluation.words import FUNCTION_WORDS, content_stems, split

TALKS_ABOUT_GRADING = "talks-about-grading"
REPEATS_THE_QUESTION = "repeats-the-question"
LISTS_TERMS = "lists-terms"
DOES_NOT_KNOW = "does-not-know"
NOT_ENGLISH = "not-in-english"
BELIEVES_ANYTHING = "judge-believes-anything"
CANARY = "the speaker's grandmother tunes pianos on the far side of the moon"
"""A key point that no honest answer meets: a judge that credits it has been talked into crediting anything."""

ECHO = 0.8
"""Share of a window's content words that are the question's: above it the window is the question said back."""
WORDS_A_POINT = 3
"""Different content words of one's own it takes, at least, to state one key point."""
_MANY_WORDS = 10
"""Content words from which on "I don't know" is a remark in an answer, not the answer."""
_LISTED = 0.12
"""Share of function words under which a window is a list of terms; English prose has .35 to .60."""
_TERSE = 0.21
"""Share of function words from which on a written answer is no list, however terse."""
_LIST_WORDS = 8
_MOSTLY = 0.6
_STATING_WORDS = """
the a an is are was be i you we it they he that this there when if because which to can could would will have has had
do does not so then with by
"""
_STATING = frozenset(_STATING_WORDS.split())
"""Words that no statement does without for long; between bare terms none of them stands."""
_FOREIGN_WORDS = "der die das und ist nicht ein eine zu mit den auf von wird da dass le la les et est une el los que y"
_FOREIGN = frozenset(_FOREIGN_WORDS.split())
"""Words that only stand in another language's prose, which has few English function words and is no list."""
_SAID_AGAIN, _ASKED_AGAIN = 7, 5
"""Words in a row that are a repetition, of oneself or of the question, and not a turn of phrase."""
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
        """Words of which at least half the windows are kept: the others only stand beside what counts."""
        kept, all_ = [0] * len(self.row), [0] * len(self.row)
        for counts, chosen in ((kept, self.windows), (all_, windows(len(self.row)))):
            for window in chosen:
                for i in range(window.first, window.last):
                    counts[i] += 1
        return [i for i, (k, n) in enumerate(zip(kept, all_, strict=True)) if k and 2 * k >= n]


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
    asked = question_stems(rubric, answer.asked)
    asked_rows = tuple(canonical(said) for said in {rubric.text, answer.asked} if said)
    heard = _heard(rubric, [t for t in tokens(text) if not any(a <= t.start < b for a, b in dropped)])
    row = _once(heard, asked_rows)

    kept, seen = _kept(rubric, row, asked, asked_rows)
    if len(row) * 2 < len(heard):
        seen.append(REPEATS_THE_QUESTION)
    flags += [f for f in (LISTS_TERMS, REPEATS_THE_QUESTION) if f in seen]
    if _foreign([t.text for t in row]):
        flags.append(NOT_ENGLISH)
    ready = Prepared(row, kept, asked, tuple(flags))
    if ready.own_words < _MANY_WORDS and _DONT_KNOW.search(" ".join(t.text for t in row)):
        return replace(ready, flags=(*ready.flags, DOES_NOT_KNOW))
    return ready


def _kept(
    rubric: Rubric, row: Sequence[Token], asked: frozenset[str], asked_rows: Sequence[str]
) -> tuple[tuple[Window, ...], list[str]]:
    """The windows that say something of their own, and what half the answer or more is instead."""
    every = windows(len(row))
    texts = {w: [t.text for t in row[w.first : w.last]] for w in every}
    lists = {w for w in every if _is_list(texts[w], _TERSE if rubric.reference else 1.0)}
    # A reference in prose says what was asked in the question's own words, may itself be a list, and is answered in
    # writing: there a terse passage is none.
    prose = bool(rubric.reference)
    dropped = lists
    if prose and (_lists_something(rubric.reference) or len(lists) < _MOSTLY * len(every)):
        dropped = set()
    echo = 1.0 if prose else ECHO
    echoes = set()
    for window in every:
        content = content_stems(texts[window])
        if (
            not content
            or sum(s in asked for s in content) / len(content) >= echo
            or _is_echo(texts[window], asked_rows)
        ):
            echoes.add(window)
    seen = [LISTS_TERMS] if lists and 2 * len(lists) >= len(every) else []
    if 2 * sum(bool(content_stems(texts[w])) for w in echoes - dropped) >= len(every) > 0:
        seen.append(REPEATS_THE_QUESTION)
    return tuple(w for w in every if w not in dropped and w not in echoes), seen


def _heard(rubric: Rubric, row: Sequence[Token]) -> tuple[Token, ...]:
    """The words with the rubric's terms put back where something that sounds like them was written."""
    terms = vocabulary((rubric.text, *(p.text for p in rubric.points), *rubric.glossary))
    out, at = [], 0
    for word, count in restored([t.text for t in row], terms):
        out.append(Token(word, row[at].start, row[at + count - 1].end))
        at += count
    return tuple(out)


def _is_list(words: Sequence[str], terse: float = 1.0) -> bool:
    """Terms named one after the other without a statement about them. `terse`: share of function words from which on
    words are prose, even without those that statements need."""
    if len(words) < _LIST_WORDS or _foreign(words):
        return False
    function = sum(w in FUNCTION_WORDS for w in words) / len(words)
    return function < _LISTED or (function < terse and _STATING.isdisjoint(words))


def _lists_something(text: str) -> bool:
    words = canonical(text).split()
    return any(_is_list(words[w.first : w.last]) for w in windows(len(words)))


def _foreign(words: Sequence[str]) -> bool:
    return sum(w in _FOREIGN for w in words) >= 0.12 * len(words) > 0


def _runs(words: Sequence[str], length: int) -> range:
    return range(len(words) - length + 1)


def _once(row: Sequence[Token], asked: Sequence[str]) -> tuple[Token, ...]:
    """The words without what was said before in the same words, by the speaker or by the interviewer: saying it twice
    must not pay, nor saying the question back."""
    words = tuple(t.text for t in row)
    repeated: set[int] = set()
    seen: set[tuple[str, ...]] = set()
    for run in _runs(words, _SAID_AGAIN):
        if words[run : run + _SAID_AGAIN] in seen:
            repeated |= set(range(run, run + _SAID_AGAIN))
        seen.add(words[run : run + _SAID_AGAIN])
    question = {tuple(said[i : i + _ASKED_AGAIN]) for said in map(str.split, asked) for i in _runs(said, _ASKED_AGAIN)}
    for run in _runs(words, _ASKED_AGAIN):
        if words[run : run + _ASKED_AGAIN] in question:
            repeated |= set(range(run, run + _ASKED_AGAIN))
    return tuple(t for i, t in enumerate(row) if i not in repeated)


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

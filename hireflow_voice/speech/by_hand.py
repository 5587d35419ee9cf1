"""A misheard word, put right by hand. What the recogniser wrote is kept beside it, and every change can be undone.

All changes are held against the recognised text, so that they can be made and undone in any order.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from hireflow_voice.errors import InputError
from hireflow_voice.speech.assemble import Placed, moved, words_of
from hireflow_voice.speech.repair import Repaired
from hireflow_voice.transcript import Correction, HandCorrection, Recognised, Transcript

LONGEST = 400
"""Characters of one change: a misheard sentence, not a new answer."""


@dataclass(frozen=True, slots=True)
class _Edit:
    """A stretch of the recognised text, and what stands there instead."""

    start: int
    end: int
    written: str


def correct(transcript: Transcript, start_char: int, end_char: int, written: str) -> Transcript:
    """The transcript with text[start_char:end_char] replaced by `written`; a change that it touches becomes part of it.

    Pure. Words and their times survive: those that are replaced share out their time. Raises InputError.
    """
    if not 0 <= start_char < end_char <= len(transcript.text) or not transcript.model:
        raise InputError("There is no such word in this transcript.", "Open the review again.")
    written = " ".join(written.split())
    if not any(c.isalnum() for c in written):
        raise InputError("Write the word that you said.", "To drop a word, correct it together with its neighbour.")
    if len(written) > LONGEST:
        raise InputError(f"A correction has at most {LONGEST} characters.", "Correct it in smaller pieces.")
    start_char, end_char, written = _whole_words(transcript.text, start_char, end_char, written)
    touched = [one for one in transcript.by_hand if one.start_char < end_char and one.end_char > start_char]
    first = min([start_char, *(one.start_char for one in touched)])
    last = max([end_char, *(one.end_char for one in touched)])
    whole = transcript.text[first:start_char] + written + transcript.text[end_char:last]
    edits = [_Edit(one.from_char, one.to_char, one.written) for one in transcript.by_hand if one not in touched]
    edits.append(_Edit(_back(transcript, first), _back(transcript, last), whole))
    return _made(transcript, edits)


def _whole_words(text: str, start: int, end: int, written: str) -> tuple[int, int, str]:
    """The change widened to whole words, so that none is left half with a time and half without. Raises InputError."""
    said = text[start:end]
    start, end = start + len(said) - len(said.lstrip()), end - (len(said) - len(said.rstrip()))
    if start >= end:
        raise InputError("There is no word in that place.", "Choose a word.")
    first, last = start, end
    while first > 0 and not text[first - 1].isspace():
        first -= 1
    while last < len(text) and not text[last].isspace():
        last += 1
    return first, last, text[first:start] + written + text[end:last]


def undo(transcript: Transcript, number: int) -> Transcript:
    """The transcript without one of its `by_hand`. Raises InputError."""
    if not 0 <= number < len(transcript.by_hand):
        raise InputError("There is no such correction.", "Open the review again.")
    kept = [one for index, one in enumerate(transcript.by_hand) if index != number]
    return _made(transcript, [_Edit(one.from_char, one.to_char, one.written) for one in kept])


def _back(transcript: Transcript, at: int) -> int:
    """Where a place outside (or at the edge of) every change was in the recognised text."""
    for one in reversed(transcript.by_hand):
        if at >= one.end_char:
            return at - one.end_char + one.to_char
        if at == one.start_char:
            return one.from_char
    return at


def _made(transcript: Transcript, edits: list[_Edit]) -> Transcript:
    before = transcript.recognised or Recognised(transcript.text, transcript.words, transcript.corrections)
    edits = sorted((e for e in edits if before.text[e.start : e.end] != e.written), key=lambda e: e.start)
    if not edits:
        return replace(
            transcript,
            text=before.text,
            words=before.words,
            corrections=before.corrections,
            by_hand=(),
            recognised=None,
        )
    pieces: list[str] = []
    by_hand: list[HandCorrection] = []
    read = length = 0
    for edit in edits:
        pieces += [before.text[read : edit.start], edit.written]
        start = length + edit.start - read
        length, read = start + len(edit.written), edit.end
        heard = before.text[edit.start : edit.end]
        by_hand.append(HandCorrection(heard, edit.written, start, length, edit.start, edit.end))
    text = "".join([*pieces, before.text[read:]])
    changes = tuple(Correction(one.heard, one.written, one.start_char, one.end_char) for one in by_hand)
    repaired = Repaired(text, changes, tuple((one.from_char, one.to_char) for one in by_hand))
    placed = [Placed(w.start_char, w.end_char, w.start_s, w.end_s, w.probability) for w in before.words]
    words = tuple(
        replace(word, probability=1.0)
        if any(one.start_char < word.end_char and one.end_char > word.start_char for one in by_hand)
        else word
        for word in words_of(placed, repaired)
    )
    spelled = tuple(
        replace(c, start_char=moved(c.start_char, repaired), end_char=moved(c.end_char - 1, repaired) + 1)
        for c in before.corrections
        if not any(e.start < c.end_char and e.end > c.start_char for e in edits)
    )
    return replace(transcript, text=text, words=words, corrections=spelled, by_hand=tuple(by_hand), recognised=before)

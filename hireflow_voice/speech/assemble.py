"""Chunks become the transcript of a take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hireflow_voice.speech.heard import HeardChunk
from hireflow_voice.speech.repair import Repaired, fix_safe
from hireflow_voice.transcript import Transcript, Word


@dataclass(frozen=True, slots=True)
class Placed:
    """A heard word at its place in the raw text."""

    start: int
    end: int
    start_s: float
    end_s: float
    probability: float


def assemble(chunks: Sequence[HeardChunk], glossary: Sequence[str], seconds: float) -> Transcript:
    """The transcript of a take of `seconds`, from its chunks in order. Spelling is repaired; the raw text is kept.

    Pure; the first call loads the word list (`repair.warm`).
    """
    said = [chunk for chunk in chunks if chunk.text]
    raw = " ".join(chunk.text for chunk in said)
    repaired = fix_safe(raw, glossary)
    return Transcript(
        text=repaired.text,
        raw=raw,
        words=words_of(_place(said), repaired),
        corrections=repaired.corrections,
        seconds=seconds,
        model=chunks[0].model if chunks else "",
    )


def _place(chunks: Sequence[HeardChunk]) -> list[Placed]:
    """Every heard word at its place in the joined text; times never go back."""
    placed: list[Placed] = []
    offset = 0
    time = 0.0
    for chunk in chunks:
        at = 0
        for word in chunk.words:
            found = chunk.text.find(word.text, at)
            if found < 0 or not word.text:
                continue
            at = found + len(word.text)
            start_s = max(word.start_s, time)
            time = max(word.end_s, start_s)
            placed.append(Placed(offset + found, offset + at, start_s, time, word.probability))
        offset += len(chunk.text) + 1
    return placed


def words_of(placed: Sequence[Placed], repaired: Repaired) -> tuple[Word, ...]:
    """The words at their places in the corrected text. Words that a correction touches are written anew: their time
    is shared out over what is written now."""
    groups: list[list[Placed]] = []
    change = 0
    for word in placed:
        while change < len(repaired.spans) and repaired.spans[change][1] <= word.start:
            change += 1
        touched = change < len(repaired.spans) and repaired.spans[change][0] < word.end
        if touched and groups and repaired.spans[change][0] < groups[-1][-1].end:
            groups[-1].append(word)
        else:
            groups.append([word])
    words: list[Word] = []
    for group in groups:
        start, end = moved(group[0].start, repaired), moved(group[-1].end, repaired)
        words += _share(repaired.text, start, end, group)
    return tuple(words)


def moved(offset: int, repaired: Repaired) -> int:
    """Where a place of the raw text, not inside a correction, is in the corrected one."""
    shift = 0
    for (_, end), correction in zip(repaired.spans, repaired.corrections, strict=True):
        if end > offset:
            break
        shift = correction.end_char - end
    return offset + shift


def _share(text: str, start: int, end: int, group: Sequence[Placed]) -> list[Word]:
    """The words of text[start:end], the time of `group` shared out by their letters."""
    said = text[start:end].split()
    letters = sum(len(word) for word in said)
    begin_s, length_s = group[0].start_s, group[-1].end_s - group[0].start_s
    chance = sum(word.probability for word in group) / len(group)
    words: list[Word] = []
    at, done = start, 0
    for word in said:
        at = text.index(word, at)
        first_s = begin_s + length_s * done / letters
        done += len(word)
        last_s = begin_s + length_s * done / letters
        words.append(Word(word, round(first_s, 3), round(last_s, 3), chance, at, at + len(word)))
        at += len(word)
    return words

"""What was heard: words, their places in the text and their times in the recording."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """One recognised word."""

    text: str
    """As it stands in the transcript, without the spaces around it."""
    start_s: float
    """Seconds from the beginning of the take."""
    end_s: float
    """Seconds from the beginning of the take."""
    probability: float
    """The recogniser's own confidence, 0..1; it says nothing about the speaker."""
    start_char: int
    """Offset of the first character in `Transcript.text`."""
    end_char: int
    """Offset after the last character in `Transcript.text`."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A glossary term whose spelling was repaired."""

    heard: str
    written: str
    start_char: int
    """Offset in `Transcript.text` (the corrected text)."""
    end_char: int


@dataclass(frozen=True, slots=True)
class HandCorrection:
    """A word, or a few, that the candidate put right by hand."""

    heard: str
    """What stands in the recognised text."""
    written: str
    start_char: int
    """Offset in `Transcript.text`."""
    end_char: int
    from_char: int
    """Offset in `Recognised.text`."""
    to_char: int


@dataclass(frozen=True, slots=True)
class Recognised:
    """A transcript before anything in it was changed by hand."""

    text: str
    words: tuple[Word, ...]
    corrections: tuple[Correction, ...]


@dataclass(frozen=True, slots=True)
class Transcript:
    """The text of one take. A typed answer has no words and no model."""

    text: str
    """Corrected text, by the glossary and by hand: what is shown, judged and quoted."""
    raw: str
    """Exactly what the recogniser wrote (or the candidate typed)."""
    words: tuple[Word, ...] = ()
    """In order; empty for a typed answer."""
    corrections: tuple[Correction, ...] = ()
    seconds: float = 0.0
    """Length of the take."""
    model: str = ""
    """Name of the recogniser; empty for a typed answer."""
    by_hand: tuple[HandCorrection, ...] = ()
    """In order of their places."""
    recognised: Recognised | None = None
    """Present while there are corrections by hand."""

    def span(self, start_char: int, end_char: int) -> tuple[float, float] | None:
        """Times (start_s, end_s) in the take of the words that overlap text[start_char:end_char]; None if none do."""
        inside = [w for w in self.words if w.start_char < end_char and w.end_char > start_char]
        if not inside:
            return None
        return inside[0].start_s, inside[-1].end_s


def typed(text: str) -> Transcript:
    """The transcript of an answer that was typed."""
    return Transcript(text=text, raw=text)

"""What the recogniser says of one chunk of speech."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HeardWord:
    """One word as the recogniser wrote it."""

    text: str
    start_s: float
    """Seconds from the beginning of the take."""
    end_s: float
    """Seconds from the beginning of the take."""
    probability: float
    """0..1."""


@dataclass(frozen=True, slots=True)
class HeardChunk:
    """The words of one chunk, in order; none when nothing was said in it."""

    text: str
    words: tuple[HeardWord, ...]
    model: str
    """Name of the recogniser, for example "whisper base"."""

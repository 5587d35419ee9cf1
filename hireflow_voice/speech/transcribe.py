"""A whole recording, heard the way a call is: the same chunks, the same recogniser, the same repair."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from hireflow_voice.sound import RATE, Pcm, Samples
from hireflow_voice.speech.assemble import assemble
from hireflow_voice.speech.chunks import Chunker
from hireflow_voice.speech.heard import HeardChunk
from hireflow_voice.transcript import Transcript

Recognise = Callable[[Samples, float, tuple[str, ...], bool], HeardChunk]
"""(samples, start_s, glossary, voiced) -> words, as `Recogniser.recognise` or a worker's answer."""


class Activity(Protocol):
    """Where something is heard in a recording, as `hireflow_voice.turns.detector.activity` finds it."""

    @property
    def active(self) -> Sequence[tuple[float, float]]:
        """Spans (start_s, end_s), in order."""
        ...

    @property
    def voiced(self) -> Callable[[float, float], bool]:
        """Whether the voice detector heard speech between two moments."""
        ...


def transcribe(
    pcm: Pcm, recognise: Recognise, glossary: tuple[str, ...], activity: Callable[[Samples], Activity]
) -> Transcript:
    """The transcript of a recording at 16 kHz (else ValueError). Errors of `recognise` pass through."""
    if pcm.rate != RATE:
        raise ValueError(f"the recogniser hears {RATE} Hz, not {pcm.rate}")
    heard = activity(pcm.samples)
    chunker = Chunker(heard.voiced)
    chunks = [*chunker.feed(pcm.samples, heard.active), *chunker.finish()]
    said = [recognise(chunk.samples, chunk.start_s, glossary, chunk.voiced) for chunk in chunks]
    return assemble(said, glossary, pcm.seconds)

"""A recording that is there already, through the path that a call uses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from hireflow_voice.audio.take import read_take
from hireflow_voice.delivery.measure import measure, target
from hireflow_voice.records import CallHeader, Delivery, TakeRecord
from hireflow_voice.sound import Pcm
from hireflow_voice.speech.heard import HeardChunk
from hireflow_voice.speech.transcribe import transcribe
from hireflow_voice.transcript import Transcript
from hireflow_voice.turns.detector import activity
from hireflow_voice.worker.client import Worker
from hireflow_voice.worker.jobs import Recognise

Active = Sequence[tuple[float, float]]
"""When somebody spoke: start and end in seconds of the take."""


def recognised(worker: Worker, pcm: Pcm, glossary: tuple[str, ...]) -> tuple[Transcript, Active]:
    """What was said in a whole recording (16 kHz), and when. Slow. Raises MachineError."""
    heard = activity(pcm.samples)

    def recognise(samples: Any, start_s: float, terms: tuple[str, ...], voiced: bool) -> HeardChunk:
        return worker.recognise(Recognise(samples, start_s, terms, voiced)).result()

    return transcribe(pcm, recognise, glossary, lambda _samples: heard), heard.active


def recognised_take(worker: Worker, header: CallHeader, folder: Path, take: TakeRecord) -> TakeRecord:
    """A take of a call's folder with its transcript and delivery. Slow. Raises MachineError."""
    glossary = next((q.glossary for q in header.questions if q.id == take.question), ())
    pcm = read_take(folder / take.sound)
    transcript, active = recognised(worker, pcm, glossary)
    take = replace(take, seconds=pcm.seconds, transcript=transcript)
    return replace(take, delivery=measured(header, take, active))


def measured(header: CallHeader, take: TakeRecord, active: Active) -> Delivery | None:
    """Delivery of a take that has been recognised."""
    if take.transcript is None:
        return None
    return measure(take.transcript, active, take.seconds, take.gaps, target(take, header))

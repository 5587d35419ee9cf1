"""The product's recogniser and voice as plain callables, for measuring them from outside.

    transcribe(path, glossary) -> {"text": corrected, "raw": as recognised}
    say(text) -> (float samples, rate), the interviewer's voice
    say_heart(text) -> the same with the second voice

HIREFLOW_BENCH_MODEL chooses the recogniser's folder (whisper-base).
"""

from __future__ import annotations

import os
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr

from hireflow_voice import paths
from hireflow_voice.sound import RATE, Pcm
from hireflow_voice.speech.transcribe import transcribe as transcribe_pcm
from hireflow_voice.speech.voices import Speaker
from hireflow_voice.speech.whisper import Recogniser
from hireflow_voice.turns.detector import activity


@cache
def _recogniser() -> Recogniser:
    return Recogniser(paths.models_dir() / os.environ.get("HIREFLOW_BENCH_MODEL", "whisper-base"))


@cache
def _speaker() -> Speaker:
    return Speaker(paths.models_dir() / "voice-joe", Path(tempfile.mkdtemp(prefix="hireflow-bench-")))


def transcribe(path: str, glossary: list[str]) -> dict[str, str]:
    """A recording through detector, chunks, recogniser, guards and repair."""
    sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    mono: Any = sound.mean(axis=1)
    if rate != RATE:
        mono = soxr.resample(mono, rate, RATE)
    samples = (np.clip(mono, -1, 1) * 32767).astype(np.int16)
    heard = transcribe_pcm(Pcm(samples, RATE), _recogniser().recognise, tuple(glossary), activity)
    return {"text": heard.text, "raw": heard.raw}


def say(text: str) -> tuple[Any, int]:
    """The interviewer's voice, joe."""
    pcm = _speaker().speak(text, "joe")
    return pcm.samples, pcm.rate


def say_heart(text: str) -> tuple[Any, int]:
    """The second voice, heart."""
    pcm = _speaker().speak(text, "heart")
    return pcm.samples, pcm.rate

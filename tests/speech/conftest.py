"""Real voices and a real recogniser, loaded once; and a recogniser that says what it is told."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soxr

from hireflow_voice import paths
from hireflow_voice.sound import RATE, Samples
from hireflow_voice.speech.heard import HeardWord
from hireflow_voice.speech.voices import Speaker
from hireflow_voice.speech.whisper import Decoded, Recogniser


@pytest.fixture(scope="session")
def speaker(tmp_path_factory: pytest.TempPathFactory) -> Speaker:
    import onnxruntime

    onnxruntime.set_seed(11)  # Piper draws its noise from it
    return Speaker(paths.models_dir() / "voice-joe", tmp_path_factory.mktemp("voices"))


@pytest.fixture(scope="session")
def say(speaker: Speaker) -> Callable[..., Samples]:
    """Text -> 16 kHz speech."""

    def spoken(text: str, voice: str = "heart") -> Samples:
        pcm = speaker.speak(text, voice)
        return np.asarray(soxr.resample(pcm.samples, pcm.rate, RATE), np.int16)

    return spoken


@pytest.fixture(scope="session")
def room() -> Callable[..., Samples]:
    """Pieces of sound and pauses (seconds) in a row, over faint noise."""

    def mixed(*parts: Samples | float, noise: float = 0.0005) -> Samples:
        pieces = [np.zeros(int(p * RATE), np.int16) if isinstance(p, int | float) else p for p in parts]
        sound = np.concatenate(pieces).astype(np.float64) / 32768
        sound += np.random.default_rng(2).normal(0, noise, len(sound))
        return np.asarray(np.clip(sound, -1, 1) * 32767, np.int16)

    return mixed


@pytest.fixture(scope="session")
def base() -> Recogniser:
    return Recogniser(paths.models_dir() / "whisper-base")


@pytest.fixture(scope="session")
def tiny() -> Recogniser:
    return Recogniser(paths.models_dir() / "whisper-tiny.en")


class Script:
    """A decoder that says the next thing it was told, and remembers what it was asked."""

    name = "whisper script"

    def __init__(self, *texts: str | Decoded) -> None:
        self._texts: Iterator[str | Decoded] = iter(texts)
        self.prompts: list[str] = []
        self.beams: list[int] = []

    def tokens(self, text: str) -> int:
        return len(text) // 3

    def decode(self, samples: Samples, prompt: str, beam: int) -> Decoded:
        self.prompts.append(prompt)
        self.beams.append(beam)
        said = next(self._texts)
        return said if isinstance(said, Decoded) else decoded(said, len(samples) / RATE)


def decoded(text: str, seconds: float = 5.0, no_speech: float = 0.1, compression: float = 1.2) -> Decoded:
    words = text.split()
    step = seconds / max(1, len(words))
    heard: Sequence[HeardWord] = [HeardWord(w, n * step, (n + 1) * step, 0.9) for n, w in enumerate(words)]
    return Decoded(text, tuple(heard), no_speech, compression)


@pytest.fixture
def script() -> type[Script]:
    return Script


@pytest.fixture
def say_decoded() -> Callable[..., Decoded]:
    return decoded


@pytest.fixture
def scripted() -> Callable[[Script], Recogniser]:
    return lambda decoder: Recogniser(Path("nowhere"), decoder=decoder)


@pytest.fixture(scope="session")
def terms() -> Any:
    """`spoken_terms.py` beside this file."""
    spec = importlib.util.spec_from_file_location("spoken_terms", Path(__file__).parent / "spoken_terms.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)  # dataclasses look there
    spec.loader.exec_module(module)
    return module

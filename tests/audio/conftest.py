"""A virtual sound card of one's own for a test that breaks it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from hireflow_voice.audio import devices


def _use(env: dict[str, str | None], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in env.items():
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)


@pytest.fixture
def card(virtual_card: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A running card that PortAudio in this process uses."""
    _use(virtual_card.env, monkeypatch)
    devices.refresh()
    return virtual_card


@pytest.fixture
def no_sound_server(virtual_card: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """PortAudio works and finds nothing, as on a machine without sound."""
    virtual_card.stop()
    _use(virtual_card.env, monkeypatch)
    devices.refresh()


@pytest.fixture
def wav(tmp_path: Path) -> Callable[..., Path]:
    """Writes samples to a WAV at 48 kHz."""

    def write(samples: np.ndarray, name: str = "fed.wav") -> Path:
        soundfile.write(tmp_path / name, samples, 48_000, subtype="PCM_16")
        return tmp_path / name

    return write


@pytest.fixture(scope="session")
def chirp() -> np.ndarray:
    """Two seconds at 48 kHz, 300 to 3000 Hz, never twice the same: one correlation peak tells where it is."""
    t = np.arange(96_000) / 48_000
    return np.rint(9000 * np.sin(2 * np.pi * (300 * t + 675 * t**2))).astype(np.int16)


@pytest.fixture(scope="session")
def place() -> Callable[[np.ndarray, np.ndarray], tuple[int, float]]:
    """Where `part` begins in `whole`, and how well it matches there (1.0: the same shape)."""

    def find(whole: np.ndarray, part: np.ndarray) -> tuple[int, float]:
        size = 1 << (len(whole) + len(part)).bit_length()
        a, b = whole.astype(float), part.astype(float)
        products = np.fft.irfft(np.fft.rfft(a, size) * np.conj(np.fft.rfft(b, size)), size)[: len(a) - len(b) + 1]
        at = int(np.argmax(products))
        there = a[at : at + len(b)]
        return at, float(products[at] / np.sqrt((there @ there) * (b @ b) or 1.0))

    return find

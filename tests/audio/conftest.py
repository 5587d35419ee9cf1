"""A virtual sound card of one's own for a test that breaks it, and ears for what a line tells."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from hireflow_voice.audio import devices
from hireflow_voice.audio.blocks import BLOCK, Block
from hireflow_voice.audio.line import Line, LineTrouble, SoundCardLine
from hireflow_voice.errors import HireFlowError


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


PATIENCE_S = 30.0


def _wait_until(what: Callable[[], object], message: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < deadline, message
        time.sleep(0.02)


class Ears:
    """Everything a line tells, in order, with the moment it was told."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.blocks: list[Block] = []
        self.troubles: list[LineTrouble] = []
        self.began = time.monotonic()
        line.open(self._hear, self.troubles.append)

    def _hear(self, block: Block) -> None:
        self.blocks.append(block)

    @property
    def samples(self) -> np.ndarray:
        return np.concatenate([block.samples for block in list(self.blocks)])

    @property
    def states(self) -> list[tuple[type[HireFlowError], bool]]:
        return [(type(trouble.error), trouble.over) for trouble in list(self.troubles)]

    def wait_for(self, *states: tuple[type[HireFlowError], bool]) -> None:
        _wait_until(lambda: len(self.troubles) >= len(states), f"told only {self.troubles}")
        assert self.states[: len(states)] == list(states)

    def listening(self) -> None:
        _wait_until(lambda: self.blocks and not self.blocks[-1].lost, "the microphone never delivered")

    def check_the_clock(self) -> None:
        """No hole, no overlap, and the index is the time."""
        blocks = list(self.blocks)
        assert [block.index for block in blocks] == [i * BLOCK for i in range(len(blocks))]
        assert all(len(block.samples) == BLOCK for block in blocks)
        _wait_until(lambda: abs(self.line.now() - (time.monotonic() - self.began)) < 0.5, "the index is not the time")


@pytest.fixture
def noise(card: Any, wav: Callable[..., Path]) -> subprocess.Popen[bytes]:
    """A live microphone: it always hears something."""
    rng = np.random.default_rng(5)
    return card.feed(wav(rng.integers(-40, 41, 48_000 * 120).astype(np.int16), "noise.wav"))


@pytest.fixture
def listen() -> Iterator[Callable[[Line], Ears]]:
    """Opens a line and keeps all it tells."""
    lines: list[Line] = []

    def opened(line: Line) -> Ears:
        lines.append(line)
        return Ears(line)

    yield opened
    for line in lines:
        line.close()


@pytest.fixture
def ears(card: Any, noise: object, listen: Callable[[Line], Ears]) -> Ears:
    return listen(SoundCardLine("hf_mic", "hf_speaker"))


@pytest.fixture
def wait_until() -> Callable[[Callable[[], object], str], None]:
    return _wait_until

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from hireflow_voice.errors import ModelMissing
from hireflow_voice.sound import RATE, Samples
from hireflow_voice.turns import vad
from hireflow_voice.turns.energy import EnergyGate, levels
from hireflow_voice.turns.vad import BLOCK, SileroVad

Say = Callable[[str], Samples]
Room = Callable[..., Samples]


def noise(seconds: float, dbfs: float, seed: int = 0) -> Samples:
    sigma = 10 ** (dbfs / 20) * 32768
    return np.random.default_rng(seed).normal(0, sigma, int(seconds * RATE) // BLOCK * BLOCK).astype(np.int16)


def test_levels_are_in_decibels_of_full_scale() -> None:
    half = np.full((1, BLOCK), 16384, np.int16)
    assert levels(half)[0] == pytest.approx(-6.02, abs=0.01)
    assert levels(np.zeros((1, BLOCK), np.int16))[0] == -120.0


@pytest.mark.parametrize("dbfs", [-75.0, -50.0, -35.0])
def test_steady_noise_is_not_sound(dbfs: float) -> None:
    assert sum(EnergyGate().feed(noise(5, dbfs))) == 0


def test_the_floor_follows_the_room_within_half_a_minute() -> None:
    gate = EnergyGate()
    gate.feed(noise(5, -70))
    assert gate.floor == pytest.approx(-70, abs=1)
    louder = gate.feed(noise(35, -40, seed=1))
    assert louder[10]
    assert not louder[-1]
    assert gate.floor == pytest.approx(-40, abs=1.5)
    gate.feed(noise(4, -70, seed=2))
    assert gate.floor < -60


def test_a_muted_line_does_not_teach_the_gate_a_floor() -> None:
    gate = EnergyGate()
    gate.feed(noise(5, -60))
    gate.feed(np.zeros(40 * RATE // BLOCK * BLOCK, np.int16))
    assert gate.floor == pytest.approx(-60, abs=1)


def test_quiet_sound_under_the_limit_is_nothing_however_quiet_the_room() -> None:
    gate = EnergyGate()
    gate.feed(noise(5, -80))
    assert not any(gate.feed(noise(1, -55, seed=1)))
    assert all(gate.feed(noise(1, -45, seed=2)))


def test_the_network_hears_speech_and_not_the_room(say: Say, room: Room) -> None:
    words = say("A bloom filter never forgets.")
    sound = room(1.0, words, 1.0)
    blocks = SileroVad().feed(sound)
    speaking = np.array([b.speaking for b in blocks])
    first, last = np.flatnonzero(speaking)[[0, -1]] * BLOCK / RATE
    assert first == pytest.approx(1.0, abs=0.15)
    assert last == pytest.approx(1.0 + len(words) / RATE, abs=0.2)
    assert not speaking[: int(0.8 * RATE / BLOCK)].any()
    assert all(0.0 <= b.probability <= 1.0 for b in blocks)


def test_the_stream_gives_what_the_packages_own_batch_gives(say: Say, room: Room) -> None:
    from faster_whisper.vad import get_vad_model

    sound = room(0.5, say("Back pressure keeps the queue short."), 0.5)
    sound = sound[: len(sound) // BLOCK * BLOCK]
    ours = [b.probability for b in SileroVad().feed(sound)]
    theirs = get_vad_model()(sound.astype(np.float32) / 32768.0).reshape(-1)
    # Its batch runs the first block without context, as ours does, and zeroes a caller's copy.
    assert np.abs(np.array(ours) - theirs[: len(ours)]).max() < 0.02


def test_hysteresis_keeps_speech_between_the_two_thresholds(monkeypatch: pytest.MonkeyPatch) -> None:
    network = SileroVad()
    probabilities = iter([0.4, 0.6, 0.4, 0.36, 0.34, 0.45, 0.5])

    class Scripted:
        def run(self, _outputs: object, feeds: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
            return np.array([next(probabilities)]), feeds["h"], feeds["c"]

    monkeypatch.setattr(network, "_session", Scripted())
    blocks = network.feed(np.zeros(7 * BLOCK, np.int16))
    assert [b.speaking for b in blocks] == [False, True, True, True, False, False, True]


def test_a_damaged_network_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert hashlib.sha256(vad.weights().read_bytes()).hexdigest() == vad.SHA256
    monkeypatch.setattr(vad, "SHA256", "0" * 64)
    with pytest.raises(ModelMissing, match="damaged"):
        SileroVad()


def test_listening_imports_neither_the_recogniser_nor_its_engine() -> None:
    code = (
        "import sys, numpy as np\n"
        "from hireflow_voice.turns.detector import activity\n"
        "activity(np.zeros(16000, np.int16))\n"
        "print([m for m in ('faster_whisper', 'ctranslate2', 'av', 'PySide6') if m in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"

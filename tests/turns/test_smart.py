"""smart-turn hears what its makers' code hears: the reference values were read off that."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from hireflow_voice import paths
from hireflow_voice.errors import ModelMissing
from hireflow_voice.turns.smart import BANDS, FRAMES, SmartTurn, features


def sweep(samples: int) -> npt.NDArray[np.float32]:
    """A rising tone that swells three times a second."""
    t = np.arange(samples) / 16000
    tone = 0.3 * np.sin(2 * np.pi * (120 + 40 * t) * t) * (0.5 + 0.5 * np.sin(2 * np.pi * 3 * t))
    return tone.astype(np.float32)


@pytest.fixture(scope="module")
def smart() -> SmartTurn:
    return SmartTurn(paths.models_dir() / "smart-turn" / "smart-turn-v3.2-cpu.onnx")


REFERENCE = {
    48_000: (-0.073223, 0.263421, -0.132933, 1.867067, 0.80816, 0.15459, 0.03528),
    128_000: (-0.057462, 0.404830, -0.219202, 1.780798, 0.52827, 0.23858, 0.81112),
    176_000: (-0.053528, 0.405295, -0.219202, 1.780798, 0.46051, 0.33608, 0.82856),
}
"""Samples -> mean, deviation, least, most, two corners of the features, and the network's probability."""


@pytest.mark.parametrize("samples", REFERENCE)
def test_the_features_and_the_answer_are_those_of_the_reference(smart: SmartTurn, samples: int) -> None:
    found = features(sweep(samples))
    assert found.shape == (BANDS, FRAMES)
    assert found.dtype == np.float32
    mean, deviation, least, most, first, middle, probability = REFERENCE[samples]
    assert [found.mean(), found.std(), found.min(), found.max()] == pytest.approx(
        [mean, deviation, least, most], abs=2e-6
    )
    assert [found[0, 799], found[40, 799]] == pytest.approx([first, middle], abs=1e-5)
    assert smart.ask(found) == pytest.approx(probability, abs=1e-4)


def test_only_the_last_eight_seconds_count(smart: SmartTurn) -> None:
    end = (sweep(128_000) * 32768).astype(np.int16)
    before = np.random.default_rng(0).integers(-3000, 3000, 64_000).astype(np.int16)
    assert smart.complete(np.concatenate((before, end))) == smart.complete(end)


def test_a_network_that_is_not_there_or_broken_is_missing(tmp_path) -> None:
    with pytest.raises(ModelMissing, match="not there"):
        SmartTurn(tmp_path / "none.onnx")
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(b"no network")
    with pytest.raises(ModelMissing, match="cannot be loaded"):
        SmartTurn(broken)

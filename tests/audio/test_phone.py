"""The interviewer over a telephone, by its spectrum."""

from __future__ import annotations

import numpy as np
import pytest

from hireflow_voice.audio.levels import dbfs
from hireflow_voice.audio.phone import NOISE_DBFS, RATE_HZ, telephone
from hireflow_voice.sound import Pcm

SECONDS = 2


def tone(hz: float, rate: int = 22_050, amplitude: float = 8000.0) -> Pcm:
    t = np.arange(SECONDS * rate) / rate
    return Pcm(np.rint(amplitude * np.sin(2 * np.pi * hz * t)).astype(np.int16), rate, "joe")


def gain_db(hz: float) -> float:
    """How much of a tone comes through at its own frequency."""
    sent, carried = tone(hz), telephone(tone(hz))
    middle = carried.samples[RATE_HZ // 2 : -RATE_HZ // 2].astype(float)
    t = np.arange(len(middle)) / RATE_HZ
    there = 2 * np.abs(np.mean(middle * np.exp(-2j * np.pi * hz * t)))
    return float(20 * np.log10(max(there, 1e-3) / np.abs(sent.samples).max()))


@pytest.mark.parametrize("hz", [500, 1000, 2000, 3000])
def test_the_middle_of_a_voice_comes_through(hz: float) -> None:
    assert gain_db(hz) == pytest.approx(0.0, abs=0.6)


@pytest.mark.parametrize("hz", [300, 3400])
def test_the_edges_of_the_band_are_at_3_db(hz: float) -> None:
    assert gain_db(hz) == pytest.approx(-3.0, abs=0.5)


@pytest.mark.parametrize("hz", [75, 150])
def test_below_the_band_it_falls_by_24_db_an_octave(hz: float) -> None:
    assert gain_db(hz) == pytest.approx(-24.0 * np.log2(300 / hz), abs=2.0)


def test_nothing_above_the_band_comes_through_nor_folds_back() -> None:
    carried = telephone(tone(5000)).samples[RATE_HZ // 2 : -RATE_HZ // 2]
    assert dbfs(carried) < NOISE_DBFS + 3


def test_the_line_is_never_quite_silent_and_starts_without_a_click() -> None:
    carried = telephone(Pcm(np.zeros(22_050, np.int16), 22_050)).samples
    # mu-law's first steps are coarser than such noise, which adds to it.
    assert NOISE_DBFS - 3 < dbfs(carried[800:-800]) < NOISE_DBFS + 4
    assert abs(int(carried[0])) < 20


def test_it_is_as_coarse_as_8_bits_on_the_mu_law_curve() -> None:
    noise = np.random.default_rng(1).normal(0, 4000, 5 * 22_050)
    carried = telephone(Pcm(np.clip(noise, -32768, 32767).astype(np.int16), 22_050))
    assert len(np.unique(carried.samples)) <= 256


def test_length_and_voice_stay() -> None:
    carried = telephone(tone(440))
    assert carried.rate == RATE_HZ
    assert carried.voice == "joe"
    assert carried.seconds == pytest.approx(SECONDS, abs=0.001)
    assert not len(telephone(Pcm(np.zeros(0, np.int16), 22_050)).samples)

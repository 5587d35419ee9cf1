"""The sounds of the telephone, and the meter that measures them."""

from __future__ import annotations

import numpy as np
import pytest

from hireflow_voice.audio import tones
from hireflow_voice.audio.levels import FLOOR_DBFS, dbfs, envelope
from hireflow_voice.sound import RATE, Pcm


def strongest(pcm: Pcm, from_s: float, seconds: float) -> list[int]:
    """The two loudest frequencies of a stretch, in Hz."""
    part = pcm.samples[round(from_s * RATE) :][: round(seconds * RATE)]
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), RATE))
    peaks = [i for i in range(1, len(spectrum) - 1) if spectrum[i - 1] < spectrum[i] >= spectrum[i + 1]]
    return sorted(sorted(peaks, key=lambda i: spectrum[i])[-2:])


@pytest.mark.parametrize(
    ("samples", "level"),
    [
        (np.zeros(100), FLOOR_DBFS),
        (np.zeros(0), FLOOR_DBFS),
        (np.full(100, -32768), 0.0),
        (np.tile([16384, -16384], 50), -6.02),
        (32767 * np.sin(2 * np.pi * np.arange(1600) / 16), -3.01),
        (np.tile([1, 0, 0, 0], 50), FLOOR_DBFS),
    ],
)
def test_a_level_is_decibels_below_full_scale(samples: np.ndarray, level: float) -> None:
    assert dbfs(samples.astype(np.int16)) == pytest.approx(level, abs=0.01)


def test_the_other_side_rings_two_seconds_of_six() -> None:
    ring = tones.ring_back(12.0)
    assert ring.rate == RATE
    assert ring.seconds == 12.0
    for start in (0.0, 6.0):
        assert strongest(ring, start + 0.5, 1.0) == [440, 480]
        assert not ring.samples[round((start + 2.0) * RATE) : round((start + 6.0) * RATE)].any()
    assert dbfs(ring.samples[RATE // 2 : RATE]) == pytest.approx(-18.0, abs=0.2)


def test_a_ring_that_is_answered_in_the_middle_does_not_click() -> None:
    cut = tones.ring_back(1.0)
    assert cut.seconds == 1.0
    for pcm in (cut, tones.ring_back(), tones.hang_up()):
        steps = np.abs(np.diff(np.concatenate([[0], pcm.samples.astype(int), [0]])))
        # 480 Hz and 620 Hz at this level move by at most 1800 from one sample to the next.
        assert steps.max() < 1800


def test_the_hang_up_tone_is_three_short_tones() -> None:
    tone = tones.hang_up()
    assert tone.seconds == 1.5
    loud = [dbfs(part) > -30 for part in tone.samples.reshape(6, -1)]
    assert loud == [True, False] * 3
    assert strongest(tone, 0.02, 0.2) == [480, 620]


def test_the_hook_clicks_briefly_and_never_louder_than_a_tone() -> None:
    click = tones.pick_up()
    assert 0.1 < click.seconds < 0.5
    assert 0 < np.abs(click.samples).max() <= 32768 * 10 ** (-18 / 20)
    assert np.array_equal(click.samples, tones.pick_up().samples)


def test_silence_is_silent() -> None:
    assert tones.silence(0.5).seconds == 0.5
    assert not tones.silence(0.5).samples.any()


def test_an_envelope_follows_the_loudness_step_by_step_to_the_end() -> None:
    loud = np.full(RATE // 10, 3277, np.int16)
    pcm = Pcm(np.concatenate((loud, np.zeros(RATE // 10, np.int16), loud[: RATE // 40])), RATE)
    assert envelope(pcm, 0.05) == pytest.approx((-20, -20, FLOOR_DBFS, FLOOR_DBFS, -20), abs=0.1)
    assert envelope(Pcm(np.zeros(0, np.int16), RATE), 0.05) == ()

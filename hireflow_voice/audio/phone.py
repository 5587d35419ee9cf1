"""The sound of a telephone: narrow, coarse, a little noisy. For what the interviewer says, never for a recording."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from hireflow_voice.audio.resample import resampled
from hireflow_voice.sound import Pcm

RATE_HZ = 8_000
"""Of a telephone exchange (ITU-T G.711)."""
BAND_HZ = (300.0, 3400.0)
ORDER = 4
"""Of the Butterworth filter at each edge of the band: 24 dB an octave."""
MU = 255.0
NOISE_DBFS = -62.0
"""A line that is open and silent."""
RING_OUT = RATE_HZ // 4
"""Samples after which nothing of the filter's response is left."""
FADE = RATE_HZ // 50


def telephone(pcm: Pcm) -> Pcm:
    """The same words as a telephone would carry them; its length stays. 15 ms for 10 s."""
    sound = resampled(pcm, RATE_HZ).astype(np.float64) / 32768.0
    if not len(sound):
        return pcm
    sound = _coded(_band(sound) + _noise(len(sound)))
    return Pcm(np.rint(sound * 32767.0).astype(np.int16), RATE_HZ, pcm.voice)


def _band(sound: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Through a Butterworth band-pass. The whole sound is there, so the filter is a product of spectra: a recursion
    would be 80,000 steps of Python for 10 s, and SciPy is 100 MB for one function."""
    size = len(sound) + RING_OUT
    return np.fft.irfft(np.fft.rfft(sound, size) * _response(size), size)[: len(sound)]


def _response(size: int) -> npt.NDArray[np.complex128]:
    """Frequency response of the two filters after the bilinear transform, at the frequencies of an rFFT of `size`."""
    warped = np.tan(np.pi * np.minimum(np.arange(size // 2 + 1) / size, 0.4999))  # of the analogue prototypes
    low, high = (np.tan(np.pi * edge / RATE_HZ) for edge in BAND_HZ)
    s = 1j * np.maximum(warped, 1e-9)
    return _low_pass(s / high) * _low_pass(low / s)


def _low_pass(s: npt.NDArray[np.complex128]) -> npt.NDArray[np.complex128]:
    """Butterworth's prototype: poles evenly spaced on the left half of the unit circle."""
    angles = np.pi * (2 * np.arange(ORDER) + ORDER + 1) / (2 * ORDER)
    response = np.ones_like(s)
    for pole in np.exp(1j * angles):
        response = response / (s - pole)
    return response


def _noise(count: int) -> npt.NDArray[np.float64]:
    """The open line, faded in and out."""
    noise = np.random.default_rng(0).normal(0.0, 10.0 ** (NOISE_DBFS / 20.0), count)
    ends = np.minimum(1.0, np.minimum(np.arange(1, count + 1), np.arange(count, 0, -1)) / FADE)
    return noise * ends


def _coded(sound: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Through 8 bits on the mu-law curve and back."""
    loud = np.log1p(MU * np.minimum(np.abs(sound), 1.0)) / np.log1p(MU)
    steps = np.rint(loud * 127.0) / 127.0
    coded: npt.NDArray[np.float64] = np.sign(sound) * np.expm1(steps * np.log1p(MU)) / MU
    return coded

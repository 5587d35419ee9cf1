"""From one sample rate to another, by soxr."""

from __future__ import annotations

from typing import cast

import numpy as np

from hireflow_voice.sound import Pcm, Samples


def resampled(pcm: Pcm, rate: int) -> Samples:
    """The whole sound at `rate`; its own samples when the rate is already right."""
    if pcm.rate == rate:
        return pcm.samples
    import soxr

    return cast(Samples, soxr.resample(np.ascontiguousarray(pcm.samples), pcm.rate, rate))


class StreamResampler:
    """Piece by piece, without a seam; `flush` gives what the filter still holds. One thread at a time."""

    def __init__(self, from_rate: int, to_rate: int) -> None:
        self._stream = None
        if from_rate != to_rate:
            import soxr

            self._stream = soxr.ResampleStream(from_rate, to_rate, 1, dtype="int16")

    def __call__(self, samples: Samples) -> Samples:
        """What is ready at the new rate after these samples."""
        return samples if self._stream is None else cast(Samples, self._stream.resample_chunk(samples))

    def flush(self) -> Samples:
        """The rest. Nothing may be put in after it."""
        nothing = np.zeros(0, np.int16)
        return nothing if self._stream is None else cast(Samples, self._stream.resample_chunk(nothing, last=True))

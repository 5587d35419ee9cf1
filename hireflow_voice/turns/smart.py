"""Whether a voice sounds finished: smart-turn v3.2, a small network that hears the last seconds of a turn.

It is asked once, 0.2 s into a silence; later it is worse (area under the curve .865 at 0.2 s, .797 at 2 s). Alone it is
wrong about a third of unfinished sentences, so it is one cue beside the words (`cues`), never the decision.

The preprocessing is written from its description (log-mel as Whisper's, see `features`) and held to reference values.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from hireflow_voice.errors import ModelMissing
from hireflow_voice.sound import RATE, Samples

HEARD = 8 * RATE
"""Samples the network hears: the last 8 s, silence in front of what is shorter."""
WINDOW, HOP = 400, 160
"""Samples of one frame and between two frames: 25 and 10 ms."""
FRAMES = HEARD // HOP
BANDS = 80
COMPLETE = 0.5
"""Probability from which the network says "complete"."""

Features = npt.NDArray[np.float32]


class SmartTurn:
    """The network. About 35 ms a question on one thread; not for two threads at once.

    Raises ModelMissing when the file is not there or is no network.
    """

    def __init__(self, network: Path) -> None:
        import onnxruntime

        if not network.is_file():
            raise ModelMissing("The end-of-turn model is not there.", "Fetch the models again.")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
        options.log_severity_level = 3
        try:
            self._session: Any = onnxruntime.InferenceSession(
                str(network), sess_options=options, providers=["CPUExecutionProvider"]
            )
        except Exception as broken:  # onnxruntime's errors have no common class of their own
            raise ModelMissing("The end-of-turn model cannot be loaded.", "Fetch the models again.") from broken

    def complete(self, samples: Samples) -> float:
        """Probability, 0..1, that what was said is complete. `samples`: the raw take (int16, 16 kHz) up to 0.2 s after
        its last sound.

        Never ask about silence alone: the network calls it complete.
        """
        return self.ask(features(samples[-HEARD:].astype(np.float32) / 32768.0))

    def ask(self, heard: Features) -> float:
        """The same of features."""
        (out,) = self._session.run(None, {"input_features": heard[None]})
        return float(out.reshape(-1)[0])  # named logits, but it has been through the sigmoid


def features(sound: npt.NDArray[np.float32]) -> Features:
    """Log-mel features, [80, 800] float32, of sound in -1..1 at 16 kHz, of which the last 8 s count."""
    x = np.zeros(HEARD, np.float32)
    sound = sound[-HEARD:]
    if len(sound):
        x[-len(sound) :] = sound
    x = (x - x.mean()) / np.sqrt(x.var() + np.float32(1e-7))
    wide = np.pad(x.astype(np.float64), WINDOW // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(wide, WINDOW)[::HOP][:FRAMES]
    power = np.abs(np.fft.rfft(frames * _HANN, axis=1)) ** 2
    log = np.log10(np.maximum(power @ _FILTERS, 1e-10)).T
    log = np.maximum(log, log.max() - 8.0)
    return np.ascontiguousarray((log + 4.0) / 4.0, dtype=np.float32)


def _hz(mel: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The Slaney scale: linear to 1 kHz, which is 15 mel, logarithmic above."""
    return np.where(mel < 15.0, 200.0 * mel / 3.0, 1000.0 * np.exp((mel - 15.0) * np.log(6.4) / 27.0))


def _filters() -> npt.NDArray[np.float64]:
    """Triangles over the spectrum, [201, 80], each of the same area."""
    highest = 15.0 + 27.0 * np.log(RATE / 2 / 1000.0) / np.log(6.4)
    edges = _hz(np.linspace(0.0, highest, BANDS + 2))
    bins = np.arange(WINDOW // 2 + 1) * RATE / WINDOW
    low, middle, high = edges[:-2], edges[1:-1], edges[2:]
    rising = (bins[:, None] - low) / (middle - low)
    falling = (high - bins[:, None]) / (high - middle)
    return np.asarray(np.maximum(0.0, np.minimum(rising, falling)) * 2.0 / (high - low))


_HANN = 0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(WINDOW) / WINDOW)
_FILTERS = _filters()

"""Silero voice activity detection, fed as the sound comes in."""

from __future__ import annotations

import hashlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from hireflow_voice.errors import ModelMissing
from hireflow_voice.sound import Samples

BLOCK = 512
"""Samples the network hears at once: 32 ms at 16 kHz."""
CONTEXT = 64
"""Samples of the block before that it wants to see again."""
ON, OFF = 0.5, 0.35
"""Probability at which speech begins, and under which it ends (Silero's own defaults)."""
SHA256 = "4cbf549b8326f60f80f2536d9eefeb450a9abe83365a098031c89719f1be17d2"


@dataclass(frozen=True, slots=True)
class VadBlock:
    """What the network says of one block."""

    probability: float
    """0..1 that there is speech in it."""
    speaking: bool
    """The same with hysteresis."""


def weights() -> Path:
    """Silero v6 in faster-whisper's package data, checked against its sha256.

    The package is only looked up: importing it would hold the interpreter for a second, beside the audio.
    Raises ModelMissing.
    """
    spec = importlib.util.find_spec("faster_whisper")
    path = Path(spec.origin).parent / "assets" / "silero_vad_v6.onnx" if spec and spec.origin else None
    if path is None or not path.is_file():
        raise ModelMissing("The voice detector is not installed.", "Install HireFlow Voice again.")
    if hashlib.sha256(path.read_bytes()).hexdigest() != SHA256:
        raise ModelMissing("The voice detector's file is damaged.", "Install HireFlow Voice again.")
    return path


class SileroVad:
    """One stream of speech probabilities. Runs on one thread, about 0.1 ms a block; not for two threads at once.

    Raises ModelMissing when the network is not there.
    """

    def __init__(self) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session: Any = onnxruntime.InferenceSession(
            str(weights()), sess_options=options, providers=["CPUExecutionProvider"]
        )
        self.reset()

    def reset(self) -> None:
        """Forget what was heard; the next sample begins a new stream."""
        self._rest: Samples = np.zeros(0, np.int16)
        self._input: npt.NDArray[np.float32] = np.zeros((1, CONTEXT + BLOCK), np.float32)
        self._h: npt.NDArray[np.float32] = np.zeros((1, 1, 128), np.float32)
        self._c: npt.NDArray[np.float32] = np.zeros((1, 1, 128), np.float32)
        self._speaking = False

    def feed(self, samples: Samples) -> list[VadBlock]:
        """What is said of every block that `samples` (int16, 16 kHz, any length) completes, in order."""
        sound = np.concatenate((self._rest, samples))
        whole = len(sound) // BLOCK * BLOCK
        self._rest = sound[whole:].copy()
        return [self._hear(sound[at : at + BLOCK]) for at in range(0, whole, BLOCK)]

    def _hear(self, block: Samples) -> VadBlock:
        self._input[0, :CONTEXT] = self._input[0, -CONTEXT:]
        self._input[0, CONTEXT:] = block.astype(np.float32) / 32768.0
        out, self._h, self._c = self._session.run(None, {"input": self._input, "h": self._h, "c": self._c})
        probability = float(out.reshape(-1)[0])
        self._speaking = probability >= (OFF if self._speaking else ON)
        return VadBlock(probability, self._speaking)

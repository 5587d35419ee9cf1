"""The voice of last resort: the espeak-ng program, which every Linux can have and nobody mistakes for a person."""

from __future__ import annotations

import io
import shutil
import subprocess
import wave

import numpy as np
import numpy.typing as npt

from hireflow_voice.errors import ModelMissing

PROGRAM = "espeak-ng"
VOICE = "en-us"
WORDS_PER_MINUTE = 160
"""Its own 175 is hard to follow."""
PATIENCE_S = 20.0
"""It speaks a page in a tenth of a second."""

_REMEDY = "Install the package espeak-ng, or fetch the models again."


def there() -> bool:
    """Whether the program is on this computer."""
    return shutil.which(PROGRAM) is not None


def say(text: str, speed: float) -> tuple[int, npt.NDArray[np.float32]]:
    """(samples per second, sound -1..1 of shape [n]). Raises ModelMissing when the program is absent or fails."""
    program = shutil.which(PROGRAM)
    if program is None:
        raise ModelMissing("There is no plain voice on this computer.", _REMEDY)
    command = [program, "--stdin", "--stdout", "-b", "1", "-v", VOICE, "-s", str(round(WORDS_PER_MINUTE * speed))]
    # Never on the command line, where others on this computer could read it; and "[[" would begin phonemes.
    spoken = text.replace("[[", "[ [").encode()
    try:
        done = subprocess.run(command, input=spoken, capture_output=True, timeout=PATIENCE_S, check=True)
        # The header's sizes are made up, as the length is not known when it is written: read on to the end.
        with wave.open(io.BytesIO(done.stdout), "rb") as file:
            rate, data = file.getframerate(), file.readframes(file.getnframes())
    except (OSError, subprocess.SubprocessError, EOFError, wave.Error) as error:
        raise ModelMissing(f"The plain voice of this computer failed ({type(error).__name__}).", _REMEDY) from error
    return rate, np.frombuffer(data[: len(data) // 2 * 2], "<i2").astype(np.float32) / 32768.0

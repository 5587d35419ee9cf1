"""Whether the microphone hears the speaker: three seconds of rising tones, played and looked for."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from hireflow_voice.audio import tones
from hireflow_voice.audio.capture import Microphone
from hireflow_voice.audio.echo import can_cancel
from hireflow_voice.audio.playback import Speaker
from hireflow_voice.audio.resample import resampled
from hireflow_voice.errors import MachineError, NoMicrophone, NoSpeaker
from hireflow_voice.sound import RATE, USUAL_DELAY_S, Echo, EchoFound, Pcm, Samples

QUIET_S = 0.5
"""The room is listened to first, so that its noise is not taken for an echo."""
LONGEST_S = 0.8
"""Delays looked for; Bluetooth has up to 0.4."""
PLAIN = 8.0
"""How far the echo must stand out of what is found by chance."""
FAINT_DB = -45.0
"""An echo this much softer than what was played disturbs nothing: a voice at -20 dBFS comes back at -65."""


NO_ECHO = EchoFound(None, USUAL_DELAY_S, Echo.HEADPHONES)


def measure(microphone: str, speaker: str, stopped: Callable[[], bool] = lambda: False) -> EchoFound:
    """Play for 3 s and listen; slow: 4.5 s. Devices by name, empty for the default ones.

    `stopped` is asked 50 times a second; when it says so the measurement ends and has found nothing. Raises
    NoMicrophone, NoSpeaker, NoSoundSystem, also when a device goes away meanwhile or the microphone gives only zeros.
    """
    hears = Microphone(microphone)
    try:
        plays = Speaker(speaker)
        try:
            played, heard = _record(hears, plays, stopped)
        finally:
            plays.close()
    finally:
        hears.close()
    if stopped():
        return NO_ECHO
    if not heard.samples.any():  # as it came: resampling dithers
        raise NoMicrophone(
            "The microphone delivers nothing at all: it is switched off or muted.", "Check its switch, and try again."
        )
    return find(resampled(played, RATE), resampled(heard, RATE))


def find(played: Samples, heard: Samples) -> EchoFound:
    """The echo of `played` in `heard`, both 16 kHz and begun at the same moment; QUIET_S of silence is played first."""
    a, b = heard.astype(np.float64), played.astype(np.float64)
    size = 1 << (len(a) + len(b)).bit_length()
    likeness = np.abs(np.fft.irfft(np.fft.rfft(a, size) * np.conj(np.fft.rfft(b, size)), size))[: int(LONGEST_S * RATE)]
    lag = int(np.argmax(likeness))
    if not likeness[lag] > PLAIN * float(np.median(likeness)):
        return NO_ECHO
    sounding = np.flatnonzero(np.abs(b) > 100.0)
    echo = a[lag + sounding[0] : lag + sounding[-1]]
    power = _power(echo) - _power(a[: int(QUIET_S * RATE)])
    level_db = 10.0 * float(np.log10(max(power, 1e-3) / _power(b[sounding[0] : sounding[-1]])))
    if level_db < FAINT_DB:
        return NO_ECHO
    return EchoFound(level_db, lag / RATE, Echo.CANCEL if can_cancel() else Echo.HALF)


def _power(sound: npt.NDArray[np.float64]) -> float:
    return float(np.mean(np.square(sound))) if len(sound) else 0.0


def _record(microphone: Microphone, speaker: Speaker, stopped: Callable[[], bool]) -> tuple[Pcm, Pcm]:
    """What was played and what was heard, from one moment on."""
    began = time.monotonic()
    while microphone.first_at is None or speaker.called_at is None:
        _there(microphone, speaker, began)
        time.sleep(0.02)
    microphone.read()
    speaker.read_played()
    sound = tones.sweeps()
    quiet = np.zeros(round(QUIET_S * RATE), np.int16)
    speaker.play(Pcm(np.concatenate((quiet, sound.samples)), RATE))
    ends = time.monotonic() + QUIET_S + sound.seconds + LONGEST_S
    played, heard = [np.zeros(0, np.int16)], [np.zeros(0, np.int16)]
    while time.monotonic() < ends and not stopped():
        time.sleep(0.02)
        _there(microphone, speaker, began)
        played.append(speaker.read_played())
        heard.append(microphone.read())
    return Pcm(np.concatenate(played), speaker.rate), Pcm(np.concatenate(heard), microphone.rate)


def _there(microphone: Microphone, speaker: Speaker, began: float) -> None:
    """Raises what says which device went away, or never came."""
    which: type[MachineError] | None = None
    if microphone.lost(since=began):
        which, noun = NoMicrophone, "microphone"
    elif speaker.lost(since=began):
        which, noun = NoSpeaker, "speaker"
    if which is not None:
        raise which(f"The {noun} went away.", "Plug it in again, or choose another one in the settings.")

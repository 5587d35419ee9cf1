"""A long text, spoken aloud outside a call: the first sentence is heard while the others are still being made."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet

from hireflow_voice.audio.playback import Speaker
from hireflow_voice.errors import NoSpeaker
from hireflow_voice.sound import Pcm

LOOK_S = 0.03
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def say(text: str, speak: Callable[[str], Future[Pcm]], speaker: str, cancelled: Callable[[], bool]) -> None:
    """Speak `text` sentence by sentence; returns when it has been heard, or at most 0.1 s after `cancelled`.

    `speak` begins to make the sound of one sentence. Raises NoSpeaker, and whatever `speak` fails with.
    """
    parts = [part for part in _SENTENCE.split(" ".join(text.split())) if part]
    if not parts:
        return
    device: Speaker | None = None
    coming = speak(parts[0])
    try:
        for number in range(len(parts)):
            pcm = _made(coming, cancelled)
            if pcm is None:
                return
            if number + 1 < len(parts):
                coming = speak(parts[number + 1])
            # Opened only now: while a voice loads, a speaker that plays nothing would keep a headset awake.
            device = device or Speaker(speaker)
            if not _heard(device, pcm, cancelled):
                return
    finally:
        coming.cancel()
        if device is not None:
            device.close()


def _made(coming: Future[Pcm], cancelled: Callable[[], bool]) -> Pcm | None:
    """The sound, or None when nobody wants it any more."""
    while not cancelled():
        try:
            return coming.result(LOOK_S)
        except NotYet:
            if coming.done():  # the voice itself ran out of time
                raise
    return None


def _heard(device: Speaker, pcm: Pcm, cancelled: Callable[[], bool]) -> bool:
    """Play one sentence to its end; False when it was cut off."""
    since = time.monotonic()
    sound = device.play(pcm)
    while not device.ended(sound):
        if cancelled():
            sound.fade()
            time.sleep(2 * LOOK_S)  # let the fade be heard
            return False
        if device.lost(since=since):
            raise NoSpeaker("The speaker went away.", "Plug it in again, or choose another one in the settings.")
        time.sleep(LOOK_S)
    return True

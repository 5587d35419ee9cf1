"""The microphone and the speaker, tried before a call."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

import numpy as np

from hireflow_voice.audio.capture import Microphone
from hireflow_voice.audio.levels import FLOOR_DBFS, dbfs
from hireflow_voice.audio.playback import Sounding, Speaker
from hireflow_voice.errors import NoMicrophone
from hireflow_voice.sound import Pcm, Samples

log = logging.getLogger(__name__)

LEVEL_EVERY_S = 0.05
KEEP_S = 60.0
"""Of a test sentence, the last minute at most."""


class SoundCardCheck:
    """Shows the level of the microphone, keeps a sentence and plays it back. Methods from any thread."""

    def __init__(self, microphone: str, speaker: str, on_level: Callable[[float], None]) -> None:
        """Open the microphone; `on_level` gets dBFS 20 times a second on a thread of its own.

        It gets -90 when nothing is heard. Raises NoMicrophone, NoSoundSystem.
        """
        self._speaker_name = speaker
        self._on_level = on_level
        self._lock = threading.Lock()
        self._kept: list[Samples] | None = None
        """None: not recording."""
        self._playing: tuple[Speaker, Sounding, Callable[[], None]] | None = None
        self._closed = threading.Event()
        self._microphone = Microphone(microphone)
        self._thread = threading.Thread(target=self._run, name="line check", daemon=True)
        self._thread.start()

    def record(self) -> None:
        """Start to keep what is said, from here. Raises NoMicrophone when the microphone went away."""
        if self._microphone.lost(since=0.0):
            raise NoMicrophone("The microphone went away.", "Plug it in again, or choose another one in the settings.")
        with self._lock:
            self._kept = []

    def play_back(self, on_end: Callable[[], None]) -> float:
        """Stop recording and play what was kept; seconds of it.

        `on_end` comes once, on another thread, also when the speaker goes away or the check is closed.
        Raises NoSpeaker, NoSoundSystem.
        """
        with self._lock:
            kept, self._kept = self._kept or [], None
        pcm = Pcm(np.concatenate([np.zeros(0, np.int16), *kept]), self._microphone.rate)
        speaker = Speaker(self._speaker_name)
        with self._lock:
            before, self._playing = self._playing, (speaker, speaker.play(pcm), on_end)
        self._finish(before)
        return pcm.seconds

    def close(self) -> None:
        """Let go of the devices."""
        self._closed.set()
        if self._thread is not threading.current_thread():
            self._thread.join()

    def _run(self) -> None:
        try:
            while not self._closed.wait(LEVEL_EVERY_S):
                heard = self._microphone.read()
                with self._lock:
                    if self._kept is not None:
                        self._kept.append(heard)
                        del self._kept[: -round(KEEP_S / LEVEL_EVERY_S)]
                last = heard[-round(LEVEL_EVERY_S * self._microphone.rate) :]
                self._on_level(dbfs(last) if len(last) else FLOOR_DBFS)
                self._watch_playing()
        except Exception:
            log.exception("the line check broke")
        finally:
            with self._lock:
                playing, self._playing = self._playing, None
            self._finish(playing)
            self._microphone.close()

    def _watch_playing(self) -> None:
        with self._lock:
            playing = self._playing
            if playing is None or not (playing[0].ended(playing[1]) or playing[0].lost(since=0.0)):
                return
            self._playing = None
        self._finish(playing)

    @staticmethod
    def _finish(playing: tuple[Speaker, Sounding, Callable[[], None]] | None) -> None:
        if playing is not None:
            speaker, _, on_end = playing
            speaker.close()
            on_end()

"""Plays a take for the review: from any moment to any other."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from hireflow_voice.audio.devices import PREFERRED_RATE
from hireflow_voice.audio.playback import Sounding, Speaker
from hireflow_voice.audio.resample import resampled
from hireflow_voice.audio.stretch import LAG_S, stretched
from hireflow_voice.audio.take import read_sound, read_take
from hireflow_voice.errors import SoundFileError
from hireflow_voice.sound import Pcm

WATCH_S = 0.02


@dataclass(slots=True)
class _Run:
    """One stretch that is being played."""

    speaker: Speaker
    sound: Sounding
    from_s: float
    until_s: float
    speed: float
    stopped: threading.Event = field(default_factory=threading.Event)

    @property
    def position_s(self) -> float:
        early = LAG_S if self.speed != 1.0 else 0.0
        heard = self.speaker.heard_s(self.sound) * self.speed
        return min(self.until_s, self.from_s + (heard + early if heard else 0.0))


class Player:
    """One take at a time, on a speaker that is open only while it plays. Methods from any thread.

    `play` takes about 0.1 s, everything else no time; a stretch that is over closes its speaker on its own thread.
    Every time is one of the recording, at whatever speed it is heard.
    """

    def __init__(self, speaker: str = "") -> None:
        """By name; empty for the default one."""
        self._name = speaker
        self._lock = threading.Lock()
        self._pcm: Pcm | None = None
        """As it was recorded."""
        self._ready: Pcm | None = None
        """As it is played: at the present speed and the speaker's usual rate."""
        self._speed = 1.0
        self._preparing: threading.Thread | None = None
        self._at_s = 0.0
        self._run: _Run | None = None
        self._threads: list[threading.Thread] = []

    def load(self, path: Path) -> float:
        """Open a recording, stopped at 0; its seconds. Raises SoundFileError."""
        self.pause()
        try:
            pcm = read_take(path)
        except SoundFileError:
            pcm = read_sound(path)
        with self._lock:
            self._pcm, self._at_s = pcm, 0.0
        self._prepare(pcm)
        return pcm.seconds

    def play(self, from_s: float | None = None, until_s: float | None = None) -> None:
        """Play from a moment (default: where it is; from the start when that is the end) to another (default: the end).

        Nothing happens when nothing is loaded. Raises NoSpeaker, NoSoundSystem.
        """
        self.pause()
        if self._preparing is not None:
            self._preparing.join()
        with self._lock:
            pcm, ready, speed = self._pcm, self._ready, self._speed
        if pcm is None or ready is None or not len(pcm.samples):
            return
        start = self._at_s if from_s is None else min(max(0.0, from_s), pcm.seconds)
        if from_s is None and start >= pcm.seconds - WATCH_S:
            start = 0.0
        end = pcm.seconds if until_s is None else min(max(start, until_s), pcm.seconds)
        scale = ready.rate / speed
        part = Pcm(ready.samples[round(start * scale) : round(end * scale)], ready.rate)
        # Outside the lock: whoever asks for the position meanwhile must not wait for the sound system.
        speaker = Speaker(self._name)
        run = _Run(speaker, speaker.play(part), start, end, speed)
        watch = threading.Thread(target=self._watch, args=(run,), name="player", daemon=True)
        with self._lock:
            self._at_s, self._run = start, run
            self._threads = [thread for thread in self._threads if thread.is_alive()] + [watch]
            watch.start()

    def pause(self) -> None:
        """Stay where it is."""
        with self._lock:
            run, self._run = self._run, None
            if run is not None:
                self._at_s = run.position_s
                run.sound.fade()
                run.stopped.set()

    def seek(self, at_s: float) -> None:
        """Go to a moment; what plays goes on playing from there. Raises NoSpeaker when it does."""
        with self._lock:
            run = self._run
            if run is None:
                self._at_s = min(max(0.0, at_s), self._pcm.seconds if self._pcm is not None else 0.0)
        if run is not None:
            # Past the end of a stretch there is no end any more but the recording's own.
            self.play(at_s, run.until_s if at_s < run.until_s else None)

    @property
    def speed(self) -> float:
        return self._speed

    def set_speed(self, speed: float) -> None:
        """0.5 to 4 times as fast, at the same pitch; what plays goes on so, for which the sound must be worked
        through first (0.1 s for five minutes). Raises NoSpeaker when it plays."""
        if speed == self._speed:
            return
        run = self._run
        self.pause()
        with self._lock:
            self._speed, pcm = speed, self._pcm
        if pcm is not None:
            self._prepare(pcm)
        if run is not None:
            self.play(self._at_s, run.until_s)

    @property
    def position_s(self) -> float:
        """What is being heard now, to about 50 ms."""
        with self._lock:
            return self._at_s if self._run is None else self._run.position_s

    @property
    def playing(self) -> bool:
        return self._run is not None

    def close(self) -> None:
        """Stop and let go of the speaker."""
        self.pause()
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join()
        self._threads.clear()

    def _prepare(self, pcm: Pcm) -> None:
        """Make it ready to be played, beside the caller's thread: a quarter of an hour takes half a second."""
        speed = self._speed

        def work() -> None:
            slow = stretched(pcm, speed)
            ready = Pcm(resampled(slow, PREFERRED_RATE), PREFERRED_RATE)
            with self._lock:
                if self._pcm is pcm and self._speed == speed:
                    self._ready = ready

        preparing = threading.Thread(target=work, name="player preparing", daemon=True)
        with self._lock:
            self._ready, self._preparing = None, preparing
            self._threads.append(preparing)
        preparing.start()

    def _watch(self, run: _Run) -> None:
        """Until the stretch is over, the speaker is gone, or `pause`; then close."""
        try:
            while not run.stopped.wait(WATCH_S):
                over = run.speaker.ended(run.sound)
                if over or run.speaker.lost(since=0.0):
                    with self._lock:
                        if self._run is run:
                            self._at_s = run.until_s if over else run.position_s
                            self._run = None
                    break
            else:
                time.sleep(2 * WATCH_S + run.speaker.latency_s)  # let the fade be heard
        finally:
            run.speaker.close()

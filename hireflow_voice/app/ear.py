"""One turn of the candidate, heard: the take on disk first, then whose turn it is, then chunks for the recogniser.

`hear` runs on the line's pump thread, everything else on the call's thread. A lock keeps the two apart; it is held for
about a millisecond a block, because recognition happens in the worker process.

A turn that was taken for finished can go on. So `so_far` tells what was said while the recording runs on; `go_on`
makes that part of the answer, and `close` cuts it off.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from hireflow_voice.audio.levels import dbfs
from hireflow_voice.audio.take import TakeWriter
from hireflow_voice.errors import HireFlowError
from hireflow_voice.sound import RATE, Samples
from hireflow_voice.speech.chunks import Chunk, Chunker
from hireflow_voice.turns.detector import EndOfTurn, Silence, SpeechStarted, SpeechStopped, TurnDetector

LEVEL_EVERY_S = 0.05
RECENT_S = 8.0
"""As much as the end-of-turn network hears."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What is known of a turn when it ends."""

    seconds: float
    active: tuple[tuple[float, float], ...]
    """(start_s, end_s) of every sound, in the take."""
    rest: tuple[Chunk, ...]
    """Chunks that had not been handed out before."""
    gaps: tuple[tuple[float, float], ...] = ()
    """(start_s, seconds) of silence in the take where the microphone was gone."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A silence has begun, 0.2 s ago; the turn may end here."""

    chunk: Chunk | None
    """The open chunk as it stands; None when there is nothing new in it."""
    recent: Samples
    """The last 8 s of the microphone."""


@dataclass(frozen=True, slots=True)
class EarEvents:
    """Where an ear reports to; every one is called on the pump thread and must return at once."""

    speech: Callable[[], None]
    """Speech begins, or goes on after a pause."""
    silence: Callable[[float, float | None], None]
    end_of_turn: Callable[[], None]
    chunks: Callable[[], None]
    """Chunks are closed: `Ear.closed` hands them out."""
    paused: Callable[[Pause], None]
    level: Callable[[float], None]
    broken: Callable[[HireFlowError], None]


class Ear:
    """Listens to one turn; set aside while the interviewer speaks into it. While muted its silence does not count."""

    def __init__(self, take: TakeWriter | None, detector: TurnDetector, chunker: Chunker, events: EarEvents) -> None:
        self._take = take
        self._detector = detector
        self._chunker = chunker
        self._events = events
        self._lock = threading.Lock()
        self._samples = 0
        self._level_at = 0
        self._mark: int | None = None
        """Sample at which the turn was taken for finished; None while it is not."""
        self._over = False
        self._closed = False
        self._broken = take is None  # no room on the disk: the answer is heard all the same
        self._aside = False
        self._muted = False
        self._lost = False
        self._gaps: list[tuple[float, float]] = []
        self._fresh: list[Chunk] = []
        self._recent: deque[Samples] = deque()
        self._recent_samples = 0
        self._limit = detector.silence_s
        self._extra_s = 0.0
        self._base_s = 0.0
        """The part of the present silence that does not count."""
        self._silence = 0.0

    @property
    def spoke(self) -> bool:
        """Whether anything was said yet."""
        return self._detector.started

    @property
    def over(self) -> bool:
        """Whether the turn was taken for finished, and `go_on` has not been said."""
        return self._over

    @property
    def seconds(self) -> float:
        """Heard so far."""
        return self._samples / RATE

    @property
    def active(self) -> tuple[tuple[float, float], ...]:
        """(start_s, end_s) of every sound so far, in the take."""
        with self._lock:
            return tuple(self._detector.active)

    @property
    def speech_s(self) -> float:
        """Seconds of the speech that is going on; 0 in a silence."""
        return self._detector.speech_s

    def set_aside(self, aside: bool) -> None:
        """Leave out what the microphone hears while the interviewer speaks; afterwards silence counts from nothing."""
        with self._lock:
            self._aside = aside
            if not aside:
                self._over = False
            self._count_anew()

    def mute(self, muted: bool) -> None:
        """While muted, silence does not count towards the end of the turn; the recording goes on, as its own clock."""
        with self._lock:
            self._muted = muted
            self._count_anew()

    def wait(self, limit_s: float | None) -> None:
        """Seconds of silence that end the turn from now on; None: silence does not end it."""
        with self._lock:
            self._limit = limit_s
            self._apply()

    def think(self, seconds: float) -> None:
        """Let this silence last so much longer: the candidate asked for time."""
        with self._lock:
            self._extra_s = seconds
            self._over = False
            self._count_anew()

    def closed(self) -> tuple[Chunk, ...]:
        """Chunks that were closed since this was last asked, in order."""
        with self._lock:
            fresh, self._fresh = self._fresh, []
            return tuple(fresh)

    def hear(self, samples: Samples, lost: bool = False, clean: Samples | None = None) -> None:
        """One block of the microphone, 16 kHz. `lost`: the microphone is gone, and these are zeros in its place: they
        keep the take's clock, but their silence ends no turn. `clean`: the same without the interviewer, for the
        decision whether the candidate speaks; what is kept and recognised is `samples`."""
        with self._lock:
            if self._closed or self._aside:
                return
            self._write(samples)
            if lost:
                self._note_gap(len(samples) / RATE)
            if lost is not self._lost:
                self._lost = lost
                self._count_anew()
            at = self._samples
            self._samples += len(samples)
            self._remember(samples)
            stopped = self._detect(samples if clean is None else clean, at)
            self._cut(samples)
            if stopped and not self._over:
                recent = np.concatenate(self._recent)[-round(RECENT_S * RATE) :]
                self._events.paused(Pause(self._chunker.peek(), recent))
            if self._samples - self._level_at >= LEVEL_EVERY_S * RATE:
                self._level_at = self._samples
                self._events.level(dbfs(samples))

    def so_far(self) -> Heard:
        """What was heard, as if the turn ended here. The recording runs on, until `go_on` or `close`."""
        with self._lock:
            self._over = True
            self._mark = self._samples
            rest = (*self._fresh, *self._chunker.finish())
            self._fresh = []
            return Heard(self._samples / RATE, tuple(self._detector.active), rest, tuple(self._gaps))

    def go_on(self) -> None:
        """The turn is not finished after all: everything heard since belongs to it."""
        with self._lock:
            self._over = self._aside = False
            self._mark = None
            self._count_anew()

    def close(self) -> None:
        """Close the take where the turn ended; nothing is heard afterwards. Idempotent."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            try:
                if self._take is not None:
                    if self._mark is not None and not self._broken:
                        self._take.cut_back(self._mark)
                    self._take.close()
            except HireFlowError as error:
                self._events.broken(error)

    def _detect(self, clean: Samples, at: int) -> bool:
        """Whether a silence has begun just now."""
        stopped = False
        for signal in self._detector.feed(clean, at):
            match signal:
                case SpeechStarted():
                    self._silence = self._extra_s = 0.0
                    self._count_anew()
                    self._events.speech()
                case SpeechStopped():
                    stopped = True
                case Silence(seconds=seconds, limit_s=limit_s):
                    self._silence = seconds
                    if not self._over:
                        self._events.silence(seconds, limit_s)
                case EndOfTurn() if not self._over:
                    self._over = True
                    self._events.end_of_turn()
                case _:
                    pass
        return stopped

    def _count_anew(self) -> None:
        self._base_s = self._silence
        self._apply()

    def _apply(self) -> None:
        held = self._limit is None or self._muted or self._lost
        self._detector.silence_s = None if held else (self._limit or 0.0) + self._base_s + self._extra_s

    def _remember(self, samples: Samples) -> None:
        self._recent.append(samples)
        self._recent_samples += len(samples)
        while self._recent_samples - len(self._recent[0]) >= RECENT_S * RATE:
            self._recent_samples -= len(self._recent.popleft())

    def _note_gap(self, seconds: float) -> None:
        at = self._samples / RATE
        if self._gaps and abs(sum(self._gaps[-1]) - at) < 1e-6:
            start, length = self._gaps[-1]
            self._gaps[-1] = (start, length + seconds)
        else:
            self._gaps.append((at, seconds))

    def _cut(self, samples: Samples) -> None:
        closed = self._chunker.feed(samples, self._detector.active)
        if closed:
            self._fresh += closed
            self._events.chunks()

    def _write(self, samples: Samples) -> None:
        if self._broken or self._take is None:
            return
        try:
            self._take.write(samples)
        except HireFlowError as error:
            # The disk is full: what is written stays, the call goes on, and recognition still gets the sound.
            self._broken = True
            self._events.broken(error)

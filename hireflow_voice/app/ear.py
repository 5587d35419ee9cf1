"""One turn of the candidate, heard: the take on disk first, then whose turn it is, then chunks for the recogniser.

`hear` runs on the line's pump thread; `finish` on the call's thread. A lock keeps the two apart; it is held for about a
millisecond a block, because recognition happens in the worker process.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from hireflow_voice.audio.levels import dbfs
from hireflow_voice.audio.take import TakeWriter
from hireflow_voice.errors import HireFlowError
from hireflow_voice.sound import RATE, Samples
from hireflow_voice.speech.chunks import Chunk, Chunker
from hireflow_voice.turns.detector import EndOfTurn, Silence, SpeechStarted, SpeechStopped, TurnDetector

LEVEL_EVERY_S = 0.05


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
class EarEvents:
    """Where an ear reports to; every one is called on the pump thread and must return at once."""

    speech: Callable[[], None]
    silence: Callable[[float, float | None], None]
    end_of_turn: Callable[[], None]
    chunks: Callable[[], None]
    """Chunks are closed: `Ear.closed` hands them out."""
    early: Callable[[Chunk], None]
    """The open chunk as it stands at a pause, worth decoding in case the turn ends here."""
    level: Callable[[float], None]
    broken: Callable[[HireFlowError], None]


class Ear:
    """Listens until the turn ends. Paused while the interviewer speaks into an open turn, deaf to it while muted."""

    def __init__(self, take: TakeWriter | None, detector: TurnDetector, chunker: Chunker, events: EarEvents) -> None:
        self._take = take
        self._detector = detector
        self._chunker = chunker
        self._events = events
        self._lock = threading.Lock()
        self._samples = 0
        self._level_at = 0
        self._closed = False
        self._broken = take is None  # no room on the disk: the answer is heard all the same
        self._paused = False
        self._muted = False
        self._lost = False
        self._gaps: list[tuple[float, float]] = []
        self._fresh: list[Chunk] = []
        self._extra_s = 0.0
        self._limit = detector.silence_s
        self._silence = 0.0

    @property
    def spoke(self) -> bool:
        """Whether anything was said yet."""
        return self._detector.started

    def pause(self, paused: bool) -> None:
        """Leave out what the microphone hears while the interviewer speaks; afterwards silence counts from nothing."""
        with self._lock:
            self._paused = paused
            self._count_anew()

    def mute(self, muted: bool) -> None:
        """While muted, silence does not count towards the end of the turn; the recording goes on, as its own clock."""
        with self._lock:
            self._muted = muted
            self._count_anew()

    def think(self, seconds: float) -> None:
        """Let this silence last so much longer: the candidate asked for time."""
        with self._lock:
            self._extra_s = seconds
            self._count_anew()

    def closed(self) -> tuple[Chunk, ...]:
        """Chunks that were closed since this was last asked, in order."""
        with self._lock:
            fresh, self._fresh = self._fresh, []
            return tuple(fresh)

    def hear(self, samples: Samples, lost: bool = False) -> None:
        """One block of the microphone, 16 kHz. `lost`: the microphone is gone, and these are zeros in its place: they
        keep the take's clock, but their silence ends no turn."""
        with self._lock:
            if self._closed or self._paused:
                return
            self._write(samples)
            if lost:
                self._note_gap(len(samples) / RATE)
            if lost is not self._lost:
                self._lost = lost
                self._count_anew()
            at = self._samples
            self._samples += len(samples)
            paused = False
            for signal in self._detector.feed(samples, at):
                match signal:
                    case SpeechStarted():
                        self._silence = self._extra_s = 0.0
                        self._count_anew()
                        self._events.speech()
                    case SpeechStopped():
                        paused = True
                    case Silence(seconds=seconds, limit_s=limit_s):
                        self._silence = seconds
                        self._events.silence(seconds, limit_s)
                    case EndOfTurn():
                        self._events.end_of_turn()
            self._cut(samples)
            if paused and (chunk := self._chunker.peek()) is not None:
                self._events.early(chunk)
            if self._samples - self._level_at >= LEVEL_EVERY_S * RATE:
                self._level_at = self._samples
                self._events.level(dbfs(samples))

    def finish(self) -> Heard:
        """Close the take; nothing is heard afterwards. Idempotent."""
        with self._lock:
            if not self._closed:
                self._closed = True
                try:
                    if self._take is not None:
                        self._take.close()
                except HireFlowError as error:
                    self._events.broken(error)
            rest = (*self._fresh, *self._chunker.finish())
            self._fresh = []
            return Heard(self._samples / RATE, tuple(self._detector.active), rest, tuple(self._gaps))

    def _count_anew(self) -> None:
        held = self._limit is None or self._muted or self._lost
        self._detector.silence_s = None if held else (self._limit or 0.0) + self._silence + self._extra_s

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

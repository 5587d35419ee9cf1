"""When the candidate begins, pauses and has finished.

Silero alone misses some voices, and loudness alone cannot tell a voice from a fan. A turn is therefore held open while
either hears something, but loudness without the network's agreement holds it only for a while.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from hireflow_voice.sound import RATE, Samples
from hireflow_voice.turns.energy import MEMORY_S, EnergyGate
from hireflow_voice.turns.vad import BLOCK, SileroVad

Span = tuple[float, float]
"""(start_s, end_s) in the take."""

BRIDGE = int(0.16 * RATE)
"""Samples of silence that do not part two sounds."""
SHORTEST = int(0.12 * RATE)
"""Samples under which a sound is a click and is dropped."""
VOICED = 3 * BLOCK
"""Samples that the network must hear in a row before it is believed."""
LOUD = 5 * BLOCK
"""Samples of unbroken loudness that pass for speech without the network: keystrokes and clicks are shorter."""
LOUD_START = RATE
"""Samples of such loudness that begin a turn the network has not heard begin."""
LOUD_FORGET = 2 * RATE
"""Samples without loudness after which what was loud before the first word no longer adds up to one."""
LOUD_CAP = 6 * RATE
"""Samples of such loudness, since the network last heard a voice, that hold the turn open: a fan does not hold it for
ever, and a voice the network loses for a moment is not cut off."""
PAUSE = int(0.2 * RATE)
"""Samples of silence after which speech is said to have stopped; shorter ones are inside words."""
REPORT = int(0.1 * RATE)
"""Samples between two reports of a growing silence."""


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """A stretch of speech begins; the first of a turn is its first word."""

    at_s: float
    """Where in the take it began: a little before it was noticed."""


@dataclass(frozen=True, slots=True)
class SpeechStopped:
    """Nothing at all has been heard for 0.2 s: the moment to decode what there is, in case the turn ends here.

    In a noisy room it may come late or not at all, while the silence after speech counts all the same.
    """

    at_s: float
    """Where in the take the last sound ended."""


@dataclass(frozen=True, slots=True)
class Silence:
    """The silence after speech goes on; said about ten times a second."""

    seconds: float
    """Since the last sound."""
    limit_s: float | None
    """Seconds that end the turn; None: silence does not end it."""


@dataclass(frozen=True, slots=True)
class EndOfTurn:
    """The silence has lasted as long as it may. Said once, and again only if it was allowed to last longer; if speech
    goes on, `SpeechStarted` follows."""

    at_s: float
    """Now, in the take."""


TurnSignal = SpeechStarted | SpeechStopped | Silence | EndOfTurn


class _Runs:
    """Stretches of sound, bridged, without those that are too short. Sample indices; the last one may still grow."""

    def __init__(self, bridge: int, shortest: int) -> None:
        self.spans: list[tuple[int, int]] = []
        self._bridge, self._shortest = bridge, shortest
        self._start = self.end = -1
        self._listed = False

    def add(self, start: int, end: int) -> None:
        if self._start < 0 or start - self.end > self._bridge:
            self._start, self._listed = start, False
        self.end = end
        if self._listed:
            self.spans[-1] = (self._start, end)
        elif end - self._start >= self._shortest:
            self.spans.append((self._start, end))
            self._listed = True


class TurnDetector:
    """Feed it the take; it says where speech is and when the turn ends. No thread, no clock, no sound card.

    `silence_s` (seconds of silence that end a turn; None: silence never does) may be changed at any time. The gate
    learns the room over the whole call and is shared by its turns; the network's stream belongs to this turn.
    """

    def __init__(self, vad: SileroVad, energy: EnergyGate, silence_s: float | None) -> None:
        if energy.block != BLOCK:
            raise ValueError(f"the gate must work on blocks of {BLOCK} samples")
        self.silence_s = silence_s
        self._vad = vad
        self._energy = energy
        self.reset()

    def reset(self) -> None:
        """Begin a new turn."""
        self._vad.reset()
        self._rest: Samples = np.zeros(0, np.int16)
        self._index: int | None = None
        self._active = _Runs(BRIDGE, SHORTEST)
        self._voiced = _Runs(0, VOICED)
        self._loud_run = 0
        self._loud_first = self._loud_last = -1
        self._loud_since_voice = 0
        self._voice_run = 0
        self._started = self._speaking = False
        self._stopped = True
        self._begun = 0
        self._last = 0
        self._told = 0
        self._ended = False

    @property
    def active(self) -> list[Span]:
        """Where anything was heard so far, by the network or by loudness; gaps to 160 ms bridged, clicks dropped.

        Spans never change once another follows; the last one grows. Meant for cutting and for delivery.
        """
        return [(start / RATE, end / RATE) for start, end in self._active.spans]

    @property
    def started(self) -> bool:
        """Whether a word was heard in this turn."""
        return self._started

    @property
    def speech_s(self) -> float:
        """Seconds since the present stretch of speech began; 0 in a silence."""
        return (self._last - self._begun) / RATE if self._speaking else 0.0

    def voiced(self, start_s: float, end_s: float) -> bool:
        """Whether the network heard speech anywhere between these two moments of the take."""
        start, end = start_s * RATE, end_s * RATE
        return any(a < end and b > start for a, b in reversed(self._voiced.spans))

    def feed(self, samples: Samples, index: int) -> tuple[TurnSignal, ...]:
        """What `samples` (int16, 16 kHz), whose first is sample `index` of the take, change.

        A jump forward in `index` counts as silence; a jump back raises ValueError.
        """
        if self._index is None:
            self._index = index
            self._last = self._told = index
        missing = index - (self._index + len(self._rest))
        if missing < 0:
            raise ValueError(f"sample {index} was fed already")
        sound = np.concatenate((self._rest, np.zeros(missing, np.int16), samples))
        whole = len(sound) // BLOCK * BLOCK
        self._rest = sound[whole:].copy()
        signals: list[TurnSignal] = []
        heard = self._vad.feed(sound[:whole])
        loud = self._energy.feed(sound[:whole])
        for block, noise in zip(heard, loud, strict=True):
            self._block(block.speaking, noise, signals)
        return tuple(signals)

    def _block(self, voice: bool, loud: bool, signals: list[TurnSignal]) -> None:
        assert self._index is not None
        start, end = self._index, self._index + BLOCK
        self._index = end
        if voice or loud:
            self._active.add(start, end)
        if voice:
            self._voiced.add(start, end)
        if self._sounds(voice, loud, start):
            if not self._speaking:
                self._begun = self._first(voice, start)
                signals.append(SpeechStarted(self._begun / RATE))
                self._speaking = self._started = True
                self._stopped = self._ended = False
            self._last = self._told = end
        elif self._started:
            self._silent(end, signals)

    def _sounds(self, voice: bool, loud: bool, start: int) -> bool:
        """Whether this block is speech for the turn."""
        self._voice_run = self._voice_run + BLOCK if voice else 0
        self._loud_run = self._loud_run + BLOCK if loud else 0
        if voice:
            self._loud_since_voice, self._loud_first = 0, -1
            # While a turn is open a single block counts; to open one, or to go on after a pause, it takes three.
            return self._speaking or self._voice_run >= VOICED
        if self._loud_run < LOUD:
            if not self._started and start - self._loud_last > LOUD_FORGET:
                self._loud_since_voice, self._loud_first = 0, -1
            return False
        self._loud_last = start
        if self._loud_first < 0:
            self._loud_first = start - self._loud_run + BLOCK
        self._loud_since_voice += BLOCK
        if self._loud_since_voice > LOUD_CAP:
            return False
        return self._started or self._loud_since_voice >= LOUD_START

    def _first(self, voice: bool, start: int) -> int:
        """Where the speech that was just noticed began."""
        if voice:
            return start - self._voice_run + BLOCK
        return self._loud_first if not self._started else start - self._loud_run + BLOCK

    def _silent(self, now: int, signals: list[TurnSignal]) -> None:
        silence = now - self._last
        if silence < PAUSE:
            return
        self._speaking = False
        if not self._stopped and now - self._active.end >= PAUSE:
            self._stopped = True
            signals.append(SpeechStopped(self._active.end / RATE))
        if now - self._told >= REPORT:
            self._told = now
            signals.append(Silence(silence / RATE, self.silence_s))
        over = self.silence_s is not None and silence >= self.silence_s * RATE
        if over and not self._ended:
            signals.append(EndOfTurn(now / RATE))
        self._ended = over


@dataclass(frozen=True, slots=True)
class Activity:
    """Where something was heard in a whole recording."""

    active: list[Span]
    voiced: Callable[[float, float], bool]
    """As `TurnDetector.voiced`."""


def activity(samples: Samples) -> Activity:
    """The same of a finished recording (int16, 16 kHz). Its first half minute tells the gate about the room.

    Raises ModelMissing.
    """
    gate = EnergyGate(BLOCK)
    gate.prime(samples[: int(MEMORY_S * RATE)])
    detector = TurnDetector(SileroVad(), gate, None)
    detector.feed(np.concatenate((samples, np.zeros(BLOCK, np.int16))), 0)
    return Activity(detector.active, detector.voiced)

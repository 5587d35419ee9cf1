"""Between the line and the turns: hands every block to the ear that is open, and hears when the candidate speaks though
it is not, or no longer, his turn. Runs on the line's pump thread; a lock keeps the call's thread out.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from hireflow_voice.app.ear import Ear
from hireflow_voice.audio.line import Block
from hireflow_voice.sound import RATE, Samples
from hireflow_voice.turns.interruption import Interruption, Voice

KEPT_S = 10.0
"""Sound that is kept for a turn that opens late: what was said into the interviewer's last words belongs to it."""
LEAD_S = 0.3
"""Silence kept in front of it."""
GOES_ON_S = 0.25
"""Speech after the turn was taken for finished, and before the interviewer speaks, that means it was not."""
ECHO_AFTER_S = 8.0
"""Seconds of the interviewer after which the microphone is judged:"""
ECHO_SHARE = 0.4
"""a voice in so much of them is his own. (Raw echo makes the network hear one in 31 to 82 % of the blocks.)"""


@dataclass(frozen=True, slots=True)
class ListenerEvents:
    """Where a listener reports to; called on the pump thread (`duck` also on the call's) without a lock held."""

    interrupted: Callable[[], None]
    duck: Callable[[bool], None]
    """The candidate may be about to speak; or was not."""
    echo: Callable[[], None]
    """The microphone hears the interviewer: from now on it is not listened to while he speaks."""


class Listener:
    """`interruption` None: nobody can interrupt, and a turn that has ended goes on all the same."""

    def __init__(self, interruption: Interruption | None, events: ListenerEvents) -> None:
        self._interruption = interruption
        self._events = events
        self._lock = threading.Lock()
        self._kept: deque[Block] = deque()
        self._ear: Ear | None = None
        self._told = False
        self._speaking = self._heard_out = False
        self._ducked = False
        self._echo = False
        self._watched_s = self._voice_s = 0.0
        """Of the interviewer's speech so far, and with a voice in the microphone."""

    def hear(self, block: Block) -> None:
        """The next block of the microphone."""
        told: list[Callable[[], None]] = []
        with self._lock:
            self._kept.append(block)
            if len(self._kept) * len(block.samples) > KEPT_S * RATE:
                self._kept.popleft()
            clean = self._clean(block)
            voices = self._interruption.feed(block.samples if clean is None else clean) if self._interruption else ()
            if self._ear is not None:
                self._ear.hear(block.samples, block.lost, clean)
            if self._speaking:
                if not self._heard_out:
                    told += [act for voice in voices if (act := self._over_the_interviewer(voice)) is not None]
                self._watch_echo(len(block.samples) / RATE, told)
            else:
                if self._ducked and Voice.OVER in voices:
                    told.append(self._unduck)
                if self._ear is not None and self._ear.over and not self._told and self._ear.speech_s >= GOES_ON_S:
                    self._told = True
                    told.append(self._events.interrupted)
        for act in told:
            act()

    def open(self, ear: Ear) -> None:
        """Hand the microphone to this ear, with what the candidate is saying already."""
        with self._lock:
            ear.set_aside(False)
            self._told = False
            speech_s = self._interruption.stretch_s if self._interruption else 0.0
            if speech_s and self._kept:
                blocks = round((speech_s + LEAD_S) * RATE / len(self._kept[-1].samples))
                for block in list(self._kept)[-blocks:]:
                    ear.hear(block.samples, block.lost, self._clean(block))
            self._ear = ear

    def go_on(self, ear: Ear) -> None:
        """The turn that was taken for finished goes on; its ear has heard everything."""
        with self._lock:
            ear.go_on()
            self._told = False

    def close(self) -> None:
        """Nobody's turn."""
        with self._lock:
            self._ear = None

    def speaking(self, speaking: bool, *, heard_out: bool = False) -> None:
        """The interviewer begins or ends an utterance that is more than "Uh-huh."; one that is `heard_out` is neither
        ducked nor stopped, such as the greeting."""
        act: Callable[[], None] | None = None
        with self._lock:
            self._speaking, self._heard_out = speaking, heard_out
            if not speaking and self._ducked:
                act = self._unduck
            elif speaking and self._interruption and self._interruption.stretch_s and not (self._echo or heard_out):
                self._ducked, act = True, lambda: self._events.duck(True)
        if act is not None:
            act()

    def _clean(self, block: Block) -> Samples | None:
        if self._echo and self._speaking:
            return block.samples * 0
        return block.clean

    def _over_the_interviewer(self, voice: Voice) -> Callable[[], None] | None:
        match voice:
            case Voice.PERHAPS:
                self._ducked = True
                return lambda: self._events.duck(True)
            case Voice.SURELY:
                return self._events.interrupted
            case Voice.OVER:
                return self._unduck if self._ducked else None

    def _unduck(self) -> None:
        self._ducked = False
        self._events.duck(False)

    def other_devices(self) -> None:
        """What the microphone hears of the interviewer may have changed: look anew."""
        with self._lock:
            self._echo = False
            self._watched_s = self._voice_s = 0.0

    def _watch_echo(self, seconds: float, told: list[Callable[[], None]]) -> None:
        """Speakers that nobody said are there: without this the interviewer would interrupt himself."""
        if self._echo or self._interruption is None or self._watched_s >= ECHO_AFTER_S:
            return
        self._watched_s += seconds
        self._voice_s += seconds if self._interruption.stretch_s else 0.0
        if self._watched_s >= ECHO_AFTER_S and self._voice_s >= ECHO_SHARE * self._watched_s:
            self._echo = True
            told += [*([self._unduck] if self._ducked else []), self._events.echo]

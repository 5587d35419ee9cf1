"""The frame of a call: time, numbers and turns. What is said in it is decided in `machine`."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from enum import StrEnum

from hireflow_voice.interview.actions import Action, Finish, Manner, Settle, TurnKind
from hireflow_voice.interview.asking import REOPEN_S, RETRACT_S, Ask, Nudge, Why
from hireflow_voice.interview.floor import Floor, Line, Step
from hireflow_voice.interview.follow_up import Thread
from hireflow_voice.interview.inputs import Input, Resumed, Unheld
from hireflow_voice.interview.retract import Taken

COVERAGE_S = 6.0
"""Longest wait for `CoverageReady`; a silent line is worse than a follow-up that is not asked."""


class Stage(StrEnum):
    """Where in the call."""

    RINGING = "ringing"
    GREETING = "greeting"
    INTRODUCTION = "introduction"
    QUESTIONS = "questions"
    OWN_QUESTIONS = "own_questions"
    CLOSING = "closing"
    ENDED = "ended"


class Conversation(ABC):
    """Handles one input at a time: first what time has brought about meanwhile, then the input, then what follows."""

    def __init__(self, ask: Ask) -> None:
        self._floor = Floor()
        self._stage = Stage.RINGING
        self._now = 0.0
        self._offset = 0.0
        self._on_hold = False
        self._asked = 0
        self._thread: Thread | None = None
        self._ask = ask
        self._awaited_since: float | None = None
        self._taken: Taken | None = None
        """The answer that ended last, while it can still go on."""
        self._unhurried_s = 0.0
        self._rotation: dict[tuple[str, ...], int] = {}

    @property
    def stage(self) -> Stage:
        return self._stage

    @property
    def question_number(self) -> int:
        """1-based number of the question being asked or last asked; 0 before the first."""
        return self._asked

    @property
    def now(self) -> float:
        """Seconds since pick-up, breaks and holds left out."""
        return self._now

    @property
    def on_hold(self) -> bool:
        """The candidate has put the call on hold: nothing is said and no time passes."""
        return self._on_hold

    @property
    def finished(self) -> bool:
        """`Finish` was returned; nothing more comes."""
        return self._stage is Stage.ENDED

    @property
    def open_turn(self) -> int | None:
        """Number of the candidate's turn that has not ended; it stays open while a hint is said in between."""
        return self._floor.ear.number if self._floor.ear.open else None

    @property
    def speaking(self) -> int | None:
        """Number of the utterance that is being said."""
        return self._floor.utterance if self._floor.line else None

    @property
    def due(self) -> float | None:
        """When time alone will change something, on the caller's clock: a `Tick` is wanted then. None: never."""
        timers = self._timers()
        return min(when for when, _ in timers) + self._offset if timers else None

    @property
    def can_go_on(self) -> bool:
        """Whether the answer that ended last would go on if the candidate spoke now."""
        return self._taken is not None

    @property
    def unhurried_s(self) -> float:
        """Seconds that every pause of this candidate may be longer: he was taken for finished too often."""
        return self._unhurried_s

    def handle(self, event: Input) -> tuple[Action, ...]:
        """Take one input. Stale and impossible inputs are ignored; none makes it raise."""
        self._floor.out = []
        if self._stage is Stage.RINGING:
            self._ringing(event)
        elif not self.finished:
            if isinstance(event, Resumed) or (self._on_hold and isinstance(event, Unheld)):
                self._offset = event.now - self._now if math.isfinite(event.now) else self._offset
            else:
                self._pass_time(event.now - self._offset)
            self._take(event)
            self._go_on()
        return tuple(self._floor.out)

    @abstractmethod
    def _ringing(self, event: Input) -> None:
        """An input before the line is open."""

    @abstractmethod
    def _take(self, event: Input) -> None:
        """An input during the call."""

    @abstractmethod
    def _nudge(self, nudge: Nudge) -> None:
        """The candidate has been silent for long enough."""

    @abstractmethod
    def _covered(
        self,
        coverage: tuple[tuple[str, float], ...] | None,
        written: tuple[str, str] | None = None,
        critique: tuple[str, str] | None = None,
    ) -> None:
        """The coverage is known, or will not be."""

    @abstractmethod
    def _next(self, step: Step) -> None:
        """Everything has been said: find something easier, go deeper, advance, or ask for the coverage."""

    def _pass_time(self, until: float) -> None:
        if self._on_hold or not (math.isfinite(until) and until > self._now):
            return
        while timers := self._timers():
            due, act = min(timers, key=lambda timer: timer[0])
            if due > until:
                break
            self._now = max(self._now, due)
            act()
            self._go_on()
        self._now = until

    def _timers(self) -> list[tuple[float, Callable[[], None]]]:
        """When time alone will change something, and what."""
        ear = self._floor.ear
        timers: list[tuple[float, Callable[[], None]]] = []
        if self._on_hold:
            return timers
        if self._awaited_since is not None:
            timers.append((self._awaited_since + COVERAGE_S, lambda: self._covered(None)))
        if self._taken is not None and self._taken.until is not None:
            timers.append((self._taken.until, self._settle))
        if ear.open and ear.why is None:
            if ear.paused_at is not None:
                timers.append((ear.paused_at + REOPEN_S, lambda: self._floor.close_turn(Why.PAUSED)))
            elif not ear.heard and self._floor.line is None:
                due, nudge = ear.due(self._ask)
                timers.append((due, lambda: self._nudge(nudge)))
        return timers

    def _go_on(self) -> None:
        """Say what is to be said; when all is said, take the next step."""
        floor = self._floor
        while not (self.finished or self._on_hold) and floor.line is None:
            if floor.queue:
                manner = floor.say_next(self._now).manner
                if self._taken is not None and self._taken.until is None and manner is not Manner.HEARD:
                    self._taken.until = self._now + RETRACT_S
                if manner is Manner.INTRODUCTION:
                    self._stage = Stage.INTRODUCTION
                elif manner is Manner.HINT and self._thread:
                    self._thread.hinted = True
                return
            match floor.take_step():
                case Step.NOTHING:
                    return
                case Step.LISTEN:
                    if self._thread and self._thread.asked_at is None:
                        self._thread.asked_at = self._now
                    if self._thread and self._thread.stage_at is None:
                        self._thread.stage_at = self._now
                    if not floor.ear.open:
                        self._settle()
                    floor.listen(self._now, self._ask, self._question_id, self._attempt)
                    return
                case Step.FINISH:
                    self._finish(finished=True)
                case step:
                    self._next(step)

    @property
    def _question_id(self) -> str:
        return self._thread.question.id if self._thread else ""

    @property
    def _attempt(self) -> int:
        """Which take the candidate's turn is, of what is asked."""
        if self._thread is None or self._ask.kind is not TurnKind.ANSWER:
            return 1
        return self._thread.attempt + self._ask.again

    def _say(self, text: str, manner: Manner, then: Step) -> None:
        point = self._ask.point if then is Step.LISTEN else ""
        self._floor.say(Line(text, manner, self._question_id, point), then)

    def _move_on(self, texts: tuple[str, ...]) -> None:
        """Close the question with one of these, taken in turn, and go to what comes next."""
        self._say(self._rotate(texts), Manner.ACKNOWLEDGE, Step.ADVANCE)

    def _rotate(self, texts: tuple[str, ...]) -> str:
        used = self._rotation.get(texts, 0)
        self._rotation[texts] = used + 1
        return texts[used % len(texts)]

    def _hold(self) -> None:
        """Say no more; a sentence that is cut off is said again later, short sounds between two things are not cut."""
        if not self._on_hold:
            self._on_hold = True
            self._settle()  # nobody goes on with an answer from here
            self._floor.restart()
            self._floor.ear.paused_at = None

    def _unhold(self) -> None:
        """Go on with what was to be said, or with the turn that is open; the wait for the first word begins anew."""
        if self._on_hold:
            self._on_hold = False
            self._floor.listen_again()

    def _settle(self) -> None:
        """The answer that ended last is over for good."""
        taken, self._taken = self._taken, None
        if taken is not None:
            self._floor.out.append(Settle(taken.turn))

    def _finish(self, finished: bool) -> None:
        self._floor.hush()
        self._settle()
        self._stage = Stage.ENDED
        self._floor.out.append(Finish(finished))

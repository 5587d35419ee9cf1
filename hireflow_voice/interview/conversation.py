"""The frame of a call: time, numbers and turns. What is said in it is decided in `machine`."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from enum import StrEnum

from hireflow_voice.interview.actions import Action, Finish, Manner
from hireflow_voice.interview.asking import Ask, Nudge
from hireflow_voice.interview.floor import Floor, Line, Step
from hireflow_voice.interview.follow_up import Thread
from hireflow_voice.interview.inputs import Input, Resumed

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
        self._asked = 0
        self._thread: Thread | None = None
        self._ask = ask
        self._awaited_since: float | None = None
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
        """Seconds since pick-up, breaks left out."""
        return self._now

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

    def handle(self, event: Input) -> tuple[Action, ...]:
        """Take one input. Stale and impossible inputs are ignored; none makes it raise."""
        self._floor.out = []
        if self._stage is Stage.RINGING:
            self._ringing(event)
        elif not self.finished:
            if not isinstance(event, Resumed):
                self._pass_time(event.now - self._offset)
            elif math.isfinite(event.now):
                self._offset = event.now - self._now
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
    def _covered(self, coverage: tuple[tuple[str, float], ...] | None) -> None:
        """The coverage is known, or will not be."""

    @abstractmethod
    def _next(self, step: Step) -> None:
        """Everything has been said: find something easier, advance, or ask for the coverage."""

    def _pass_time(self, until: float) -> None:
        if not (math.isfinite(until) and until > self._now):
            return
        while (timer := self._timer()) is not None and timer[0] <= until:
            due, nudge = timer
            self._now = max(self._now, due)
            if nudge is None:
                self._covered(None)
            else:
                self._nudge(nudge)
            self._go_on()
        self._now = until

    def _timer(self) -> tuple[float, Nudge | None] | None:
        """When time alone will change something, and what; no nudge: coverage is not waited for any longer."""
        ear = self._floor.ear
        if self._awaited_since is not None:
            return self._awaited_since + COVERAGE_S, None
        if ear.open and not ear.heard and ear.why is None and self._floor.line is None:
            return ear.due(self._ask)
        return None

    def _go_on(self) -> None:
        """Say what is to be said; when all is said, take the next step."""
        floor = self._floor
        while not self.finished and floor.line is None:
            if floor.queue:
                manner = floor.say_next(self._now).manner
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
                    floor.listen(self._now, self._ask, self._question_id)
                    return
                case Step.FINISH:
                    self._finish(finished=True)
                case step:
                    self._next(step)

    @property
    def _question_id(self) -> str:
        return self._thread.question.id if self._thread else ""

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

    def _finish(self, finished: bool) -> None:
        self._floor.hush()
        self._stage = Stage.ENDED
        self._floor.out.append(Finish(finished))

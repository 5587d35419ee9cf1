"""Who has the floor: the interviewer says one thing at a time, the candidate has one turn at a time."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from enum import Enum, auto

from hireflow_voice.interview.actions import Action, Listen, Manner, Say, StopListening, StopSpeaking
from hireflow_voice.interview.asking import Ask, Ear, Why

RESTARTED = {
    Manner.GREETING,
    Manner.INTRODUCTION,
    Manner.QUESTION,
    Manner.STAGE,
    Manner.FOLLOW_UP,
    Manner.STRENGTH,
    Manner.GAP,
    Manner.AGAIN,
    Manner.REPEAT,
    Manner.REPHRASE,
    Manner.HINT,
    Manner.TIME,
    Manner.INVITE,
    Manner.ANSWER,
    Manner.CLOSING,
}
"""What is said again on request, and after a break; the rest is only a sound between two things."""


HEARD_OUT = {Manner.GREETING, Manner.RESUME, Manner.TIME, Manner.CLOSING, Manner.HEARD}
"""What is not stopped for somebody who speaks over it: too much would be missed, or nothing at all."""


class Step(Enum):
    """What follows when everything has been said."""

    NOTHING = auto()
    LISTEN = auto()
    COVER = auto()
    """Ask for the coverage (again)."""
    EASE = auto()
    """Something easier for a candidate who is stuck."""
    DEEPEN = auto()
    """A follow-up, or what comes next."""
    ADVANCE = auto()
    """The next question, or the candidate's own."""
    FINISH = auto()


@dataclass(frozen=True, slots=True)
class Line:
    """Something to say that has no number yet."""

    text: str
    manner: Manner
    question: str = ""
    point: str = ""

    def again(self) -> Line:
        """The same words once more; a question is asked, and a hint given, only once."""
        if self.manner in (Manner.QUESTION, Manner.STAGE, Manner.FOLLOW_UP, Manner.HINT, Manner.INTRODUCTION):
            return Line(self.text, Manner.REPEAT, self.question, self.point)
        return self


@dataclass(slots=True)
class Floor:
    """Numbers utterances and turns and collects what is to be done. It knows nothing of questions."""

    out: list[Action] = field(default_factory=list)
    line: Line | None = None
    """Being said; None when the interviewer is silent."""
    utterance: int = 0
    """Number of the last utterance."""
    stopping: bool = False
    """`StopSpeaking` was sent for it."""
    queue: deque[Line] = field(default_factory=deque)
    step: Step = Step.NOTHING
    """Taken when the queue is empty and the interviewer silent."""
    ear: Ear = field(default_factory=Ear)

    def say(self, line: Line, then: Step) -> None:
        """Say this after what is to be said already, then take the step."""
        self.queue.append(line)
        self.step = then

    def say_next(self, now: float) -> Line:
        """Begin the first line of the queue."""
        self.line = line = self.queue.popleft()
        self.utterance += 1
        self.stopping = False
        if self.ear.open:
            self.ear.pause(now)
        self.out.append(Say(self.utterance, line.text, line.manner, line.question, line.point))
        return line

    def said(self, utterance: int) -> None:
        """An utterance has ended; one that is not being said is ignored."""
        if self.line is not None and utterance == self.utterance:
            self.line = None

    def take_step(self) -> Step:
        """The step that is due; it is due once."""
        step, self.step = self.step, Step.NOTHING
        return step

    def stop(self) -> None:
        """Cut off what is being said, once."""
        if self.line is not None and not self.stopping:
            self.stopping = True
            self.out.append(StopSpeaking(self.utterance))

    def hush(self) -> None:
        """Stop speaking and forget what was to be said and done."""
        self.stop()
        self.queue.clear()
        self.step = Step.NOTHING

    def reopen(self) -> None:
        """The candidate goes on in the open turn, which was to be closed."""
        self._unclose()
        self.ear.why = self.ear.paused_at = None
        self.ear.reopened += 1
        self.give()

    def _unclose(self) -> None:
        """That the turn was to be closed was noticed only now, for no Tick came; and now it is too late."""
        self.out = [action for action in self.out if action != StopListening(self.ear.number)]

    def _hush_all_but_uh_huh(self) -> None:
        if self.line is not None and self.line.manner is not Manner.HEARD:
            self.stop()
        self.queue.clear()
        self.step = Step.NOTHING

    def give(self) -> None:
        """Stop speaking, forget the rest, and listen."""
        self.hush()
        self.step = Step.LISTEN

    def restart(self) -> None:
        """Say the same words again from their beginning, unless that is under way or makes no sense."""
        if self.line is not None and not self.stopping and self.line.manner in RESTARTED:
            self.stop()
            self.queue.appendleft(self.line.again())

    def interject(self, line: Line) -> None:
        """Say this into the candidate's turn (or before it opens), once, then listen."""
        if line in self.queue or (line == self.line and not self.stopping):
            return
        if self.line is not None and self.line.manner is Manner.PATIENCE:
            self.stop()
        self.say(line, Step.LISTEN)

    def listen(self, now: float, ask: Ask, question: str, attempt: int = 1) -> None:
        """Open a turn, or go on with the open one."""
        if not self.ear.open:
            self.ear = Ear(self.ear.number + 1, open=True)
        self.ear.since = now
        self.out.append(Listen(self.ear.number, ask.kind, ask.words, question, ask.point, attempt))

    def listen_again(self) -> None:
        """Have the open turn opened anew, unless it is being closed or something is to be said into it first."""
        if self.ear.open and self.ear.why is None and self.step is Step.NOTHING:
            self.step = Step.LISTEN

    def close_turn(self, why: Why) -> None:
        """End the candidate's turn; its text follows. A "Uh-huh." is heard to its end."""
        self._hush_all_but_uh_huh()
        self.ear.why = why
        self.out.append(StopListening(self.ear.number))

    def turn_ended(self) -> Why | None:
        """The turn is over; why, if the interviewer closed it. Whatever was being said into it is cut off, save a
        "Uh-huh."."""
        why, self.ear.open, self.ear.why, self.ear.paused_at = self.ear.why, False, None, None
        self._unclose()  # it has ended by itself
        self._hush_all_but_uh_huh()
        return why

    def break_off(self) -> list[Line]:
        """Nothing that was going on will end by itself any more; what had still to be said."""
        current = [self.line.again()] if self.line and not self.stopping else []
        left = [*current, *self.queue]
        self.line = None
        self.queue.clear()
        return [line for line in left if line.manner in RESTARTED]

"""The interviewer: a machine that is told what happened and says what to do.

No thread, no clock, no file. Time is what the inputs say. A rule that depends on time is due at a moment and acts as of
that moment, however late it is noticed; so a call replayed without its `Tick`s comes out the same.
"""

from __future__ import annotations

import math
from enum import Enum, StrEnum, auto

from hireflow_voice.interview import commands, phrases
from hireflow_voice.interview.actions import (
    Action,
    FindCoverage,
    Finish,
    Listen,
    Manner,
    StopListening,
    TurnKind,
)
from hireflow_voice.interview.asking import Ask, Ear, Nudge, Why
from hireflow_voice.interview.follow_up import Chosen, Thread
from hireflow_voice.interview.inputs import (
    CoverageFailed,
    CoverageReady,
    Input,
    PickedUp,
    PlaybackEnded,
    Resumed,
    SpeechStarted,
    TurnEnded,
    Wish,
    Wished,
)
from hireflow_voice.interview.own_questions import find_fact
from hireflow_voice.interview.plan import CallPlan
from hireflow_voice.interview.voice import Line, Voice

COVERAGE_S = 6.0
"""Longest wait for `CoverageReady`; a silent line is worse than a follow-up that is not asked."""
OWN_QUESTIONS = 3
"""Most questions of the candidate that are answered."""
NEARLY_OVER_S = 30.0
"""No follow-up begins this close to the end of the questions (in a short call: in its last tenth)."""

_ASKING = {
    Manner.INTRODUCTION,
    Manner.QUESTION,
    Manner.FOLLOW_UP,
    Manner.REPEAT,
    Manner.REPHRASE,
    Manner.HINT,
    Manner.INVITE,
}
_RESTARTED = _ASKING | {Manner.GREETING, Manner.ANSWER, Manner.CLOSING, Manner.TIME}
"""What is said again on request, and after a break; the rest is only a sound between two things."""


class Stage(StrEnum):
    """Where in the call."""

    RINGING = "ringing"
    GREETING = "greeting"
    INTRODUCTION = "introduction"
    QUESTIONS = "questions"
    OWN_QUESTIONS = "own_questions"
    CLOSING = "closing"
    ENDED = "ended"


class _Step(Enum):
    """What follows when everything has been said."""

    NOTHING = auto()
    LISTEN = auto()
    COVER = auto()
    """Ask for the coverage (again)."""
    EASE = auto()
    ADVANCE = auto()
    FINISH = auto()


class Interview:
    """One call. `handle` takes what happened and returns what to do, in order; nothing else has an effect.

    Not thread-safe: one thread drives it.
    """

    def __init__(self, plan: CallPlan) -> None:
        self.plan = plan
        self._stage = Stage.RINGING
        self._now = 0.0
        self._offset = 0.0
        self._voice = Voice()
        self._ear = Ear()
        self._step = _Step.NOTHING
        self._ask = Ask(TurnKind.INTRODUCTION, phrases.INTRODUCTION)
        self._thread: Thread | None = None
        self._number = 0
        self._awaited = False
        self._awaited_since = 0.0
        self._stuck_after_coverage = False
        self._own = 0
        self._rotation: dict[tuple[str, ...], int] = {}
        self._out: list[Action] = []

    @property
    def stage(self) -> Stage:
        return self._stage

    @property
    def question_number(self) -> int:
        """1-based number of the question being asked or last asked; 0 before the first."""
        return self._number

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
        """Number of the candidate's turn that has not ended; stays open while a hint is said in between."""
        return self._ear.number if self._ear.open else None

    @property
    def speaking(self) -> int | None:
        """Number of the utterance that is being said."""
        return self._voice.number if self._voice.line else None

    def handle(self, event: Input) -> tuple[Action, ...]:
        """Take one input. Stale and impossible inputs are ignored; no input makes it raise."""
        self._out = []
        if self.finished:
            return ()
        if self._stage is Stage.RINGING:
            self._ringing(event)
        else:
            if isinstance(event, Resumed):
                self._offset = event.now - self._now if math.isfinite(event.now) else self._offset
            self._pass_time(event.now - self._offset)
            self._take(event)
            self._go_on()
        return tuple(self._out)

    # What happens

    def _ringing(self, event: Input) -> None:
        if isinstance(event, PickedUp):
            self._now = event.now if math.isfinite(event.now) else 0.0
            self._stage = Stage.GREETING
            for text in phrases.greeting(self.plan):
                self._say(text, Manner.GREETING)
            self._say(phrases.INTRODUCTION, Manner.INTRODUCTION)
            self._step = _Step.LISTEN
            self._go_on()
        elif isinstance(event, Wished) and event.wish is Wish.HANG_UP:
            self._finish(finished=False)

    def _pass_time(self, until: float) -> None:
        if not (math.isfinite(until) and until > self._now):
            return
        while True:
            if self._awaited:
                due, nudge = self._awaited_since + COVERAGE_S, None
            elif self._ear.open and not self._ear.heard and self._ear.why is None and self._voice.line is None:
                due, nudge = self._ear.due(self._ask)
            else:
                break
            if due > until:
                break
            self._now = max(self._now, due)
            if nudge is None:
                self._covered(None)
            else:
                self._nudge(nudge)
            self._go_on()
        self._now = until

    def _take(self, event: Input) -> None:
        match event:
            case PlaybackEnded():
                self._voice.ended(event.utterance)
            case SpeechStarted() if event.turn == self.open_turn:
                self._ear.heard = True
                if self._voice.line and self._voice.line.manner is Manner.PATIENCE:
                    self._out += self._voice.stop()
            case TurnEnded() if event.turn == self.open_turn:
                self._turn_ended(event.text.strip())
            case CoverageReady() if self._awaited and event.turn == self._ear.number:
                self._covered(event.coverage)
            case CoverageFailed() if self._awaited and event.turn == self._ear.number:
                self._covered(None)
            case Wished():
                self._wished(event.wish)
            case Resumed():
                self._resume()
            case _:
                pass

    def _go_on(self) -> None:
        """Say what is to be said; when all is said, take the next step."""
        while not self.finished and self._voice.line is None:
            if self._voice.queue:
                if self._ear.open:
                    self._ear.pause(self._now)
                say = self._voice.say_next()
                if say.manner is Manner.INTRODUCTION:
                    self._stage = Stage.INTRODUCTION
                if say.manner is Manner.HINT and self._thread:
                    self._thread.hinted = True
                self._out.append(say)
                return
            step, self._step = self._step, _Step.NOTHING
            match step:
                case _Step.NOTHING:
                    return
                case _Step.LISTEN:
                    self._listen()
                    return
                case _Step.COVER:
                    self._find_coverage()
                    return
                case _Step.EASE:
                    self._ease()
                case _Step.ADVANCE:
                    self._advance()
                case _Step.FINISH:
                    self._finish(finished=True)

    # Speaking and listening

    def _say(self, text: str, manner: Manner, point: str = "") -> None:
        question = self._thread.question.id if self._thread else ""
        self._voice.queue.append(Line(text, manner, question, point))

    def _rotate(self, texts: tuple[str, ...]) -> str:
        turn = self._rotation.get(texts, 0)
        self._rotation[texts] = turn + 1
        return texts[turn % len(texts)]

    def _say_and_listen(self, text: str, manner: Manner) -> None:
        self._say(text, manner, self._ask.point)
        self._step = _Step.LISTEN

    def _say_and_advance(self, text: str) -> None:
        self._say(text, Manner.ACKNOWLEDGE)
        self._step = _Step.ADVANCE

    def _listen(self) -> None:
        ear = self._ear
        if not ear.open:
            self._ear = ear = Ear(ear.number + 1, open=True)
            if self._thread and self._thread.asked_at is None:
                self._thread.asked_at = self._now
        ear.since = self._now
        question = self._thread.question.id if self._thread else ""
        self._out.append(Listen(ear.number, self._ask.kind, self._ask.words, question, self._ask.point))

    def _close_turn(self, why: Why) -> None:
        self._ear.why = why
        self._hush()
        self._out.append(StopListening(self._ear.number))

    def _hush(self) -> None:
        """Stop speaking and forget what was to be said and done."""
        self._out += self._voice.stop()
        self._voice.queue.clear()
        self._step = _Step.NOTHING

    def _finish(self, finished: bool) -> None:
        self._hush()
        if self._ear.open and self._ear.why is None:
            self._out.append(StopListening(self._ear.number))
        self._stage = Stage.ENDED
        self._out.append(Finish(finished))

    # The candidate's turn

    def _nudge(self, nudge: Nudge) -> None:
        if nudge is Nudge.GIVE_UP:
            self._close_turn(Why.SILENCE)
        elif nudge is Nudge.PATIENCE:
            self._ask.patient = True
            self._say_and_listen(phrases.TAKE_YOUR_TIME, Manner.PATIENCE)
        else:
            self._ask.offered = True
            own = self._ask.kind is TurnKind.OWN_QUESTION
            self._say_and_listen(phrases.OFFER_TO_CLOSE if own else phrases.OFFER, Manner.PATIENCE)

    def _turn_ended(self, text: str) -> None:
        why, self._ear.open, self._ear.why = self._ear.why, False, None
        self._hush()
        self._resolve(why, text)

    def _resolve(self, why: Why | None, text: str) -> None:
        """Decide what a closed turn was: an answer, a command, or nothing."""
        wish = commands.read(text)
        if wish is Wish.HANG_UP:
            self._finish(finished=False)
        elif self._stage is Stage.OWN_QUESTIONS:
            self._own_question(why, text, wish)
        elif why is Why.SKIP or wish is Wish.SKIP:
            self._say_and_advance(self._rotate(phrases.SKIPPED))
        elif why is Why.DONT_KNOW and text and wish is None and self._thread:
            self._stuck_after_coverage = True
            self._find_coverage()
        elif why is Why.DONT_KNOW or wish is Wish.DONT_KNOW:
            self._stuck()
        elif not text:
            self._not_heard(why)
        elif wish is not None and wish is not Wish.DONE:
            self._obey(wish)
        elif self._thread is None:
            self._say_and_advance(phrases.LET_US_START)
        elif self._ask.kind is TurnKind.ANSWER and not self._thread.clarified and commands.asks_back(text):
            self._thread.clarified = True
            self._say_and_listen(phrases.ASSUME, Manner.ANSWER)
        else:
            self._find_coverage()

    def _obey(self, wish: Wish) -> None:
        """A wish spoken as a whole turn: the same question goes on in a new turn."""
        if self._now >= self.plan.length_s:
            self._say_and_advance(self._rotate(phrases.ACKNOWLEDGE))
            return
        line = self._reply(wish)
        if line is not None:
            self._voice.queue.append(line)
        self._step = _Step.LISTEN

    def _not_heard(self, why: Why | None) -> None:
        if why is Why.SILENCE or self._ask.missed:
            if self._stage is Stage.OWN_QUESTIONS:
                self._close()
            else:
                self._say_and_advance(self._rotate(phrases.UNANSWERED))
            return
        self._ask.missed = True
        texts = phrases.NOT_HEARD if self._ear.heard else phrases.NOTHING_HEARD
        self._say_and_listen(self._rotate(texts), Manner.NOT_HEARD)

    def _reply(self, wish: Wish) -> Line | None:
        """What is said to REPEAT, REPHRASE, HINT and THINK; None when it was said before or there is nothing to say."""
        ask, question = self._ask, self._thread.question if self._thread else None
        about = question.id if question else ""
        if wish is Wish.REPHRASE and question and question.rephrased.strip() and ask.kind is TurnKind.ANSWER:
            ask.words = question.rephrased
            return Line(ask.words, Manner.REPHRASE, about, ask.point)
        if wish in (Wish.REPEAT, Wish.REPHRASE):
            return Line(ask.words, Manner.REPEAT, about, ask.point)
        if wish is Wish.HINT and self._thread and question and question.hint.strip() and not self._thread.hinted:
            return Line(question.hint, Manner.HINT, about, ask.point)
        if wish is Wish.HINT and not ask.no_hint:
            ask.no_hint = True
            text = phrases.NO_MORE_HINTS if self._thread and self._thread.hinted else phrases.NO_HINT
            return Line(text, Manner.PATIENCE, about, ask.point)
        if wish is Wish.THINK and not ask.thinking:
            ask.thinking = True
            text = phrases.NO_RUSH if ask.patient else phrases.TAKE_YOUR_TIME
            ask.patient = True
            return Line(text, Manner.PATIENCE, about, ask.point)
        return None

    # Wishes by key or button

    def _wished(self, wish: Wish) -> None:
        if wish is Wish.HANG_UP:
            self._finish(finished=self._stage is Stage.CLOSING)
        elif self._ear.open and self._ear.why is None:
            self._wished_while_listening(wish)
        elif self._ear.open:
            if wish is Wish.SKIP:
                self._ear.why = Why.SKIP
        elif self._awaited:
            if wish is Wish.SKIP:
                self._awaited = self._stuck_after_coverage = False
                self._say_and_advance(self._rotate(phrases.SKIPPED))
        elif self._voice.line is not None:
            self._wished_while_speaking(wish, self._voice.line)

    def _wished_while_listening(self, wish: Wish) -> None:
        line = self._voice.line
        if wish is Wish.DONE:
            # A Done meant for the interviewer's own words must not throw an answer away that has not begun.
            if line is None or self._ear.heard:
                self._close_turn(Why.DONE)
            return
        if wish in (Wish.SKIP, Wish.DONT_KNOW):
            self._close_turn(Why(wish.value))
            return
        reply = self._reply(wish)
        self._ear.waited = 0.0
        if reply is None or reply in self._voice.queue or (reply == line and not self._restart(line)):
            return
        if line is not None and line.manner in (Manner.PATIENCE, Manner.REPEAT, Manner.REPHRASE):
            self._out += self._voice.stop()
        if reply not in self._voice.queue:
            self._voice.queue.append(reply)
        self._step = _Step.LISTEN

    def _wished_while_speaking(self, wish: Wish, line: Line) -> None:
        own = self._stage is Stage.OWN_QUESTIONS
        if wish is Wish.REPEAT:
            self._restart(line)
        elif wish is Wish.THINK:
            self._ask.thinking = True
        elif wish is Wish.SKIP and line.manner is Manner.GREETING:
            self._out += self._voice.stop()
            while self._voice.queue and self._voice.queue[0].manner is Manner.GREETING:
                self._voice.queue.popleft()
        elif wish in (Wish.SKIP, Wish.DONT_KNOW) and (own or line.manner in _ASKING):
            self._hush()
            if own:
                self._close()
            elif wish is Wish.SKIP:
                self._say_and_advance(self._rotate(phrases.SKIPPED))
            else:
                self._stuck()
        elif wish is Wish.REPHRASE and not own and line.manner in _ASKING:
            reply = self._reply(wish)
            if reply and reply.manner is Manner.REPHRASE and reply.text != line.text and reply not in self._voice.queue:
                self._out += self._voice.stop()
                self._voice.queue.appendleft(reply)
            else:
                self._restart(line)
        elif wish is Wish.HINT and self._thread and line.manner in _ASKING:
            reply = self._reply(wish)
            if reply and reply not in self._voice.queue and line.manner is not Manner.HINT:
                self._voice.queue.append(reply)

    def _restart(self, line: Line) -> bool:
        """Say the same words again from their beginning; False when that is already under way or makes no sense."""
        if self._voice.stopping or line.manner not in _RESTARTED:
            return False
        self._out += self._voice.stop()
        self._voice.queue.appendleft(_again(line))
        return True

    # Questions

    def _find_coverage(self) -> None:
        if self._thread is not None:
            self._awaited, self._awaited_since = True, self._now
            self._out.append(FindCoverage(self._ear.number, self._thread.question.id))

    def _covered(self, coverage: tuple[tuple[str, float], ...] | None) -> None:
        stuck, self._awaited, self._stuck_after_coverage = self._stuck_after_coverage, False, False
        if self._thread is None:
            return
        if coverage is not None:
            self._thread.learn(coverage)
        if stuck:
            self._stuck()
            return
        chosen = self._choose(self._thread) if coverage is not None else None
        if chosen is not None:
            self._follow_up(self._thread, chosen)
        else:
            self._say_and_advance(self._rotate(phrases.ACKNOWLEDGE))

    def _choose(self, thread: Thread) -> Chosen | None:
        if not self._time_to_follow_up(thread):
            return None
        return thread.follow_up(self.plan.covered_at)

    def _follow_up(self, thread: Thread, chosen: Chosen) -> None:
        thread.follow_ups += 1
        thread.used.add(chosen.probe.text)
        self._ask = Ask(TurnKind.FOLLOW_UP, chosen.probe.text, chosen.point)
        self._say_and_listen(chosen.probe.text, Manner.FOLLOW_UP)

    def _stuck(self) -> None:
        """The candidate does not know: one easier step, then the interviewer goes on."""
        if self._thread is None:
            self._say_and_advance(self._rotate(phrases.SKIPPED))
            return
        self._thread.stuck += 1
        if self._thread.stuck > 1 or self._nearly_over():
            self._say_and_advance(self._rotate(phrases.KIND))
        else:
            self._say(phrases.FINE, Manner.ACKNOWLEDGE)
            self._step = _Step.EASE

    def _ease(self) -> None:
        thread = self._thread
        if thread is None or self._nearly_over():
            self._advance()
            return
        chosen = thread.easier(self.plan.covered_at, self._ask.point)
        hint = thread.question.hint
        if chosen is not None and thread.follow_ups < self.plan.follow_ups:
            self._follow_up(thread, chosen)
        elif hint.strip() and not thread.hinted:
            self._say_and_listen(hint, Manner.HINT)
        else:
            self._advance()

    def _advance(self) -> None:
        """The next question, or the candidate's own."""
        questions = self.plan.questions
        if self._number < len(questions) and (self._number == 0 or self._now <= self._questions_end):
            question = questions[self._number]
            self._number += 1
            self._stage = Stage.QUESTIONS
            self._thread = Thread(question)
            self._ask = Ask(TurnKind.ANSWER, question.text)
            self._say_and_listen(question.text, Manner.QUESTION)
            return
        self._thread = None
        left_out = self._number < len(questions)
        if self._now >= self.plan.length_s:
            self._close()
            return
        self._stage = Stage.OWN_QUESTIONS
        self._ask = Ask(TurnKind.OWN_QUESTION, phrases.INVITE)
        if left_out:
            self._say(phrases.TIME_FOR_YOURS, Manner.TIME)
        self._say_and_listen(phrases.INVITE if left_out else phrases.INVITE_AFTER_ALL, Manner.INVITE)

    # The clock

    @property
    def _questions_end(self) -> float:
        return self.plan.length_s - self.plan.closing_s

    def _nearly_over(self) -> bool:
        return self._now > self._questions_end - min(NEARLY_OVER_S, 0.1 * max(0.0, self._questions_end))

    def _time_to_follow_up(self, thread: Thread) -> bool:
        """One follow-up as long as there is time at all; more of them only within the question's share of it."""
        if thread.follow_ups >= self.plan.follow_ups or self._nearly_over():
            return False
        if thread.follow_ups == 0 or thread.asked_at is None:
            return True
        still_to_ask = len(self.plan.questions) - self._number + 1
        return self._now - thread.asked_at < (self._questions_end - thread.asked_at) / still_to_ask

    # The candidate's own questions, and the end

    def _own_question(self, why: Why | None, text: str, wish: Wish | None) -> None:
        over = self._now >= self.plan.length_s
        leaves = why in (Why.SKIP, Why.DONT_KNOW) or wish in (Wish.SKIP, Wish.DONT_KNOW, Wish.DONE)
        if leaves or commands.declines(text) or (over and (not text or wish is not None)):
            self._close()
        elif not text:
            self._not_heard(why)
        elif wish is not None:
            self._obey(wish)
        elif not over and commands.only_agrees(text) and not self._ask.offered:
            self._ask.offered = True
            self._say_and_listen(phrases.GO_AHEAD, Manner.INVITE)
        else:
            self._answer(text)

    def _answer(self, text: str) -> None:
        self._own += 1
        fact = find_fact(self.plan.facts, text)
        self._say(fact or self._rotate(phrases.DO_NOT_KNOW), Manner.ANSWER)
        if self._own >= OWN_QUESTIONS or self._now >= self.plan.length_s:
            self._close()
        else:
            self._ask = Ask(TurnKind.OWN_QUESTION, phrases.ANYTHING_ELSE)
            self._say_and_listen(phrases.ANYTHING_ELSE, Manner.INVITE)

    def _close(self) -> None:
        self._stage = Stage.CLOSING
        if self._number < len(self.plan.questions) and self._own == 0 and self._now >= self.plan.length_s:
            self._say(phrases.OUT_OF_TIME, Manner.TIME)
        self._say(phrases.closing(self.plan), Manner.CLOSING)
        self._step = _Step.FINISH

    def _resume(self) -> None:
        """Pick up after a break: nothing that was going on will end by itself any more."""
        said = [_again(line) for line in self._voice.drop() if line.manner in _RESTARTED]
        self._say(phrases.CUT_OFF, Manner.RESUME)
        if self._ear.open:
            why, self._ear.open, self._ear.why = self._ear.why, False, None
            if why in (Why.SKIP, Why.DONT_KNOW):
                self._resolve(why, "")
                return
            self._say(self._ask.words, Manner.REPEAT, self._ask.point)
            said = [line for line in said if line.text != self._ask.words]
            self._step = _Step.LISTEN
        elif self._awaited:
            self._awaited = False
            self._step = _Step.COVER
        self._voice.queue.extend(said)


def _again(line: Line) -> Line:
    """The same words said again; a question is asked, and a hint given, only once."""
    if line.manner in (Manner.QUESTION, Manner.FOLLOW_UP, Manner.HINT, Manner.INTRODUCTION):
        return Line(line.text, Manner.REPEAT, line.question, line.point)
    return line

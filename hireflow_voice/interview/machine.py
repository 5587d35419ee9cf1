"""The interviewer: a machine that is told what happened and says what to do.

No thread, no clock, no file. Time is what the inputs say. A rule that depends on time is due at a moment and acts as of
that moment, however late it is noticed; so a call replayed without its `Tick`s comes out the same.
"""

from __future__ import annotations

import copy
import math

from hireflow_voice.interview import commands, phrases
from hireflow_voice.interview.actions import FindCoverage, Manner, Say, Settle, TurnKind
from hireflow_voice.interview.adaptation import Shown, next_question, order, shown
from hireflow_voice.interview.asking import REOPENINGS, UNHURRIED_MOST_S, UNHURRIED_S, Ask, Nudge, Why
from hireflow_voice.interview.coached import Coached
from hireflow_voice.interview.conversation import Stage
from hireflow_voice.interview.floor import HEARD_OUT, RESTARTED, Line, Step
from hireflow_voice.interview.follow_up import Chosen, Thread
from hireflow_voice.interview.inputs import (
    CoverageFailed,
    CoverageReady,
    Held,
    Input,
    Interrupted,
    Paused,
    PickedUp,
    PlaybackEnded,
    Resumed,
    SpeechStarted,
    TurnEnded,
    Unheld,
    Wish,
    Wished,
)
from hireflow_voice.interview.own_questions import find_fact
from hireflow_voice.interview.plan import CallPlan, PlannedQuestion
from hireflow_voice.interview.replies import reply
from hireflow_voice.interview.retract import remember, restore

OWN_QUESTIONS = 3
"""Most questions of the candidate that are answered."""
_ASKED = {Wish.HANG_UP, Wish.SKIP, Wish.RETRY, Wish.HINT, Wish.REPHRASE, Wish.REPEAT, Wish.THINK}
"""What is asked of the interviewer and wants a reply at once; after "I don't know" or "that's it" people go on."""
_LASTING = {Why.SKIP, Why.DONT_KNOW, Why.SILENCE, Why.RETRY}
"""After these nobody is taken to be still answering."""


class Interview(Coached):
    """One call. `handle` takes what happened and returns what to do, in order; nothing else has an effect.

    Not thread-safe: one thread drives it.
    """

    def __init__(self, plan: CallPlan) -> None:
        super().__init__(plan)
        self._stuck_meanwhile = False
        self._own_questions = 0
        self._shown: tuple[Shown, ...] = ()
        commands.warm()

    def foresee(
        self,
        text: str,
        coverage: tuple[tuple[str, float], ...] | None,
        critique: tuple[str, str] | None = None,
    ) -> tuple[str, ...]:
        """What would be said first if the open turn ended now with this text, coverage and critique; nothing changes.

        For whoever has to prepare the sound. Up to three utterances.
        """
        twin = copy.deepcopy(self, {id(self.plan): self.plan})
        turn = twin.open_turn
        if turn is None:
            return ()
        now = twin.now + twin._offset
        texts: list[str] = []
        todo: list[Input] = [Paused(now, turn, text), TurnEnded(now, turn, text)]
        while todo and len(texts) < 3:
            for action in twin.handle(todo.pop(0)):
                if isinstance(action, Say):
                    texts.append(action.text)
                    todo.append(PlaybackEnded(now, action.utterance))
                elif isinstance(action, FindCoverage) and coverage is not None:
                    todo.append(CoverageReady(now, turn, coverage, critique=critique))
        return tuple(texts)

    @property
    def question(self) -> PlannedQuestion | None:
        """What is asked about now; None before and after the questions."""
        return self._thread.question if self._thread is not None else None

    @property
    def points(self) -> tuple[str, ...]:
        """Ids of the key points that are talked about now."""
        thread = self._thread
        if thread is None:
            return ()
        return thread.stage.points if thread.stage is not None else tuple(p.id for p in thread.question.points)

    def gap(self, coverage: tuple[tuple[str, float], ...]) -> str | None:
        """Id of the key point that would be followed up if this were the coverage; None when nothing would be.

        Nothing changes.
        """
        if self._thread is None or not self._pace.may_follow_up(self._now, self._thread, self._asked):
            return None
        thread = copy.copy(self._thread)
        thread.learn(coverage)
        chosen = thread.follow_up(self.plan.covered_at)
        return chosen.point if chosen is not None else None

    # What happens

    def _ringing(self, event: Input) -> None:
        if isinstance(event, PickedUp):
            self._now = event.now if math.isfinite(event.now) else 0.0
            self._stage = Stage.GREETING
            step = Step.ADVANCE if self.plan.again else Step.LISTEN
            for text in phrases.greeting(self.plan):
                self._say(text, Manner.GREETING, step)
            if not self.plan.again:
                self._say(phrases.introduction(self.plan), Manner.INTRODUCTION, Step.LISTEN)
            self._go_on()
        elif isinstance(event, Wished) and event.wish is Wish.HANG_UP:
            self._finish(finished=False)

    def _take(self, event: Input) -> None:
        floor = self._floor
        awaited = floor.ear.number if self._awaited_since is not None else None
        match event:
            case Paused() | Interrupted() if self._on_hold:
                pass  # what was on its way when the key was pressed
            case Wished() if self._on_hold and event.wish is not Wish.HANG_UP:
                pass
            case Held():
                self._hold()
            case Unheld():
                self._unhold()
            case PlaybackEnded():
                floor.said(event.utterance)
            case SpeechStarted() if event.turn == self.open_turn:
                floor.ear.heard = True
                if floor.line and floor.line.manner is Manner.PATIENCE:
                    floor.stop()
            case Paused() if event.turn == self.open_turn:
                self._paused(event.text)
            case Interrupted():
                self._interrupted()
            case TurnEnded() if event.turn == self.open_turn:
                self._turn_ended(event)
            case CoverageReady() if event.turn == awaited:
                self._covered(event.coverage, event.written, event.critique)
            case CoverageFailed() if event.turn == awaited:
                self._covered(None)
            case Wished():
                self._wished(event.wish)
            case Resumed():
                self._resume()
            case _:
                pass

    def _next(self, step: Step) -> None:
        if step is Step.EASE:
            self._ease()
        elif step is Step.DEEPEN:
            self._deepen()
        elif step is Step.ADVANCE:
            self._advance()
        elif step is Step.COVER:
            self._find_coverage()

    # The candidate's turn

    def _nudge(self, nudge: Nudge) -> None:
        if nudge is Nudge.GIVE_UP:
            self._floor.close_turn(Why.SILENCE)
        elif nudge is Nudge.PATIENCE:
            self._ask.patient = True
            self._say(phrases.TAKE_YOUR_TIME, Manner.PATIENCE, Step.LISTEN)
        else:
            self._ask.offered = True
            own = self._ask.kind is TurnKind.OWN_QUESTION
            self._say(phrases.OFFER_TO_CLOSE if own else phrases.OFFER, Manner.PATIENCE, Step.LISTEN)

    def _paused(self, text: str) -> None:
        ear, floor = self._floor.ear, self._floor
        ear.heard = True
        if ear.why is not None or ear.paused_at is not None or floor.line is not None or floor.queue:
            return  # what is being said into the turn comes first; the pause is counted anew after it
        if commands.read(text) in _ASKED:
            floor.close_turn(Why.PAUSED)  # no "Uh-huh." to a question, and nothing to wait for
            return
        ear.paused_at = self._now
        self._say(self._rotate(phrases.HEARD), Manner.HEARD, Step.NOTHING)

    def _interrupted(self) -> None:
        """The answer goes on that was taken for finished; or the interviewer is cut short, and listens."""
        floor, taken = self._floor, self._taken
        ear, line = floor.ear, floor.line
        if ear.open and ear.why not in _LASTING and (ear.paused_at is not None or ear.why is not None):
            self._reopen()
        elif taken is not None:
            self._taken = self._awaited_since = None
            restore(self, taken)
            self._reopen()
        elif line is not None and line.manner not in HEARD_OUT and floor.step is Step.LISTEN and not floor.stopping:
            floor.give()

    def _reopen(self) -> None:
        self._floor.reopen()
        if self._floor.ear.reopened == REOPENINGS:
            self._unhurried_s = min(UNHURRIED_MOST_S, self._unhurried_s + UNHURRIED_S)

    def _turn_ended(self, event: TurnEnded) -> None:
        # Full stops without a word are nothing said.
        text = event.text if any(c.isalnum() for c in event.text) else ""
        final = event.closed or self._on_hold or self._floor.ear.why in _LASTING
        lasting = final or not text or commands.read(text) in _ASKED
        taken = remember(self)
        why = self._floor.turn_ended()
        if lasting:
            self._floor.out.append(Settle(event.turn))
        else:
            self._taken = taken
        self._resolve(why, text)

    def _resolve(self, why: Why | None, text: str) -> None:
        """Decide what a turn was that has ended: an answer, a command, or nothing."""
        wish = commands.read(text)
        if self._stage is Stage.OWN_QUESTIONS:
            self._own_question(why, text, wish)
        elif wish is Wish.HANG_UP:
            self._finish(finished=False)
        elif self._ask.again:
            self._offered(why, text, wish)
        elif (why is Why.RETRY or wish is Wish.RETRY) and self._may_retry:
            self._try_again()
        elif why is Why.SKIP or wish is Wish.SKIP:
            self._move_on(phrases.SKIPPED)
        elif why is Why.DONT_KNOW and text and wish is None and self._thread:
            # Something was said before giving up: the easier step should be about what is missing.
            self._stuck_meanwhile = True
            self._find_coverage()
        elif why is Why.DONT_KNOW or wish is Wish.DONT_KNOW:
            self._stuck()
        elif not text:
            self._not_heard(why)
        elif wish is not None and wish is not Wish.DONE:
            self._obey(wish)
        elif self._thread is None:
            self._say(phrases.LET_US_START, Manner.ACKNOWLEDGE, Step.ADVANCE)
        elif wish is Wish.DONE and self._ask.kind is TurnKind.FOLLOW_UP:
            self._move_on(phrases.ACKNOWLEDGE)
        elif (after := commands.said(text).wish) is not None and after not in (Wish.DONE, Wish.THINK):
            self._after_an_answer(after)
        elif self._ask.kind is TurnKind.ANSWER and not self._thread.clarified and commands.asks_back(text):
            self._thread.clarified = True
            self._say(phrases.ASSUME, Manner.ANSWER, Step.LISTEN)
        else:
            self._find_coverage()

    def _after_an_answer(self, wish: Wish) -> None:
        """A wish spoken at the end of an answer: "... in Redis. Can we go on?" """
        if wish is Wish.HANG_UP:
            self._finish(finished=False)
        elif wish is Wish.SKIP:
            self._move_on(phrases.ACKNOWLEDGE)
        else:
            self._obey(wish)

    def _obey(self, wish: Wish) -> None:
        """A wish spoken as a whole turn, or after an answer: the same question goes on in a new turn."""
        if self._pace.over(self._now):
            self._move_on(phrases.ACKNOWLEDGE)
        elif (line := reply(wish, self._ask, self._thread)) is not None:
            self._floor.say(line, Step.LISTEN)
        else:
            self._floor.step = Step.LISTEN

    def _not_heard(self, why: Why | None) -> None:
        if why is Why.SILENCE or self._ask.missed:
            if self._stage is Stage.OWN_QUESTIONS:
                self._close()
            else:
                self._move_on(phrases.UNANSWERED)
            return
        self._ask.missed = True
        texts = phrases.NOT_HEARD if self._floor.ear.heard else phrases.NOTHING_HEARD
        self._say(self._rotate(texts), Manner.NOT_HEARD, Step.LISTEN)

    # Wishes by key or button

    def _wished(self, wish: Wish) -> None:
        floor = self._floor
        if wish is Wish.HANG_UP:
            self._finish(finished=self._stage is Stage.CLOSING)
        elif floor.ear.open and floor.ear.why is not None:
            if wish is Wish.SKIP:
                floor.ear.why = Why.SKIP
        elif self._stage is Stage.GREETING:
            if wish is Wish.SKIP:
                floor.stop()
                while floor.queue and floor.queue[0].manner is Manner.GREETING:
                    floor.queue.popleft()
            elif wish is Wish.REPEAT:
                floor.restart()
        elif floor.ear.open or floor.step is Step.LISTEN:
            self._wished_in_turn(wish)
        elif wish is Wish.SKIP and (
            self._awaited_since is not None or floor.step in (Step.EASE, Step.COVER, Step.DEEPEN)
        ):
            self._awaited_since, self._stuck_meanwhile = None, False
            floor.hush()
            self._move_on(phrases.SKIPPED)
        elif wish is Wish.REPEAT:
            floor.restart()

    def _wished_in_turn(self, wish: Wish) -> None:
        """The candidate has the floor, or will have it when the interviewer has said this."""
        floor = self._floor
        if wish is Wish.DONE:
            # A Done meant for the interviewer's own words must not end a turn that has not begun.
            if floor.ear.open and (floor.line is None or floor.ear.heard):
                said_so = floor.ear.paused_at is not None or floor.line is not None or not floor.ear.heard
                floor.close_turn(Why.DONE)
                if not said_so:
                    self._say(self._rotate(phrases.HEARD), Manner.HEARD, Step.NOTHING)
        elif wish is Wish.RETRY:
            self._wished_again()
        elif wish in (Wish.SKIP, Wish.DONT_KNOW):
            if floor.ear.open:
                floor.close_turn(Why(wish.value))
            else:
                floor.hush()
                self._resolve(Why(wish.value), "")
        elif wish is Wish.THINK and not floor.ear.open:
            self._ask.thinking = True
        elif wish is Wish.REPEAT and floor.line is not None and floor.line.manner in RESTARTED:
            floor.restart()
        elif wish is Wish.HINT and floor.line is not None and floor.line.manner is Manner.HINT:
            pass
        else:
            floor.ear.paused_at = None
            floor.ear.wait_anew(self._now)
            line = reply(wish, self._ask, self._thread)
            if line is not None and floor.line is not None and line.text == floor.line.text:
                floor.restart()
            elif line is not None:
                if line.manner is Manner.REPHRASE:
                    floor.hush()
                floor.interject(line)

    # Questions

    def _find_coverage(self) -> None:
        self._awaited_since = self._now
        self._floor.out.append(FindCoverage(self._floor.ear.number, self._question_id))

    def _covered(
        self,
        coverage: tuple[tuple[str, float], ...] | None,
        written: tuple[str, str] | None = None,
        critique: tuple[str, str] | None = None,
    ) -> None:
        stuck, self._awaited_since, self._stuck_meanwhile = self._stuck_meanwhile, None, False
        if self._thread is None:
            return
        if coverage is not None:
            self._thread.learn(coverage)
        else:
            self._thread.unjudged = True
        self._thread.written = written
        if stuck:
            self._stuck()
        elif coverage is None:
            self._move_on(phrases.ACKNOWLEDGE)
        elif critique is None or not self._criticise(self._thread, critique):
            self._deepen()

    def _deepen(self) -> None:
        """A follow-up if there is something worth asking, else what comes next."""
        thread = self._thread
        chosen = None
        if thread is not None and self._pace.may_follow_up(self._now, thread, self._asked):
            chosen = thread.follow_up(self.plan.covered_at)
        if thread is not None and chosen is not None:
            self._follow_up(thread, thread.worded(chosen, thread.written))
        else:
            self._move_on(phrases.ACKNOWLEDGE)

    def _follow_up(self, thread: Thread, chosen: Chosen) -> None:
        thread.ask(chosen)
        self._ask = Ask(TurnKind.FOLLOW_UP, chosen.probe.text, chosen.point)
        self._say(chosen.probe.text, Manner.FOLLOW_UP, Step.LISTEN)

    def _stuck(self) -> None:
        """The candidate does not know: one easier step, then the interviewer goes on."""
        if self._thread is None:
            self._move_on(phrases.SKIPPED)
            return
        self._thread.stuck += 1
        if self._thread.stuck > 1 or self._pace.nearly_over(self._now):
            self._move_on(phrases.KIND)
        else:
            self._say(phrases.FINE, Manner.ACKNOWLEDGE, Step.EASE)

    def _ease(self) -> None:
        thread = self._thread
        if thread is None or self._pace.nearly_over(self._now):
            self._advance()
            return
        chosen = thread.easier(self.plan.covered_at, self._ask.point)
        if chosen is not None and thread.follow_ups < self.plan.follow_ups:
            self._follow_up(thread, chosen)
        elif thread.has_hint:
            self._say(thread.question.hint, Manner.HINT, Step.LISTEN)
        else:
            self._advance()

    def _advance(self) -> None:
        """The next stage, the next question, or the candidate's own."""
        if self._thread is not None and not self._pace.nearly_over(self._now):
            stage = self._thread.next_stage()
            if stage is not None:
                self._ask = Ask(TurnKind.ANSWER, stage.ask)
                self._say(stage.ask, Manner.STAGE, Step.LISTEN)
                return
        if self._thread is not None:
            self._shown = (*self._shown, shown(self._thread))
        question = next_question(self.plan, self._shown)
        if question is not None and self._pace.may_ask(self._now, self._asked):
            self._asked += 1
            self._stage = Stage.QUESTIONS
            self._thread = Thread(question, order=order(self.plan, self._shown))
            stage = self._thread.stage
            self._ask = Ask(TurnKind.ANSWER, question.asked)
            self._say(question.text, Manner.QUESTION, Step.LISTEN)
            if stage is not None:
                self._say(stage.ask, Manner.STAGE, Step.LISTEN)
            return
        self._thread = None
        if self.plan.again:
            self._close()
            return
        self._ask = Ask(TurnKind.OWN_QUESTION, phrases.INVITE)
        left_out = self._asked < self.plan.to_ask
        if self._pace.over(self._now):
            self._close(phrases.OUT_OF_TIME if left_out else "")
            return
        self._stage = Stage.OWN_QUESTIONS
        if left_out:
            self._say(phrases.TIME_FOR_YOURS, Manner.TIME, Step.LISTEN)
        self._say(phrases.INVITE if left_out else phrases.INVITE_AFTER_ALL, Manner.INVITE, Step.LISTEN)

    # The candidate's own questions, and the end

    def _own_question(self, why: Why | None, text: str, wish: Wish | None) -> None:
        over = self._pace.over(self._now)
        leaves = why in (Why.SKIP, Why.DONT_KNOW) or wish in (Wish.SKIP, Wish.DONT_KNOW, Wish.DONE, Wish.HANG_UP)
        agrees = commands.only_agrees(text)
        if leaves or (over and (not text or agrees or wish is not None)):
            self._close()
        elif not text:
            self._not_heard(why)
        elif wish is not None:
            self._obey(wish)
        elif agrees and not self._ask.invited:
            self._ask.invited = True
            self._say(phrases.GO_AHEAD, Manner.INVITE, Step.LISTEN)
        elif agrees or commands.declines(text):
            self._close()
        else:
            self._answer(text)

    def _answer(self, text: str) -> None:
        self._own_questions += 1
        fact = find_fact(self.plan.facts, text) or self._rotate(phrases.DO_NOT_KNOW)
        self._say(fact, Manner.ANSWER, Step.LISTEN)
        if self._own_questions >= OWN_QUESTIONS or self._pace.over(self._now):
            self._close()
        else:
            self._ask = Ask(TurnKind.OWN_QUESTION, phrases.ANYTHING_ELSE)
            self._say(phrases.ANYTHING_ELSE, Manner.INVITE, Step.LISTEN)

    def _close(self, first: str = "") -> None:
        self._stage = Stage.CLOSING
        if first:
            self._say(first, Manner.TIME, Step.FINISH)
        self._say(phrases.closing(self.plan), Manner.CLOSING, Step.FINISH)

    def _resume(self) -> None:
        """Pick up after a break: what was being said is said again, what was asked is asked again in a new turn."""
        floor = self._floor
        self._taken, self._on_hold = None, False
        was_open, step = floor.ear.open, floor.step
        left = floor.break_off()
        why = floor.turn_ended()
        if self._awaited_since is not None:
            self._awaited_since, step = None, Step.COVER
        if was_open and why not in (Why.SKIP, Why.DONT_KNOW):
            words = phrases.TRY_AGAIN if self._ask.again else self._ask.words
            again = Line(words, Manner.REPEAT, self._question_id, self._ask.point)
            left, step = [again, *(line for line in left if line.text != again.text)], Step.LISTEN
        self._say(phrases.CUT_OFF, Manner.RESUME, step)
        floor.queue.extend(left)
        if was_open and why in (Why.SKIP, Why.DONT_KNOW):
            self._resolve(why, "")

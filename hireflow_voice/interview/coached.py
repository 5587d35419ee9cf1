"""What Coach mode adds to a call: a critique after an answer, and another try at it.

The offer is a turn of its own. Whoever begins to answer in it has taken it; "go on", Done, or ten seconds of silence
decline it. A second take is kept beside the first; what comes next is chosen by all that was said.
"""

from __future__ import annotations

from abc import abstractmethod

from hireflow_voice.interview import commands, phrases
from hireflow_voice.interview.actions import Manner, TurnKind
from hireflow_voice.interview.asking import Ask, Why
from hireflow_voice.interview.conversation import Conversation
from hireflow_voice.interview.floor import Line, Step
from hireflow_voice.interview.follow_up import Thread
from hireflow_voice.interview.inputs import Wish
from hireflow_voice.interview.pacing import Pace
from hireflow_voice.interview.plan import CallPlan

RETRIES = 2
"""Most further tries at one answer."""


class Coached(Conversation):
    """A conversation in which an answer can be given again."""

    def __init__(self, plan: CallPlan) -> None:
        super().__init__(Ask(TurnKind.INTRODUCTION, phrases.introduction(plan)))
        self.plan = plan
        self._pace = Pace(plan)

    @abstractmethod
    def _deepen(self) -> None:
        """A follow-up if there is something worth asking, else what comes next."""

    @abstractmethod
    def _resolve(self, why: Why | None, text: str) -> None:
        """Decide what a turn was that has ended."""

    @abstractmethod
    def _obey(self, wish: Wish) -> None:
        """A wish that leaves the question open."""

    @abstractmethod
    def _not_heard(self, why: Why | None) -> None:
        """A turn without a word in it."""

    @property
    def _may_retry(self) -> bool:
        """Whether the last answer was criticised and can be given again now."""
        thread = self._thread
        if thread is None or not thread.criticised or thread.attempt > RETRIES or self._pace.over(self._now):
            return False
        return self._ask.again or self._ask.kind is TurnKind.FOLLOW_UP

    def _criticise(self, thread: Thread, critique: tuple[str, str]) -> bool:
        """Say what was strong and what is open, and offer another try; False where an answer is not criticised."""
        if not self.plan.coach or self._ask.kind is not TurnKind.ANSWER:
            return False
        thread.criticised = True
        for text, manner in zip(critique, (Manner.STRENGTH, Manner.GAP), strict=True):
            self._say(text, manner, Step.DEEPEN)
        if thread.attempt <= RETRIES and not self._pace.nearly_over(self._now):
            self._ask = Ask(TurnKind.ANSWER, self._ask.words, again=True)
            self._say(phrases.TRY_AGAIN, Manner.AGAIN, Step.LISTEN)
        return True

    def _offered(self, why: Why | None, text: str, wish: Wish | None) -> None:
        """What became of the offer: another take, or on."""
        mumbled = not text and self._floor.ear.heard and why in (None, Why.PAUSED)
        if why is Why.RETRY or wish is Wish.RETRY or commands.tries_again(text):
            self._try_again()
        elif wish in (Wish.THINK, Wish.REPEAT, Wish.REPHRASE, Wish.HINT):
            self._obey(wish)
        elif mumbled and not self._ask.missed:
            self._not_heard(why)
        elif why is Why.SKIP or wish is not None or commands.declines(text) or commands.says_nothing(text) or not text:
            self._deepen()
        else:
            self._accept()
            self._resolve(why, text)

    def _accept(self) -> None:
        """The answer is given again from here on."""
        assert self._thread is not None
        self._thread.attempt += 1
        self._thread.stuck = 0
        self._ask = Ask(TurnKind.ANSWER, self._ask.words)

    def _try_again(self) -> None:
        thread = self._thread
        assert thread is not None
        if self._ask.kind is TurnKind.FOLLOW_UP:
            words = thread.stage.ask if thread.stage is not None and thread.number else thread.question.asked
            self._ask = Ask(TurnKind.ANSWER, words)
        self._accept()
        self._say(phrases.FROM_THE_TOP, Manner.ACKNOWLEDGE, Step.LISTEN)

    def _wished_again(self) -> None:
        """The key or the button: in the offer, or after it while the follow-up is not answered."""
        floor = self._floor
        if not self._may_retry:
            return
        if not floor.ear.open:
            floor.hush()
            self._try_again()
        elif not self._ask.again:
            floor.close_turn(Why.RETRY)
        elif not floor.ear.heard:
            self._accept()
            floor.ear.wait_anew(self._now)
            floor.interject(Line(phrases.FROM_THE_TOP, Manner.PATIENCE, self._question_id))

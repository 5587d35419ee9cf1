"""The interviewer's clock: when a question or a follow-up may still begin."""

from __future__ import annotations

from hireflow_voice.interview.follow_up import Thread
from hireflow_voice.interview.plan import CallPlan

NEARLY_OVER_S = 30.0
"""No follow-up begins this close to the end of the questions (in a short call: in their last tenth)."""


class Pace:
    """The plan's times. `now` is seconds since pick-up; the first question is always asked."""

    def __init__(self, plan: CallPlan) -> None:
        self._questions = plan.to_ask
        self._follow_ups = plan.follow_ups
        self._length_s = plan.length_s
        self._questions_end = plan.length_s - plan.closing_s

    def over(self, now: float) -> bool:
        """The whole time is used up."""
        return now >= self._length_s

    def may_ask(self, now: float, asked: int) -> bool:
        """Whether the next question may begin when `asked` questions have been asked."""
        return asked < self._questions and (asked == 0 or now <= self._questions_end)

    def nearly_over(self, now: float) -> bool:
        """Too late for anything more on this question."""
        return now > self._questions_end - min(NEARLY_OVER_S, 0.1 * max(0.0, self._questions_end))

    def may_follow_up(self, now: float, thread: Thread, asked: int) -> bool:
        """One follow-up as long as there is time at all; more of them only within the question's share of it.

        The share is what is left divided by the questions left, this one (number `asked`) included; so a talkative
        start costs depth and not the last question. A stage has its share of the question's in the same way, and no
        follow-up beyond it: the last stages matter as much as the first.
        """
        if thread.follow_ups >= self._follow_ups or self.nearly_over(now):
            return False
        if thread.asked_at is None:
            return True
        share = (self._questions_end - thread.asked_at) / (self._questions - asked + 1)
        if thread.stage is not None and thread.stage_at is not None:
            left = thread.asked_at + share - thread.stage_at
            return now - thread.stage_at < left / thread.stages_left
        return thread.follow_ups == 0 or now - thread.asked_at < share

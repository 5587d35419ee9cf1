"""Which question comes next, and how deep it goes, by what the candidate has shown.

The plan holds a pool with more questions than are asked. The policy, in this order of weight:

1. What was covered is not asked again: a topic that was answered well counts most against a question, one that was
   asked about and not answered well less, for it may be tried once more from another side.
2. Difficulty follows: whoever did well gets a harder question, whoever struggled an easier one, one step at a time from
   the usual.
3. Each place in the draw counts a little, so that the candidate's material goes on leaning the choice.

Within a question a strong candidate is challenged first, one who struggles is helped first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from hireflow_voice.interview.follow_up import EASIER, Order, Thread
from hireflow_voice.interview.plan import CallPlan, PlannedQuestion

STRONG_AT = 0.75
"""Share of what is enough for full marks, from which an answer counts as a strong one ..."""
STRUGGLING_AT = 0.3
"""... and up to which as a weak one."""
RECENT = 2
"""So many questions back the standing looks: people warm up, and tire."""
COVERED, ASKED, STEP, PLACE = 3.0, 1.5, 1.0, 0.05
"""What counts against a question: its share of topics that were answered well, of those that were only asked about,
each step of difficulty beside the wanted one, and each place in the draw."""
HARDER = ("challenge", "failure", "depth", "contrast", "trade_off")
SOFTER = (EASIER, "clarify")


class Standing(Enum):
    """How the candidate does."""

    STRUGGLING = auto()
    USUAL = auto()
    STRONG = auto()


@dataclass(frozen=True, slots=True)
class Shown:
    """A question, and how its answer was."""

    question: str
    score: float | None
    """Share of what is enough, 0..1; None when nobody could tell."""


def shown(thread: Thread) -> Shown:
    """What became of a question that is over."""
    question = thread.question
    if not thread.coverage:
        return Shown(question.id, None if thread.unjudged else 0.0)
    enough = question.enough or sum(point.weight for point in question.points) or 1.0
    earned = sum(point.weight * thread.coverage.get(point.id, 0.0) for point in question.points)
    return Shown(question.id, min(1.0, max(0.0, earned / enough)))


def standing(so_far: Sequence[Shown]) -> Standing:
    """By the newest answers that could be told."""
    scores = [one.score for one in so_far if one.score is not None][-RECENT:]
    if not scores:
        return Standing.USUAL
    mean = sum(scores) / len(scores)
    if mean >= STRONG_AT:
        return Standing.STRONG
    return Standing.STRUGGLING if mean <= STRUGGLING_AT else Standing.USUAL


def next_question(plan: CallPlan, so_far: Sequence[Shown]) -> PlannedQuestion | None:
    """The question to ask after these; None when all were asked. Pure: the same call goes the same way again."""
    asked = {one.question for one in so_far}
    left = [question for question in plan.questions if question.id not in asked]
    if not left or not plan.adaptive:
        return left[0] if left else None
    wanted = {Standing.STRUGGLING: 1, Standing.USUAL: 2, Standing.STRONG: 3}[standing(so_far)]
    topics = {question.id: set(question.topics) for question in plan.questions}
    good = {topic for one in so_far if (one.score or 0.0) >= STRONG_AT for topic in topics.get(one.question, ())}
    seen = {topic for one in so_far for topic in topics.get(one.question, ())} - good

    place = {question.id: number for number, question in enumerate(plan.questions)}

    def against(question: PlannedQuestion) -> float:
        own = topics[question.id]
        size = max(1, len(own))
        repeats = COVERED * len(own & good) / size + ASKED * len(own & seen) / size
        return repeats + STEP * abs(question.difficulty - wanted) + PLACE * place[question.id]

    return min(left, key=against)  # the first of equals


def order(plan: CallPlan, so_far: Sequence[Shown]) -> Order:
    """Which kinds of probes come first on a key point; none where the plan does not adapt."""
    if not plan.adaptive:
        return ()
    return {Standing.STRONG: HARDER, Standing.STRUGGLING: SOFTER, Standing.USUAL: ()}[standing(so_far)]

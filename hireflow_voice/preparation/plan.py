"""The days until the interview.

The rules, in the order in which they claim a day's minutes:

1. The day before the interview is for reading and rest; three days before it is a rehearsal: a full call of the round
   that comes first in reality, if the day has the time for it.
2. Key points that are due are drilled first, at most half a day's minutes, most forgotten first.
3. The rest is a call in the round that is least prepared: rounds never practised first, then by the share of key
   points that were covered. A planned call counts as practice for the days after it, so that rounds take turns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from hireflow_voice.preparation.memory import Remembered
from hireflow_voice.verdict import Verdict

MOST_DAYS = 60
"""Longer plans are not made: whatever is planned for then will be planned anew."""
DRILL_MINUTES = 5.0
"""One question with its follow-ups, aloud."""
SHORTEST_CALL = 10.0
"""Minutes under which a call is not worth dialling."""
CALLS = ((15.0, 3), (30.0, 5), (45.0, 8))
"""(minutes, questions) of the calls that Home offers; the longest is the full round."""


class Kind(StrEnum):
    DRILL = "drill"
    """The questions whose key points are due, in a short call."""
    CALL = "call"
    REHEARSAL = "rehearsal"
    """A full call in real mode, listened to afterwards."""
    REST = "rest"


@dataclass(frozen=True, slots=True)
class PlannedRound:
    """A round that can be practised."""

    id: str
    title: str
    minutes: float
    """Of the full round."""
    questions: Mapping[str, tuple[str, ...]]
    """Question id -> ids of its key points."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do on a day."""

    kind: Kind
    round: str
    """Id; empty for a rest."""
    minutes: float
    questions: tuple[str, ...]
    """Which questions; empty: drawn by the call."""
    why: str
    """One sentence."""


@dataclass(frozen=True, slots=True)
class Day:
    date: date
    items: tuple[Item, ...]

    @property
    def minutes(self) -> float:
        return sum(item.minutes for item in self.items)


@dataclass(frozen=True, slots=True)
class Plan:
    """From today to the day before the interview."""

    interview: date
    minutes_a_day: float
    days: tuple[Day, ...]
    """None when the interview is today or over."""

    @property
    def days_left(self) -> int:
        """Days from the plan's first day to the interview."""
        return (self.interview - self.days[0].date).days if self.days else 0


def plan(
    today: date,
    interview: date,
    minutes_a_day: float,
    rounds: Sequence[PlannedRound],
    memory: Iterable[Remembered] = (),
) -> Plan:
    """What to do from today on. `rounds` in the order in which the company holds them. Raises nothing."""
    last = min(interview - timedelta(days=1), today + timedelta(days=MOST_DAYS - 1))
    desk = _Desk(rounds, tuple(memory), minutes_a_day)
    days = []
    for number in range((last - today).days + 1):
        day = today + timedelta(days=number)
        days.append(Day(day, desk.day(day, (interview - day).days)))
    return Plan(interview, minutes_a_day, tuple(days))


class _Desk:
    """Plans one day after the other."""

    def __init__(self, rounds: Sequence[PlannedRound], memory: tuple[Remembered, ...], minutes: float) -> None:
        self._rounds = rounds
        self._minutes = minutes
        self._round_of = {question: one for one in rounds for question in one.questions}
        self._due = [r for r in memory if r.question in self._round_of]
        self._calls = {one.id: 0 for one in rounds}
        covered = {(r.question, r.point) for r in self._due if r.last is Verdict.COVERED}
        self._prepared = {
            one.id: len([1 for q, points in one.questions.items() for p in points if (q, p) in covered])
            / max(1, sum(len(points) for points in one.questions.values()))
            for one in rounds
        }
        self._tried = {one.id for one in rounds if any(r.question in one.questions for r in self._due)}

    def day(self, day: date, left: int) -> tuple[Item, ...]:
        if left == 1:
            due = self._drill(day, min(self._minutes, 15.0))
            rest = Item(Kind.REST, "", 0.0, (), "Read the outlines once more, prepare your own questions, and rest.")
            return (*due, rest)
        if left == 3 and self._rounds and self._minutes >= self._rounds[0].minutes:
            first = self._rounds[0]
            why = "A full call three days before, as it will be; listen to your own recording once."
            return (Item(Kind.REHEARSAL, first.id, first.minutes, (), why),)
        items = list(self._drill(day, self._minutes / 2))
        length = self._minutes - sum(item.minutes for item in items)
        if self._rounds and length >= SHORTEST_CALL:
            items.append(self._call(length))
        return tuple(items)

    def _drill(self, day: date, minutes: float) -> tuple[Item, ...]:
        """The questions of the points that are due, one item a round."""
        room = int(minutes // DRILL_MINUTES)
        chosen: dict[str, list[str]] = {}
        points = 0
        for one in [r for r in self._due if r.due <= day]:
            into = chosen.setdefault(self._round_of[one.question].id, [])
            if one.question not in into:
                if sum(len(questions) for questions in chosen.values()) >= room:
                    continue
                into.append(one.question)
            self._due.remove(one)
            points += 1
        return tuple(
            Item(Kind.DRILL, round_, DRILL_MINUTES * len(questions), tuple(questions), _why_drill(len(questions)))
            for round_, questions in chosen.items()
            if questions
        )

    def _call(self, length: float) -> Item:
        first = min(
            self._rounds,
            key=lambda one: (
                self._calls[one.id],
                one.id in self._tried,
                self._prepared[one.id],
                [other.id for other in self._rounds].index(one.id),
            ),
        )
        untried, before = first.id not in self._tried, self._calls[first.id]
        self._calls[first.id] += 1
        minutes = max((m for m, _ in CALLS if m <= length), default=length)
        if minutes == CALLS[-1][0]:
            minutes = min(length, first.minutes)
        share = round(100 * self._prepared[first.id])
        if before:
            why = "Its turn again; the questions are drawn anew."
        elif untried:
            why = "You have not tried this round yet."
        else:
            why = f"{share} % of this round's key points have been covered so far."
        return Item(Kind.CALL, first.id, minutes, (), why)


def _why_drill(questions: int) -> str:
    return "Points you missed are due again." if questions == 1 else f"Points of {questions} questions are due again."

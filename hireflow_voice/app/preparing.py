"""The preparation plan of a company's rounds, from the calls that were made so far."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from hireflow_voice.bank.models import Bank
from hireflow_voice.errors import InputError
from hireflow_voice.preparation.memory import Remembered, Seen, remembered
from hireflow_voice.preparation.plan import Item, Plan, PlannedRound, plan
from hireflow_voice.records import CallRecord, CallSummary


class Calls(Protocol):
    """Where calls are kept."""

    def calls(self) -> tuple[CallSummary, ...]: ...

    def call(self, call: str) -> CallRecord: ...


@dataclass(frozen=True, slots=True)
class Preparation:
    """The plan, and what it rests on."""

    company: str
    """Title."""
    plan: Plan
    titles: Mapping[str, str]
    """Round id -> title."""
    questions: Mapping[str, str]
    """Question id -> its words."""
    memory: tuple[Remembered, ...]
    """Every key point that was judged, the one that is due first coming first."""
    practised: float
    """Minutes of today's calls."""
    today: tuple[Item, ...]
    """What is left of today, after them."""


def prepare(
    banks: Iterable[Bank], title: str, kept: Calls, interview: date, minutes: float, now: datetime
) -> Preparation:
    """Plan the days from `now` to the interview. Slow: reads every call. `title`: the company's, as on its calls.

    Raises InputError when the interview is not in the future.
    """
    if interview <= now.date():
        raise InputError(
            f"The interview on {interview.isoformat()} is not in the future, so there is nothing left to plan.",
            "Give the date of the next one.",
        )
    banks = tuple(banks)
    rounds = [
        PlannedRound(b.round, b.title, float(b.minutes), {q.id: tuple(p.id for p in q.key_points) for q in b.authored})
        for b in banks
    ]
    memory = remembered(results(kept, title), now, interview)
    whole = plan(now.date(), interview, minutes, rounds, memory)
    practised = _practised(kept, title, now)
    rest = plan(now.date(), interview, max(0.0, minutes - practised), rounds, memory) if practised else whole
    return Preparation(
        company=title,
        plan=whole,
        titles={one.id: one.title for one in rounds},
        questions={q.id: q.text for b in banks for q in b.questions},
        memory=memory,
        practised=practised,
        today=rest.days[0].items,
    )


def _practised(kept: Calls, company: str, now: datetime) -> float:
    """Minutes of the calls of `now`'s day. Demo calls are nobody's practice."""
    seconds = 0.0
    for summary in kept.calls():
        if summary.company != company or summary.demo:
            continue
        try:
            day = datetime.fromisoformat(summary.started).astimezone(now.tzinfo).date()
        except ValueError:
            continue  # a damaged call is listed, with whatever can be read of it
        if day == now.date():
            seconds += summary.seconds
    return seconds / 60


def results(kept: Calls, company: str) -> Iterator[Seen]:
    """Every key point of a company that was ever judged. Demo calls are nobody's results."""
    for summary in kept.calls():
        if summary.demo or summary.company != company:
            continue
        record = kept.call(summary.id)
        at = datetime.fromisoformat(record.header.started)
        for judgement in record.judgements:
            for point in judgement.points:
                yield Seen(at, judgement.question, point.point, point.verdict)

"""How well each key point is remembered, and when to come back to it: FSRS, by the library of its authors.

A key point is a card, a judged answer a review. The cards are not stored: they are replayed from the results, which
takes some 20 microseconds a review.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from fsrs import Card, Rating, Scheduler

from hireflow_voice.verdict import Verdict

RETENTION = 0.9
"""Probability of remembering at which a key point is due again: the usual choice of FSRS."""
RATINGS = {Verdict.COVERED: Rating.Good, Verdict.PARTLY: Rating.Hard, Verdict.MISSING: Rating.Again}


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of one key point in one judged question."""

    at: datetime
    """With a time zone."""
    question: str
    point: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Remembered:
    """One key point, as it stands at a moment."""

    question: str
    point: str
    due: date
    """Local day on which it should be practised again."""
    recall: float
    """Probability that it would be said now, 0..1, by FSRS."""
    times: int
    """How often it was judged."""
    last: Verdict


def remembered(seen: Iterable[Seen], now: datetime, until: date | None = None) -> tuple[Remembered, ...]:
    """Every key point that was ever judged, the least remembered first.

    `until`: the day of the interview; nothing is put off beyond the day before it.
    """
    # Days, not minutes: learning steps within a sitting make no sense between two calls, and no chance: the same
    # results must give the same plan.
    scheduler = Scheduler(desired_retention=RETENTION, learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    cards: dict[tuple[str, str], tuple[Card, Seen, int]] = {}
    for one in sorted(seen, key=lambda s: (s.at, s.question, s.point)):
        card, _, times = cards.get((one.question, one.point), (Card(card_id=1), one, 0))
        card, _ = scheduler.review_card(card, RATINGS[one.verdict], one.at.astimezone(UTC))
        cards[one.question, one.point] = (card, one, times + 1)
    utc = now.astimezone(UTC)
    found = []
    for (question, point), (card, last, times) in cards.items():
        due = card.due.astimezone(now.tzinfo).date()
        if until is not None and until > now.date():
            due = min(due, date.fromordinal(until.toordinal() - 1))
        recall = scheduler.get_card_retrievability(card, utc)
        if last.verdict is Verdict.MISSING:
            due = min(due, date.fromordinal(last.at.astimezone(now.tzinfo).date().toordinal() + 1))
        found.append(Remembered(question, point, due, recall, times, last.verdict))
    return tuple(sorted(found, key=lambda r: (r.due, r.recall, r.question, r.point)))

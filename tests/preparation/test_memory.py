"""What was missed comes back soon, what was covered later, and never after the interview."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hireflow_voice.preparation.memory import Remembered, Seen, remembered
from hireflow_voice.verdict import Verdict

NOW = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)


def seen(verdict: Verdict, days_ago: float, point: str = "refill") -> Seen:
    return Seen(NOW - timedelta(days=days_ago), "rate-limiting", point, verdict)


def one(*all_: Seen, until: date | None = None) -> Remembered:
    (only,) = remembered(all_, NOW, until)
    return only


def test_a_missed_point_is_due_the_next_day() -> None:
    assert one(seen(Verdict.MISSING, 0)).due == NOW.date() + timedelta(days=1)


def test_a_covered_point_is_due_later_than_a_partly_covered_one_and_that_later_than_a_missed_one() -> None:
    dues = [one(seen(v, 0)).due for v in (Verdict.MISSING, Verdict.PARTLY, Verdict.COVERED)]
    assert dues == sorted(dues)
    assert dues[0] < dues[2]


def test_a_point_that_is_covered_again_is_due_later_and_later() -> None:
    first = one(seen(Verdict.COVERED, 6)).due
    again = one(seen(Verdict.COVERED, 6), seen(Verdict.COVERED, 3)).due
    assert again > first
    third = one(seen(Verdict.COVERED, 20), seen(Verdict.COVERED, 15), seen(Verdict.COVERED, 3)).due
    assert third > again


def test_a_point_that_was_known_and_is_missed_comes_back_the_next_day() -> None:
    forgot = one(seen(Verdict.COVERED, 20), seen(Verdict.COVERED, 15), seen(Verdict.MISSING, 0))
    assert forgot.due == NOW.date() + timedelta(days=1)
    assert forgot.times == 3


def test_the_less_remembered_comes_first_on_the_same_day() -> None:
    found = remembered([seen(Verdict.MISSING, 8, "old"), seen(Verdict.MISSING, 1, "new")], NOW)
    assert [r.point for r in found] == ["old", "new"]
    assert found[0].recall < found[1].recall


def test_nothing_is_put_off_beyond_the_day_before_the_interview() -> None:
    interview = NOW.date() + timedelta(days=3)
    assert one(*[seen(Verdict.COVERED, d) for d in (30, 20, 1)], until=interview).due < interview


def test_the_order_of_the_results_does_not_matter() -> None:
    results = [seen(Verdict.MISSING, 9), seen(Verdict.COVERED, 4), seen(Verdict.PARTLY, 1)]
    assert remembered(results, NOW) == remembered(reversed(results), NOW)


def test_results_of_another_time_zone_are_the_same_moments() -> None:
    there = [Seen(s.at.astimezone(), s.question, s.point, s.verdict) for s in [seen(Verdict.COVERED, 2)]]
    assert remembered(there, NOW) == remembered([seen(Verdict.COVERED, 2)], NOW)

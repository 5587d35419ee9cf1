"""The plan keeps the time, gives every round its turn, and changes with the results."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from hireflow_voice.preparation.calendar import ics
from hireflow_voice.preparation.memory import Seen, remembered
from hireflow_voice.preparation.plan import DRILL_MINUTES, Kind, Plan, PlannedRound, plan
from hireflow_voice.verdict import Verdict

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def round_(id_: str, questions: int = 4, minutes: float = 45.0) -> PlannedRound:
    return PlannedRound(id_, id_.title(), minutes, {f"{id_}-{n}": ("a", "b", "c") for n in range(questions)})


ROUNDS = (round_("screen", minutes=30.0), round_("phone"), round_("networking"), round_("design"))


def results(verdict: Verdict, *questions: str, days_ago: float = 2) -> list[Seen]:
    return [Seen(NOW - timedelta(days=days_ago), q, p, verdict) for q in questions for p in ("a", "b", "c")]


def make(days: int, minutes: float = 30.0, seen: list[Seen] | None = None) -> Plan:
    interview = TODAY + timedelta(days=days)
    return plan(TODAY, interview, minutes, ROUNDS, remembered(seen or [], NOW, interview))


def test_there_is_a_day_for_every_day_from_today_to_the_one_before_the_interview() -> None:
    days = make(14).days
    assert [day.date for day in days] == [TODAY + timedelta(days=n) for n in range(14)]
    assert all(day.items for day in days)
    assert make(14).days_left == 14


def test_an_interview_today_or_in_the_past_leaves_nothing_to_plan() -> None:
    assert make(0).days == ()
    assert make(-3).days == ()


def test_every_round_is_tried_before_any_comes_twice() -> None:
    calls = [item.round for day in make(14).days for item in day.items if item.kind is Kind.CALL]
    assert sorted(calls[:4]) == sorted(r.id for r in ROUNDS)
    assert all(one != other for one, other in pairwise(calls))


def test_the_last_day_is_for_rest_and_three_days_before_is_a_rehearsal() -> None:
    days = make(10, minutes=60).days
    assert days[-1].items[-1].kind is Kind.REST
    assert [item.kind for item in days[-3].items] == [Kind.REHEARSAL]
    assert days[-3].items[0].round == "screen"


def test_missed_points_are_drilled_before_anything_new() -> None:
    today = make(10, seen=results(Verdict.MISSING, "phone-1")).days[0]
    assert today.items[0].kind is Kind.DRILL
    assert today.items[0].questions == ("phone-1",)
    assert today.items[0].minutes == DRILL_MINUTES


def test_drills_take_at_most_half_of_a_day() -> None:
    many = results(Verdict.MISSING, *(f"phone-{n}" for n in range(4)), *(f"design-{n}" for n in range(4)))
    days = make(10, minutes=30, seen=many).days
    assert sum(i.minutes for i in days[0].items if i.kind is Kind.DRILL) <= 15
    drilled = [q for day in days for item in day.items if item.kind is Kind.DRILL for q in item.questions]
    assert sorted(drilled) == sorted({s.question for s in many})


def test_what_was_covered_well_is_left_alone_and_the_weak_round_comes_first() -> None:
    seen = results(Verdict.COVERED, *(f"{r}-{n}" for r in ("screen", "phone", "design") for n in range(4)))
    seen += results(Verdict.MISSING, "networking-0")
    calls = [i.round for day in make(8, seen=seen).days for i in day.items if i.kind is Kind.CALL]
    assert calls[0] == "networking"


def test_results_change_the_plan() -> None:
    assert make(10) != make(10, seen=results(Verdict.MISSING, "design-2"))


def test_a_result_of_a_question_that_no_bank_holds_any_more_is_passed_over() -> None:
    assert make(5, seen=results(Verdict.MISSING, "gone-1")) == make(5)


@given(st.integers(1, 90), st.floats(0, 240), st.lists(st.sampled_from([q for r in ROUNDS for q in r.questions])))
def test_no_day_takes_more_than_its_minutes(days: int, minutes: float, missed: list[str]) -> None:
    for day in make(days, minutes, results(Verdict.MISSING, *missed)).days:
        assert day.minutes <= minutes


def test_the_calendar_file_holds_every_item_and_the_interview() -> None:
    made = make(6, minutes=45, seen=results(Verdict.MISSING, "phone-1"))
    calendar = Calendar.from_ical(ics(made, {r.id: r.title for r in ROUNDS}, "Acme", UTC))
    events = list(calendar.walk("VEVENT"))
    items = [item for day in made.days for item in day.items if item.kind is not Kind.REST]
    assert len(events) == len(items) + 1
    assert str(events[-1]["summary"]) == "Interview: Acme"
    assert events[-1].decoded("dtstart") == made.interview
    ends = [(e.decoded("dtstart"), e.decoded("dtend")) for e in events[:-1]]
    assert all(end > start for start, end in ends)
    assert len({str(e["uid"]) for e in events}) == len(events)


def test_the_same_plan_gives_the_same_calendar_file() -> None:
    assert ics(make(6), {}, "Acme", UTC) == ics(make(6), {}, "Acme", UTC)

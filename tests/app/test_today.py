"""What is practised today: the plan's next steps as calls that can be started, less what was practised already."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from hireflow_voice.app.application import Application
from hireflow_voice.app.today import today
from hireflow_voice.errors import InputError
from hireflow_voice.preparation.plan import Kind

NOW = datetime.now().astimezone()


def prepare(app: Application, days: int = 20, minutes: int = 30) -> None:
    day = (NOW.date() + timedelta(days=days)).isoformat()
    app._settings = app.settings.model_copy(update={"interview_date": day, "minutes_a_day": minutes})


def test_without_an_interview_nothing_is_planned(app: Application) -> None:
    assert app.today() is None
    with pytest.raises(InputError, match="No interview is set"):
        app.calendar()


def test_the_first_day_is_a_call_in_a_round_that_can_be_dialled(app: Application) -> None:
    prepare(app)
    made = app.today()
    assert made is not None
    assert (made.company, made.days_left, made.from_results) == ("Cloudflare", 20, False)
    step = made.steps[0]
    assert step.kind is Kind.CALL
    assert step.options is not None
    assert step.options.minutes == 30
    info = next(r for r in app.rounds() if r.round == step.options.round)
    assert step.title == info.title
    assert step.why == "You have not tried this round yet."


def test_points_that_were_missed_come_back_as_a_drill_of_their_questions(app: Application, dial: Any) -> None:
    watched = dial(question_ids=("rate-limiting",))
    assert watched.call.join(60)
    prepare(app)
    later = today(app, NOW + timedelta(days=2))
    assert later is not None
    assert later.from_results
    drill = later.steps[0]
    assert drill.kind is Kind.DRILL
    assert drill.options is not None
    assert drill.options.question_ids == ("rate-limiting",)
    assert drill.questions == (app.question("rate-limiting").text,)


def test_what_was_practised_today_is_taken_off(app: Application, dial: Any) -> None:
    watched = dial(question_ids=("rate-limiting",))
    assert watched.call.join(60)
    minutes = app.calls()[0].seconds / 60
    assert minutes > 0
    prepare(app, minutes=10)
    made = app.today()
    assert made is not None
    assert made.practised == pytest.approx(minutes)
    assert sum(step.minutes for step in made.steps) <= 10 - minutes


def test_on_the_day_itself_and_after_it_there_is_nothing_to_plan(app: Application) -> None:
    for days in (0, -3):
        prepare(app, days=days)
        made = app.today()
        assert made is not None
        assert made.days_left == days
        assert made.steps == ()


def test_a_day_that_does_not_exist_is_none(app: Application) -> None:
    app._settings = app.settings.model_copy(update={"interview_date": "2027-02-31"})
    assert app.today() is None


def test_the_calendar_has_the_interview_and_a_day_for_every_day(app: Application) -> None:
    prepare(app, days=5)
    names = [str(event["summary"]) for event in Calendar.from_ical(app.calendar()).walk("VEVENT")]
    assert names[-1] == "Interview: Cloudflare"
    assert len(names) >= 5

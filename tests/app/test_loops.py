"""A full loop: rounds over days, the calls that were held in it, and the debrief."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from hireflow_voice.app import loops
from hireflow_voice.app.api import CallOptions
from hireflow_voice.app.application import Application
from hireflow_voice.errors import InputError, NotFound
from hireflow_voice.settings import Settings

NOW = datetime(2026, 11, 25, 10, 0).astimezone()


def test_a_loop_holds_every_round_of_a_company_a_day_each(app: Application) -> None:
    begun = loops.start(app, "cloudflare", NOW)
    assert [step.round for step in begun.loop.steps] == [i.round for i in app.rounds() if i.company == "cloudflare"]
    assert [step.day for step in begun.loop.steps][:2] == ["2026-11-25", "2026-11-26"]
    assert begun.calls == ("",) * len(begun.loop.steps)
    assert begun.next == CallOptions(
        "cloudflare", begun.loop.steps[0].round, questions=None, minutes=None, loop=begun.loop.id
    )
    assert app.loop() == begun


def test_where_an_interview_is_set_the_rounds_take_the_days_of_its_plan(app: Application) -> None:
    interview = NOW.date() + timedelta(days=20)
    app.save_settings(Settings(interview_company="cloudflare", interview_date=interview.isoformat()))
    days = [date.fromisoformat(step.day) for step in loops.start(app, "cloudflare", NOW).loop.steps]
    assert days == sorted(days)
    assert NOW.date() <= days[0]
    assert days[-1] < interview
    assert len(set(days)) == len(days)


def test_a_call_of_the_loop_stands_for_its_round_and_others_do_not(app: Application, dial: Any) -> None:
    begun = loops.start(app, "cloudflare", NOW)
    phone = next(n for n, step in enumerate(begun.loop.steps) if step.round == "technical-phone")
    alone = dial()
    assert alone.call.join(60)
    assert app.loop() == begun
    within = dial(loop=begun.loop.id)
    assert within.call.join(60)
    found = app.loop()
    assert found is not None
    assert [bool(call) for call in found.calls] == [n == phone for n in range(len(found.calls))]
    assert found.calls[phone] == within.call.id
    told = json.loads(app.debrief("json"))
    assert told["decision"] == "not enough evidence"
    assert told["rounds"][phone]["call"] == within.call.id
    assert "Not held yet." in app.debrief("md")
    app.delete_call(within.call.id)
    assert app.loop() == begun


def test_without_a_loop_there_is_nothing_to_sum_up(app: Application) -> None:
    assert app.loop() is None
    with pytest.raises(NotFound):
        app.debrief("md")
    with pytest.raises(NotFound):
        app.start_loop("nobody")


def test_a_file_that_is_damaged_hides_no_other_loop(app: Application) -> None:
    begun = loops.start(app, "cloudflare", NOW)
    (app._data / "loops" / "20990101-000000-0000.json").write_text("{")
    assert app.loop() == begun
    with pytest.raises(InputError):
        app.debrief("pdf")

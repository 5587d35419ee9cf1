"""What the Progress page is told, from calls that were really held and judged."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hireflow_voice.app.application import Application
from hireflow_voice.app.progressing import progress
from hireflow_voice.progress.history import Filter
from hireflow_voice.verdict import Verdict

NOW = datetime.now().astimezone()


def test_without_calls_there_is_nothing(app: Application) -> None:
    made = app.progress(Filter())
    assert (made.calls, made.weak, made.due_points, made.due) == ((), (), 0, None)


def test_what_was_missed_is_weak_can_be_practised_and_comes_back(app: Application, dial: Any) -> None:
    watched = dial(question_ids=("rate-limiting", "cap-theorem"))
    assert watched.call.join(60)
    made = progress(app, Filter(), NOW + timedelta(days=2))
    assert [one.call for one in made.calls] == [watched.call.id]
    assert (made.companies, made.rounds) == (("Cloudflare",), ("Technical phone interview",))
    weakest = made.weak[0]
    assert weakest.last is Verdict.MISSING
    assert weakest.text in [p.text for q in ("rate-limiting", "cap-theorem") for p in app.question(q).key_points]
    assert weakest.options is not None
    assert weakest.options.question_ids == (weakest.question,)
    assert (weakest.options.company, weakest.options.round) == ("cloudflare", "technical-phone")
    assert made.due_points > 0
    assert made.due is not None
    assert set(made.due.question_ids) <= {"rate-limiting", "cap-theorem"}


def test_a_retake_counts_for_its_key_points_but_is_no_call_of_the_charts(app: Application, dial: Any) -> None:
    first = dial(question_ids=("rate-limiting",))
    assert first.call.join(60)
    again = dial(question_ids=("rate-limiting",), retake_of=first.call.id, company="", round="", minutes=6.0)
    assert again.call.join(60)
    made = app.progress(Filter(round="Technical phone interview"))
    assert [one.call for one in made.calls] == [first.call.id]
    assert {one.times for one in made.weak} == {2}


def test_a_filter_holds_for_everything_that_is_shown(app: Application, dial: Any) -> None:
    watched = dial(question_ids=("rate-limiting",))
    assert watched.call.join(60)
    other = app.progress(Filter(company="Elsewhere"))
    assert (other.calls, other.weak, other.due_points) == ((), (), 0)
    assert other.companies == ("Cloudflare",), "so that the filter can be changed back"
    assert app.progress(Filter(since=NOW.date() + timedelta(days=1))).calls == ()
    assert len(app.progress(Filter(since=NOW.date())).calls) == 1

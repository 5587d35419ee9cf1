"""Numbers of a call, and what they add up to, on invented records."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date

import pytest

from hireflow_voice.progress.history import Filter, marks, result_of, results, topics
from hireflow_voice.progress.tables import Table, as_csv, of_calls, of_topics
from hireflow_voice.records import (
    CallHeader,
    CallRecord,
    CallState,
    Delivery,
    QuestionRecord,
    TakeKind,
    TakeRecord,
)
from hireflow_voice.transcript import typed
from hireflow_voice.verdict import Band, Form, Judgement, Signal, SignalMark

NAMES = {signal: signal.value.title() for signal in Signal}


def question(name: str, *about: str) -> QuestionRecord:
    return QuestionRecord(name, f"About {name}?", about, (), 1.0, (), (), ())


def take(question: str, delivery: Delivery | None) -> TakeRecord:
    return TakeRecord(question, question, TakeKind.ANSWER, "", 1, 0.0, transcript=typed("Words."), delivery=delivery)


def call(day: int, scores: dict[str, float | None], mark: int | None = 3, **header: object) -> CallRecord:
    asked = (question("limits", "rate limiting", "redis"), question("cache", "caching", "redis"))
    head = CallHeader(
        f"202611{day:02}-100000-0000", f"2026-11-{day:02}T10:00:00+00:00", "Acme", "Developer", "Phone", "Joe", "",
        "here", 900.0, asked, "0",
    )  # fmt: skip
    judged = tuple(
        Judgement(name, "judge", score=score, failed="" if score else "later") for name, score in scores.items()
    )
    takes = (
        take("limits", Delivery(2.0, 120.0, 2, (), 30.0, 32.0)),
        take("cache", Delivery(4.0, 150.0, 1, (), 60.0, 66.0)),
        take("typed", None),
    )
    form = Form((SignalMark(Signal.DEPTH, mark, ""),), Band.HIRE, True, "", len(judged), 2)
    return CallRecord(replace(head, **header), CallState.FINISHED, 600.0, (), takes, judged, form=form)  # type: ignore[arg-type]


def test_a_call_in_numbers() -> None:
    one = result_of(call(3, {"limits": 0.4, "cache": 0.8}))
    assert one is not None
    assert one.score == pytest.approx(0.6)
    assert one.topics == pytest.approx({"rate limiting": 0.4, "redis": 0.6, "caching": 0.8})
    assert one.marks == {Signal.DEPTH: 3}
    assert one.words_per_minute == pytest.approx(140.0), "weighted by speech: 120 for 30 s, 150 for 60 s"
    assert one.fillers_per_minute == pytest.approx(2.0)
    assert one.first_word_s == 3.0


def test_demo_calls_and_single_questions_are_no_results() -> None:
    assert result_of(call(3, {"limits": 0.4}, demo=True)) is None
    assert result_of(call(3, {"limits": 0.4}, retake_of="x")) is None
    assert result_of(replace(call(3, {}), takes=())) is None


def test_what_is_not_judged_yet_is_no_zero() -> None:
    one = result_of(call(3, {"limits": None, "cache": 0.8}, mark=None))
    assert one is not None
    assert one.score == 0.8
    assert one.marks == {}
    assert "rate limiting" not in one.topics


def test_time_runs_forward_and_the_weakest_topic_comes_first() -> None:
    found = results([call(9, {"limits": 0.2, "cache": 0.9}, mark=4), call(3, {"limits": 0.4, "cache": 0.7}, mark=2)])
    assert [one.at.day for one in found] == [3, 9]
    assert [point.value for point in marks(found)[Signal.DEPTH]] == [2.0, 4.0]
    weakest = topics(found)[0]
    assert (weakest.name, weakest.calls) == ("rate limiting", 2)
    assert weakest.score == pytest.approx(0.3)
    assert weakest.last == pytest.approx(0.2)


def test_a_filter_looks_at_company_round_and_day() -> None:
    one = result_of(call(9, {"limits": 0.5}))
    assert one is not None
    for wanted, passes in (
        (Filter(), True),
        (Filter("Acme", "Phone", date(2026, 11, 9)), True),
        (Filter("Other"), False),
        (Filter(round="Other"), False),
        (Filter(since=date(2026, 11, 10)), False),
    ):
        assert wanted.takes(one.company, one.round, one.at) is passes


def test_the_tables_say_what_the_charts_show_newest_call_first() -> None:
    found = results([call(3, {"limits": 0.4, "cache": 0.8}), call(9, {"limits": 0.6}, mark=None)])
    table = of_calls(found, NAMES)
    assert table.headings[3:5] == ("Score", "Depth")
    assert [row[3] for row in table.rows] == ["60 %", "60 %"]
    assert [row[4] for row in table.rows] == ["", "3"]
    assert of_topics(found).rows[0] == ("rate limiting", "50 %", "60 %", "2")


def test_a_file_for_spreadsheets_holds_every_cell_and_no_formula() -> None:
    text = as_csv(Table(("A", "B"), (('say "hi", twice', "=1+1"),)))
    assert list(csv.reader(io.StringIO(text))) == [["A", "B"], ['say "hi", twice', "'=1+1"]]

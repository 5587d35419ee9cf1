"""A correction by hand, with a real store and a real worker process: written first, judged after."""

from __future__ import annotations

from typing import Any

import pytest

from hireflow_voice.app.api import Undo, WordChange
from hireflow_voice.app.application import Application
from hireflow_voice.errors import InputError, NotFound
from hireflow_voice.records import CallRecord, TakeKind, TakeRecord


@pytest.fixture
def call(dial: Any) -> str:
    watched = dial()
    assert watched.call.join(60)
    return str(watched.call.id)


def answer(record: CallRecord, kind: TakeKind = TakeKind.ANSWER) -> TakeRecord:
    return next(take for take in record.takes if take.kind is kind)


def text(record: CallRecord) -> str:
    transcript = answer(record).transcript
    assert transcript is not None
    return transcript.text


def test_a_corrected_answer_is_kept_first_and_judged_after(app: Application, call: str) -> None:
    before = app.call(call)
    take = answer(before)
    kept: list[CallRecord] = []
    after = app.correct(call, take.id, WordChange(0, 4, "ward"), kept.append)
    assert text(after).startswith("ward word")
    (early,) = kept
    assert answer(early).judgement is None, "the old verdict quotes words that are gone"
    assert take.id in before.quote_takes["rate-limiting"].values()
    assert take.id not in early.quote_takes.get("rate-limiting", {}).values()
    now = answer(after)
    assert now.judgement is not None
    assert now.judgement.points[0].quote is not None
    assert now.judgement.points[0].quote.text == "ward"
    assert now.transcript is not None
    assert (now.transcript.raw, now.transcript.recognised is not None) == (take.transcript.raw, True)  # type: ignore[union-attr]
    assert app.store.load(call) == after, "it is on disk"
    back = app.correct(call, take.id, Undo(0))
    assert answer(back).transcript == take.transcript
    assert back.judgements == before.judgements


def test_a_correction_that_is_stopped_is_kept_and_not_judged_yet(app: Application, call: str) -> None:
    take = answer(app.call(call))
    stop: list[CallRecord] = []
    after = app.correct(call, take.id, WordChange(0, 4, "ward"), stop.append, lambda: bool(stop))
    assert text(after).startswith("ward")
    assert answer(after).judgement is None
    again = app.judge_again(call)
    assert answer(again).judgement is not None
    assert again.judgements[0].score is not None


def test_a_judge_that_fails_leaves_the_correction_and_says_why(app: Application, call: str, script: Any) -> None:
    (script / "no-judge").touch()
    after = app.correct(call, answer(app.call(call)).id, WordChange(0, 4, "ward"))
    assert text(after).startswith("ward")
    assert answer(after).judgement is not None
    assert answer(after).judgement.failed  # type: ignore[union-attr]


def test_an_introduction_is_corrected_and_nobody_judges_it(app: Application, call: str, script: Any) -> None:
    (script / "no-judge").touch()
    intro = answer(app.call(call), TakeKind.INTRODUCTION)
    after = app.correct(call, intro.id, WordChange(0, 4, "ward"))
    assert answer(after, TakeKind.INTRODUCTION).judgement is None
    assert after.judgements == app.call(call).judgements != ()


def test_a_wrong_place_changes_nothing(app: Application, call: str) -> None:
    before = app.call(call)
    with pytest.raises(InputError):
        app.correct(call, answer(before).id, WordChange(0, 9999, "ward"))
    with pytest.raises(NotFound):
        app.correct(call, "no-such-take", WordChange(0, 4, "ward"))
    assert app.call(call) == before

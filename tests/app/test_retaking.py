"""A question answered again, with a real store and a real worker process: a short call, tied to the first."""

from __future__ import annotations

from typing import Any

import pytest

from hireflow_voice.app.api import CallOptions
from hireflow_voice.app.application import Application
from hireflow_voice.errors import InputError, NotFound
from hireflow_voice.records import CallState, TakeKind

ASKED = ("rate-limiting", "cap-theorem")


@pytest.fixture
def first(dial: Any) -> str:
    watched = dial(question_ids=ASKED)
    assert watched.call.join(60)
    return str(watched.call.id)


def retake(dial: Any, of: str, question: str = "cap-theorem") -> str:
    watched = dial(question_ids=(question,), retake_of=of, company="", round="", minutes=6.0)
    assert watched.call.join(60)
    return str(watched.call.id)


def test_a_retake_is_one_judged_question_tied_to_its_call(app: Application, dial: Any, first: str) -> None:
    record = app.call(retake(dial, first))
    assert record.state is CallState.FINISHED
    assert record.header.retake_of == first
    assert record.header.round.endswith(", one question again")
    assert record.header.questions == (app.call(first).header.questions[1],)
    assert {take.kind for take in record.takes} <= {TakeKind.ANSWER, TakeKind.FOLLOW_UP}
    assert record.judgements[0].score is not None


def test_the_call_and_its_retakes_are_found_from_any_of_them(app: Application, dial: Any, first: str) -> None:
    assert [r.header.id for r in app.retakes(first)] == [first]
    one = retake(dial, first)
    two = retake(dial, one, "cap-theorem")  # again from the retake
    three = retake(dial, first, "rate-limiting")
    other = dial()
    assert other.call.join(60)
    assert app.call(two).header.retake_of == first
    for call in (first, one, two, three):
        assert app.retakes(call)[0].header.id == first
        assert {r.header.id for r in app.retakes(call)} == {first, one, two, three}
    assert [r.header.id for r in app.retakes(other.call.id)] == [other.call.id]
    app.delete_call(first)
    assert one in {r.header.id for r in app.retakes(one)}
    assert first not in {r.header.id for r in app.retakes(one)}


def test_only_retakes_are_read_to_find_a_calls_retakes(
    app: Application, dial: Any, first: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Opening a review must not read every call in which the same question was answered."""
    again = retake(dial, first)
    other = dial(question_ids=ASKED)
    assert other.call.join(60)
    read: list[str] = []
    load = app.store.load
    monkeypatch.setattr(app.store, "load", lambda call: read.append(call) or load(call))
    app.retakes(first)
    assert sorted(read) == sorted([first, again])


def test_what_cannot_be_asked_again_is_said_before_the_phone_rings(app: Application, dial: Any, first: str) -> None:
    for wrong in (
        CallOptions(retake_of=first),
        CallOptions(retake_of=first, question_ids=("no-such-question",)),
        CallOptions(retake_of="20200101-000000-0000", question_ids=("cap-theorem",)),
    ):
        with pytest.raises((InputError, NotFound)):
            app.start_call(wrong, lambda _event: None)
    assert len(app.calls()) == 1

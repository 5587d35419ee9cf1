"""The example call: real, judged, marked, nobody's result, and gone without trace when it is cancelled."""

from __future__ import annotations

from typing import Any

import pytest

from hireflow_voice.app.application import Application
from hireflow_voice.app.preparing import results
from hireflow_voice.progress.history import Filter


@pytest.fixture
def talking(app: Application, speaks: Any, monkeypatch: pytest.MonkeyPatch) -> Application:
    """The scripted voice is silent; the candidate's must be heard."""
    from hireflow_voice.interview.actions import Listen, TurnKind

    voice = speaks().reply(Listen(1, TurnKind.ANSWER, "", ""))
    monkeypatch.setattr(app, "speak", lambda _text, _voice: voice)
    return app


def test_it_is_a_judged_call_with_sound_that_counts_for_nothing(talking: Application) -> None:
    told: list[str] = []
    call = talking.make_example(told.append, lambda: False)
    record = talking.call(call)
    assert record.header.demo
    assert len(record.header.questions) == 2
    assert record.form is not None
    assert all(talking.sound_of(call, take).is_file() for take in record.takes if take.sound)  # type: ignore[union-attr]
    assert any(take.sound for take in record.takes)
    assert "Question 1 of 2 is being asked and answered." in told
    assert list(results(talking, record.header.company)) == []
    assert talking.progress(Filter()).calls == ()
    talking.delete_call(call)
    assert talking.calls() == ()


def test_a_cancelled_one_leaves_nothing(talking: Application) -> None:
    assert talking.make_example(lambda _: None, lambda: True) == ""
    assert talking.calls() == ()

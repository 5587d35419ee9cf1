"""A call whose questions are chosen as it goes: what is counted, shown and kept is what was asked, not the pool."""

from __future__ import annotations

from typing import Any

from hireflow_voice.app.application import Application
from hireflow_voice.events import Caption, Phase, PhaseChanged, Press, QuestionChanged


def test_a_call_counts_and_keeps_the_questions_that_were_asked(app: Application, dial: Any) -> None:
    watching = dial(question_ids=(), questions=3, minutes=45.0, seed=4)
    assert watching.call.join(120)
    shown = watching.of(QuestionChanged)
    assert [(event.number, event.total) for event in shown] == [(1, 3), (2, 3), (3, 3)]
    assert any("I'll ask three questions" in event.text for event in watching.of(Caption))
    record = app.call(watching.call.id)
    assert record.header.planned == 3
    assert [question.id for question in record.header.questions] == [event.question for event in shown]
    assert [judgement.question for judgement in record.judgements] == [event.question for event in shown]
    summary = next(one for one in app.calls() if one.id == watching.call.id)
    assert (summary.questions, summary.answered) == (3, 3)
    assert app.export(watching.call.id, "md").count("\n## Question") <= 3


def test_a_call_that_is_hung_up_counts_what_was_planned_and_shows_what_was_asked(
    app: Application, dial: Any, watched: Any
) -> None:
    watched.when(
        lambda event: (
            isinstance(event, PhaseChanged) and event.phase is Phase.LISTENING and bool(watched.of(QuestionChanged))
        ),
        lambda call: call.post(Press.HANG_UP),
    )
    dial(None, watched, question_ids=(), questions=5, minutes=30.0, seed=4)
    assert watched.call.join(60)
    record = app.call(watched.call.id)
    assert [question.id for question in record.header.questions] == [watched.of(QuestionChanged)[0].question]
    assert next(one for one in app.calls() if one.id == watched.call.id).questions == 5


def test_questions_that_were_named_are_asked_in_their_order(app: Application, dial: Any) -> None:
    known = {q.id for q in app.bank("cloudflare", "technical-phone")[1].questions}
    ids = tuple(sorted(known)[:2])[::-1]
    watching = dial(question_ids=ids, minutes=45.0)
    assert watching.call.join(120)
    assert tuple(event.question for event in watching.of(QuestionChanged)) == ids

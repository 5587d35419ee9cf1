"""A question answered again: asked for by key, dialled, and set beside the first answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hireflow_voice.events import CallEnded, CallSaved, Phase, PhaseChanged
from hireflow_voice.records import CallRecord
from hireflow_voice.ui.pages.review import ReviewPage
from hireflow_voice.ui.widgets.basics import Label
from hireflow_voice.ui.window import MainWindow
from hireflow_voice.verdict import Verdict

CALL, AGAIN = "20261123-174203-7f3a", "20261124-080000-0001"
FORM, INTRO, FIRST, FOLLOW_UP, TYPED, NOT_REACHED, OWN = range(7)


def retake(fakes: Any, call: str = AGAIN, *, judged: bool = True) -> CallRecord:
    """The first question, answered better: the key is named, the burst is lost."""
    record = fakes.make_record(call)
    header = replace(
        record.header, started="2026-11-24T08:00:00+00:00", questions=record.header.questions[:1], retake_of=CALL
    )
    (take,) = [replace(t, sound="again.wav") for t in record.takes if t.id == "02-q1-answer"]
    judgement = record.judgements[0]
    new = {"key": Verdict.COVERED, "burst": Verdict.MISSING}
    points = tuple(replace(p, verdict=new.get(p.point, p.verdict)) for p in judgement.points)
    judgements = (replace(judgement, points=points, score=0.81),) if judged else ()
    return replace(record, header=header, takes=(take,), judgements=judgements, form=None)


@pytest.fixture
def review(window: MainWindow) -> ReviewPage:
    window.open_review(CALL)
    window.review.list.choose(FIRST)
    QApplication.processEvents()
    return window.review


def said(review: ReviewPage) -> str:
    QApplication.processEvents()
    assert review.cards.retake is not None
    return "\n".join(label.text() for label in review.cards.retake.findChildren(Label) if label.isVisible())


def test_a_question_is_answered_again_by_key_and_the_review_comes_back_to_it(
    window: MainWindow, review: ReviewPage, api: Any, fakes: Any, qtbot: QtBot
) -> None:
    qtbot.keyClick(review.list, Qt.Key.Key_N)
    (started,) = [entry[1] for entry in api.did if entry[0] == "start_call"]
    assert (started.retake_of, started.question_ids) == (CALL, ("q1",))
    assert window.calling
    api.on_event(PhaseChanged(0.0, Phase.SPEAKING))
    api.add(retake(fakes, judged=False))
    api.on_event(CallEnded(90.0, AGAIN, True))
    assert window.pages.currentWidget() is review
    assert (review.call, review.list.row.question) == (CALL, "q1")  # type: ignore[union-attr]
    assert "shown when both answers are judged" in said(review)
    api.add(retake(fakes))
    api.on_event(CallSaved(AGAIN))
    assert "Gained" in said(review)


def test_both_answers_stand_side_by_side_with_what_changed(review: ReviewPage, api: Any, fakes: Any) -> None:
    assert review.cards.retake is not None
    assert not review.cards.retake.sides
    api.add(retake(fakes))
    review.refresh()
    text = said(review)
    points = {p.id: p.text for p in api.records[CALL].header.questions[0].key_points}
    for part in (
        "First answer",
        "New answer",
        "63 %",
        "81 %",
        points["key"],
        points["burst"],
        "3 key points as before.",
    ):
        assert part in text, part
    assert text.index("Gained") < text.index(points["key"]) < text.index("Lost") < text.index(points["burst"])
    assert "Delivery, never part of the score" in text


def test_each_side_is_heard_and_only_one_at_a_time(review: ReviewPage, api: Any, fakes: Any) -> None:
    api.add(retake(fakes))
    review.refresh()
    assert review.cards.retake is not None
    first, new = review.cards.retake.sides
    review.player.play.click()
    first.click()
    assert not api.made_player.playing
    other = api.players[1]
    assert (other.did[0], other.playing) == (("load", "02-q1-answer.wav"), True)
    assert (first.label, new.label) == ("Stop the first answer", "Play the new answer")
    new.click()
    assert ("load", "again.wav") in other.did
    assert (first.label, new.label) == ("Play the first answer", "Stop the new answer")
    other.playing = False
    review.clip._look()
    assert new.label == "Play the new answer"
    new.click()
    review.player.play.click()
    assert (other.playing, api.made_player.playing) == (False, True)
    assert not review.clip._poll.isActive()


def test_of_several_retakes_the_newest_is_shown_and_any_can_be_chosen(
    review: ReviewPage, api: Any, fakes: Any, qtbot: QtBot
) -> None:
    api.add(retake(fakes))
    older = retake(fakes, "20261123-190000-0002")
    judgement = replace(older.judgements[0], score=0.42)
    api.add(replace(older, judgements=(judgement,)))
    review.refresh()
    assert review.cards.retake is not None
    which = review.cards.retake.which
    assert which is not None
    assert "81 %" in said(review)
    which.setFocus()
    qtbot.keyClick(which, Qt.Key.Key_Up)
    assert "42 %" in said(review)


def test_a_part_that_is_no_question_is_not_answered_again(review: ReviewPage, api: Any, qtbot: QtBot) -> None:
    for row in (FORM, INTRO, OWN):
        review.list.choose(row)
        assert review.cards.retake is None
        qtbot.keyClick(review.list, Qt.Key.Key_N)
    assert not [entry for entry in api.did if entry[0] == "start_call"]


def test_while_the_call_is_written_up_nothing_is_answered_again(window: MainWindow, api: Any) -> None:
    window.review.open(CALL, writing=True)
    window.review.list.choose(FIRST)
    assert window.review.cards.retake is None


def test_leaving_the_review_silences_the_other_answer(
    window: MainWindow, review: ReviewPage, api: Any, fakes: Any
) -> None:
    api.add(retake(fakes))
    review.refresh()
    review.cards.retake.sides[1].click()  # type: ignore[union-attr]
    window.open_home()
    assert not api.players[1].playing
    assert not review.clip._poll.isActive()

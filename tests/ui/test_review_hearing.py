"""The review by ear: speed, marks with their legend, a strong answer spoken; and the form that unfolds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hireflow_voice.errors import NoSpeaker
from hireflow_voice.ui.pages.review import ReviewPage
from hireflow_voice.ui.widgets.marks import MarkKind, marks_of
from hireflow_voice.ui.window import MainWindow

CALL = "20261123-174203-7f3a"
FORM, INTRO, FIRST, FOLLOW_UP, TYPED, NOT_REACHED, OWN = range(7)


@pytest.fixture
def review(window: MainWindow) -> ReviewPage:
    window.open_review(CALL)
    window.review.list.choose(FIRST)
    QApplication.processEvents()
    return window.review


def speeds(api: Any) -> list[float]:
    return [entry[1] for entry in api.made_player.did if entry[0] == "speed"]


def test_plus_and_minus_change_the_speed_and_it_stays_for_the_next_answer(
    review: ReviewPage, api: Any, qtbot: QtBot
) -> None:
    for _ in range(4):
        qtbot.keyClick(review.list, Qt.Key.Key_Plus, Qt.KeyboardModifier.ShiftModifier)
    assert speeds(api)[-3:] == [1.25, 1.5, 2.0]
    qtbot.keyClick(review.list, Qt.Key.Key_Minus)
    assert review.player.speed.currentText() == "1.5 ×"
    review.list.choose(FOLLOW_UP)
    assert speeds(api)[-1] == 1.5


def test_the_speed_can_be_picked_from_its_list(review: ReviewPage, api: Any, qtbot: QtBot) -> None:
    review.player.speed.setFocus()
    qtbot.keyClick(review.player.speed, Qt.Key.Key_Up)
    assert speeds(api)[-1] == 0.75


def test_silences_fillers_and_quotes_are_marked_and_counted_in_words(review: ReviewPage, api: Any, fakes: Any) -> None:
    record = fakes.make_record()
    um = fakes.spoken("So um I would count locally, uh, at each edge.")
    take = replace(record.takes[1], transcript=um, seconds=um.seconds)
    marks = marks_of(take, ())
    assert [(m.kind, m.start_s) for m in marks] == [
        (MarkKind.SILENCE, 9.0),
        (MarkKind.SILENCE, 20.0),
        (MarkKind.FILLER, pytest.approx(0.8 + 0.36)),
        (MarkKind.FILLER, pytest.approx(0.8 + 6 * 0.36)),
    ]
    legend = review.player.legend
    assert legend.isVisible()
    said = {kind: label.text() for kind, label in legend.words.items() if label.isVisible()}
    assert said == {MarkKind.SILENCE: "2 silences", MarkKind.QUOTE: "3 quotes"}
    review.list.choose(FOLLOW_UP)
    assert review.player.legend.words[MarkKind.QUOTE].text() == "1 quote"


def test_marks_change_the_picture_of_the_sound(review: ReviewPage) -> None:
    wave = review.player.wave
    marked = wave.grab().toImage()
    wave.show_marks(())
    assert wave.grab().toImage() != marked


def test_a_word_the_recogniser_was_unsure_of_is_explained(review: ReviewPage) -> None:
    assert review.take_card.transcript.unsure == ("sync",)
    assert "unsure" in review.take_card.key.text()
    review.list.choose(FOLLOW_UP)
    assert review.take_card.key.text() == ""


def test_a_strong_answer_is_heard_and_stopped_by_key(review: ReviewPage, api: Any, qtbot: QtBot) -> None:
    seen: list[tuple[str, bool]] = []

    def meanwhile(cancelled: Callable[[], bool]) -> None:
        assert review.cards.strong is not None
        assert review.cards.strong.hear is not None
        seen.append((review.cards.strong.hear.label, cancelled()))
        qtbot.keyClick(review.list, Qt.Key.Key_A)
        seen.append((review.cards.strong.hear.label, cancelled()))

    review.player.play.click()
    api.while_saying = meanwhile
    qtbot.keyClick(review.list, Qt.Key.Key_A)
    assert seen == [("Stop", False), ("Hear a strong answer", True)]
    assert not api.made_player.playing, "both at once cannot be understood"
    spoken = [entry for entry in api.did if entry[0] == "say"]
    assert spoken == [("say", review.record.header.questions[0].strong_answer)]  # type: ignore[union-attr]


def test_a_strong_answer_falls_silent_when_something_else_is_looked_at(review: ReviewPage, api: Any) -> None:
    ended: list[bool] = []

    def meanwhile(cancelled: Callable[[], bool]) -> None:
        review.list.choose(FOLLOW_UP)
        ended.append(cancelled())

    api.while_saying = meanwhile
    review.cards.strong.hear.click()  # type: ignore[union-attr]
    assert ended == [True]
    assert not review.voice.speaking


def test_a_strong_answer_can_be_read(review: ReviewPage, qtbot: QtBot) -> None:
    strong = review.cards.strong
    assert strong is not None
    assert strong.read is not None
    qtbot.keyClick(review.list, Qt.Key.Key_W)
    assert strong.read.label == "Fold it up"
    qtbot.keyClick(review.list, Qt.Key.Key_W)
    assert strong.read.label == "Read it"


def test_without_a_strong_answer_there_is_nothing_to_hear(review: ReviewPage, api: Any, qtbot: QtBot) -> None:
    record = api.records[CALL]
    bare = tuple(replace(question, strong_answer="") for question in record.header.questions)
    api.records[CALL] = replace(record, header=replace(record.header, questions=bare))
    review.open("another")
    review.open(CALL)
    review.list.choose(FIRST)
    assert review.cards.strong is not None
    assert review.cards.strong.hear is None
    qtbot.keyClick(review.list, Qt.Key.Key_A)
    assert not [entry for entry in api.did if entry[0] == "say"]


def test_a_voice_that_fails_says_why(review: ReviewPage, api: Any) -> None:
    api.fails["say"] = NoSpeaker("There is no speaker.", "Connect one.")
    review.cards.strong.hear.click()  # type: ignore[union-attr]
    assert review.banner.words.text() == "There is no speaker. Connect one."
    assert review.cards.strong.hear.label == "Hear a strong answer"  # type: ignore[union-attr]


def test_a_line_of_the_form_unfolds_to_the_points_it_rests_on(review: ReviewPage) -> None:
    review.list.choose(FORM)
    form = review.cards.form
    assert form is not None
    depth = form.lines[1]
    assert depth.unfold is not None
    assert depth.unfold.label == "Show what technical depth rests on"
    depth.unfold.click()
    found = [depth._rest.itemAt(i).widget() for i in range(depth._rest.count())]
    assert [b.label.split(" · ")[:2] for b in found] == [["Covered", "question 1"], ["Covered", "question 1"]]
    assert depth.unfold.label == "Hide what technical depth rests on"
    found[0].click()
    assert review.list.row is not None
    assert review.list.row.question == "q1"
    curious = form.lines[-1]
    assert curious.unfold is None

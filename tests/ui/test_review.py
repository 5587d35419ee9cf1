"""The review: hear it again, see what was covered, find the words that say so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hireflow_voice.errors import InputError, NoSpeaker
from hireflow_voice.report import describe
from hireflow_voice.transcript import Transcript, Word
from hireflow_voice.ui.pages.review import ReviewPage
from hireflow_voice.ui.theme import Theme
from hireflow_voice.ui.widgets.basics import Card, Label
from hireflow_voice.ui.widgets.buttons import Button
from hireflow_voice.ui.widgets.question_list import RowKind
from hireflow_voice.ui.widgets.transcript_view import TranscriptView
from hireflow_voice.ui.widgets.waveform import peaks, shape_of
from hireflow_voice.ui.window import MainWindow

CALL = "20261123-174203-7f3a"
FORM, INTRO, FIRST, FOLLOW_UP, TYPED, NOT_REACHED, OWN = range(7)


@pytest.fixture
def review(window: MainWindow) -> ReviewPage:
    window.open_review(CALL)
    return window.review


def said(review: ReviewPage) -> str:
    """Everything the cards say, once they are laid out."""
    QApplication.processEvents()
    return "\n".join(label.text() for label in review.findChildren(Label) if label.isVisible())


def plays(api: Any) -> list[Any]:
    return [entry for entry in api.made_player.did if entry[0] == "play"]


def test_the_list_has_the_form_and_every_question_with_its_follow_ups(review: ReviewPage) -> None:
    rows = review.list.rows
    assert [row.kind for row in rows] == [
        RowKind.FORM, RowKind.TALK, RowKind.QUESTION, RowKind.FOLLOW_UP, RowKind.QUESTION, RowKind.QUESTION,
        RowKind.TALK,
    ]  # fmt: skip
    assert [row.right for row in rows] == ["", "", "63 %", "", "not judged", "not answered", ""]


def test_a_question_that_nobody_checked_says_who_wrote_it(window: MainWindow, api: Any) -> None:
    record = api.records[CALL]
    first, *others = record.header.questions
    written = (replace(first, written_by="qwen3:30b at 127.0.0.1"), *others)
    api.records[CALL] = replace(record, header=replace(record.header, questions=written))
    window.open_review(CALL)
    window.review.list.choose(FIRST)
    label = "Written by qwen3:30b at 127.0.0.1 from a job description: not checked by a person, no source."
    assert label in said(window.review)
    window.review.list.choose(TYPED)
    assert "Written by" not in said(window.review)


def test_cards_are_as_high_as_their_words_at_once(review: ReviewPage) -> None:
    for row in range(len(review.list.rows)):
        review.list.choose(row)
        QApplication.processEvents()
        for card in [c for c in review.body_area.findChildren(Card) if c.isVisible()]:
            needed = card.layout().heightForWidth(card.width())
            assert card.height() >= needed - 4, (row, card)  # widths of grids round by a pixel or two


def test_the_form_shows_band_reason_and_six_marks_in_words(review: ReviewPage) -> None:
    text = said(review)
    for part in ("Hire", "practice estimate", "4 of 4 · strong", "2 of 4 · mixed", "not enough evidence", "Curiosity"):
        assert part in text


def test_key_points_say_icon_word_and_number(review: ReviewPage) -> None:
    review.list.choose(FIRST)
    text = said(review)
    for part in ("63 %", "Covered", "93 %", "Partly", "58 %", "Missing", "7 %", "Qwen2.5-Coder"):
        assert part in text


def test_what_a_strong_answer_adds_has_its_sources_as_text(review: ReviewPage) -> None:
    review.list.choose(FIRST)
    text = said(review)
    assert "What a strong answer adds" in text
    assert "https://example.org/rate-limiting" in text


def test_delivery_stands_apart_and_is_approximate(review: ReviewPage) -> None:
    review.list.choose(FIRST)
    text = said(review)
    assert "never part of the score" in text
    delivery = review.record.takes[1].delivery  # type: ignore[union-attr]
    assert delivery is not None
    for sentence in describe(delivery):
        assert sentence in text
    assert "About 150 words a minute." in text


def test_play_and_pause_with_the_button_and_with_space(review: ReviewPage, api: Any, qtbot: QtBot) -> None:
    review.list.choose(FIRST)
    review.player.play.click()
    assert (review.player.play.label, api.made_player.playing) == ("Pause", True)
    qtbot.keyClick(review.list, Qt.Key.Key_Space)
    assert (review.player.play.label, api.made_player.playing) == ("Play", False)


def test_arrows_jump_five_seconds_and_stop_at_the_ends(review: ReviewPage, api: Any, qtbot: QtBot) -> None:
    review.list.choose(FIRST)
    qtbot.keyClick(review.list, Qt.Key.Key_Right)
    qtbot.keyClick(review.list, Qt.Key.Key_Right)
    assert api.made_player.position_s == pytest.approx(10.0)
    for _ in range(3):
        qtbot.keyClick(review.list, Qt.Key.Key_Left)
    assert api.made_player.position_s == 0.0
    assert review.player.time.text().startswith("0:00 / ")


def test_a_click_on_the_waveform_goes_there(review: ReviewPage, api: Any, qtbot: QtBot) -> None:
    review.list.choose(FIRST)
    wave = review.player.wave
    qtbot.mouseClick(wave, Qt.MouseButton.LeftButton, pos=QPoint(wave.width() // 2, 20))
    assert api.made_player.position_s == pytest.approx(review.player.seconds / 2, rel=0.02)


def test_the_word_being_heard_is_marked(review: ReviewPage, api: Any) -> None:
    review.list.choose(FIRST)
    review.player.play.click()
    api.made_player.position_s = 0.8 + 4 * 0.36 + 0.1
    review.player._look()
    assert review.take_card.transcript.current == "token"
    api.made_player.playing = False
    review.player._look()
    assert review.take_card.transcript.current == ""
    assert review.player.play.label == "Play"


def test_a_click_on_a_word_plays_from_it(review: ReviewPage, api: Any, qtbot: QtBot) -> None:
    review.list.choose(FIRST)
    view = review.take_card.transcript
    cursor = QTextCursor(view.document())
    cursor.setPosition(view.toPlainText().index("bucket") + 2)
    place = view.cursorRect(cursor).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert plays(api) == [("play", pytest.approx(0.8 + 5 * 0.36), None)]


def test_enter_plays_the_word_at_the_cursor(review: ReviewPage, api: Any, qtbot: QtBot) -> None:
    review.list.choose(FIRST)
    view = review.take_card.transcript
    qtbot.keyClick(view, Qt.Key.Key_End)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert len(plays(api)) == 1


def test_a_quote_plays_exactly_its_moment(review: ReviewPage, api: Any) -> None:
    review.list.choose(FIRST)
    assert review.cards.points is not None
    review.cards.points.rows[0].quote.click()  # type: ignore[union-attr]
    transcript = review.record.takes[1].transcript  # type: ignore[union-attr]
    words = "a token bucket for each client in the edge node"
    start = transcript.text.index(words)
    start_s, end_s = transcript.span(start, start + len(words))
    assert plays(api) == [("play", pytest.approx(start_s - 0.15), pytest.approx(end_s + 0.15))]


def test_the_keys_stay_with_the_review_when_what_had_them_is_built_anew(review: ReviewPage, api: Any) -> None:
    review.list.choose(FIRST)
    assert review.cards.points is not None
    quote = review.cards.points.rows[0].quote
    assert quote is not None
    quote.setFocus(Qt.FocusReason.TabFocusReason)
    assert review.window().focusWidget() is quote
    api.records[CALL] = replace(api.records[CALL], judgements=())
    review.refresh()
    assert review.window().focusWidget() is review.list


def test_a_quote_from_a_follow_up_opens_that_take_first(review: ReviewPage, api: Any) -> None:
    review.list.choose(FIRST)
    assert review.cards.points is not None
    quote = review.cards.points.rows[3].quote
    assert quote is not None
    quote.click()
    assert review.list.row is not None
    assert review.list.row.kind is RowKind.FOLLOW_UP
    assert api.made_player.did[-2][:2] == ("load", "03-q1-follow.wav")
    assert plays(api)[-1][1] == pytest.approx(0.8 + 1 * 0.36 - 0.15)


def test_a_typed_answer_has_no_player(review: ReviewPage) -> None:
    review.list.choose(TYPED)
    assert not review.player.isVisible()
    assert "Typed answer" in review.take_card.note.text()
    assert "eventually consistent" in review.take_card.transcript.toPlainText()


def test_a_failed_judge_is_not_judged_yet_and_never_a_zero(review: ReviewPage) -> None:
    review.list.choose(TYPED)
    text = said(review)
    assert "Not judged yet" in text
    assert "The judge did not answer in time." in text
    assert " 0 %" not in text


def again_buttons(review: ReviewPage) -> list[Button]:
    QApplication.processEvents()
    labels = ("Judge again", "Judging …")
    return [b for b in review.findChildren(Button) if b.isVisible() and b.label in labels]


def asked_again(api: Any) -> list[Any]:
    return [entry for entry in api.did if entry[0] == "judge_again"]


@pytest.mark.parametrize("row", [FORM, TYPED])
def test_what_is_not_judged_yet_can_be_judged_again(review: ReviewPage, api: Any, fakes: Any, row: int) -> None:
    review.list.choose(row)
    api.judged_record = fakes.make_record(all_judged=True)
    (again,) = again_buttons(review)
    again.click()
    assert asked_again(api) == [("judge_again", CALL)]
    assert review.list.rows[TYPED].right == "63 %"
    assert again_buttons(review) == []
    assert not review.banner.isVisible()


def test_a_score_of_which_an_answer_is_missing_says_so(window: MainWindow, api: Any) -> None:
    record = api.records[CALL]
    question = record.header.questions[0].id
    last = [take for take in record.takes if take.question == question][-1]
    assert last.judgement is not None
    failed = replace(last, judgement=replace(last.judgement, points=(), score=None, failed="It did not answer."))
    api.records[CALL] = replace(record, takes=tuple(failed if t.id == last.id else t for t in record.takes))
    window.open_review(CALL)
    window.review.list.choose(FIRST)
    assert window.review.list.rows[FIRST].right.endswith(" % so far")
    assert ", so far" in said(window.review)
    assert len(again_buttons(window.review)) == 1


def test_a_question_that_is_judged_has_nothing_to_judge_again(review: ReviewPage) -> None:
    review.list.choose(FIRST)
    assert again_buttons(review) == []


def test_while_it_is_judged_again_it_says_so_and_a_second_press_does_nothing(review: ReviewPage, api: Any) -> None:
    seen: list[tuple[str, bool, str]] = []

    def meanwhile() -> None:
        (again,) = again_buttons(review)
        seen.append((again.label, again.isEnabled(), review.list.rows[TYPED].right))
        again.click()
        review.judge_again()

    review.list.choose(TYPED)
    api.while_judging = meanwhile
    again_buttons(review)[0].click()
    assert seen == [("Judging …", False, "judging")]
    assert len(asked_again(api)) == 1
    assert [b.label for b in again_buttons(review)] == ["Judge again"]
    assert review.banner.words.text() == (
        "1 answer could still not be judged. The judge did not answer in time. It is tried again later."
    )


def test_a_call_is_not_deleted_while_it_is_judged_again(window: MainWindow, review: ReviewPage, api: Any) -> None:
    said_then: list[str] = []

    def meanwhile() -> None:
        window.open_home()
        window.home.rows[0].delete.click()
        said_then.append(window.home.banner.words.text())

    review.list.choose(TYPED)
    api.while_judging = meanwhile
    again_buttons(review)[0].click()
    assert said_then == ["This call is still being judged. Delete it when its feedback is there."]
    assert not window.home.banner.isVisible()
    assert not [entry for entry in api.did if entry[0] == "delete_call"]


def test_a_call_that_is_open_elsewhere_is_not_judged_and_says_why(review: ReviewPage, api: Any) -> None:
    api.fails["judge_again"] = InputError("This call is still open elsewhere.", "Hang up or close it there first.")
    review.list.choose(TYPED)
    again_buttons(review)[0].click()
    assert review.banner.words.text().startswith("This call is still open elsewhere.")
    assert [b.label for b in again_buttons(review)] == ["Judge again"]


def test_nothing_is_judged_again_while_the_call_is_written_up(review: ReviewPage, api: Any) -> None:
    review.open(CALL, writing=True)
    for row in (FORM, TYPED):
        review.list.choose(row)
        assert again_buttons(review) == []
    review.judge_again()
    assert asked_again(api) == []


def test_a_recording_without_a_transcript_can_be_recognised_again(review: ReviewPage, api: Any, fakes: Any) -> None:
    whole = fakes.make_record(all_judged=True)
    takes = tuple(replace(t, transcript=None) if t.id == "01-intro" else t for t in whole.takes)
    api.records[CALL], api.judged_record = replace(whole, takes=takes), whole
    review.refresh()
    review.list.choose(INTRO)
    assert "Not transcribed yet." in said(review)
    again_buttons(review)[0].click()
    assert "six years" in review.take_card.transcript.toPlainText()
    assert again_buttons(review) == []


def test_a_judgement_for_another_call_does_not_change_the_one_on_screen(review: ReviewPage, api: Any) -> None:
    review.list.choose(TYPED)
    api.while_judging = lambda: review.open("another")
    again_buttons(review)[0].click()
    assert review.record is None
    assert review.banner.words.text() == "There is no call another."


def test_an_answer_that_was_only_a_command_is_not_offered_to_a_judge(review: ReviewPage, api: Any, fakes: Any) -> None:
    whole = fakes.make_record(all_judged=True)
    takes = tuple(replace(t, command="dont_know", judgement=None) if t.question == "q2" else t for t in whole.takes)
    api.records[CALL] = replace(whole, takes=takes, judgements=whole.judgements[:1])
    review.refresh()
    review.list.choose(TYPED)
    assert "There were no words in this answer to judge." in said(review)
    assert again_buttons(review) == []


def test_a_question_that_was_not_reached_says_so(review: ReviewPage) -> None:
    review.list.choose(NOT_REACHED)
    assert "Not answered" in said(review)
    assert not review.take_card.isVisible()


def test_introduction_and_own_questions_are_heard_not_judged(review: ReviewPage) -> None:
    for row in (INTRO, OWN):
        review.list.choose(row)
        assert "nobody scores it" in said(review)
        assert review.player.isVisible()


def test_new_judgements_leave_the_choice_and_the_player_alone(review: ReviewPage, api: Any, fakes: Any) -> None:
    api.records[CALL] = fakes.make_record(judge=False)
    review.open(CALL, writing=True)
    review.list.choose(FIRST)
    assert "The judge is reading this answer." in said(review)
    review.player.play.click()
    api.made_player.position_s = 7.0
    loads = len([entry for entry in api.made_player.did if entry[0] == "load"])
    api.records[CALL] = fakes.make_record()
    review.refresh()
    assert "63 %" in said(review)
    assert api.made_player.playing
    assert len([entry for entry in api.made_player.did if entry[0] == "load"]) == loads


def test_a_speaker_that_is_gone_is_said_and_the_button_springs_back(review: ReviewPage, api: Any) -> None:
    def play(*_: object) -> None:
        raise NoSpeaker("The speaker went away.", "Plug it in again.")

    review.list.choose(FIRST)
    api.made_player.play = play
    review.player.play.click()
    assert review.banner.words.text() == "The speaker went away. Plug it in again."
    assert review.player.play.label == "Play"


def test_leaving_the_review_is_quiet(window: MainWindow, review: ReviewPage, api: Any) -> None:
    review.list.choose(FIRST)
    review.player.play.click()
    window.open_home()
    assert not api.made_player.playing
    assert not review.player._poll.isActive()


def test_words_behind_an_emoji_are_still_found(qtbot: QtBot, theme: Theme) -> None:
    text = "so 🙂 cache it"
    at = text.index("cache")
    view = TranscriptView(theme)
    qtbot.addWidget(view)
    view.resize(300, 100)
    view.show_transcript(Transcript(text, text, (Word("cache", 1.0, 1.4, 0.9, at, at + 5),)))
    with qtbot.waitSignal(view.word_chosen) as chosen:
        view._choose(at + 2)
    assert chosen.args == [1.0]
    view.show_position(1.1)
    assert [s.cursor.selectedText() for s in view.extraSelections()] == ["cache"]


def test_unsure_words_are_underlined(review: ReviewPage) -> None:
    review.list.choose(FIRST)
    view = review.take_card.transcript
    assert [s.cursor.selectedText() for s in view.extraSelections()] == ["sync"]


def test_peaks_survive_silence_the_loudest_sample_and_a_broken_file(tmp_path: Path) -> None:
    assert not shape_of(np.zeros(1000, np.int16), 10).any()
    loud = np.zeros(1000, np.int16)
    loud[550] = -32768
    assert list(shape_of(loud, 10).nonzero()[0]) == [5]
    assert shape_of(loud, 10)[5] == 1.0
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"RIFF\x00\x00")
    assert not peaks(broken).any()
    assert not peaks(tmp_path / "missing.wav").any()


def test_a_call_is_kept_for_ever_from_its_review(window: MainWindow, api: Any, qtbot: QtBot) -> None:
    window.open_review("20261123-174203-7f3a")
    review = window.review
    assert (review.keep.label, review.keep.icon_name) == ("Keep for ever", "star")
    qtbot.keyClick(review.list, Qt.Key.Key_K)
    assert api.records["20261123-174203-7f3a"].kept
    assert (review.keep.label, review.keep.icon_name) == ("Keep no longer", "star-filled")
    window.open_home()
    assert window.home.rows[0].kept
    window.open_review("20261123-174203-7f3a")
    assert review.keep.label == "Keep no longer"
    review.keep.click()
    assert not api.records["20261123-174203-7f3a"].kept

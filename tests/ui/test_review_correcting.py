"""A misheard word, corrected in the review by keyboard alone: kept, shown, judged, undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hireflow_voice.app.api import Undo, WordChange
from hireflow_voice.errors import InputError
from hireflow_voice.ui.pages.review import ReviewPage
from hireflow_voice.ui.pages.review_correct import CorrectDialog
from hireflow_voice.ui.tasks import Tasks
from hireflow_voice.ui.widgets.buttons import Button
from hireflow_voice.ui.window import MainWindow

CALL = "20261123-174203-7f3a"
FIRST, FOLLOW_UP, TYPED = 2, 3, 4


class Soon:
    """An executor that waits for the key to be let go: work that looks at the window runs the event loop, and Qt would
    destroy the closed dialog while it is still handing it the key that closed it."""

    def submit(self, work: Callable[[], None], /) -> None:
        QTimer.singleShot(0, work)


@pytest.fixture
def tasks(qapp: QApplication) -> Tasks:
    return Tasks(Soon())


@pytest.fixture
def review(window: MainWindow) -> ReviewPage:
    window.open_review(CALL)
    QApplication.processEvents()
    window.review.list.choose(FIRST)
    QApplication.processEvents()
    return window.review


def dialog(review: ReviewPage) -> CorrectDialog:
    (there,) = [d for d in review.findChildren(CorrectDialog) if d.isVisible()]
    return there


def asked(api: Any) -> list[Any]:
    return [entry for entry in api.did if entry[0] == "correct"]


def put_cursor(review: ReviewPage, word: str) -> None:
    view = review.take_card.transcript
    view.setFocus(Qt.FocusReason.TabFocusReason)
    cursor = QTextCursor(view.document())
    cursor.setPosition(view.toPlainText().index(word) + 1)
    view.setTextCursor(cursor)


def correct(review: ReviewPage, qtbot: QtBot, word: str, written: str) -> None:
    put_cursor(review, word)
    qtbot.keyClick(review.take_card.transcript, Qt.Key.Key_F2)
    said = dialog(review).said
    assert said.text() == word
    qtbot.keyClicks(said, written)
    qtbot.keyClick(said, Qt.Key.Key_Return)
    QApplication.processEvents()


def test_the_word_at_the_cursor_is_corrected_by_keyboard(review: ReviewPage, api: Any, qtbot: QtBot) -> None:
    start = review.take_card.transcript.toPlainText().index("edge")
    correct(review, qtbot, "edge", "each")
    assert asked(api) == [("correct", CALL, "02-q1-answer", WordChange(start, start + 4, "each"))]
    card = review.take_card
    assert "in the each node" in card.transcript.toPlainText()
    assert "Underlined: corrected by you." in card.key.text()
    (undo,) = card.corrections.buttons
    assert undo.accessibleName() == "Undo “each”"
    assert "63 %" in review.list.rows[FIRST].right
    undo.click()
    QApplication.processEvents()
    assert asked(api)[-1] == ("correct", CALL, "02-q1-answer", Undo(0))
    assert "in the edge node" in card.transcript.toPlainText()
    assert not card.corrections.isVisible()


def test_f2_on_the_page_takes_the_word_the_recogniser_was_unsure_of(review: ReviewPage, qtbot: QtBot) -> None:
    qtbot.keyClick(review.list, Qt.Key.Key_F2)
    assert dialog(review).said.text() == "sync"


def test_the_comma_behind_a_word_stays(review: ReviewPage, qtbot: QtBot) -> None:
    correct(review, qtbot, "second", "minute")
    assert "every minute, so a client" in review.take_card.transcript.toPlainText()


def test_a_selection_is_corrected_as_a_whole(review: ReviewPage, qtbot: QtBot) -> None:
    view = review.take_card.transcript
    cursor = QTextCursor(view.document())
    start = view.toPlainText().index("token bucket")
    cursor.setPosition(start)
    cursor.setPosition(start + 9, QTextCursor.MoveMode.KeepAnchor)
    view.setTextCursor(cursor)
    review.take_card.correct.click()
    assert dialog(review).said.text() == "token bucket"


def test_the_moment_can_be_heard_while_it_is_corrected(review: ReviewPage, api: Any, qtbot: QtBot) -> None:
    review.take_card.correct.click()
    dialog(review).listen.click()
    QApplication.processEvents()
    span = review.record.takes[1].transcript.span(*_place(review, "sync"))  # type: ignore[union-attr]
    assert span is not None
    assert api.made_player.did[-1] == ("play", pytest.approx(span[0] - 0.15), pytest.approx(span[1] + 0.15))


def _place(review: ReviewPage, word: str) -> tuple[int, int]:
    start = review.take_card.transcript.toPlainText().index(word)
    return start, start + len(word)


def test_the_same_or_no_word_cannot_be_kept_and_leaving_changes_nothing(
    review: ReviewPage, api: Any, qtbot: QtBot
) -> None:
    review.take_card.correct.click()
    ask = dialog(review)
    assert not ask.keep.isEnabled()
    ask.said.setText("…")
    assert not ask.keep.isEnabled()
    ask.said.setText("sink")
    assert ask.keep.isEnabled()
    qtbot.keyClick(ask, Qt.Key.Key_Escape)
    assert not asked(api)


def test_terms_of_the_question_are_offered(review: ReviewPage) -> None:
    review.take_card.correct.click()
    completer = dialog(review).said.completer()
    completer.setCompletionPrefix("TOK")
    assert completer.currentCompletion() == "token bucket"


def test_while_it_is_judged_the_correction_shows_and_judging_can_be_stopped(
    review: ReviewPage, api: Any, qtbot: QtBot
) -> None:
    seen: list[tuple[str, bool, str]] = []

    def meanwhile() -> None:
        QApplication.processEvents()
        (stop,) = [b for b in review.findChildren(Button) if b.isVisible() and b.label == "Stop judging"]
        seen.append(
            ("each node" in review.take_card.transcript.toPlainText(), api.cancelled(), review.list.rows[FIRST].right)  # type: ignore[arg-type]
        )
        stop.click()
        assert api.cancelled()

    api.while_judging = meanwhile
    correct(review, qtbot, "edge", "each")
    assert seen == [(True, False, "judging")]
    assert review.list.rows[FIRST].right == "not judged"
    assert not review.banner.isVisible(), "it was stopped on purpose"
    assert [b.label for b in review.findChildren(Button) if b.isVisible() and "udg" in b.label] == ["Judge again"]


def test_a_correction_that_is_refused_says_why_and_changes_nothing(review: ReviewPage, api: Any, qtbot: QtBot) -> None:
    api.fails["correct"] = InputError("This call is still open elsewhere.", "Hang up or close it there first.")
    correct(review, qtbot, "edge", "each")
    assert review.banner.words.text().startswith("This call is still open elsewhere.")
    assert "in the edge node" in review.take_card.transcript.toPlainText()


def test_the_menu_of_a_word_has_the_same_actions(review: ReviewPage, api: Any) -> None:
    put_cursor(review, "edge")
    menu = review.take_card.transcript.menu()
    assert [a.text().split("\t") for a in menu.actions()] == [
        ["Hear from here", "Enter"],
        ["Correct", "F2"],
        ["Copy", "Ctrl+C"],
    ]
    menu.actions()[0].trigger()
    QApplication.processEvents()
    assert api.made_player.did[-1][0] == "play"
    menu.actions()[1].trigger()
    assert dialog(review).said.text() == "edge"


def test_a_typed_answer_has_nothing_to_correct(review: ReviewPage, qtbot: QtBot) -> None:
    review.list.choose(TYPED)
    assert not review.take_card.correct.isVisible()
    qtbot.keyClick(review.list, Qt.Key.Key_F2)
    assert not review.findChildren(CorrectDialog)

"""Out of the review and back: reports, call files, and a mentor who scores before seeing the judge."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from hireflow_voice.errors import InputError, MachineError
from hireflow_voice.records import CallFile, MentorReview
from hireflow_voice.ui.pages.review import ReviewPage
from hireflow_voice.ui.pages.review_export import DATA, MARKDOWN, MENTOR, PAGE, PDF, SCORES, SOUND, WHOLE, Form
from hireflow_voice.ui.widgets.basics import Label
from hireflow_voice.ui.widgets.choices import Segments
from hireflow_voice.ui.window import MainWindow
from hireflow_voice.verdict import Verdict

CALL = "20261123-174203-7f3a"
FORM, INTRO, FIRST, FOLLOW_UP, TYPED, NOT_REACHED, OWN = range(7)
TASK = MentorReview("0000000a", mine=True)


@pytest.fixture
def review(window: MainWindow) -> ReviewPage:
    window.open_review(CALL)
    QApplication.processEvents()
    return window.review


@pytest.fixture
def blind(api: Any, window: MainWindow) -> ReviewPage:
    """A call that came for a mentor."""
    api.records[CALL] = replace(api.records[CALL], mentors=(TASK,))
    window.open_review(CALL)
    QApplication.processEvents()
    return window.review


def said(review: ReviewPage) -> str:
    QApplication.processEvents()
    return "\n".join(label.text() for label in review.findChildren(Label) if label.isVisible())


def asked(api: Any, name: str) -> list[Any]:
    return [entry for entry in api.did if entry[0] == name]


def press(row: Segments, key: Qt.Key, qtbot: QtBot) -> None:
    """A key on the chosen one of a row, which Tab has reached."""
    chosen = row._group.checkedButton()
    chosen.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(chosen, key)


# -- exports -----------------------------------------------------------------------------------------------------------


def test_the_export_key_opens_a_menu_of_everything_there_is(review: ReviewPage, qtbot: QtBot) -> None:
    qtbot.keyClick(review.list, Qt.Key.Key_E)
    (menu,) = [m for m in review.findChildren(QMenu) if m.isVisible()]
    assert [a.text() for a in menu.actions() if a.text()] == [
        "PDF …", "Web page …", "Web page with sound …", "Markdown …", "JSON …", "Call file, to keep or move …",
        "Call file for a mentor, who scores it blind …",
    ]  # fmt: skip
    menu.close()


@pytest.mark.parametrize(
    ("form", "how"),
    [(MARKDOWN, ("md", False)), (PAGE, ("html", False)), (SOUND, ("html", True)), (DATA, ("json", False))],
)
def test_a_report_is_written_as_it_was_chosen(
    review: ReviewPage, api: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: Form, how: tuple[str, bool]
) -> None:
    names: list[str] = []
    path = tmp_path / f"report.{form.suffix}"
    monkeypatch.setattr(review.exports, "ask_where", lambda name, form: names.append(name) or str(path))
    menu = review.exports.menu(review.record)  # type: ignore[arg-type]
    next(a for a in menu.actions() if a.text() == f"{form.title} …").trigger()
    assert names == [f"{CALL}.{form.suffix}"]
    assert asked(api, "export") == [("export", CALL, *how)]
    assert path.read_text() == f"report of {CALL} as {how[0]}"
    assert str(path) in review.detail.text()
    assert not review.working.isVisible()


def test_a_pdf_is_printed_from_the_window(review: ReviewPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(review.exports, "ask_where", lambda name, form: str(tmp_path / "report.pdf"))
    review.exports.run(review.record, PDF)  # type: ignore[arg-type]
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize(("form", "kind"), [(WHOLE, CallFile.WHOLE), (MENTOR, CallFile.MENTOR)])
def test_the_call_itself_is_written_as_one_file(
    review: ReviewPage, api: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: Form, kind: CallFile
) -> None:
    monkeypatch.setattr(review.exports, "ask_where", lambda name, form: str(tmp_path / name))
    review.exports.run(review.record, form)  # type: ignore[arg-type]
    assert asked(api, "export_file") == [("export_file", CALL, tmp_path / f"{CALL}-{form.id}.zip", kind)]


def test_while_it_is_written_it_says_so_and_can_be_stopped(
    review: ReviewPage, api: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, bool]] = []
    export = api.export

    def slow(call: str, form: str, **how: Any) -> str:
        text = export(call, form, **how)
        seen.append((review.work.text(), review.working.isVisible()))
        review.stop_work.click()
        return str(text)

    monkeypatch.setattr(api, "export", slow)
    monkeypatch.setattr(review.exports, "ask_where", lambda name, form: str(tmp_path / "page.html"))
    before = review.detail.text()
    review.exports.run(review.record, SOUND)  # type: ignore[arg-type]
    assert seen == [("Writing page.html …", True)]
    assert api.cancelled()
    assert not (tmp_path / "page.html").exists()
    assert (review.detail.text(), review.working.isVisible(), review.exports.busy) == (before, False, False)


def test_what_cannot_be_written_says_so(
    review: ReviewPage, api: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(review.exports, "ask_where", lambda name, form: str(tmp_path / "no" / "folder.md"))
    review.exports.run(review.record, MARKDOWN)  # type: ignore[arg-type]
    assert "could not be written" in review.banner.words.text()
    api.fails["export_file"] = MachineError("The disk is full.", "Free some space.")
    review.exports.run(review.record, WHOLE)  # type: ignore[arg-type]
    assert review.banner.words.text() == "The disk is full. Free some space."
    monkeypatch.setattr(review.exports, "ask_where", lambda name, form: "")
    count = len(api.did)
    review.exports.run(review.record, WHOLE)  # type: ignore[arg-type]
    assert len(api.did) == count, "leaving the dialog does nothing"


# -- imports -----------------------------------------------------------------------------------------------------------


def test_a_call_file_is_opened_by_key_and_shown(
    window: MainWindow, api: Any, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window, "ask_file", lambda: "/somewhere/call.zip")
    qtbot.keyClick(window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    assert asked(api, "import_file") == [("import_file", Path("/somewhere/call.zip"))]
    assert window.pages.currentWidget() is window.review
    assert window.review.call == CALL


def test_a_file_that_is_no_call_says_so_on_home(window: MainWindow, api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    api.fails["import_file"] = InputError("This is not a call file.", "Nothing was imported.")
    monkeypatch.setattr(window, "ask_file", lambda: "/somewhere/virus.zip")
    window.home.open_file.click()
    assert window.home.banner.words.text() == "This is not a call file. Nothing was imported."
    assert window.pages.currentWidget() is window.home
    monkeypatch.setattr(window, "ask_file", lambda: "")
    window.home.open_file.click()
    assert len(asked(api, "import_file")) == 1


# -- a mentor ----------------------------------------------------------------------------------------------------------


def test_a_mentor_sees_nothing_of_the_judge_before_scoring(blind: ReviewPage) -> None:
    seen = ""
    for row in range(len(blind.list.rows)):
        blind.list.choose(row)
        seen += said(blind)
        assert not any(mark.kind.value == "quote" for mark in blind.player.wave._marks)
    seen += " ".join(f"{row.text} {row.right}" for row in blind.list.rows)
    for secret in ("63 %", "93 %", "Hire", "hire", "strong", "Judged", "Qwen"):
        assert secret not in seen.replace("What a strong answer adds", ""), secret
    assert "The judge's verdicts are hidden" in seen
    (action,) = blind.exports.menu(blind.record).actions()  # type: ignore[arg-type]
    assert not action.isEnabled()


def test_a_mentor_scores_by_keyboard_alone_and_it_is_kept(blind: ReviewPage, api: Any, qtbot: QtBot) -> None:
    blind.list.choose(FIRST)
    score = blind.cards.score
    assert score is not None
    for _ in range(3):
        press(score.rows[0], Qt.Key.Key_Right, qtbot)
    press(score.rows[1], Qt.Key.Key_Right, qtbot)
    score.note.setFocus()
    qtbot.keyClicks(score.note, "Say the price first.")
    qtbot.keyClick(score.note, Qt.Key.Key_Return)
    kept = api.records[CALL].scoring
    assert kept.points == {"q1": {"local": Verdict.COVERED, "sync": Verdict.MISSING}}
    assert kept.notes == {"q1": "Say the price first."}
    assert blind.cards.score is score, "the card stays under the hands"
    assert blind.list.rows[FIRST].right == "2 of 5"
    blind.list.choose(FORM)
    assert "2 of 10 key points scored" in said(blind)
    blind.list.choose(FIRST)
    assert blind.cards.score is not score
    assert [row.index() for row in blind.cards.score.rows] == [3, 1, 0, 0, 0]  # type: ignore[union-attr]
    press(blind.cards.score.rows[1], Qt.Key.Key_Left, qtbot)  # type: ignore[union-attr]
    assert api.records[CALL].scoring.points == {"q1": {"local": Verdict.COVERED}}


def test_after_scoring_both_are_compared_and_the_scores_are_sent_back(
    blind: ReviewPage, api: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = blind.cards.blind
    assert card is not None
    assert not card.reveal.isEnabled()
    given = {"local": Verdict.COVERED, "sync": Verdict.MISSING, "key": Verdict.PARTLY}
    blind._score(replace(TASK, name="Anna", points={"q1": given}, notes={"q1": "Say the price first."}))
    blind.list.choose(FIRST)
    blind.list.choose(FORM)
    blind.cards.blind.reveal.click()  # type: ignore[union-attr]
    text = said(blind)
    for part in ("Hire", "Anna and the judge", "They agree on 1 of 3 key points (33 %).", "Say the price first."):
        assert part in text, part
    (card_after,) = blind.cards.agreements
    first, second = card_after.differences
    assert first.label.startswith("Question 1 · Anna: missing, judge: covered")
    assert second.label.startswith("Question 1 · Anna: partly, judge: missing")
    first.click()
    assert blind.list.row.question == "q1"  # type: ignore[union-attr]
    assert "Anna" in said(blind)
    assert blind.cards.score is None
    blind.list.choose(FORM)
    monkeypatch.setattr(blind.exports, "ask_where", lambda name, form: str(tmp_path / name))
    next(
        b for b in blind.cards.agreements[0].findChildren(type(blind.export)) if b.label == "Send the scores back"
    ).click()
    assert asked(api, "export_file")[-1][-1] is CallFile.SCORES
    menu = blind.exports.menu(blind.record)  # type: ignore[arg-type]
    assert f"{SCORES.title} …" in [action.text() for action in menu.actions()]


def test_the_candidate_sees_a_mentors_scores_beside_the_judge(review: ReviewPage, api: Any) -> None:
    theirs = MentorReview(
        "0000000b",
        "Anna",
        {"q1": {"local": Verdict.PARTLY, "gone": Verdict.COVERED}},
        {"q1": "<b>Well</b> done."},
        revealed=True,
    )
    api.records[CALL] = replace(api.records[CALL], mentors=(theirs,))
    review.refresh()
    text = said(review)
    assert "They agree on 0 of 1 key point (0 %)." in text
    assert "<b>Well</b> done." in text
    review.list.choose(FIRST)
    assert "Anna" in said(review)
    assert "93 %" in said(review)
    assert not [a for a in review.exports.menu(review.record).actions() if SCORES.title in a.text()]  # type: ignore[arg-type]

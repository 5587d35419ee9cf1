"""Questions for the candidate's job: offered with an endpoint only, written behind the window, kept apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from hireflow_voice.errors import EndpointError
from hireflow_voice.settings import Endpoint
from hireflow_voice.ui.pages.home_material import MaterialDialog
from hireflow_voice.ui.window import MainWindow

JOB = "Job.pdf"


def asked(api: Any, name: str) -> list[Any]:
    return [entry[1:] for entry in api.did if entry[0] == name]


def opened(window: MainWindow, api: Any, *, endpoint: bool = True) -> MaterialDialog:
    """The dialog with one document in it."""
    if endpoint:
        chosen = Endpoint(enabled=True, base_url="http://127.0.0.1:11434/v1", model="qwen3:30b")
        window.keeper.change(endpoint=chosen)
    api.add_material(Path(f"/somewhere/{JOB}"))
    window.home.refresh()
    window.home.card.material.click()
    return next(d for d in window.findChildren(MaterialDialog) if d.isVisible())


def test_without_an_endpoint_nothing_is_offered(window: MainWindow, api: Any) -> None:
    dialog = opened(window, api, endpoint=False)
    assert not dialog.writing.isVisible()
    assert not window.home.card.written.isVisible()


def test_they_are_written_with_the_keyboard_alone_and_then_asked_first(
    window: MainWindow, api: Any, fakes: Any, qtbot: QtBot
) -> None:
    dialog, card = opened(window, api), window.home.card
    part = dialog.writing
    assert fakes.WRITER in part.words.text(), "whoever gets the text is named before it is sent"
    said: list[tuple[str, str]] = []
    api.while_writing = lambda: said.append((part.news.text(), part.write.label))
    part.write.setFocus()
    qtbot.keyClick(part.write, Qt.Key.Key_Return)
    assert asked(api, "write_questions") == [(JOB, "cloudflare", "technical-phone", 5)]
    assert said == [
        (f"{fakes.WRITER} is writing 5 questions; this takes a minute or more.", "Stop writing"),
    ]
    assert part.write.label == part.write.toolTip() == "Write questions for this job"
    assert part.news.text().splitlines() == [
        "3 questions written. Home offers them under “Questions”.",
        "Left out: “How would you” The hint gives this key point away.",
    ]
    dialog.leave.click()
    assert card.written.isVisible()
    window.home.start()
    assert not asked(api, "start_call")[0][0].written, "not unless they are asked for"
    window.open_home()
    card.written.choose(1)
    window.home.start()
    assert asked(api, "start_call")[1][0].written


def test_writing_is_stopped_and_nothing_is_kept(window: MainWindow, api: Any) -> None:
    dialog = opened(window, api)
    api.while_writing = lambda: dialog.writing.write.click()
    dialog.writing.write.click()
    assert dialog.writing.news.text() == "Nothing was written."
    assert not window.home.card.written.isVisible()


def test_it_goes_on_behind_a_closed_dialog_and_ends_with_the_window(window: MainWindow, api: Any) -> None:
    dialog = opened(window, api)
    api.while_writing = lambda: dialog.accept()
    dialog.writing.write.click()
    assert window.home.card.written.isVisible()
    stopped: list[bool] = []
    window.home.writing.stop = lambda: stopped.append(True)  # type: ignore[method-assign]
    window.shut()
    assert stopped == [True]


def test_a_server_that_fails_is_named(window: MainWindow, api: Any) -> None:
    dialog = opened(window, api)
    api.fails["write_questions"] = EndpointError("Nothing answers at 127.0.0.1.", "Is the server running?")
    dialog.writing.write.click()
    assert dialog.banner.words.text() == "Nothing answers at 127.0.0.1. Is the server running?"
    assert dialog.writing.write.label == "Write questions for this job"


def test_what_was_written_is_shown_and_deleted(window: MainWindow, api: Any) -> None:
    dialog = opened(window, api)
    dialog.writing.write.click()
    forget = next(b for b in dialog.findChildren(type(dialog.add)) if b.label == "Delete the written questions")
    forget.click()
    assert asked(api, "forget_written") == [("cloudflare", "technical-phone")]
    assert not window.home.card.written.isVisible()


def test_of_several_documents_one_is_chosen(window: MainWindow, api: Any, qtbot: QtBot) -> None:
    api.add_material(Path("/somewhere/A-resume.md"))
    dialog = opened(window, api)
    assert dialog.writing.document.isVisible()
    dialog.writing.document.setFocus()
    qtbot.keyClick(dialog.writing.document, Qt.Key.Key_Down)
    dialog.writing.write.click()
    assert asked(api, "write_questions")[0][0] == JOB

"""The notes pad: opened, written and left with keys, kept as it is typed, and there in the review."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from hireflow_voice.errors import DiskFull
from hireflow_voice.events import CallEnded, Phase, PhaseChanged, Press
from hireflow_voice.ui.pages.call import CallPage
from hireflow_voice.ui.widgets.basics import Label
from hireflow_voice.ui.window import MainWindow


@pytest.fixture
def call(window: MainWindow, api: Any) -> CallPage:
    window.home.start()
    api.on_event(PhaseChanged(0.0, Phase.SPEAKING))
    api.on_event(PhaseChanged(30.0, Phase.LISTENING))
    return window.call


def kept(api: Any) -> list[str]:
    return [did[2] for did in api.did if did[0] == "save_notes"]


def test_notes_are_taken_by_keyboard_and_kept_while_they_are_typed(call: CallPage, api: Any, qtbot: QtBot) -> None:
    qtbot.keyClick(call.window().focusWidget(), Qt.Key.Key_N)
    assert call.window().focusWidget() is call.notes.editor
    qtbot.keyClicks(call.notes.editor, "Ask about mskr ")
    assert api.live.posted == [], "its letters press nothing"
    qtbot.waitUntil(lambda: kept(api) == ["Ask about mskr "])
    qtbot.keyClick(call.notes.editor, Qt.Key.Key_Escape)
    assert call.notes.is_open
    qtbot.keyClick(call.window().focusWidget(), Qt.Key.Key_Space)
    assert api.live.posted == [Press.DONE]
    qtbot.keyClick(call.window().focusWidget(), Qt.Key.Key_N)
    assert not call.notes.is_open
    qtbot.keyClick(call.window().focusWidget(), Qt.Key.Key_N)
    qtbot.keyClicks(call.notes.editor, "today")
    call.notes.keep()
    assert kept(api)[-1] == "Ask about mskr today"


def test_the_last_words_are_kept_when_the_call_ends_and_stand_in_the_review(
    window: MainWindow, call: CallPage, api: Any, qtbot: QtBot
) -> None:
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_N)
    qtbot.keyClicks(call.notes.editor, "KV is <b>eventual</b>")
    api.on_event(CallEnded(60.0, api.live.id, True))
    assert kept(api) == ["KV is <b>eventual</b>"]
    window.review.list.choose(0)
    shown = [label.text() for label in window.review.findChildren(Label) if label.isVisible()]
    assert "Your notes" in shown
    assert "KV is <b>eventual</b>" in shown


def test_what_was_noted_while_it_rang_is_kept_once_there_is_a_call(window: MainWindow, api: Any) -> None:
    window.call.begin("A call")
    window.call.notes.editor.setPlainText("breathe")
    window.call.notes.keep()
    assert kept(api) == []
    window._live = api.live
    window.call.attach(api.live)
    assert kept(api) == ["breathe"]


def test_the_notes_of_a_call_that_was_broken_off_are_there_again(window: MainWindow, api: Any, fakes: Any) -> None:
    api.records[api.live.id] = replace(fakes.make_record(), notes="First half.")
    window.resume(api.live.id)
    assert window.call.notes.is_open
    assert window.call.notes.text == "First half."
    assert kept(api) == []


def test_the_next_call_begins_with_an_empty_pad(window: MainWindow, call: CallPage, api: Any) -> None:
    call.notes.set_open(True)
    call.notes.editor.setPlainText("of this call")
    api.on_event(CallEnded(60.0, api.live.id, True))
    api.records[api.live.id] = replace(api.records[api.live.id], notes="")
    window.home.start()
    assert (call.notes.text, call.notes.is_open) == ("", False)
    assert kept(api) == ["of this call"]


def test_a_disk_that_is_full_is_said_on_the_call(call: CallPage, api: Any) -> None:
    api.fails["save_notes"] = DiskFull("The disk is full.", "Free some space.")
    call.notes.editor.setPlainText("lost?")
    call.notes.keep()
    assert call.banner.words.text() == "The disk is full. Free some space."
    assert call.notes.text == "lost?"


@pytest.mark.parametrize("ends", ["hung up while he speaks", "he hangs up"])
def test_what_was_typed_while_nobody_listened_becomes_a_note_when_the_call_ends(
    call: CallPage, api: Any, ends: str
) -> None:
    call.notes.editor.setPlainText("Ask about the rota.")
    api.on_event(PhaseChanged(40.0, Phase.SPEAKING))
    call.state.typing.editor.setPlainText("With a token bucket.")
    if ends == "he hangs up":
        api.on_event(CallEnded(60.0, api.live.id, True))
    else:
        call.hang_up()
        assert api.live.posted == [Press.HANG_UP]
    assert kept(api)[-1] == "Ask about the rota.\nTyped, not sent: With a token bucket."
    assert call.state.typing.editor.toPlainText() == ""

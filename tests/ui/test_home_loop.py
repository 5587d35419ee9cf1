"""Home's full loop: begun, held round by round, looked at, exported and ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from hireflow_voice.errors import DataFolderUnusable
from hireflow_voice.ui.pages.home_loop import LoopDialog, day_of
from hireflow_voice.ui.window import MainWindow

CALL = "20261123-174203-7f3a"


def asked(api: Any, name: str) -> list[Any]:
    return [entry[1:] for entry in api.did if entry[0] == name]


def looping(window: MainWindow, api: Any, fakes: Any, held: int = 2) -> LoopDialog:
    """A loop of which some rounds are held, with its dialog open."""
    api.looped = fakes.some_loop(held)
    window.home.refresh()
    window.home.loop.rounds.click()
    return next(d for d in window.findChildren(LoopDialog) if d.isVisible())


def test_a_loop_is_begun_at_the_chosen_company_with_the_keyboard_alone(
    window: MainWindow, api: Any, qtbot: QtBot
) -> None:
    today, strip = window.home.today, window.home.loop
    assert today.loop.label == "Full loop at Cloudflare"
    assert today.loop.toolTip() == today.loop.label
    assert not strip.isVisible()
    today.loop.setFocus()
    qtbot.keyClick(today.loop, Qt.Key.Key_Return)
    assert asked(api, "start_loop") == [("cloudflare",)]
    assert strip.isVisible()
    assert not today.loop.isVisible(), "one at a time"


def test_a_company_with_one_round_has_no_loop(window: MainWindow, api: Any) -> None:
    api.all_rounds = api.all_rounds[:1]
    window.home.refresh()
    assert not window.home.today.loop.isVisible()


def test_the_strip_says_which_round_is_next_and_its_key_starts_it_as_it_will_be(
    window: MainWindow, api: Any, fakes: Any, qtbot: QtBot
) -> None:
    window.home.card.mode.choose(1)
    api.looped = fakes.some_loop(2)
    window.home.refresh()
    strip = window.home.loop
    assert strip.title.text().startswith("Full loop at Cloudflare: Networking fundamentals, ")
    assert strip.words.text().startswith("2 of 4 rounds held. Then Systems and security, ")
    qtbot.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    (options,) = asked(api, "start_call")[0]
    assert options == api.looped.next
    assert options.loop == api.looped.loop.id
    assert not options.coach


def test_what_blocks_a_call_blocks_the_next_round(window: MainWindow, api: Any, fakes: Any) -> None:
    api.items = fakes.MODELS_MISSING
    api.looped = fakes.some_loop(0)
    window.home.refresh()
    window.home.loop.start.click()
    assert asked(api, "start_call") == []


@pytest.mark.parametrize(("iso", "said"), [
    ("2026-11-25", "today"), ("2026-11-26", "tomorrow"), ("2026-12-03", "3 Dec 2026"),
    ("2026-11-21", "planned for 21 Nov 2026"), ("soon", "soon"),
])  # fmt: skip
def test_days_are_said_as_people_say_them(iso: str, said: str) -> None:
    assert day_of(iso, date(2026, 11, 25)) == said


def test_a_round_that_was_held_opens_its_review(window: MainWindow, api: Any, fakes: Any) -> None:
    dialog = looping(window, api, fakes)
    assert dialog.reason.text().startswith("2 of 4 rounds held.")
    assert not dialog.decision.isVisible(), "nothing is decided before every round is held"
    assert [button.label for button in dialog.opens] == [
        "Open the review of Recruiter screen",
        "Open the review of Technical phone interview",
    ]
    dialog.opens[1].click()
    assert window.pages.currentWidget() is window.review
    assert window.review.call == CALL


def test_when_every_round_is_held_the_debrief_decides_and_is_exported(
    window: MainWindow, api: Any, fakes: Any, tmp_path: Path
) -> None:
    api.looped = fakes.some_loop(4)
    window.home.refresh()
    assert window.home.loop.rounds.label == "Debrief"
    assert not window.home.loop.start.isVisible()
    dialog = looping(window, api, fakes, 4)
    assert dialog.decision.text() == "Hire"
    assert "practice estimate" in dialog.reason.text()
    dialog.ask_file = lambda: ""
    dialog.export.click()
    assert asked(api, "debrief") == []
    for name, form in (("mine", "md"), ("mine.json", "json")):
        dialog.ask_file = lambda name=name: str(tmp_path / name)  # type: ignore[misc]
        dialog.export.click()
        assert (tmp_path / (name if "." in name else f"{name}.md")).read_text() == f"debrief as {form}"
    dialog.ask_file = lambda: str(tmp_path / "no" / "such" / "file.md")
    dialog.export.click()
    assert "could not be written" in dialog.banner.words.text()


def test_a_loop_is_ended_and_another_can_begin(window: MainWindow, api: Any, fakes: Any) -> None:
    dialog = looping(window, api, fakes)
    api.fails["end_loop"] = DataFolderUnusable("The disk cannot be written.", "Look at it.")
    dialog.forget.click()
    assert "cannot be written" in dialog.banner.words.text()
    del api.fails["end_loop"]
    loop = api.looped.loop.id
    dialog.forget.click()
    assert asked(api, "end_loop")[-1] == (loop,)
    assert not window.home.loop.isVisible()
    assert window.home.today.loop.isVisible()


def test_names_from_a_bank_are_shown_as_they_are(window: MainWindow, api: Any, fakes: Any) -> None:
    status = fakes.some_loop(1)
    steps = tuple(replace(step, title="<b>Round</b>") for step in status.loop.steps)
    api.looped = replace(status, loop=replace(status.loop, title="<img src=x>", steps=steps))
    window.home.refresh()
    assert "<b>Round</b>" in window.home.loop.title.text()
    assert window.home.loop.title.textFormat() is Qt.TextFormat.PlainText

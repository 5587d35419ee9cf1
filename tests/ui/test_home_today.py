"""Home's plan for today, the papers that lean the questions, the example call, and what is restored."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from hireflow_voice.app.api import CallOptions, RoundInfo
from hireflow_voice.app.today import Step, Today
from hireflow_voice.errors import InputError, MachineError
from hireflow_voice.preparation.plan import Kind
from hireflow_voice.ui.pages.home_material import MaterialDialog
from hireflow_voice.ui.pages.home_today import PlanDialog
from hireflow_voice.ui.tasks import Tasks
from hireflow_voice.ui.theme import Theme
from hireflow_voice.ui.window import MainWindow

DAY = date(2026, 12, 7)
DRILL = CallOptions(questions=2, minutes=10.0, question_ids=("q1", "q2"))
PLANNED = Today(
    "Cloudflare", DAY, 12, 30, 0.0, True,
    (
        Step(Kind.DRILL, "Technical phone interview", 10.0, "Points of 2 questions are due again.", (), DRILL),
        Step(Kind.CALL, "Networking fundamentals", 15.0, "You have not tried this round yet.", (), CallOptions()),
    ),
)  # fmt: skip


def asked(api: Any, name: str) -> list[Any]:
    return [entry[1:] for entry in api.did if entry[0] == name]


def planned(window: MainWindow, api: Any, today: Today = PLANNED) -> None:
    api.planned = today
    window.keeper.change(interview_date=today.interview.isoformat())
    window.home.refresh()


def shown(window: MainWindow) -> str:
    return f"{window.home.today.title.text()} | {window.home.today.words.text()}"


def test_an_interview_is_set_and_forgotten_with_the_keyboard_alone(window: MainWindow, api: Any, qtbot: QtBot) -> None:
    api.planned = PLANNED
    card = window.home.today
    assert not card.start.isVisible()
    card.change.setFocus()
    qtbot.keyClick(card.change, Qt.Key.Key_Return)
    dialog = window.findChild(PlanDialog)
    assert dialog.focusWidget() is dialog.date
    before = dialog.date.day()
    qtbot.keyClick(dialog.date, Qt.Key.Key_Up)
    qtbot.keyClick(dialog.date, Qt.Key.Key_Return)
    assert api.settings.interview_date == dialog.date.day().isoformat()
    assert dialog.date.day() != before
    assert api.settings.interview_company == "cloudflare"
    assert api.settings.minutes_a_day == 30
    assert card.start.isVisible(), "planned with what was just set"
    card.change.click()
    again = next(d for d in window.findChildren(PlanDialog) if d.isVisible())
    assert again.date.day().isoformat() == api.settings.interview_date
    again.forget.click()
    assert api.settings.interview_date == ""
    assert shown(window).startswith("Plan your practice")


def test_the_button_starts_exactly_the_planned_call(window: MainWindow, api: Any, qtbot: QtBot) -> None:
    planned(window, api)
    assert shown(window) == (
        "Today: missed points of Technical phone interview, 10 min | Points of 2 questions are due again. 12 days left "
        "until Cloudflare. Re-planned from your results. Then Networking fundamentals, 15 min."
    )
    qtbot.keyClick(window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    assert asked(api, "start_call") == [(DRILL,)]
    assert window.pages.currentWidget() is window.call


@pytest.mark.parametrize(("kind", "coached"), [(Kind.CALL, True), (Kind.DRILL, True), (Kind.REHEARSAL, False)])
def test_a_planned_call_is_in_the_mode_that_is_chosen_and_a_rehearsal_as_it_will_be(
    window: MainWindow, api: Any, kind: Kind, coached: bool
) -> None:
    window.home.card.mode.choose(1)
    planned(window, api, Today("Acme", DAY, 3, 45, 0.0, False, (Step(kind, "Phone", 45.0, "Why.", (), DRILL),)))
    window.home.today.start.click()
    assert asked(api, "start_call") == [(replace(DRILL, coach=coached),)]


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (Today("Acme", DAY, 5, 30, 26.0), "Done for today | 26 min practised of 30. 5 days left until Acme."),
        (Today("Acme", DAY, 1, 30, 0.0, False, (Step(Kind.REST, "", 0.0, "Rest."),)),
         "Today: rest | Rest. 1 day left until Acme."),
        (Today("Acme", DAY, 0, 30),
         "Your interview at Acme is today | You have practised. Breathe, listen, think aloud."),
        (Today("Acme", DAY, -2, 30), "How did it go? | Your interview at Acme was on 7 Dec 2026. Set the next one."),
    ],
)  # fmt: skip
def test_every_day_has_its_sentence_and_no_button_without_a_call(
    window: MainWindow, api: Any, today: Today, said: str
) -> None:
    planned(window, api, today)
    assert shown(window) == said
    assert not window.home.today.start.isVisible()
    assert window.home.today.calendar.isVisible() is (today.days_left > 0)


def test_what_blocks_a_call_blocks_the_planned_one(window: MainWindow, api: Any, fakes: Any, qtbot: QtBot) -> None:
    api.items = fakes.MODELS_MISSING
    planned(window, api)
    assert not window.home.today.start.isEnabled()
    qtbot.keyClick(window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    assert asked(api, "start_call") == []


def test_the_plan_is_exported_to_a_calendar_file(window: MainWindow, api: Any, tmp_path: Path) -> None:
    planned(window, api)
    card = window.home.today
    card.ask_file = lambda: ""
    card.calendar.click()
    assert asked(api, "calendar") == []
    card.ask_file = lambda: str(tmp_path / "practice.ics")
    card.calendar.click()
    assert (tmp_path / "practice.ics").read_bytes() == b"BEGIN:VCALENDAR"
    card.ask_file = lambda: str(tmp_path / "no" / "such" / "folder.ics")
    card.calendar.click()
    assert "could not be written" in window.home.banner.words.text()


def test_a_company_is_chosen_first_and_has_its_own_rounds(window: MainWindow, api: Any, qtbot: QtBot) -> None:
    api.all_rounds = (*api.all_rounds, RoundInfo("acme", "Acme", "screen", "Recruiter screen", "Developer", 4))
    window.home.refresh()
    card = window.home.card
    card.company.setFocus()
    qtbot.keyClick(card.company, Qt.Key.Key_Down)
    assert card.company.value() == "acme"
    card.start.click()
    assert asked(api, "start_call")[0][0].round == "screen"


def test_papers_are_added_explained_and_removed(window: MainWindow, api: Any, qtbot: QtBot) -> None:
    card = window.home.card
    assert not card.material_words.isVisible()
    card.material.setFocus()
    qtbot.keyClick(card.material, Qt.Key.Key_Return)
    dialog = window.findChild(MaterialDialog)
    dialog.ask_file = lambda: "/somewhere/Job.pdf"
    dialog.add.click()
    assert asked(api, "add_material") == [(Path("/somewhere/Job.pdf"),)]
    assert "rate limiting, Redis" in dialog.effect.text()
    assert card.material_words.text() == "1 document · 1 question asked oftener"
    next(b for b in dialog.findChildren(type(dialog.add)) if b.label == "Remove Job.pdf").click()
    assert asked(api, "remove_material") == [("Job.pdf",)]
    api.fails["add_material"] = InputError("Job.pdf holds fewer than 20 words of text.", "Copy it into a .txt file.")
    dialog.add.click()
    assert dialog.banner.words.text() == "Job.pdf holds fewer than 20 words of text. Copy it into a .txt file."
    dialog.leave.click()
    assert not card.material_words.isVisible()


def test_before_the_first_call_an_example_can_be_made_and_is_opened(window: MainWindow, api: Any) -> None:
    assert not window.home.example.isVisible(), "there are calls of one's own"
    api.summaries = ()
    window.home.refresh()
    example = window.home.example
    said: list[str] = []

    def while_making(tell: Any) -> None:
        tell("Question 1 of 2 is being asked and answered.")
        said.extend((example.words.text(), example.make.label))

    api.while_making = while_making
    example.make.click()
    assert said == ["Question 1 of 2 is being asked and answered.", "Cancel the example call"]
    assert window.pages.currentWidget() is window.review
    assert not example.running


def test_an_example_can_be_cancelled_and_gives_way_to_a_call(window: MainWindow, api: Any) -> None:
    api.summaries = ()
    window.home.refresh()
    example = window.home.example
    api.while_making = lambda tell: example.make.click()
    example.make.click()
    assert window.pages.currentWidget() is window.home
    api.while_making = lambda tell: window.home.start()
    example.make.click()
    assert window.pages.currentWidget() is window.call, "the review of an example does not break in"


def test_an_example_that_fails_says_why(window: MainWindow, api: Any) -> None:
    api.summaries = ()
    window.home.refresh()
    api.fails["make_example"] = MachineError("The example call broke off.", "Try it again; the log says why.")
    window.home.example.make.click()
    assert window.home.banner.words.text() == "The example call broke off. Try it again; the log says why."
    assert window.home.example.make.label == "Make an example call"


def test_what_was_chosen_is_there_at_the_next_start(
    window: MainWindow, qtbot: QtBot, api: Any, theme: Theme, tasks: Tasks
) -> None:
    card = window.home.card
    card.round.setCurrentIndex(card.round.findData("networking"))
    card.round.activated.emit(card.round.currentIndex())
    card.length.choose(2)
    card.mode.choose(1)
    window.close()
    second = MainWindow(api, theme, tasks)
    qtbot.addWidget(second)
    second.show()
    options = second.home.card.options()
    assert options is not None
    assert (options.round, options.questions, options.coach) == ("networking", 10, True)

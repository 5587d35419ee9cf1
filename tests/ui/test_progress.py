"""The Progress page: filters, charts and tables that say the same, and buttons that practise what is weak."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from hireflow_voice.app.api import CallOptions
from hireflow_voice.app.progressing import Progress
from hireflow_voice.errors import DataFolderUnusable
from hireflow_voice.progress.history import Filter, Point
from hireflow_voice.ui.pages.progress import ProgressPage
from hireflow_voice.ui.theme import Theme
from hireflow_voice.ui.widgets.trend import TrendLine, Trends, change
from hireflow_voice.ui.window import MainWindow

START = datetime(2026, 11, 3, 18, 0).astimezone()
PRACTISE = CallOptions(questions=1, minutes=6.0, question_ids=("q1",))
DUE = CallOptions(questions=2, minutes=12.0, question_ids=("q1", "q2"))


@pytest.fixture
def page(window: MainWindow, api: Any, fakes: Any, qtbot: QtBot) -> ProgressPage:
    api.progressed = fakes.some_progress()
    assert window.progress is None, "nothing of it is built before it is opened"
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert window.progress is not None
    return window.progress


def asked(api: Any, name: str) -> list[Any]:
    return [entry[1:] for entry in api.did if entry[0] == name]


def texts(page: ProgressPage) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def test_each_line_of_the_form_is_said_in_words_beside_its_chart(page: ProgressPage) -> None:
    said = [line for trends in page.findChildren(Trends) for line in trends.said]
    assert ("Score", "71 % solid", "up 31 points since 3 Nov 2026") in said
    assert ("Technical depth", "3 good", "up 1 since 3 Nov 2026") in said
    assert ("Words per minute", "149", "down 1 since 3 Nov 2026") in said
    lines = {line.accessibleName() for line in page.findChildren(TrendLine)}
    assert "Technical depth: 3 good, up 1 since 3 Nov 2026" in lines


def test_a_weak_point_is_practised_by_a_call_with_that_question(
    window: MainWindow, page: ProgressPage, api: Any, qtbot: QtBot
) -> None:
    due, weak = page.practise
    assert (due.accessibleName(), weak.accessibleName()) == ("Practise what is due", "Practise: Says what fails.")
    weak.setFocus()
    qtbot.keyClick(weak, Qt.Key.Key_Return)
    assert asked(api, "start_call") == [(PRACTISE,)]
    assert window.pages.currentWidget() is window.call


def test_what_is_due_is_practised_in_one_call(page: ProgressPage, api: Any) -> None:
    page.practise[0].click()
    assert asked(api, "start_call") == [(DUE,)]


def test_filters_ask_anew_with_the_keyboard_alone(page: ProgressPage, api: Any, qtbot: QtBot) -> None:
    assert asked(api, "progress")[-1] == (Filter(),)
    page.company.setFocus()
    qtbot.keyClick(page.company, Qt.Key.Key_Down)
    assert asked(api, "progress")[-1] == (Filter(company="Cloudflare"),)
    page.round.setFocus()
    qtbot.keyClick(page.round, Qt.Key.Key_Down)
    assert asked(api, "progress")[-1] == (Filter("Cloudflare", "Technical phone interview"),)
    month = page.span._group.button(0)
    month.setFocus()
    qtbot.keyClick(month, Qt.Key.Key_Right)
    qtbot.keyClick(page.span._group.button(1), Qt.Key.Key_Space)
    since = asked(api, "progress")[-1][0].since
    assert since == datetime.now().astimezone().date() - timedelta(days=30)


def test_a_filter_that_nothing_passes_can_be_changed_back(page: ProgressPage, api: Any) -> None:
    api.progressed = Progress(("Cloudflare",), (), (), ())
    page.refresh()
    assert "No call passes this filter." in texts(page)
    assert page.company.isVisible()
    assert not page.to_home.isVisible()


def test_every_chart_is_a_table_too_and_goes_into_a_file(page: ProgressPage, tmp_path: Path) -> None:
    page.view._group.button(1).click()
    cells = [page.table.item(0, column).text() for column in range(page.table.columnCount())]
    assert cells == ["2026-11-04 18:00", "Cloudflare", "Technical phone interview", "71 %", "3", "149", "3.0", "2.0"]
    for name, first in (("Topics", "caching"), ("Key points", "Says what fails.")):
        page.which.setCurrentIndex(page.which.findData(name))
        page.which.activated.emit(page.which.currentIndex())
        assert page.table.item(0, 0).text() == first
        assert page.table.accessibleName() == f"{name} as a table"
    page.ask_file = lambda: str(tmp_path / "points.csv")
    page.export.click()
    rows = list(csv.reader(io.StringIO((tmp_path / "points.csv").read_text(encoding="utf-8"))))
    assert rows[0] == ["Key point", "Last time", "Judged", "Due", "Question", "Interview"]
    assert rows[1][:4] == ["Says what fails.", "Missing", "2", "2026-11-24"]


def test_a_table_that_cannot_be_written_says_so(page: ProgressPage, tmp_path: Path) -> None:
    page.ask_file = lambda: str(tmp_path / "no" / "folder.csv")
    page.view._group.button(1).click()
    page.export.click()
    assert "could not be written" in page.banner.words.text()


def test_before_the_first_call_it_says_what_will_be_here(window: MainWindow, api: Any) -> None:
    window.open_progress()
    page = window.progress
    assert page is not None
    assert "After your first judged call you will see here:" in texts(page)
    assert not page.company.isVisible()
    page.to_home.click()
    assert window.pages.currentWidget() is window.home


def test_calls_that_cannot_be_read_are_told(window: MainWindow, api: Any) -> None:
    api.fails["progress"] = DataFolderUnusable("The calls cannot be read.", "Look at the disk.")
    window.open_progress()
    assert window.progress is not None
    assert window.progress.banner.words.text() == "The calls cannot be read. Look at the disk."


def test_a_line_runs_from_the_lower_edge_to_the_upper_one(theme: Theme, qtbot: QtBot) -> None:
    line = TrendLine(theme, [Point(START, 1.0), Point(START, 4.0)], (1.0, 4.0))
    qtbot.addWidget(line)
    line.resize(200, line.height())
    assert line.places() == [QPointF(6, line.height() - 6), QPointF(194, 6)]
    one = TrendLine(theme, [Point(START, 9.0)], (1.0, 4.0))
    qtbot.addWidget(one)
    one.resize(200, one.height())
    assert one.places() == [QPointF(194, 6)], "held inside the picture"


def test_a_change_is_said_in_words() -> None:
    points = [Point(START, 2.0), Point(START + timedelta(days=1), 2.0)]
    assert change(points) == "unchanged since 3 Nov 2026"
    assert change(points[:1]) == "first call"

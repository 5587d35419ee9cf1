"""The window itself: how it opens, where it stands, how it ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hireflow_voice.errors import NoDisplay
from hireflow_voice.settings import Appearance
from hireflow_voice.ui.run import Faults, Windows, check_display
from hireflow_voice.ui.tasks import Tasks
from hireflow_voice.ui.theme import Theme
from hireflow_voice.ui.widgets.dialogs import BugDialog
from hireflow_voice.ui.window import MainWindow

RUN = """
import importlib.util, os, signal, sys, threading
from pathlib import Path
spec = importlib.util.spec_from_file_location("fakes", sys.argv[1]); fakes = importlib.util.module_from_spec(spec)
sys.modules["fakes"] = fakes; spec.loader.exec_module(fakes)
from hireflow_voice.ui.run import run
api = fakes.FakeApi(Path(sys.argv[2]))
api.warm = lambda: threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
code = run(api)
print("code", code, "handler back", signal.getsignal(signal.SIGINT) is signal.default_int_handler)
"""


def test_without_a_screen_there_is_a_sentence_instead_of_an_abort(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(NoDisplay) as caught:
        check_display()
    assert "hireflow-voice call" in caught.value.remedy


def test_ctrl_c_in_the_terminal_ends_the_window(tmp_path: Path) -> None:
    fakes = Path(__file__).parent / "fake_api.py"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", RUN, str(fakes), str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "code 0 handler back True" in done.stdout


def test_pages_are_reached_with_keys(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    assert window.pages.currentWidget() is window.settings
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert window.pages.currentWidget() is window.progress is not None
    qtbot.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    assert window.pages.currentWidget() is window.home


def test_during_a_call_the_bar_is_away_and_pages_stay(window: MainWindow) -> None:
    window.home.start()
    assert not window.bar.isVisible()
    window.open_settings()
    assert window.pages.currentWidget() is window.call


def test_the_window_opens_where_it_was_left(qtbot: QtBot, api: Any, theme: Theme, tasks: Tasks) -> None:
    first = MainWindow(api, theme, tasks)
    qtbot.addWidget(first)
    assert first.size() == QSize(1000, 720)
    first.show()  # the offscreen screen is 800 wide: only the height can differ
    first.resize(900, 700)
    QApplication.processEvents()
    first.close()
    second = MainWindow(api, theme, tasks)
    qtbot.addWidget(second)
    assert second.size() == QSize(900, 700)


def test_closing_lets_go_of_everything(window: MainWindow, api: Any) -> None:
    window.home.line_check.say.click()
    window.open_review("20261123-174203-7f3a")
    window.review.list.choose(2)
    window.shut()
    assert api.check.did[-1] == "close"
    assert api.made_player.did[-1] == ("close",)


def test_a_fault_of_ours_is_shown_with_its_trace_and_can_be_copied(qtbot: QtBot, theme: Theme) -> None:
    faults = Faults(theme)
    try:
        raise ZeroDivisionError("ours")
    except ZeroDivisionError as error:
        faults.bug(error)
        faults.bug(error)
    qtbot.waitUntil(lambda: faults._dialog is not None)
    dialog = faults._dialog
    assert isinstance(dialog, BugDialog)
    assert "ZeroDivisionError: ours" in dialog.report
    dialog.copy.click()
    assert QGuiApplication.clipboard().text() == dialog.report
    dialog.leave.click()
    assert faults._dialog is None


def test_old_calls_are_deleted_at_the_start_only_where_that_was_asked_for(
    qtbot: QtBot, api: Any, theme: Theme, tasks: Tasks
) -> None:
    for days, asked in ((0, 0), (30, 1)):
        api.save_settings(api.settings.model_copy(update={"keep_days": days}))
        qtbot.addWidget(MainWindow(api, theme, tasks))
        assert api.did.count(("expire",)) == asked


def test_another_text_size_builds_the_window_anew_at_the_same_place(
    qtbot: QtBot, qapp: QApplication, api: Any, tasks: Tasks
) -> None:
    theme = Theme(qapp, Appearance.LIGHT, 1.0)
    windows = Windows(api, theme, tasks, Faults(theme))
    first = windows.window
    first.open_settings()
    small = first.settings.text_size.height()
    size = first.settings.text_size
    size.setCurrentIndex(size.findData("125"))
    size.activated.emit(size.currentIndex())
    qtbot.waitUntil(lambda: windows.window is not first)
    second = windows.window
    for window in (first, second):
        qtbot.addWidget(window)
    assert api.settings.text_size == 125
    assert second.pages.currentWidget() is second.settings
    assert second.focusWidget() is second.settings.text_size
    assert second.settings.text_size.value() == "125"
    assert second.settings.text_size.height() == round(1.25 * small)
    assert second.isVisible()
    assert not first.isVisible()
    theme.set_scale(1.0)


def test_the_pages_of_a_call_and_a_review_are_built_after_the_window_is_there(window: MainWindow) -> None:
    assert window.pages.count() == 1
    window.build_rest()
    assert [window.pages.widget(at).accessibleName() for at in range(window.pages.count())] == [
        "Home",
        "Call",
        "Review",
    ]
    assert window.pages.currentWidget() is window.home


def test_no_page_is_built_in_the_middle_of_a_call(window: MainWindow) -> None:
    window.home.start()
    window.build_rest()
    assert [window.pages.widget(at).accessibleName() for at in range(window.pages.count())] == ["Home", "Call"]

"""From the first call to the charts with the keyboard alone: real key events on a real X display, a real sound card
that exists only in memory, and a double that notes what is asked of the application."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytestmark = [pytest.mark.real_audio, pytest.mark.xvfb]

HERE = Path(__file__).parent
MOST_TABS = 60


class Keyboard:
    """Presses keys in the window and knows what came of it."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self._environment, self._told = environment, folder / "told.jsonl"

    def press(self, *keys: str) -> None:
        """Keys, one after the other, wherever the keyboard is."""
        for key in keys:
            subprocess.run(["xdotool", "key", key], env=self._environment, check=True, timeout=10)
            time.sleep(0.1)

    def write(self, text: str) -> None:
        """Letters."""
        subprocess.run(["xdotool", "type", "--delay", "30", text], env=self._environment, check=True, timeout=20)

    def focus_window(self) -> None:
        """There is no window manager that would."""
        search = ["xdotool", "search", "--sync", "--onlyvisible", "--name", "^HireFlow Voice$", "windowfocus", "--sync"]
        subprocess.run(search, env=self._environment, check=True, timeout=60, stdout=subprocess.DEVNULL)

    def told(self) -> list[list[Any]]:
        """All that happened so far."""
        lines = self._told.read_text(encoding="utf-8").splitlines() if self._told.exists() else []
        return [json.loads(line) for line in lines]

    def at(self) -> list[Any]:
        """Page, kind of window, and name of what has the keyboard."""
        return [entry[1:] for entry in self.told() if entry[0] == "focus"][-1]

    def tab_to(self, name: str) -> None:
        """Tab until a control is reached whose name begins so."""
        for _ in range(MOST_TABS):
            if self.at()[2].startswith(name):
                return
            self.press("Tab")
        raise AssertionError(f"{name} is not reached with Tab; the keyboard is at {self.at()}")

    def wait(self, what: str, found: Callable[[], Any], seconds: float = 20.0) -> Any:
        """Until it is so."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if value := found():
                return value
            time.sleep(0.05)
        raise AssertionError(f"{what}: not in {seconds:.0f} s; the last were {self.told()[-8:]}")

    def wait_for(self, *entry: Any) -> None:
        """Until the application is asked for that, or the keyboard is there."""
        self.wait(str(entry), lambda: any(one[: len(entry)] == list(entry) for one in self.told()))

    def asked(self, name: str) -> list[list[Any]]:
        """Every time that something was asked for."""
        return [entry for entry in self.told() if entry[0] == name]


@pytest.fixture
def keyboard(display: str, virtual_card: Any, tmp_path: Path) -> Iterator[Keyboard]:
    folder = tmp_path / "rehearsal"
    folder.mkdir()
    environment = virtual_card.process_env | {"DISPLAY": display, "PYTHONPATH": str(HERE.parent.parent)}
    for name in ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY"):
        environment.pop(name, None)
    command = [sys.executable, str(HERE / "rehearsal.py"), str(folder)]
    process = subprocess.Popen(command, env=environment, cwd=folder)
    try:
        yield Keyboard(environment, folder)
        assert process.poll() is None, "the window has closed by itself"
    finally:
        process.terminate()
        process.wait(20)


def test_every_flow_goes_by_keyboard_alone(keyboard: Keyboard, virtual_card: Any, tmp_path: Path) -> None:
    keyboard.focus_window()
    keyboard.wait_for("focus", "Home")
    _call(keyboard)
    _hear_a_quote(keyboard, virtual_card, tmp_path / "quote.raw")
    _correct_a_word(keyboard)
    _answer_again(keyboard)
    _export(keyboard, tmp_path / "rehearsal")
    _change_a_setting(keyboard)
    _look_at_progress(keyboard)


def _call(keyboard: Keyboard) -> None:
    keyboard.press("ctrl+Return")
    keyboard.wait_for("start_call", 3, "")
    _picked_up(keyboard, 1)
    keyboard.press("space")
    keyboard.wait_for("command", "done")
    _hang_up(keyboard, 1)
    keyboard.wait_for("focus", "Review", "MainWindow", "Questions")


def _picked_up(keyboard: Keyboard, times: int) -> None:
    keyboard.wait("somebody listens", lambda: len(keyboard.asked("listening")) == times)
    time.sleep(0.5)  # the window hears of it a moment later


def _hang_up(keyboard: Keyboard, times: int) -> None:
    keyboard.press("Escape")
    keyboard.wait("the question is asked", lambda: keyboard.at()[1] == "Ask")
    keyboard.tab_to("End call")
    keyboard.press("space")
    keyboard.wait("hung up", lambda: keyboard.asked("command").count(["command", "hang_up"]) == times)
    keyboard.focus_window()  # after every dialog: there is no window manager that would


def _hear_a_quote(keyboard: Keyboard, virtual_card: Any, raw: Path) -> None:
    keyboard.press("Home", "Down", "Down")
    keyboard.tab_to("Hear “")
    with virtual_card.record_speaker(raw):
        keyboard.press("space")
        time.sleep(2)
    assert np.abs(np.fromfile(raw, np.int16)).max() > 500


def _correct_a_word(keyboard: Keyboard) -> None:
    keyboard.press("F2")
    keyboard.wait("what was said is asked", lambda: keyboard.at()[1:] == ["CorrectDialog", "What you said"])
    keyboard.write("throttling")
    keyboard.press("Return")
    keyboard.focus_window()
    (corrected,) = keyboard.wait("corrected", lambda: keyboard.asked("correct"))
    assert "throttling" in corrected[3]


def _answer_again(keyboard: Keyboard) -> None:
    keyboard.press("n")
    keyboard.wait("a call of one question", lambda: len(keyboard.asked("start_call")) == 2)
    assert keyboard.asked("start_call")[-1][1:] == [1, keyboard.asked("correct")[0][1]]
    _picked_up(keyboard, 2)
    before = len(keyboard.asked("call"))
    _hang_up(keyboard, 2)
    keyboard.wait("the review again", lambda: len(keyboard.asked("call")) > before)
    keyboard.wait("the keyboard there", lambda: keyboard.at()[0] == "Review")


def _export(keyboard: Keyboard, folder: Path) -> None:
    time.sleep(1)  # the call is read again
    keyboard.press("e")
    time.sleep(1)  # a menu takes the keys, but not the focus
    keyboard.press("Down", "Down", "Return")
    keyboard.wait("where to", lambda: keyboard.at()[1] == "QFileDialog")
    keyboard.press("Return")
    keyboard.focus_window()
    keyboard.wait("a page", lambda: list(folder.glob("*.html")))


def _change_a_setting(keyboard: Keyboard) -> None:
    keyboard.press("alt+3")
    keyboard.wait("the settings", lambda: keyboard.press("Tab") or keyboard.at()[0] == "Settings")
    keyboard.tab_to("Patient, 2.5 s")
    before = len(keyboard.asked("save_settings"))
    keyboard.press("Right")
    keyboard.wait("kept", lambda: len(keyboard.asked("save_settings")) > before)
    assert "manual" in str(keyboard.asked("save_settings")[-1])


def _look_at_progress(keyboard: Keyboard) -> None:
    keyboard.press("alt+2")
    keyboard.wait_for("progress")
    keyboard.wait("the charts", lambda: keyboard.press("Tab") or keyboard.at()[0] == "Progress")
    keyboard.tab_to("Charts")
    keyboard.press("Right")
    keyboard.tab_to("Calls as a table")

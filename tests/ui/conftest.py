"""A window on a fake application. Work runs where it is asked for, unless a test wants threads."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hireflow_voice.settings import Appearance
from hireflow_voice.ui.tasks import Tasks
from hireflow_voice.ui.theme import Theme
from hireflow_voice.ui.window import MainWindow


def _load(name: str) -> Any:
    key = f"tests_ui_{name}"
    if key not in sys.modules:
        spec = importlib.util.spec_from_file_location(key, Path(__file__).parent / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        sys.modules[key] = importlib.util.module_from_spec(spec)  # dataclasses look their module up here
        spec.loader.exec_module(sys.modules[key])
    return sys.modules[key]


class Inline:
    """An executor whose `submit` just calls."""

    def submit(self, work: Callable[[], None], /) -> None:
        work()


@pytest.fixture(scope="session")
def fakes() -> Any:
    """The module of doubles."""
    return _load("fake_api")


@pytest.fixture(scope="session")
def pages() -> Any:
    """How each page is brought on screen."""
    return _load("test_controls")


@pytest.fixture
def api(fakes: Any, tmp_path: Path) -> Any:
    """A fake application with one finished call."""
    folder = tmp_path / "takes"
    folder.mkdir()
    made = fakes.FakeApi(folder)
    made.add(fakes.make_record())
    made.summaries = (
        fakes.summary("20261123-174203-7f3a"),
        fakes.summary("20261122-090000-1111", state=fakes.CallState.RUNNING, score=None),
    )
    return made


@pytest.fixture(scope="session")
def one_theme(qapp: QApplication) -> Theme:
    """Dressing the application costs a second on a busy machine; once is enough."""
    return Theme(qapp, Appearance.LIGHT)


@pytest.fixture
def theme(one_theme: Theme) -> Theme:
    """The light scheme, whatever the test before has chosen."""
    one_theme.hold(False)
    one_theme.set_system(Qt.ColorScheme.Light)
    one_theme.set_appearance(Appearance.LIGHT)
    return one_theme


@pytest.fixture
def tasks(qapp: QApplication) -> Tasks:
    """Everything at once, on this thread."""
    return Tasks(Inline())


@pytest.fixture
def window(qtbot: QtBot, api: Any, theme: Theme, tasks: Tasks) -> MainWindow:
    made = MainWindow(api, theme, tasks)
    # Closing must not ask: nobody is there to answer.
    qtbot.addWidget(made, before_close_func=lambda _: setattr(made, "_leaving", True))
    with qtbot.waitExposed(made):
        made.show()
    return made

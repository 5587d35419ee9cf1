"""Every key of the call is listed by "?", in the words of its button."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from pytestqt.qtbot import QtBot

from hireflow_voice.events import Phase, PhaseChanged, Press
from hireflow_voice.ui.widgets.basics import Label
from hireflow_voice.ui.widgets.key_list import KeyList
from hireflow_voice.ui.window import MainWindow


def test_the_list_is_made_of_the_buttons_and_does_not_stop_the_call(window: MainWindow, api: Any, qtbot: QtBot) -> None:
    window.home.start()
    api.on_event(PhaseChanged(30.0, Phase.LISTENING))
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Question)
    shown = window.findChild(KeyList)
    words = [label.text() for label in shown.findChildren(Label)]
    assert "Try again" not in words, "there is no coach in this call"
    for button in set(window.call._keys.values()) - {window.call.coach.again}:
        assert words[words.index(button.key) + 1] == button.label
    qtbot.keyClick(shown, Qt.Key.Key_Space)
    assert api.live.posted == [Press.DONE]
    qtbot.keyClick(shown, Qt.Key.Key_Escape)
    assert not shown.isVisible()
    assert api.live.posted == [Press.DONE], "Escape closed the list, not the call"


def test_what_a_button_says_of_its_key_is_the_key_that_presses_it(window: MainWindow) -> None:
    for key, button in window.call._keys.items():
        assert QKeySequence(key).toString() == button.key, button.label
        assert button.toolTip() == f"{button.label} ({button.key})"

"""No control without effect: each button that can be pressed does something that can be seen or was asked for."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QUrl
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QDialog, QWidget

from hireflow_voice.app.today import Step, Today
from hireflow_voice.events import Phase, PhaseChanged
from hireflow_voice.preparation.plan import Kind
from hireflow_voice.ui.tasks import Tasks
from hireflow_voice.ui.theme import Theme
from hireflow_voice.ui.window import MainWindow

PLACES = ("home", "home-missing", "home-today", "call", "review", "progress", "settings")


class Asked:
    """File dialogs, answered with a file that can be written, and counted."""

    def __init__(self, path: Path) -> None:
        self.path, self.times = path, 0

    def __call__(self, *_: Any) -> tuple[str, str]:
        self.times += 1
        return str(self.path), ""


@pytest.fixture
def dialogs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Asked:
    asked = Asked(tmp_path / "file.txt")
    for name in ("getSaveFileName", "getOpenFileName"):
        monkeypatch.setattr(f"PySide6.QtWidgets.QFileDialog.{name}", asked)
    return asked


def gone(window: MainWindow) -> None:
    """Destroy it now: a hundred hidden windows make every change of the theme take a minute."""
    window._leaving = True
    window.close()
    window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def opened(api: Any, fakes: Any, theme: Theme, tasks: Tasks, place: str) -> MainWindow:
    """A fresh window at a place, with something in it."""
    # What the buttons before have changed is as it was.
    api.progressed, api.the_models, api.looped = fakes.some_progress(), fakes.MODELS, None
    api.save_settings(fakes.Settings(candidate_name="Sam"))
    if place == "home-missing":
        api.items = fakes.MODELS_MISSING
    if place == "home-today":
        options = fakes.some_progress().due
        api.planned = Today("Acme", date(2099, 1, 1), 9, 30, 0, True, (Step(Kind.CALL, "P", 9, "W", (), options),))
        api.save_settings(api.settings.model_copy(update={"interview_date": "2099-01-01"}))
    window = MainWindow(api, theme, tasks)
    window.show()
    if place == "call":
        window.home.start()
        api.on_event(PhaseChanged(1.0, Phase.LISTENING))
    elif place == "review":
        window.open_review("20261123-174203-7f3a")
        window.review.list.choose(2)
    elif place == "progress":
        window.open_progress()
    elif place == "settings":
        window.open_settings()
        window.settings.privacy.open_url = lambda url: api.did.append(("open", url)) is None and isinstance(url, QUrl)
    QApplication.processEvents()
    return window


def pressable(page: QWidget) -> list[QAbstractButton]:
    """Buttons that can be pressed now and are not already what is chosen of a row."""
    return [
        b
        for b in page.findChildren(QAbstractButton)
        if b.isVisible() and b.isEnabled() and b.accessibleName() and not (b.group() is not None and b.isChecked())
        and not isinstance(b.parent(), QComboBox)
    ]  # fmt: skip


def state(window: MainWindow, api: Any, dialogs: Asked) -> tuple[Any, ...]:
    """Everything an effect can show itself in."""
    for _ in range(3):
        QApplication.processEvents()
    shown = window.grab().toImage()
    return (
        len(api.did),
        len(api.live.posted),
        len(api.made_player.did) + sum(len(player.did) for player in api.players),
        dialogs.times,
        sum(1 for dialog in QApplication.topLevelWidgets() if isinstance(dialog, QDialog) and dialog.isVisible()),
        sum(1 for menu in QApplication.topLevelWidgets() if menu.inherits("QMenu") and menu.isVisible()),
        window.keeper.settings,
        window.pages.currentIndex(),
        QApplication.clipboard().text(),
        bytes(shown.constBits()),
    )


@pytest.mark.parametrize("place", PLACES)
def test_every_button_has_an_effect(
    api: Any, fakes: Any, theme: Theme, tasks: Tasks, dialogs: Asked, place: str
) -> None:
    window = opened(api, fakes, theme, tasks, place)
    names = [(b.accessibleName(), i) for i, b in enumerate(pressable(window))]
    assert len(names) >= 8
    for name, at in names:
        buttons = pressable(window)
        if at >= len(buttons) or buttons[at].accessibleName() != name:
            # The press before has changed what is there.
            gone(window)
            window = opened(api, fakes, theme, tasks, place)
            buttons = pressable(window)
        button = buttons[at]
        assert button.accessibleName() == name
        if button is {"home": window.bar.to_home, "progress": window.bar.to_progress}.get(place.split("-")[0]):
            continue  # one is there already
        if place == "settings" and button is window.bar.to_settings:
            continue
        QApplication.clipboard().setText("before")
        button.setFocus()
        before = state(window, api, dialogs)
        button.click()
        assert state(window, api, dialogs) != before, f"{name} on {place} did nothing"
        for dialog in QApplication.topLevelWidgets():
            if isinstance(dialog, QDialog) or dialog.inherits("QMenu"):
                dialog.close()
        gone(window)
        window = opened(api, fakes, theme, tasks, place)
    gone(window)

"""The settings as the window holds them: changed here at once, kept by the application a moment later."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal

from hireflow_voice.app.api import Api
from hireflow_voice.settings import Settings
from hireflow_voice.ui.tasks import Tasks


class Keeper(QObject):
    """One place from which all pages read the settings and through which they change them. GUI thread."""

    changed = Signal()
    saved = Signal()
    failed = Signal(object)
    """HireFlowError: the change holds in the window but could not be kept."""

    def __init__(self, api: Api, tasks: Tasks) -> None:
        super().__init__()
        self._api = api
        self._tasks = tasks
        self.settings: Settings = api.settings

    def change(self, **fields: Any) -> None:
        """Set some fields; saved in the order of the changes, off this thread."""
        changed = self.settings.model_copy(update=fields)
        if changed == self.settings:
            return
        self.settings = changed
        self.changed.emit()
        self._tasks.run(
            lambda: self._api.save_settings(changed),
            lambda _: self.saved.emit(),
            self.failed.emit,
            lane="settings",
        )

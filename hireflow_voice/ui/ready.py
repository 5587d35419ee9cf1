"""What a call needs, as the window knows it: checked off the GUI thread, mended from here."""

from __future__ import annotations

import threading
import time

from PySide6.QtCore import QObject, Signal

from hireflow_voice.app.api import Api, FetchProgress, Readiness
from hireflow_voice.ui.tasks import Tasks

PROGRESS_EVERY_S = 0.1
"""A fetch may report every block; a person reads ten a second at most."""


class Ready(QObject):
    """The readiness list and the fetch of models, shared by Home and Settings. GUI thread."""

    changed = Signal()
    """Items, or whether a fetch is running."""
    progressed = Signal(object)
    """FetchProgress."""
    failed = Signal(object)
    """HireFlowError of a check or a fetch."""

    def __init__(self, api: Api, tasks: Tasks) -> None:
        super().__init__()
        self._api = api
        self._tasks = tasks
        self._cancelled = threading.Event()
        self._checking = self._again = False
        self.items: tuple[Readiness, ...] | None = None
        """None: not checked yet."""
        self.fetching = False

    @property
    def blocked(self) -> bool:
        """Something a call cannot do without is missing."""
        return any(item.needed and not item.ok for item in self.items or ())

    def refresh(self) -> None:
        """Check again; asked twice while a check runs, it runs once more."""
        if self._checking:
            self._again = True
            return
        self._checking = True
        self._tasks.run(self._api.readiness, self._checked, self._check_failed)

    def fetch(self, *ids: str) -> None:
        """Fetch the models that a call needs and that are missing, or these."""
        if self.fetching:
            return
        self.fetching = True
        self._cancelled.clear()
        self.changed.emit()
        last = 0.0

        def on_progress(progress: FetchProgress) -> None:
            nonlocal last
            now = time.monotonic()
            if now - last >= PROGRESS_EVERY_S or progress.done_bytes >= progress.total_bytes:
                last = now
                self._tasks.post(lambda: self.progressed.emit(progress))

        self._tasks.run(
            lambda: self._api.fetch_models(on_progress, self._cancelled.is_set, ids),
            lambda _: self._fetched(),
            self._fetch_failed,
        )

    def cancel(self) -> None:
        """Stop a fetch; what has arrived is kept."""
        self._cancelled.set()

    def _checked(self, items: tuple[Readiness, ...]) -> None:
        self._checking = False
        # Whoever reads this has a display.
        self.items = tuple(item for item in items if item.name != "display")
        self.changed.emit()
        if self._again:
            self._again = False
            self.refresh()

    def _check_failed(self, error: object) -> None:
        self._checking = False
        self.failed.emit(error)

    def _fetched(self) -> None:
        self.fetching = False
        self.changed.emit()
        self.refresh()

    def _fetch_failed(self, error: object) -> None:
        if not self._cancelled.is_set():
            self.failed.emit(error)
        self._fetched()

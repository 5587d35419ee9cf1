"""What is judged anew from the review: a call that left something open, an answer in which a word was put right."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from hireflow_voice.app.api import Api, Undo, WordChange
from hireflow_voice.errors import HireFlowError
from hireflow_voice.records import CallRecord
from hireflow_voice.ui.tasks import Tasks

LANE = "judging"
"""One after the other: there is one judge, and a call is written by one at a time."""


class Judging(QObject):
    """Runs beside the window, can be stopped, and tells the page how far it is."""

    began = Signal(str)
    """Id of the call."""
    kept = Signal(object)
    """CallRecord: a correction is written down, its verdict is still to come."""
    ended = Signal(object, bool)
    """CallRecord, and whether it was stopped."""
    failed = Signal(str, object)
    """Id of the call, HireFlowError."""

    def __init__(self, api: Api, tasks: Tasks) -> None:
        super().__init__()
        self._api, self._tasks = api, tasks
        self._stops: dict[str, list[threading.Event]] = {}

    def busy(self, call: str) -> bool:
        """Whether something of a call is being judged."""
        return bool(self._stops.get(call))

    def again(self, call: str) -> None:
        """Have what the call left open recognised and judged; asked twice, it runs once."""
        if not self.busy(call):
            self._run(call, lambda stop: self._api.judge_again(call, cancelled=stop.is_set))

    def correct(self, call: str, take: str, change: WordChange | Undo) -> None:
        """Write a correction down and judge the answer; one that is still being judged is read with both."""
        self.stop(call)

        def kept(record: CallRecord) -> None:
            self._tasks.post(lambda: self.kept.emit(record))

        self._run(call, lambda stop: self._api.correct(call, take, change, kept, stop.is_set))

    def stop(self, call: str) -> None:
        """Leave it at what is judged by now."""
        for stop in self._stops.get(call, ()):
            stop.set()

    def _run(self, call: str, op: Callable[[threading.Event], CallRecord]) -> None:
        stop = threading.Event()
        self._stops.setdefault(call, []).append(stop)
        self.began.emit(call)

        def done(record: CallRecord) -> None:
            self._stops[call].remove(stop)
            self.ended.emit(record, stop.is_set())

        def failed(error: HireFlowError) -> None:
            self._stops[call].remove(stop)
            self.failed.emit(call, error)

        self._tasks.run(lambda: op(stop), done, failed, LANE)

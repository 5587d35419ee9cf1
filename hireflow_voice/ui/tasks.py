"""The one way off the GUI thread: an operation, what to do with its result, what to do with its error."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Protocol, TypeVar

from PySide6.QtCore import QObject, Signal

from hireflow_voice.errors import HireFlowError

T = TypeVar("T")


class Executor(Protocol):
    """Runs a function somewhere, some time."""

    def submit(self, work: Callable[[], None], /) -> object: ...


class Threads:
    """One daemon thread for each operation: few are needed, and none may hold up the end of the program."""

    def __init__(self, *, held: bool = False) -> None:
        """`held`: nothing runs before `begin`. Threads that load modules make the first paint of the window wait."""
        self._running: list[threading.Thread] = []
        self._waiting: list[Callable[[], None]] | None = [] if held else None

    def begin(self) -> None:
        """Run what was held."""
        waiting, self._waiting = self._waiting or [], None
        for work in waiting:
            self.submit(work)

    def submit(self, work: Callable[[], None], /) -> None:
        if self._waiting is not None:
            self._waiting.append(work)
            return
        self._running = [thread for thread in self._running if thread.is_alive()]
        thread = threading.Thread(target=work, name="ui-task", daemon=True)
        self._running.append(thread)
        thread.start()

    def close(self, timeout: float = 2.0) -> None:
        """Wait for what still runs, `timeout` seconds in all."""
        end = time.monotonic() + timeout
        for thread in self._running:
            thread.join(max(0.0, end - time.monotonic()))


class Tasks(QObject):
    """Runs operations on an executor and brings their outcome back to the GUI thread.

    `failure` gets every HireFlowError; any other exception is our own bug and goes to `bug`. Operations given the same
    `lane` run one after the other, in the order they were asked for. All methods belong to the GUI thread, except
    `post`, which any thread may call.
    """

    bug = Signal(object)
    """An exception that is nobody's fault but ours."""
    _step = Signal(object)

    def __init__(self, executor: Executor) -> None:
        super().__init__()
        self._executor = executor
        self._lanes: dict[str, deque[Callable[[], None]]] = {}
        self._closed = False
        self._step.connect(self._take)

    def run(
        self,
        op: Callable[[], T],
        success: Callable[[T], None],
        failure: Callable[[HireFlowError], None],
        lane: str = "",
    ) -> None:
        """Run `op` elsewhere; exactly one of the others is called afterwards, on the GUI thread."""

        def work() -> None:
            try:
                value = op()
            except HireFlowError as error:
                self.post(lambda error=error: failure(error))  # type: ignore[misc]
            except Exception as error:
                self.post(lambda error=error: self.bug.emit(error))  # type: ignore[misc]
            else:
                self.post(lambda: success(value))
            finally:
                if lane:
                    self.post(lambda: self._next(lane))

        if not lane:
            self._executor.submit(work)
            return
        waiting = self._lanes.setdefault(lane, deque())
        waiting.append(work)
        if len(waiting) == 1:
            self._executor.submit(work)

    def post(self, step: Callable[[], None]) -> None:
        """Call `step` on the GUI thread; any thread."""
        if not self._closed:
            self._step.emit(step)

    def close(self) -> None:
        """Drop whatever comes back from now on: the widgets it would touch are going away."""
        self._closed = True

    def _next(self, lane: str) -> None:
        waiting = self._lanes[lane]
        waiting.popleft()
        if waiting:
            self._executor.submit(waiting[0])

    def _take(self, step: Callable[[], None]) -> None:
        if not self._closed:
            step()

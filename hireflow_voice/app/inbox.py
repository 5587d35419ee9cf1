"""Steps on their way to the call's thread.

A simulated line's clock stands still while a step waits or a job that the conversation depends on is running
(`Line.hold`); a sound card's clock of course does not.
"""

from __future__ import annotations

import queue
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from hireflow_voice.audio.line import Line

Step = Callable[[], None]


class Inbox:
    """Filled from any thread, emptied by one."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._steps: queue.SimpleQueue[Step] = queue.SimpleQueue()

    def post(self, step: Step) -> None:
        """Have a step run; returns at once."""
        self._line.hold()
        self._steps.put(step)

    def hold_for(self, future: Future[Any], then: Callable[[Future[Any]], None]) -> None:
        """Have `then` run when the future is done."""
        self._line.hold()

        def step() -> None:
            try:
                then(future)
            finally:
                self._line.release()

        future.add_done_callback(lambda _done: self.post(step))

    def run_next(self, timeout_s: float, idle: Step) -> None:
        """Run the next step, or `idle` when none comes. Raises what the step raises."""
        try:
            step = self._steps.get(timeout=timeout_s)
        except queue.Empty:
            idle()
            return
        try:
            step()
        finally:
            self._line.release()

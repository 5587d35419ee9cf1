"""Who may use which core: the judge yields to whoever listens or speaks, and has one core while Whisper decodes."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Collection, Iterator
from pathlib import Path

JUDGE_NICE = 15
"""Of 19: far enough behind the other lanes that Whisper is not slowed when both run."""


def step_back() -> None:
    """Put the calling thread, the judge's, behind all others. On Linux the threads that llama.cpp starts from it
    inherit it."""
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), JUDGE_NICE)


@contextlib.contextmanager
def judge_on_one_core() -> Iterator[None]:
    """While it lasts, the judge's threads, however many llama.cpp has, share one core."""
    every = os.sched_getaffinity(0)
    _hold_judge_to({max(every)})
    try:
        yield
    finally:
        _hold_judge_to(every)


def _hold_judge_to(cores: Collection[int]) -> None:
    """Known by their priority: what else runs in this process has another one."""
    if os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == JUDGE_NICE:
        return  # the whole process runs behind others: nothing tells its threads apart
    with contextlib.suppress(OSError):  # where /proc is closed
        for thread in (int(task.name) for task in Path("/proc/self/task").iterdir()):
            with contextlib.suppress(OSError):  # it ended meanwhile
                if os.getpriority(os.PRIO_PROCESS, thread) == JUDGE_NICE:
                    os.sched_setaffinity(thread, cores)

"""The worker process: `python -m hireflow_voice.worker.child FD HANDLERS RECOGNISER MEMORY PARENT`.

It reads jobs from the socket FD, runs each on its lane's thread, and ends itself when the other end is gone. Nothing
here imports a model library: the handlers do, when a job needs it.
"""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import importlib
import logging
import os
import queue
import resource
import signal
import socket
import sys
import threading
import traceback
from pathlib import Path
from typing import NoReturn, Protocol

from hireflow_voice.errors import HireFlowError, WorkerFailed
from hireflow_voice.worker import wire
from hireflow_voice.worker.cores import judge_on_one_core, step_back
from hireflow_voice.worker.jobs import Job, Lane, Result
from hireflow_voice.worker.wire import Kind

_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>


class Handlers(Protocol):
    """What runs the jobs; `run` is called on several threads, one a lane."""

    def run(self, job: Job) -> Result:
        """Raises HireFlowError, or anything else for a fault of ours."""
        ...


class _Pipe(logging.Handler):
    """The way out: results, errors, and log records, which the application writes to its own log."""

    def __init__(self, connection: socket.socket) -> None:
        super().__init__()
        self._connection = connection
        self._turn = threading.Lock()

    def put(self, kind: Kind, id_: int, payload: bytes) -> None:
        with self._turn:
            try:
                wire.send(self._connection, kind, id_, payload)
            except OSError:
                os._exit(0)  # nobody is left to answer to

    def emit(self, record: logging.LogRecord) -> None:
        self.put(Kind.LOG, 0, wire.pack((record.levelno, record.name, self.format(record))))


def main(arguments: list[str]) -> NoReturn:
    """Serve until the pipe ends; never returns."""
    descriptor, handlers, recogniser, memory, parent = arguments
    _settle(int(memory), int(parent))
    connection = socket.socket(fileno=int(descriptor))
    connection.set_inheritable(False)
    pipe = _Pipe(connection)
    logging.basicConfig(level=logging.WARNING, handlers=[pipe])
    module, _, name = handlers.partition(":")
    worker: Handlers = getattr(importlib.import_module(module), name)(recogniser)
    lanes: dict[Lane, queue.SimpleQueue[tuple[int, Job]]] = {}
    for lane in Lane:
        lanes[lane] = queue.SimpleQueue()
        threading.Thread(target=_serve, args=(lane, lanes[lane], worker, pipe), name=lane, daemon=True).start()
    pipe.put(Kind.READY, 0, b"")
    while (frame := wire.receive(connection)) is not None:
        try:
            job: Job = wire.unpack(frame.payload)
        except Exception as error:
            pipe.put(Kind.ERROR, frame.id, wire.pack(_failure(error)))
        else:
            lanes[job.lane].put((frame.id, job))
    # Not sys.exit: that would wait for threads deep in native code.
    os._exit(0)


def _settle(memory: int, parent: int) -> None:
    """Make this process one that cannot outlive, outgrow or outrank the application."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the application, which then closes the pipe
    faulthandler.enable()
    resource.setrlimit(resource.RLIMIT_DATA, (memory, resource.getrlimit(resource.RLIMIT_DATA)[1]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold the candidate's voice
    with contextlib.suppress(OSError):  # where /proc is closed: only who dies first when memory runs out
        Path("/proc/self/oom_score_adj").write_text("500")
    # The end of the pipe is seen by a thread, which a hung native call may never let run: let the kernel see to it.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)  # it died before the line above


def _serve(lane: Lane, jobs: queue.SimpleQueue[tuple[int, Job]], worker: Handlers, pipe: _Pipe) -> NoReturn:
    """One lane: a job after the other, for ever."""
    if lane is Lane.JUDGE:
        step_back()  # nobody waits for the judge during a call
    while True:
        id_, job = jobs.get()
        try:
            with judge_on_one_core() if lane is Lane.HEAR else contextlib.nullcontext():
                kind, payload = Kind.RESULT, wire.pack(worker.run(job))
        except HireFlowError as error:
            kind, payload = Kind.ERROR, wire.pack(error)
        except BaseException as error:
            kind, payload = Kind.ERROR, wire.pack(_failure(error))
        del job
        pipe.put(kind, id_, payload)


def _failure(error: BaseException) -> WorkerFailed:
    """Log where it happened; the message of a strange error is left out, for it may quote an answer."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    logging.getLogger(__name__).error("a job failed with %s:\n%s", type(error).__name__, frames)
    if isinstance(error, MemoryError):
        return WorkerFailed("There is not enough memory for this.", "Close other programs and try again.")
    return WorkerFailed(
        "The part of HireFlow Voice that listens, speaks and judges met a fault of its own.",
        "Your recording is safe. The log says where it happened.",
    )


if __name__ == "__main__":
    main(sys.argv[1:])

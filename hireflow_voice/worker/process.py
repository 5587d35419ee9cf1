"""One incarnation of the worker process, as the application sees it: a socket, its last words, and its end."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from selectors import EVENT_READ, EVENT_WRITE, BaseSelector

from hireflow_voice.worker import wire
from hireflow_voice.worker.wire import Frame, Kind

log = logging.getLogger(__name__)

_LAST_WORDS = 8000
"""Bytes of its output that are kept for the log, should it die."""


class Process:
    """Started by the constructor. All methods are for the one thread that owns it; none of them blocks but `end`."""

    def __init__(self, selector: BaseSelector, handlers: str, recogniser: str, memory_bytes: int) -> None:
        self._selector = selector
        self.ready = False
        self._out, self._in = wire.Outgoing(), wire.Incoming()
        self._words = bytearray()
        self._socket, theirs = socket.socketpair()
        self._socket.setblocking(False)
        words, said = os.pipe()
        os.set_blocking(words, False)
        self._words_fd = words
        # A fresh interpreter, never a fork: forked copies of Qt's and PortAudio's threads would be dead in it.
        # -P and the path: it imports what we would import, and nothing that happens to lie in the current folder.
        # fmt: off
        command = [
            sys.executable, "-P", "-m", "hireflow_voice.worker.child",
            str(theirs.fileno()), handlers, recogniser, str(memory_bytes), str(os.getpid()),
        ]
        # fmt: on
        try:
            self._popen = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                pass_fds=(theirs.fileno(),),
                env=_environment(),
                start_new_session=True,
            )
        except OSError:
            self._socket.close()
            os.close(words)
            raise
        finally:
            theirs.close()
            os.close(said)
        selector.register(self._socket, EVENT_READ, self)
        selector.register(words, EVENT_READ, self)

    @property
    def pid(self) -> int:
        return self._popen.pid

    def put(self, id_: int, payload: bytes) -> None:
        """Queue a job; it is written as the process takes it."""
        self._out.put(Kind.JOB, id_, payload)
        self.write()

    def write(self) -> None:
        """Write what the socket takes now; the selector asks for the rest."""
        if not self._out:
            return
        with contextlib.suppress(OSError):  # it is gone: `read` says so
            self._out.write(self._socket)
        self._selector.modify(self._socket, EVENT_READ | (EVENT_WRITE if self._out else 0), self)

    def read(self) -> tuple[list[Frame], bool]:
        """What it sent, and whether it still lives."""
        self._hear()
        return self._in.read(self._socket)

    def end(self, patience_s: float) -> str:
        """Close the pipe, wait `patience_s`, kill; how it ended, in words for the log."""
        self._selector.unregister(self._socket)
        self._socket.close()
        try:
            self._popen.wait(patience_s)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            try:
                self._popen.wait(1.0)
            except subprocess.TimeoutExpired:
                log.error("worker %s does not end although it was killed", self.pid)
        self._hear()
        if self._words_fd in self._selector.get_map():
            self._selector.unregister(self._words_fd)
        os.close(self._words_fd)
        code = self._popen.returncode
        how = signal.Signals(-code).name if code is not None and code < 0 else f"exit code {code}"
        return f"{how}\n{self._words.decode('utf-8', 'replace')}".rstrip()

    def _hear(self) -> None:
        """Keep the last of what it prints: native libraries explain their crashes there."""
        while True:
            try:
                words = os.read(self._words_fd, _LAST_WORDS)
            except BlockingIOError:
                return
            if not words:  # its end: nothing more to wait for
                if self._words_fd in self._selector.get_map():
                    self._selector.unregister(self._words_fd)
                return
            self._words = (self._words + words)[-_LAST_WORDS:]


def _environment() -> dict[str, str]:
    # Before the interpreter starts, so that no library can be loaded before them.
    threads = {
        "OMP_WAIT_POLICY": "PASSIVE",  # llama.cpp's spinning threads collapse on busy cores
        "OMP_NUM_THREADS": str(min(4, len(os.sched_getaffinity(0)))),
        "OPENBLAS_NUM_THREADS": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "HF_HUB_OFFLINE": "1",  # nothing may ask a hub: weights are fetched and verified by `models` alone
    }
    return os.environ | threads | {"PYTHONPATH": os.pathsep.join(path or str(Path.cwd()) for path in sys.path)}

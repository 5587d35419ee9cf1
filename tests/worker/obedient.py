"""Handlers that do as they are told, for a real worker process. Imported in the child by name."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np

from hireflow_voice.errors import ModelMissing
from hireflow_voice.sound import Pcm
from hireflow_voice.worker.jobs import Recognise, Warm


class Obedient:
    """A job is an order: the text of a Speak, the rubric of a Match or a JudgeAnswer."""

    def __init__(self, recogniser: str) -> None:
        self._recogniser = recogniser
        time.sleep(float(os.environ.get("START_S", "0")))
        if os.environ.get("CANNOT_START"):
            raise RuntimeError("no such library")
        self._diary("start")

    def _diary(self, line: str) -> None:
        with Path(os.environ["DIARY"]).open("a") as diary:
            diary.write(line + "\n")

    def run(self, job: Any) -> Any:
        if isinstance(job, Warm):
            self._diary(f"warm {job.lane}")
            self._obey(os.environ.get(f"WARM_{job.lane.upper()}", "nothing"))
            return (f"{job.lane} weights",)
        if isinstance(job, Recognise) and "cores" in job.glossary:
            return self._cores("")
        if isinstance(job, Recognise):
            return int(job.samples.sum(dtype=np.int64)), job.start_s
        return self._obey(job.text if hasattr(job, "text") else job.rubric)

    def _obey(self, order: str) -> Any:
        word, _, rest = order.partition(" ")
        return getattr(self, "_" + word.replace("-", "_"))(rest)

    def _nothing(self, _: str) -> str:
        return "nothing"

    def _echo(self, text: str) -> str:
        return text

    def _pid(self, _: str) -> int:
        return os.getpid()

    def _environment(self, _: str) -> Any:
        return dict(os.environ), threading.current_thread().name, self._recogniser

    def _threads(self, count: str) -> str:
        """As a library does that computes on threads of its own."""
        for _ in range(int(count)):
            threading.Thread(target=time.sleep, args=(600,), name="llama", daemon=True).start()
        return "started"

    def _cores(self, _: str) -> Any:
        """How many cores the threads of the judge have, and the one that asks."""
        judges = [t for t in threading.enumerate() if t.name in ("llama", "judge")]
        return [len(os.sched_getaffinity(t.native_id or 0)) for t in judges], len(os.sched_getaffinity(0))

    def _sleep(self, seconds: str) -> str:
        time.sleep(float(seconds))
        return "slept"

    def _die(self, _: str) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def _die_once(self, path: str) -> str:
        if not Path(path).exists():
            Path(path).write_text("")
            os.kill(os.getpid(), signal.SIGKILL)
        return "alive"

    def _segfault(self, _: str) -> None:
        print("about to read address 0", file=sys.stderr, flush=True)
        ctypes.string_at(0)

    def _hang(self, _: str) -> None:
        os.kill(os.getpid(), signal.SIGSTOP)
        time.sleep(600)  # another thread may take the signal, a moment later

    def _hold_the_gil(self, _: str) -> None:
        ctypes.PyDLL(None).sleep(600)

    def _allocate(self, _: str) -> None:
        kept = []
        while True:
            kept.append(np.ones(4_000_000))

    def _missing(self, _: str) -> None:
        raise ModelMissing("There are no weights.", "Fetch them.")

    def _missing_once(self, path: str) -> str:
        if not Path(path).exists():
            Path(path).write_text("")
            raise ModelMissing("There are no weights.", "Fetch them.")
        return "found"

    def _fault(self, text: str) -> None:
        raise KeyError(text)

    def _exit(self, _: str) -> None:
        sys.exit(3)

    def _unpicklable(self, _: str) -> Any:
        return threading.Lock()

    def _unreadable(self, _: str) -> Any:
        return OnlyHere()

    def _tone(self, count: str) -> Pcm:
        return Pcm(np.arange(int(count), dtype=np.int16), 22_050)


class OnlyHere:
    """Unpickles in no other process."""

    def __reduce__(self) -> Any:
        return _not_there, (os.getpid(),)


def _not_there(pid: int) -> None:
    if pid != os.getpid():
        raise RuntimeError("cannot be rebuilt here")

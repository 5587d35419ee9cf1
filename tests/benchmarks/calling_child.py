"""The process of the `calling` benchmark: `calling_child.py FOLDER SECONDS` with a sound card in its environment.

Runs the window and one call, speaks the WAVs in FOLDER into the microphone when it is the candidate's turn, listens to
the speaker, and prints one line of JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from hireflow_voice.app.api import CallOptions
from hireflow_voice.app.application import Application
from hireflow_voice.app.call import Call
from hireflow_voice.audio.blocks import Block
from hireflow_voice.audio.capture import Microphone
from hireflow_voice.audio.line import SoundCardLine
from hireflow_voice.events import (
    CallEvent,
    CallSaved,
    Caption,
    Phase,
    PhaseChanged,
    Press,
    QuestionChanged,
    TurnPaused,
    TurnReopened,
)
from hireflow_voice.settings import Settings
from tests.benchmarks.memory import resident_mb
from tests.virtual_card import SPEAKER

BEAT_S = 0.005
LOUD = 200.0
"""RMS of 10 ms from which the interviewer is heard; the monitor is exactly silent otherwise."""
RATE = 48_000
HOP = RATE // 100


class Monitor:
    """What the speaker plays, as (monotonic time, loud?) every 10 ms, on a thread of its own."""

    def __init__(self) -> None:
        command = ["parec", f"--device={SPEAKER}.monitor", "--format=s16le", f"--rate={RATE}", "--channels=1", "--raw"]
        self._process = subprocess.Popen([*command, "--latency-msec=10"], stdout=subprocess.PIPE)
        self.heard: list[float] = []
        """Moments at which something loud was heard."""
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        while data := self._process.stdout.read(HOP * 2):
            samples = np.frombuffer(data, np.int16).astype(np.float32)
            if len(samples) and float(np.sqrt(np.mean(samples**2))) > LOUD:
                self.heard.append(time.monotonic())

    def first_after(self, moment: float) -> float | None:
        """When the first sound after a moment was heard."""
        return next((at for at in self.heard if at > moment), None)

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        self._thread.join()


class Costs:
    """CPU time of this process and the worker over stretches of the call."""

    def __init__(self, worker: Callable[[], int | None]) -> None:
        self._worker = worker
        self._begun: tuple[float, float, float] | None = None
        self.app: list[float] = []
        self.worker: list[float] = []

    def begin(self) -> None:
        self._begun = (time.monotonic(), _cpu_s("self"), _cpu_s(self._worker() or "self"))

    def end(self) -> None:
        if self._begun is None:
            return
        at, app, worker = self._begun
        wall = time.monotonic() - at
        if wall > 3:
            self.app.append((_cpu_s("self") - app) / wall)
            self.worker.append((_cpu_s(self._worker() or "self") - worker) / wall)
        self._begun = None


def _cpu_s(pid: int | str) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Watched(Application):
    """The application, with the call's events written down and a candidate who answers them."""

    def __init__(self, home: Path, seconds: float) -> None:
        super().__init__(Settings(), home / "data")
        self._home, self._seconds = home, seconds
        self._question = self._point = ""
        self._asked = ""
        self._committed: float | None = None
        self._phoned: Any = None
        self._ends = 0.0
        self._feeding: subprocess.Popen[bytes] | None = None
        self.calling = False
        """From the first ring to the hang-up."""
        self.commits: list[float] = []
        self.follow_ups: list[tuple[float, float]] = []
        """(commit, when the follow-up's caption came)."""
        self.costs = Costs(lambda: self.worker.pid)
        self.on_saved: Callable[[], None] = lambda: None

    def warm(self) -> None:
        super().warm()
        from PySide6.QtCore import QTimer
        from PySide6.QtWidgets import QApplication

        from hireflow_voice.ui.window import MainWindow

        (window,) = (w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow))
        QTimer.singleShot(0, lambda: window.start(CallOptions(questions=10, minutes=45.0, seed=1)))

    def start_call(self, options: CallOptions, on_event: Callable[[CallEvent], None]) -> Call:
        def both(event: CallEvent) -> None:
            self._note(event)
            on_event(event)

        self._ends = time.monotonic() + self._seconds
        self._phoned = super().start_call(options, both)
        return self._phoned

    def _note(self, event: CallEvent) -> None:
        now = time.monotonic()
        match event:
            case QuestionChanged(question=question):
                self._question, self._point = question, ""
            case Caption(speaker="interviewer", kind=kind, text=text):
                self._asked = text
                if kind == "follow_up":
                    self._point = self._point_of(text)
                    if self._committed is not None:
                        self.follow_ups.append((self._committed, now))
                self._committed = None if kind not in ("acknowledge", "listening") else self._committed
            case PhaseChanged(phase=Phase.RINGING):
                self.calling = True
            case PhaseChanged(phase=Phase.ENDED):
                self.calling = False
            case TurnPaused():
                self._committed = now
                self.commits.append(now)
            case TurnReopened():
                self._committed = None
                self.commits.pop()
            case PhaseChanged(phase=Phase.THINKING):
                self.costs.end()
                if self._committed is None:
                    self._committed = now
                    self.commits.append(now)
            case PhaseChanged(phase=Phase.LISTENING):
                if now > self._ends:
                    self._phoned.post(Press.HANG_UP)
                else:
                    self._answer()
            case CallSaved():
                self.on_saved()
            case _:
                pass

    def _point_of(self, text: str) -> str:
        _, bank = self.bank("cloudflare", "technical-phone")
        for question in bank.questions:
            for point in question.key_points:
                if any(probe.text == text for probe in point.probes):
                    return point.id
        return ""

    def _answer(self) -> None:
        if self._feeding is not None and self._feeding.poll() is None:
            return
        name = f"{self._question}.{self._point}" if self._point else self._question
        path = self._home / f"{name or 'introduction'}.wav"
        self._feeding = subprocess.Popen(
            ["paplay", "--device=hf_micfeed", str(path if path.is_file() else self._home / "introduction.wav")]
        )
        self.costs.begin()


def main(home: Path, seconds: float) -> None:
    lost, overflows, delivered = [0], [0], [0]
    moments: list[float] = []
    opened, called = SoundCardLine.open, Microphone._callback

    def open_(line: SoundCardLine, on_block: Callable[[Block], None], on_trouble: Any) -> None:
        def counted(block: Block) -> None:
            lost[0] += len(block.samples) if block.lost else 0
            on_block(block)

        opened(line, counted, on_trouble)

    def callback(microphone: Microphone, block: Any, frames: int, clock: Any, status: Any) -> None:
        overflows[0] += bool(status.input_overflow)
        delivered[0] += frames
        moments.append(time.monotonic())
        called(microphone, block, frames, clock, status)

    SoundCardLine.open = open_  # type: ignore[method-assign]
    Microphone._callback = callback  # type: ignore[method-assign]
    from PySide6.QtCore import QCoreApplication, Qt, QTimer
    from PySide6.QtWidgets import QApplication

    from hireflow_voice.ui.run import run

    qt = QApplication(sys.argv[:1])
    gaps: list[float] = []
    last = [time.monotonic()]

    def beat() -> None:
        now = time.monotonic()
        if app.calling:
            gaps.append(1000 * (now - last[0] - BEAT_S))
        last[0] = now

    app = Watched(home, seconds)
    app.on_saved = lambda: QCoreApplication.exit(0)
    timer = QTimer(qt)
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(beat)
    timer.start(int(BEAT_S * 1000))
    monitor = Monitor()
    begun = time.monotonic()
    try:
        run(app)
        memory = resident_mb("self") + resident_mb(app.worker.pid or "self")
    finally:
        app.close()
        monitor.close()
    sounds = [monitor.first_after(at) for at in app.commits]
    words = [(at, monitor.first_after(caption)) for at, caption in app.follow_ups]
    expected = (moments[-1] - moments[0]) * RATE if moments else 0.0
    report = {
        "seconds": time.monotonic() - begun,
        "first_sound": [s - at for s, at in zip(sounds, app.commits, strict=True) if s is not None],
        "first_word": [heard - at for at, heard in words if heard is not None],
        "lost": lost[0],
        "missing": expected - delivered[0],
        "overflows": overflows[0],
        "gaps": gaps,
        "cpu_app": app.costs.app,
        "cpu_worker": app.costs.worker,
        "memory": memory,
    }
    print(json.dumps(report), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))

"""From starting the process to the window on screen, and to the moment a call could be dialled."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time

from tests.benchmarks.table import Table, figure

ROUNDS = 5
PROBE = """
import sys, time
from pathlib import Path
from hireflow_voice.app.application import Application
from hireflow_voice.settings import Settings
from hireflow_voice.ui.run import run
from hireflow_voice.worker.jobs import Lane, Warm

class Probe(Application):
    def warm(self):  # called when the window has been painted
        print(time.time(), flush=True)
        for lane in (Lane.SPEAK, Lane.HEAR, Lane.MATCH):
            self.worker.warm(Warm(lane)).result()
        print(time.time(), flush=True)
        from PySide6.QtCore import QCoreApplication
        QCoreApplication.exit(0)

app = Probe(Settings(), Path(sys.argv[1]))
try:
    run(app)
finally:
    app.close()
"""


def run() -> Table:
    """A fresh process each time; the file system's cache is warm."""
    windows, ready = [], []
    with tempfile.TemporaryDirectory() as data:
        for _ in range(ROUNDS):
            begun = time.time()
            probe = subprocess.run(
                [sys.executable, "-c", PROBE, data],
                capture_output=True,
                text=True,
                check=True,
                env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
            )
            painted, dial = (float(line) for line in probe.stdout.split())
            windows.append(painted - begun)
            ready.append(dial - begun)
    return Table(
        "Start",
        "python -m tests.benchmarks startup",
        (figure("window on screen", "s", windows, "1.0 s"), figure("ready to dial", "s", ready, "5 s")),
    )

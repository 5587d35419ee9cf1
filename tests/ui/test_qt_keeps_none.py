"""PySide6 6.12.0 loses a reference to None with almost every call; on Python 3.11 that ends the process.

An ordinary suite does not notice, so the pin in pyproject.toml stands and falls with this probe.
"""

from __future__ import annotations

import os
import subprocess
import sys

PROBE = """
import sys
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QLabel, QProgressBar
app = QApplication([]); label = QLabel(); bar = QProgressBar(); image = QImage(8, 8, QImage.Format.Format_RGB32)
painter = QPainter(image)
reserve = [None] * 1_000_000          # lets a faulty wheel be counted before it aborts
label.setText("x"); bar.setValue(1); painter.drawPoint(1, 1)
before = sys.getrefcount(None)
for i in range(20_000):
    label.setText(str(i)); bar.setValue(i % 100); painter.drawPoint(1, 1); label.update()
print(sys.getrefcount(None) - before, flush=True)
painter.end()
"""


def test_qt_calls_do_not_eat_none() -> None:
    run = subprocess.run(
        [sys.executable, "-c", PROBE],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert int(run.stdout) > -1_000, run.stdout

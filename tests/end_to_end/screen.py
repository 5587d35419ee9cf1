"""`python screen.py FILE.png`: a picture of the whole X screen, taken by a process of its own."""

from __future__ import annotations

import sys

from PySide6.QtGui import QGuiApplication

app = QGuiApplication(sys.argv[:1])
picture = QGuiApplication.primaryScreen().grabWindow(0)
sys.exit(0 if picture.save(sys.argv[1]) else 1)

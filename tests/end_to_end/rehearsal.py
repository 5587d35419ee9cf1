"""`python rehearsal.py FOLDER`: the real window and player on a double of the application, which writes what is asked
of it, and where the keyboard is, to FOLDER/told.jsonl. A call goes as its keys say."""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

from hireflow_voice.audio.player import Player
from hireflow_voice.events import (
    CallCommand,
    CallEnded,
    CallSaved,
    Caption,
    Phase,
    PhaseChanged,
    Press,
    QuestionChanged,
)
from tests.ui import story

# isort: split
from PySide6.QtWidgets import QApplication, QWidget

from hireflow_voice.settings import Appearance
from hireflow_voice.ui.tasks import Tasks, Threads
from hireflow_voice.ui.theme import Theme
from hireflow_voice.ui.window import MainWindow


class Told(list[Any]):
    """A list that is also a file of lines."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._lock, self._path = threading.Lock(), path

    def append(self, entry: Any, /) -> None:
        super().append(entry)
        with self._lock, self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry, default=str) + "\n")


class Line:
    """The call of the double: a question, an answer as long as the candidate likes, and the end."""

    id = story.CALL

    def __init__(self, told: Told, say: Any) -> None:
        self._told, self._say = told, say

    def begin(self) -> None:
        """Somebody picks up and asks."""
        self._say(PhaseChanged(0.0, Phase.SPEAKING))
        self._say(QuestionChanged(1.0, 1, 3, "", "How would you limit the rate?"))
        self._say(Caption(1.0, "interviewer", "How would you limit the rate?", "a", True, "question"))
        self._say(PhaseChanged(2.0, Phase.LISTENING))
        self._told.append(("listening",))

    def post(self, command: CallCommand) -> None:
        """What the window says to the interviewer."""
        self._told.append(("command", command))
        if command is Press.DONE:
            self._say(PhaseChanged(9.0, Phase.THINKING))
            self._say(PhaseChanged(9.5, Phase.LISTENING))
        elif command is Press.HANG_UP:
            self._say(CallEnded(12.0, self.id, True))
            self._say(CallSaved(self.id))

    def join(self, timeout: float | None = None) -> bool:
        """Nothing runs."""
        return True


class Lively:
    """The double, with a call that goes on and a player that is heard."""

    def __init__(self, api: Any, told: Told) -> None:
        self._api, self._told = api, told
        api.did = told
        api.player = lambda: Player("")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._api, name)

    def start_call(self, options: Any, on_event: Any) -> Line:
        """Dial."""
        self._told.append(("start_call", options.questions, options.retake_of))
        line = Line(self._told, on_event)
        threading.Timer(0.3, line.begin).start()
        return line


def main() -> None:
    folder = Path(sys.argv[1])
    for name in ("DATA", "CACHE", "CONFIG", "LOG"):
        os.environ[f"HIREFLOW_{name}_DIR"] = str(folder)
    told = Told(folder / "told.jsonl")
    app = QApplication(sys.argv[:1])
    double = story.application(folder)
    double.progressed = story.progress()
    api = Lively(double, told)
    window: Any = None

    def focused(_before: QWidget | None, now: QWidget | None) -> None:
        if now is not None:
            page = window.pages.currentWidget().accessibleName() if window is not None else ""
            told.append(("focus", page, type(now.window()).__name__, now.accessibleName()))

    app.focusChanged.connect(focused)
    window = MainWindow(api, Theme(app, Appearance.LIGHT), Tasks(Threads()))
    window.show()
    sys.exit(app.exec())


if __name__ == "__main__":
    main()

"""What stands where the calls will be before there are any: how it goes, and an example to look at."""

from __future__ import annotations

import threading

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hireflow_voice.app.api import Api
from hireflow_voice.errors import HireFlowError
from hireflow_voice.ui.tasks import Tasks
from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.basics import Label, announce, column, held, row
from hireflow_voice.ui.widgets.buttons import Button

OFFER = "Make an example call"
EXPLAINED = (
    "Two voices hold one on this computer, and it is judged: a minute or two, then you can hear and read all of it. It "
    "counts for nothing and can be deleted."
)


def steps(theme: Theme, sentences: tuple[str, ...]) -> QWidget:
    """Numbered sentences."""
    pile = column(spacing=theme.px(10))
    for number, sentence in enumerate(sentences, start=1):
        at = Label(theme, f"{number}", Type.TIMER, "accent")
        at.setFixedWidth(theme.px(16))
        line = row(spacing=theme.px(8))
        line.addWidget(at, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(Label(theme, sentence, wrap=True), 1)
        pile.addLayout(line)
    return held(pile)


class ExampleOffer(QWidget):
    """Makes an example call, says how far it is, and can be cancelled."""

    made = Signal(str)
    """Id of the call."""
    failed = Signal(object)
    """HireFlowError."""
    _step = Signal(str)

    def __init__(self, api: Api, theme: Theme, tasks: Tasks) -> None:
        super().__init__()
        self._api, self._tasks = api, tasks
        self._cancelled = threading.Event()
        self.running = False
        self.make = Button(theme, OFFER, "sparkles", height=40)
        self.words = Label(theme, EXPLAINED, Type.CAPTION, "muted", wrap=True)
        pile = QVBoxLayout(self)
        pile.setContentsMargins(0, 0, 0, 0)
        pile.setSpacing(theme.px(6))
        pile.addWidget(self.make, 0, Qt.AlignmentFlag.AlignLeft)
        pile.addWidget(self.words)
        self.make.clicked.connect(self._pressed)
        self._step.connect(self._show_step)

    def cancel(self) -> None:
        """A call of one's own begins, or the program ends."""
        self._cancelled.set()

    def _pressed(self) -> None:
        if self.running:
            self.cancel()
            self.words.say("Stopping.")
            return
        self.running = True
        self._cancelled.clear()
        self.make.rename("Cancel the example call", "x")
        self._show_step("Preparing the call.")
        self._tasks.run(
            lambda: self._api.make_example(self._step.emit, self._cancelled.is_set), self._done, self._failed
        )

    def _show_step(self, sentence: str) -> None:
        if self.running and not self._cancelled.is_set():
            self.words.say(sentence)
            announce(self, sentence)

    def _done(self, call: str) -> None:
        self._rest()
        if call:
            self.made.emit(call)

    def _failed(self, error: HireFlowError) -> None:
        self._rest()
        self.failed.emit(error)

    def _rest(self) -> None:
        self.running = False
        self.make.rename(OFFER, "sparkles")
        self.words.say(EXPLAINED)

"""Questions for the candidate's job, written by the endpoint's model: begun in a dialog, and going on behind it."""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hireflow_voice.app.api import Api, MaterialInfo, Writing
from hireflow_voice.errors import HireFlowError
from hireflow_voice.ui.tasks import Tasks
from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.basics import Elided, Label, announce, empty, held, row
from hireflow_voice.ui.widgets.buttons import Button, Kind
from hireflow_voice.ui.widgets.choices import Select
from hireflow_voice.ui.widgets.columns import Part, columns
from hireflow_voice.ui.words import count, one_line

HOW_MANY = 5
"""Questions of one request."""
SHOWN = 5
"""Questions, and reasons for which others were left out, that are named."""
WRITE, STOP = "Write questions for this job", "Stop writing"
FORGET = "Delete the written questions"


def outcome(done: Writing) -> str:
    """What came of it, and why the others were left out."""
    if not done.kept and not done.dropped:
        return "Nothing was written."
    lines = [f"{count(len(done.kept), 'question')} written. Home offers them under “Questions”."]
    if not done.kept:
        lines = ["No question passed the checks, so none was kept."]
    for begins, why in done.dropped[:SHOWN]:
        lines.append(f"Left out: {f'“{one_line(begins, 60)}” ' if begins else ''}{one_line(why, 160)}")
    return "\n".join(lines)


class QuestionWriting(QObject):
    """One request at a time. It belongs to Home, so that it goes on when the dialog that began it is closed."""

    stepped = Signal(str)
    """How far it is, in a sentence."""
    ended = Signal(object)
    """Writing, also when it was stopped."""
    failed = Signal(object)
    """HireFlowError."""
    _step = Signal(str)

    def __init__(self, api: Api, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self._api, self._tasks = api, tasks
        self._stop = threading.Event()
        self.running = False
        self.said = ""
        """The newest step, for a dialog that is opened while it goes on."""
        self._step.connect(self._stepped)  # from the thread it runs on

    def begin(self, document: str, company: str, round_: str) -> None:
        """Ask for questions of a round."""
        if self.running:
            return
        self._stop.clear()
        self.running = True
        self._stepped("Asking for questions.")
        self._tasks.run(
            lambda: self._api.write_questions(document, company, round_, HOW_MANY, self._step.emit, self._stop.is_set),
            self._ended,
            self._failed,
        )

    def stop(self) -> None:
        """Nothing of it is kept."""
        self._stop.set()
        if self.running:
            self._stepped("Stopping.")

    def _stepped(self, sentence: str) -> None:
        self.said = sentence
        self.stepped.emit(sentence)

    def _ended(self, done: Writing) -> None:
        self.running = False
        self.ended.emit(done)

    def _failed(self, error: HireFlowError) -> None:
        self.running = False
        self.failed.emit(error)


class WritingPart(QWidget):
    """The part of the dialog about it: what is there, who would write more, and how far that is."""

    forget_asked = Signal()

    def __init__(self, theme: Theme, writing: QuestionWriting, company: str, round_: str) -> None:
        super().__init__()
        self._theme, self._writing = theme, writing
        self._company, self._round = company, round_
        self.document = Select(theme, "Job description")
        self.write = Button(theme, WRITE, "notebook-pen", height=40)
        self.words = Label(theme, "", Type.CAPTION, "muted", wrap=True)
        self.news = Label(theme, "", Type.CAPTION, wrap=True)
        self.list = QVBoxLayout()
        self.list.setSpacing(theme.px(2))
        document = Part(self.document, 1, least=160)
        self._controls = held(columns(theme, document, self.write, spacing=12, between=8))
        pile = QVBoxLayout(self)
        pile.setContentsMargins(0, 0, 0, 0)
        pile.setSpacing(theme.px(8))
        pile.addLayout(self.list)
        pile.addWidget(self._controls)
        pile.addWidget(self.words)
        pile.addWidget(self.news)
        self.news.setVisible(False)
        self.write.clicked.connect(self._pressed)
        writing.stepped.connect(self._show_step)
        writing.ended.connect(self._show_end)
        writing.failed.connect(self._rest)
        if writing.running:
            self._show_step(writing.said)

    def show_info(self, info: MaterialInfo) -> None:
        """What is kept now."""
        names = [name for name, _ in info.documents]
        chosen = self.document.value()
        self.document.fill([(name, name) for name in names], chosen if chosen in names else (names or [""])[0])
        self.document.setVisible(len(names) > 1)
        self._controls.setVisible(bool(info.writer and names))
        self.words.setVisible(bool(info.writer and names))
        self.words.say(
            f"Sends this text to {info.writer}. What comes back passes the checks of every bank or is left out; no "
            "person checks it, and it names no source."
        )
        empty(self.list)
        if info.written:
            self._show_written(info.written)
        self.setVisible(bool(info.written or (info.writer and names)))

    def _show_written(self, written: tuple[str, ...]) -> None:
        theme = self._theme
        forget = Button(theme, FORGET, "trash-2", Kind.GHOST, icon_only=True, height=36)
        forget.clicked.connect(self.forget_asked)
        title = Label(theme, f"{count(len(written), 'question')} written for this round", Type.STRONG)
        head = row(title, 1, forget)
        for line in (held(head), *(Elided(theme, text, Type.CAPTION, "muted") for text in written[-SHOWN:])):
            self.list.addWidget(line)
            line.show()  # now: hidden until Qt comes to it, it would have no height yet

    def _pressed(self) -> None:
        if self._writing.running:
            self._writing.stop()
        else:
            self._writing.begin(self.document.value(), self._company, self._round)

    def _show_step(self, sentence: str) -> None:
        self.write.rename(STOP, "x")
        self.news.say(sentence)
        self.news.setVisible(True)
        announce(self, sentence)

    def _show_end(self, done: Writing) -> None:
        self._rest()
        self.news.say(outcome(done))
        self.news.setVisible(True)
        announce(self, outcome(done))

    def _rest(self, _: object = None) -> None:
        self.write.rename(WRITE, "notebook-pen")
        self.news.setVisible(False)

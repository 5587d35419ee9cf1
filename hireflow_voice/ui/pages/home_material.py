"""The candidate's job description and résumé: what is kept, what it changes, and how it goes away again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from hireflow_voice.app.api import Api, MaterialInfo, RoundInfo
from hireflow_voice.errors import HireFlowError
from hireflow_voice.ui.pages.home_writing import QuestionWriting, WritingPart
from hireflow_voice.ui.tasks import Tasks
from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.banner import Banner
from hireflow_voice.ui.widgets.basics import Elided, Label, announce, column, empty, held
from hireflow_voice.ui.widgets.buttons import Button, Kind
from hireflow_voice.ui.widgets.dialogs import Dialog, ways_out
from hireflow_voice.ui.words import count, one_line

SHOWN = 3
"""Questions that are named as asked oftener."""


def ask_material_file(parent: QWidget) -> str:
    """A path from the file dialog; empty where it was left."""
    return QFileDialog.getOpenFileName(parent, "Add a document", "", "Documents (*.txt *.text *.md *.markdown *.pdf)")[
        0
    ]


def summed_up(info: MaterialInfo) -> str:
    """One line for Home."""
    if not info.documents:
        return ""
    if not info.leaning:
        return f"{count(len(info.documents), 'document')}; this round asks about nothing they name."
    return f"{count(len(info.documents), 'document')} · {count(len(info.leaning), 'question')} asked oftener"


class MaterialDialog(Dialog):
    """Add and remove documents."""

    changed = Signal()

    def __init__(
        self, api: Api, theme: Theme, tasks: Tasks, parent: QWidget, writing: QuestionWriting, info: RoundInfo
    ) -> None:
        super().__init__(theme, parent, "Job description and résumé", wide=440)
        self._api, self._theme, self._tasks = api, theme, tasks
        self._company, self._round = info.company, info.round
        self.ask_file: Callable[[], str] = lambda: ask_material_file(self)
        self.setModal(True)
        self.banner = Banner(theme)
        self.documents = QVBoxLayout()
        self.documents.setSpacing(theme.px(4))
        self.effect = Label(theme, "", Type.CAPTION, "muted", wrap=True)
        self.writing = WritingPart(theme, writing, self._company, self._round)
        self.add = Button(theme, "Add a document", "file-text")
        self.leave = Button(theme, "Done", kind=Kind.PRIMARY)
        pile = self.pile
        words = Label(
            theme,
            "Calls ask oftener about what these name. Their text stays on this computer unless you have questions "
            "written from it; the judge never sees it. Text, Markdown or PDF.",
            wrap=True,
        )
        pile.addWidget(Label(theme, "Job description and résumé", Type.QUESTION))
        pile.addWidget(words)
        pile.addWidget(self.banner)
        pile.addLayout(self.documents)
        pile.addWidget(self.effect)
        pile.addWidget(self.writing)
        self.add_foot(ways_out(theme, self.add, self.leave, apart=True))
        self.add.clicked.connect(self._add)
        self.writing.forget_asked.connect(
            lambda: self._do(lambda: self._api.forget_written(self._company, self._round), "Deleted")
        )
        writing.ended.connect(self._refresh)
        writing.failed.connect(self._failed)
        self.leave.clicked.connect(self.accept)
        self.leave.setDefault(True)
        self._refresh()

    def show_info(self, info: MaterialInfo) -> None:
        """What is kept now."""
        empty(self.documents)
        for name, words in info.documents:
            self.documents.addWidget(self._line(name, words))
        lines = [
            f"“{one_line(text, 90)}”: {one_line(', '.join(terms[:4]), 60)}" for text, terms in info.leaning[:SHOWN]
        ]
        if lines:
            self.effect.say("Asked oftener in this round, and the words that say so:\n" + "\n".join(lines))
        else:
            self.effect.say("Nothing they name is asked about in this round." if info.documents else "")
        self.effect.setVisible(bool(self.effect.text()))
        self.writing.show_info(info)

    def _line(self, name: str, words: int) -> QWidget:
        remove = Button(self._theme, f"Remove {one_line(name, 60)}", "trash-2", Kind.GHOST, icon_only=True, height=36)
        remove.clicked.connect(lambda: self._do(lambda: self._api.remove_material(name), "Removed"))
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        words_label = Label(self._theme, count(words, "word"), Type.CAPTION, "muted")
        line.addLayout(column(Elided(self._theme, name), words_label, spacing=0), 1)
        line.addWidget(remove)
        return held(line)

    def _add(self) -> None:
        path = self.ask_file()
        if path:
            self._do(lambda: self._api.add_material(Path(path)), "Added")

    def _do(self, change: Callable[[], None], said: str) -> None:
        def done(_: None) -> None:
            self.banner.clear()
            announce(self, said)
            self.changed.emit()
            self._refresh()

        self._tasks.run(change, done, self._failed)

    def _refresh(self, _: object = None) -> None:
        self._tasks.run(lambda: self._api.material_info(self._company, self._round), self.show_info, self._failed)

    def _failed(self, error: HireFlowError) -> None:
        self.banner.error(error)

"""Where calls are kept, for how long, and how all of them leave."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from hireflow_voice.app.api import Api
from hireflow_voice.errors import HireFlowError
from hireflow_voice.ui.keeper import Keeper
from hireflow_voice.ui.tasks import Tasks
from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.basics import Card, Label, announce, held
from hireflow_voice.ui.widgets.buttons import Button
from hireflow_voice.ui.widgets.choices import Select
from hireflow_voice.ui.widgets.columns import Form, Part, columns
from hireflow_voice.ui.widgets.dialogs import Ask
from hireflow_voice.ui.words import count

KEPT = ((0, "Until I delete them"), (30, "30 days"), (90, "90 days"), (180, "180 days"), (365, "One year"))
"""(days, words) on offer."""
LEFT = Qt.AlignmentFlag.AlignLeft
EXPORT = "Export all calls"


def ask_export_file(parent: QWidget) -> str:
    """A path from the file dialog; empty where it was left."""
    return QFileDialog.getSaveFileName(parent, EXPORT, "hireflow-calls.zip", "Zip files (*.zip)")[0]


class PrivacyCard(Card):
    """The data folder, retention, export of all, deletion of all."""

    failed = Signal(object)
    """HireFlowError."""
    deleted = Signal()
    _progressed = Signal(int, int)

    def __init__(self, api: Api, theme: Theme, tasks: Tasks, keeper: Keeper) -> None:
        super().__init__(theme)
        self._api, self._theme, self._tasks, self._keeper = api, theme, tasks, keeper
        self._cancelled = threading.Event()
        self.exporting = False
        self.ask_file: Callable[[], str] = lambda: ask_export_file(self)
        self.open_url: Callable[[QUrl], bool] = QDesktopServices.openUrl
        self.where = Label(theme, str(api.data_folder()), wrap=True)
        self.where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.open_folder = Button(theme, "Open the folder", "folder-open", height=40)
        self.kept = Select(theme, "Calls are kept")
        self.export = Button(theme, EXPORT, "download", height=40)
        self.delete = Button(theme, "Delete all calls", "trash-2", height=40)
        self.state = Label(theme, "", Type.CAPTION, "muted", wrap=True)
        self.state.hide()
        words = (
            "Recordings, transcripts and feedback are plain files on this computer; nothing is sent anywhere, but for "
            "the words of your answers where an endpoint judges. What is too old is deleted when the program starts, "
            "never a call with a star (K in the list and in the review), nor one that can go on."
        )
        self.column.addWidget(Label(theme, "Privacy", Type.STRONG))
        self.column.addWidget(Label(theme, words, Type.CAPTION, "muted", wrap=True))
        folder = columns(theme, Part(self.where, 1, least=160), self.open_folder, spacing=8)
        self.column.addLayout(Form(theme, (
            ("Folder", held(folder)),
            ("Calls are kept", self.kept),
            ("", held(columns(theme, *(Part(b, align=LEFT) for b in (self.export, self.delete)), spacing=8))),
            ("", self.state),
        )))  # fmt: skip
        self.kept.chosen.connect(lambda days: keeper.change(keep_days=int(days)))
        self.open_folder.clicked.connect(self._open)
        self.export.clicked.connect(self._export)
        self.delete.clicked.connect(self._ask_delete)
        self._progressed.connect(self._show_progress)
        self.show_settings()

    def show_settings(self) -> None:
        """Fill the choice from the settings, also one that only the file knows."""
        days = self._keeper.settings.keep_days
        offered = dict(KEPT)
        offered.setdefault(days, count(days, "day"))
        self.kept.fill([(str(number), words) for number, words in sorted(offered.items())], str(days))

    def cancel(self) -> None:
        """Stop an export."""
        self._cancelled.set()

    def _open(self) -> None:
        if not self.open_url(QUrl.fromLocalFile(str(self._api.data_folder()))):
            self._say("No program here opens folders. The path above can be copied.")

    def _say(self, sentence: str) -> None:
        self.state.say(sentence)
        self.state.show()
        announce(self, sentence)

    def _export(self) -> None:
        if self.exporting:
            self.cancel()
            return
        path = self.ask_file()
        if not path:
            return
        self.exporting = True
        self._cancelled.clear()
        self.export.rename("Cancel the export", "x")

        def done(number: int) -> None:
            self._rest()
            self._say(f"{count(number, 'call')} exported. Each can be opened from Home." if number
                      else "The export was cancelled; nothing was written.")  # fmt: skip

        def failed(error: HireFlowError) -> None:
            self._rest()
            self.state.hide()
            self.failed.emit(error)

        self._tasks.run(
            lambda: self._api.export_all(Path(path), self._progressed.emit, self._cancelled.is_set), done, failed
        )

    def _show_progress(self, done: int, total: int) -> None:
        if self.exporting:
            self.state.say(f"Exporting call {done + 1} of {total}.")
            self.state.show()

    def _rest(self) -> None:
        self.exporting = False
        self.export.rename(EXPORT, "download")

    def _ask_delete(self) -> None:
        Ask.open_for(
            self._theme,
            self.window(),
            "Delete all calls?",
            "Every recording, transcript and feedback of every call is removed from this computer for good, "
            "also of those with a star.",
            "Delete all calls",
            "Keep them",
            self._delete,
        )

    def _delete(self) -> None:
        def done(_: None) -> None:
            self._say("All calls are deleted.")
            self.deleted.emit()

        self._tasks.run(self._api.delete_all, done, self.failed.emit)

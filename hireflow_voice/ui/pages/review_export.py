"""Out of the review: reports for reading, and the call itself as one file."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from hireflow_voice.app.api import Api
from hireflow_voice.errors import HireFlowError, MachineError
from hireflow_voice.records import CallFile, CallRecord
from hireflow_voice.ui.tasks import Tasks
from hireflow_voice.ui.words import one_line


@dataclass(frozen=True, slots=True)
class Form:
    """One thing that can be written."""

    id: str
    title: str
    suffix: str


PDF = Form("pdf", "PDF", "pdf")
PAGE = Form("html", "Web page", "html")
SOUND = Form("sound", "Web page with sound", "html")
MARKDOWN = Form("md", "Markdown", "md")
DATA = Form("json", "JSON", "json")
WHOLE = Form(CallFile.WHOLE, "Call file, to keep or move", "zip")
MENTOR = Form(CallFile.MENTOR, "Call file for a mentor, who scores it blind", "zip")
SCORES = Form(CallFile.SCORES, "Your scores, for the candidate", "zip")
REPORTS, FILES = (PDF, PAGE, SOUND, MARKDOWN, DATA), (WHOLE, MENTOR)


class Exports(QObject):
    """Asks where, writes beside the window, and says how it went."""

    began = Signal(str)
    """What is being written, in words."""
    ended = Signal(str)
    """A sentence; empty when it was stopped."""
    failed = Signal(object)
    """HireFlowError."""

    def __init__(self, api: Api, tasks: Tasks, parent: QWidget) -> None:
        super().__init__(parent)
        self._api, self._tasks, self._window = api, tasks, parent
        self._stop: threading.Event | None = None

    def menu(self, record: CallRecord) -> QMenu:
        """Everything that can be written of a call."""
        menu = QMenu(self._window)
        scores = any(one.mine and one.points for one in record.mentors)
        # What the judge says would be in all of these; a mentor must not find it there first.
        forms = [*REPORTS, None, *FILES] if record.scoring is None else []
        for form in [*forms, *([SCORES] if scores else [])]:
            if form is None:
                menu.addSeparator()
            else:
                menu.addAction(f"{form.title} …").triggered.connect(partial(self._chosen, record, form))
        if menu.isEmpty():
            menu.addAction("Score the call first").setEnabled(False)
        return menu

    def _chosen(self, record: CallRecord, form: Form, _checked: bool = False) -> None:
        self.run(record, form)

    @property
    def busy(self) -> bool:
        """Whether something is being written."""
        return self._stop is not None

    def stop(self) -> None:
        """Leave it; nothing half written stays."""
        if self._stop is not None:
            self._stop.set()

    def ask_where(self, name: str, form: Form) -> str:
        """A path from the file dialog; empty where it was left."""
        path, _ = QFileDialog.getSaveFileName(self._window, form.title, name, f"{form.title} (*.{form.suffix})")
        return path if not path or Path(path).suffix else f"{path}.{form.suffix}"

    def run(self, record: CallRecord, form: Form) -> None:
        """Write one of them, where the user says."""
        if self.busy:
            return
        extra = f"-{form.id}" if form.suffix == "zip" else ""
        path = self.ask_where(f"{record.header.id}{extra}.{form.suffix}", form)
        if not path:
            return
        stop = self._stop = threading.Event()
        self.began.emit(f"Writing {Path(path).name} …")

        def done(_: None) -> None:
            self._stop = None
            self.ended.emit("" if stop.is_set() else f"Written to {path}")

        def failed(error: HireFlowError) -> None:
            self._stop = None
            self.ended.emit("")
            self.failed.emit(error)

        self._tasks.run(self._writing(record, form, Path(path), stop.is_set), done, failed)

    def _writing(self, record: CallRecord, form: Form, path: Path, stopped: Callable[[], bool]) -> Callable[[], None]:
        api, call = self._api, record.header.id

        def op() -> None:
            if form.suffix == "zip":
                api.export_file(call, path, CallFile(form.id))
            elif form is PDF:
                from hireflow_voice.ui.pdf import write_pdf

                title = one_line(f"{record.header.company}: {record.header.round}", 120)
                write_pdf(api.export(call, "print"), path, title)
            else:
                text = api.export(call, form.suffix, audio=form is SOUND, cancelled=stopped)
                if not stopped():
                    _write(path, text)

        return op


def _write(path: Path, text: str) -> None:
    """Raises MachineError."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise MachineError(
            f"The report could not be written to {path}: {error.strerror}.", "Choose another folder."
        ) from error

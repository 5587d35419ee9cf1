"""A full loop on Home: the strip with the round that is next, the dialog with all rounds and what they add up to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from hireflow_voice.app.api import Api, CallOptions
from hireflow_voice.errors import DataFolderUnusable, HireFlowError
from hireflow_voice.ui.tasks import Tasks
from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.banner import Banner, Glyph
from hireflow_voice.ui.widgets.basics import Card, Elided, Label, Rule, announce, column, held, row
from hireflow_voice.ui.widgets.buttons import Button, Kind
from hireflow_voice.ui.widgets.columns import Part, columns
from hireflow_voice.ui.widgets.dialogs import Dialog, ways_out
from hireflow_voice.ui.words import BANDS, count, day, one_line
from hireflow_voice.verdict import Band

if TYPE_CHECKING:  # loops and reports are loaded when one is looked at, not before the window is on screen
    from hireflow_voice.app.loops import LoopStatus
    from hireflow_voice.report.debrief import Debrief


def day_of(iso: str, today: date) -> str:
    """ "today", "tomorrow", "3 Dec 2026", "planned for 21 Nov 2026" when that day is over."""
    try:
        at = date.fromisoformat(iso)
    except ValueError:
        return one_line(iso, 20)
    if at < today:
        return f"planned for {day(at)}"
    return {0: "today", 1: "tomorrow"}.get((at - today).days, day(at))


def _today() -> date:
    return datetime.now().astimezone().date()


def ask_debrief_file(parent: QWidget) -> str:
    """A path from the file dialog; empty where it was left."""
    path, _ = QFileDialog.getSaveFileName(parent, "Export the debrief", "debrief.md", "Markdown (*.md);;JSON (*.json)")
    return path


class LoopCard(Card):
    """The strip: there while a loop is, with the button that starts its next round."""

    start_asked = Signal(object, bool)
    """CallOptions; True: a loop is held as it will be, without a coach."""
    rounds_asked = Signal()
    """All of it is to be shown."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, spacing=2)
        self.status: LoopStatus | None = None
        self._options: CallOptions | None = None
        self.title = Label(theme, "", Type.STRONG, wrap=True)
        self.words = Label(theme, "", Type.CAPTION, "muted", wrap=True)
        self.start = Button(theme, "Start the next round", "phone", Kind.SECONDARY, "Ctrl+L", height=40)
        self.rounds = Button(theme, "All rounds", "notebook-pen", height=40)
        self.column.setContentsMargins(theme.px(24), theme.px(12), theme.px(12), theme.px(12))
        said = row(Glyph(theme, "refresh-cw", "accent"), column(self.title, self.words, spacing=theme.px(2)),
                   spacing=theme.px(12))  # fmt: skip
        said.setStretch(1, 1)
        buttons = columns(theme, self.start, self.rounds, spacing=12, between=8)
        self.column.addLayout(columns(theme, Part(said, 1, least=360), buttons, spacing=12))
        self.start.clicked.connect(self.begin)
        self.rounds.clicked.connect(self.rounds_asked)
        self.setVisible(False)

    def show_loop(self, status: LoopStatus | None) -> None:
        """The newest loop; None hides the strip."""
        self.status = status
        self._options = status.next if status is not None else None
        self.setVisible(status is not None)
        if status is None:
            return
        title, words = _said(status, _today())
        self.title.say(title)
        self.words.say(words)
        over = status.next is None
        self.start.setVisible(not over)
        self.rounds.rename("Debrief" if over else "All rounds")
        self.rounds.set_kind(Kind.PRIMARY if over else Kind.SECONDARY)

    def show_blocked(self, blocked: bool) -> None:
        """Whether something is missing that no call can do without."""
        self.start.setEnabled(not blocked)

    def begin(self) -> None:
        """Start the round that is next."""
        if self._options is not None and self.start.isEnabled():
            self.start_asked.emit(self._options, True)


def _said(status: LoopStatus, today: date) -> tuple[str, str]:
    """Title and sentences of the strip."""
    steps, held_ = status.loop.steps, sum(bool(call) for call in status.calls)
    what = f"Full loop at {one_line(status.loop.title, 60)}"
    left = [step for step, call in zip(steps, status.calls, strict=True) if not call]
    if not left:
        return f"{what}: every round is held", "The debrief looks at all of them together and decides once."
    first, *later = left
    words = [f"{held_} of {count(len(steps), 'round')} held."]
    if later:
        words.append(f"Then {one_line(later[0].title, 80)}, {day_of(later[0].day, today)}.")
    else:
        words.append("It is the last one; the debrief follows.")
    return f"{what}: {one_line(first.title, 80)}, {day_of(first.day, today)}", " ".join(words)


class LoopDialog(Dialog):
    """Every round with its day and its band, and what they add up to."""

    review_asked = Signal(str)
    """Id of a call."""
    put_away = Signal()

    def __init__(self, api: Api, theme: Theme, tasks: Tasks, parent: QWidget, status: LoopStatus) -> None:
        super().__init__(theme, parent, f"Full loop at {one_line(status.loop.title, 60)}", wide=560)
        self._api, self._theme, self._tasks, self._status = api, theme, tasks, status
        self.ask_file: Callable[[], str] = lambda: ask_debrief_file(self)
        self.setModal(True)
        self.banner = Banner(theme)
        self.decision = Label(theme, "", Type.SCORE)
        self.reason = Label(theme, "", wrap=True)
        self.rounds = QVBoxLayout()
        self.rounds.setSpacing(theme.px(4))
        self.opens: list[Button] = []
        self.export = Button(theme, "Export the debrief", "download")
        self.forget = Button(theme, "End this loop", "x", Kind.GHOST)
        self.leave = Button(theme, "Done", kind=Kind.PRIMARY)
        self._lay_out()
        self.export.clicked.connect(self._export)
        self.forget.clicked.connect(self._forget)
        self.leave.clicked.connect(self.accept)
        self.leave.setDefault(True)
        self._tasks.run(self._api.loop_debrief, self.show_debrief, self._failed)

    def _lay_out(self) -> None:
        theme = self._theme
        pile = self.pile
        pile.addWidget(Label(theme, self.windowTitle(), Type.QUESTION, wrap=True))
        pile.addWidget(self.banner)
        pile.addWidget(self.decision)
        pile.addWidget(self.reason)
        pile.addLayout(self.rounds)
        self.add_foot(ways_out(theme, self.forget, self.export, self.leave, apart=True))

    def show_debrief(self, made: Debrief) -> None:
        """All of it, as far as it is held."""
        theme = self._theme
        open_ = made.decision is Band.NOT_ENOUGH
        word, role = BANDS[made.decision]
        self.decision.say("" if open_ else word)
        self.decision.set_role(role)
        self.decision.setVisible(not open_)
        self.reason.say(_reason(self._status, made))
        for step, line in zip(self._status.loop.steps, made.rounds, strict=True):
            self.rounds.addWidget(self._round(step.day, line.title, line.call, line.band, line.reason))
        parts = (
            (
                "Across the rounds",
                [f"{one.name}: {one.mean:.1f} of 4 in {count(len(one.marks), 'round')}" for one in made.signals],
            ),
            ("What repeated well", list(made.repeated_strengths)),
            ("What to work on", list(made.repeated_gaps)),
        )
        for title, sentences in parts:
            if sentences:
                self.rounds.addWidget(Rule())
                self.rounds.addWidget(Label(theme, title, Type.STRONG))
                for sentence in sentences:
                    self.rounds.addWidget(Label(theme, sentence, Type.CAPTION, wrap=True))
        self.rounds.addStretch(1)
        self.export.setEnabled(any(line.call for line in made.rounds))
        self.settle()

    def _round(self, iso: str, title: str, call: str, band: Band, reason: str) -> QWidget:
        theme = self._theme
        word, role = BANDS[band] if call else (day_of(iso, _today()).capitalize(), "muted")
        if call and band is Band.NOT_ENOUGH:
            reason = reason or "Not judged yet."
        line = QHBoxLayout()
        line.setContentsMargins(0, theme.px(4), 0, theme.px(4))
        line.setSpacing(theme.px(12))
        line.addWidget(Glyph(theme, "circle-check" if call else "circle", role), 0, Qt.AlignmentFlag.AlignTop)
        said = Elided(theme, reason if call else "Not held yet.", Type.CAPTION, "muted")
        line.addLayout(column(Elided(theme, title, Type.STRONG), said, spacing=0), 1)
        line.addWidget(Label(theme, word, Type.CAPTION, role))
        if call:
            show = Button(
                theme, f"Open the review of {one_line(title, 60)}", "file-text", Kind.GHOST, icon_only=True, height=36
            )
            show.clicked.connect(lambda: self._open(call))
            line.addWidget(show)
            self.opens.append(show)
        return held(line)

    def _open(self, call: str) -> None:
        self.accept()
        self.review_asked.emit(call)

    def _export(self) -> None:
        path = self.ask_file()
        if not path:
            return
        target = Path(path if Path(path).suffix else f"{path}.md")
        form = "json" if target.suffix.lower() == ".json" else "md"

        def write() -> None:
            text = self._api.debrief(form)
            try:
                target.write_text(text, encoding="utf-8")
            except OSError as error:
                raise DataFolderUnusable(f"{target.name} could not be written ({error.strerror}).") from error

        def done(_: None) -> None:
            self.banner.clear()
            announce(self, f"Written to {target}")

        self._tasks.run(write, done, self._failed)

    def _forget(self) -> None:
        loop = self._status.loop.id

        def gone(_: None) -> None:
            self.put_away.emit()
            self.accept()

        self._tasks.run(lambda: self._api.end_loop(loop), gone, self._failed)

    def _failed(self, error: HireFlowError) -> None:
        self.banner.error(error)


def _reason(status: LoopStatus, made: Debrief) -> str:
    if status.next is None:
        return f"{made.reason} This is a practice estimate."
    held_ = sum(bool(call) for call in status.calls)
    return (
        f"{held_} of {count(len(status.calls), 'round')} held. The decision comes when all of them are; until then "
        "this is what they have shown."
    )

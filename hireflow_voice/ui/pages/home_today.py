"""The strip on Home that says what to practise today, and the dialog that sets the interview it plans for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from hireflow_voice.app.api import Api, CallOptions
from hireflow_voice.errors import DataFolderUnusable, HireFlowError
from hireflow_voice.ui.keeper import Keeper
from hireflow_voice.ui.tasks import Tasks
from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.banner import Glyph
from hireflow_voice.ui.widgets.basics import Card, Label, announce, column, row
from hireflow_voice.ui.widgets.buttons import Button, Kind
from hireflow_voice.ui.widgets.choices import DateField, Segments, Select
from hireflow_voice.ui.widgets.columns import Form, Part, columns
from hireflow_voice.ui.widgets.dialogs import Dialog, ways_out
from hireflow_voice.ui.words import count, day, minutes, one_line

if TYPE_CHECKING:  # planning is loaded when something is planned, not before the window is on screen
    from hireflow_voice.app.today import Today

MINUTES = (15, 30, 45, 60)
"""A day, on offer."""
AHEAD = 14
"""Days from today to the date that is shown before one is set."""
SET = "Set your interview"
CHANGE = "Change the plan"


class PlanDialog(Dialog):
    """When the interview is, where, and how long one wants to practise on a day."""

    def __init__(self, theme: Theme, parent: QWidget, keeper: Keeper, companies: tuple[tuple[str, str], ...]) -> None:
        super().__init__(theme, parent, "Your interview", spacing=14, wide=420)
        self._keeper = keeper
        settings = keeper.settings
        self.setModal(True)
        self.company = Select(theme, "Company")
        self.company.fill(companies, settings.interview_company or companies[0][0])
        self.date = DateField(theme, "Day of the interview")
        try:
            self.date.show_day(date.fromisoformat(settings.interview_date))
        except ValueError:
            self.date.show_day(datetime.now().astimezone().date() + timedelta(days=AHEAD))
        self.minutes = Segments(theme, "Minutes a day", [(f"{m}", "minutes") for m in MINUTES])
        nearest = min(MINUTES, key=lambda m: abs(m - settings.minutes_a_day))
        self.minutes.choose(MINUTES.index(nearest))
        self.keep = Button(theme, "Plan my practice", kind=Kind.PRIMARY)
        self.forget = Button(theme, "No interview", kind=Kind.GHOST)
        self.forget.setVisible(bool(settings.interview_date))
        self.leave = Button(theme, "Cancel")
        self._lay_out(theme, len(companies) > 1)
        self.keep.clicked.connect(self._keep)
        self.forget.clicked.connect(self._forget)
        self.leave.clicked.connect(self.reject)
        self.date.setFocus(Qt.FocusReason.TabFocusReason)

    def _lay_out(self, theme: Theme, several: bool) -> None:
        rows: tuple[tuple[str, QWidget], ...] = (
            *((("Company", self.company),) if several else ()),
            ("Day", self.date),
            ("A day", self.minutes),
        )
        self.company.setVisible(several)
        if not several:
            self.company.setParent(self)
        pile = self.pile
        pile.addWidget(Label(theme, "When is your interview?", Type.QUESTION))
        words = Label(
            theme,
            "Each day Home says what to practise, out of what your calls have shown so far. Missed points come back.",
            wrap=True,
        )
        pile.addWidget(words)
        pile.addLayout(Form(theme, rows))
        self.add_foot(ways_out(theme, self.forget, self.leave, self.keep, apart=True))
        self.keep.setDefault(True)

    def _keep(self) -> None:
        self._keeper.change(
            interview_company=self.company.value(),
            interview_date=self.date.day().isoformat(),
            minutes_a_day=MINUTES[self.minutes.index()],
        )
        self.accept()

    def _forget(self) -> None:
        self._keeper.change(interview_date="")
        self.accept()


def ask_calendar_file(parent: QWidget) -> str:
    """A path from the file dialog; empty where it was left."""
    return QFileDialog.getSaveFileName(parent, "Export to a calendar", "practice.ics", "Calendars (*.ics)")[0]


class TodayCard(Card):
    """What to practise today, with the button that starts exactly that call."""

    start_asked = Signal(object, bool)
    """CallOptions; whether it is a rehearsal."""
    failed = Signal(object)
    """HireFlowError."""
    loop_asked = Signal()
    """A full loop is to begin."""

    def __init__(self, api: Api, theme: Theme, tasks: Tasks, keeper: Keeper) -> None:
        super().__init__(theme, spacing=2)
        self._api, self._theme, self._tasks, self._keeper = api, theme, tasks, keeper
        self._options: CallOptions | None = None
        self._rehearsal = False
        self.companies: Callable[[], tuple[tuple[str, str], ...]] = lambda: ()
        """(id, title) of whom one can prepare for."""
        self.ask_file: Callable[[], str] = lambda: ask_calendar_file(self)
        self.title = Label(theme, "Plan your practice", Type.STRONG, wrap=True)
        self.words = Label(theme, "", Type.CAPTION, "muted", wrap=True)
        self.start = Button(theme, "Start today's call", "phone", Kind.SECONDARY, "Ctrl+T", height=40)
        self.calendar = Button(theme, "Export to a calendar", "download", Kind.GHOST, icon_only=True, height=40)
        self.change = Button(theme, SET, "calendar", height=40)
        self.loop = Button(theme, "Begin a full loop", "refresh-cw", height=40)
        self.loop.setVisible(False)
        self.column.setContentsMargins(theme.px(24), theme.px(12), theme.px(12), theme.px(12))
        said = row(Glyph(theme, "calendar", "accent"), column(self.title, self.words, spacing=theme.px(2)),
                   spacing=theme.px(12))  # fmt: skip
        said.setStretch(1, 1)
        buttons = columns(theme, self.start, self.loop, self.calendar, self.change, spacing=12, between=8)
        self.column.addLayout(columns(theme, Part(said, 1, least=360), buttons, spacing=12))
        self.start.clicked.connect(self.begin)
        self.calendar.clicked.connect(self._export)
        self.change.clicked.connect(self.open_plan)
        self.loop.clicked.connect(self.loop_asked)
        self.show_today(None)

    def refresh(self) -> None:
        """Plan anew."""
        self._tasks.run(self._api.today, self.show_today, self.failed.emit)

    def show_today(self, today: Today | None) -> None:
        """What the plan says."""
        title, words = _said(today)
        self.title.say(title)
        self.words.say(words)
        step = today.steps[0] if today is not None and today.steps else None
        self._options = step.options if step is not None else None
        self._rehearsal = step is not None and step.kind.value == "rehearsal"
        self.start.setVisible(self._options is not None)
        planned = today is not None and today.days_left > 0
        self.calendar.setVisible(planned)
        self.change.rename(CHANGE if planned else SET, "settings" if planned else "calendar")
        self.change.set_icon_only(planned)
        self.change.set_kind(Kind.GHOST if planned else Kind.SECONDARY)
        self.loop.set_icon_only(planned)
        self.loop.set_kind(Kind.GHOST if planned else Kind.SECONDARY)

    def show_blocked(self, blocked: bool) -> None:
        """Whether something is missing that no call can do without."""
        self.start.setEnabled(not blocked)

    def offer_loop(self, title: str) -> None:
        """Offer every round of a company over days; with an empty title nothing."""
        self.loop.setVisible(bool(title))
        self.loop.rename(f"Full loop at {one_line(title, 30)}")

    def begin(self) -> None:
        """Start today's call."""
        if self._options is not None and self.start.isEnabled():
            self.start_asked.emit(self._options, self._rehearsal)

    def open_plan(self) -> None:
        """Ask when the interview is."""
        companies = self.companies()
        if companies:
            dialog = PlanDialog(self._theme, self.window(), self._keeper, companies)
            # The settings are kept a moment later; the plan reads them.
            dialog.accepted.connect(lambda: self._tasks.run(lambda: None, lambda _: self.refresh(), self.failed.emit,
                                                            lane="settings"))  # fmt: skip
            dialog.open()

    def _export(self) -> None:
        path = self.ask_file()
        if not path:
            return
        target = Path(path)

        def write() -> None:
            data = self._api.calendar()
            try:
                target.write_bytes(data)
            except OSError as error:
                raise DataFolderUnusable(f"{target.name} could not be written ({error.strerror}).") from error

        def failed(error: HireFlowError) -> None:
            self.failed.emit(error)

        self._tasks.run(write, lambda _: announce(self, "The calendar file is written"), failed)


def _said(today: Today | None) -> tuple[str, str]:
    """Title and sentences."""
    if today is None:
        return "Plan your practice", "Set its day, and each day says here what to practise."
    if today.days_left < 0:
        return "How did it go?", f"Your interview at {today.company} was on {day(today.interview)}. Set the next one."
    if today.days_left == 0:
        return f"Your interview at {today.company} is today", "You have practised. Breathe, listen, think aloud."
    left = f"{count(today.days_left, 'day')} left until {today.company}."
    if not today.steps:
        done = f"{minutes(today.practised)} practised of {today.minutes_a_day}." if today.practised else ""
        return "Done for today", f"{done} {left}".strip()
    from hireflow_voice.preparation.plan import Kind as Planned

    step, *later = today.steps
    if step.kind is Planned.REST:
        return "Today: rest", f"{step.why} {left}"
    what = {Planned.DRILL: "missed points of ", Planned.REHEARSAL: "dress rehearsal, "}.get(step.kind, "")
    parts = [step.why, left]
    if today.from_results:
        parts.append("Re-planned from your results.")
    if later and later[0].options is not None:
        parts.append(f"Then {later[0].title}, {minutes(later[0].minutes)}.")
    return f"Today: {what}{step.title}, {minutes(step.minutes)}", " ".join(parts)

"""Home: what to be called about, whether the line is good, and the calls so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QSpacerItem, QVBoxLayout, QWidget

from hireflow_voice.app.api import Api, CallOptions, Devices, MaterialInfo, RoundInfo, usual
from hireflow_voice.errors import HireFlowError
from hireflow_voice.records import CallSummary
from hireflow_voice.settings import Patience
from hireflow_voice.ui.keeper import Keeper
from hireflow_voice.ui.pages.home_example import ExampleOffer, steps
from hireflow_voice.ui.pages.home_material import MaterialDialog, summed_up
from hireflow_voice.ui.pages.home_today import TodayCard
from hireflow_voice.ui.pages.line_check import LineCheckCard
from hireflow_voice.ui.ready import Ready
from hireflow_voice.ui.tasks import Tasks
from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.banner import Banner
from hireflow_voice.ui.widgets.basics import Card, Label, Scroll, announce, centred, empty, held, row
from hireflow_voice.ui.widgets.buttons import Button, Kind
from hireflow_voice.ui.widgets.call_rows import CallRow
from hireflow_voice.ui.widgets.choices import Field, Segments, Select
from hireflow_voice.ui.widgets.dialogs import Ask
from hireflow_voice.ui.widgets.readiness_list import ReadinessList
from hireflow_voice.ui.words import count

MOST_LENGTHS = 3
"""How many lengths of a call are on offer at most."""
PATIENCES = (Patience.BRISK, Patience.PATIENT, Patience.MANUAL)
TALLEST = 632
"""The cards are no taller than this, in the design's pixels."""
HOW_IT_GOES = (
    "The phone rings, an interviewer greets you and asks. You answer aloud, as long as you need.",
    "What you left out is asked about. At the end you ask your own questions.",
    "Then you read the interviewer's form, with your own words beside every verdict, and hear them again.",
)
STILL_JUDGED = "StillJudged"
MOST_ROWS = 40
"""Rows of past calls built at once; the rest follow when asked for."""


class StartCard(Card):
    """What the call will be, and the button that makes the phone ring."""

    start_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._theme = theme
        self._rounds: tuple[RoundInfo, ...] = ()
        self.company = Select(theme, "Company")
        self.round = Select(theme, "Interview")
        self.about = Label(theme, "", Type.CAPTION, "muted", wrap=True)
        # As wide as it will ever be: the rounds are known only later, and the card is laid out now.
        self.length = Segments(theme, "Length", [(count(10, "question"), "45 min")] * MOST_LENGTHS)
        self.patience = Segments(
            theme, "Patience", [("Brisk", "1.5 s"), ("Patient", "2.5 s"), ("Manual", "Space only")]
        )
        self.mode = Segments(theme, "Mode", [("Real", "nothing but the call"), ("Coach", "feedback as you go")])
        self.voice = Select(theme, "Interviewer's voice")
        self.hear = Button(theme, "Hear it", "volume-2", height=40)
        self.name = Field(theme, "Your name", "How the interviewer greets you", longest=60)
        self.material = Button(theme, "Job description and résumé", "file-text", height=40)
        self.material_words = Label(theme, "", Type.CAPTION, "muted", wrap=True)
        self.judge = Label(theme, "", Type.CAPTION, "muted", wrap=True)
        self.readiness = ReadinessList(theme, only_missing=True)
        self.start = Button(theme, "Start call", "phone", Kind.PRIMARY, "Ctrl+Enter", height=52)
        self.start.clicked.connect(self.start_asked)
        self._lay_out()

    def _lay_out(self) -> None:
        theme = self._theme
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.px(16))
        rows: tuple[tuple[str, QWidget], ...] = (
            ("Company", self.company),
            ("Interview", self.round),
            ("", self.about),
            ("Length", self.length),
            ("Mode", self.mode),
            ("Patience", self.patience),
            ("Voice", held(row(self.voice, self.hear))),
            ("Your name", self.name),
            ("Material", self.material),
            ("", self.material_words),
        )
        at = 0
        for text, widget in rows:
            if text and at:
                # Room that is left over goes between the rows, up to a point.
                grid.setRowStretch(at, 1)
                grid.addItem(QSpacerItem(0, 0, QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Expanding), at, 0)
                at += 1
            name = Label(theme, text, Type.BODY, "muted")
            if widget is self.company:
                self._company_name = name
            grid.addWidget(name, at, 0, Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(widget, at, 1)
            at += 1
        grid.setVerticalSpacing(theme.px(6))
        grid.setColumnStretch(1, 1)
        form = QWidget()
        pile = QVBoxLayout(form)
        pile.setContentsMargins(0, 0, 0, 0)
        pile.setSpacing(theme.px(16))
        pile.addLayout(grid, 8)
        pile.addStretch(1)
        # The form scrolls in a small window; what is missing and the button that starts the call are always there.
        self.column.addWidget(Label(theme, "Start an interview", Type.QUESTION))
        self.column.addWidget(Scroll(form), 1)
        self.column.addWidget(self.readiness)
        self.column.addWidget(self.judge)
        self.column.addWidget(self.start)

    def show_rounds(self, rounds: tuple[RoundInfo, ...]) -> None:
        """What can be called."""
        self._rounds = rounds
        first = usual(rounds)
        if first is None:
            return
        companies = self.companies()
        chosen = self.company.value()
        self.company.fill(companies, chosen if chosen in dict(companies) else first.company)
        for part in (self.company, self._company_name):
            part.setVisible(len(companies) > 1)
        self.show_company()

    def companies(self) -> tuple[tuple[str, str], ...]:
        """(id, title) of everybody who calls, the usual one first."""
        first = usual(self._rounds)
        found = {info.company: info.company_title for info in self._rounds}
        return tuple(sorted(found.items(), key=lambda one: (first is None or one[0] != first.company, one[1])))

    def show_company(self) -> None:
        """The rounds of the chosen company, in the order of its process."""
        own = tuple(info for info in self._rounds if info.company == self.company.value())
        chosen = self.round.value()
        first = usual(own)
        if first is not None:
            self.round.fill(
                [(r.round, r.title) for r in own], chosen if chosen in [r.round for r in own] else first.round
            )
        self.show_round()

    def prefer(self, company: str, round_: str, length: int, mode: int) -> None:
        """What was chosen when the window was closed, as far as it is still there."""
        self.company.fill([(company, company)], company)
        self.round.fill([(round_, round_)], round_)
        if 0 <= length < MOST_LENGTHS:
            self.length.choose(length)
        if mode in (0, 1):
            self.mode.choose(mode)

    def show_round(self) -> None:
        """A line about the chosen round."""
        info = self.info()
        # One sentence: with more, the form would scroll in the usual window.
        first = info.about.split(". ")[0].rstrip(".") if info else ""
        self.about.say(f"{count(info.questions, info.noun)} in the bank. {first}".strip() if info else "")
        self.about.setAccessibleDescription(f"{info.role}. {info.about}".strip() if info else "")
        if info is not None:
            self.length.show_choices([(count(n, info.noun), f"{m} min") for n, m in info.lengths[:MOST_LENGTHS]])

    def info(self) -> RoundInfo | None:
        """The chosen round."""
        return self.info_of(self.company.value(), self.round.value())

    def info_of(self, company: str, round_: str) -> RoundInfo | None:
        """A round by its ids."""
        return next((r for r in self._rounds if (r.company, r.round) == (company, round_)), None)

    def options(self) -> CallOptions | None:
        """What was chosen; None while there is nothing to choose from."""
        info = self.info()
        if info is None:
            return None
        questions, minutes = info.lengths[self.length.index()]
        return CallOptions(info.company, info.round, min(questions, info.questions), float(minutes), coach=self.coached)

    @property
    def coached(self) -> bool:
        """Whether calls are held in Coach mode."""
        return self.mode.index() == 1


class HomePage(QWidget):
    """The first page."""

    start_requested = Signal(object)
    """CallOptions."""
    resume_requested = Signal(str)
    review_requested = Signal(str)
    settings_requested = Signal()

    def __init__(self, api: Api, theme: Theme, tasks: Tasks, keeper: Keeper, ready: Ready) -> None:
        super().__init__()
        self._api, self._theme, self._tasks, self._keeper, self._ready = api, theme, tasks, keeper, ready
        self.being_judged: Callable[[str], bool] = lambda _call: False
        """Whether the judge still writes to a call; the window knows."""
        self.banner = Banner(theme)
        self.today = TodayCard(api, theme, tasks, keeper)
        self.card = StartCard(theme)
        self.example = ExampleOffer(api, theme, tasks)
        self.line_check = LineCheckCard(api, theme, tasks, keeper)
        self._calls_title = Label(theme, "Recent calls", Type.STRONG)
        self.open_file = Button(theme, "Open a call file", "download", Kind.GHOST, "Ctrl+O", height=36)
        self.calls_hint = Label(theme, "", Type.BODY, "muted", wrap=True)
        self.first_steps = steps(theme, HOW_IT_GOES)
        self.calls = QVBoxLayout()
        self.rows: list[CallRow] = []
        self._summaries: tuple[CallSummary, ...] = ()
        self.more = Button(theme, "Show older calls", kind=Kind.GHOST, height=36)
        self._lay_out()
        self._connect()
        self.show_settings()

    def _lay_out(self) -> None:
        theme = self._theme
        self.calls.setContentsMargins(0, 0, 0, 0)
        self.calls.setSpacing(theme.px(2))
        rows = QWidget()
        pile = QVBoxLayout(rows)
        pile.setContentsMargins(0, 0, theme.px(4), 0)
        pile.setSpacing(theme.px(12))
        for part in (self.calls_hint, self.example, self.first_steps):
            part.setContentsMargins(theme.px(12), 0, theme.px(12), 0)
            pile.addWidget(part)
        pile.addLayout(self.calls)
        pile.addWidget(self.more, 0, Qt.AlignmentFlag.AlignHCenter)
        pile.addStretch(1)
        self.calls_area = Scroll(rows)
        recent = Card(theme, spacing=8)
        margins = recent.column.contentsMargins()
        recent.column.setContentsMargins(theme.px(12), margins.top(), theme.px(8), theme.px(12))
        head = row(self._calls_title, 1, self.open_file)
        head.setContentsMargins(theme.px(12), 0, 0, 0)
        recent.column.addLayout(head)
        recent.column.addWidget(self.calls_area, 1)
        recent.setMinimumWidth(theme.px(330))
        content = QWidget()
        content.setMaximumHeight(theme.px(TALLEST))
        sides = QHBoxLayout(content)
        sides.setContentsMargins(0, 0, 0, 0)
        sides.setSpacing(theme.px(16))
        sides.addWidget(self.card, 1)
        right = QVBoxLayout()
        right.setSpacing(theme.px(16))
        right.addWidget(self.line_check)
        right.addWidget(recent, 1)
        sides.addLayout(right, 1)
        page = QVBoxLayout(self)
        page.setContentsMargins(theme.px(32), theme.px(8), theme.px(32), theme.px(24))
        page.setSpacing(theme.px(16))
        page.addLayout(centred(theme, self.banner))
        page.addLayout(centred(theme, self.today))
        page.addLayout(centred(theme, content), 1_000)
        page.addStretch(1)

    def _connect(self) -> None:
        card, change = self.card, self._keeper.change
        card.company.chosen.connect(lambda _: self._choose(card.show_company))
        card.round.chosen.connect(lambda _: self._choose(card.show_round))
        card.material.clicked.connect(self._open_material)
        self.today.companies = card.companies
        self.today.start_asked.connect(self.start_planned)
        self.today.failed.connect(self.banner.error)
        self.example.made.connect(self.review_requested)
        self.example.failed.connect(self.banner.error)
        card.patience.chosen.connect(lambda index: change(patience=PATIENCES[index]))
        card.voice.chosen.connect(lambda voice: change(voice=voice))
        card.name.editingFinished.connect(self.keep_name)
        card.hear.clicked.connect(self._hear)
        card.start_asked.connect(self.start)
        card.readiness.fetch_asked.connect(self._ready.fetch)
        card.readiness.cancel_asked.connect(self._ready.cancel)
        card.readiness.settings_asked.connect(self.settings_requested)
        self._ready.changed.connect(self._show_ready)
        self._ready.progressed.connect(card.readiness.show_progress)
        self._ready.failed.connect(self.banner.error)
        self._keeper.changed.connect(self.show_settings)
        self._keeper.failed.connect(self.banner.error)
        self.more.clicked.connect(lambda: self._build_rows(len(self._summaries)))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def refresh(self) -> None:
        """Ask for everything the page shows."""
        self._tasks.run(self._api.rounds, self._show_rounds, self.banner.error)
        self.today.refresh()
        self._tasks.run(self._api.calls, self._show_calls, self.banner.error)
        self._tasks.run(self._api.devices, self._show_devices, self.banner.error)
        self._tasks.run(self._api.judge_label, self._show_judge, self.banner.error)
        self._ready.refresh()

    def _show_rounds(self, rounds: tuple[RoundInfo, ...]) -> None:
        self.card.show_rounds(rounds)
        self._ask_material()

    def _choose(self, show: Callable[[], None]) -> None:
        show()
        self._ask_material()

    def _ask_material(self) -> None:
        info = self.card.info()
        if info is not None:
            self._tasks.run(
                lambda: self._api.material_info(info.company, info.round), self._show_material, self.banner.error
            )

    def _show_material(self, info: MaterialInfo) -> None:
        self.card.material_words.say(summed_up(info))
        self.card.material_words.setVisible(bool(info.documents))

    def _open_material(self) -> None:
        info = self.card.info()
        if info is not None:
            dialog = MaterialDialog(self._api, self._theme, self._tasks, self, info.company, info.round)
            dialog.changed.connect(self._ask_material)
            dialog.open()

    def show_settings(self) -> None:
        """Show the settings this page shares with the settings page."""
        settings = self._keeper.settings
        self.card.patience.choose(PATIENCES.index(settings.patience))
        self.card.voice.fill([(v.id, v.title) for v in self._api.voices()], settings.voice)
        if not self.card.name.hasFocus():
            self.card.name.setText(settings.candidate_name)

    def keep_name(self) -> None:
        """Keep the name as it stands in the field."""
        self._keeper.change(candidate_name=self.card.name.text().strip())

    def start(self) -> None:
        """Ask for the call that was chosen."""
        options = self.card.options()
        if options is not None and self.card.start.isEnabled():
            self._ask_for(options)

    def start_planned(self, options: CallOptions, as_it_will_be: bool = False) -> None:
        """Ask for a call that was put together elsewhere, by the plan or out of what is weak, in the mode that is
        chosen here; a rehearsal is `as_it_will_be`."""
        self._ask_for(replace(options, coach=self.card.coached and not as_it_will_be))

    def _ask_for(self, options: CallOptions) -> None:
        self.keep_name()
        self.line_check.stop()
        self.example.cancel()
        self.start_requested.emit(options)

    def _hear(self) -> None:
        hear, voice = self.card.hear, self.card.voice.value()
        hear.setEnabled(False)

        def failed(error: HireFlowError) -> None:
            hear.setEnabled(True)
            self.banner.error(error)

        self._tasks.run(lambda: self._api.hear_voice(voice), lambda _: hear.setEnabled(True), failed)

    def _show_judge(self, label: str) -> None:
        here = label == "on this computer"
        self.card.judge.say(
            "Answers are judged on this computer; nothing leaves it."
            if here
            else f"Answers are judged by {label}: their words are sent there."
        )

    def _show_devices(self, devices: Devices) -> None:
        self.line_check.show_devices(devices)

    def _show_ready(self) -> None:
        ready = self._ready
        self.card.readiness.show_items(ready.items, ready.fetching)
        self.card.start.setEnabled(not ready.blocked)
        self.today.show_blocked(ready.blocked)
        self.example.make.setEnabled(not ready.blocked)

    def _show_calls(self, summaries: tuple[CallSummary, ...]) -> None:
        self._summaries = summaries
        self._build_rows(MOST_ROWS)

    def _build_rows(self, most: int) -> None:
        empty(self.calls)
        self.rows = []
        for summary in self._summaries[:most]:
            line = CallRow(self._theme, summary)
            line.opened.connect(self.review_requested)
            line.resumed.connect(self.resume_requested)
            line.delete_asked.connect(self._ask_delete)
            line.keep_asked.connect(self._keep)
            self.calls.addWidget(line)
            self.rows.append(line)
        self.more.setVisible(len(self._summaries) > most)
        self.calls_hint.setVisible(not self._summaries)
        own = any(not summary.demo for summary in self._summaries)
        self.first_steps.setVisible(not self._summaries)
        self.example.setVisible(not own and (not self._summaries or self.example.running))
        self.calls_hint.say("No calls yet. Your first one will wait here, with its recording and feedback.")

    def judged(self) -> None:
        """A judge has finished: scores may have come, and what had to wait for it may go on."""
        self.banner.over(STILL_JUDGED)
        if self.isVisible():
            self._tasks.run(self._api.calls, self._show_calls, self.banner.error)

    def _keep(self, call: str, kept: bool) -> None:
        def done(_: None) -> None:
            announce(self, "Kept for ever" if kept else "No longer kept for ever")
            self._summaries = tuple(replace(s, kept=kept) if s.id == call else s for s in self._summaries)
            for line in self.rows:  # not built anew: the focus is in one of them
                if line.call == call:
                    line.show_kept(kept)

        self._tasks.run(lambda: self._api.keep_call(call, kept), done, self.banner.error, "kept")

    def _ask_delete(self, call: str, moment: str) -> None:
        if self.being_judged(call):
            self.banner.trouble(
                STILL_JUDGED, "", "This call is still being judged.", "Delete it when its feedback is there."
            )
            return
        Ask.open_for(
            self._theme,
            self,
            "Delete this call?",
            f"The call of {moment}: its recordings, transcripts and feedback are removed from this computer for good.",
            "Delete call",
            "Keep it",
            lambda: self._delete(call),
        )

    def _delete(self, call: str) -> None:
        def gone(_: None) -> None:
            announce(self, "Call deleted")
            self._tasks.run(self._api.calls, self._show_calls, self.banner.error)

        self._tasks.run(lambda: self._api.delete_call(call), gone, self.banner.error)

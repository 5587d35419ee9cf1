"""Home: what to be called about, whether the line is good, and the calls so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hireflow_voice.app.api import Api, CallOptions, Devices, MaterialInfo, RoundInfo
from hireflow_voice.errors import HireFlowError
from hireflow_voice.records import CallSummary
from hireflow_voice.ui.keeper import Keeper
from hireflow_voice.ui.pages.home_example import ExampleOffer, steps
from hireflow_voice.ui.pages.home_loop import LoopCard, LoopDialog
from hireflow_voice.ui.pages.home_material import MaterialDialog, summed_up
from hireflow_voice.ui.pages.home_start import PATIENCES, StartCard
from hireflow_voice.ui.pages.home_today import TodayCard
from hireflow_voice.ui.pages.home_writing import QuestionWriting
from hireflow_voice.ui.pages.line_check import LineCheckCard
from hireflow_voice.ui.ready import Ready
from hireflow_voice.ui.tasks import Tasks
from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.banner import Banner
from hireflow_voice.ui.widgets.basics import Card, Label, Scroll, announce, centred, empty, held, row
from hireflow_voice.ui.widgets.buttons import Button, Kind
from hireflow_voice.ui.widgets.call_rows import CallRow
from hireflow_voice.ui.widgets.columns import Part, columns
from hireflow_voice.ui.widgets.dialogs import Ask
from hireflow_voice.ui.widgets.page import UNBOUNDED, Page

if TYPE_CHECKING:
    from hireflow_voice.app.loops import LoopStatus

ROOM = (760, 520)
"""The page, in the design's pixels, in which the form and the calls scroll by themselves."""
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


class HomePage(Page):
    """The first page."""

    start_requested = Signal(object)
    """CallOptions."""
    resume_requested = Signal(str)
    review_requested = Signal(str)
    settings_requested = Signal()
    judge_requested = Signal()
    """Somebody else is to judge."""

    def __init__(self, api: Api, theme: Theme, tasks: Tasks, keeper: Keeper, ready: Ready) -> None:
        super().__init__(theme, ROOM, margins=(32, 8, 32, 18))
        self._api, self._theme, self._tasks, self._keeper, self._ready = api, theme, tasks, keeper, ready
        self.being_judged: Callable[[str], bool] = lambda _call: False
        """Whether the judge still writes to a call; the window knows."""
        self.banner = Banner(theme)
        self.today = TodayCard(api, theme, tasks, keeper)
        self.loop = LoopCard(theme)
        self.writing = QuestionWriting(api, tasks, self)
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
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(theme.px(16))
        right.addWidget(self.line_check)
        right.addWidget(recent, 1)
        self.main = columns(theme, Part(self.card, 1, least=464), Part(right, 1, least=330))
        self._content = held(self.main)
        page = self.pile
        page.setSpacing(theme.px(14))
        page.addLayout(centred(theme, self.banner))
        page.addLayout(centred(theme, self.today))
        page.addLayout(centred(theme, self.loop))
        page.addLayout(centred(theme, self._content), 1_000)
        page.addStretch(1)
        self.set_tight(False)
        self.keep_in_sight(self.banner)

    def set_tight(self, tight: bool) -> None:
        super().set_tight(tight)
        self._content.setMaximumHeight(UNBOUNDED if tight else self._theme.px(TALLEST))
        if self.focusWidget() is self.card.start:
            self.lead_focus()

    def lead_focus(self) -> None:
        """To the button that calls, where it can be seen from the top of the page."""
        (self.card.round if self.tight else self.card.start).setFocus(Qt.FocusReason.OtherFocusReason)

    def _connect(self) -> None:
        card, change = self.card, self._keeper.change
        card.company.chosen.connect(lambda _: self._choose(card.show_company))
        card.round.chosen.connect(lambda _: self._choose(card.show_round))
        card.material.clicked.connect(self._open_material)
        self.today.companies = card.companies
        self.today.start_asked.connect(self.start_planned)
        self.today.failed.connect(self.banner.error)
        self.today.loop_asked.connect(self._begin_loop)
        self.loop.start_asked.connect(self.start_planned)
        self.loop.rounds_asked.connect(self._open_loop)
        self.writing.ended.connect(lambda _: self._ask_rounds())
        self.writing.failed.connect(self.banner.error)
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
        card.other_judge.clicked.connect(self.judge_requested)
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
        self._ask_rounds()
        self.today.refresh()
        self._ask_loop()
        self._tasks.run(self._api.calls, self._show_calls, self.banner.error)
        self._tasks.run(self._api.devices, self._show_devices, self.banner.error)
        self._tasks.run(self._api.judge_label, self._show_judge, self.banner.error)
        self._ready.refresh()

    def _ask_rounds(self) -> None:
        self._tasks.run(self._api.rounds, self._show_rounds, self.banner.error)

    def _show_rounds(self, rounds: tuple[RoundInfo, ...]) -> None:
        self.card.show_rounds(rounds)
        self._ask_material()
        self._offer_loop()

    def _choose(self, show: Callable[[], None]) -> None:
        show()
        self._ask_material()
        self._offer_loop()

    def _offer_loop(self) -> None:
        """At the chosen company, where it has several rounds and no loop goes on."""
        company, title = self.card.chosen_company()
        self.today.offer_loop(title if company and self.loop.status is None else "")

    def _ask_loop(self) -> None:
        self._tasks.run(self._api.loop, self._show_loop, self.banner.error)

    def _show_loop(self, status: LoopStatus | None) -> None:
        self.loop.show_loop(status)
        self._offer_loop()

    def _begin_loop(self) -> None:
        company, _ = self.card.chosen_company()
        if company:
            self._tasks.run(lambda: self._api.start_loop(company), self._show_loop, self.banner.error)

    def _open_loop(self) -> None:
        if self.loop.status is not None:
            dialog = LoopDialog(self._api, self._theme, self._tasks, self, self.loop.status)
            dialog.review_asked.connect(self.review_requested)
            dialog.put_away.connect(self._ask_loop)
            dialog.open()

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
            dialog = MaterialDialog(self._api, self._theme, self._tasks, self, self.writing, info)
            dialog.changed.connect(self._ask_rounds)
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
        self.loop.show_blocked(ready.blocked)
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

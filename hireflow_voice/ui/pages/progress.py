"""Progress: what the calls so far add up to, what is weakest, and a button that practises exactly that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from hireflow_voice.app.api import Api
from hireflow_voice.app.progressing import Progress
from hireflow_voice.errors import DataFolderUnusable, HireFlowError
from hireflow_voice.progress.history import Filter
from hireflow_voice.progress.tables import Table, as_csv, of_calls, of_topics
from hireflow_voice.ui.pages.home_example import steps
from hireflow_voice.ui.pages.progress_cards import delivery_card, due_card, signals_card, topics_card, weak_card
from hireflow_voice.ui.tasks import Tasks
from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.banner import Banner
from hireflow_voice.ui.widgets.basics import Card, Label, Scroll, announce, centred, column, empty, held, row
from hireflow_voice.ui.widgets.buttons import Button, Kind
from hireflow_voice.ui.widgets.choices import Segments, Select
from hireflow_voice.ui.widgets.columns import Part, columns
from hireflow_voice.ui.widgets.data_table import DataTable
from hireflow_voice.ui.widgets.page import Page
from hireflow_voice.ui.words import SIGNALS, VERDICTS

SPANS: tuple[tuple[str, int], ...] = (("All time", 0), ("30 days", 30), ("7 days", 7))
"""(words, days)."""
WHAT_WILL_BE = (
    "How each line of the interviewer's form moves from call to call, and every topic, the weakest first.",
    "The key points you leave out most, each with a button that phones you about exactly that question.",
    "Pace, fillers and the time to your first word, which are never part of a score.",
)
ROOM = (760, 400)
"""The page, in the design's pixels, in which the charts scroll by themselves."""
LEAST_TABLE = 200
"""Height of the table, in the design's pixels."""
TABLES = ("Calls", "Topics", "Key points")


def ask_table_file(parent: QWidget) -> str:
    """A path from the file dialog; empty where it was left."""
    return QFileDialog.getSaveFileName(parent, "Export the table", "progress.csv", "Tables (*.csv)")[0]


class ProgressPage(Page):
    """Filters, then charts or the same as a table."""

    practise_requested = Signal(object)
    """CallOptions."""
    home_requested = Signal()

    def __init__(self, api: Api, theme: Theme, tasks: Tasks) -> None:
        super().__init__(theme, ROOM)
        self._api, self._theme, self._tasks = api, theme, tasks
        self._number = 0
        self.made: Progress | None = None
        self.ask_file: Callable[[], str] = lambda: ask_table_file(self)
        self.banner = Banner(theme)
        self.company = Select(theme, "Company")
        self.round = Select(theme, "Interview")
        self.span = Segments(theme, "Time", [(text, "") for text, _ in SPANS])
        self.view = Segments(theme, "Show as", [("Charts", ""), ("Table", "")])
        self.which = Select(theme, "Table")
        self.table = DataTable(theme, "Calls")
        self.export = Button(theme, "Export the table", "download", height=40)
        self.to_home = Button(theme, "Start a first call", "phone", Kind.PRIMARY)
        self.left, self.right = QVBoxLayout(), QVBoxLayout()
        self.practise: list[Button] = []
        """The buttons that start a call, the due ones first."""
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        theme = self._theme
        self.company.fill([("", "All companies")], "")
        self.round.fill([("", "All interviews")], "")
        self.which.fill([(name, name) for name in TABLES], TABLES[0])
        company, round_ = Part(self.company, 2, least=150), Part(self.round, 3, least=180)
        self._filters = held(columns(theme, company, round_, self.span, self.view, spacing=12))
        for side in (self.left, self.right):
            side.setContentsMargins(0, 0, 0, 0)
            side.setSpacing(theme.px(16))
        sides = columns(theme, *(Part(side, 1, least=360) for side in (self.left, self.right)))
        charts = column(held(sides))
        charts.setContentsMargins(0, 0, 0, theme.px(24))
        self.charts = Scroll(held(charts))
        self.charts.keep_gutter()
        self._bar = self.charts.verticalScrollBar().sizeHint().width()
        tables = Card(theme)
        which = Part(self.which, 1, least=150)
        tables.column.addLayout(columns(theme, which, self.export, spacing=12))
        self.table.setMinimumHeight(theme.px(LEAST_TABLE))
        tables.column.addWidget(self.table, 1)
        nothing = Card(theme, spacing=16)
        nothing.column.addWidget(Label(theme, "Nothing to show yet", Type.QUESTION))
        self.nothing = Label(theme, "", role="muted", wrap=True)
        nothing.column.addWidget(self.nothing)
        nothing.column.addWidget(steps(theme, WHAT_WILL_BE))
        nothing.column.addLayout(row(self.to_home, 1))
        self._beside = (column(nothing, 1), column(tables))
        self._views = (held(self._beside[0]), self.charts, held(self._beside[1]))
        views = column(*self._views)
        self.pile.setSpacing(theme.px(12))
        self._heads = [centred(theme, part) for part in (self.banner, self._filters)]
        for line in self._heads:
            self.pile.addLayout(line)
        self.pile.addLayout(centred(theme, held(views), self._bar), 1)
        self.keep_in_sight(self.banner)
        self.set_tight(False)

    def set_tight(self, tight: bool) -> None:
        """The charts' scroll bar hangs out to the right; everything else leaves its room free."""
        super().set_tight(tight)
        bar = 0 if tight else self._bar
        margins = self.pile.contentsMargins()
        margins.setRight(margins.right() - bar)
        self.pile.setContentsMargins(margins)
        for layout in (*self._heads, *self._beside):
            layout.setContentsMargins(0, 0, bar, 0)

    def _connect(self) -> None:
        self.company.chosen.connect(lambda _: self._other_company())
        self.round.chosen.connect(lambda _: self.refresh())
        self.span.chosen.connect(lambda _: self.refresh())
        self.view.chosen.connect(lambda _: self._show_view())
        self.which.chosen.connect(lambda _: self._show_table())
        self.export.clicked.connect(self._export)
        self.to_home.clicked.connect(self.home_requested)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def chosen(self) -> Filter:
        """What the filters say."""
        days = SPANS[self.span.index()][1]
        since = datetime.now().astimezone().date() - timedelta(days=days) if days else None
        return Filter(self.company.value(), self.round.value(), since)

    def refresh(self) -> None:
        """Ask anew; an answer that comes too late is not shown."""
        self._number += 1
        number, chosen = self._number, self.chosen()

        def show(made: Progress) -> None:
            if number == self._number:
                self.show_progress(made)

        self._tasks.run(lambda: self._api.progress(chosen), show, self.banner.error)

    def show_progress(self, made: Progress) -> None:
        """Build everything anew."""
        self.made = made
        self.company.fill([("", "All companies"), *((c, c) for c in made.companies)], self.company.value())
        self.round.fill([("", "All interviews"), *((r, r) for r in made.rounds)], self.round.value())
        theme = self._theme
        self.practise = []
        for side, cards in (
            (self.left, (signals_card(theme, made), topics_card(theme, made), delivery_card(theme, made))),
            (self.right, (due_card(theme, made), weak_card(theme, made))),
        ):
            empty(side)
            for card in cards:
                if card is not None:
                    side.addWidget(card)
                    self._wire(card)
            side.addStretch(1)
        self._show_table()
        self._show_view()

    def _wire(self, card: QWidget) -> None:
        for button in card.findChildren(Button):
            options = button.property("options")
            if options is not None:
                button.clicked.connect(lambda _=False, options=options: self.practise_requested.emit(options))
                self.practise.append(button)

    def _other_company(self) -> None:
        self.round.fill([("", "All interviews")], "")
        self.refresh()

    def _show_view(self) -> None:
        made = self.made
        nothing = made is None or not made.calls
        anything = made is not None and bool(made.companies)
        self._filters.setVisible(anything)
        self.to_home.setVisible(not anything)
        self.nothing.say(
            "No call passes this filter. Choose a longer time or another interview."
            if anything
            else "After your first judged call you will see here:"
        )
        shown = 0 if nothing else 1 + self.view.index()
        for at, view in enumerate(self._views):
            view.setVisible(at == shown)

    def shown_table(self) -> Table:
        """What the table view holds."""
        assert self.made is not None
        which = self.which.value()
        if which == "Calls":
            return of_calls(self.made.calls, SIGNALS)
        if which == "Topics":
            return of_topics(self.made.calls)
        rows = tuple(
            (one.text, VERDICTS[one.last][0], str(one.times), one.due.isoformat(), one.asked, one.round)
            for one in self.made.weak
        )
        return Table(("Key point", "Last time", "Judged", "Due", "Question", "Interview"), rows)

    def _show_table(self) -> None:
        if self.made is not None:
            self.table.show_table(self.shown_table(), f"{self.which.value()} as a table")

    def _export(self) -> None:
        path = self.ask_file()
        if not path or self.made is None:
            return
        target, text = Path(path), as_csv(self.shown_table())

        def write() -> None:
            try:
                target.write_text(text, encoding="utf-8", newline="")
            except OSError as error:
                raise DataFolderUnusable(f"{target.name} could not be written ({error.strerror}).") from error

        def failed(error: HireFlowError) -> None:
            self.banner.error(error)

        self._tasks.run(write, lambda _: announce(self, "The table is written"), failed)

"""What the next call will be, and the button that makes the phone ring."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from hireflow_voice.app.api import CallOptions, RoundInfo, usual
from hireflow_voice.settings import Patience
from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.basics import Card, Label, Scroll, held, row
from hireflow_voice.ui.widgets.buttons import Button, Kind
from hireflow_voice.ui.widgets.choices import Field, Segments, Select
from hireflow_voice.ui.widgets.columns import Form
from hireflow_voice.ui.widgets.readiness_list import ReadinessList
from hireflow_voice.ui.words import count

MOST_LENGTHS = 3
"""How many lengths of a call are on offer at most."""
PATIENCES = (Patience.BRISK, Patience.PATIENT, Patience.MANUAL)


class StartCard(Card):
    """What the call will be, and the button that makes the phone ring."""

    start_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, spacing=10)
        self._theme = theme
        self._rounds: tuple[RoundInfo, ...] = ()
        self.company = Select(theme, "Company")
        self.round = Select(theme, "Interview")
        self.about = Label(theme, "", Type.CAPTION, "muted", wrap=True)
        # As wide as it will ever be: the rounds are known only later, and the card is laid out now.
        self.written = Segments(
            theme, "Questions", [("From the bank", "sourced"), ("Written for your job", "unchecked")]
        )
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
        self.other_judge = Button(theme, "Change who judges", "settings", Kind.GHOST, icon_only=True, height=28)
        self.readiness = ReadinessList(theme, only_missing=True)
        self.start = Button(theme, "Start call", "phone", Kind.PRIMARY, "Ctrl+Enter", height=48)
        self.start.clicked.connect(self.start_asked)
        self._lay_out()

    def _lay_out(self) -> None:
        theme = self._theme
        rows: tuple[tuple[str, QWidget], ...] = (
            ("Company", self.company),
            ("Interview", self.round),
            ("", self.about),
            ("Questions", self.written),
            ("Length", self.length),
            ("Mode", self.mode),
            ("Patience", self.patience),
            ("Voice", held(row(self.voice, self.hear))),
            ("Your name", self.name),
            ("Material", self.material),
            ("", self.material_words),
        )
        # Room that is left over goes between the rows, up to a point.
        lines = Form(theme, rows, names=76, spacing=5, loose=20)
        self._company_name, self._written_name = lines.names[self.company], lines.names[self.written]
        form = held(lines)
        # The form scrolls in a small window; what is missing and the button that starts the call are always there.
        self.column.addWidget(Label(theme, "Start an interview", Type.QUESTION))
        self.column.addWidget(Scroll(form), 1)
        self.column.addWidget(self.readiness)
        judged = row(self.judge, self.other_judge)
        judged.setStretch(0, 1)
        self.column.addLayout(judged)
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

    def chosen_company(self) -> tuple[str, str]:
        """Id and title of the chosen company where it has several rounds; empty otherwise."""
        own = [info for info in self._rounds if info.company == self.company.value()]
        return (own[0].company, own[0].company_title) if len(own) > 1 else ("", "")

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
        for part in (self.written, self._written_name):
            part.setVisible(info is not None and info.written > 0)
        if info is not None:
            detail = f"{count(info.written, info.noun)} first, unchecked"
            self.written.show_choices([("From the bank", "sourced"), ("Written for your job", detail)])
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
        return CallOptions(
            info.company,
            info.round,
            min(questions, info.questions),
            float(minutes),
            coach=self.coached,
            written=info.written > 0 and self.written.index() == 1,
        )

    @property
    def coached(self) -> bool:
        """Whether calls are held in Coach mode."""
        return self.mode.index() == 1

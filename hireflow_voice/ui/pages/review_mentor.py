"""Somebody else's eyes: a mentor scores a call before seeing the judge, and both are set side by side."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from hireflow_voice.records import CallRecord, MentorReview, QuestionRecord
from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.bars import ShareBar
from hireflow_voice.ui.widgets.basics import Card, Label, Rule, row
from hireflow_voice.ui.widgets.buttons import Button, Kind
from hireflow_voice.ui.widgets.choices import Field, Segments
from hireflow_voice.ui.widgets.columns import Part, columns
from hireflow_voice.ui.widgets.point_rows import WordsButton
from hireflow_voice.ui.words import VERDICTS, count, one_line, percent
from hireflow_voice.verdict import Verdict

CHOICES: tuple[Verdict | None, ...] = (None, Verdict.MISSING, Verdict.PARTLY, Verdict.COVERED)
LONGEST_NOTE = 400


def answered(record: CallRecord) -> tuple[QuestionRecord, ...]:
    """The questions there is something to score of."""
    asked = {take.question for take in record.takes if take.answers_question}
    return tuple(question for question in record.header.questions if question.id in asked)


def scored(record: CallRecord, review: MentorReview) -> tuple[int, int]:
    """How many key points are scored, of how many."""
    questions = answered(record)
    done = sum(p.id in review.points.get(q.id, {}) for q in questions for p in q.key_points)
    return done, sum(len(q.key_points) for q in questions)


def name_of(review: MentorReview) -> str:
    """What a mentor is called on the screen."""
    return one_line(review.name, 40) or ("You" if review.mine else "Your mentor")


class ScoreCard(Card):
    """The key points of a question, to be scored by a person who does not see the judge's verdicts."""

    changed = Signal(object)
    """The MentorReview with what was just chosen or written."""

    def __init__(self, theme: Theme, question: QuestionRecord, review: MentorReview) -> None:
        super().__init__(theme, spacing=6)
        self._question, self.review = question.id, review
        self.rows: list[Segments] = []
        self.column.addWidget(Label(theme, "What did this answer cover?", Type.STRONG))
        words = "Listen, then score each point. The judge's verdicts stay hidden until you ask for them."
        self.column.addWidget(Label(theme, words, Type.CAPTION, "muted", wrap=True))
        given = review.points.get(question.id, {})
        choices = [("Open" if one is None else VERDICTS[one][0], "") for one in CHOICES]
        for point in question.key_points:
            self.column.addWidget(Rule())
            self.column.addWidget(Label(theme, point.text, wrap=True))
            line = Segments(theme, one_line(point.text, 120), choices)
            line.choose(CHOICES.index(given.get(point.id)))
            line.chosen.connect(lambda index, point=point.id: self._score(point, CHOICES[index]))
            self.column.addWidget(line)
            self.rows.append(line)
        self.column.addSpacing(theme.px(4))
        self.note = Field(theme, "Note for the candidate", "A word for the candidate (optional)", LONGEST_NOTE)
        self.note.setText(review.notes.get(question.id, ""))
        self.note.editingFinished.connect(self._write)
        self.column.addWidget(self.note)

    def _score(self, point: str, verdict: Verdict | None) -> None:
        given = {**self.review.points.get(self._question, {})}
        given.pop(point, None)
        if verdict is not None:
            given[point] = verdict
        points = {**self.review.points, self._question: given}
        self._tell(replace(self.review, points={q: p for q, p in points.items() if p}))

    def _write(self) -> None:
        notes = {**self.review.notes, self._question: " ".join(self.note.text().split())}
        self._tell(replace(self.review, notes={q: n for q, n in notes.items() if n}))

    def _tell(self, review: MentorReview) -> None:
        if review != self.review:
            self.review = review
            self.changed.emit(review)


class BlindCard(Card):
    """In place of the form: what a mentor is asked to do, how far it is, and the end of it."""

    changed = Signal(object)
    """The MentorReview with a new name, or with the judge revealed."""

    def __init__(self, theme: Theme, record: CallRecord, review: MentorReview) -> None:
        super().__init__(theme, spacing=10)
        self._review = review
        done, total = scored(record, review)
        self.column.addWidget(Label(theme, "You are scoring this call", Type.QUESTION))
        words = (
            "Choose a question on the left, listen, and score its key points. The judge's verdicts are hidden, so that "
            "they cannot lead you. Then compare, and send your scores back."
        )
        self.column.addWidget(Label(theme, words, wrap=True))
        self.name = Field(theme, "Your name", "Your name, as the candidate knows you", 60)
        self.name.setText(review.name)
        self.name.editingFinished.connect(self._named)
        self.column.addWidget(self.name)
        said = f"{done} of {count(total, 'key point')} scored"
        self.column.addWidget(Label(theme, said, Type.CAPTION, "muted"))
        self.column.addWidget(ShareBar(theme, done / total if total else 0.0))
        self.reveal = Button(theme, "Show what the judge says", "message-square-check", Kind.PRIMARY)
        self.reveal.setEnabled(done > 0)
        self.reveal.clicked.connect(lambda: self.changed.emit(replace(self._review, revealed=True)))
        words = "Your scores cannot be changed after that."
        once = Label(theme, words, Type.CAPTION, "muted", wrap=True)
        self.column.addLayout(columns(theme, Part(once, 1, least=200), self.reveal))

    def _named(self) -> None:
        name = " ".join(self.name.text().split())
        if name != self._review.name:
            self._review = replace(self._review, name=name)
            self.changed.emit(self._review)


class AgreementCard(Card):
    """A person's scores beside the judge's: how often they agree, a table, and where they do not."""

    question_chosen = Signal(str)
    send = Signal()
    """The scores are to be written into a file for the candidate."""

    def __init__(self, theme: Theme, record: CallRecord, review: MentorReview) -> None:
        super().__init__(theme, spacing=8)
        # The report room is loaded with the record, off the GUI thread.
        from hireflow_voice.report import agreement

        found, name = agreement(record, review), name_of(review)
        self.differences: list[WordsButton] = []
        self.column.addWidget(Label(theme, f"{name} and the judge", Type.STRONG))
        if not found.both:
            words = "No key point is scored by both yet."
            self.column.addWidget(Label(theme, words, Type.BODY, "muted", wrap=True))
        else:
            who = "You agree" if name == "You" else "They agree"
            words = f"{who} on {found.same} of {count(found.both, 'key point')} ({percent(found.same / found.both)})."
            self.column.addWidget(Label(theme, words, wrap=True))
            self.column.addWidget(self._table(theme, name, found.table))
        for one in found.differences:
            words = (
                f"Question {one.number} · {name}: {VERDICTS[one.mentor][0].lower()}, judge: "
                f"{VERDICTS[one.judge][0].lower()} · {one_line(one.text, 400)}"
            )
            button = WordsButton(theme, words, words, VERDICTS[one.mentor][1], VERDICTS[one.mentor][2])
            button.clicked.connect(lambda _=False, question=one.question: self.question_chosen.emit(question))
            self.column.addWidget(button)
            self.differences.append(button)
        numbers = {question.id: n for n, question in enumerate(record.header.questions, start=1)}
        for question, note in review.notes.items():
            if question in numbers:
                words = f"Question {numbers[question]}: {one_line(note, LONGEST_NOTE)}"
                self.column.addWidget(Label(theme, words, wrap=True))
        if review.mine:
            send = Button(theme, "Send the scores back", "send", height=40)
            send.clicked.connect(self.send)
            self.column.addLayout(row(send, 1))

    @staticmethod
    def _table(theme: Theme, name: str, table: dict[tuple[Verdict, Verdict], int]) -> QWidget:
        """Judge across, mentor down; the diagonal is where they agree."""
        widget = QWidget()
        grid = QGridLayout(widget)
        grid.setContentsMargins(0, theme.px(4), 0, theme.px(4))
        grid.setHorizontalSpacing(theme.px(20))
        grid.setVerticalSpacing(theme.px(4))
        order = (Verdict.COVERED, Verdict.PARTLY, Verdict.MISSING)
        for at, verdict in enumerate(order, start=1):
            word = VERDICTS[verdict][0]
            grid.addWidget(Label(theme, f"Judge: {word.lower()}", Type.CAPTION, "muted", wrap=True), 0, at)
            grid.addWidget(Label(theme, f"{name}: {word.lower()}", Type.CAPTION, "muted", wrap=True), at, 0)
            for across, judge in enumerate(order, start=1):
                number = table.get((verdict, judge), 0)
                cell = Label(theme, str(number), Type.STRONG if judge is verdict else Type.BODY)
                grid.addWidget(cell, at, across, Qt.AlignmentFlag.AlignLeft)
        grid.setColumnStretch(4, 1)
        return widget


class NotesCard(Card):
    """What people wrote about one answer, and how they scored it beside the judge."""

    def __init__(self, theme: Theme, question: QuestionRecord, reviews: tuple[MentorReview, ...]) -> None:
        super().__init__(theme, spacing=6)
        for review in reviews:
            given = review.points.get(question.id, {})
            self.column.addWidget(Label(theme, name_of(review), Type.STRONG))
            if note := review.notes.get(question.id, ""):
                self.column.addWidget(Label(theme, one_line(note, LONGEST_NOTE), wrap=True))
            for point in question.key_points:
                if point.id in given:
                    self.column.addLayout(_verdict(theme, given[point.id], point.text))


def _verdict(theme: Theme, verdict: Verdict, text: str) -> QVBoxLayout:
    word, _, role = VERDICTS[verdict]
    label = Label(theme, word, Type.CAPTION, role)
    label.setFixedWidth(theme.px(64))
    line = row(spacing=theme.px(8))
    line.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
    line.addWidget(Label(theme, text, wrap=True), 1)
    pile = QVBoxLayout()
    pile.addLayout(line)
    return pile

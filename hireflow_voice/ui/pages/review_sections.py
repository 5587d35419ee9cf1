"""What stands under the answer on screen: one card for each thing there is to say of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hireflow_voice.app.api import Api
from hireflow_voice.records import CallRecord, QuestionRecord, TakeRecord
from hireflow_voice.ui.pages.review_cards import DeliveryCard, FormCard, NoteCard, OwnNotesCard, PointsCard
from hireflow_voice.ui.pages.review_mentor import AgreementCard, BlindCard, NotesCard, ScoreCard
from hireflow_voice.ui.pages.review_retake import Clip, RetakeCard
from hireflow_voice.ui.pages.review_rows import answers_of, judgement_of, left_open, unheard, unjudged
from hireflow_voice.ui.pages.review_strong import StrongCard, Voice
from hireflow_voice.ui.theme import Theme
from hireflow_voice.ui.widgets.basics import empty, held, row
from hireflow_voice.ui.widgets.buttons import Button, Kind
from hireflow_voice.ui.widgets.question_list import Row, RowKind
from hireflow_voice.verdict import Judgement


@dataclass(frozen=True, slots=True)
class View:
    """What is on screen."""

    record: CallRecord
    family: tuple[CallRecord, ...]
    """The call and the retakes of its questions."""
    line: Row
    question: QuestionRecord | None
    take: TakeRecord | None
    busy: bool
    """Something of the call is being judged."""
    writing: bool
    """The call has just ended, and all of it is being judged."""

    @property
    def judgement(self) -> Judgement | None:
        """Of the question, over all its takes."""
        return judgement_of(self.record, self.line.question)


class Sections(QObject):
    """Builds the cards anew for each view; what they ask for leaves as signals."""

    judge_asked = Signal()
    stop_asked = Signal()
    quote_chosen = Signal(str, str)
    """Ids of a question and of a key point of it."""
    question_chosen = Signal(str)
    retake_asked = Signal(str)
    """Id of the question."""
    scored = Signal(object)
    """MentorReview."""
    scores_asked = Signal()
    """The scores are to be sent."""

    def __init__(self, theme: Theme, api: Api, voice: Voice, clip: Clip, quiet: Callable[[], None]) -> None:
        super().__init__()
        self._theme, self._api, self._voice, self._clip, self._quiet = theme, api, voice, clip, quiet
        self.layout = QVBoxLayout()
        self.layout.setSpacing(theme.px(12))
        self.clear()

    def clear(self) -> None:
        """Nothing is on screen."""
        empty(self.layout)
        self.points: PointsCard | None = None
        self.strong: StrongCard | None = None
        self.form: FormCard | None = None
        self.retake: RetakeCard | None = None
        self.score: ScoreCard | None = None
        self.blind: BlindCard | None = None
        self.agreements: list[AgreementCard] = []

    def show(self, view: View) -> QWidget | None:
        """Build the cards; what belongs beside the recording when it was not recognised, or None."""
        self.clear()
        line, question, take = view.line, view.question, view.take
        if line.kind is RowKind.FORM:
            self._show_form(view)
        elif line.kind is RowKind.TALK:
            words = "This part is kept for you to hear; nobody scores it."
            self.layout.addWidget(NoteCard(self._theme, "Not judged", words))
        elif question is not None:
            self._show_question(view, question)
        if take is not None and take.delivery is not None:
            from hireflow_voice.report import describe

            self.layout.addWidget(DeliveryCard(self._theme, describe(take.delivery)))
        return self._again(view) if question is None and take and unheard(take) else None

    def _show_form(self, view: View) -> None:
        theme, record = self._theme, view.record
        if record.scoring is not None:
            self.blind = BlindCard(theme, record, record.scoring)
            self.blind.changed.connect(self.scored)
            self.layout.addWidget(self.blind)
            return
        # First what somebody took the trouble to say: the form is long, and nobody would find it below.
        for review in record.mentors:
            if review.points or review.notes:
                card = AgreementCard(theme, record, review)
                card.question_chosen.connect(self.question_chosen)
                card.send.connect(self.scores_asked)
                self.layout.addWidget(card)
                self.agreements.append(card)
        self.form = FormCard(theme, record, self._again(view) if left_open(record) else None)
        self.form.question_chosen.connect(self.question_chosen)
        self.layout.addWidget(self.form)
        if record.notes:
            self.layout.addWidget(OwnNotesCard(theme, record.notes))

    def _show_question(self, view: View, question: QuestionRecord) -> None:
        theme, record = self._theme, view.record
        if view.take is None and view.judgement is None:
            self.layout.addWidget(NoteCard(theme, "Not answered", "This question was not reached or was skipped."))
        elif record.scoring is not None:
            self.score = ScoreCard(theme, question, record.scoring)
            self.score.changed.connect(self.scored)
            self.layout.addWidget(self.score)
        else:
            self._show_points(view, question)
        if not view.writing and record.scoring is None:
            answers = answers_of(view.family, question.id)
            self.retake = RetakeCard(theme, self._api, question, answers, self._clip, self._quiet)
            self.retake.asked.connect(lambda: self.retake_asked.emit(question.id))
            self.layout.addWidget(self.retake)
        self.strong = StrongCard(theme, question, self._voice, self._quiet)
        self.layout.addWidget(self.strong)

    def _show_points(self, view: View, question: QuestionRecord) -> None:
        theme, record = self._theme, view.record
        waiting = sum(unjudged(t) for t in record.takes if t.question == question.id)
        again = self._again(view) if waiting else None
        self.points = PointsCard(theme, question, view.judgement, waiting, again, writing=view.busy)
        self.points.quote_chosen.connect(lambda point: self.quote_chosen.emit(question.id, point))
        self.layout.addWidget(self.points)
        reviews = tuple(r for r in record.mentors if r.points.get(question.id) or r.notes.get(question.id))
        if reviews:
            self.layout.addWidget(NotesCard(theme, question, reviews))

    def _again(self, view: View) -> QWidget | None:
        """What the user can do about something that is not judged yet; nothing while the call is being written up."""
        if view.writing:
            return None
        if not view.busy:
            button = Button(self._theme, "Judge again", "refresh-cw", height=40)
            button.clicked.connect(self.judge_asked)
            return button
        button = Button(self._theme, "Judging …", "hourglass", height=40)
        button.setEnabled(False)
        stop = Button(self._theme, "Stop judging", "x", Kind.GHOST, height=40)
        stop.clicked.connect(self.stop_asked)
        return held(row(button, stop))

"""The cards of a review: the form, the verdicts, how it was said."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from hireflow_voice.records import CallRecord, QuestionRecord
from hireflow_voice.ui.pages.review_feedback import remarks, signs
from hireflow_voice.ui.pages.review_rows import evidence_of
from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.banner import Glyph
from hireflow_voice.ui.widgets.bars import ShareBar
from hireflow_voice.ui.widgets.basics import Card, Elided, Label, Rule, column, row
from hireflow_voice.ui.widgets.columns import Part, columns
from hireflow_voice.ui.widgets.point_rows import PointRow, SignalRow
from hireflow_voice.ui.words import BANDS, count, flag, percent, score_role, score_word
from hireflow_voice.verdict import Judgement

MOST_LINES = 200
"""Of the candidate's notes on a card; a report has all of them."""


class FormCard(Card):
    """The interviewer's form: band, reason, six signals that unfold. A practice estimate, and said so."""

    question_chosen = Signal(str)
    """Id of a question whose key point was chosen."""

    def __init__(self, theme: Theme, record: CallRecord, again: QWidget | None) -> None:
        """`again`: stands on the form while something of the call is not judged."""
        super().__init__(theme, spacing=6)
        self.lines: list[SignalRow] = []
        form, evidence = record.form, evidence_of(record)
        if form is None:
            self.column.addWidget(Label(theme, "The interviewer's form", Type.STRONG))
            words = "Not judged yet. The form is filled in when the questions are."
            self.column.addWidget(Label(theme, words, Type.BODY, "muted", wrap=True))
            _foot(theme, self, again)
            return
        word, role = BANDS[form.band]
        self.column.addWidget(Label(theme, "The interviewer's form · practice estimate", Type.CAPTION, "muted"))
        self.column.addWidget(Label(theme, word, Type.SCORE, role))
        self.column.addWidget(Label(theme, form.reason, wrap=True))
        round_next = {True: "Next round: yes.", False: "Next round: no.", None: "Next round: open."}[form.next_round]
        judged = f"{round_next} {form.judged} of {count(form.asked, 'question')} judged, {record.header.judge}."
        self.column.addWidget(Label(theme, judged, Type.CAPTION, "muted", wrap=True))
        self.column.addSpacing(theme.px(8))
        for marked in form.signals:
            self.column.addWidget(Rule())
            line = SignalRow(theme, marked, evidence.get(marked.signal) or signs(record, marked))
            line.question_chosen.connect(self.question_chosen)
            self.column.addWidget(line)
            self.lines.append(line)
        for widget in remarks(theme, record, self.question_chosen.emit):
            self.column.addWidget(widget)
        _foot(theme, self, again, "Something of this call is not judged yet; the form may still change.")


class PointsCard(Card):
    """The key points of one question and what became of each."""

    quote_chosen = Signal(str)

    def __init__(
        self,
        theme: Theme,
        question: QuestionRecord,
        judgement: Judgement | None,
        waiting: int,
        again: QWidget | None,
        *,
        writing: bool,
    ) -> None:
        """`waiting`: how many answers to the question have no verdict; `again`: what can be done about that."""
        super().__init__(theme, spacing=4)
        if question.written_by:
            from hireflow_voice.report import written_by  # loaded with the record, off the GUI thread

            self.column.addWidget(Label(theme, written_by(question.written_by), Type.CAPTION, "warn", wrap=True))
        self.rows: list[PointRow] = []
        if judgement is None or judgement.score is None:
            self._not_judged(theme, judgement, waiting, writing)
            _foot(theme, self, again)
            return
        score = judgement.score
        word = f"{score_word(score)}, so far" if waiting else score_word(score)
        head = column(
            Label(theme, "Key points", Type.STRONG),
            Elided(theme, f"Judged {_by(judgement.judge)}", Type.CAPTION, "muted"),
            spacing=0,
        )
        role = score_role(score)
        value = column(
            row(1, Label(theme, word, Type.CAPTION, role), Label(theme, percent(score), Type.TITLE)),
            row(1, ShareBar(theme, score, role, width=148)),
            spacing=theme.px(2),
        )
        self.column.addLayout(columns(theme, Part(head, 1, least=200), value, between=4))
        self.column.addSpacing(theme.px(4))
        texts = {point.id: point.text for point in question.key_points}
        for judged in judgement.points:
            self.column.addWidget(Rule())
            line = PointRow(theme, texts.get(judged.point, judged.point), judged)
            line.quote_chosen.connect(self.quote_chosen)
            self.column.addWidget(line)
            self.rows.append(line)
        for remark in judgement.flags[:8]:
            line_of = row(spacing=theme.px(12))
            line_of.addWidget(Glyph(theme, "circle-alert", "warn"), 0, Qt.AlignmentFlag.AlignTop)
            line_of.addWidget(Label(theme, f"Noted: {flag(remark)}.", wrap=True), 1)
            self.column.addLayout(line_of)

        if again is not None:
            _foot(theme, self, again, "Another answer to this question is not judged yet.")

    def _not_judged(self, theme: Theme, judgement: Judgement | None, waiting: int, writing: bool) -> None:
        self.column.addWidget(Label(theme, "Not judged yet" if waiting else "Not judged", Type.STRONG))
        words = "No judge has read this answer." if waiting else "There were no words in this answer to judge."
        if writing and waiting:
            words = "The judge is reading this answer."
        elif judgement is not None and judgement.failed:
            words = judgement.failed
        self.column.addWidget(Label(theme, words, Type.BODY, "muted", wrap=True))


class DeliveryCard(Card):
    """How it was said, apart from what was said."""

    def __init__(self, theme: Theme, said: tuple[str, ...]) -> None:
        """`said`: the sentences of `report.describe`, the same as in a report."""
        super().__init__(theme, spacing=6)
        self.column.addWidget(Label(theme, "Delivery", Type.STRONG))
        note = "Measured from the recording, never part of the score. Time to think is not a fault."
        self.column.addWidget(Label(theme, note, Type.CAPTION, "muted", wrap=True))
        self.column.addSpacing(theme.px(2))
        for sentence in said:
            self.column.addWidget(Label(theme, sentence, wrap=True))


class OwnNotesCard(Card):
    """What the candidate wrote down during the call."""

    def __init__(self, theme: Theme, notes: str) -> None:
        super().__init__(theme, spacing=6)
        self.column.addWidget(Label(theme, "Your notes", Type.STRONG))
        for paragraph in notes.splitlines()[:MOST_LINES]:
            if paragraph.strip():
                self.column.addWidget(Label(theme, paragraph, wrap=True))


class NoteCard(Card):
    """A title and a sentence."""

    def __init__(self, theme: Theme, title: str, text: str) -> None:
        super().__init__(theme, spacing=6)
        self.column.addWidget(Label(theme, title, Type.STRONG))
        self.column.addWidget(Label(theme, text, Type.BODY, "muted", wrap=True))


def _foot(theme: Theme, card: Card, again: QWidget | None, words: str = "") -> None:
    """The button that judges again, with the reason for it where the card does not say it already."""
    if again is None:
        return
    card.column.addSpacing(theme.px(8))
    if words:
        card.column.addWidget(Rule())
        card.column.addSpacing(theme.px(8))
    foot = row(again, 1, spacing=theme.px(16))
    if words:
        said = Label(theme, words, Type.CAPTION, "muted", wrap=True)
        card.column.addLayout(columns(theme, Part(said, 1, least=240), again))
        return
    card.column.addLayout(foot)


def _by(judge: str) -> str:
    return judge if judge.startswith("on ") else f"by {judge}"

"""The review: hear every answer again, with what was covered and the words that say so."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from hireflow_voice.app.api import Api
from hireflow_voice.errors import HireFlowError, MachineError
from hireflow_voice.records import CallRecord, CallState, QuestionRecord, TakeRecord
from hireflow_voice.ui.pages.review_cards import DeliveryCard, FormCard, NoteCard, PointsCard, StrongCard
from hireflow_voice.ui.pages.review_rows import judgement_of, left_open, rows_of, unheard, unjudged
from hireflow_voice.ui.tasks import Tasks
from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.banner import Banner
from hireflow_voice.ui.widgets.basics import Card, Elided, Label, Scroll, announce, centred, column, empty, held, row
from hireflow_voice.ui.widgets.buttons import Button
from hireflow_voice.ui.widgets.player_bar import PlayerBar
from hireflow_voice.ui.widgets.question_list import QuestionList, Row, RowKind
from hireflow_voice.ui.widgets.transcript_view import TranscriptView
from hireflow_voice.ui.words import command, count, one_line, when
from hireflow_voice.verdict import Judgement

FORMS = {"Markdown (*.md)": "md", "Web page (*.html)": "html", "JSON (*.json)": "json"}
GUTTER, BAR = 20, 12
"""Room for the scroll bar right of the cards, and the bar's own part of it (which does not grow with the text)."""
QUOTE_LEAD_S = 0.15
"""Played before and after a quote, so that its first and last sound are not clipped."""


class TakeCard(Card):
    """The player and the transcript of one take."""

    def __init__(self, theme: Theme, player: PlayerBar) -> None:
        super().__init__(theme)
        self.player = player
        self.note = Label(theme, "", Type.CAPTION, "muted", wrap=True)
        self.transcript = TranscriptView(theme)
        self.again = row(1)
        foot = row(self.note, self.again, spacing=theme.px(16))
        foot.setStretch(0, 1)
        self.column.addWidget(self.player)
        self.column.addLayout(foot)
        self.column.addWidget(self.transcript)
        player.moved.connect(self.transcript.show_position)

    def show_again(self, button: Button | None) -> None:
        """A way on for a recording that was not recognised, or none."""
        empty(self.again)
        if button is not None:
            self.again.addWidget(button)

    def show_take(self, take: TakeRecord, sound: Path | None) -> None:
        """Words at once; the player follows when the sound is open."""
        self.player.setVisible(sound is not None)
        self.transcript.show_transcript(take.transcript)
        self.transcript.setVisible(bool(take.transcript and take.transcript.text))
        notes: list[str] = []
        if not take.sound:
            notes.append("Typed answer: there is no recording.")
        elif sound is None:
            notes.append("The recording of this answer is not there any more.")
        if take.transcript is None:
            notes.append("Not transcribed yet.")
        elif not take.transcript.text:
            notes.append("No words were heard.")
        if take.command:
            notes.append(command(take.command))
        if take.gaps and take.sound:
            lost = sum(seconds for _, seconds in take.gaps)
            notes.append(f"The microphone was gone for {lost:.1f} s; that part is silent.")
        self.note.say(" ".join(notes))
        self.note.setVisible(bool(notes))


class ReviewPage(QWidget):
    """One call. It reads the record only; while the judge still writes, `refresh` brings what is new."""

    judged = Signal()
    """A call that was judged again from here is let go of, judged or not."""

    def __init__(self, api: Api, theme: Theme, tasks: Tasks) -> None:
        super().__init__()
        self._api, self._theme, self._tasks = api, theme, tasks
        self.call = ""
        self.record: CallRecord | None = None
        self.writing = False
        self._again: set[str] = set()
        self._shown: tuple[object, ...] = ()
        self._wanted: tuple[str, float, float] | None = None
        self.banner = Banner(theme)
        self.title = Elided(theme, "", Type.TITLE)
        self.detail = Elided(theme, "", Type.BODY, "muted")
        self.export = Button(theme, "Export report", "download")
        self.list = QuestionList(theme)
        self.player = PlayerBar(theme, tasks, api.player)
        self.heading = Label(theme, "", Type.QUESTION, wrap=True)
        self.kind = Label(theme, "", Type.CAPTION, "muted")
        self.take_card = TakeCard(theme, self.player)
        self.cards = QVBoxLayout()
        self.points: PointsCard | None = None
        self._lay_out()
        self.list.chosen.connect(lambda _: self._show_row())
        self.export.clicked.connect(self._export)
        self.player.failed.connect(self.banner.error)
        self.take_card.transcript.word_chosen.connect(lambda at_s: self.player.hear(at_s))

    def _lay_out(self) -> None:
        px = self._theme.px
        top = row(column(self.title, self.detail, spacing=0), self.export, spacing=px(16))
        top.setStretch(0, 1)
        side = Card(self._theme)
        side.column.setContentsMargins(0, px(8), 0, px(8))
        side.column.addWidget(self.list)
        side.setFixedWidth(px(272))
        body = QWidget()
        pile = QVBoxLayout(body)
        pile.setContentsMargins(0, 0, px(GUTTER) - BAR, 0)
        pile.setSpacing(px(12))
        self.cards.setSpacing(px(12))
        pile.addLayout(column(self.kind, self.heading, spacing=px(2)))
        pile.addWidget(self.take_card)
        pile.addLayout(self.cards)
        pile.addStretch(1)
        self.body_area = Scroll(body)
        self.body_area.keep_gutter()
        sides = QHBoxLayout()
        sides.setSpacing(px(16))
        sides.addWidget(side)
        sides.addWidget(self.body_area, 1)
        head = column(top, self.banner, spacing=px(14))
        head.setContentsMargins(0, 0, px(GUTTER), 0)
        content = held(column(head, sides, spacing=px(14)))
        # The scroll bar hangs out to the right: cards, banner and export button end at the same edge.
        page = QVBoxLayout(self)
        page.setContentsMargins(px(32), px(8), px(32) - px(GUTTER), px(24))
        page.addLayout(centred(self._theme, content, px(GUTTER)))

    def open(self, call: str, *, writing: bool = False) -> None:
        """Show a call; `writing`: its judgements are still on their way."""
        if call != self.call:
            self.player.stop()
            self.record = None
            self._shown = ()
            self.list.show_rows(())
            self.title.say("")
            self.detail.say("")
            self.heading.say("")
            self.kind.say("")
            self.take_card.hide()
            empty(self.cards)
            self.banner.clear()
        self.call = call
        self.writing = writing
        self.export.setEnabled(False)
        self.refresh()

    def refresh(self) -> None:
        """Read the record again."""
        call = self.call

        def op() -> CallRecord:
            # The report room takes a quarter of a second to load: not on Qt's thread, and not before the window is up.
            import_module("hireflow_voice.report")
            return self._api.call(call)

        self._tasks.run(op, self._show, self.banner.error)

    def judging(self, call: str) -> bool:
        """Whether a call is being judged again from here."""
        return call in self._again

    def judge_again(self) -> None:
        """Have what the call left open recognised and judged; asked twice, it runs once."""
        call = self.call
        if call in self._again or self.writing:
            return
        self._again.add(call)
        self.banner.clear()
        self._show_state()
        announce(self, "Judging")
        self._tasks.run(
            lambda: self._api.judge_again(call),
            lambda record: self._judged_again(call, record),
            lambda error: self._not_judged(call, error),
        )

    def _judged_again(self, call: str, record: CallRecord) -> None:
        self._again.discard(call)
        self.judged.emit()
        if call != self.call:
            return
        self._show(record)
        still = left_open(record)
        if not still:
            announce(self, "Your feedback is ready")
            return
        failed = next((t.judgement.failed for t in still if t.judgement is not None and t.judgement.failed), "")
        what = f"{count(len(still), 'answer')} could still not be judged."
        self.banner.trouble("StillOpen", "", what, failed or "Your recordings are safe; the log says more.")

    def _not_judged(self, call: str, error: HireFlowError) -> None:
        self._again.discard(call)
        self.judged.emit()
        if call == self.call:
            self.banner.error(error)
            self.refresh()  # some of it may have been judged before the error

    def saved(self) -> None:
        """The judge has finished."""
        self.writing = False
        announce(self, "Your feedback is ready")
        self.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space plays and pauses, arrows jump; lists and fields have had their turn before."""
        player = self.player
        keys = {
            Qt.Key.Key_Space: player.play,
            Qt.Key.Key_Left: player.back,
            Qt.Key.Key_Right: player.on,
        }
        button = keys.get(Qt.Key(event.key()))
        if button is None or event.modifiers() or player.isHidden():
            super().keyPressEvent(event)
        elif button.isEnabled():
            button.click()

    def hideEvent(self, event: QHideEvent) -> None:
        self.player.stop()
        super().hideEvent(event)

    def _show(self, record: CallRecord) -> None:
        if record.header.id != self.call:
            return
        self.record = record
        self.title.say(one_line(f"{record.header.company} · {record.header.round}"))
        self.export.setEnabled(True)
        self._show_state()

    @property
    def _busy(self) -> bool:
        return self.writing or self.call in self._again

    def _show_state(self) -> None:
        record = self.record
        if record is None:
            return
        state = {CallState.RUNNING: "broken off", CallState.HUNG_UP: "hung up early"}.get(record.state, "")
        answered = len({take.question for take in record.takes if take.answers_question})
        asked = f"{answered} of {count(len(record.header.questions), 'question')} answered"
        doing = "writing up your feedback …" if self.writing else "judging …" if self._busy else ""
        self.detail.say(" · ".join(part for part in (when(record.header.started), asked, state, doing) if part))
        self.list.show_rows(rows_of(record, writing=self._busy))
        self._show_row()

    def _show_row(self) -> None:
        line, record = self.list.row, self.record
        if line is None or record is None:
            return
        question = next((q for q in record.header.questions if q.id == line.question), None)
        take = next((t for t in record.takes if t.id == line.take), None)
        judgement = judgement_of(record, line.question)
        new = (self.call, line.kind, line.question, line.take)
        same_row = bool(self._shown) and self._shown[0] == new
        heard = replace(take, judgement=None) if take is not None else None
        state = (new, heard, judgement, record.form, left_open(record), self._busy, self.writing)
        if state == self._shown:
            return
        before = self._shown
        self._shown = state
        # A verdict that arrives while the answer is being heard must not stop it.
        if not (same_row and before[1] == heard):
            self._show_take(line, question, take)
        self._show_cards(line, question, take, judgement)
        self.body_area.settle()
        if not same_row:
            self.body_area.verticalScrollBar().setValue(0)

    def _show_take(self, line: Row, question: QuestionRecord | None, take: TakeRecord | None) -> None:
        self.player.stop()
        self.kind.say(line.title if line.kind is not RowKind.FORM else "")
        self.kind.setVisible(line.kind is not RowKind.FORM)
        words = take.asked if take is not None and take.asked else question.text if question else line.text
        self.heading.say(words)
        self.heading.setVisible(line.kind is not RowKind.FORM)
        self.take_card.setVisible(take is not None)
        if take is None:
            return
        sound = self._api.sound_of(self.call, take)
        self.take_card.show_take(take, sound)
        if sound is not None:
            self.player.load(sound, self._play_wanted)

    def _show_cards(
        self, line: Row, question: QuestionRecord | None, take: TakeRecord | None, judgement: Judgement | None
    ) -> None:
        theme, record = self._theme, self.record
        empty(self.cards)
        self.points = None
        self.take_card.show_again(self._again_button() if question is None and take and unheard(take) else None)
        if line.kind is RowKind.FORM and record is not None:
            self.cards.addWidget(FormCard(theme, record, self._again_button() if left_open(record) else None))
        elif question is not None and record is not None and (take is not None or judgement is not None):
            waiting = sum(unjudged(t) for t in record.takes if t.question == question.id)
            again = self._again_button() if waiting else None
            self.points = PointsCard(theme, question, judgement, waiting, again, writing=self._busy)
            self.points.quote_chosen.connect(lambda point: self._hear_quote(question.id, point))
            self.cards.addWidget(self.points)
        elif question is not None:
            self.cards.addWidget(NoteCard(theme, "Not answered", "This question was not reached or was skipped."))
        elif line.kind is RowKind.TALK:
            self.cards.addWidget(NoteCard(theme, "Not judged", "This part is kept for you to hear; nobody scores it."))
        if question is not None:
            self.cards.addWidget(StrongCard(theme, question))
        if take is not None and take.delivery is not None:
            from hireflow_voice.report import describe

            self.cards.addWidget(DeliveryCard(theme, describe(take.delivery)))

    def _again_button(self) -> Button | None:
        """What the user can do about something that is not judged yet; nothing while the call is being written up."""
        if self.writing:
            return None
        if self._busy:
            button = Button(self._theme, "Judging …", "hourglass", height=40)
            button.setEnabled(False)
        else:
            button = Button(self._theme, "Judge again", "refresh-cw", height=40)
            button.clicked.connect(self.judge_again)
        return button

    def _hear_quote(self, question: str, point: str) -> None:
        record = self.record
        judgement = judgement_of(record, question) if record else None
        if record is None or judgement is None:
            return
        quote = next((p.quote for p in judgement.points if p.point == point and p.quote), None)
        if quote is None:
            return
        current = self.list.row
        take = record.quote_takes.get(question, {}).get(point) or (current.take if current else "")
        moment: tuple[str, float, float] | None = None
        if quote.start_s is not None and quote.end_s is not None:
            moment = (take, max(0.0, quote.start_s - QUOTE_LEAD_S), quote.end_s + QUOTE_LEAD_S)
        if current is not None and current.take != take:
            self._wanted = moment  # played when the other take is open
            self.list.choose_take(take)
        elif moment is not None:
            self.player.hear(moment[1], moment[2])
        self.take_card.transcript.mark_quote(quote.start_char, quote.end_char)

    def _play_wanted(self) -> None:
        wanted, self._wanted = self._wanted, None
        line = self.list.row
        if wanted is not None and line is not None and line.take == wanted[0]:
            self.player.hear(wanted[1], wanted[2])

    def ask_where(self) -> tuple[str, str]:
        """(path, form) from the file dialog; empty where it was left."""
        path, chosen = QFileDialog.getSaveFileName(self, "Export report", f"{self.call}.md", ";;".join(FORMS))
        suffix = Path(path).suffix.lstrip(".").lower()
        form = suffix if suffix in FORMS.values() else FORMS.get(chosen, "md")
        if path and not suffix:
            path = f"{path}.{form}"
        return path, form

    def _export(self) -> None:
        path, form = self.ask_where()
        if not path:
            return
        call = self.call

        def op() -> None:
            text = self._api.export(call, form)
            try:
                Path(path).write_text(text, encoding="utf-8")
            except OSError as error:
                raise MachineError(
                    f"The report could not be written to {path}: {error.strerror}.", "Choose another folder."
                ) from error

        self._tasks.run(op, lambda _: self._exported(path), self.banner.error)

    def _exported(self, path: str) -> None:
        self.detail.say(f"Report written to {path}")
        announce(self, "Report written")

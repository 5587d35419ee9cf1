"""The review: hear every answer again, with what was covered and the words that say so."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hireflow_voice.app.api import Api, Undo, WordChange
from hireflow_voice.errors import HireFlowError
from hireflow_voice.records import CallRecord, CallState, MentorReview, QuestionRecord, TakeRecord
from hireflow_voice.ui.pages.review_correct import CorrectDialog
from hireflow_voice.ui.pages.review_export import SCORES, Exports
from hireflow_voice.ui.pages.review_judging import Judging
from hireflow_voice.ui.pages.review_retake import Clip
from hireflow_voice.ui.pages.review_rows import answers_of, judgement_of, left_open, quotes_in, rows_of
from hireflow_voice.ui.pages.review_sections import Sections, View
from hireflow_voice.ui.pages.review_strong import Voice
from hireflow_voice.ui.pages.review_take import TakeCard
from hireflow_voice.ui.tasks import Tasks
from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.banner import Banner
from hireflow_voice.ui.widgets.basics import Card, Elided, Label, Scroll, announce, centred, column, held, row
from hireflow_voice.ui.widgets.buttons import Button, Kind
from hireflow_voice.ui.widgets.call_rows import STAR
from hireflow_voice.ui.widgets.columns import Part, columns
from hireflow_voice.ui.widgets.page import Page
from hireflow_voice.ui.widgets.player_bar import PlayerBar
from hireflow_voice.ui.widgets.question_list import QuestionList, Row, RowKind
from hireflow_voice.ui.words import count, one_line, when

ROOM = (800, 380)
"""The page, in the design's pixels, in which the list and the cards scroll by themselves."""
GUTTER, BAR = 20, 12
"""Room for the scroll bar right of the cards, and the bar's own part of it (which does not grow with the text)."""
KEEP, KEEP_NO_LONGER = "Keep for ever", "Keep no longer"
QUOTE_LEAD_S = 0.15
"""Played before and after a quote, so that its first and last sound are not clipped."""


class ReviewPage(Page):
    """One call. It reads the record only; while the judge still writes, `refresh` brings what is new."""

    judged = Signal()
    """A call that was judged again from here is let go of, judged or not."""
    retake_asked = Signal(str, str)
    """Ids of a call and of a question of it that is to be answered again."""

    def __init__(self, api: Api, theme: Theme, tasks: Tasks) -> None:
        super().__init__(theme, ROOM, margins=(32, 8, 32 - GUTTER, 24))
        self._api, self._theme, self._tasks = api, theme, tasks
        self.call = ""
        self.record: CallRecord | None = None
        self.family: tuple[CallRecord, ...] = ()
        """The call and the retakes of its questions."""
        self.writing = False
        self._question = ""
        """Whose row is to be chosen when the record is there."""
        self.judge = Judging(api, tasks)
        self._shown: tuple[object, ...] = ()
        self._wanted: tuple[str, float, float] | None = None
        self.banner = Banner(theme)
        self.title = Elided(theme, "", Type.TITLE)
        self.detail = Elided(theme, "", Type.BODY, "muted")
        self.export = Button(theme, "Export", "download", key="E")
        self.keep = Button(theme, KEEP, STAR[False], Kind.GHOST, "K", icon_only=True)
        self.list = QuestionList(theme)
        self.player = PlayerBar(theme, tasks, api.player)
        self.heading = Label(theme, "", Type.QUESTION, wrap=True)
        self.kind = Label(theme, "", Type.CAPTION, "muted")
        self.take_card = TakeCard(theme, self.player)
        self.voice = Voice(api, tasks)
        self.clip = Clip(api, tasks)
        self.cards = Sections(theme, api, self.voice, self.clip, self.quiet)
        self.exports = Exports(api, tasks, self)
        self.work = Label(theme, "", Type.BODY, "muted")
        self.stop_work = Button(theme, "Stop writing", "x", Kind.GHOST, height=36)
        self.working = held(row(self.work, self.stop_work, 1))
        self.working.hide()
        self._lay_out()
        self.judge.began.connect(self._began)
        self.judge.kept.connect(self._kept)
        self.judge.ended.connect(self._judged_again)
        self.judge.failed.connect(self._not_judged)
        self.take_card.transcript.correction_asked.connect(self.ask_correction)
        self.take_card.corrections.undone.connect(self._undo)
        self.list.chosen.connect(lambda _: self._show_row())
        self._connect_cards()
        self.export.clicked.connect(self._offer_exports)
        self.keep.clicked.connect(self._keep)
        self.exports.began.connect(self._writes)
        self.exports.ended.connect(self._written)
        self.exports.failed.connect(self.banner.error)
        self.stop_work.clicked.connect(self.exports.stop)
        self.player.failed.connect(self.banner.error)
        self.voice.failed.connect(self.banner.error)
        self.clip.failed.connect(self.banner.error)
        self.player.play.clicked.connect(self._other_sounds_end)
        self.take_card.transcript.word_chosen.connect(lambda at_s: self.player.hear(at_s))

    def _connect_cards(self) -> None:
        cards = self.cards
        cards.judge_asked.connect(self.judge_again)
        cards.stop_asked.connect(lambda: self.judge.stop(self.call))
        cards.quote_chosen.connect(self._hear_quote)
        cards.question_chosen.connect(self.list.choose_question)
        cards.retake_asked.connect(lambda question: self.retake_asked.emit(self.call, question))
        cards.scored.connect(self._score)
        cards.scores_asked.connect(lambda: self.exports.run(self.record, SCORES) if self.record else None)

    def _lay_out(self) -> None:
        px = self._theme.px
        titles = column(self.title, self.detail, spacing=0)
        top = columns(self._theme, Part(titles, 1, least=160), self.keep, self.export, between=4)
        side = Card(self._theme)
        side.column.setContentsMargins(0, px(8), 0, px(8))
        side.column.addWidget(self.list)
        body = QWidget()
        pile = QVBoxLayout(body)
        pile.setContentsMargins(0, 0, px(GUTTER) - BAR, 0)
        pile.setSpacing(px(12))
        pile.addLayout(column(self.kind, self.heading, spacing=px(2)))
        pile.addWidget(self.take_card)
        pile.addLayout(self.cards.layout)
        pile.addStretch(1)
        self.body_area = Scroll(body)
        self.body_area.keep_gutter()
        self._body_pile = pile
        sides = self.main = columns(self._theme, Part(side, least=272), Part(self.body_area, 1, least=480))
        self._head = column(top, self.working, self.banner, spacing=px(14))
        content = column(self._head, spacing=px(14))
        content.addLayout(sides, 1)
        # The scroll bar hangs out to the right: cards, banner and export button end at the same edge.
        self.pile.addLayout(centred(self._theme, held(content), px(GUTTER)))
        self.keep_in_sight(self.banner)
        self.set_tight(False)

    def set_tight(self, tight: bool) -> None:
        """Where the page scrolls, what plays the answer stays in sight below it."""
        super().set_tight(tight)
        px = self._theme.px
        self._head.setContentsMargins(0, 0, 0 if tight else px(GUTTER), 0)
        self._body_pile.setContentsMargins(0, 0, 0 if tight else px(GUTTER) - BAR, 0)
        self.list.unroll(tight)
        if tight:
            self.keep_below(self.player.controls)
            self.player.controls.setVisible(self.player.isVisible())
        else:
            self.player.take_back()

    def open(self, call: str, *, writing: bool = False, question: str = "") -> None:
        """Show a call, at a question of it; `writing`: its judgements are still on their way."""
        self._question = question
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
            self.cards.clear()
            self.banner.clear()
        self.call = call
        self.writing = writing
        self.export.setEnabled(False)
        self.keep.setEnabled(False)
        self.refresh()

    def refresh(self) -> None:
        """Read the record again."""
        call = self.call

        def op() -> tuple[CallRecord, ...]:
            # The report room takes a quarter of a second to load: not on Qt's thread, and not before the window is up.
            import_module("hireflow_voice.report")
            return self._api.retakes(call)

        def done(family: tuple[CallRecord, ...]) -> None:
            if call == self.call:
                self.family = family
                self._show(next(record for record in family if record.header.id == call))

        self._tasks.run(op, done, self.banner.error)

    def judging(self, call: str) -> bool:
        """Whether something of a call is being judged from here."""
        return self.judge.busy(call)

    def judge_again(self) -> None:
        """Have what the call left open recognised and judged."""
        if not self.writing and not self.judge.busy(self.call):
            announce(self, "Judging")
            self.judge.again(self.call)

    def ask_correction(self, start_char: int, end_char: int) -> None:
        """Ask what was said in a stretch of the take on screen."""
        record, line = self.record, self.list.row
        take = next((t for t in record.takes if line and t.id == line.take), None) if record else None
        if record is None or take is None or take.transcript is None or self.writing:
            return
        heard, span = take.transcript.text[start_char:end_char], take.transcript.span(start_char, end_char)
        question = next((q for q in record.header.questions if q.id == take.question), None)

        def hear() -> None:
            if span is not None:
                self.player.hear(max(0.0, span[0] - QUOTE_LEAD_S), span[1] + QUOTE_LEAD_S)

        dialog = CorrectDialog(
            self._theme, self, heard, question.glossary if question else (), hear, judged=take.answers_question
        )
        call, of = self.call, take.id
        dialog.accepted.connect(lambda: self.judge.correct(call, of, WordChange(start_char, end_char, dialog.written)))
        dialog.open()

    def _undo(self, number: int) -> None:
        line = self.list.row
        if line is not None and not self.writing:
            self.judge.correct(self.call, line.take, Undo(number))

    def _began(self, call: str) -> None:
        if call == self.call:
            self.banner.clear()
            self._show_state()

    def _kept(self, record: CallRecord) -> None:
        self._show(record)
        if record.header.id == self.call:
            announce(self, "Corrected. Judging the answer again")

    def _judged_again(self, record: CallRecord, stopped: bool) -> None:
        self.judged.emit()
        if record.header.id != self.call:
            return
        self._show(record)
        still = left_open(record)
        if not still:
            announce(self, "Your feedback is ready")
        if not still or stopped:
            return
        failed = next((t.judgement.failed for t in still if t.judgement is not None and t.judgement.failed), "")
        what = f"{count(len(still), 'answer')} could still not be judged."
        self.banner.trouble("StillOpen", "", what, failed or "Your recordings are safe; the log says more.")

    def _not_judged(self, call: str, error: HireFlowError) -> None:
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
        """Every key of the page; lists and fields have had their turn before."""
        player, strong, retake = self.player, self.cards.strong, self.cards.retake
        key = Qt.Key(event.key())
        buttons: dict[Qt.Key, Button | None] = {
            Qt.Key.Key_Space: player.play,
            Qt.Key.Key_Left: player.back,
            Qt.Key.Key_Right: player.on,
            Qt.Key.Key_A: strong.hear if strong else None,
            Qt.Key.Key_E: self.export,
            Qt.Key.Key_K: self.keep,
            Qt.Key.Key_F2: self.take_card.correct,
            Qt.Key.Key_N: retake.again if retake else None,
            Qt.Key.Key_W: strong.read if strong else None,
        }
        steps = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1}
        free = not event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        button = buttons.get(key)
        if free and key in steps and player.isVisible():
            player.faster(steps[key])
        elif free and button is not None and button.isVisible():
            if button.isEnabled():
                button.click()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self.quiet()
        super().hideEvent(event)

    def quiet(self) -> None:
        """Nothing is heard any more."""
        self.player.stop()
        self._other_sounds_end()

    def _other_sounds_end(self) -> None:
        self.voice.stop()
        self.clip.stop()

    def close_players(self) -> None:
        """Let go of the speaker for good."""
        self.player.close_player()
        self.clip.close_player()

    def _show(self, record: CallRecord) -> None:
        if record.header.id != self.call:
            return
        self.record = record
        # The record may be newer than the one that was read with its retakes.
        self.family = tuple(record if one.header.id == record.header.id else one for one in self.family)
        self.title.say(one_line(f"{record.header.company} · {record.header.round}"))
        self.export.setEnabled(True)
        self.keep.setEnabled(True)
        self._show_kept(record.kept)
        self._show_state()
        question, self._question = self._question, ""
        if question:
            self.list.choose_question(question)

    @property
    def _busy(self) -> bool:
        return self.writing or self.judge.busy(self.call)

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
        others = tuple(one for one in answers_of(self.family, line.question) if one.header.id != self.call)
        # A score that is given on a card must not build the card anew under the user's hands.
        people = record.mentors if record.scoring is None else True
        state = (
            new,
            heard,
            judgement,
            record.form,
            left_open(record),
            self._busy,
            self.writing,
            others,
            people,
            record.notes,
        )
        if state == self._shown:
            return
        before = self._shown
        self._shown = state
        focus = self.window().focusWidget()
        within = focus is not None and self.isAncestorOf(focus)
        # A verdict that arrives while the answer is being heard must not stop it.
        if not (same_row and before[1] == heard):
            self._show_take(line, question, take)
        if take is not None:
            self.take_card.show_quotes(take, quotes_in(record, take))
        view = View(record, self.family, line, question, take, self._busy, self.writing)
        self.take_card.show_again(self.cards.show(view))
        self.body_area.settle()
        if within and not self.isAncestorOf(focus):
            # What had the keys was built anew; Qt would give them to the bar above, which knows none of the page's.
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        if not same_row:
            self.body_area.verticalScrollBar().setValue(0)

    def _show_take(self, line: Row, question: QuestionRecord | None, take: TakeRecord | None) -> None:
        self.quiet()
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

    def _score(self, review: MentorReview) -> None:
        """Keep what a person says of the call; the next card must see it before it is on disk."""
        record = self.record
        if record is None:
            return
        others = tuple(one for one in record.mentors if one.id != review.id)
        self.record = replace(record, mentors=(*others, review))
        self._show_state()
        call = self.call
        self._tasks.run(lambda: self._api.score(call, review), lambda _: None, self.banner.error, "scores")

    def _show_kept(self, kept: bool) -> None:
        self.keep.rename(KEEP_NO_LONGER if kept else KEEP, STAR[kept])

    def _keep(self) -> None:
        """Put the star on the call, or take it off; read again afterwards, so that what is shown is on disk."""
        record = self.record
        if record is None:
            return
        call, kept = record.header.id, not record.kept

        def done(_: None) -> None:
            announce(self, "Kept for ever" if kept else "No longer kept for ever")
            if self.record is not None and self.record.header.id == call:
                self.record = replace(self.record, kept=kept)
                self._show_kept(kept)

        self._tasks.run(lambda: self._api.keep_call(call, kept), done, self.banner.error, "kept")

    def _offer_exports(self) -> None:
        if self.record is not None and not self.exports.busy:
            menu = self.exports.menu(self.record)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(self.export.mapToGlobal(self.export.rect().bottomLeft()))

    def _writes(self, what: str) -> None:
        self.work.say(what)
        self.working.show()
        announce(self, what)

    def _written(self, sentence: str) -> None:
        self.working.hide()
        if sentence:
            self.detail.say(sentence)
            announce(self, sentence)

"""The parts of the call screen: who is on the line, what was said, what is going on."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from hireflow_voice.events import Phase
from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.bars import Steps
from hireflow_voice.ui.widgets.basics import Card, Elided, Following, Label, column, held, row
from hireflow_voice.ui.widgets.buttons import Button, Kind
from hireflow_voice.ui.widgets.choices import named
from hireflow_voice.ui.widgets.columns import Part, columns
from hireflow_voice.ui.widgets.presence import Presence
from hireflow_voice.ui.widgets.silence_ring import SilenceRing
from hireflow_voice.ui.widgets.waveform import LiveWaveform
from hireflow_voice.ui.words import PHASES, clock, left, one_line, plain

LONGEST_TYPED = 20_000
NARROW = 680
"""Width of the card beneath which its words need the room that a button's text would take."""
TAIL = 280
"""Characters of the candidate's own caption: the end of it, where the speaker is."""


class Face(QWidget):
    """The interviewer's initial in a circle; ringed while the interviewer speaks."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._initial = ""
        self._speaking = False
        self.setFixedSize(theme.px(52), theme.px(52))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_name(self, name: str) -> None:
        """Whose face."""
        self._initial = one_line(name)[:1].upper()
        self.update()

    def set_speaking(self, speaking: bool) -> None:
        """With or without the ring."""
        self._speaking = speaking
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outer = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        if self._speaking:
            painter.setPen(QPen(theme.colour("accent"), 2.0))
            painter.drawEllipse(outer)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("raised"))
        painter.drawEllipse(outer.adjusted(3, 3, -3, -3))
        if self._initial:
            painter.setPen(theme.colour("text"))
            painter.setFont(theme.font(Type.QUESTION))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._initial)
        else:
            size = theme.px(22)
            corner = QPointF((self.width() - size) / 2, (self.height() - size) / 2)
            theme.icons.draw(painter, "phone", corner, size, theme.colour("muted"))


class CallHeader(QWidget):
    """Who, what for, how long, how far."""

    def __init__(self, theme: Theme, *tools: QWidget) -> None:
        """`tools`: buttons beside the clocks."""
        super().__init__()
        self.face = Face(theme)
        self.name = Elided(theme, "", Type.TITLE)
        self.role = Elided(theme, "", Type.BODY, "muted")
        self.elapsed = Label(theme, clock(0), Type.CLOCK)
        self.left = Label(theme, "", Type.CAPTION, "muted")
        self.elapsed.setAccessibleName("Time on the line")
        self.left.setAccessibleName("Time left")
        for label in (self.elapsed, self.left):
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.question = Label(theme, "", Type.CAPTION)
        self.context = Elided(theme, "", Type.CAPTION, "muted")
        self.steps = Steps(theme)
        clocks = column(self.elapsed, self.left, spacing=0)
        names = column(self.name, self.role, spacing=0)
        who = row(self.face, names, row(*tools, spacing=theme.px(2)), clocks, spacing=theme.px(14))
        who.setStretch(1, 1)
        place = row(self.question, self.context, spacing=theme.px(12))
        place.setStretch(1, 1)
        self._place = held(column(place, self.steps, spacing=theme.px(6)))
        pile = QVBoxLayout(self)
        pile.setContentsMargins(0, 0, 0, 0)
        pile.setSpacing(theme.px(14))
        pile.addLayout(who)
        pile.addWidget(self._place)
        self.reset("")

    def reset(self, title: str) -> None:
        """A new call."""
        self.show_who("", title)
        self._total = 1
        self.question.say("Before the first question")
        self.context.say("")
        self.steps.show_steps(1, 0)
        self.show_time(0.0, None)

    def show_who(self, name: str, role: str) -> None:
        """The interviewer's name and the round."""
        self.name.say(name or "Interviewer")
        self.role.say(role)
        self.face.show_name(name)

    def show_time(self, elapsed_s: float, length_s: float | None, *, held: bool = False) -> None:
        """Both clocks; `held`: they stand still."""
        self.elapsed.say(clock(elapsed_s))
        self.left.say("Clock stopped" if held else left(length_s - elapsed_s) if length_s else "")
        self.left.setVisible(held or bool(length_s))

    def show_question(self, number: int, total: int) -> None:
        """How far."""
        self._total = total
        self.question.say(f"Question {number} of {total}")
        self.steps.show_steps(total, number)

    def show_own_questions(self) -> None:
        """The candidate asks now."""
        self.question.say("Your questions")
        self.steps.show_steps(self._total, self._total)


class CaptionCard(Card):
    """The words of both sides. The size stays, so that nothing jumps while people speak."""

    toggled = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, spacing=6)
        self._theme = theme
        self.toggle = Button(theme, "Hide captions", "captions-off", Kind.GHOST, "C", height=32)
        self.toggle.clicked.connect(self.toggled)
        self.title = Label(theme, "Interviewer", Type.CAPTION, "muted")
        self.interviewer = Label(theme, "", Type.QUESTION, wrap=True)
        self.you = Label(theme, "You", Type.CAPTION, "muted")
        self.candidate = Label(theme, "", Type.BODY, "muted", wrap=True)
        self.interviewer.setAccessibleName("What the interviewer says")
        self.candidate.setAccessibleName("What you say")
        words = QWidget()
        pile = QVBoxLayout(words)
        pile.setContentsMargins(0, 0, theme.px(8), 0)
        pile.setSpacing(theme.px(4))
        for label in (self.interviewer, self.you, self.candidate):
            pile.addWidget(label)
        pile.insertSpacing(1, theme.px(8))
        pile.addStretch(1)
        self.area = Following(theme, words)
        self.column.setContentsMargins(theme.px(24), theme.px(10), theme.px(12), theme.px(14))
        self.column.addLayout(row(self.title, 1, self.toggle))
        self.column.addWidget(self.area, 1)
        self.set_shown(True)
        self.clear()

    def clear(self) -> None:
        """Nothing said yet."""
        self.show_interviewer("")
        self.show_candidate("")

    def set_shown(self, shown: bool) -> None:
        """Show or hide the words."""
        self.area.setVisible(shown)
        self.title.say("Interviewer" if shown else "Captions are hidden")
        self.toggle.rename("Hide captions" if shown else "Show captions", "captions-off" if shown else "captions")
        self.setSizePolicy(
            QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding if shown else QSizePolicy.Policy.Fixed
        )

    def show_interviewer(self, text: str) -> None:
        """The interviewer's latest words."""
        self.interviewer.say(plain(text, 1_200))
        self.area.following = False
        self.area.verticalScrollBar().setValue(0)

    def show_candidate(self, text: str) -> None:
        """The candidate's words; of a long answer the end."""
        self.area.following = bool(text)
        words = one_line(text, 20_000)
        self.candidate.say(words if len(words) <= TAIL else "…" + words[-TAIL:])
        self.you.setVisible(bool(words))
        self.candidate.setVisible(bool(words))


class _Answer(QPlainTextEdit):
    """Where an answer is typed: Enter sends, Shift+Enter breaks the line."""

    sent = Signal()
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if plain_enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.sent.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class TypeBox(QWidget):
    """Type this answer instead of speaking it. `toggle` stands elsewhere, where there is room for it."""

    sent = Signal(str)
    opened = Signal(bool)
    left = Signal()
    """Closed while the cursor was in it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.toggle = Button(theme, "Type your answer", "keyboard", Kind.GHOST, "T", height=36)
        self.editor = _Answer()
        self.editor.setPlaceholderText("Enter sends it, Shift+Enter starts a new line.")
        self.editor.setTabChangesFocus(True)
        self.editor.setFixedHeight(theme.px(76))
        named(self.editor, "Your typed answer")
        self.send = Button(theme, "Send answer", "send", Kind.SECONDARY, "Enter")
        send = Part(self.send, align=Qt.AlignmentFlag.AlignRight)
        self._box = held(columns(theme, Part(self.editor, 1, least=280), send, spacing=12, between=6))
        pile = QVBoxLayout(self)
        pile.setContentsMargins(0, 0, 0, 0)
        pile.addWidget(self._box)
        self._may_send = False
        self.toggle.clicked.connect(lambda: self.set_open(not self.is_open))
        self.send.clicked.connect(self._send)
        self.editor.sent.connect(self._send)
        self.editor.left.connect(lambda: self.set_open(False))
        self.editor.textChanged.connect(self._show_send)
        self._box.hide()

    @property
    def is_open(self) -> bool:
        """Whether there is a field to type in."""
        return not self._box.isHidden()

    def set_open(self, opened: bool) -> None:
        """Open the field and put the cursor in it, or close it; what was typed stays."""
        within = not opened and self._box.isAncestorOf(self.focusWidget() or self)
        self._box.setVisible(opened)
        self.toggle.rename("Speak instead" if opened else "Type your answer", "mic" if opened else "keyboard")
        self.opened.emit(opened)
        if opened:
            self.editor.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif within:
            self.left.emit()

    def set_may_send(self, may: bool) -> None:
        """Only while the interviewer listens."""
        self._may_send = may
        self._show_send()

    def _show_send(self) -> None:
        self.send.setEnabled(self._may_send and bool(self.editor.toPlainText().strip()))

    def _send(self) -> None:
        if self.send.isEnabled():
            text = self.editor.toPlainText().strip()[:LONGEST_TYPED]
            self.editor.clear()
            self.sent.emit(text)


class StateCard(Card):
    """What the call is doing: an icon, words, the sound of the microphone, and the silence that ends a turn."""

    ROLES: ClassVar = {Phase.SPEAKING: "accent", Phase.LISTENING: "live"}

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._theme = theme
        self.ring = SilenceRing(theme)
        self.title = Label(theme, "", Type.QUESTION)
        self.detail = Elided(theme, "", Type.BODY, "muted")
        self.timer = Label(theme, "", Type.CLOCK)
        self.timer.setAccessibleName("Time of this answer")
        self.timer_word = Label(theme, "this answer", Type.CAPTION, "muted")
        self.wave = LiveWaveform(theme)
        self.presence = Presence(theme)
        self.typing = TypeBox(theme)
        self.devices = Button(theme, "Microphone and speaker", "headphones", Kind.GHOST, "A", icon_only=True, height=36)
        for label in (self.timer, self.timer_word):
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        words = row(self.ring, column(self.title, self.detail, spacing=0), spacing=theme.px(14))
        words.setStretch(1, 1)
        clocks = held(column(self.timer, self.timer_word, spacing=0))
        clocks.setFixedWidth(theme.px(80))  # always there, so that the button beside it stays where it is
        tools = row(row(self.typing.toggle, self.devices, spacing=theme.px(2)), clocks, spacing=theme.px(14))
        head = columns(
            theme, Part(words, 1, least=300), Part(tools, align=Qt.AlignmentFlag.AlignLeft), spacing=14, between=8
        )
        self.column.setContentsMargins(theme.px(20), theme.px(16), theme.px(24), theme.px(16))
        self.column.addLayout(head)
        self.column.addWidget(self.wave, 1)
        self.column.addWidget(self.presence, 1)
        self.column.addWidget(self.typing)
        self.phase = Phase.CONNECTING
        self.muted = False
        self._note: tuple[str, str] | None = None
        """Title and sentence that stand for those of the phase."""
        self._interrupting: tuple[str, str] | None = None
        self.show_phase(Phase.CONNECTING)
        # A small window has no room for both.
        self.typing.opened.connect(self._typing_opened)

    def show_phase(self, phase: Phase) -> None:
        """Another state of the call."""
        self.phase = phase
        self._note = self._interrupting = None
        self._show_words()
        listening = phase is Phase.LISTENING
        self.wave.set_active(listening)
        self.presence.show_phase(phase)
        self._show_who_sounds()
        self.typing.set_may_send(listening)
        self.show_answer_time(0.0 if listening else None)

    def set_muted(self, muted: bool) -> None:
        """The microphone is closed by the candidate."""
        self.muted = muted
        self._show_words()

    def show_silence(self, seconds: float, limit_s: float | None) -> None:
        """A silence after words."""
        before = self.ring.remaining
        self.ring.show_silence(seconds, limit_s)
        if self.muted or self.phase is not Phase.LISTENING:
            return
        if self.ring.remaining is None and before is not None:
            self._show_words()
        elif self.ring.remaining is not None and limit_s is not None:
            self.detail.say(f"Your answer ends in {max(0.0, limit_s - seconds):.1f} s. Keep talking to go on.")

    def show_pause(self) -> None:
        """The silence was long enough, but the floor is still the candidate's."""
        self._note = ("Still listening", "Go on if there is more: it is still the same answer.")
        self._show_words()

    def show_reopened(self) -> None:
        """The candidate went on."""
        self._note = ("Listening", "Go on, this is still the same answer. Space ends it.")
        self._show_words()

    def show_ducked(self, on: bool) -> None:
        """The interviewer is softer: somebody may be about to speak."""
        self._note = ("You are speaking", "Keep talking and the interviewer stops.") if on else self._interrupting
        self._show_words()

    def show_interrupting(self, how: str) -> None:
        """How the interviewer can be cut short; empty when he cannot."""
        self._note = (PHASES[Phase.SPEAKING][0], how) if how else None
        self._interrupting = self._note
        self._show_words()

    def silence_over(self) -> None:
        """The candidate speaks again."""
        if self.ring.remaining is not None:
            self.ring.show_silence(0.0, None)
            self._show_words()

    def show_answer_time(self, seconds: float | None) -> None:
        """How long this answer has been going; None between answers."""
        self.timer.say("" if seconds is None else clock(seconds))
        self.timer_word.setVisible(seconds is not None)

    def _typing_opened(self) -> None:
        self._show_who_sounds()
        self._show_words()

    def _show_who_sounds(self) -> None:
        """The candidate's voice while he has the floor, else the interviewer; neither beside a field to type in."""
        listening = self.phase is Phase.LISTENING
        self.wave.setVisible(listening and not self.typing.is_open)
        self.presence.setVisible(not listening and not self.typing.is_open)

    def _show_words(self) -> None:
        title, detail, icon = PHASES[self.phase]
        title, detail = self._note or (title, detail)
        role = self.ROLES.get(self.phase, "muted")
        if self.typing.is_open and self.phase is Phase.LISTENING:
            title, detail, icon = "Your turn", "Take your time. Enter sends what you typed.", "keyboard"
        if self.muted and self.phase is Phase.LISTENING:
            title, detail, icon, role = "Muted", "The interviewer cannot hear you. Press M to speak.", "mic-off", "warn"
        self.title.say(title)
        self.detail.say(detail)
        self.ring.show_icon(icon, role)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.typing.toggle.set_icon_only(event.size().width() < self._theme.px(NARROW))
        super().resizeEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(600, self._theme.px(220))

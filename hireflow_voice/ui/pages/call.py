"""The call: a calm screen that shows who speaks, and keys for everything that can be said to the interviewer."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import pairwise

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout

from hireflow_voice.app.api import Devices, LiveCall
from hireflow_voice.events import (
    CallCommand,
    CallEnded,
    CallEvent,
    Caption,
    Coaching,
    Ducked,
    Level,
    Phase,
    PhaseChanged,
    Press,
    QuestionChanged,
    SilenceGrowing,
    Spoken,
    Trouble,
    TurnPaused,
    TurnReopened,
    Typed,
    UseDevices,
)
from hireflow_voice.records import CallHeader as Agreed
from hireflow_voice.sound import Echo
from hireflow_voice.ui.keeper import Keeper
from hireflow_voice.ui.pages.call_cards import CallHeader, CaptionCard, StateCard
from hireflow_voice.ui.pages.call_coach import CoachPanel
from hireflow_voice.ui.pages.call_compact import SmallCall
from hireflow_voice.ui.pages.call_notes import NotesPad
from hireflow_voice.ui.theme import Theme
from hireflow_voice.ui.widgets.banner import Banner
from hireflow_voice.ui.widgets.basics import announce, held, row
from hireflow_voice.ui.widgets.buttons import Button, Kind, Tile
from hireflow_voice.ui.widgets.columns import Part, columns
from hireflow_voice.ui.widgets.device_choice import DeviceDialog
from hireflow_voice.ui.widgets.dialogs import Ask
from hireflow_voice.ui.widgets.key_list import KeyList
from hireflow_voice.ui.widgets.page import Page
from hireflow_voice.ui.words import PHASES, one_line

TICK_MS = 250
WISHES, ENDS = 8, 3
"""Shares of the bar: the keys that ask for something, and the two that end."""
SILENCE_OVER_S = 0.35
"""A growing silence is told about ten times a second; when that stops, the candidate speaks again."""
HEARD_DBFS = -60.0
"""A microphone that once gave more than this works; a missing one gives nothing at all or exact zeros."""
HEARD_OUT = ("greeting", "time", "closing", "resume")
"""Kinds of captions that are not cut short."""
DEAF = ("NoMicrophone", "NoSoundSystem")
"""Troubles in which an answer can only be typed."""
OPEN = (Phase.SPEAKING, Phase.LISTENING, Phase.THINKING)
"""Phases in which the candidate can say something."""


ROOM = (836, 480)
"""The page, in the design's pixels, in which nothing but the captions scrolls."""


class CallPage(Page):
    """Shows the events of one call and posts its commands. No score is shown here."""

    ended = Signal()
    """The candidate hung up before there was anybody on the line."""
    devices_asked = Signal()
    """`show_devices` is waited for."""

    def __init__(self, theme: Theme, keeper: Keeper, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__(theme, ROOM, margins=(32, 24, 32, 24))
        self._theme, self._keeper, self._now = theme, keeper, now
        self._live: LiveCall | None = None
        self._length_s: float | None = None
        self._anchor: tuple[float, float] | None = None
        self._answer_from: float | None = None
        self._hang_up = False
        self._silent_at = 0.0
        self._heard = False
        self._deaf: set[str] = set()
        self._opened_itself = False
        self._choosing: DeviceDialog | None = None
        self.phase = Phase.CONNECTING
        self.banner = Banner(theme)
        self.captions = CaptionCard(theme)
        self.state = StateCard(theme)
        self.coach = CoachPanel(theme)
        self.notes = NotesPad(theme)
        self.shrink = Button(theme, "Small window", "picture-in-picture-2", Kind.GHOST, "F", icon_only=True, height=40)
        self.show_keys = Button(theme, "Keys", "info", Kind.GHOST, "?", icon_only=True, height=40)
        self.header = CallHeader(theme, self.notes.toggle, self.shrink, self.show_keys)
        self.mute = Tile(theme, "Mute", "mic-off", "M")
        self.hold = Tile(theme, "Hold", "pause", "O")
        self.repeat = Tile(theme, "Repeat", "rotate-ccw", "R")
        self.rephrase = Tile(theme, "Rephrase", "message-circle-more", "W")
        self.hint = Tile(theme, "Hint", "lightbulb", "H")
        self.think = Tile(theme, "Think", "hourglass", "K")
        self.dont_know = Tile(theme, "I don't know", "circle-question-mark", "D")
        self.skip = Tile(theme, "Skip", "skip-forward", "S")
        self.done = Tile(theme, "Done answering", "message-square-check", "Space", Kind.PRIMARY)
        self.end = Tile(theme, "End call", "phone-off", "Esc", Kind.DANGER)
        self._ticker = QTimer(self)
        self._ticker.setInterval(TICK_MS)
        self._ticker.timeout.connect(self._tick)
        self._lay_out()
        self._connect()
        self.small = SmallCall(theme, self)
        self.shrink.clicked.connect(self._tick)

    @property
    def on_hold(self) -> bool:
        """The candidate is away."""
        return self.phase is Phase.ON_HOLD

    def _lay_out(self) -> None:
        px = self._theme.px
        self._tiles = (self.mute, self.repeat, self.rephrase, self.hint, self.think, self.dont_know, self.skip)
        self._line = (self.mute, self.hold, *self._tiles[1:])
        self._wishes = held(columns(self._theme, *self._line, spacing=5))
        self._ends = held(row(self.done, self.end, spacing=px(5)))
        self._bar = row(self._wishes, self._ends, spacing=px(11))
        self._bar.setStretchFactor(self._wishes, WISHES)
        self._bar.setStretchFactor(self._ends, ENDS)
        page = self.pile
        page.setSpacing(px(14))
        page.addWidget(self.header)
        page.addWidget(self.banner)
        talk = QVBoxLayout()
        talk.setSpacing(px(14))
        talk.addWidget(self.captions, 5)
        talk.addWidget(self.state, 6)
        side = QVBoxLayout()
        side.setSpacing(px(14))
        side.addWidget(self.coach, 1)
        side.addWidget(self.notes, 1)
        for pile in (talk, side):
            pile.setContentsMargins(0, 0, 0, 0)
        self._side = held(side)
        page.addLayout(columns(self._theme, Part(talk, 1, least=440), self._side, spacing=14), 1)
        page.addLayout(self._bar)
        self.keep_in_sight(self.banner)

    def set_tight(self, tight: bool) -> None:
        """Where the page scrolls, the keys that end an answer and the call stay in sight below it."""
        super().set_tight(tight)
        if tight:
            self.keep_below(self._ends)
        else:
            self._bar.addWidget(self._ends, ENDS)

    def _connect(self) -> None:
        presses: tuple[tuple[Button, Press], ...] = (
            (self.repeat, Press.REPEAT),
            (self.rephrase, Press.REPHRASE),
            (self.hint, Press.HINT),
            (self.think, Press.THINK),
            (self.dont_know, Press.DONT_KNOW),
            (self.skip, Press.SKIP),
            (self.coach.again, Press.RETRY),
            (self.done, Press.DONE),
        )
        for button, press in presses:
            button.clicked.connect(lambda _=False, press=press: self._post(press))
        self.mute.clicked.connect(self._toggle_mute)
        self.hold.clicked.connect(lambda: self._post(Press.UNHOLD if self.phase is Phase.ON_HOLD else Press.HOLD))
        self.end.clicked.connect(self.ask_end)
        self.captions.toggled.connect(self._toggle_captions)
        self.state.typing.sent.connect(lambda text: self._post(Typed(text)))
        self.state.typing.toggle.clicked.connect(self._typing_chosen)
        self.state.typing.left.connect(self._typing_left)
        self.notes.left.connect(self._typing_left)
        self.show_keys.clicked.connect(self._list_keys)
        self.state.devices.clicked.connect(self._choose_devices)
        self._keys: dict[Qt.Key, Button] = {
            Qt.Key.Key_M: self.mute,
            Qt.Key.Key_O: self.hold,
            Qt.Key.Key_R: self.repeat,
            Qt.Key.Key_W: self.rephrase,
            Qt.Key.Key_H: self.hint,
            Qt.Key.Key_K: self.think,
            Qt.Key.Key_D: self.dont_know,
            Qt.Key.Key_S: self.skip,
            Qt.Key.Key_Y: self.coach.again,
            Qt.Key.Key_Space: self.done,
            Qt.Key.Key_C: self.captions.toggle,
            Qt.Key.Key_T: self.state.typing.toggle,
            Qt.Key.Key_N: self.notes.toggle,
            Qt.Key.Key_F: self.shrink,
            Qt.Key.Key_Question: self.show_keys,
            Qt.Key.Key_A: self.state.devices,
            Qt.Key.Key_Escape: self.end,
        }
        typing = self.state.typing
        self._roomy = (self.notes.toggle, self.show_keys, self.state.typing.toggle, self.state.devices)
        chain = (
            self.notes.toggle,
            self.shrink,
            self.show_keys,
            self.captions.toggle,
            typing.toggle,
            self.state.devices,
            typing.editor,
            typing.send,
            self.coach.again,
            self.notes.editor,
            *self._line,
            self.done,
            self.end,
        )
        for first, second in pairwise(chain):
            self.setTabOrder(first, second)

    def begin(self, title: str) -> None:
        """A call is being prepared; `title` is what it is about."""
        self._live = None
        self._length_s = self._anchor = self._answer_from = None
        self._hang_up = False
        self._silent_at = 0.0
        self._heard = self._opened_itself = False
        self._deaf.clear()
        self.header.reset(title)
        self.banner.clear()
        self.captions.clear()
        self.coach.reset()
        self.coach.hide()
        self.captions.set_shown(self._keeper.settings.captions)
        self.state.set_muted(False)
        self.state.typing.editor.clear()
        self.state.typing.set_open(False)
        self.notes.reset()
        self.mute.rename("Mute", "mic-off")
        self._show_phase(Phase.CONNECTING)

    def attach(self, live: LiveCall) -> None:
        """The call is there and takes commands."""
        self._live = live
        self.notes.attach()
        if self._hang_up:
            live.post(Press.HANG_UP)

    def show_agreed(self, agreed: Agreed) -> None:
        """Who calls, for how long."""
        self._length_s = agreed.length_s
        self.coach.setVisible(agreed.coach)
        self.header.show_who(agreed.interviewer, one_line(f"{agreed.company} · {agreed.role} · {agreed.round}"))
        self._tick()

    def on_event(self, event: CallEvent) -> None:
        """One event of the call. GUI thread."""
        match event:
            case PhaseChanged(at_s, phase):
                went_on = self.phase is Phase.ON_HOLD and phase is Phase.LISTENING
                if phase is not Phase.ON_HOLD and not (went_on and self._answer_from is not None):
                    self._answer_from = at_s if phase is Phase.LISTENING else None
                self._show_phase(phase)
                self._anchor_at(at_s)
            case QuestionChanged(at_s, number, total, _, text):
                self._anchor_at(at_s)
                self.header.show_question(number, total)
                self._show_context(text)
            case Caption(at_s):
                self._anchor_at(at_s)
                self._show_caption(event)
            case Level(at_s, dbfs):
                self._anchor_at(at_s)
                self._heard = self._heard or dbfs > HEARD_DBFS
                self.state.wave.add(dbfs)
                if at_s - self._silent_at > SILENCE_OVER_S:
                    self.state.silence_over()
            case Spoken(_, step_s, levels):
                self.state.presence.speak(levels, step_s)
            case SilenceGrowing(at_s, seconds, limit_s):
                self._anchor_at(at_s)
                self._silent_at = at_s
                self.state.show_silence(seconds, limit_s)
            case TurnPaused():
                self.state.show_pause()
            case TurnReopened():
                self.state.show_reopened()
            case Coaching():
                self.coach.show_live(event)
            case Ducked(on=on):
                self.state.show_ducked(on and self.phase is Phase.SPEAKING)
            case Trouble():
                self._show_trouble(event)
            case CallEnded():
                self._keep_draft(listened=False)
                self.notes.keep()
                self.small.grow()
                self._show_phase(Phase.ENDED)
                if self._choosing is not None:
                    self._choosing.reject()
            case _:
                pass  # judgements are for the review
        self.small.follow()

    def ask_end(self) -> None:
        """End the call, after asking where there is something to end."""
        if self.phase is Phase.ENDED:
            return
        if self.phase in (Phase.CONNECTING, Phase.RINGING):
            self.hang_up()
            return
        self.small.grow()
        Ask.open_for(
            self._theme,
            self,
            "End the call?",
            "What you have said so far is kept, and you get feedback on it.",
            "End call",
            "Stay on the line",
            self.hang_up,
        )

    def hang_up(self) -> None:
        """Hang up now, or as soon as there is a line to hang up."""
        self._hang_up = True
        self._keep_draft(listened=self.phase is Phase.LISTENING)
        self.notes.keep()
        self.small.grow()
        if self._live is not None:
            self._live.post(Press.HANG_UP)
        else:
            self.ended.emit()

    def _keep_draft(self, *, listened: bool) -> None:
        """What was written and not sent is an answer all the same; where nobody listened for one, it is a note."""
        draft = self.state.typing.editor.toPlainText().strip()
        if not draft or self._live is None:
            return
        self.state.typing.editor.clear()
        if listened:
            self._live.post(Typed(draft))
        else:
            self.notes.add(f"Typed, not sent: {draft}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Only keys that no field or focused button has taken arrive here."""
        if not self.press(event):
            super().keyPressEvent(event)

    def press(self, event: QKeyEvent) -> bool:
        """One letter, one button; whether the key has one."""
        held_keys = (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
        )
        button = None if event.modifiers() & held_keys else self._keys.get(Qt.Key(event.key()))
        if button is None:
            return False
        if not event.isAutoRepeat() and button.isEnabled():
            if button in self._roomy:
                self.small.grow()
            button.click()
        return True

    def _list_keys(self) -> None:
        there = [button for button in self._keys.values() if button.isVisibleTo(self)]
        KeyList(self._theme, self, there, self.press).show()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._ticker.start()

    def hideEvent(self, event: QHideEvent) -> None:
        if not self.small.active:
            self._ticker.stop()
        self.notes.keep()
        super().hideEvent(event)

    def put_away(self) -> None:
        """The program ends."""
        self.small.put_away()
        self._ticker.stop()
        self.notes.keep()

    def _post(self, command: CallCommand) -> None:
        if self._live is not None:
            self._live.post(command)

    def _toggle_mute(self) -> None:
        muted = not self.state.muted
        self._post(Press.MUTE if muted else Press.UNMUTE)
        self.state.set_muted(muted)
        self.mute.rename("Unmute" if muted else "Mute", "mic" if muted else "mic-off")
        announce(self, "Muted" if muted else "Microphone on")

    def _choose_devices(self) -> None:
        settings = self._keeper.settings
        dialog = self._choosing = DeviceDialog(self._theme, self, settings.microphone, settings.speaker, settings.echo)
        dialog.chosen.connect(self._use_devices)
        dialog.finished.connect(self._devices_chosen)
        dialog.open()
        self.devices_asked.emit()

    def show_devices(self, devices: Devices) -> None:
        """What there is to choose from."""
        if self._choosing is not None:
            self._choosing.show_devices(devices)

    def _use_devices(self, microphone: str, speaker: str, echo: Echo) -> None:
        self._keeper.change(microphone=microphone, speaker=speaker, echo=echo)
        self._post(UseDevices(microphone, speaker, echo))

    def _devices_chosen(self, _result: int) -> None:
        self._choosing = None
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _toggle_captions(self) -> None:
        shown = self.captions.area.isHidden()
        self.captions.set_shown(shown)
        self.header.context.setVisible(shown)
        self._keeper.change(captions=shown)

    def _show_phase(self, phase: Phase) -> None:
        changed = phase is not self.phase
        self.phase = phase
        self.state.show_phase(phase)
        self.header.face.set_speaking(phase is Phase.SPEAKING)
        for tile in self._tiles:
            tile.setEnabled(phase in OPEN)
        held = phase is Phase.ON_HOLD
        self.hold.setEnabled(phase in OPEN or held)
        self.shrink.setEnabled(phase not in (Phase.CONNECTING, Phase.ENDED))
        self.hold.rename(*(("Resume", "play") if held else ("Hold", "pause")))
        self.done.setEnabled(phase is Phase.LISTENING)
        self.done.rename("Done answering", "message-square-check")
        self.end.setEnabled(phase is not Phase.ENDED)
        if changed:
            title, detail, _ = PHASES[phase]
            announce(self, f"{title}. {detail}" if phase is Phase.ENDED else title)

    def _show_caption(self, caption: Caption) -> None:
        if caption.speaker == "interviewer":
            self.coach.take(caption.kind, caption.text)
            if caption.kind == "invite":
                self.header.show_own_questions()
                self._show_context("")
            if self.phase is Phase.SPEAKING:
                self._offer_to_interrupt(caption.kind not in HEARD_OUT)
            self.captions.show_interviewer(caption.text)
            self.captions.show_candidate("")
        else:
            self.captions.show_candidate(caption.text)

    def _offer_to_interrupt(self, offered: bool) -> None:
        """Space cuts the interviewer short, and so does speaking, where the microphone does not hear him."""
        self.done.setEnabled(offered)
        self.done.rename(*(("Interrupt", "mic") if offered else ("Done answering", "message-square-check")))
        by_voice = self._keeper.settings.echo is not Echo.HALF
        how = "Speak, or press Space, to interrupt." if by_voice else "Press Space to interrupt."
        self.state.show_interrupting(how if offered else "")

    def _show_context(self, text: str) -> None:
        self.header.context.say(text)
        self.header.context.setVisible(not self.captions.area.isHidden())

    def _show_trouble(self, trouble: Trouble) -> None:
        typing = self.state.typing
        if trouble.over:
            self.banner.over(trouble.kind)
            self._deaf.discard(trouble.kind)
            if self._opened_itself and not self._deaf and not typing.editor.toPlainText().strip():
                self._opened_itself = False
                typing.set_open(False)
            return
        self.banner.trouble(trouble.kind, trouble.blame, trouble.sentence, trouble.remedy)
        if trouble.kind not in DEAF:
            return
        self._deaf.add(trouble.kind)
        # Later in a call the field would take the keys away from somebody who speaks: Space must still mean "done".
        if not self._heard and not typing.is_open:
            self._opened_itself = True
            typing.set_open(True)

    def _typing_chosen(self) -> None:
        """The user opened or closed the field: from now on it is his."""
        self._opened_itself = False

    def _typing_left(self) -> None:
        """The field that had the keys is gone: they mean the call's buttons again."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _anchor_at(self, at_s: float) -> None:
        # Before pick-up there is no clock of the call to follow.
        if self.phase not in (Phase.CONNECTING, Phase.RINGING, Phase.ENDED):
            self._anchor = (at_s, self._now())

    def _tick(self) -> None:
        if self._anchor is None or self.phase is Phase.ENDED:
            return
        at_s, when = self._anchor
        held = self.phase is Phase.ON_HOLD
        elapsed = at_s if held else at_s + self._now() - when
        self.header.show_time(elapsed, self._length_s, held=held)
        if self._answer_from is not None and not held:
            self.state.show_answer_time(elapsed - self._answer_from)
            self.coach.show_elapsed(elapsed - self._answer_from)
        self.small.follow()

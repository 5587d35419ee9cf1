"""The line check: one sentence, kept and played back; and whether the microphone hears the speaker."""

from __future__ import annotations

import threading
from enum import Enum

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent

from hireflow_voice.app.api import Api, Devices, LineCheck
from hireflow_voice.errors import HireFlowError
from hireflow_voice.sound import EchoFound
from hireflow_voice.ui.keeper import Keeper
from hireflow_voice.ui.tasks import Tasks
from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.basics import Card, Label, announce, row
from hireflow_voice.ui.widgets.buttons import Button, Kind
from hireflow_voice.ui.widgets.choices import Select
from hireflow_voice.ui.widgets.level_meter import LevelMeter
from hireflow_voice.ui.words import ECHO_MODES, echo_found

LONGEST_S = 12
"""Seconds after which the sentence is played back unasked."""


class Step(Enum):
    CLOSED = "closed"
    OPENING = "opening"
    RECORDING = "recording"
    PLAYING = "playing"
    ECHO = "echo"
    """Three seconds of tones are played and listened for."""


SHOWN = {
    Step.CLOSED: ("Say a sentence", "mic", Kind.SECONDARY, "The microphone stays off until you press one of these."),
    Step.OPENING: ("Cancel", "x", Kind.SECONDARY, "Opening the microphone."),
    Step.RECORDING: ("Play it back", "play", Kind.PRIMARY, "Say a sentence, as on the phone."),
    Step.PLAYING: ("Stop", "x", Kind.SECONDARY, "This is how you sound to the interviewer."),
    Step.ECHO: ("Stop", "x", Kind.SECONDARY, "Three tones are played. Be quiet for a moment, with the speaker or "
                "headphones as in a call."),
}  # fmt: skip
"""Button, icon, loudness, hint."""


class LineCheckCard(Card):
    """Device, level, "Say a sentence", "Test for echo". The microphone is off until a button is pressed."""

    _level = Signal(float)

    def __init__(self, api: Api, theme: Theme, tasks: Tasks, keeper: Keeper) -> None:
        super().__init__(theme)
        self._api, self._theme, self._tasks, self._keeper = api, theme, tasks, keeper
        self._check: LineCheck | None = None
        self._round = 0
        self._no_echo_wanted = threading.Event()
        self._found: EchoFound | None = None
        self._usable = True
        self.step = Step.CLOSED
        self.device = Select(theme, "Microphone")
        self.meter = LevelMeter(theme)
        self.word = Label(theme, "", Type.CAPTION, "muted")
        self.word.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        self.say = Button(theme, "Say a sentence", "mic", height=40)
        self.echo = Button(theme, "Test for echo", height=40)
        self.use = Button(theme, "Use headphones mode", kind=Kind.PRIMARY, height=36)
        self.hint = Label(theme, "", Type.CAPTION, "muted", wrap=True)
        self.column.addWidget(Label(theme, "Check the line", Type.STRONG))
        self.column.addWidget(self.device)
        buttons = row(self.say, self.echo, self.meter, spacing=theme.px(8))
        buttons.addStretch(0)
        self.column.addLayout(buttons)
        foot = row(self.hint, self.word, spacing=theme.px(12))
        foot.setStretch(0, 1)
        self.column.addLayout(foot)
        self.column.addWidget(self.use, 0, Qt.AlignmentFlag.AlignLeft)
        self._limit = QTimer(self)
        self._limit.setSingleShot(True)
        self._limit.timeout.connect(self._pressed)
        self._level.connect(self._on_level)
        self.say.clicked.connect(self._pressed)
        self.echo.clicked.connect(self._measure)
        self.use.clicked.connect(self._use)
        self.device.chosen.connect(self._choose_device)
        self._show(Step.CLOSED)

    def show_devices(self, devices: Devices) -> None:
        """Offer the microphones that are there."""
        pairs = [("", "Default microphone"), *((name, name) for name in devices.inputs)]
        self.device.fill(pairs, self._keeper.settings.microphone)
        self._usable = bool(devices.inputs) and not devices.problem
        self.say.setEnabled(self._usable)
        self.echo.setEnabled(self._usable and bool(devices.outputs))
        if not self._usable:
            self.hint.say(devices.problem or "No microphone is connected. You can still type your answers in a call.")

    def stop(self) -> None:
        """Let go of the microphone: a call begins, or the page is left."""
        self._round += 1
        self._no_echo_wanted.set()
        check, self._check = self._check, None
        if check is not None:
            self._tasks.run(check.close, lambda _: None, lambda _: None, lane="line check")
        self._show(Step.CLOSED)

    def hideEvent(self, event: QHideEvent) -> None:
        self.stop()
        super().hideEvent(event)

    def _choose_device(self, name: str) -> None:
        self.stop()
        self._keeper.change(microphone=name)

    def _pressed(self) -> None:
        if self.step is Step.CLOSED:
            self._open()
        elif self.step is Step.RECORDING:
            self._play()
        else:
            self.stop()

    # -- one sentence --------------------------------------------------------------------------------------------------

    def _open(self) -> None:
        self._show(Step.OPENING)
        self._round += 1
        this = self._round

        def op() -> LineCheck:
            check = self._api.line_check(self._level.emit)
            check.record()
            return check

        self._tasks.run(op, lambda check: self._opened(check, this), self._failed, lane="line check")

    def _opened(self, check: LineCheck, asked: int) -> None:
        if asked != self._round:
            self._tasks.run(check.close, lambda _: None, lambda _: None, lane="line check")
            return
        self._check = check
        self._limit.start(LONGEST_S * 1000)
        self._show(Step.RECORDING)

    def _play(self) -> None:
        check, this = self._check, self._round
        if check is None:
            return
        self._show(Step.PLAYING)

        def ended() -> None:
            self._tasks.post(lambda: self._heard(this))

        self._tasks.run(lambda: check.play_back(ended), lambda _: None, self._failed, lane="line check")

    def _heard(self, asked: int) -> None:
        if asked == self._round:
            self.stop()
            self._say("If you heard yourself clearly, the line is good.")

    # -- the echo ------------------------------------------------------------------------------------------------------

    def _measure(self) -> None:
        self._show(Step.ECHO)
        self._round += 1
        this = self._round
        stopped = self._no_echo_wanted = threading.Event()
        self._tasks.run(
            lambda: self._api.measure_echo(stopped.is_set),
            lambda found: self._measured(found, this),
            lambda error: self._not_measured(error, this),
            lane="line check",
        )

    def _measured(self, found: EchoFound, asked: int) -> None:
        if asked != self._round:
            return
        self._show(Step.CLOSED)
        self._found = found
        fits = found.fitting is self._keeper.settings.echo
        if fits and found.level_db is not None:
            self._keeper.change(echo_delay_s=found.delay_s)
        self.use.rename(f"Use {ECHO_MODES[found.fitting]} mode")
        self.use.setVisible(not fits)
        self._say(echo_found(found, fits))

    def _not_measured(self, error: HireFlowError, asked: int) -> None:
        if asked == self._round:
            self._failed(error)

    def _use(self) -> None:
        found = self._found
        if found is not None:
            self._keeper.change(echo=found.fitting, echo_delay_s=found.delay_s)
            self._show(Step.CLOSED)
            self._say(f"Set: {ECHO_MODES[found.fitting]} mode. Settings change it again.")

    # -- what is shown -------------------------------------------------------------------------------------------------

    def _failed(self, error: HireFlowError) -> None:
        self.stop()
        self._say(str(error), "bad")

    def _say(self, text: str, role: str = "muted") -> None:
        self.hint.say(text)
        self.hint.set_role(role)
        announce(self, text)

    def _on_level(self, dbfs: float) -> None:
        if self.step is Step.RECORDING:
            word, role = self.meter.add(dbfs)
            self.word.say(word)
            self.word.set_role(role)

    def _show(self, step: Step) -> None:
        self.step = step
        if step is not Step.RECORDING:
            self._limit.stop()
            self.meter.reset()
            self.word.say("")
        self.use.hide()
        self.echo.setVisible(step is Step.CLOSED)
        self.meter.setVisible(step is not Step.CLOSED and step is not Step.ECHO)
        text, icon, kind, hint = SHOWN[step]
        self.say.rename(text, icon)
        self.say.set_kind(kind)
        self.hint.set_role("muted")
        self.hint.say(hint)

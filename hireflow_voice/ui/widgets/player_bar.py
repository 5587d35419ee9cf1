"""Plays one take: play and pause, five seconds back and on, speed, a waveform to click, and where it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hireflow_voice.app.api import SoundPlayer
from hireflow_voice.ui.tasks import Tasks
from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.basics import Label, announce, held, row
from hireflow_voice.ui.widgets.buttons import Button, Kind
from hireflow_voice.ui.widgets.choices import Select, named
from hireflow_voice.ui.widgets.columns import Part, columns
from hireflow_voice.ui.widgets.marks import Legend, Mark
from hireflow_voice.ui.widgets.waveform import Waveform, peaks
from hireflow_voice.ui.words import clock

POLL_MS = 40
JUMP_S = 5.0
SPEEDS = (0.75, 1.0, 1.25, 1.5, 2.0)
"""How fast a take can be played; its pitch stays."""
LANE = "player"
"""The player is asked one thing after the other, in order, off the GUI thread."""


class PlayerBar(QWidget):
    """The controls of one SoundPlayer."""

    moved = Signal(object)
    """Seconds while something is heard or sought, None when it has stopped at the end."""
    failed = Signal(object)
    """HireFlowError."""

    def __init__(self, theme: Theme, tasks: Tasks, make: Callable[[], SoundPlayer]) -> None:
        super().__init__()
        self._tasks = tasks
        self._make = make
        self._player: SoundPlayer | None = None
        self._round = 0
        self.seconds = 0.0
        self.playing = False
        self.play = Button(theme, "Play", "play", Kind.PRIMARY, "Space")
        self.back = Button(theme, "Back 5 seconds", "rewind", Kind.SECONDARY, "Left", icon_only=True)
        self.on = Button(theme, "Forward 5 seconds", "fast-forward", Kind.SECONDARY, "Right", icon_only=True)
        self.speed = Select(theme, "Speed")
        named(self.speed, "Speed", "+ and -")
        self.speed.fill([(str(speed), f"{speed:g} ×") for speed in SPEEDS], "1.0")
        self.speed.setMinimumContentsLength(6)
        self.speed.setFixedWidth(theme.px(96))
        self.time = Label(theme, "", Type.TIMER, "muted")
        self.time.setAccessibleName("Position and length")
        self.time.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.wave = Waveform(theme)
        self.legend = Legend(theme)
        keys = row(self.play, self.back, self.on, self.speed)
        self.controls = held(columns(theme, keys, Part(self.time, 1), spacing=8, between=4))
        """What plays; a page without room keeps it elsewhere."""
        pile = self._pile = QVBoxLayout(self)
        pile.setContentsMargins(0, 0, 0, 0)
        pile.setSpacing(theme.px(10))
        pile.addWidget(self.controls)
        pile.addWidget(self.wave)
        pile.addWidget(self.legend)
        self._poll = QTimer(self)
        self._poll.setInterval(POLL_MS)
        self._poll.timeout.connect(self._look)
        self.play.clicked.connect(self.toggle)
        self.back.clicked.connect(lambda: self.jump(-JUMP_S))
        self.on.clicked.connect(lambda: self.jump(JUMP_S))
        self.speed.chosen.connect(lambda _: self._speed_chosen())
        self.wave.sought.connect(self.seek)
        self._show(False, 0.0)

    def take_back(self) -> None:
        """Have the controls here again."""
        if self.controls.parentWidget() is not self:
            self._pile.insertWidget(0, self.controls)
            self.controls.show()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.controls.show()

    def load(self, path: Path, then: Callable[[], None] | None = None) -> None:
        """Open another take at its beginning; `then` follows once it is there."""
        self._round += 1
        this = self._round
        self._stop_polling()
        self._enable(False)
        speed = float(self.speed.value())

        def op() -> tuple[SoundPlayer, float, npt.NDArray[np.float32]]:
            player = self._player or self._make()
            player.set_speed(speed)
            return player, player.load(path), peaks(path)

        def done(outcome: tuple[SoundPlayer, float, npt.NDArray[np.float32]]) -> None:
            self._player, seconds, shape = outcome
            if this != self._round:
                return
            self.seconds = seconds
            self.wave.load(shape, seconds)
            self._enable(True)
            self._show(False, 0.0)
            if then is not None:
                then()

        self._tasks.run(op, done, self.failed.emit, LANE)

    def show_marks(self, marks: tuple[Mark, ...]) -> None:
        """Mark stretches of the take, and say in words what they are."""
        self.wave.show_marks(marks)
        self.legend.show_marks(marks)

    def faster(self, steps: int) -> None:
        """The next speed but `steps` (slower when negative), as far as there is one."""
        there = self.speed.currentIndex()
        wanted = min(max(0, there + steps), len(SPEEDS) - 1)
        if wanted != there:
            self.speed.setCurrentIndex(wanted)
            self._speed_chosen()
            announce(self, f"Speed {SPEEDS[wanted]:g}")

    def _speed_chosen(self) -> None:
        speed = float(self.speed.value())
        self._ask(lambda player: player.set_speed(speed))

    def toggle(self) -> None:
        """Play or pause."""
        if self.playing:
            self._ask(lambda player: player.pause())
            self._stop_polling()
            self._show(False, self._position())
        else:
            self.hear()

    def hear(self, from_s: float | None = None, until_s: float | None = None) -> None:
        """Play from a moment to another; without them from here to the end, from the end again from the start."""
        if from_s is None and self._position() >= self.seconds - 0.05:
            from_s = 0.0
        start = self._position() if from_s is None else from_s
        self._show(True, start)
        self._ask(lambda player: player.play(from_s, until_s), self._poll.start)

    def seek(self, at_s: float) -> None:
        """Go to a moment; what plays goes on from there."""
        at_s = min(max(0.0, at_s), self.seconds)
        if self.playing:
            self.hear(at_s)
        else:
            self._ask(lambda player: player.seek(at_s))
            self._show(False, at_s)
            self.moved.emit(at_s)

    def jump(self, by_s: float) -> None:
        """Back or on."""
        self.seek(self.wave.value() / 1000 + by_s)

    def stop(self) -> None:
        """Be quiet: another take, another page."""
        self._stop_polling()
        if self.playing:
            self._ask(lambda player: player.pause())
        self._show(False, self.wave.value() / 1000)

    def close_player(self) -> None:
        """Let go of the speaker for good."""
        self._stop_polling()
        if self._player is not None:
            self._player.close()

    def hideEvent(self, event: QHideEvent) -> None:
        self.stop()
        self.controls.setVisible(self.controls.parentWidget() is self)
        super().hideEvent(event)

    def _ask(self, what: Callable[[SoundPlayer], None], then: Callable[[], None] | None = None) -> None:
        player, this = self._player, self._round
        if player is None:
            return

        def done(_: None) -> None:
            if then is not None and this == self._round and self.playing:
                then()

        def failed(error: object) -> None:
            self._stop_polling()
            self._show(False, self.wave.value() / 1000)
            self.failed.emit(error)

        self._tasks.run(lambda: what(player), done, failed, LANE)

    def _position(self) -> float:
        return self._player.position_s if self._player is not None else 0.0

    def _look(self) -> None:
        position = self._position()
        going = self._player is not None and self._player.playing
        self._show(going, position)
        self.moved.emit(position if going else None)
        if not going:
            self._stop_polling()

    def _stop_polling(self) -> None:
        self._poll.stop()

    def _enable(self, there: bool) -> None:
        for part in (self.play, self.back, self.on, self.wave):
            part.setEnabled(there)

    def _show(self, playing: bool, at_s: float) -> None:
        if playing != self.playing:
            self.playing = playing
            self.play.rename("Pause" if playing else "Play", "pause" if playing else "play")
        self.wave.show_position(at_s)
        self.time.say(f"{clock(at_s)} / {clock(self.seconds)}")

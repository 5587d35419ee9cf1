"""Another microphone or speaker while a call goes on."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from hireflow_voice.app.api import Devices
from hireflow_voice.sound import Echo
from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.basics import Label, row
from hireflow_voice.ui.widgets.buttons import Button, Kind
from hireflow_voice.ui.widgets.choices import Segments, Select
from hireflow_voice.ui.widgets.dialogs import Dialog

ECHOES = (Echo.HEADPHONES, Echo.CANCEL, Echo.HALF)


def echo_choice(theme: Theme) -> Segments:
    """The ways of listening, in the order of ECHOES."""
    modes = [("Headphones", "no echo"), ("Speakers", "echo removed"), ("In turns", "one at a time")]
    return Segments(theme, "Listening", modes)


def fill_devices(microphone: Select, speaker: Select, devices: Devices, chosen: tuple[str, str]) -> None:
    """Offer what is there; `chosen` (microphone, speaker; empty for the default) is shown."""
    for select, names, kept, default in (
        (microphone, devices.inputs, chosen[0], "Default microphone"),
        (speaker, devices.outputs, chosen[1], "Default speaker"),
    ):
        select.fill([("", default), *((name, name) for name in names)], kept)


class DeviceDialog(Dialog):
    """Two choices that hold at once. Opened without a nested event loop, so the call goes on behind it."""

    chosen = Signal(str, str, object)
    """Microphone and speaker, empty for the default one, and Echo."""

    def __init__(self, theme: Theme, parent: QWidget, microphone: str, speaker: str, echo: Echo) -> None:
        super().__init__(theme, parent, "Microphone and speaker", spacing=10, wide=380)
        self.setModal(True)
        self.microphone = Select(theme, "Microphone")
        self.speaker = Select(theme, "Speaker")
        self.echo = echo_choice(theme)
        self.echo.choose(ECHOES.index(echo))
        self.problem = Label(theme, "Looking for devices.", Type.CAPTION, "muted", wrap=True)
        self.back = Button(theme, "Back to the call", kind=Kind.PRIMARY)
        self._fill(Devices((), ()), microphone, speaker)
        pile = self.pile
        words = Label(theme, "A change holds at once; the call and your answer go on.", wrap=True)
        pile.addWidget(Label(theme, "Microphone and speaker", Type.QUESTION))
        pile.addWidget(words)
        pile.addWidget(self.microphone)
        pile.addWidget(self.speaker)
        pile.addWidget(self.echo)
        pile.addWidget(self.problem)
        self.add_foot(row(1, self.back))
        for select in (self.microphone, self.speaker):
            select.chosen.connect(self._choose)
        self.echo.chosen.connect(self._choose)
        self.back.clicked.connect(self.accept)

    def show_devices(self, devices: Devices) -> None:
        """What is there, once that is known."""
        self._fill(devices, self.microphone.value(), self.speaker.value())
        self.problem.say(devices.problem)
        self.problem.setVisible(bool(devices.problem))

    def _choose(self, _value: object) -> None:
        self.chosen.emit(self.microphone.value(), self.speaker.value(), ECHOES[self.echo.index()])

    def _fill(self, devices: Devices, microphone: str, speaker: str) -> None:
        fill_devices(self.microphone, self.speaker, devices, (microphone, speaker))

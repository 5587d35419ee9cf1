"""Settings: sound, interviewer, looks, and who judges. Every change holds at once; there is no button to save."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hireflow_voice import __version__
from hireflow_voice.app.api import Api, Devices
from hireflow_voice.errors import HireFlowError
from hireflow_voice.settings import Appearance, Settings
from hireflow_voice.ui.keeper import Keeper
from hireflow_voice.ui.pages.home_start import PATIENCES
from hireflow_voice.ui.pages.settings_endpoint import EndpointCard
from hireflow_voice.ui.pages.settings_keys import KeysCard
from hireflow_voice.ui.pages.settings_models import ModelsCard
from hireflow_voice.ui.pages.settings_privacy import PrivacyCard
from hireflow_voice.ui.ready import Ready
from hireflow_voice.ui.tasks import Tasks
from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.banner import Banner
from hireflow_voice.ui.widgets.basics import Card, Label, Scroll, held, row
from hireflow_voice.ui.widgets.buttons import Button
from hireflow_voice.ui.widgets.choices import Field, Segments, Select, Switch
from hireflow_voice.ui.widgets.columns import Form, Part, columns
from hireflow_voice.ui.widgets.device_choice import ECHOES, echo_choice, fill_devices
from hireflow_voice.ui.widgets.page import Page
from hireflow_voice.ui.widgets.readiness_list import ReadinessList
from hireflow_voice.ui.words import day

ROOM = (700, 400)
"""The page, in the design's pixels, in which a trouble stands still above the settings."""
TEXT_SIZES = (0, 100, 125, 150, 175, 200)
"""Percent on offer; 0: as the desktop."""
APPEARANCES = (Appearance.SYSTEM, Appearance.LIGHT, Appearance.DARK)


class SettingsPage(Page):
    """All settings in one column."""

    appearance_chosen = Signal(object)
    """Appearance."""
    text_size_chosen = Signal(int)
    """Percent, 0: as the desktop."""
    plan_asked = Signal()

    def __init__(self, api: Api, theme: Theme, tasks: Tasks, keeper: Keeper, ready: Ready) -> None:
        super().__init__(theme, ROOM, margins=(32, 8, 24, 0))
        self._api, self._theme, self._tasks, self._keeper, self._ready = api, theme, tasks, keeper, ready
        self.banner = Banner(theme)
        self.microphone = Select(theme, "Microphone")
        self.speaker = Select(theme, "Speaker")
        self.echo = echo_choice(theme)
        self.sound_problem = Label(theme, "", Type.CAPTION, "bad", wrap=True)
        self.voice = Select(theme, "Interviewer's voice")
        self.hear = Button(theme, "Hear it", "volume-2", height=40)
        self.patience = Segments(
            theme, "Patience", [("Brisk", "1.5 s"), ("Patient", "2.5 s"), ("Manual", "Space only")]
        )
        self.name = Field(theme, "Your name", "How the interviewer greets you", longest=60)
        self.phone = Switch(theme, "Telephone sound")
        self.captions = Switch(theme, "Show captions during a call")
        self.appearance = Segments(theme, "Appearance", [("System", ""), ("Light", ""), ("Dark", "")])
        self.text_size = Select(theme, "Text size")
        self.plan = Button(theme, "Set your interview", "calendar", height=40)
        self.planned = Label(theme, "", Type.BODY, wrap=True)
        self.models = ModelsCard(api, theme, tasks, keeper, ready)
        self.privacy = PrivacyCard(api, theme, tasks, keeper)
        self.keys = KeysCard(theme)
        self.endpoint = EndpointCard(api, theme, tasks, keeper)
        self.readiness = ReadinessList(theme, only_missing=False)
        self._lay_out()
        self._connect()
        self.show_settings()

    def _card(self, title: str, *widgets: QWidget | Form) -> Card:
        card = Card(self._theme)
        card.column.addWidget(Label(self._theme, title, Type.STRONG))
        for widget in widgets:
            if isinstance(widget, QWidget):
                card.column.addWidget(widget)
            else:
                card.column.addLayout(widget)
        return card

    def _lay_out(self) -> None:
        theme = self._theme
        content = QWidget()
        content.setMaximumWidth(theme.px(760))
        pile = QVBoxLayout(content)
        pile.setContentsMargins(0, 0, theme.px(8), theme.px(24))
        pile.setSpacing(theme.px(16))
        sound = Form(theme, (("Microphone", self.microphone), ("Speaker", self.speaker), ("Listening", self.echo)))
        hearing = Label(
            theme,
            "Without headphones the microphone hears the interviewer, too. That echo is removed, or you speak in "
            "turns. “Test for echo” on Home finds out which fits.",
            Type.CAPTION,
            "muted",
            wrap=True,
        )
        pile.addWidget(self._card("Sound", sound, hearing, self.sound_problem))
        interviewer = Form(
            theme,
            (
                ("Voice", held(row(self.voice, self.hear))),
                ("Patience", self.patience),
                ("Your name", self.name),
            ),
        )
        note = Label(
            theme,
            "Patience is the silence that ends your answer. Space ends it at once.",
            Type.CAPTION,
            "muted",
            wrap=True,
        )
        phone = Label(
            theme,
            "Narrow and a little noisy, as over a telephone. Your recording is not touched.",
            Type.CAPTION,
            "muted",
            wrap=True,
        )
        pile.addWidget(self._card("Interviewer", interviewer, note, self.phone, phone))
        plan = columns(theme, Part(self.planned, 1, least=240), self.plan, spacing=12)
        pile.addWidget(self._card("Your interview", held(plan)))
        screen = Form(theme, (("Appearance", self.appearance), ("Text size", self.text_size)))
        pile.addWidget(self._card("Screen", screen, self.captions))
        pile.addWidget(self.endpoint)
        pile.addWidget(self._card("What a call needs", self.readiness))
        for card in (self.models, self.privacy, self.keys):
            pile.addWidget(card)
        about = "Free software under the GPL, version 3 or later. Type: Inter (OFL). Icons: Lucide (ISC)."
        pile.addWidget(
            self._card(f"HireFlow Voice {__version__}", Label(theme, about, Type.CAPTION, "muted", wrap=True))
        )
        pile.addStretch(1)
        middle = held(row(0, content, 0, spacing=0))
        page = self.pile
        page.setSpacing(theme.px(12))
        page.addWidget(self.banner)
        self._area = Scroll(middle)
        page.addWidget(self._area, 1)
        self.keep_in_sight(self.banner)

    def _connect(self) -> None:
        change = self._keeper.change
        self.microphone.chosen.connect(lambda name: change(microphone=name))
        self.speaker.chosen.connect(lambda name: change(speaker=name))
        self.echo.chosen.connect(lambda index: change(echo=ECHOES[index]))
        self.phone.toggled.connect(lambda on: change(phone_sound=on))
        self.voice.chosen.connect(lambda voice: change(voice=voice))
        self.patience.chosen.connect(lambda index: change(patience=PATIENCES[index]))
        self.name.editingFinished.connect(lambda: change(candidate_name=self.name.text().strip()))
        self.captions.toggled.connect(lambda on: change(captions=on))
        self.appearance.chosen.connect(self._choose_appearance)
        self.text_size.chosen.connect(self._choose_text_size)
        self.plan.clicked.connect(self.plan_asked)
        self.models.failed.connect(self.banner.error)
        self.privacy.failed.connect(self.banner.error)
        self.hear.clicked.connect(self._hear)
        self.readiness.fetch_asked.connect(self._ready.fetch)
        self.readiness.cancel_asked.connect(self._ready.cancel)
        self._ready.changed.connect(self._show_ready)
        self._ready.progressed.connect(self.readiness.show_progress)
        self._ready.failed.connect(self.banner.error)
        self._keeper.changed.connect(self.show_settings)
        self._keeper.failed.connect(self.banner.error)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tasks.run(self._api.devices, self._show_devices, self.banner.error)
        self._tasks.run(self._api.endpoint_key, self.endpoint.show_key, self.banner.error)
        self._ready.refresh()
        self.models.refresh()
        self._show_ready()

    def show_judge(self) -> None:
        """Scroll to who judges, with the focus there."""
        self._area.settle()
        self.endpoint.enabled.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_settings(self) -> None:
        """Fill every control from the settings."""
        settings = self._keeper.settings
        self.voice.fill([(v.id, v.title) for v in self._api.voices()], settings.voice)
        self.patience.choose(PATIENCES.index(settings.patience))
        self.echo.choose(ECHOES.index(settings.echo))
        self.phone.setChecked(settings.phone_sound)
        self.captions.setChecked(settings.captions)
        sizes = sorted({*TEXT_SIZES, settings.text_size})
        self.text_size.fill(
            [(str(size), f"{size} %" if size else "As the desktop") for size in sizes], str(settings.text_size)
        )
        self.planned.say(_planned(settings))
        self.plan.rename("Change the plan" if settings.interview_date else "Set your interview")
        self.models.show_settings()
        self.privacy.show_settings()
        self.appearance.choose(APPEARANCES.index(settings.appearance))
        if not self.name.hasFocus():
            self.name.setText(settings.candidate_name)
        self.endpoint.show_settings()

    def _choose_appearance(self, index: int) -> None:
        self._keeper.change(appearance=APPEARANCES[index])
        self.appearance_chosen.emit(APPEARANCES[index])

    def _choose_text_size(self, value: str) -> None:
        self._keeper.change(text_size=int(value))
        self.text_size_chosen.emit(int(value))

    def _show_devices(self, devices: Devices) -> None:
        settings = self._keeper.settings
        fill_devices(self.microphone, self.speaker, devices, (settings.microphone, settings.speaker))
        self.sound_problem.say(devices.problem)
        self.sound_problem.setVisible(bool(devices.problem))

    def _show_ready(self) -> None:
        self.readiness.show_items(self._ready.items, self._ready.fetching)

    def _hear(self) -> None:
        self.hear.setEnabled(False)
        voice = self.voice.value()

        def failed(error: HireFlowError) -> None:
            self.hear.setEnabled(True)
            self.banner.error(error)

        self._tasks.run(lambda: self._api.hear_voice(voice), lambda _: self.hear.setEnabled(True), failed)


def _planned(settings: Settings) -> str:
    try:
        interview = date.fromisoformat(settings.interview_date)
    except ValueError:
        return "No interview is set. With one, Home says each day what to practise."
    return f"On {day(interview)}, {settings.minutes_a_day} minutes of practice a day."

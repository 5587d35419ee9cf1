"""What a call needs, and whether it is there: shown on Home and by `hireflow-voice doctor`."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING

from hireflow_voice.app.api import Readiness
from hireflow_voice.app.weights import status
from hireflow_voice.audio.echo import can_cancel, no_echo_cancelling
from hireflow_voice.errors import HireFlowError
from hireflow_voice.models import ModelStatus, State, location
from hireflow_voice.settings import Settings
from hireflow_voice.sound import Echo
from hireflow_voice.speech.cast import PLAIN, VOICES
from hireflow_voice.speech.voices import at_hand

if TYPE_CHECKING:
    from hireflow_voice.app.application import Application

FETCH = "hireflow-voice models fetch"
JOE, SMART_TURN = "voice-joe", "smart-turn"
MB_PER_MINUTE = 16_000 * 2 * 60 / 1e6
"""Of a take: 16 kHz, 16 bit."""
LOW_DISK_MB = 500
"""Under this a warning: an hour of answers is 115 MB, and the database and reports need room too."""


def readiness(app: Application) -> tuple[Readiness, ...]:
    """Everything, in the order in which a call meets it. Slow."""
    found = [
        _display(),
        *_sound(app),
        _echo(app),
        *_models(app.settings),
        _questions(app),
        _data(app),
        _endpoint(app),
    ]
    return tuple(thing for thing in found if thing is not None)


def _display() -> Readiness:
    if sys.platform != "linux" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return Readiness("display", True, "A window can be opened.")
    return Readiness(
        "display",
        False,
        "There is no display: the window cannot open, calls in the terminal work.",
        "hireflow-voice call --candidate demo",
        needed=False,
    )


def _sound(app: Application) -> list[Readiness]:
    devices = app.devices()
    if devices.problem:
        return [
            Readiness("microphone", False, f"{devices.problem} Answers can be typed.", needed=False, mend="settings"),
            Readiness("speaker", False, "The questions are shown as captions.", needed=False, mend="settings"),
        ]
    return [
        _device("microphone", devices.inputs, app.settings.microphone, "Answers can be typed."),
        _device("speaker", devices.outputs, app.settings.speaker, "The questions are shown as captions."),
    ]


def _echo(app: Application) -> Readiness | None:
    """Whether echo can be removed; nothing to say where that is not asked for."""
    if app.settings.echo is not Echo.CANCEL or can_cancel():
        return None
    error = no_echo_cancelling()
    return Readiness("echo cancelling", False, error.sentence, error.remedy, needed=False, mend="settings")


def _device(name: str, there: tuple[str, ...], wanted: str, without: str) -> Readiness:
    plug = f"Connect a {name}, or choose another in Settings."
    if not there:
        return Readiness(name, False, f"There is no {name}. {without}", plug, needed=False, mend="settings")
    if wanted and wanted not in there:
        return Readiness(
            name,
            False,
            f"The chosen {name}, {wanted}, is not connected. {without}",
            plug,
            needed=False,
            mend="settings",
        )
    return Readiness(name, True, wanted or there[0])


def _models(settings: Settings) -> list[Readiness]:
    found = []
    for one in status(settings.recogniser):
        if one.model.id == JOE:
            found.append(_voice(one, settings.voice))
        elif one.model.id == SMART_TURN and one.state is not State.INSTALLED:
            without = f"{one.sentence} Answers end by their words alone, a second later."
            found.append(Readiness(one.model.purpose, False, without, FETCH, needed=False, mend="models"))
        elif one.model.needed:
            ok = one.state is State.INSTALLED
            found.append(
                Readiness(one.model.purpose, ok, one.sentence, "" if ok else FETCH, mend="" if ok else "models")
            )
    return found


def _voice(joe: ModelStatus, chosen: str) -> Readiness:
    """The interviewer's voice: the chosen one, or the one that speaks in its place."""
    name, there = joe.model.purpose, joe.state is State.INSTALLED
    if chosen not in VOICES:
        sentence = f"There is no voice called {chosen!r}; questions would only be shown as captions."
        return Readiness(name, False, sentence, "Choose another one in Settings.", needed=False, mend="settings")
    voices = at_hand(location(joe.model) if there else None)
    if chosen in voices:
        sentence = joe.sentence if chosen == "joe" else f"The voice {VOICES[chosen].label} is on this computer."
        return Readiness(name, True, sentence)
    lost = joe.sentence if chosen == "joe" else f"The voice {VOICES[chosen].label} is not on this computer."
    mended = ("Choose Joe in Settings, or install HireFlow Voice again.", "settings")
    remedy, mend = mended if there else (FETCH, "models")
    match voices:
        case ():
            return Readiness(name, False, f"{lost} Questions would only be shown as captions.", remedy, mend=mend)
        case (PLAIN.name, *_):
            instead = "A plain computer voice speaks instead."
        case (other, *_):
            instead = f"{VOICES[other].label} speaks instead."
    return Readiness(name, False, f"{lost} {instead}", remedy, needed=False, mend=mend)


def _questions(app: Application) -> Readiness:
    try:
        rounds = app.rounds()
    except HireFlowError as error:
        return Readiness("questions", False, error.sentence, error.remedy or "hireflow-voice questions check")
    count = sum(one.questions for one in rounds)
    sentence = f"{count} questions in {len(rounds)} round{'s'[: len(rounds) != 1]}."
    faults = app.library.faults()
    if faults:
        remedy = f"Mend it in {app.library.own_folder}, or `hireflow-voice questions remove` it."
        return Readiness("questions", False, f"{sentence} One of yours is left out: {faults[0]}", remedy, needed=False)
    return Readiness("questions", bool(rounds), sentence)


def _data(app: Application) -> Readiness:
    try:
        folder = app.store.root
    except HireFlowError as error:
        return Readiness("data folder", False, error.sentence, error.remedy)
    free_mb = shutil.disk_usage(folder).free / 1e6
    minutes = free_mb / MB_PER_MINUTE
    sentence = f"{folder}, room for about {minutes / 60:.0f} hours of answers."
    if free_mb < LOW_DISK_MB:
        return Readiness(
            "data folder", False, f"Only {free_mb:.0f} MB are free where calls are kept.", "Free some room."
        )
    return Readiness("data folder", True, sentence)


def _endpoint(app: Application) -> Readiness | None:
    """The endpoint that judges; nothing to say when this computer does."""
    endpoint = app.settings.endpoint
    if not endpoint.enabled:
        return None
    try:
        return Readiness("endpoint", True, app.test_endpoint(endpoint), needed=False)
    except HireFlowError as error:
        sentence = f"{error.sentence} Answers are judged on this computer meanwhile."
        return Readiness("endpoint", False, sentence, error.remedy, needed=False, mend="settings")

"""What the user chooses about sound, as it reaches the line."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hireflow_voice.app.application import Application
from hireflow_voice.app.listener import Listener, ListenerEvents
from hireflow_voice.audio.blocks import BLOCK, Block
from hireflow_voice.audio.phone import RATE_HZ
from hireflow_voice.events import Phase, PhaseChanged, QuestionChanged, UseDevices
from hireflow_voice.records import TakeKind
from hireflow_voice.sound import RATE, Echo


def test_other_devices_in_the_middle_of_an_answer_leave_a_marked_gap_in_the_same_take(
    app: Application, dial: Any, watched: Any
) -> None:
    watched.when(
        lambda event: (
            isinstance(event, PhaseChanged) and event.phase is Phase.LISTENING and bool(watched.of(QuestionChanged))
        ),
        lambda call: call.post(UseDevices("USB headset", "")),
    )
    dial(watched=watched)
    assert watched.call.join(60)
    assert watched.call._line.devices == [("USB headset", "")]
    answers = [take for take in app.call(watched.call.id).takes if take.kind is TakeKind.ANSWER]
    assert len(answers) == 1
    ((start, seconds),) = answers[0].gaps
    assert 0.1 <= seconds <= 0.3
    assert start + seconds < answers[0].seconds


def test_with_telephone_sound_the_interviewer_is_narrow_and_the_take_is_not(app: Application, dial: Any) -> None:
    app.save_settings(app.settings.model_copy(update={"phone_sound": True}))
    call = dial().call
    assert call.join(60)
    said = [played.pcm for played in call._line.played if played.pcm.voice]
    assert said
    assert {pcm.rate for pcm in said} == {RATE_HZ}
    take = next(take for take in app.call(call.id).takes if take.sound)
    sound = app.sound_of(call.id, take)
    assert sound is not None
    assert sound.read_bytes()[24:28] == (16_000).to_bytes(4, "little")


def test_the_line_of_a_call_listens_as_it_is_set(app: Application) -> None:
    app.save_settings(app.settings.model_copy(update={"echo": Echo.HALF}))
    assert app._sound_card_line().echo is Echo.HALF


def test_echo_cancelling_that_is_asked_for_and_not_there_is_said_with_its_remedy(
    app: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hireflow_voice.app.readiness.can_cancel", lambda: False)

    def told() -> list[str]:
        return [f"{thing.sentence} {thing.remedy}" for thing in app.readiness() if thing.name == "echo cancelling"]

    assert not told()
    app.save_settings(app.settings.model_copy(update={"echo": Echo.CANCEL}))
    (sentence,) = told()
    assert "one of you can speak at a time" in sentence
    assert "hireflow-voice[echo]" in sentence


class HearsAVoice:
    """An interruption in which somebody always speaks."""

    stretch_s = 1.0

    def feed(self, samples: np.ndarray) -> tuple[()]:
        return ()


def test_a_listener_that_gave_up_on_echo_looks_anew_when_the_devices_change() -> None:
    told: list[str] = []
    events = ListenerEvents(
        duck=lambda _on: None, interrupted=lambda: told.append("interrupted"), echo=lambda: told.append("echo")
    )
    listener = Listener(HearsAVoice(), events)  # type: ignore[arg-type]
    listener.speaking(True)

    def speak() -> None:
        for index in range(0, 20 * RATE, BLOCK):
            listener.hear(Block(index, np.ones(BLOCK, np.int16)))

    speak()
    assert told == ["echo"]
    speak()
    assert told == ["echo"], "it is said once"
    listener.other_devices()
    speak()
    assert told == ["echo", "echo"]

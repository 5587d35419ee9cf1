"""Whose turn it is, with every real part but a sound card: voices, detector, recogniser, end-of-turn network, judge."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hireflow_voice.app.api import CallOptions
from hireflow_voice.app.application import Application
from hireflow_voice.audio.resample import resampled
from hireflow_voice.audio.simulated import SimulatedLine
from hireflow_voice.events import Caption, Phase, PhaseChanged, SilenceGrowing, TurnPaused, TurnReopened
from hireflow_voice.records import TakeKind
from hireflow_voice.settings import Settings
from hireflow_voice.sound import RATE, Pcm

pytestmark = [pytest.mark.models, pytest.mark.slow]

THINKING = ("I build proxies for a living. Let me think.", 12.0, "And before that I looked after databases.")
HEAD, TAIL = "I would use a token bucket for every client, and the", "counter is kept in Redis."
MORE = "And it expires after a minute."


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    application = Application(Settings(), tmp_path_factory.mktemp("turns"))
    yield application
    application.close()


class Caller:
    """Answers the first question in three pieces: a pause in the middle of a sentence, more after "Uh-huh."."""

    def __init__(self, app: Application) -> None:
        self.line = SimulatedLine()
        self.events: list[Any] = []
        self.said_more = False
        self._app = app
        self.call: Any = None

    def say(self, *parts: str | float) -> Pcm:
        pieces = []
        for part in parts:
            if isinstance(part, float):
                pieces.append(np.zeros(int(part * RATE), np.int16))
            else:
                sound = resampled(self._app.speak(part, "heart"), RATE)
                loud = np.flatnonzero(np.abs(sound) > 300)
                pieces.append(sound[loud[0] : loud[-1] + 1])
        return Pcm(np.concatenate(pieces), RATE)

    def reply(self, listen: Any) -> Pcm | None:
        if listen.kind.value == "introduction":
            return self.say(*THINKING)
        if listen.kind.value == "answer":
            return self.say(HEAD, 2.0, TAIL)
        self.call.break_off()
        return self.say("Enough.")

    def __call__(self, event: Any) -> None:
        self.events.append(event)
        answering = any(e.kind == "question" for e in self.events if isinstance(e, Caption))
        if isinstance(event, TurnPaused) and answering and not self.said_more:
            self.said_more = True
            self.line.say(self.say(MORE), 0.4)


@pytest.fixture(scope="module")
def caller(app: Application) -> Caller:
    """A call that was broken off when the first follow-up had been asked."""
    one = Caller(app)
    one.say(MORE)  # rendered before it is needed
    options = CallOptions(question_ids=("rate-limiting",))
    one.call = app.dial(options, one, one.line, candidate=one, unhurried=True)
    assert one.call.join(240)
    return one


def take(app: Application, caller: Caller, kind: TakeKind) -> Any:
    (found,) = [take for take in app.call(caller.call.id).takes if take.kind is kind]
    return found


def test_one_answer_is_one_take_whatever_its_pauses(app: Application, caller: Caller) -> None:
    answer = take(app, caller, TakeKind.ANSWER)
    assert answer.transcript is not None
    text = answer.transcript.text.lower()
    assert [word for word in ("bucket", "counter", "redis", "expires", "minute") if word not in text] == []
    assert len([e for e in caller.events if isinstance(e, TurnReopened)]) == 1


def test_what_was_said_after_uh_huh_is_in_the_follow_ups_choice(caller: Caller) -> None:
    captions = [e.kind for e in caller.events if isinstance(e, Caption) and e.speaker == "interviewer"]
    assert captions[-1] == "follow_up"
    assert captions.count("follow_up") == 1, "nothing was asked before the answer was over"


def test_let_me_think_in_the_middle_of_an_answer_gives_twenty_seconds(app: Application, caller: Caller) -> None:
    introduction = take(app, caller, TakeKind.INTRODUCTION)
    assert introduction.transcript is not None
    assert "databases" in introduction.transcript.text.lower()
    assert 20.0 in {e.limit_s for e in caller.events if isinstance(e, SilenceGrowing)}


def test_a_finished_sentence_waits_less_than_one_that_breaks_off(caller: Caller) -> None:
    limits = [e.limit_s for e in caller.events if isinstance(e, SilenceGrowing)]
    assert {2.5, 3.5} & set(limits)
    assert 6.0 in limits


def test_the_phases_tell_the_screen_the_truth(caller: Caller) -> None:
    phases = [e.phase for e in caller.events if isinstance(e, PhaseChanged)]
    assert phases[:3] == [Phase.CONNECTING, Phase.RINGING, Phase.SPEAKING]
    assert Phase.THINKING in phases


def test_the_recordings_are_whole(app: Application, caller: Caller) -> None:
    answer = take(app, caller, TakeKind.ANSWER)
    path: Path | None = app.sound_of(caller.call.id, answer)
    assert path is not None
    assert path.stat().st_size == 44 + 2 * round(answer.seconds * RATE)

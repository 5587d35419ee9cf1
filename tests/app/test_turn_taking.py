"""Whose turn it is, over a simulated line: real store, line, voice detection and worker process; words are scripted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soxr

from hireflow_voice.app.api import CallOptions
from hireflow_voice.app.application import Application
from hireflow_voice.audio.simulated import SimulatedLine
from hireflow_voice.audio.take import read_take
from hireflow_voice.events import (
    Caption,
    Ducked,
    Judged,
    Press,
    SilenceGrowing,
    Trouble,
    TurnPaused,
    TurnReopened,
)
from hireflow_voice.records import CallState, TakeKind
from hireflow_voice.settings import Patience
from hireflow_voice.sound import RATE, Echo, Pcm

VOICE_ONLY_S = 3.5
"""Silence that ends a turn when the voice sounds finished and the words ("word word") do not."""


@pytest.fixture(scope="module")
def say() -> Callable[[str], np.ndarray]:
    """A voice that the detector takes for one."""
    import hibari

    voice = hibari.Hibari()

    def spoken(text: str) -> np.ndarray:
        sound = soxr.resample(voice(text, seed=7), 24_000, RATE)
        loud = np.flatnonzero(np.abs(sound) > 0.01)
        sound = sound[loud[0] : loud[-1] + 1]
        return (sound / np.abs(sound).max() * 0.4 * 32767).astype(np.int16)

    return spoken


def joined(*parts: np.ndarray | float) -> Pcm:
    """Speech, and pauses in seconds."""
    return Pcm(np.concatenate([np.zeros(int(p * RATE), np.int16) if isinstance(p, float) else p for p in parts]), RATE)


class Says:
    """Says to the question what a test wants to hear, and something short to everything else."""

    def __init__(self, answer: Pcm, short: Pcm) -> None:
        self._answer, self._short = answer, short

    def reply(self, listen: Any) -> Pcm | None:
        if listen.kind.value == "own_question":
            return None
        return self._answer if listen.kind.value == "answer" else self._short


@pytest.fixture
def phone(app: Application, watched: Any, say: Any) -> Callable[..., Any]:
    """Make a whole call in which the question is answered like this."""

    def made(*parts: Any, echo: Echo = Echo.HEADPHONES, wait: bool = True) -> Any:
        line = SimulatedLine(echo=echo)
        candidate = Says(joined(*parts), joined(say("I build proxies for a living.")))
        options = CallOptions(question_ids=("rate-limiting",))
        watched.line = line
        watched.call = app.dial(options, watched, line, candidate=candidate, unhurried=True)
        watched.ready.set()
        if wait:
            assert watched.call.join(120), "the call did not end"
        return watched

    return made


FIRST = "A token bucket for every client, kept in memory."
MORE = "And when the bucket is empty, the server says too many requests."


def answers(app: Application, watched: Any) -> list[Any]:
    return [take for take in app.call(watched.call.id).takes if take.kind is TakeKind.ANSWER]


def loud_until(app: Application, watched: Any, take: Any) -> float:
    """Second of the last sound in a recording."""
    path = app.sound_of(watched.call.id, take)
    assert path is not None
    return float(np.flatnonzero(np.abs(read_take(path).samples) > 1000)[-1]) / RATE


def during_the_answer(watched: Any, kind: type) -> list[Any]:
    """Events between the question and the first follow-up."""
    captions = [(i, event.kind) for i, event in enumerate(watched.events) if isinstance(event, Caption)]
    asked, followed = (next(i for i, k in captions if k == wanted) for wanted in ("question", "follow_up"))
    return [event for event in watched.events[asked:followed] if isinstance(event, kind)]


def test_a_pause_of_two_seconds_is_no_end(app: Application, phone: Any, say: Any) -> None:
    call = phone(say(FIRST), 2.0, say(MORE))
    (take,) = answers(app, call)
    spoken_s = (len(say(FIRST)) + len(say(MORE))) / RATE + 2.0
    assert loud_until(app, call, take) == pytest.approx(0.8 + spoken_s, abs=0.2)
    assert len(during_the_answer(call, TurnPaused)) == 1
    assert not call.of(TurnReopened)
    limits = {event.limit_s for event in during_the_answer(call, SilenceGrowing)}
    assert VOICE_ONLY_S in limits


def test_speech_in_the_second_after_uh_huh_goes_on_in_the_same_take(app: Application, phone: Any, say: Any) -> None:
    call = phone(say(FIRST), VOICE_ONLY_S + 0.5, say(MORE))
    (take,) = answers(app, call)
    spoken_s = (len(say(FIRST)) + len(say(MORE))) / RATE + VOICE_ONLY_S + 0.5
    assert loud_until(app, call, take) == pytest.approx(0.8 + spoken_s, abs=0.25)
    assert len(call.of(TurnReopened)) == 1
    assert len(during_the_answer(call, TurnPaused)) == 2
    assert take.transcript is not None
    assert take.transcript.words[-1].end_s > 0.8 + len(say(FIRST)) / RATE + VOICE_ONLY_S
    assert [line.kind for line in app.call(call.call.id).lines].count(take.id) == 1


def test_speech_over_the_reply_reopens_the_same_take_and_scores_nothing_before(
    app: Application, phone: Any, say: Any
) -> None:
    call = phone(say(FIRST), VOICE_ONLY_S + 2.0, say(MORE))
    (take,) = answers(app, call)
    spoken_s = (len(say(FIRST)) + len(say(MORE))) / RATE + VOICE_ONLY_S + 2.0
    assert loud_until(app, call, take) == pytest.approx(0.8 + spoken_s, abs=0.25), "from its first sound"
    assert len(call.of(TurnReopened)) == 1
    assert Ducked in [type(event) for event in call.events]
    reopened = next(i for i, event in enumerate(call.events) if isinstance(event, TurnReopened))
    assert not [event for event in call.events[:reopened] if isinstance(event, Judged)]
    follow_ups = [event.text for event in call.of(Caption) if event.kind == "follow_up"]
    assert follow_ups[0] == follow_ups[1], "what was not heard is asked again"
    stopped = [played for played in call.line.played if played.stopped]
    assert len(stopped) == 1
    assert stopped[0].ducks[0][1]
    assert stopped[0].heard_s == pytest.approx(1.0 + 0.65, abs=0.45)


def test_a_cough_over_the_reply_only_ducks(app: Application, phone: Any, say: Any) -> None:
    call = phone(say(FIRST), VOICE_ONLY_S + 2.0, say("Mm.")[: int(0.45 * RATE)])
    assert not call.of(TurnReopened)
    assert not [played for played in call.line.played if played.stopped]
    assert [event.on for event in call.of(Ducked)] in ([], [True, False])
    (take,) = answers(app, call)
    assert take.seconds == pytest.approx(0.8 + len(say(FIRST)) / RATE + VOICE_ONLY_S + 1.0, abs=0.3), "cut off again"


def test_let_me_think_gives_twenty_seconds(app: Application, phone: Any, say: Any, script: Path, watched: Any) -> None:
    watched.when(
        lambda event: isinstance(event, Caption) and event.kind == "question",
        lambda _call: (script / "words").write_text("A token bucket. Let me think."),
    )
    watched.when(
        lambda event: isinstance(event, SilenceGrowing) and event.seconds > 12.0,
        lambda _call: (script / "words").write_text("A token bucket per client. That's my answer."),
    )
    call = phone(say(FIRST), 15.0, say(MORE))
    (take,) = answers(app, call)
    assert 20.0 in {event.limit_s for event in call.of(SilenceGrowing)}
    assert loud_until(app, call, take) > 15.0
    assert not call.of(TurnReopened)


def test_without_the_network_the_words_decide_and_a_turn_waits_longer(
    app: Application, phone: Any, say: Any, script: Path
) -> None:
    (script / "no-turn").touch()
    call = phone(say(FIRST), 4.5, say(MORE))
    assert len(answers(app, call)) == 1
    assert not call.of(TurnReopened)
    assert not call.of(Trouble)
    assert {event.limit_s for event in call.of(SilenceGrowing)} == {6.0}


def test_two_reopenings_give_this_candidate_more_time(app: Application, phone: Any, say: Any) -> None:
    call = phone(say(FIRST), 4.0, say(MORE), 4.0, say(FIRST), 4.2, say(MORE))
    assert len(answers(app, call)) == 1
    assert len(call.of(TurnReopened)) == 2
    assert VOICE_ONLY_S + 1.0 in {event.limit_s for event in call.of(SilenceGrowing)}


def test_in_manual_mode_only_the_key_ends_a_turn(app: Application, phone: Any, say: Any, watched: Any) -> None:
    app._settings = app.settings.model_copy(update={"patience": Patience.MANUAL})

    def press_done(event: Any) -> bool:
        if isinstance(event, SilenceGrowing) and event.seconds > 9.0:
            assert event.limit_s is None
            watched.call.post(Press.DONE)
        return False

    watched.when(press_done, lambda _call: None)
    call = phone(say(FIRST), 8.0, say(MORE))
    assert len(answers(app, call)) == 1
    assert not call.of(TurnPaused)


def test_with_speakers_the_microphone_is_deaf_while_the_interviewer_speaks(
    app: Application, phone: Any, say: Any, watched: Any
) -> None:
    pressed: list[float] = []

    def follow_up(event: Any) -> bool:
        return isinstance(event, Caption) and event.kind == "follow_up"

    def press_later(call: Any) -> None:
        watched.line.say(joined(say(MORE)), 0.3)
        pressed.append(call._now())

    watched.when(follow_up, press_later)
    call = phone(say(FIRST), echo=Echo.HALF)
    assert pressed
    assert not call.of(Ducked)
    assert not call.of(TurnReopened), "what is said over the interviewer is not listened to"
    assert not [played for played in call.line.played if played.stopped]


@pytest.mark.parametrize("after_s", [0.2, 1.5])
def test_with_speakers_space_interrupts_and_a_double_press_does_not(
    app: Application, phone: Any, say: Any, watched: Any, after_s: float
) -> None:
    asked: list[float] = []
    watched.when(
        lambda event: isinstance(event, Caption) and event.kind == "follow_up",
        lambda call: asked.append(call._now()),
    )
    watched.when(
        lambda event: bool(asked) and not isinstance(event, Caption) and event.at_s >= asked[0] + after_s,
        lambda call: call.post(Press.DONE),
    )
    call = phone(say(FIRST), echo=Echo.HALF)
    assert len(call.of(TurnReopened)) == (1 if after_s > 1.0 else 0)
    assert len(answers(app, call)) == 1


def test_a_call_killed_in_the_second_after_uh_huh_loses_nothing(
    app: Application, phone: Any, say: Any, watched: Any
) -> None:
    watched.when(
        lambda event: isinstance(event, TurnPaused) and any(e.kind == "question" for e in watched.of(Caption)),
        lambda call: call.break_off(),
    )
    phone(say(FIRST))
    record = app.call(watched.call.id)
    assert record.state is CallState.RUNNING
    (take,) = [take for take in record.takes if take.kind is TakeKind.ANSWER]
    assert loud_until(app, watched, take) == pytest.approx(0.8 + len(say(FIRST)) / RATE, abs=0.2)
    more: list[Any] = []
    again = app.replay_call(watched.call.id, more.append, Says(joined(say(MORE)), joined(say(FIRST))))
    assert again.join(120)
    record = app.call(watched.call.id)
    assert record.state is CallState.FINISHED
    assert take.id in {t.id for t in record.takes}
    assert all(t.transcript is not None for t in record.takes)


def test_a_call_killed_while_the_reply_could_still_be_taken_back_keeps_the_answer(
    app: Application, phone: Any, say: Any, watched: Any
) -> None:
    watched.when(lambda event: isinstance(event, Caption) and event.kind == "follow_up", lambda call: call.break_off())
    phone(say(FIRST))
    (take,) = answers(app, watched)
    assert take.transcript is not None
    again = app.replay_call(watched.call.id, lambda _event: None, Says(joined(say(MORE)), joined(say(FIRST))))
    assert again.join(120)
    (judgement,) = app.call(watched.call.id).judgements
    assert judgement.score is not None

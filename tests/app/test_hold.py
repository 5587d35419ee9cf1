"""On hold nothing is said or recorded and the clock of the call stands still, though the line's goes on."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
import soundfile

from hireflow_voice.app.application import Application
from hireflow_voice.events import CallEnded, Caption, Phase, PhaseChanged, Press, QuestionChanged, SilenceGrowing, Typed
from hireflow_voice.records import CallState, TakeKind

AWAY_S = 60.0


@pytest.fixture
def away(watched: Any) -> Callable[[Callable[[Any], bool]], list[float]]:
    """Go away when such an event comes, and be back a minute of the line's clock later; how long it was."""
    waiting: list[threading.Thread] = []

    def made(seen: Callable[[Any], bool]) -> list[float]:
        took: list[float] = []

        def back(call: Any) -> None:
            line = call._line
            began = line.now()

            def wait() -> None:
                while line.now() < began + AWAY_S:
                    time.sleep(0.001)
                call.post(Typed("This is for somebody else."))
                call.post(Press.SKIP)
                took.append(line.now() - began)
                call.post(Press.UNHOLD)

            thread = threading.Thread(target=wait)
            waiting.append(thread)
            thread.start()

        watched.when(seen, lambda call: call.post(Press.HOLD))
        watched.when(lambda event: isinstance(event, PhaseChanged) and event.phase is Phase.ON_HOLD, back)
        return took

    yield made
    for thread in waiting:
        thread.join()


def test_an_answer_goes_on_in_the_same_take_and_the_hold_is_no_part_of_it(
    app: Application, dial: Any, speaks: Any, watched: Any, away: Any
) -> None:
    took = away(
        lambda event: isinstance(event, SilenceGrowing) and event.seconds > 1.0 and bool(watched.of(QuestionChanged))
    )
    dial(speaks(rate_limiting=5.0), watched)
    assert watched.call.join(60)
    record = app.call(watched.call.id)
    (take,) = [take for take in record.takes if take.kind is TakeKind.ANSWER]
    assert took[0] >= AWAY_S
    assert 5.0 < take.seconds < 15.0
    path = app.sound_of(record.header.id, take)
    assert path is not None
    assert soundfile.info(path).duration == pytest.approx(take.seconds, abs=0.01)
    assert take.transcript is not None
    assert "somebody" not in take.transcript.text
    phases = [event.phase for event in watched.of(PhaseChanged)]
    at = phases.index(Phase.ON_HOLD)
    assert phases[at - 1 : at + 2] == [Phase.LISTENING, Phase.ON_HOLD, Phase.LISTENING]
    times = [event.at_s for event in watched.events if hasattr(event, "at_s")]
    assert max(b - a for a, b in pairwise(times)) < AWAY_S / 2, "the call's clock stood still"
    assert record.state is CallState.FINISHED
    assert watched.of(CallEnded)[0].at_s == pytest.approx(watched.call._line.now() - took[0], abs=20.0)


def test_a_question_that_was_cut_off_is_heard_again(app: Application, dial: Any, watched: Any, away: Any) -> None:
    away(lambda event: isinstance(event, Caption) and event.kind == "question")
    dial(None, watched)
    assert watched.call.join(60)
    said = [event for event in watched.of(Caption) if event.speaker == "interviewer"]
    asked = next(i for i, event in enumerate(said) if event.kind == "question")
    assert (said[asked + 1].text, said[asked + 1].kind) == (said[asked].text, "repeat")
    assert watched.of(CallEnded)[0].finished


def test_a_call_on_hold_can_be_hung_up(app: Application, dial: Any, speaks: Any, watched: Any) -> None:
    watched.when(
        lambda event: isinstance(event, SilenceGrowing) and bool(watched.of(QuestionChanged)),
        lambda call: call.post(Press.HOLD),
    )
    watched.when(
        lambda event: isinstance(event, PhaseChanged) and event.phase is Phase.ON_HOLD,
        lambda call: call.post(Press.HANG_UP),
    )
    dial(speaks(), watched)
    assert watched.call.join(60)
    record = app.call(watched.call.id)
    assert record.state is CallState.HUNG_UP
    (take,) = [take for take in record.takes if take.kind is TakeKind.ANSWER]
    assert take.transcript is not None


def test_a_microphone_that_was_muted_before_the_hold_stays_so_after_it(
    app: Application, dial: Any, speaks: Any, watched: Any, away: Any
) -> None:
    away(lambda event: isinstance(event, SilenceGrowing) and event.seconds > 1.0)
    watched.when(
        lambda event: isinstance(event, SilenceGrowing) and event.seconds > 0.5, lambda call: call.post(Press.MUTE)
    )
    muted: list[bool] = []

    def after(call: Any) -> None:
        muted.append(call._line._muted)
        call.post(Press.UNMUTE)

    watched.when(
        lambda event: (
            isinstance(event, PhaseChanged)
            and event.phase is Phase.LISTENING
            and any(e.phase is Phase.ON_HOLD for e in watched.of(PhaseChanged))
        ),
        after,
    )
    dial(speaks(), watched)
    assert watched.call.join(60)
    assert muted == [True]

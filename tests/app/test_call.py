"""The thread that drives a call: real store, line and worker process; only what is heard and said is scripted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import soundfile

from hireflow_voice.app.application import Application
from hireflow_voice.events import (
    CallEnded,
    CallSaved,
    Caption,
    Judged,
    Phase,
    PhaseChanged,
    Press,
    QuestionChanged,
    SilenceGrowing,
    Trouble,
    Typed,
)
from hireflow_voice.records import CallState, TakeKind


def ended(watched: Any) -> Any:
    assert watched.call.join(60), "the call did not end"
    return watched


def listening_to_an_answer(watched: Any) -> Callable[[Any], bool]:
    """True for the first LISTENING after the first question."""
    return lambda event: (
        isinstance(event, PhaseChanged) and event.phase is Phase.LISTENING and bool(watched.of(QuestionChanged))
    )


def test_a_call_goes_through_its_phases_and_is_saved_judged(app: Application, dial: Any) -> None:
    call = ended(dial())
    phases = [event.phase for event in call.of(PhaseChanged)]
    assert phases[:3] == [Phase.CONNECTING, Phase.RINGING, Phase.SPEAKING]
    assert phases[-1] is Phase.ENDED
    assert isinstance(call.events[-1], CallSaved)
    assert call.of(CallEnded)[0].finished
    record = app.call(call.call.id)
    assert record.state is CallState.FINISHED
    assert {take.kind for take in record.takes} >= {TakeKind.INTRODUCTION, TakeKind.ANSWER, TakeKind.FOLLOW_UP}
    assert record.judgements[0].question == "rate-limiting"
    assert record.form is not None


def test_everything_both_sides_said_is_kept_in_order(app: Application, dial: Any) -> None:
    call = ended(dial())
    record = app.call(call.call.id)
    said = [line.text for line in record.lines if line.speaker == "interviewer"]
    assert said == [event.text for event in call.of(Caption) if event.speaker == "interviewer"]
    assert [line.speaker for line in record.lines].count("candidate") >= 2


def test_a_take_holds_the_answer_and_its_words_lie_inside_it(app: Application, dial: Any, speaks: Any) -> None:
    call = ended(dial(speaks(rate_limiting=5.0)))
    record = app.call(call.call.id)
    take = next(take for take in record.takes if take.kind is TakeKind.ANSWER)
    path = app.sound_of(call.call.id, take)
    assert path is not None
    assert soundfile.info(path).duration == pytest.approx(take.seconds, abs=0.01)
    assert 5.0 < take.seconds < 10.0
    assert take.transcript is not None
    assert all(word.end_s <= take.seconds for word in take.transcript.words)
    assert take.delivery is not None


def test_the_done_key_ends_a_turn_at_once(app: Application, dial: Any, speaks: Any, watched: Any) -> None:
    heard = []
    watched.when(
        lambda event: isinstance(event, SilenceGrowing) and bool(watched.of(QuestionChanged)),
        lambda call: (heard.append(len(watched.events)), call.post(Press.DONE))[0],
    )
    ended(dial(speaks(), watched))
    limit = watched.events[heard[0] - 1].limit_s
    later = [event.seconds for event in watched.events[heard[0] :] if isinstance(event, SilenceGrowing)]
    assert limit is not None
    before_thinking = watched.events[heard[0] :]
    thinking = next(
        i for i, e in enumerate(before_thinking) if isinstance(e, PhaseChanged) and e.phase is Phase.THINKING
    )
    assert all(not isinstance(e, SilenceGrowing) or e.seconds < limit for e in before_thinking[:thinking]), later


def test_a_typed_answer_needs_no_recording_and_is_judged(
    app: Application, dial: Any, speaks: Any, watched: Any
) -> None:
    watched.when(listening_to_an_answer(watched), lambda call: call.post(Typed("A token bucket in Redis.")))

    class Types(speaks):
        def reply(self, listen: Any) -> Any:
            return None if listen.kind.value == "answer" else super().reply(listen)

    candidate = Types()
    # A played candidate with no reply would skip; this one types.
    candidate.replies = {}
    ended(dial(candidate, watched))
    record = app.call(watched.call.id)
    take = next(take for take in record.takes if take.kind is TakeKind.ANSWER)
    assert take.transcript is not None
    assert take.transcript.text == "A token bucket in Redis."
    assert take.transcript.words == ()
    assert take.sound == ""
    assert app.sound_of(record.header.id, take) is None
    assert take.judgement is not None


def test_hanging_up_in_the_middle_keeps_what_was_said_and_judges_it(
    app: Application, dial: Any, speaks: Any, watched: Any
) -> None:
    watched.when(
        lambda event: isinstance(event, SilenceGrowing) and bool(watched.of(QuestionChanged)),
        lambda call: call.post(Press.HANG_UP),
    )
    ended(dial(speaks(rate_limiting=6.0), watched))
    assert not watched.of(CallEnded)[0].finished
    record = app.call(watched.call.id)
    assert record.state is CallState.HUNG_UP
    take = next(take for take in record.takes if take.kind is TakeKind.ANSWER)
    assert take.transcript is not None
    assert take.judgement is not None


def test_hanging_up_while_it_rings_leaves_an_empty_call(app: Application, dial: Any, watched: Any) -> None:
    watched.when(
        lambda event: isinstance(event, PhaseChanged) and event.phase is Phase.RINGING,
        lambda call: call.post(Press.HANG_UP),
    )
    ended(dial(None, watched))
    record = app.call(watched.call.id)
    assert record.state is CallState.HUNG_UP
    assert record.takes == ()


def test_a_muted_line_does_not_end_the_turn(app: Application, dial: Any, speaks: Any, watched: Any) -> None:
    def mute(call: Any) -> None:
        call.post(Press.MUTE)

    watched.when(lambda event: isinstance(event, SilenceGrowing) and event.seconds > 1.0, mute)
    watched.when(
        lambda event: isinstance(event, SilenceGrowing) and event.seconds > 8.0,
        lambda call: call.post(Press.UNMUTE),
    )
    ended(dial(speaks(), watched))
    longest = max(event.seconds for event in watched.of(SilenceGrowing))
    assert longest > 10.0


def test_a_voice_that_is_missing_leaves_captions_and_one_banner_a_sentence(
    app: Application, dial: Any, script: Path
) -> None:
    (script / "mute").touch()
    call = ended(dial())
    assert call.of(CallEnded)[0].finished
    assert {trouble.kind for trouble in call.of(Trouble)} == {"ModelMissing"}
    assert any("Goodbye" in caption.text for caption in call.of(Caption))


def test_a_recogniser_that_fails_keeps_the_recording_and_reads_it_later(
    app: Application, dial: Any, script: Path
) -> None:
    (script / "deaf").touch()
    call = ended(dial())
    record = app.call(call.call.id)
    said = [take for take in record.takes if take.kind is not TakeKind.OWN_QUESTION]
    assert said
    assert all(take.transcript is None for take in said)
    (script / "deaf").unlink()
    again = app.judge_again(call.call.id)
    assert all(take.transcript is not None for take in again.takes)
    assert again.judgements[0].score is not None


def test_a_judge_that_fails_says_not_judged_yet_and_judges_later(app: Application, dial: Any, script: Path) -> None:
    (script / "no-judge").touch()
    call = ended(dial())
    (judgement,) = app.call(call.call.id).judgements
    assert judgement.failed
    assert judgement.score is None
    assert app.calls()[0].score is None
    (script / "no-judge").unlink()
    (judged,) = app.judge_again(call.call.id).judgements
    assert judged.score == pytest.approx(app.calls()[0].score)


def test_a_call_that_was_broken_off_goes_on_with_the_same_question(
    app: Application, dial: Any, speaks: Any, watched: Any
) -> None:
    asked = ("rate-limiting", "cap-theorem")
    watched.when(
        lambda event: isinstance(event, SilenceGrowing) and len(watched.of(QuestionChanged)) == 2,
        lambda call: call.break_off(),
    )
    ended(dial(speaks(), watched, question_ids=asked))
    assert not watched.of(CallEnded)
    first = app.call(watched.call.id)
    assert first.state is CallState.RUNNING
    more: list[Any] = []
    call = app.replay_call(first.header.id, more.append, speaks())
    assert call.join(60)
    texts = [event.text for event in more if isinstance(event, Caption) and event.speaker == "interviewer"]
    assert any("cut off" in text for text in texts)
    second = app.call(first.header.id)
    assert second.state is CallState.FINISHED
    assert {take.id for take in first.takes} <= {take.id for take in second.takes}
    questions = [take.question for take in second.takes if take.kind is TakeKind.ANSWER]
    assert questions.count("rate-limiting") == 1
    assert "cap-theorem" in questions
    assert all(take.transcript is not None for take in second.takes)
    times = [line.at_s for line in second.lines if line.speaker == "interviewer"]
    assert times == sorted(times)


def test_judgements_are_told_as_they_come(app: Application, dial: Any) -> None:
    call = ended(dial())
    assert {event.question for event in call.of(Judged)} == {"rate-limiting"}


def test_an_error_of_ours_ends_the_call_with_a_sentence_and_keeps_it(app: Application, dial: Any, watched: Any) -> None:
    def broken(_event: Any) -> bool:
        return isinstance(_event, Caption) and bool(watched.of(QuestionChanged))

    def raise_it(_call: Any) -> None:
        raise ZeroDivisionError("a bug")

    watched.when(broken, raise_it)
    ended(dial(None, watched))
    (trouble,) = [event for event in watched.of(Trouble) if event.kind == "ZeroDivisionError"]
    assert trouble.blame == "HireFlow Voice"
    assert app.call(watched.call.id).state is CallState.RUNNING


def test_a_call_killed_in_the_hang_up_tone_has_ended(app: Application, dial: Any, speaks: Any, watched: Any) -> None:
    watched.when(
        lambda event: isinstance(event, Caption) and "Goodbye" in event.text,
        lambda call: call.post(Press.HANG_UP),
    )
    watched.when(
        lambda event: isinstance(event, Caption) and "Goodbye" in event.text,
        lambda call: call.break_off(),
    )
    ended(dial(speaks(), watched))
    record = app.call(watched.call.id)
    assert record.state is CallState.FINISHED
    assert app.judge_again(watched.call.id).judgements[0].score is not None


def test_a_disk_that_refuses_a_write_is_told_and_does_not_stop_the_call(
    app: Application, dial: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hireflow_voice.errors import DiskFull
    from hireflow_voice.store.folder import CallFolder

    add_input, writes = CallFolder.add_input, []

    def now_and_then(self: CallFolder, given: Any) -> None:
        writes.append(given)
        if len(writes) % 4 == 3:
            raise DiskFull("The disk is full.", "Free some room.")
        add_input(self, given)

    monkeypatch.setattr(CallFolder, "add_input", now_and_then)
    call = ended(dial())
    assert call.of(CallEnded)[0].finished
    assert {trouble.kind for trouble in call.of(Trouble)} == {"DiskFull"}

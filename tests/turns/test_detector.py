from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import TypeVar

import numpy as np
import pytest

from hireflow_voice.sound import RATE, Samples
from hireflow_voice.turns.detector import (
    EndOfTurn,
    Silence,
    SpeechStarted,
    SpeechStopped,
    TurnDetector,
    TurnSignal,
    activity,
)
from hireflow_voice.turns.energy import EnergyGate
from hireflow_voice.turns.vad import BLOCK, SileroVad, VadBlock

Say = Callable[[str], Samples]
Room = Callable[..., Samples]


def detector(silence_s: float | None = 2.5, vad: object | None = None) -> TurnDetector:
    return TurnDetector(vad or SileroVad(), EnergyGate(), silence_s)  # type: ignore[arg-type]


def run(turn: TurnDetector, sound: Samples, step: int = 320) -> list[TurnSignal]:
    signals: list[TurnSignal] = []
    for at in range(0, len(sound), step):
        signals += turn.feed(sound[at : at + step], at)
    return signals


T = TypeVar("T")


def of(kind: type[T], signals: list[TurnSignal]) -> list[T]:
    return [s for s in signals if isinstance(s, kind)]


class DeafVad:
    """Hears no voice at all: the speaker that Silero misses."""

    def reset(self) -> None:
        return

    def feed(self, samples: Samples) -> list[VadBlock]:
        return [VadBlock(0.0, False)] * (len(samples) // BLOCK)


def test_a_two_second_pause_inside_a_sentence_does_not_end_the_turn(say: Say, room: Room) -> None:
    head, tail = say("So the load balancer would, um,"), say("send the request to another machine.")
    sound = room(1.0, head, 2.0, tail, 4.0)
    signals = run(detector(2.5), sound)
    ends = of(EndOfTurn, signals)
    true_end = 1.0 + len(head) / RATE + 2.0 + len(tail) / RATE
    assert len(ends) == 1
    assert ends[0].at_s == pytest.approx(true_end + 2.5, abs=0.15)
    starts, stops = of(SpeechStarted, signals), of(SpeechStopped, signals)
    assert starts[0].at_s == pytest.approx(1.0, abs=0.15)
    assert stops[-1].at_s == pytest.approx(true_end, abs=0.15)


@pytest.mark.parametrize("limit", [1.5, 3.5])
def test_the_end_comes_at_the_limit_that_was_set(say: Say, room: Room, limit: float) -> None:
    words = say("I would put a cache in front of the database.")
    signals = run(detector(limit), room(0.5, words, limit + 1.0))
    [end] = of(EndOfTurn, signals)
    assert end.at_s == pytest.approx(0.5 + len(words) / RATE + limit, abs=0.15)
    silences = of(Silence, signals)
    assert all(s.limit_s == limit for s in silences)
    assert [s.seconds for s in silences] == sorted(s.seconds for s in silences)


def test_silence_before_the_first_word_never_ends_a_turn(say: Say, room: Room) -> None:
    signals = run(detector(1.5), room(20.0))
    assert signals == []


def test_without_a_limit_only_the_key_ends_a_turn(say: Say, room: Room) -> None:
    signals = run(detector(None), room(0.5, say("That is how I would do it."), 8.0))
    assert of(EndOfTurn, signals) == []
    assert of(Silence, signals)[-1].seconds > 7.5


def test_speech_after_the_end_goes_on_and_can_end_again(say: Say, room: Room) -> None:
    first, more = say("That is all I know."), say("Oh, and I would add an index.")
    signals = run(detector(1.5), room(0.5, first, 2.2, more, 2.2))
    kinds = [type(s) for s in signals if isinstance(s, SpeechStarted | EndOfTurn)]
    assert kinds.count(EndOfTurn) == 2
    assert SpeechStarted in kinds[kinds.index(EndOfTurn) :]


def test_the_limit_can_be_changed_in_the_middle_of_a_turn(say: Say, room: Room) -> None:
    words = say("Yes.")
    turn = detector(6.0)
    sound = room(0.5, words, 3.0)
    half = len(sound) - RATE
    signals = run(turn, sound[:half])
    assert not of(EndOfTurn, signals)
    turn.silence_s = 2.0
    assert of(EndOfTurn, list(turn.feed(sound[half:], half)))


def test_a_voice_the_network_misses_still_holds_the_turn(say: Say, room: Room) -> None:
    words = say("We kept the counters in memory and wrote them out every second.")
    sound = room(1.0, words, 3.5)
    turn = detector(2.5, DeafVad())
    signals = run(turn, sound)
    [end] = of(EndOfTurn, signals)
    assert end.at_s == pytest.approx(1.0 + len(words) / RATE + 2.5, abs=0.3)
    assert of(SpeechStarted, signals)[0].at_s == pytest.approx(1.0, abs=0.3)
    assert not turn.voiced(0, 60)
    assert sum(b - a for a, b in turn.active) > 0.7 * len(words) / RATE


def test_when_speech_is_said_to_have_stopped_the_open_chunk_can_be_had(say: Say, room: Room) -> None:
    from hireflow_voice.speech.chunks import Chunker

    sound = room(0.8, say("First the cache,"), 0.7, say("then the index,"), 0.4, say("and then, um, the queue."), 3.0)
    turn = detector(2.5)
    chunker = Chunker(turn.voiced)
    stops = early = 0
    for at in range(0, len(sound), 320):
        signals = turn.feed(sound[at : at + 320], at)
        chunker.feed(sound[at : at + 320], turn.active)
        if of(SpeechStopped, list(signals)):
            stops += 1
            early += chunker.peek() is not None
    assert stops >= 3
    assert early == stops


def test_a_fan_that_starts_does_not_hold_the_turn_open_for_ever(say: Say, room: Room) -> None:
    words = say("That is the whole design.")
    fan = np.random.default_rng(1).normal(0, 0.03 * 32767, 14 * RATE).astype(np.int16)
    signals = run(detector(2.5), room(2.0, words, fan))
    ends = of(EndOfTurn, signals)
    assert ends
    assert ends[0].at_s < 2.0 + len(words) / RATE + 6.0 + 2.5 + 0.7


def test_typing_and_clicks_neither_begin_nor_hold_a_turn(say: Say, room: Room) -> None:
    rng = np.random.default_rng(5)
    typing = np.zeros(10 * RATE)
    for at in (np.cumsum(rng.uniform(0.09, 0.35, 40)) * RATE).astype(int):
        if at + 400 < len(typing):
            typing[at : at + 400] += rng.normal(0, 0.3, 400) * np.hanning(400)
    keys = np.asarray(np.clip(typing, -1, 1) * 32767, np.int16)
    assert of(SpeechStarted, run(detector(2.5), room(1.0, keys))) == []
    words = say("Let me write that down.")
    [end, *_] = of(EndOfTurn, run(detector(2.5), room(1.0, words, keys)))
    assert end.at_s == pytest.approx(1.0 + len(words) / RATE + 2.5, abs=0.3)


def test_active_spans_bridge_short_gaps_drop_clicks_and_never_change_afterwards(say: Say, room: Room) -> None:
    click = (np.hanning(800) * 20_000).astype(np.int16)
    words = say("A queue decouples the writers from the readers.")
    sound = room(1.0, click, 1.0, words, 1.0, words, 1.0)
    turn = detector(None)
    seen: list[list[tuple[float, float]]] = []
    for at in range(0, len(sound), 320):
        turn.feed(sound[at : at + 320], at)
        seen.append(turn.active)
    final = turn.active
    for earlier in seen:
        assert earlier[:-1] == final[: len(earlier) - 1] if earlier else True
        if earlier:
            assert earlier[-1][0] == final[len(earlier) - 1][0]
    assert all(b - a >= 0.12 for a, b in final)
    assert all(after[0] - before[1] > 0.16 for before, after in itertools.pairwise(final))
    assert final[0][0] == pytest.approx(2.05, abs=0.15)
    assert turn.voiced(final[0][0], final[-1][1])
    assert not turn.voiced(0.0, 1.5)


def test_the_size_of_the_pieces_changes_nothing(say: Say, room: Room) -> None:
    sound = room(0.7, say("Consistent hashing moves few keys."), 3.0)
    small, large = detector(2.0), detector(2.0)
    assert run(small, sound, 137) == run(large, sound, 4801)
    assert small.active == large.active


def test_a_jump_in_the_index_counts_as_silence(say: Say, room: Room) -> None:
    words = room(0.5, say("First a hash ring."), 0.2)
    turn = detector(2.0)
    turn.feed(words, 0)
    later = len(words) + 4 * RATE
    assert of(EndOfTurn, list(turn.feed(np.zeros(BLOCK, np.int16), later)))
    with pytest.raises(ValueError, match="fed already"):
        turn.feed(words, 0)


def test_reset_begins_a_new_turn_in_the_same_room(say: Say, room: Room) -> None:
    sound = room(0.5, say("One more thing."), 2.5)
    turn = detector(1.5)
    first = run(turn, sound)
    turn.reset()
    assert turn.active == []
    assert not turn.started
    second = run(turn, sound)
    assert [type(s) for s in second] == [type(s) for s in first]


def test_a_whole_recording_has_the_same_activity(say: Say, room: Room) -> None:
    words = say("I would start with the access pattern.")
    heard = activity(room(words, 1.0, words, 0.5))
    assert heard.active[0][0] == pytest.approx(0.0, abs=0.15)
    assert heard.active[-1][1] == pytest.approx(2 * len(words) / RATE + 1.0, abs=0.2)
    assert heard.voiced(0, 1)
    assert activity(np.zeros(RATE, np.int16)).active == []

"""How it was said, from the sample clock and the words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hireflow_voice.delivery import fillers, measure, target
from hireflow_voice.records import CallHeader, Delivery, QuestionRecord, TakeKind, TakeRecord
from hireflow_voice.transcript import typed
from hireflow_voice.verdict import Flow

TEN = "one two three four five six seven eight nine ten"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Um, I would, uh, shard it.", 2),
        ("Ummm... uhh, uhm, er, erm, ah, ahh, hm, hmm, Hmmmm.", 10),
        ("um um um", 3),
        ("Um—well, (uh) so", 2),
        ("uh-", 1),
        ("Uh-huh, mm-hm, uh-uh", 0),
        ("if err is not nil, draw the ER diagram", 0),
        ("umbrella, uhlan, error, aha, her, hum, ham, sum, ahead", 0),
        ("er's, UM, AH", 0),
        ("", 0),
    ],
)
def test_fillers_are_words_of_their_own(text: str, count: int) -> None:
    assert fillers(text) == count


def test_an_answer_is_measured_from_its_sound() -> None:
    measured = measure(typed(f"um {TEN} eleven"), [(2.0, 5.0), (5.5, 8.0), (11.0, 12.0)], 20.0)
    assert measured == Delivery(
        first_word_s=2.0,
        words_per_minute=pytest.approx(60 * 12 / 7.0),
        fillers=1,
        long_silences=((8.0, 11.0),),
        speech_s=6.5,
        answer_s=10.0,
    )


def test_silence_before_the_first_and_after_the_last_sound_is_no_pause() -> None:
    measured = measure(typed(TEN), [(9.0, 13.0)], 30.0)
    assert (measured.long_silences, measured.answer_s, measured.words_per_minute) == ((), 4.0, 150.0)


@pytest.mark.parametrize(("gap", "counts"), [(0.99, 0), (1.0, 1)])
def test_a_silence_is_long_from_one_second(gap: float, counts: int) -> None:
    assert len(measure(typed(TEN), [(0.0, 1.0), (1.0 + gap, 3.0)], 3.0).long_silences) == counts


def test_few_words_have_no_pace() -> None:
    assert measure(typed("one two three four five six seven eight nine"), [(0.0, 4.0)], 4.0).words_per_minute is None
    assert (
        measure(typed("one - two ... three four five six seven eight nine"), [(0.0, 4.0)], 4.0).words_per_minute is None
    )


def test_nothing_heard_measures_nothing() -> None:
    assert measure(typed(""), [], 12.0) == Delivery(None, None, 0, (), 0.0, 0.0)
    assert measure(typed(f"hmm {TEN}"), [(13.0, 14.0)], 12.0) == Delivery(None, None, 1, (), 0.0, 0.0)


@given(
    st.lists(st.tuples(st.floats(-5, 50), st.floats(-5, 50)), max_size=12),
    st.floats(0, 40),
    st.text(max_size=80),
)
def test_figures_are_possible_whatever_the_detector_says(
    active: list[tuple[float, float]], seconds: float, text: str
) -> None:
    measured = measure(typed(text), active, seconds)
    assert 0.0 <= measured.speech_s <= measured.answer_s + 1e-6
    assert measured.answer_s <= seconds
    assert all(end - start >= 1.0 for start, end in measured.long_silences)
    silent = sum(end - start for start, end in measured.long_silences)
    assert measured.speech_s + silent <= measured.answer_s + 1e-6
    assert measured == measure(typed(text), sorted(active, reverse=True), seconds)


def test_time_without_a_microphone_is_nobodys_silence() -> None:
    transcript = typed("one two three four five six seven eight nine ten eleven twelve")
    active = [(1.0, 3.0), (8.0, 10.0), (12.0, 13.0)]
    assert measure(transcript, active, 14.0).long_silences == ((3.0, 8.0), (10.0, 12.0))
    lost = measure(transcript, active, 14.0, gaps=[(4.0, 3.0)])
    assert lost.long_silences == ((10.0, 12.0),)
    assert lost.words_per_minute == pytest.approx(12 * 60 / 5)


def aimed(kind: TakeKind, flow: Flow = "technical", strong: str = "") -> tuple[float, float] | None:
    question = QuestionRecord("q", "Why?", (), (), 1.0, (), (), (), strong_answer=strong)
    header = CallHeader("c", "", "", "", "", "", "", "", 900.0, (question,), "", flow=flow)
    return target(TakeRecord("t", "" if kind is TakeKind.OWN_QUESTION else "q", kind, "Why?", 1, 0.0), header)


def test_an_answer_is_held_against_the_length_of_the_banks_strong_answer() -> None:
    assert aimed(TakeKind.ANSWER) == (60.0, 120.0)
    assert aimed(TakeKind.ANSWER, strong="word " * 210) == (50.0, 110.0)
    assert aimed(TakeKind.ANSWER, "values", "word " * 280) == (70.0, 150.0)
    assert measure(typed(TEN), [(1.0, 9.0)], 10.0, target_s=(50.0, 110.0)).target_s == (50.0, 110.0)


def test_what_has_no_best_length_is_not_held_against_one() -> None:
    assert aimed(TakeKind.OWN_QUESTION) is None
    assert aimed(TakeKind.ANSWER, "design", "word " * 210) is None
    assert aimed(TakeKind.FOLLOW_UP) == (10.0, 45.0)

from __future__ import annotations

import numpy as np

from hireflow_voice.sound import RATE, Samples
from hireflow_voice.speech.heard import HeardWord
from hireflow_voice.speech.timing import pauses, settle, sounding


def sound(*lengths: float) -> Samples:
    """Noise and near-silence in turns."""
    rng = np.random.default_rng(1)
    pieces = [
        rng.normal(0, 4000 if number % 2 == 0 else 10, int(length * RATE)) for number, length in enumerate(lengths)
    ]
    return np.concatenate(pieces).astype(np.int16)


def word(text: str, start_s: float, end_s: float) -> HeardWord:
    return HeardWord(text, start_s, end_s, 0.9)


def times(words: tuple[HeardWord, ...]) -> list[tuple[float, float]]:
    return [(round(w.start_s, 2), round(w.end_s, 2)) for w in words]


def test_pauses_are_found_and_stops_inside_words_are_not() -> None:
    chunk = sound(1.0, 0.1, 1.0, 0.5, 1.0)
    assert [(round(a, 2), round(b, 2)) for a, b in pauses(chunk)] == [(2.1, 2.6)]
    assert abs(sounding(chunk) - 3.0) < 0.05


def test_words_are_moved_off_the_pause_beside_them() -> None:
    chunk = sound(1.0, 1.0, 1.0)
    moved = settle([word("before", 0.6, 1.7), word("after", 1.7, 2.4)], chunk)
    assert times(moved) == [(0.6, 1.0), (2.0, 2.4)]


def test_a_word_that_spans_a_pause_keeps_its_longer_part() -> None:
    chunk = sound(1.0, 1.0, 1.0)
    assert times(settle([word("so", 0.9, 2.8)], chunk)) == [(2.0, 2.8)]
    assert times(settle([word("so", 0.2, 2.1)], chunk)) == [(0.2, 1.0)]


def test_a_word_wholly_in_a_pause_is_left_where_it_is() -> None:
    assert times(settle([word("mm", 1.3, 1.5)], sound(1.0, 1.0, 1.0))) == [(1.3, 1.5)]


def test_times_never_go_back_nor_out_of_the_chunk() -> None:
    moved = settle([word("a", -0.2, 0.5), word("b", 0.3, 0.4), word("c", 0.9, 3.0)], sound(1.5))
    flat = [t for pair in times(moved) for t in pair]
    assert flat == sorted(flat)
    assert flat[0] == 0.0
    assert flat[-1] == 1.5


def test_speech_without_any_pause_has_none() -> None:
    assert pauses(sound(3.0)) == []
    assert pauses(np.zeros(0, np.int16)) == []

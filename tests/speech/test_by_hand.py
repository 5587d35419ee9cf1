"""A misheard word, put right: what was heard is kept, times survive, and everything can be undone."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hireflow_voice.errors import InputError
from hireflow_voice.speech.assemble import assemble
from hireflow_voice.speech.by_hand import correct, undo
from hireflow_voice.speech.heard import HeardChunk, HeardWord
from hireflow_voice.transcript import Transcript, typed

SAID = "so we keep it in reddis and sink the counts every second or so"


def heard(text: str = SAID) -> Transcript:
    """One word every half second; the glossary repairs "reddis"."""
    words = tuple(HeardWord(w, i * 0.5, i * 0.5 + 0.4, 0.4) for i, w in enumerate(text.split()))
    return assemble([HeardChunk(text, words, "base")], ("Redis",), 10.0)


def put(transcript: Transcript, old: str, new: str) -> Transcript:
    start = transcript.text.index(old)
    return correct(transcript, start, start + len(old), new)


def test_the_recognised_and_the_raw_text_are_kept_beside_the_corrected_one() -> None:
    before = heard()
    after = put(before, "sink", "sync")
    assert after.text == "so we keep it in Redis and sync the counts every second or so"
    assert after.raw == SAID
    assert after.recognised is not None
    assert after.recognised.text == before.text
    assert [(one.heard, one.written) for one in after.by_hand] == [("sink", "sync")]
    assert [(c.heard, c.written) for c in after.corrections] == [("reddis", "Redis")]
    assert after.text[after.corrections[0].start_char : after.corrections[0].end_char] == "Redis"


def test_the_times_of_the_words_survive_and_a_corrected_one_is_sure() -> None:
    after = put(heard(), "sink the counts", "synchronise counts")
    assert [w.text for w in after.words[6:10]] == ["and", "synchronise", "counts", "every"]
    changed = after.words[7:9]
    assert (changed[0].start_s, changed[-1].end_s) == (3.5, 4.9)
    assert {w.probability for w in changed} == {1.0}
    assert after.words[9].start_s == 5.0
    assert after.words[9].probability == 0.4
    assert after.span(after.text.index("synchronise"), after.text.index("counts") + 6) == (3.5, 4.9)


def test_a_correction_of_a_correction_is_one_correction_of_what_was_heard() -> None:
    after = put(put(heard(), "sink", "think"), "think the", "sync our")
    assert [(one.heard, one.written) for one in after.by_hand] == [("sink the", "sync our")]
    assert put(put(heard(), "sink", "sync"), "sync", "sink") == heard()


def test_corrections_are_undone_in_any_order() -> None:
    one = put(heard(), "sink", "sync")
    both = put(one, "second", "minute")
    assert undo(both, 1) == one
    assert undo(undo(both, 0), 0) == heard()
    assert undo(both, 0).text == "so we keep it in Redis and sink the counts every minute or so"


@pytest.mark.parametrize(
    ("start", "end", "written"),
    [(0, 0, "a"), (5, 3, "a"), (0, 999, "a"), (-1, 2, "a"), (0, 2, "  "), (0, 2, "…"), (0, 2, "x" * 401)],
)
def test_what_is_no_word_is_refused(start: int, end: int, written: str) -> None:
    with pytest.raises(InputError):
        correct(heard(), start, end, written)


def test_a_typed_answer_was_not_misheard_and_nothing_is_undone_twice() -> None:
    with pytest.raises(InputError):
        correct(typed("I count locally"), 0, 1, "We")
    with pytest.raises(InputError):
        undo(heard(), 0)


@given(
    st.lists(
        st.tuples(st.integers(0, 60), st.integers(1, 20), st.text("ab cé🙂", min_size=1, max_size=12)), max_size=6
    ),
    st.lists(st.integers(0, 5), max_size=6),
)
def test_any_changes_leave_a_sound_transcript_and_can_all_be_undone(
    changes: list[tuple[int, int, str]], undone: list[int]
) -> None:
    before = heard()
    now = before
    for start, length, written in changes:
        try:
            now = correct(now, start, start + length, written)
        except InputError:
            continue
        _check(now, before)
    for number in undone:
        if number < len(now.by_hand):
            now = undo(now, number)
            _check(now, before)
    while now.by_hand:
        now = undo(now, len(now.by_hand) - 1)
    assert now == before


def _check(now: Transcript, before: Transcript) -> None:
    assert now.raw == before.raw
    assert (now.recognised is not None) == bool(now.by_hand)
    for word in now.words:
        assert now.text[word.start_char : word.end_char] == word.text
        assert word.start_s <= word.end_s
    assert all(a.end_s <= b.start_s + 1e-6 and a.end_char <= b.start_char for a, b in pairwise(now.words))
    for one in now.by_hand:
        assert now.text[one.start_char : one.end_char] == one.written
        assert before.text[one.from_char : one.to_char] == one.heard
    for spelled in now.corrections:
        assert now.text[spelled.start_char : spelled.end_char] == spelled.written

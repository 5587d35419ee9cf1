from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hireflow_voice.speech.assemble import assemble
from hireflow_voice.speech.heard import HeardChunk, HeardWord
from hireflow_voice.transcript import Transcript

TERMS = ("Redis", "ClickHouse", "write-ahead log", "Postgres")


def chunk(text: str, start_s: float = 0.0, step: float = 0.5) -> HeardChunk:
    words = tuple(HeardWord(w, start_s + n * step, start_s + (n + 1) * step, 0.8) for n, w in enumerate(text.split()))
    return HeardChunk(text, words, "whisper base")


def check(heard: Transcript) -> None:
    """What holds of every transcript."""
    assert [w.text for w in heard.words] == heard.text.split()
    for word in heard.words:
        assert heard.text[word.start_char : word.end_char] == word.text
    times = [t for w in heard.words for t in (w.start_s, w.end_s)]
    assert times == sorted(times)
    for correction in heard.corrections:
        assert heard.text[correction.start_char : correction.end_char] == correction.written


def test_chunks_are_joined_in_order_and_the_raw_text_is_kept() -> None:
    heard = assemble(
        [chunk("We use reddis,"), HeardChunk("", (), "whisper base"), chunk("of course.", 9.0)], TERMS, 12.0
    )
    check(heard)
    assert heard.raw == "We use reddis, of course."
    assert heard.text == "We use Redis, of course."
    assert (heard.seconds, heard.model) == (12.0, "whisper base")
    assert [w.start_s for w in heard.words] == [0.0, 0.5, 1.0, 9.0, 9.5]


def test_words_that_became_one_share_their_time() -> None:
    heard = assemble([chunk("so click house, yes")], TERMS, 4.0)
    check(heard)
    [_, word, _] = heard.words
    assert (word.text, word.start_s, word.end_s) == ("ClickHouse,", 0.5, 1.5)
    [correction] = heard.corrections
    assert heard.span(correction.start_char, correction.end_char) == (0.5, 1.5)


def test_words_that_became_fewer_share_their_time_by_letters() -> None:
    heard = assemble([chunk("the write ahead log grows")], TERMS, 4.0)
    check(heard)
    assert [w.text for w in heard.words] == ["the", "write-ahead", "log", "grows"]
    assert heard.words[1].start_s == 0.5
    assert heard.words[2].end_s == 2.0
    assert heard.words[1].end_s == pytest.approx(0.5 + 1.5 * 11 / 14, abs=0.01)


def test_a_quote_after_a_correction_is_found_at_its_moment() -> None:
    heard = assemble([chunk("we put post gress behind it all")], TERMS, 5.0)
    at = heard.text.index("behind")
    assert heard.span(at, at + 6) == (2.0, 2.5)


def test_chunks_that_overlap_in_time_do_not_send_it_back() -> None:
    check(assemble([chunk("one two"), chunk("three four", 0.7)], (), 3.0))


def test_nothing_heard_is_an_empty_transcript() -> None:
    heard = assemble([], TERMS, 6.0)
    assert (heard.text, heard.raw, heard.words, heard.seconds) == ("", "", (), 6.0)


words = st.sampled_from(
    ["reddis,", "click", "house.", "(post", "gress)", "the", "write", "ahead", "log;", "Redis", "a"]
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(words, min_size=1, max_size=8).map(" ".join), max_size=4))
def test_every_word_stands_in_the_text_where_it_says(texts: list[str]) -> None:
    check(assemble([chunk(t, 5.0 * n) for n, t in enumerate(texts)], TERMS, 30.0))

"""Terms that were written as they sound are put back; ordinary words stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hireflow_voice.evaluation.guards import prepare
from hireflow_voice.evaluation.heard import restored, vocabulary
from hireflow_voice.evaluation.rubric import Answer, Rubric, RubricPoint
from hireflow_voice.transcript import typed
from hireflow_voice.verdict import Signal

TERMS = vocabulary(
    ("The router keeps each packet in a queue until a thread of the proxy has time.", "Arrays and caches of the cache")
)
WORDS = ["the", "a", "pack", "it", "cash", "queue", "thred", "um", "t", "c", "p", "rooter", "router"]


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("the rooter keeps it", "the router keeps it"),
        ("every pack it waits", "every packet waits"),
        ("a thred of it", "a thread of it"),
        ("it has a cash", "it has a cache"),
        ("it is in the cue", "it is in the queue"),
        ("in the proxie", "in the proxy"),
    ],
)
def test_a_term_is_put_back(heard: str, meant: str) -> None:
    assert [word for word, _ in restored(heard.split(), TERMS)] == meant.split()


@pytest.mark.parametrize(
    "text", ["we pack it in a box", "time is what it keeps", "the cook put the cat on the quay", "read the rest later"]
)
def test_ordinary_words_stay(text: str) -> None:
    terms = vocabulary(("The root server reads the port of each class.",))
    assert [word for word, _ in restored(text.split(), terms)] == text.split()


@given(st.lists(st.sampled_from(WORDS), max_size=30))
def test_every_word_is_accounted_for(words: list[str]) -> None:
    out = restored(words, TERMS)
    assert sum(count for _, count in out) == len(words)
    at = 0
    for word, count in out:
        assert word in TERMS or (count == 1 and word == words[at])
        at += count


def test_a_quote_still_shows_what_was_heard() -> None:
    rubric = Rubric("q", "What is it?", (RubricPoint("p", "A packet waits in a queue.", 1, Signal.DEPTH),), 1)
    text = "Every pack it has to wait in there."
    row = prepare(rubric, Answer(rubric.text, typed(text))).row
    assert "packet" in [t.text for t in row]
    assert text[row[1].start : row[1].end] == "pack it"

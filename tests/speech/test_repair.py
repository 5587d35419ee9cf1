from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hireflow_voice.speech.repair import fix_safe, squeeze

TERMS = (
    "Postgres", "Redis", "Kafka", "ClickHouse", "sharding", "write-ahead log", "MVCC", "LSM tree", "PgBouncer",
    "read replica", "B-tree", "conntrack", "WAF", "NIC", "SYN flood", "Rust", "Raft", "Paxos", "linearizability",
    "idempotent", "REST", "Go", "Kubernetes", "async", "DDoS", "C++",
)  # fmt: skip


@pytest.mark.parametrize(
    ("heard", "written"),
    [
        ("we cached it in reddis", "we cached it in Redis"),
        ("we moved to click house last year", "we moved to ClickHouse last year"),
        ("the write ahead log grows", "the write-ahead log grows"),
        ("post gress is fine, really", "Postgres is fine, really"),
        ("the waff rules and the con track table", "the WAF rules and the conntrack table"),
        ("pg bouncer pools the connections", "PgBouncer pools the connections"),
        ("an lsm tree or a b tree", "an LSM tree or a B-tree"),
        ("leaner izability is costly", "linearizability is costly"),
        ("kuber netes restarts it", "Kubernetes restarts it"),
        ("a syn flood, a ddos", "a SYN flood, a DDoS"),
        ("written in c++ and rust", "written in C++ and Rust"),
    ],
)
def test_a_term_that_was_heard_is_spelled_as_the_glossary_spells_it(heard: str, written: str) -> None:
    assert fix_safe(heard, TERMS).text == written


@pytest.mark.parametrize(
    "said",
    [
        "Posts and grass were wet, and the café was red as it is in autumn.",
        "I click the house icon, then part of the key broke and we were charting the trip.",
        "I signed a contract with the client and got a quick reply in the nick of time.",
        "We shared a waffle and a token of thanks, and the rate of the loan was limiting us.",
        "Her pack of socks split down the middle, and the gossip around the office was consistent.",
        "The rest of us go home, and we reset the rusty gate.",
        "We sharded it, and shards are idempotency units; the system is linearizable.",
        "Did you read it? Replica sets are fine. Write. Ahead. Log.",
        "That would be a sin, but the cookies were flooding the kitchen table.",
    ],
)
def test_ordinary_english_is_never_turned_into_a_term(said: str) -> None:
    repaired = fix_safe(said, TERMS)
    assert repaired.text == said
    assert repaired.corrections == ()


def test_each_change_is_listed_with_its_place() -> None:
    text = "First reddis, then click house: reddis again."
    repaired = fix_safe(text, TERMS)
    assert [(c.heard, c.written) for c in repaired.corrections] == [
        ("reddis", "Redis"), ("click house", "ClickHouse"), ("reddis", "Redis"),
    ]  # fmt: skip
    for correction, (start, end) in zip(repaired.corrections, repaired.spans, strict=True):
        assert repaired.text[correction.start_char : correction.end_char] == correction.written
        assert text[start:end] == correction.heard


def test_what_is_written_right_is_not_a_change() -> None:
    text = "Redis, Kafka and a write-ahead log in Go, REST over Rust."
    assert fix_safe(text, TERMS).corrections == ()


def test_no_glossary_no_change() -> None:
    assert fix_safe("reddis", ()).text == "reddis"
    assert fix_safe("reddis", ("", "--")).text == "reddis"
    assert fix_safe("", TERMS).text == ""


def test_squeezing_leaves_what_is_said() -> None:
    assert squeeze("Write-Ahead log") == "writeaheadlog"
    assert squeeze("C++") == "cplusplus"


fragments = st.sampled_from(
    ["reddis", "click", "house", "the", "post", "gress", "Redis", "waff", "rest", ",", ". ", "b", "tree", "ümlaut", "+"]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(fragments, max_size=14).map(" ".join))
def test_repair_changes_only_what_it_lists(text: str) -> None:
    repaired = fix_safe(text, TERMS)
    rebuilt, at = "", 0
    for correction, (start, end) in zip(repaired.corrections, repaired.spans, strict=True):
        rebuilt += text[at:start] + correction.written
        at = end
        assert rebuilt.endswith(correction.written)
        assert len(rebuilt) == correction.end_char
    assert rebuilt + text[at:] == repaired.text
    assert fix_safe(repaired.text, TERMS).text == repaired.text

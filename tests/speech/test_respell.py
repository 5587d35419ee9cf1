from __future__ import annotations

import pytest

from hireflow_voice.speech.respell import AFTER_NUMBER, CASE_MATTERS, TABLE, respell


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("We use Postgres, PostgreSQL and MySQL.", "We use Post gress, Post gress Q L and My S Q L."),
        ("a SYN-ACK after a SYN", "a sin ack after a sin"),
        ("It took 20 ms, or 20ms, says ms Smith.", "It took 20 milliseconds, or 20 milliseconds, says ms Smith."),
        ("TCP/IP and HTTP/3 over QUIC", "TCP IP and HTTP 3 over quick"),
        ("Redis's keys, redis and REDIS", "Reddiss's keys, Reddiss and Reddiss"),
        ("O(n log n), O(n) and O(1)", "big O of n log n, big O of n and big O of one"),
        ("an async/await loop, Redis-backed", "an eigh sink/await loop, Reddiss-backed"),
        ("e.g. JSON vs. YAML", "for example Jason versus yammel"),
    ],
)
def test_names_are_written_as_they_are_said(written: str, spoken: str) -> None:
    assert respell(written) == spoken


@pytest.mark.parametrize(
    "text", ["my syn is not nat", "a waf of smoke", "asynchronous isolated SQLite", "SLOW SLAP", "items", "C++ and Go"]
)
def test_parts_of_words_and_other_cases_are_left_alone(text: str) -> None:
    assert respell(text) == text


def test_the_entries_of_the_table_change_something_and_are_stable() -> None:
    assert len(TABLE) >= 100
    for form, spoken in TABLE.items():
        text = f"20 {form}" if form in AFTER_NUMBER else f"about {form} now"
        said = respell(text)
        assert spoken in said
        assert form not in said.split()
        assert respell(said) == said
    assert set(TABLE) >= CASE_MATTERS | AFTER_NUMBER

"""How times, scores and texts from outside are said."""

from __future__ import annotations

import pytest

from hireflow_voice.records import Delivery
from hireflow_voice.ui import words
from hireflow_voice.verdict import Band, Signal, Verdict


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "0:00"), (38.9, "0:38"), (725, "12:05"), (3723, "1:02:03"), (-4, "0:00")]
)
def test_clock(seconds: float, said: str) -> None:
    assert words.clock(seconds) == said


def test_time_left_never_goes_below_nothing() -> None:
    assert words.left(61) == "1:01 left"
    assert words.left(-3) == "Time is up"


def test_text_from_outside_is_capped_and_cleaned() -> None:
    assert words.plain("a\x00b\u202ec\nd") == "a b c\nd"
    assert len(words.plain("x" * 1_000_000)) == words.LONGEST
    assert words.plain("x" * 30, 10) == "xxxxxxxxx…"
    assert words.one_line(" a\n b\t c ") == "a b c"


def test_every_verdict_signal_and_band_has_its_words() -> None:
    assert set(words.VERDICTS) == set(Verdict)
    assert set(words.SIGNALS) == set(Signal)
    assert set(words.BANDS) == set(Band)


def test_scores_get_a_word_from_thin_to_strong() -> None:
    assert [words.score_word(s) for s in (0.0, 0.34, 0.35, 0.6, 0.8, 1.0)] == [
        "thin", "thin", "partial", "solid", "strong", "strong",
    ]  # fmt: skip


def test_delivery_says_about_and_leaves_out_what_was_not_measured() -> None:
    full = dict(words.delivery(Delivery(2.4, 148.2, 3, ((9.0, 11.2), (20.0, 21.4)), 24.0, 129.0)))
    assert full["Time to first word"] == "about 2 s"
    assert full["Pace"] == "about 148 words a minute"
    assert full["Pauses of a second or more"] == "2, the longest about 2 s"
    assert full["Length"] == "about 2 min"
    short = dict(words.delivery(Delivery(None, None, 0, (), 1.0, 1.0)))
    assert "Pace" not in short
    assert short["Fillers"] == "none noticed"


def test_a_date_that_is_none_is_shown_as_it_stands() -> None:
    assert words.when("yesterday") == "yesterday"
    assert words.when("2026-11-23T17:42:03+00:00").endswith("2026, 17:42") or "Nov 2026" in words.when(
        "2026-11-23T17:42:03+00:00"
    )


def test_sizes_and_counts() -> None:
    assert words.megabytes(240_000_000) == "240 MB"
    assert words.megabytes(1_240_000_000) == "1.2 GB"
    assert words.count(1, "question") == "1 question"
    assert words.flag("talks-about-grading") == "Talks about grading"

"""How times, scores and texts from outside are said."""

from __future__ import annotations

import pytest

from hireflow_voice.report import words as report_words
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


def test_the_window_and_a_report_say_the_same_words() -> None:
    for ours, theirs in (
        (words.SIGNALS, report_words.SIGNALS),
        (words.MARKS, report_words.MARKS),
        (words.TAKES, report_words.TAKES),
        (words.COMMANDS, report_words.COMMANDS),
    ):
        assert ours == theirs


def test_scores_get_a_word_from_thin_to_strong() -> None:
    assert [words.score_word(s) for s in (0.0, 0.34, 0.35, 0.6, 0.8, 1.0)] == [
        "thin", "thin", "partial", "solid", "strong", "strong",
    ]  # fmt: skip


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

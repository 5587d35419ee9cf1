"""A person and the judge: counted only where both have spoken."""

from __future__ import annotations

from hireflow_voice.records import CallRecord, MentorReview
from hireflow_voice.report import agreement
from hireflow_voice.verdict import Verdict


def test_only_points_that_both_scored_are_counted(record: CallRecord) -> None:
    """The judge says bucket covered, skew partly, cost missing."""
    given = {"bucket": Verdict.COVERED, "skew": Verdict.COVERED, "unknown": Verdict.MISSING}
    found = agreement(
        record, MentorReview("00000001", points={"rate-limiter": given, "dns": {"bucket": Verdict.MISSING}})
    )
    assert (found.both, found.same) == (2, 1)
    assert found.table == {(Verdict.COVERED, Verdict.COVERED): 1, (Verdict.COVERED, Verdict.PARTLY): 1}
    (one,) = found.differences
    assert (one.question, one.number, one.mentor, one.judge) == (
        "rate-limiter", 1, Verdict.COVERED, Verdict.PARTLY,
    )  # fmt: skip


def test_the_widest_difference_comes_first(record: CallRecord) -> None:
    given = {"skew": Verdict.COVERED, "cost": Verdict.COVERED, "bucket": Verdict.PARTLY}
    found = agreement(record, MentorReview("00000001", points={"rate-limiter": given}))
    assert (found.differences[0].mentor, found.differences[0].judge) == (Verdict.COVERED, Verdict.MISSING)
    assert found.same == 0


def test_nothing_scored_is_no_agreement(record: CallRecord) -> None:
    assert agreement(record, MentorReview("00000001")).both == 0

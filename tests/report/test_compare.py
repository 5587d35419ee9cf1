"""Two answers to one question: what was gained, what was lost, how the delivery changed."""

from __future__ import annotations

from dataclasses import replace

from hireflow_voice.records import CallRecord, Delivery
from hireflow_voice.report import answer_of, compare
from hireflow_voice.verdict import Judgement, Verdict


def changed(record: CallRecord, question: str, **verdicts: Verdict) -> CallRecord:
    """The same call with other verdicts for some points."""

    def other(judgement: Judgement) -> Judgement:
        points = tuple(replace(p, verdict=verdicts.get(p.point, p.verdict)) for p in judgement.points)
        return replace(judgement, points=points)

    return replace(record, judgements=tuple(other(j) if j.question == question else j for j in record.judgements))


def test_a_point_that_went_up_is_gained_and_one_that_went_down_is_lost(record: CallRecord) -> None:
    judgement = next(j for j in record.judgements if len(j.points) > 1)
    question = next(q for q in record.header.questions if q.id == judgement.question)
    ids = [p.point for p in judgement.points]
    before = changed(record, question.id, **{ids[0]: Verdict.MISSING, ids[1]: Verdict.COVERED})
    after = changed(record, question.id, **{ids[0]: Verdict.PARTLY, ids[1]: Verdict.MISSING})
    found = compare(question, before, after)
    texts = {p.id: p.text for p in question.key_points}
    assert (found.judged, found.gained, found.lost) == (True, (texts[ids[0]],), (texts[ids[1]],))
    assert found.kept == len(judgement.points) - 2
    same = compare(question, record, record)
    assert (same.gained, same.lost, same.kept) == ((), (), len(judgement.points))


def test_without_a_verdict_on_both_sides_nothing_is_gained_or_lost(record: CallRecord) -> None:
    question = next(
        q for q in record.header.questions if any(j.question == q.id and j.points for j in record.judgements)
    )
    found = compare(question, record, replace(record, judgements=()))
    assert (found.judged, found.gained, found.lost, found.kept) == (False, (), (), 0)


def test_delivery_is_told_in_approximate_words(record: CallRecord) -> None:
    question = next(q for q in record.header.questions if answer_of(record, q.id) is not None)

    def said(delivery: Delivery | None) -> CallRecord:
        takes = tuple(replace(t, delivery=delivery) if t.question == question.id else t for t in record.takes)
        return replace(record, takes=takes)

    one, two = Delivery(1.0, 148.0, 3, ((1.0, 3.0),), 20.0, 30.4), Delivery(1.0, 121.0, 1, (), 40.0, 52.0)
    assert compare(question, said(one), said(two)).delivery == (
        "Length: 30 s, then 52 s.",
        "Words a minute: about 150, then about 120.",
        "Fillers noticed: 3, then 1.",
        "Silences of a second or more: 1, then 0.",
    )
    assert compare(question, said(one), said(None)).delivery == ()

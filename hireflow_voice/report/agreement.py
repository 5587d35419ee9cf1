"""How far a person and the judge see the same in a call."""

from __future__ import annotations

from dataclasses import dataclass

from hireflow_voice.records import CallRecord, MentorReview
from hireflow_voice.report.compare import judgement_of
from hireflow_voice.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Difference:
    """A key point on which they do not agree."""

    question: str
    number: int
    """Of the question, as listed."""
    text: str
    mentor: Verdict
    judge: Verdict


@dataclass(frozen=True, slots=True)
class Agreement:
    """Counted over the key points that both have scored."""

    both: int
    same: int
    table: dict[tuple[Verdict, Verdict], int]
    """(mentor, judge) -> how often."""
    differences: tuple[Difference, ...]
    """The widest apart first: covered against missing, then those beside each other."""


_RANK = {Verdict.MISSING: 0, Verdict.PARTLY: 1, Verdict.COVERED: 2}


def agreement(record: CallRecord, review: MentorReview) -> Agreement:
    """Pure. Points that the call does not know are left out: scores come from a file."""
    table: dict[tuple[Verdict, Verdict], int] = {}
    differences: list[Difference] = []
    for number, question in enumerate(record.header.questions, start=1):
        judgement = judgement_of(record, question.id)
        judged = {p.point: p.verdict for p in judgement.points} if judgement is not None else {}
        given = review.points.get(question.id, {})
        for point in question.key_points:
            if point.id in judged and point.id in given:
                pair = given[point.id], judged[point.id]
                table[pair] = table.get(pair, 0) + 1
                if pair[0] is not pair[1]:
                    differences.append(Difference(question.id, number, point.text, *pair))
    differences.sort(key=lambda one: -abs(_RANK[one.mentor] - _RANK[one.judge]))
    same = sum(number for (mentor, judge), number in table.items() if mentor is judge)
    return Agreement(sum(table.values()), same, table, tuple(differences))

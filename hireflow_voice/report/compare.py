"""Two answers to one question, side by side: which key points came and went, and how the delivery changed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hireflow_voice.records import CallRecord, Delivery, QuestionRecord, TakeKind, TakeRecord
from hireflow_voice.verdict import Judgement, Verdict

_RANK = {Verdict.MISSING: 0, Verdict.PARTLY: 1, Verdict.COVERED: 2}


@dataclass(frozen=True, slots=True)
class Comparison:
    """What became different from the first answer to the second."""

    judged: bool
    """Whether both have verdicts; without them nothing is gained or lost."""
    gained: tuple[str, ...]
    """Key points, in words, that went up: missing to partly or covered, partly to covered."""
    lost: tuple[str, ...]
    kept: int
    """How many key points have the same verdict."""
    delivery: tuple[str, ...]
    """Sentences; approximate, and part of no score."""


def judgement_of(record: CallRecord, question: str) -> Judgement | None:
    """The judgement of a question over all its takes, if there is one with verdicts."""
    return next((j for j in record.judgements if j.question == question and not j.failed), None)


def answer_of(record: CallRecord, question: str) -> TakeRecord | None:
    """The take that answers a question first, follow-ups left out."""
    takes = [t for t in record.takes if t.question == question and t.kind is TakeKind.ANSWER]
    return next((t for t in takes if t.answers_question), takes[0] if takes else None)


def attempts(record: CallRecord, question: str) -> tuple[CallRecord, ...]:
    """The takes of one answer that was given again within a call, each as if it were all the call had; empty when none
    was. Of a problem in stages those of the stage that was taken again last."""
    takes = [t for t in record.takes if t.question == question and t.kind is TakeKind.ANSWER and t.answers_question]
    again = [t for t in takes if t.attempt > 1]
    if not again:
        return ()
    found = []
    for take in takes:
        if take.asked == again[-1].asked:
            judged = (take.judgement,) if take.judgement is not None else ()
            quotes = {p.point: take.id for j in judged for p in j.points if p.quote is not None}
            found.append(replace(record, takes=(take,), judgements=judged, quote_takes={question: quotes}, form=None))
    return tuple(found)


def compare(question: QuestionRecord, first: CallRecord, second: CallRecord) -> Comparison:
    """Pure. Points are matched by id; one that only one of the calls knows is left out."""
    one, two = judgement_of(first, question.id), judgement_of(second, question.id)
    before = {p.point: _RANK[p.verdict] for p in one.points} if one else {}
    after = {p.point: _RANK[p.verdict] for p in two.points} if two else {}
    both = [p for p in question.key_points if p.id in before and p.id in after]
    takes = answer_of(first, question.id), answer_of(second, question.id)
    return Comparison(
        judged=one is not None and two is not None,
        gained=tuple(p.text for p in both if after[p.id] > before[p.id]),
        lost=tuple(p.text for p in both if after[p.id] < before[p.id]),
        kept=sum(after[p.id] == before[p.id] for p in both),
        delivery=_delivery(*(take.delivery if take else None for take in takes)),
    )


def _delivery(one: Delivery | None, two: Delivery | None) -> tuple[str, ...]:
    if one is None or two is None:
        return ()
    said = [f"Length: {round(one.answer_s)} s, then {round(two.answer_s)} s."]
    if one.words_per_minute is not None and two.words_per_minute is not None:
        pace = [round(wpm / 10) * 10 for wpm in (one.words_per_minute, two.words_per_minute)]
        said.append(f"Words a minute: about {pace[0]}, then about {pace[1]}.")
    said.append(f"Fillers noticed: {one.fillers}, then {two.fillers}.")
    said.append(f"Silences of a second or more: {len(one.long_silences)}, then {len(two.long_silences)}.")
    return tuple(said)

"""A question answered again: a short call of its own, tied to the one it comes from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace

from hireflow_voice.app.api import CallOptions, RoundInfo
from hireflow_voice.bank.models import Bank, Company
from hireflow_voice.errors import HireFlowError, InputError, NotFound
from hireflow_voice.records import CallHeader, CallRecord
from hireflow_voice.store.calls import Store

AGAIN = "one question again"
"""Stands behind the round's title, so that a list of calls tells a retake from a whole call."""


def first_of(store: Store, call: str) -> CallHeader:
    """The header of the call that a retake of `call` belongs to: a retake of a retake is one of the same call.

    Raises NotFound.
    """
    header = store.load(call).header
    if header.retake_of:
        with suppress(NotFound):
            return store.load(header.retake_of).header
    return header


def options_for(
    first: CallHeader,
    options: CallOptions,
    rounds: Sequence[RoundInfo],
    bank: Callable[[str, str], tuple[Company, Bank]],
) -> CallOptions:
    """`options` with the company and the round that hold these questions now. Raises InputError, NotFound."""
    if not options.question_ids:
        raise InputError("Say which question is to be answered again.", "Name one of that call.")
    # The call's own round first: a question may stand in several.
    title = first.round.removesuffix(f", {AGAIN}")
    for info in sorted(rounds, key=lambda r: (r.company_title != first.company, r.title != title)):
        known = {question.id for question in bank(info.company, info.round)[1].questions}
        if known.issuperset(options.question_ids):
            return replace(options, company=info.company, round=info.round)
    raise NotFound(
        "This question is in no bank any more, so nobody can ask it.", "Your recording of it is kept and can be heard."
    )


def header_of(first: CallHeader, header: CallHeader) -> CallHeader:
    """The header of a retake: its questions as they stood in the first call, so that both are judged alike."""
    before = {question.id: question for question in first.questions}

    def same(question: str) -> bool:
        return question in before and {p.id for p in before[question].key_points} == points[question]

    points = {q.id: {p.id for p in q.key_points} for q in header.questions}
    questions = tuple(before[q.id] if same(q.id) else q for q in header.questions)
    return replace(header, questions=questions, round=f"{header.round}, {AGAIN}", retake_of=first.id)


def family(store: Store, call: str) -> tuple[str, ...]:
    """Ids of a call and of every retake of its questions, oldest first, whichever `call` is. Raises NotFound."""
    header = store.load(call).header
    first = header.retake_of or header.id
    others = {take.call for question in header.questions for take in store.history(question.id)} - {first, call}
    if header.retake_of:
        # Other questions of the first call may have been taken again as well.
        with suppress(NotFound):
            asked = store.load(first).header.questions
            others |= {take.call for q in asked for take in store.history(q.id)} - {first, call}
    found: list[CallRecord] = []
    for one in {first, call, *others}:
        try:
            record = store.load(one)
        except HireFlowError:
            continue  # deleted, or of a newer version: nothing to set beside
        if one in (first, call) or record.header.retake_of == first:
            found.append(record)
    return tuple(r.header.id for r in sorted(found, key=lambda r: (bool(r.header.retake_of), r.header.id)))

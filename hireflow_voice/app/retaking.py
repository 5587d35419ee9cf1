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


def family(store: Store, call: str) -> tuple[CallRecord, ...]:
    """A call and every retake of its questions, oldest first, whichever `call` is; each read once. Raises NotFound."""
    read: dict[str, CallRecord] = {call: store.load(call)}

    def load(one: str) -> CallRecord | None:
        if one not in read:
            try:
                read[one] = store.load(one)
            except HireFlowError:
                return None  # deleted, or of a newer version: nothing to set beside
        return read[one]

    first = read[call].header.retake_of or call
    load(first)
    # The title tells a retake from any other call without reading it: somebody who practises has hundreds.
    for summary in store.calls():
        if summary.round.endswith(f", {AGAIN}"):
            load(summary.id)
    found = [r for r in read.values() if r.header.id in (first, call) or r.header.retake_of == first]
    return tuple(sorted(found, key=lambda r: (bool(r.header.retake_of), r.header.id)))

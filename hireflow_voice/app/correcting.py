"""A misheard word put right: written down first, then the answer is judged again as if it had been heard so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hireflow_voice.app import desk as desks
from hireflow_voice.app.api import Undo, WordChange
from hireflow_voice.app.desk import Desk
from hireflow_voice.errors import InputError, NotFound
from hireflow_voice.records import CallRecord, TakeRecord
from hireflow_voice.speech import by_hand
from hireflow_voice.store.folder import CallFolder


def write(record: CallRecord, take: str, change: WordChange | Undo, folder: CallFolder) -> CallRecord:
    """Keep a change; the record with it. The take's verdict goes: its quotes are places in a text that is no more.

    Raises NotFound, InputError, DiskFull, DataFolderUnusable.
    """
    old = next((one for one in record.takes if one.id == take), None)
    if old is None:
        raise NotFound(f"The call {record.header.id} has no answer named {take[:80]!r}.")
    if old.transcript is None:
        raise InputError("This answer has not been transcribed yet.", "Judge the call again first.")
    if isinstance(change, Undo):
        transcript = by_hand.undo(old.transcript, change.number)
    else:
        transcript = by_hand.correct(old.transcript, change.start_char, change.end_char, change.written)
    return _kept(record, replace(old, transcript=transcript, judgement=None), folder)


def judge(record: CallRecord, take: str, desk: Desk, folder: CallFolder, stopped: Callable[[], bool]) -> None:
    """Judge one answer and add up the call again. Slow; nothing is kept once `stopped`."""
    now = next(one for one in record.takes if one.id == take)
    question = next((q for q in record.header.questions if q.id == now.question), None)
    if question is None or not desks.is_answer(now):
        return
    judgement = desks.verdict(desk, now, desks.rubric_of(question), stopped)
    if judgement is not None:
        _kept(record, replace(now, judgement=judgement), folder)


def _kept(record: CallRecord, take: TakeRecord, folder: CallFolder) -> CallRecord:
    takes = tuple(take if one.id == take.id else one for one in record.takes)
    judgements, places, form = desks.results(record.header, takes)
    folder.save_take(take)
    if record.form is None:  # broken off: it is added up when everything is judged
        return replace(record, takes=takes, judgements=judgements, quote_takes=places)
    folder.save_result(judgements, places, form)
    return replace(record, takes=takes, judgements=judgements, quote_takes=places, form=form)

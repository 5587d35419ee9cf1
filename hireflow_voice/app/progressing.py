"""Everything the Progress page shows, out of the calls that are kept and the banks that are there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from hireflow_voice.app.api import CallOptions
from hireflow_voice.app.retaking import AGAIN
from hireflow_voice.errors import HireFlowError
from hireflow_voice.preparation.memory import Remembered, Seen, remembered
from hireflow_voice.progress.history import Filter, Result, results
from hireflow_voice.records import CallRecord
from hireflow_voice.verdict import Verdict

if TYPE_CHECKING:
    from hireflow_voice.app.application import Application

PRACTICE_MINUTES = 6.0
"""Of a call with one question in it."""
AT_ONCE = 3
"""Questions of one practice call out of what is due."""


@dataclass(frozen=True, slots=True)
class WeakPoint:
    """A key point that was left out or only touched on when it was judged last."""

    company: str
    round: str
    """Titles."""
    question: str
    """Id in its bank."""
    asked: str
    """The question's words."""
    text: str
    """The key point's words."""
    last: Verdict
    times: int
    """How often it was judged."""
    due: date
    options: CallOptions | None
    """The call that practises it; None when no bank has the question any more."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What the calls so far add up to."""

    companies: tuple[str, ...]
    """Titles of every call that counts, whatever the filter."""
    rounds: tuple[str, ...]
    """Of the filter's company, or of all."""
    calls: tuple[Result, ...]
    """Those that pass the filter, the oldest first."""
    weak: tuple[WeakPoint, ...]
    """The weakest first."""
    due_points: int = 0
    """Key points that are due for another look today."""
    due: CallOptions | None = None
    """A call with the questions of the first of them."""


def progress(app: Application, chosen: Filter, now: datetime) -> Progress:
    """Slow: reads every call. Raises QuestionBankError."""
    own = [record for summary in app.calls() if not summary.demo and (record := _load(app, summary.id)) is not None]
    every = results(own)
    seen: list[Seen] = []
    said: dict[tuple[str, str], tuple[CallRecord, str, str]] = {}
    for record in sorted(own, key=lambda one: one.header.id):
        at = _moment(record)
        if at is None or not chosen.takes(record.header.company, _base(record), at):
            continue
        for judgement in record.judgements:
            question = next((q for q in record.header.questions if q.id == judgement.question), None)
            if question is None:
                continue
            words = {point.id: point.text for point in question.key_points}
            for point in judgement.points:
                seen.append(Seen(at, f"{record.header.company}/{question.id}", point.point, point.verdict))
                said[f"{record.header.company}/{question.id}", point.point] = (
                    record,
                    question.text,
                    words.get(point.point, point.point),
                )
    memory = remembered(seen, now)
    banks = _banks(app)
    due = [one for one in memory if one.due <= now.date() and one.question in banks]
    return Progress(
        companies=tuple(sorted({one.company for one in every})),
        rounds=tuple(sorted({one.round for one in every if chosen.company in ("", one.company)})),
        calls=tuple(one for one in every if chosen.takes(one.company, one.round, one.at)),
        weak=_weak(memory, said, banks),
        due_points=len(due),
        due=_practice([one.question for one in due], banks),
    )


def _load(app: Application, call: str) -> CallRecord | None:
    try:
        return app.call(call)
    except HireFlowError:
        return None  # deleted meanwhile, or written by a newer version: no result that could be counted


def _moment(record: CallRecord) -> datetime | None:
    try:
        return datetime.fromisoformat(record.header.started).astimezone()
    except ValueError:
        return None


def _base(record: CallRecord) -> str:
    """The round's title, also of a question that was answered again."""
    return record.header.round.removesuffix(f", {AGAIN}")


def _banks(app: Application) -> dict[str, tuple[str, str]]:
    """Company's title / question id -> (company, round), ids."""
    found: dict[str, tuple[str, str]] = {}
    for info in app.rounds():
        for question in app.bank(info.company, info.round)[1].questions:
            found.setdefault(f"{info.company_title}/{question.id}", (info.company, info.round))
    return found


def _practice(questions: list[str], banks: dict[str, tuple[str, str]]) -> CallOptions | None:
    """A call with the first few of these questions that one round has."""
    if not questions:
        return None
    company, round_ = banks[questions[0]]
    own = [q.rpartition("/")[2] for q in questions if banks[q] == (company, round_)]
    ids = tuple(dict.fromkeys(own))[:AT_ONCE]
    return CallOptions(company, round_, len(ids), PRACTICE_MINUTES * len(ids), question_ids=ids)


def _weak(
    memory: tuple[Remembered, ...],
    said: dict[tuple[str, str], tuple[CallRecord, str, str]],
    banks: dict[str, tuple[str, str]],
) -> tuple[WeakPoint, ...]:
    weak = [one for one in memory if one.last is not Verdict.COVERED]
    weak.sort(key=lambda one: (one.last is not Verdict.MISSING, -one.times, one.recall, one.question, one.point))
    found = []
    for one in weak:
        record, asked, text = said[one.question, one.point]
        options = _practice([one.question], banks) if one.question in banks else None
        found.append(
            WeakPoint(
                record.header.company,
                _base(record),
                one.question.rpartition("/")[2],
                asked,
                text,
                one.last,
                one.times,
                one.due,
                options,
            )
        )
    return tuple(found)

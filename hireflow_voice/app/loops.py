"""A full loop: every round of a company over days, the calls that were held in it, and the debrief across them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from hireflow_voice.app.api import CallOptions
from hireflow_voice.errors import HireFlowError, InputError, NotFound
from hireflow_voice.preparation.plan import Kind
from hireflow_voice.records import CallRecord, CallState, Loop, LoopStep
from hireflow_voice.report.debrief import Debrief, RoundCall, as_json, as_markdown, debrief
from hireflow_voice.store.calls import new_call_id

if TYPE_CHECKING:
    from hireflow_voice.app.application import Application


@dataclass(frozen=True, slots=True)
class LoopStatus:
    """A loop and how far it is."""

    loop: Loop
    calls: tuple[str, ...]
    """For each step the id of the call that stands for it; empty while there is none."""
    next: CallOptions | None
    """The call of the first round that was not held yet; None when all were."""


def start(app: Application, company: str, now: datetime) -> LoopStatus:
    """Begin a loop. Slow. Raises NotFound, QuestionBankError, DataFolderUnusable."""
    rounds = [info for info in app.rounds() if info.company == company]
    if not rounds:
        raise NotFound(f"There is no company {company!r}.", "`hireflow-voice questions list` names what there is.")
    days = _days(app, company, len(rounds), now)
    loop = Loop(
        id=new_call_id(now),
        started=now.isoformat(timespec="seconds"),
        company=company,
        title=rounds[0].company_title,
        steps=tuple(LoopStep(info.round, info.title, day.isoformat()) for info, day in zip(rounds, days, strict=True)),
    )
    app.loops.save(loop)
    return _status(app, loop)


def newest(app: Application) -> LoopStatus | None:
    """The loop that was begun last. Slow: reads its calls."""
    loop = next(iter(app.loops.all()), None)
    return _status(app, loop) if loop is not None else None


def debriefed(app: Application, form: str) -> str:
    """The debrief of the newest loop as md or json. Raises NotFound, InputError."""
    made = made_debrief(app)
    if form not in ("md", "json"):
        raise InputError(f"A debrief cannot be written as {form!r}.", "Choose md or json.")
    return as_json(made) if form == "json" else as_markdown(made)


def made_debrief(app: Application) -> Debrief:
    """The debrief of the newest loop. Raises NotFound."""
    loop = next(iter(app.loops.all()), None)
    if loop is None:
        raise NotFound("No full loop was begun yet.", "`hireflow-voice loop start` begins one.")
    return debrief(loop, [RoundCall(step, call) for step, call in zip(loop.steps, _calls(app, loop), strict=True)])


def _status(app: Application, loop: Loop) -> LoopStatus:
    calls = _calls(app, loop)
    open_ = next((step for step, call in zip(loop.steps, calls, strict=True) if call is None), None)
    return LoopStatus(
        loop,
        tuple(call.header.id if call is not None else "" for call in calls),
        CallOptions(loop.company, open_.round, questions=None, minutes=None, loop=loop.id) if open_ else None,
    )


def _calls(app: Application, loop: Loop) -> list[CallRecord | None]:
    """For each round the newest of its calls that came to an end; a round may be held again."""
    found: dict[str, CallRecord] = {}
    for summary in app.calls():  # newest first
        if summary.company != loop.title or summary.state is CallState.RUNNING:
            continue
        try:
            record = app.call(summary.id)
        except HireFlowError:
            continue  # deleted meanwhile, or of a newer version
        if record.header.loop == loop.id:
            found.setdefault(record.header.round, record)
    return [found.get(step.title) for step in loop.steps]


def _days(app: Application, company: str, count: int, now: datetime) -> list[date]:
    """A day for each round: those on which the preparation plan has calls, where an interview with this company is set;
    else one round a day from today."""
    planned: list[date] = []
    if app.settings.interview_company == company:
        from hireflow_voice.app.today import preparation

        try:
            made = preparation(app, now)
        except InputError:
            pass  # the interview is over
        else:
            calls = (Kind.CALL, Kind.REHEARSAL)
            planned = [day.date for day in made.plan.days if any(item.kind in calls for item in day.items)]
    if not planned:
        return [now.date() + timedelta(days=number) for number in range(count)]
    return [planned[number * len(planned) // count] for number in range(count)]

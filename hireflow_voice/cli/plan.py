"""`hireflow-voice plan`: what to practise on which day until the interview."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

from hireflow_voice.errors import InputError, NotFound
from hireflow_voice.preparation.calendar import ics
from hireflow_voice.preparation.plan import Day, Kind

if TYPE_CHECKING:
    from hireflow_voice.app.application import Application
    from hireflow_voice.app.preparing import Preparation

_KINDS = {Kind.DRILL: "drill", Kind.CALL: "call", Kind.REHEARSAL: "rehearsal", Kind.REST: "rest"}


def made(app: Application, company: str, interview: str, minutes: float, now: datetime) -> Preparation:
    """The plan for an ISO date. Raises InputError, NotFound."""
    from hireflow_voice.app.preparing import prepare

    try:
        day = datetime.strptime(interview, "%Y-%m-%d").replace(tzinfo=now.tzinfo).date()
    except ValueError as error:
        raise InputError(f"{interview!r} is no date.", "Write it as 2027-01-31.") from error
    rounds = [info for info in app.rounds() if info.company == company]
    if not rounds:
        raise NotFound(f"There is no company {company!r}.", "`hireflow-voice questions list` names what there is.")
    banks = [app.bank(company, info.round)[1] for info in rounds]
    return prepare(banks, rounds[0].company_title, app, day, minutes, now)


def as_text(preparation: Preparation) -> str:
    """For people: one line an item, the words of the questions that are drilled below it."""
    plan = preparation.plan
    lines = [f"{preparation.company}: {plan.days_left} days left, {plan.minutes_a_day:g} minutes a day.", ""]
    for day in plan.days:
        lines += _day(day, preparation)
    return "\n".join(lines)


def as_json(preparation: Preparation) -> str:
    """For programs."""
    data = asdict(preparation.plan) | {"memory": [asdict(one) for one in preparation.memory]}
    return json.dumps(data, indent=2, ensure_ascii=False, default=str)


def as_calendar(preparation: Preparation, now: datetime) -> bytes:
    """For calendar programs."""
    assert now.tzinfo is not None
    return ics(preparation.plan, preparation.titles, preparation.company, now.tzinfo)


def _day(day: Day, preparation: Preparation) -> list[str]:
    lines = []
    for number, item in enumerate(day.items):
        when = day.date.strftime("%a %d %b") if number == 0 else ""
        minutes = f"{item.minutes:3.0f} min" if item.minutes else "       "
        what = preparation.titles.get(item.round, "")
        lines.append(f"{when:10}  {minutes}  {_KINDS[item.kind]:9}  {what}{': ' if what else ''}{item.why}")
        lines += [f"{'':32}- {preparation.questions[question]}" for question in item.questions]
    return lines

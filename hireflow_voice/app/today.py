"""What the plan asks for today, as calls that can be started, and the plan for calendar programs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from hireflow_voice.app.api import CallOptions, usual
from hireflow_voice.app.preparing import Preparation, prepare
from hireflow_voice.errors import InputError
from hireflow_voice.preparation.plan import Item, Kind

if TYPE_CHECKING:
    from hireflow_voice.app.application import Application


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do today."""

    kind: Kind
    title: str
    """Of the round; empty for a rest."""
    minutes: float
    why: str
    """One sentence."""
    questions: tuple[str, ...] = ()
    """The words of the questions, where they are chosen already."""
    options: CallOptions | None = None
    """The call that does it; None for a rest."""


@dataclass(frozen=True, slots=True)
class Today:
    """Today's part of the plan."""

    company: str
    """Title."""
    interview: date
    days_left: int
    """0 on the day itself, negative when it is over."""
    minutes_a_day: int
    practised: float = 0.0
    """Minutes of today's calls."""
    from_results: bool = False
    """Whether calls that were judged have shaped the plan."""
    steps: tuple[Step, ...] = ()
    """What is left of today, in order; none when it is done."""


def today(app: Application, now: datetime) -> Today | None:
    """None when no interview is set. Slow: reads every call. Raises QuestionBankError."""
    chosen = app.settings
    company = chosen.interview_company
    info = usual(app.rounds(), company) or usual(app.rounds())
    interview = _day(chosen.interview_date)
    if interview is None or info is None:
        return None
    left = (interview - now.date()).days
    bare = Today(info.company_title, interview, left, chosen.minutes_a_day)
    if left <= 0:
        return bare
    made = preparation(app, now)
    steps = tuple(_step(made, item, info.company) for item in made.today)
    return Today(info.company_title, interview, left, chosen.minutes_a_day, made.practised, bool(made.memory), steps)


def calendar(app: Application, now: datetime) -> bytes:
    """The plan as an iCalendar file. Slow. Raises InputError when no interview is set or it is over."""
    from hireflow_voice.preparation.calendar import ics

    made = preparation(app, now)
    assert now.tzinfo is not None
    return ics(made.plan, made.titles, made.company, now.tzinfo)


def preparation(app: Application, now: datetime) -> Preparation:
    """The plan for the interview that is set. Slow. Raises InputError when none is, or it is over."""
    chosen = app.settings
    rounds = app.rounds()
    info = usual(rounds, chosen.interview_company) or usual(rounds)
    interview = _day(chosen.interview_date)
    if interview is None or info is None:
        raise InputError("No interview is set, so there is nothing to plan.", "Give its date first.")
    banks = [app.bank(one.company, one.round)[1] for one in rounds if one.company == info.company]
    return prepare(banks, info.company_title, app, interview, float(chosen.minutes_a_day), now)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None  # none is set, or a day that does not exist (settings.toml is written by people, too)


def _step(made: Preparation, item: Item, company: str) -> Step:
    if item.kind is Kind.REST:
        return Step(item.kind, "", 0.0, item.why)
    options = CallOptions(company, item.round, len(item.questions) or None, item.minutes, question_ids=item.questions)
    words = tuple(made.questions[question] for question in item.questions)
    return Step(item.kind, made.titles[item.round], item.minutes, item.why, words, options)

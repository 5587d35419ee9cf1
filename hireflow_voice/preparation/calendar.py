"""The plan as an iCalendar file (RFC 5545), for any calendar program."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta, tzinfo

from icalendar import Calendar, Event

from hireflow_voice.preparation.plan import Kind, Plan

START = time(18, 0)
"""When practice begins; a calendar lets it be moved."""
TITLES = {Kind.DRILL: "Practise due points", Kind.CALL: "Practice call", Kind.REHEARSAL: "Dress rehearsal"}


def ics(plan: Plan, titles: Mapping[str, str], company: str, zone: tzinfo, start: time = START) -> bytes:
    """One event per item and one for the interview. `titles`: round id -> title; times are in `zone`.

    The same plan gives the same bytes, so that importing it again replaces the events.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//HireFlow Voice//Preparation//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"Interview preparation: {company}")
    stamp = datetime(plan.interview.year, 1, 1, tzinfo=zone)
    for day in plan.days:
        at = datetime.combine(day.date, start, zone)
        for number, item in enumerate(day.items):
            if item.kind is Kind.REST:
                continue
            event = Event()
            event.add("uid", f"{day.date.isoformat()}-{number}@hireflow-voice")
            event.add("dtstamp", stamp)
            event.add("dtstart", at)
            at += timedelta(minutes=item.minutes)
            event.add("dtend", at)
            event.add("summary", f"{TITLES[item.kind]}: {titles.get(item.round, item.round)}")
            event.add("description", item.why)
            calendar.add_component(event)
    event = Event()
    event.add("uid", f"{plan.interview.isoformat()}-interview@hireflow-voice")
    event.add("dtstamp", stamp)
    event.add("dtstart", plan.interview)
    event.add("summary", f"Interview: {company}")
    calendar.add_component(event)
    return bytes(calendar.to_ical())

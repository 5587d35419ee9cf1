"""The debrief of a full loop: one decision by rules, what repeated, and nothing made up for a round that is missing."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from hireflow_voice.records import CallRecord, Loop, LoopStep
from hireflow_voice.report.debrief import Debrief, RoundCall, as_json, as_markdown, debrief
from hireflow_voice.verdict import Band, Form, Signal, SignalMark

S, H, N, W, X = Band.STRONG_HIRE, Band.HIRE, Band.NO_HIRE, Band.STRONG_NO_HIRE, Band.NOT_ENOUGH
TITLES = ("Recruiter", "Phone", "Design", "Values")


def made(record: CallRecord, bands: tuple[Band | None, ...], marks: tuple[dict[Signal, int], ...] = ()) -> Debrief:
    steps = tuple(LoopStep(t.lower(), t, "2026-11-25") for t in TITLES[: len(bands)])
    loop = Loop("20261125-100000-abcd", "2026-11-25T10:00:00+00:00", "acme", "Acme", steps)
    rounds = []
    for number, (step, band) in enumerate(zip(steps, bands, strict=True)):
        own = marks[number] if marks else {}
        signals = tuple(SignalMark(signal, mark, "") for signal, mark in own.items())
        form = Form(signals, band or X, None, f"Reason {number}.", 1, 1)
        rounds.append(RoundCall(step, replace(record, form=form, judgements=()) if band is not None else None))
    return debrief(loop, rounds)


@pytest.mark.parametrize(
    ("bands", "decision"),
    [
        ((H, H, H), H),
        ((S, S, H, H), S),
        ((S, H, H), H),
        ((H, N, H), N),
        ((S, N, H), H),
        ((N, S, N), N),
        ((S, S, W), N),
        ((H, X, H), X),
        ((H, None, H), X),
        ((W, None), X),
    ],
)
def test_the_decision_follows_the_rules(record: CallRecord, bands: tuple[Band | None, ...], decision: Band) -> None:
    found = made(record, bands)
    assert found.decision is decision
    assert found.reason


def test_a_weak_side_that_shows_twice_is_not_made_up_for(record: CallRecord) -> None:
    once = ({Signal.DEPTH: 4}, {Signal.OPERATIONS: 1}, {Signal.OPERATIONS: 3})
    twice = ({Signal.DEPTH: 4}, {Signal.OPERATIONS: 1}, {Signal.OPERATIONS: 2})
    assert made(record, (S, N, H), once).decision is H
    found = made(record, (S, N, H), twice)
    assert found.decision is N
    assert "failure and operations" in found.reason
    assert found.repeated_gaps == ("Failure and operations was weak in Phone and Design.",)


def test_what_simple_rules_read_decides_nothing(record: CallRecord) -> None:
    marks = ({}, {Signal.CURIOSITY: 1}, {Signal.CURIOSITY: 1})
    assert made(record, (S, N, H), marks).decision is H


def test_topics_that_were_thin_in_two_rounds_are_named(record: CallRecord) -> None:
    thin = replace(record, judgements=tuple(replace(j, score=0.2, failed="") for j in record.judgements))
    steps = tuple(LoopStep(t.lower(), t, "2026-11-25") for t in TITLES[:2])
    loop = Loop("20261125-100000-abcd", "2026-11-25T10:00:00+00:00", "acme", "Acme", steps)
    found = debrief(loop, [RoundCall(step, thin) for step in steps])
    assert any("was thin in Recruiter and Phone." in sentence for sentence in found.repeated_gaps)


def test_a_round_that_was_not_held_says_so(record: CallRecord) -> None:
    assert [line.reason for line in made(record, (H, None)).rounds] == ["Reason 0.", "Not held yet."]


def test_it_is_written_for_programs_and_for_people(record: CallRecord) -> None:
    found = made(record, (H, N), ({Signal.DEPTH: 3}, {Signal.DEPTH: 2}))
    assert set(json.loads(as_json(found))) >= {"decision", "reason", "rounds", "signals", "repeated_gaps"}
    hostile = replace(found, company="A | <b>|\n# B", reason="[x](http://y)")
    text = as_markdown(hostile)
    assert "<b>" not in text
    assert "\n# B" not in text
    assert "[x](http" not in text

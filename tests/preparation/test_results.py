"""Which calls count as results."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hireflow_voice.app.preparing import results
from hireflow_voice.records import CallHeader, CallRecord, CallState, CallSummary
from hireflow_voice.verdict import Judgement, PointJudgement, Verdict

HEADER = CallHeader(
    "1", "2026-11-23T10:00:00+01:00", "Acme", "Developer", "Phone", "Joe", "", "on this computer", 900.0, (), "0"
)
POINTS = (PointJudgement("refill", Verdict.COVERED, 0.9), PointJudgement("edge", Verdict.MISSING, 0.1))
RECORD = CallRecord(HEADER, CallState.FINISHED, 600.0, (), (), (Judgement("limits", "judge", POINTS, 0.5),))


@dataclass
class Kept:
    """Calls in memory."""

    records: tuple[CallRecord, ...]

    def calls(self) -> tuple[CallSummary, ...]:
        return tuple(
            CallSummary(h.id, h.started, h.company, h.role, h.round, r.state, 600.0, 1, 1, 0.5, "", h.demo)
            for r in self.records
            for h in [r.header]
        )

    def call(self, call: str) -> CallRecord:
        return next(r for r in self.records if r.header.id == call)


def test_every_judged_point_of_a_call_is_a_result_of_its_day() -> None:
    found = list(results(Kept((RECORD,)), "Acme"))
    assert [(s.question, s.point, s.verdict) for s in found] == [
        ("limits", "refill", Verdict.COVERED),
        ("limits", "edge", Verdict.MISSING),
    ]
    assert all(s.at.isoformat() == HEADER.started for s in found)


def test_demo_calls_and_calls_of_other_companies_are_nobodys_results() -> None:
    demo = replace(RECORD, header=replace(HEADER, id="2", demo=True))
    other = replace(RECORD, header=replace(HEADER, id="3", company="Elsewhere"))
    assert list(results(Kept((demo, other)), "Acme")) == []


def test_a_question_that_is_not_judged_yet_is_no_result() -> None:
    waiting = replace(RECORD, judgements=(Judgement("limits", "", failed="The judge was not there."),))
    assert list(results(Kept((waiting,)), "Acme")) == []

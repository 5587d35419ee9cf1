"""Coach mode: what is told while the candidate speaks and after it, and that a real call has nothing of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hireflow_voice import resources
from hireflow_voice.app.api import CallOptions
from hireflow_voice.app.application import Application
from hireflow_voice.app.coaching import critique, touched
from hireflow_voice.app.desk import rubric_of
from hireflow_voice.app.plan import question_record
from hireflow_voice.audio.simulated import SimulatedLine
from hireflow_voice.bank.loader import load_bank
from hireflow_voice.evaluation.words import WORD
from hireflow_voice.events import Caption, Coaching, Press
from hireflow_voice.interview import coaching
from hireflow_voice.records import TakeKind
from hireflow_voice.report import attempts
from hireflow_voice.verdict import Judgement, PointJudgement, Quote, Verdict

SAID = (
    "Well, I count the requests of every API key in Redis and, when there are too many, I say no with a four two nine"
)


@pytest.fixture(scope="module")
def rubric() -> Any:
    bank = load_bank(resources.questions() / "cloudflare" / "technical-phone.yaml")
    return rubric_of(question_record(next(q for q in bank.questions if q.id == "rate-limiting")))


def judged(rubric: Any, **verdicts: Verdict) -> Judgement:
    def one(point: str) -> PointJudgement:
        verdict = verdicts.get(point.replace("-", "_"), Verdict.MISSING)
        quote = None if verdict is Verdict.MISSING else Quote(SAID, 0, len(SAID), None, None)
        return PointJudgement(point, verdict, {"covered": 0.9, "partly": 0.5}.get(verdict, 0.1), quote)

    return Judgement(rubric.question, "quick", tuple(one(p.id) for p in rubric.points), 0.5)


def points(rubric: Any) -> tuple[str, ...]:
    return tuple(p.id for p in rubric.points)


def test_a_strength_is_told_with_the_words_that_were_said(rubric: Any) -> None:
    strong, _ = critique(rubric, judged(rubric, identity=Verdict.COVERED), points(rubric))
    read = strong.split("when you said: ")[1].removesuffix(" …").rstrip(".")
    assert read in SAID
    assert len(read.split()) <= coaching.LONGEST_QUOTE


def test_what_is_not_sure_is_told_and_not_praised(rubric: Any) -> None:
    found = judged(rubric, identity=Verdict.COVERED)
    doubted = tuple(replace(p, confidence=min(p.confidence, 0.8)) for p in found.points)
    for judgement, begins in ((found, "You were strong on "), (replace(found, points=doubted), "I heard you on ")):
        strong, _ = critique(rubric, judgement, points(rubric))
        assert strong.startswith(begins)
        assert strong.rstrip(".").removesuffix(" …").split("when you said: ")[1] in SAID


@pytest.mark.parametrize("verdicts", [{}, {"identity": Verdict.PARTLY}])
def test_nothing_is_praised_that_was_not_said(rubric: Any, verdicts: dict[str, Verdict]) -> None:
    assert critique(rubric, judged(rubric, **verdicts), points(rubric))[0] == coaching.NOTHING_FOUND


def test_the_gap_gives_no_key_point_away() -> None:
    for path in sorted(resources.questions().glob("*/*.yaml")):
        if path.stem in ("company", "known-answers"):
            continue
        for question in load_bank(path).questions:
            rubric = rubric_of(question_record(question))
            for one in rubric.points:
                _, gap = critique(rubric, judged(rubric), (one.id,))
                told = {w.lower() for w in WORD.findall(gap) if len(w) > 6}
                own = {w.lower() for w in WORD.findall(one.text) if len(w) > 6}
                asked = {w.lower() for w in WORD.findall(question.text)}
                # One word of a side's name ("failure") may stand in a point; its statement never does.
                assert len((told & own) - asked) <= 1, (path.name, one.id, gap)


def test_the_gap_is_one_of_the_stage_that_is_talked_about(rubric: Any) -> None:
    all_but_one = {p.replace("-", "_"): Verdict.COVERED for p in points(rubric)[1:]}
    assert critique(rubric, judged(rubric, **all_but_one), points(rubric)[1:])[1] == coaching.NOTHING_OPEN
    assert critique(rubric, judged(rubric, **all_but_one), points(rubric)[:1])[1] != coaching.NOTHING_OPEN


def test_every_side_of_every_form_has_a_name(rubric: Any) -> None:
    from hireflow_voice.verdict import SIGNALS

    assert {signal for signals in SIGNALS.values() for signal in signals} <= set(coaching.SIDES)


def test_topics_touched_are_those_that_were_said_in_their_order() -> None:
    said = "We put Redis before the databases, and token buckets, and redis again."
    assert touched(said, ("database", "Redis", "token bucket", "Kafka", "red", "redis")) == (
        "Redis",
        "database",
        "token bucket",
    )


def test_in_coach_mode_each_try_is_kept_beside_the_first_and_judged_apart(app: Application, dial: Any) -> None:
    watching = dial(coach=True)
    assert watching.call.join(90)
    record = app.call(watching.call.id)
    assert record.header.coach
    answers = [take for take in record.takes if take.kind is TakeKind.ANSWER and take.answers_question]
    assert [take.attempt for take in answers] == [1, 2, 3]
    assert all(app.sound_of(watching.call.id, take) for take in answers)
    assert all(take.judgement is not None for take in answers)
    assert {*record.quote_takes["rate-limiting"].values()} <= {t.id for t in record.takes if t.attempt == 1}
    sides = attempts(record, "rate-limiting")
    assert [side.takes[0].id for side in sides] == [take.id for take in answers]


def test_in_coach_mode_figures_come_while_speaking_and_a_critique_after_it(
    app: Application, speaks: Any, watched: Any
) -> None:
    line = SimulatedLine()
    options = CallOptions(question_ids=("rate-limiting",), coach=True)
    played = speaks(rate_limiting=15.0)
    watched.call = app.dial(options, watched, line, candidate=played, unhurried=True)
    watched.ready.set()
    assert watched.call.join(90)
    told = watched.of(Coaching)
    assert any(one.target_s is not None for one in told)
    assert any(one.words_per_minute is not None for one in told)
    kinds = [event.kind for event in watched.of(Caption)]
    place = kinds.index("strength")
    assert kinds[place : place + 3] == ["strength", "gap", "again"]


def test_a_try_that_nobody_takes_leaves_no_take(app: Application, dial: Any, speaks: Any) -> None:
    class Once(speaks):  # type: ignore[misc]
        def reply(self, listen: Any) -> Any:
            return None if listen.attempt > 1 else super().reply(listen)

    watching = dial(Once(), coach=True)
    assert watching.call.join(90)
    takes = app.call(watching.call.id).takes
    assert {take.attempt for take in takes} == {1}


def test_a_real_call_has_nothing_of_the_coach(app: Application, dial: Any, watched: Any) -> None:
    watched.when(lambda e: isinstance(e, Caption) and e.kind == "question", lambda call: call.post(Press.RETRY))
    watching = dial(None, watched)
    assert watching.call.join(90)
    assert watching.of(Coaching) == []
    assert not {"strength", "gap", "again"} & {event.kind for event in watching.of(Caption)}
    assert {take.attempt for take in app.call(watching.call.id).takes} == {1}

"""The next question follows what was shown, for candidates of every kind; fixed lists stay as they are."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hireflow_voice.interview import journal
from hireflow_voice.interview.adaptation import (
    STRONG_AT,
    STRUGGLING_AT,
    Shown,
    Standing,
    next_question,
    order,
    standing,
)
from hireflow_voice.interview.follow_up import Thread
from hireflow_voice.interview.plan import CallPlan, PlannedQuestion


def _simulated() -> ModuleType:
    """The candidates beside this file, which the benchmark uses, too."""
    name = "tests_interview_simulated"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).parent / "simulated.py")
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


SIM = _simulated()
TOPICS = ("DNS", "TCP", "TLS", "caching", "routing", "storage")


@pytest.fixture
def pool(kit):
    """Eighteen questions: every topic at every difficulty; five are asked."""
    questions = tuple(
        kit.question(f"{topic}-{difficulty}", topics=(topic,), difficulty=difficulty)
        for difficulty in (2, 1, 3)
        for topic in TOPICS
    )
    return replace(kit.plan(length_s=2700.0, closing_s=300.0), questions=questions, count=5)


@pytest.mark.parametrize("name", SIM.PEOPLE)
@pytest.mark.parametrize("seed", range(5))
def test_every_call_ends_in_time_and_asks_no_more_than_was_planned(pool, name, seed):
    call = SIM.play(pool, SIM.PEOPLE[name], seed)
    assert call.finished
    assert 1 <= len(call.questions) <= pool.count
    assert len({question.id for question in call.questions}) == len(call.questions)
    assert len(set(call.probes)) == len(call.probes)
    assert call.seconds <= pool.length_s + 300.0


def test_a_strong_candidate_gets_harder_questions_and_a_weak_one_easier_ones(pool):
    strong, weak = (SIM.play(pool, SIM.PEOPLE[name], 1) for name in ("strong", "weak"))
    assert [q.difficulty for q in strong.questions] == [2, 3, 3, 3, 3]
    assert [q.difficulty for q in weak.questions[:1]] == [2]
    assert {q.difficulty for q in weak.questions[1:]} == {1}


def test_topics_that_were_covered_are_not_asked_again_while_there_are_others(pool):
    call = SIM.play(pool, SIM.PEOPLE["strong"], 2)
    assert call.repeated == 0.0
    assert len(call.topics) == pool.count


def test_a_fixed_list_is_asked_as_it_stands(pool):
    fixed = replace(pool, questions=pool.questions[:4], count=0)
    for name in ("strong", "weak"):
        asked = SIM.play(fixed, SIM.PEOPLE[name], 3).questions
        assert asked == list(fixed.questions[: len(asked)])


def test_a_call_that_was_broken_off_goes_on_with_the_same_choice(pool):
    call = SIM.play(pool, SIM.PEOPLE["uneven"], 4)
    for cut in range(0, len(call.inputs), 7):
        before = journal.replay(pool, call.inputs[:cut])
        read = [journal.from_json(journal.to_json(event)) for event in call.inputs[:cut]]
        assert journal.replay(pool, read).question == before.question


def test_a_strong_candidate_is_challenged_first_and_a_weak_one_is_helped_first(pool, kit):
    question = kit.question("limiter")
    for score, kind in ((1.0, "failure"), (0.0, "easier"), (0.5, "depth")):
        kinds = order(pool, (Shown("x", score),))
        assert Thread(question, order=kinds).follow_up(0.65).probe.kind == kind


def test_what_nobody_could_tell_counts_for_nothing():
    assert standing(()) is Standing.USUAL
    assert standing((Shown("a", None),)) is Standing.USUAL
    assert standing((Shown("a", STRONG_AT), Shown("b", None))) is Standing.STRONG
    assert standing((Shown("a", STRUGGLING_AT),)) is Standing.STRUGGLING
    assert standing((Shown("a", 1.0), Shown("b", 0.0), Shown("c", 0.0))) is Standing.STRUGGLING


scores = st.none() | st.floats(0, 1)


@given(st.lists(scores, max_size=20))
def test_whatever_was_shown_each_question_comes_once_until_none_is_left(results):
    plan = _plan(tuple(_question(str(n), n % 3 + 1, (TOPICS[n % 6], TOPICS[n % 5])) for n in range(12)))
    asked: list[Shown] = []
    for score in results:
        chosen = next_question(plan, asked)
        if len(asked) >= 12:
            assert chosen is None
            return
        assert chosen is not None
        assert chosen.id not in {one.question for one in asked}
        assert chosen == next_question(plan, asked), "the same call goes the same way"
        asked.append(Shown(chosen.id, score))


def _question(name, difficulty, topics):
    return PlannedQuestion(name, name, "", "", (), topics=topics, difficulty=difficulty)


def _plan(questions):
    return CallPlan("C", "R", "r", "J", "A", 900.0, questions, count=4)

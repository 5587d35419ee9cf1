"""A problem that is talked through: stage by stage, each about its own points, none lost to a long first one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hireflow_voice.interview import Stage
from hireflow_voice.interview.actions import Manner, TurnKind
from hireflow_voice.interview.inputs import Wish, Wished
from hireflow_voice.interview.plan import PlannedStage

STAGES = (
    PlannedStage("requirements", "First, what does it have to do?", ("a",)),
    PlannedStage("design", "Now draw it for me in words.", ("b",)),
    PlannedStage("change", "Suppose a city goes dark. What changes?", ("c",)),
)
ALL = {"a": 1.0, "b": 1.0, "c": 1.0}


@pytest.fixture
def phone(kit):
    questions = (kit.question("limiter", stages=STAGES), kit.question("cache"))
    return kit.Phone(replace(kit.plan(length_s=3600.0), questions=questions))


def test_the_first_stage_comes_with_the_question_and_repeating_says_both(phone):
    phone.to_question(1)
    assert [say.manner for say in phone.said[-2:]] == [Manner.QUESTION, Manner.STAGE]
    asked = f"{phone.plan.questions[0].text} {STAGES[0].ask}"
    assert (phone.listens[-1].kind, phone.listens[-1].asked) == (TurnKind.ANSWER, asked)
    phone.send(Wished(phone.now, Wish.REPEAT))
    assert phone.said[-1].text == asked


def test_every_stage_is_begun_in_order_before_the_next_question(phone):
    phone.to_question(1)
    for _ in STAGES:
        phone.answer("With counters.", covered=ALL)
    assert phone.texts(Manner.STAGE) == [stage.ask for stage in STAGES]
    assert phone.texts(Manner.QUESTION) == [question.text for question in phone.plan.questions]


def test_a_follow_up_is_about_the_stage_that_is_talked_about(phone):
    phone.to_question(1)
    phone.answer("With counters.", covered={"a": 0.0, "b": 0.0, "c": 0.9})
    assert (phone.said[-1].manner, phone.said[-1].point) == (Manner.FOLLOW_UP, "a")
    phone.answer("Per client.", covered={"a": 1.0, "b": 0.0, "c": 0.9})
    assert phone.said[-1].text == STAGES[1].ask
    phone.answer("A cache in each city.", covered={"a": 1.0, "b": 0.2, "c": 0.9})
    assert (phone.said[-1].manner, phone.said[-1].point) == (Manner.FOLLOW_UP, "b")


def test_skipping_leaves_the_stage_and_not_the_problem(phone):
    phone.to_question(1)
    phone.send(Wished(phone.now, Wish.SKIP))
    phone.hear()
    assert phone.said[-1].text == STAGES[1].ask
    assert phone.interview.question_number == 1


def test_a_candidate_who_does_not_know_is_helped_in_each_stage_anew(phone):
    phone.to_question(1)
    for stage in STAGES[1:]:
        phone.answer("I don't know.")
        phone.answer("I don't know.")
        assert phone.said[-1].text == stage.ask


def test_a_long_first_stage_costs_follow_ups_and_no_stage(phone):
    phone.to_question(1)
    phone.answer("A very long answer.", seconds=1200.0, covered={})
    assert phone.said[-1].text == STAGES[1].ask


def test_when_the_time_is_up_the_stages_that_are_left_are_not_begun(phone):
    phone.to_question(1)
    phone.answer("A very long answer.", seconds=3500.0, covered=ALL)
    assert phone.texts(Manner.STAGE) == [STAGES[0].ask]
    assert phone.interview.stage is Stage.OWN_QUESTIONS

"""What the demo candidate says, whichever round is called."""

from __future__ import annotations

import pytest

from hireflow_voice import resources
from hireflow_voice.app.plan import demo_script
from hireflow_voice.bank.loader import load_banks, load_known_answers
from hireflow_voice.bank.models import Bank

KNOWN = load_known_answers(resources.questions() / "cloudflare" / "known-answers.yaml")
BANKS = [bank for bank in load_banks(resources.questions()) if bank.company == "cloudflare"]


@pytest.mark.parametrize("bank", BANKS, ids=lambda bank: bank.round)
def test_every_question_and_every_follow_up_of_a_round_is_answered(bank: Bank) -> None:
    script = demo_script(KNOWN, bank.questions)
    for question in bank.questions:
        assert len(script.answers[question.id].split()) >= 10
        for point in question.key_points:
            assert script.follow_ups[question.id, point.id]


@pytest.mark.parametrize("bank", BANKS, ids=lambda bank: bank.round)
def test_a_company_without_known_answers_has_a_demo_candidate_too(bank: Bank) -> None:
    script = demo_script(None, bank.questions)
    assert script.introduction
    assert script.own_question.endswith("?")
    assert set(script.answers) == {question.id for question in bank.questions}


def test_a_question_without_a_strong_answer_is_answered_from_its_key_points() -> None:
    question = BANKS[0].questions[0].model_copy(update={"strong_answer": ""})
    script = demo_script(None, [question])
    assert question.key_points[0].text in script.answers[question.id]


def test_answers_that_were_written_come_before_those_that_are_derived() -> None:
    bank = next(bank for bank in BANKS if bank.round == KNOWN.round)
    entry = KNOWN.questions[0]
    question = next(one for one in bank.questions if one.id == entry.id)
    script = demo_script(KNOWN, [question])
    assert script.answers[question.id] == next(a.text for a in entry.answers if a.kind == "strong")
    assert {point: script.follow_ups[question.id, point] for point in entry.follow_ups} == entry.follow_ups


def test_a_question_that_has_stages_is_answered_stage_by_stage() -> None:
    bank = next(bank for bank in BANKS if bank.flow == "design")
    script = demo_script(KNOWN, bank.questions)
    for question in bank.questions:
        for stage in question.stages:
            assert script.stages[question.id, stage.ask].split()[0] == stage.answer.split()[0]
    assert "limiting requests" not in script.own_question

"""The bank that ships: complete, clean, speakable, and fit to measure a judge on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from hireflow_voice import resources
from hireflow_voice.bank.check import check, check_known_answers, check_together
from hireflow_voice.bank.check_company import check_company
from hireflow_voice.bank.loader import load_bank, load_banks, load_company, load_known_answers
from hireflow_voice.bank.models import Bank, Company, KnownAnswers
from hireflow_voice.bank.schema import json_schema
from hireflow_voice.interview.own_questions import find_fact
from hireflow_voice.interview.plan import Fact
from hireflow_voice.speech.respell import respell
from hireflow_voice.verdict import SIGNALS, Signal

FOLDER = resources.questions() / "cloudflare"


@pytest.fixture(scope="module")
def bank() -> Bank:
    return load_bank(FOLDER / "technical-phone.yaml")


@pytest.fixture(scope="module")
def company() -> Company:
    return load_company(FOLDER / "company.yaml")


@pytest.fixture(scope="module")
def known() -> KnownAnswers:
    return load_known_answers(FOLDER / "known-answers.yaml")


def test_every_file_that_ships_is_read_and_clean() -> None:
    banks = load_banks(resources.questions())
    assert banks
    assert [finding for bank in banks for finding in check(bank) if not finding.wish] == []


def test_the_ten_questions_come_first_and_in_order(bank: Bank) -> None:
    assert [question.id for question in bank.questions[:10]] == [
        "rate-limiting",
        "rest-graphql",
        "database-migrations",
        "cap-theorem",
        "authentication-authorization",
        "error-handling-logging",
        "scaling",
        "microservices",
        "api-security",
        "message-queues",
    ]


def test_thirty_questions_reach_every_topic_of_the_company(bank: Bank) -> None:
    assert len(bank.questions) >= 30
    asked = {topic for question in bank.questions for topic in question.topics}
    assert asked >= {"DNS", "CDN", "DDoS", "edge computing", "protocols", "caching", "databases", "observability"}
    assert {question.difficulty for question in bank.questions} == {1, 2, 3}


def test_every_question_is_complete(bank: Bank) -> None:
    """With a ladder of probes, levels, and a strong answer: every source read: nothing is left to wish for."""
    assert list(check(bank)) == []


def test_every_question_looks_at_more_than_depth(bank: Bank) -> None:
    for question in bank.questions:
        assert {point.signal for point in question.key_points} >= {Signal.DEPTH, Signal.TRADE_OFFS, Signal.OPERATIONS}
    assert any(point.signal is Signal.FRAMING for question in bank.questions for point in question.key_points)


WHOLE = {"networking": 24, "systems-security": 20, "systems-design": 10, "coding": 9, "recruiter": 9, "values": 10}
"""Rounds in which no question has any wish left, and how many questions there are at least."""


@pytest.mark.parametrize("round_", WHOLE)
def test_a_whole_round_feeds_every_line_of_its_form_and_can_be_spoken(round_: str) -> None:
    bank = load_bank(FOLDER / f"{round_}.yaml")
    assert list(check(bank)) == []
    assert len(bank.questions) >= WHOLE[round_]
    said: list[str] = []
    assert {point.signal for q in bank.questions for point in q.key_points} == set(SIGNALS[bank.flow])
    for question in bank.questions:
        # What a recruiter asks about is one thing at a time.
        signals = {point.signal for point in question.key_points}
        assert len(signals) >= 2 if bank.flow == "screen" else signals == set(SIGNALS[bank.flow])
        said += [text for stage in question.stages for text in (stage.ask, stage.answer)]
        said += [question.text, question.rephrased, question.hint, question.strong_answer]
        said += [probe.text for point in question.key_points for probe in point.probes]
    for text in said:
        assert re.fullmatch(r"[A-Za-z0-9 ,.:?'\"-]+", respell(text)), text
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("company", [path.parent.name for path in resources.questions().glob("*/company.yaml")])
def test_no_two_rounds_of_a_company_ask_nearly_the_same(company: str) -> None:
    banks = [bank for bank in load_banks(resources.questions()) if bank.company == company]
    assert check_together(banks, across=True) == ()


def test_a_question_of_a_company_is_known_by_its_id_alone() -> None:
    """A kept answer, and what comes back later, name the question and not its round."""
    for company in {bank.company for bank in load_banks(resources.questions())}:
        banks = [bank for bank in load_banks(resources.questions()) if bank.company == company]
        ids = [question.id for bank in banks for question in bank.questions]
        assert len(set(ids)) == len(ids)


def test_no_bank_that_ships_leaves_anything_to_mend_or_a_source_unread() -> None:
    found = [finding for bank in load_banks(resources.questions()) for finding in check(bank)]
    assert found == []


def test_every_probe_is_asked_once_only(bank: Bank) -> None:
    probes = [p.text for question in bank.questions for point in question.key_points for p in point.probes]
    assert len(set(probes)) == len(probes)


def test_the_known_answers_are_clean(bank: Bank, known: KnownAnswers) -> None:
    assert check_known_answers(bank, known) == ()


def runs(text: str, length: int) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z0-9']+", text.lower())
    return {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}


def test_no_known_answer_says_a_key_point_in_its_own_words(bank: Bank, known: KnownAnswers) -> None:
    """A judge that only compares words must not look good on them."""
    points = {question.id: [point.text for point in question.key_points] for question in bank.questions}
    for entry in known.questions:
        for answer in entry.answers:
            for text in points[entry.id]:
                assert not runs(answer.text, 5) & runs(text, 5), f"{entry.id}/{answer.id}"


def test_no_answer_is_the_answer_to_another_question(known: KnownAnswers) -> None:
    texts = [answer.text for entry in known.questions for answer in entry.answers]
    texts += [text for entry in known.questions for text in entry.follow_ups.values()]
    assert len(set(texts)) == len(texts)


def spoken(bank: Bank, known: KnownAnswers, company: Company) -> Iterator[str]:
    """Everything that a voice will say."""
    yield from (bank.introduction, known.introduction, known.own_question)
    yield from (fact.text for fact in company.facts)
    for question in bank.questions:
        yield from (question.text, question.rephrased, question.hint)
        yield from (probe.text for point in question.key_points for probe in point.probes)
        yield question.strong_answer or question.hint
    for entry in known.questions:
        yield from (answer.text for answer in entry.answers)
        yield from entry.follow_ups.values()


def test_everything_that_is_spoken_can_be_spoken(bank: Bank, known: KnownAnswers, company: Company) -> None:
    for text in spoken(bank, known, company):
        assert re.fullmatch(r"[A-Za-z0-9 ,.:?'\"-]+", text), text
        assert "//" not in text


def test_the_demo_candidates_question_has_an_answer(company: Company, known: KnownAnswers) -> None:
    facts = tuple(Fact(fact.keywords, fact.text) for fact in company.facts)
    said = find_fact(facts, known.own_question)
    assert said is not None
    assert "counters are not shared" in said


@pytest.mark.parametrize(
    "question",
    [
        "What is the team like that I would join?",
        "Can I work from home?",
        "Where is your office?",
        "What does the position pay?",
        "How many people are on call?",
    ],
)
def test_what_only_the_recruiter_knows_is_not_made_up(question: str, company: Company) -> None:
    assert find_fact(tuple(Fact(fact.keywords, fact.text) for fact in company.facts), question) is None


def test_the_company_profile_is_whole(bank: Bank, company: Company) -> None:
    assert company.company == bank.company
    assert len(company.facts) >= 40
    assert len(company.values) >= 3
    assert len(company.process) >= 6
    assert "not affiliated" in company.notice
    assert company.company_tips
    assert company.general_tips
    assert company.timeline


@pytest.mark.parametrize("folder", sorted(path.parent for path in resources.questions().glob("*/company.yaml")))
def test_every_profile_that_ships_is_clean_and_can_be_spoken(folder: Path) -> None:
    company = load_company(folder / "company.yaml")
    banks = load_banks(resources.questions(), folder.name)
    assert list(check_company(company, banks)) == []
    for text in [*(fact.text for fact in company.facts), *(probe.text for probe in company.deeper)]:
        assert re.fullmatch(r"[A-Za-z0-9 ,.:?'\"-]+", respell(text)), text


def test_the_schema_for_editors_names_every_field_and_limit() -> None:
    schema = json_schema()
    assert json.loads(json.dumps(schema)) == schema
    assert set(schema["required"]) == {"company", "round", "title", "role", "introduction", "minutes", "questions"}
    assert schema["additionalProperties"] is False
    assert schema["$defs"]["KeyPoint"]["properties"]["weight"] == {
        "maximum": 3,
        "minimum": 1,
        "title": "Weight",
        "type": "integer",
    }
    assert set(json_schema("company")["properties"]) == set(Company.model_fields)
    assert set(json_schema("known-answers")["properties"]) == set(KnownAnswers.model_fields)

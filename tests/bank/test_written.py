"""Questions that a model wrote: held to what every bank is held to, kept apart, marked, and without a source."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from hireflow_voice import resources
from hireflow_voice.bank.library import Library
from hireflow_voice.bank.loader import load_bank
from hireflow_voice.bank.models import Bank, Question
from hireflow_voice.bank.written import WrittenQuestions, held

BY = "large at example.org"


@pytest.fixture(scope="module")
def bank() -> Bank:
    return load_bank(resources.questions() / "cloudflare" / "technical-phone.yaml")


def fields_of(question: Question) -> dict[str, Any]:
    """An authored question as a model would have written it."""
    fields = question.model_dump(
        mode="json",
        include={"text", "rephrased", "topics", "glossary", "hint", "difficulty", "outline", "strong_answer"},
    )
    numbers = {point.id: number for number, point in enumerate(question.key_points, 1)}
    points = question.model_dump(mode="json")["key_points"]
    fields["key_points"] = [{key: point[key] for key in ("text", "weight", "signal", "probes")} for point in points]
    fields["misconceptions"] = [{"text": m.text, "point": numbers.get(m.point, 0)} for m in question.misconceptions]
    return fields


@pytest.fixture
def draft() -> dict[str, Any]:
    """A question that the round does not hold."""
    other = load_bank(resources.questions() / "tern-market" / "backend-call.yaml")
    return fields_of(other.questions[0])


def test_what_authors_would_have_been_let_write_is_let_in_and_marked(bank: Bank, draft: dict[str, Any]) -> None:
    question, faults = held(draft, bank, BY)
    assert faults == ()
    assert question is not None
    assert question.written_by == BY
    assert not any(point.sources for point in question.key_points)
    assert max(point.weight for point in question.key_points) < question.enough <= 0.8 * question.weight


def _no_glossary(draft: dict[str, Any]) -> None:
    draft["glossary"] = draft["glossary"][:3]


def _leak(draft: dict[str, Any]) -> None:
    for point in draft["key_points"][:1]:
        for probe in point["probes"]:
            probe["text"] = f"Is it true that {point['text']}?"


def _long_probes(draft: dict[str, Any]) -> None:
    for probe in draft["key_points"][0]["probes"]:
        probe["text"] = "and so " * 14 + "what?"


def _markup(draft: dict[str, Any]) -> None:
    draft["hint"] = 'Look at <img src="x">, would you?'


def _hidden(draft: dict[str, Any]) -> None:
    draft["outline"][0] += "\u202e gninnigeb"


def _few_points(draft: dict[str, Any]) -> None:
    draft["key_points"] = draft["key_points"][:2]


def _short_answer(draft: dict[str, Any]) -> None:
    draft["strong_answer"] = "It depends."


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_no_glossary, "glossary has 3 terms"),
        (_leak, "gives its key point away"),
        (_long_probes, "at most 25 can be asked"),
        (_markup, "markup"),
        (_hidden, "invisible character"),
        (_few_points, "5 to 8 are wanted"),
        (_short_answer, "strong answer has 2 words"),
    ],
)
def test_what_no_author_would_have_been_let_write_is_refused_and_named(
    bank: Bank, draft: dict[str, Any], spoil: Any, said: str
) -> None:
    spoil(draft)
    question, faults = held(draft, bank, BY)
    assert question is None
    assert said in " ".join(faults)


def test_the_round_s_own_question_in_other_words_is_refused(bank: Bank, draft: dict[str, Any]) -> None:
    question, faults = held({**draft, "text": bank.questions[0].text}, bank, BY)
    assert question is None
    assert f"nearly the same as {bank.questions[0].id}" in " ".join(faults)


def test_a_term_that_no_voice_says_right_is_refused(bank: Bank, draft: dict[str, Any]) -> None:
    term = draft["glossary"][0]
    question, faults = held(draft, bank, BY, lambda one: one == term)
    assert question is None
    assert repr(term) in " ".join(faults)


def test_one_bad_probe_costs_a_key_point_nothing_where_it_has_another(bank: Bank, draft: dict[str, Any]) -> None:
    point = draft["key_points"][0]
    good = deepcopy(point["probes"])
    point["probes"][0]["text"] = f"Is it true that {point['text']}?"
    question, _ = held(draft, bank, BY)
    assert question is not None
    assert [probe.text for probe in question.key_points[0].probes] == [probe["text"] for probe in good[1:]]


def test_they_stand_behind_the_round_they_were_written_for_and_nowhere_else(
    tmp_path: Path, bank: Bank, draft: dict[str, Any]
) -> None:
    kept = WrittenQuestions(tmp_path / "written")
    library = Library(resources.questions(), lambda: tmp_path / "own", kept)
    question, _ = held(draft, bank, BY)
    assert question is not None
    kept.add(bank, [question])
    _, found = library.bank("cloudflare", "technical-phone")
    assert found.authored == bank.questions
    assert found.written == (question,)
    assert library.bank("cloudflare", "networking")[1].written == ()
    again, _ = held({**draft, "text": "How would you go about something else entirely, on a ship?"}, found, BY)
    assert again is not None
    kept.add(bank, [again])
    assert library.bank("cloudflare", "technical-phone")[1].written == (question, again)
    kept.remove("cloudflare", "technical-phone")
    assert library.bank("cloudflare", "technical-phone")[1].written == ()
    assert list((tmp_path / "written").iterdir()) == []


def test_a_damaged_file_costs_the_round_nothing(tmp_path: Path, bank: Bank, draft: dict[str, Any]) -> None:
    kept = WrittenQuestions(tmp_path)
    question, _ = held(draft, bank, BY)
    assert question is not None
    kept.add(bank, [question])
    (tmp_path / "cloudflare" / "technical-phone.yaml").write_text("questions: [", encoding="utf-8")
    assert kept.behind(bank) is bank

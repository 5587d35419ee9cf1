"""Well-formed files load as they were meant; a slip of the author names the line it is on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hireflow_voice.bank.loader import load_banks
from hireflow_voice.bank.models import Bank
from hireflow_voice.bank.plain_yaml import parse
from hireflow_voice.errors import QuestionBankError
from hireflow_voice.verdict import Signal

Refusal = Callable[[str | bytes], str]
Load = Callable[[str | bytes], Bank]


def test_text_becomes_what_the_schema_says(good: str, load: Load) -> None:
    bank = load(good)
    point = bank.questions[0].key_points[0]
    assert bank.minutes == 30
    assert point.signal is Signal.DEPTH
    assert point.sources[0].checked == date(2026, 11, 23)
    assert point.probes[0].kind == "depth"
    assert bank.questions[0].weight == 5


@pytest.mark.parametrize("said", ["no", "1.10", "12:30:45", "~", "null", "0x1F", "2026-11-23", "'yes'"])
def test_a_scalar_is_never_guessed_at(said: str, good: str, load: Load) -> None:
    assert load(good.replace("[LRU]", f"[{said}]")).questions[0].glossary == (said.strip("'"),)


def test_long_texts_may_be_folded(good: str, load: Load) -> None:
    bank = load(good.replace("text: How do you cache?", "text: >-\n      How do\n      you cache?"))
    assert bank.questions[0].text == "How do you cache?"


def test_a_byte_order_mark_and_windows_line_ends_are_read(good: str, load: Load) -> None:
    assert load(b"\xef\xbb\xbf" + good.replace("\n", "\r\n").encode()).company == "acme"


SLIPS: dict[str, tuple[str, str, int, str]] = {
    "unknown field": ("    enough: 4", "    enough: 4\n    enuogh: 5", 15, "questions[1].enuogh is not a field"),
    "missing field": ("    rephrased: What do you keep close at hand?\n", "", 8, "questions[1].rephrased is missing"),
    "empty text": ("text: How do you cache?", "text:", 9, "questions[1].text is empty"),
    "text too long": ("How do you cache?", "x" * 401, 9, "questions[1].text is longer than 400 characters"),
    "text for a list": ("topics: [caches]", "topics: caches", 11, "questions[1].topics must be a list"),
    "list for a text": ("hint: Think of what you read most often.", "hint: [a]", 13, "questions[1].hint must be text"),
    "text for a mapping": (
        "          - kind: depth\n            text: How old may an answer be?\n",
        "          - x\n",
        25,
        "mapping",
    ),
    "weight out of range": ("weight: 3", "weight: 4", 29, "less than or equal to 3"),
    "weight not whole": ("weight: 3", "weight: 1.5", 29, "must be a whole number"),
    "weight in words": ("weight: 3", "weight: three", 29, "must be a whole number"),
    "negative": ("minutes: 30", "minutes: -30", 6, "must be a whole number"),
    "unknown signal": (
        "signal: trade_offs",
        "signal: magic",
        30,
        "must be one of framing, depth, trade_offs, operations",
    ),
    "a signal that no point may feed": (
        "signal: trade_offs",
        "signal: curiosity",
        30,
        "must be one of framing, depth, trade_offs, operations",
    ),
    "unknown probe": ("kind: depth", "kind: trick", 25, "kind"),
    "not a date": ("checked: 2026-11-23", "checked: yesterday", 23, "checked"),
    "an id twice": ("- id: eviction", "- id: expiry", 8, "key point id 'expiry' is used twice"),
    "no points": (
        "signal: trade_offs",
        "signal: depth\n    outline: " + "[a, b, c, d, e, f, g, h, i, j, k, l, m]",
        31,
        "too many",
    ),
}


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_names_its_line_and_place(name: str, good: str, refusal: Refusal) -> None:
    old, new, line, reason = SLIPS[name]
    assert good.count(old) == 1
    sentence = refusal(good.replace(old, new))
    assert sentence.startswith(f"acme/phone.yaml, line {line}: ")
    assert reason in sentence


def test_all_rounds_of_all_companies_load_in_order(tmp_path: Path, good: str) -> None:
    for company, round_ in (("zeta", "phone"), ("acme", "phone"), ("acme", "design")):
        (tmp_path / company).mkdir(exist_ok=True)
        text = good.replace("company: acme", f"company: {company}").replace("round: phone", f"round: {round_}")
        (tmp_path / company / f"{round_}.yaml").write_text(text)
    for not_a_round in (
        "acme/company.yaml",
        "acme/known-answers.yaml",
        "acme/.draft.yaml",
        "acme/notes.txt",
        "loose.yaml",
    ):
        (tmp_path / not_a_round).write_text("not: a round")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "phone.yaml").write_text("not: a round")
    found = [(bank.company, bank.round) for bank in load_banks(tmp_path)]
    assert found == [("acme", "design"), ("acme", "phone"), ("zeta", "phone")]


def test_a_bank_that_was_edited_is_seen_at_once(good: str, load: Load) -> None:
    before = load(good)
    assert load(good) is before
    assert load(good.replace("How do you cache?", "What do you cache?")).questions[0].text == "What do you cache?"
    assert load(good).questions[0].text == "How do you cache?"


def test_a_file_whose_ids_disagree_with_its_name_is_refused(tmp_path: Path, good: str) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "phone.yaml").write_text(good)
    with pytest.raises(QuestionBankError, match=r"other/phone\.yaml, line 1: the file says acme/phone"):
        load_banks(tmp_path)


@pytest.mark.parametrize("folder", ["empty", "missing"])
def test_a_folder_without_rounds_says_so(folder: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(QuestionBankError, match="no question bank is in this folder"):
        load_banks(tmp_path / folder)


def what_becomes_of(text: str) -> object:
    """The data, or the sentence of the refusal."""
    try:
        return parse(text, "f.yaml").data
    except QuestionBankError as error:
        return error


def read_or_refused(text: str) -> bool:
    outcome = what_becomes_of(text)
    if isinstance(outcome, QuestionBankError):
        return outcome.sentence.startswith("f.yaml, line ")
    return isinstance(outcome, str | list | dict)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_with_a_line(text: str) -> None:
    assert read_or_refused(text)


SIGNS = ["a", ": ", "- ", "\n", "  ", "[", "]", "{", "}", ",", '"', "'", "? ", "|\n", ">\n", "#", "&a ", "*a", "!!b "]


@given(st.lists(st.sampled_from(SIGNS), max_size=40))
def test_any_heap_of_yaml_signs_is_read_or_refused_with_a_line(parts: list[str]) -> None:
    assert read_or_refused("".join(parts))

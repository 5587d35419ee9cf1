"""A profile that loads can still be one that nobody can use."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from hireflow_voice.bank.check_company import check_company
from hireflow_voice.bank.loader import load_company
from hireflow_voice.bank.models import Bank, Company
from hireflow_voice.errors import QuestionBankError

GOOD = """\
company: acme
title: Acme
interviewer: Ann
notice: This is practice, and not by Acme.
style: [Asks why.]
values:
  - name: Care
    text: Looks after things.
    shows: [Names who was affected.]
process:
  - {title: Screen, text: A talk., round: phone}
  - {title: Lunch, text: With the team.}
facts:
  - keywords: [deploy, release]
    text: They deploy every day.
    source: {title: Blog, url: "https://example.com/a", checked: 2026-11-25}
  - keywords: [on-call]
    text: They share the pager.
    source: {title: Blog, url: "https://example.com/b", checked: 2026-11-25}
"""

Profile = Callable[[str], Company]


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    def write_and_load(text: str) -> Company:
        path = tmp_path / "acme" / "company.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return load_company(path)

    return write_and_load


@pytest.fixture
def phone(load: Callable[[str | bytes], Bank], good: str) -> Bank:
    return load(good)


def faults(company: Company, *banks: Bank) -> list[str]:
    return [finding.text for finding in check_company(company, banks) if not finding.wish]


def test_a_sound_profile_has_no_faults(profile: Profile, phone: Bank) -> None:
    assert faults(profile(GOOD), phone) == []


def test_a_step_that_names_no_round_of_the_folder_is_found(profile: Profile, phone: Bank) -> None:
    assert "names the round onsite" in faults(profile(GOOD.replace("round: phone", "round: onsite")), phone)[0]


def test_a_round_that_no_step_names_is_a_wish_and_stands_last(profile: Profile, phone: Bank) -> None:
    company = profile(GOOD.replace(", round: phone", ""))
    assert [f.where for f in check_company(company, [phone]) if f.wish and "offered last" in f.text] == ["phone"]
    assert company.place("phone") == len(company.process)
    assert profile(GOOD).place("phone") == 0


def test_a_fact_that_an_earlier_one_always_answers_for_is_found(profile: Profile, phone: Bank) -> None:
    hidden = GOOD.replace("[on-call]", "[release]")
    assert "Nobody can ask" in faults(profile(hidden), phone)[0]


def test_a_fact_that_is_too_long_to_say_is_found(profile: Profile, phone: Bank) -> None:
    long = GOOD.replace("They deploy every day.", "So " * 61 + "it is.")
    assert "can be said at once" in faults(profile(long), phone)[0]


def test_a_page_that_nobody_opened_is_a_wish(profile: Profile, phone: Bank) -> None:
    found = check_company(profile(GOOD.replace(", checked: 2026-11-25", "", 1)), [phone])
    assert [(f.text.split(";")[0], f.wish) for f in found if "opened" in f.text] == [
        ("Nobody has opened https://example.com/a", True)
    ]


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["And then"], "not a question"),
        (["Why?", "Why?"], "there twice"),
        (["Why " * 26 + "?"], "in one breath"),
        (["Why?", "What if that fails?"], ""),
    ],
)
def test_what_goes_deeper_is_one_short_question_each(
    texts: list[str], said: str, profile: Profile, phone: Bank
) -> None:
    lines = "".join(f"  - {{kind: depth, text: '{text}'}}\n" for text in texts)
    found = faults(profile(GOOD + "deeper:\n" + lines), phone)
    assert [said in text for text in found] == ([True] if said else [])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("    shows: [Names who was affected.]\n", "", "shows is missing"),
        ("shows: [Names who was affected.]", "shows: []", "too few entries"),
        ("title: Lunch,", "title: Lunch, round: phone,", "round id 'phone' is used twice"),
        ("text: Looks after things.", "text: Looks after things.\n    mark: 5", "not a field"),
    ],
)
def test_values_and_process_are_strict(old: str, new: str, said: str, profile: Profile) -> None:
    with pytest.raises(QuestionBankError, match=said):
        profile(GOOD.replace(old, new))

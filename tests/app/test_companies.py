"""A company is a folder: whatever is there is offered, in the order of its process, and nothing depends on a name."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hireflow_voice import resources
from hireflow_voice.app.api import usual
from hireflow_voice.app.application import Application
from hireflow_voice.app.plan import plan_call
from hireflow_voice.bank.loader import load_banks
from hireflow_voice.cli.choice import chosen
from hireflow_voice.errors import NotFound
from hireflow_voice.events import CallEnded
from hireflow_voice.interview.own_questions import find_fact

SHIPPED = resources.questions()


@pytest.fixture
def only_tern(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An install that ships one company, and not the one whose rounds are usual."""
    folder = tmp_path / "questions"
    shutil.copytree(SHIPPED / "tern-market", folder / "tern-market")
    monkeypatch.setattr(resources, "questions", lambda: folder)
    return folder


def test_rounds_come_in_the_order_of_the_process(app: Application) -> None:
    rounds = [info.round for info in app.rounds() if info.company == "cloudflare"]
    assert rounds[:2] == ["recruiter", "technical-phone"]
    assert rounds[-1] == "values"
    assert [info.round for info in app.rounds() if info.company == "tern-market"] == ["first-talk", "backend-call"]
    assert all(info.about.endswith(".") for info in app.rounds()), "each is described in the company's process"


def test_the_usual_round_is_there_and_another_company_has_its_first_one(app: Application) -> None:
    first, other = usual(app.rounds()), usual(app.rounds(), "tern-market")
    assert first is not None
    assert (first.company, first.round) == ("cloudflare", "technical-phone")
    assert other is not None
    assert other.round == "first-talk"
    assert usual(()) is None


def test_what_is_not_named_is_filled_in(app: Application) -> None:
    assert chosen(app, round_="backend-call").company == "tern-market"
    assert chosen(app, "tern-market", "backend-call").title == "Backend call"
    with pytest.raises(NotFound, match="no company 'tern-market' round 'values'"):
        chosen(app, "tern-market", "values")


def test_the_interviewer_goes_deeper_in_the_companys_way_in_technical_rounds_only(app: Application) -> None:
    company, bank = app.bank("cloudflare", "technical-phone")
    plan = plan_call(company, bank, bank.questions[:12], "", 45.0)
    asked = [probe.text for question in plan.questions for probe in question.deeper]
    assert set(asked) == {probe.text for probe in company.deeper}
    assert len(asked) == len(set(asked)), "one is asked once in a call"
    plans = [plan_call(company, bank, bank.questions[at : at + 3], "", 15.0) for at in range(12)]
    assert len({plan.questions[0].deeper for plan in plans}) > 3, "not the same ones every time"
    _, values = app.bank("cloudflare", "values")
    assert not any(q.deeper for q in plan_call(company, values, values.questions, "", 45.0).questions)


ONE_OF_EACH = {bank.flow: (bank.company, bank.round) for bank in load_banks(SHIPPED)}


@pytest.mark.parametrize(("company", "round_"), ONE_OF_EACH.values(), ids=ONE_OF_EACH)
def test_a_round_of_every_kind_is_held_to_its_end(
    company: str, round_: str, app: Application, dial: Callable[..., Any]
) -> None:
    _, bank = app.bank(company, round_)
    watched = dial(company=company, round=round_, question_ids=(bank.questions[-1].id,), minutes=3.0)
    assert watched.call.join(60)
    assert watched.of(CallEnded)[0].finished
    record = app.call(watched.call.id)
    assert {take.question for take in record.takes if take.kind == "answer"} == {bank.questions[-1].id}


@pytest.mark.usefixtures("only_tern")
def test_a_call_is_held_without_the_company_that_ships_first(app: Application, dial: Callable[..., Any]) -> None:
    assert chosen(app).round == "first-talk"
    watched = dial(company="tern-market", round="backend-call", question_ids=("last-item",), minutes=3.0)
    assert watched.call is not None
    assert watched.call.join(60)
    assert watched.of(CallEnded)[0].finished
    header = app.call(watched.call.id).header
    assert (header.company, header.round, header.interviewer) == ("Tern Market", "Backend call", "Mira")
    assert app.known_answers("tern-market") is None


def test_what_comes_next_is_what_stands_behind_the_round_in_the_process(app: Application) -> None:
    asked = "What are the next steps, and what does the next round look at?"

    def told(company: str, round_: str) -> str | None:
        profile, bank = app.bank(company, round_)
        return find_fact(plan_call(profile, bank, bank.questions[:1], "", 15.0).facts, asked)

    assert "Technical phone interview" in str(told("cloudflare", "recruiter"))
    assert "Systems and security" in str(told("cloudflare", "systems-design"))
    assert "A day together. A small real task in the team, with lunch. The order" in str(
        told("tern-market", "backend-call")
    )


def test_a_new_folder_is_a_new_company(app: Application, only_tern: Path) -> None:
    (only_tern / "acme").mkdir()
    for path in (only_tern / "tern-market").glob("*.yaml"):
        text = path.read_text(encoding="utf-8").replace("company: tern-market", "company: acme")
        (only_tern / "acme" / path.name).write_text(text.replace("title: Tern Market", "title: Acme"), encoding="utf-8")
    assert {info.company_title for info in app.rounds()} == {"Acme", "Tern Market"}
    with pytest.raises(NotFound, match="Several companies"):
        app.question("last-item")
    assert app.question("acme/last-item").id == "last-item"

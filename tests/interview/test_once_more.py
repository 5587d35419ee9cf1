"""A question of an earlier call, taken once more: greeted, asked, followed up, closed; nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from hireflow_voice.interview import Stage, phrases
from hireflow_voice.interview.actions import Manner, TurnKind
from hireflow_voice.interview.inputs import PickedUp, Wish, Wished

COVERED = {"a": 1.0, "b": 1.0, "c": 1.0}


@pytest.fixture
def phone(kit: Any) -> Any:
    return kit.Phone(kit.plan(questions=1, again=True, closing_s=0.0))


def test_the_question_comes_right_after_a_short_greeting(phone: Any) -> None:
    phone.pick_up()
    assert [line.manner for line in phone.said] == [Manner.GREETING, Manner.QUESTION]
    assert phone.said[0].text == "Hello Ada, this is Joe. Let's take that question once more."
    assert phone.listens[-1].kind is TurnKind.ANSWER


def test_nothing_is_asked_of_the_candidate_afterwards(phone: Any) -> None:
    phone.pick_up()
    phone.answer("With counters in memory.", covered=COVERED)
    assert phone.interview.stage is Stage.ENDED
    assert phone.said[-1].text == phrases.closing(phone.plan)
    assert "side by side" in phone.said[-1].text
    assert Manner.INVITE not in phone.manners()


def test_follow_ups_are_asked_as_in_any_call(phone: Any) -> None:
    phone.pick_up()
    phone.answer("With counters in memory.", covered={"a": 0.0, "b": 1.0, "c": 1.0})
    assert phone.manners()[-1] is Manner.FOLLOW_UP


def test_skipping_the_greeting_asks_the_question(phone: Any) -> None:
    phone.send(PickedUp(0.0))
    phone.send(Wished(0.5, Wish.SKIP))
    phone.hear()
    assert phone.manners()[-1] is Manner.QUESTION

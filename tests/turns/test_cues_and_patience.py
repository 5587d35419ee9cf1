"""How long a silence may last, by what the words and the voice say."""

from __future__ import annotations

import pytest

from hireflow_voice.turns import cues
from hireflow_voice.turns.patience import BRISK, CLOSER_S, PATIENT, THINK_S, Cues, wait_s


@pytest.mark.parametrize(
    ("text", "complete"),
    [
        ("We keep a counter per client.", True),
        ('He called it "a token bucket."', True),
        ("Does that answer it?", True),
        ("We keep a counter per client", False),
        ("We keep a counter and", False),
        ("We keep a counter and.", False),
        ("So the token bucket would, um,", False),
        ("So the token bucket would...", False),
        ("It starts with the", False),
        ("It is what I’d.", False),
        ("", False),
        ("...", False),
    ],
)
def test_a_text_ends_like_a_sentence_or_not(text: str, complete: bool) -> None:
    assert cues.complete(text) is complete


@pytest.mark.parametrize(
    ("asked", "closed"),
    [
        ("Does the order of the messages matter?", True),
        ("You mentioned Redis. Is it shared between the servers?", True),
        ("Have you used it in production?", True),
        ("Can you walk me through it?", False),
        ("Could you please describe the write path?", False),
        ("Is it fast? How would you know?", False),
        ("How would you build a rate limiter?", False),
        ("Tell me about yourself.", False),
        ("", False),
    ],
)
def test_a_closed_question_is_told_from_an_open_one(asked: str, closed: bool) -> None:
    assert cues.closed_question(asked) is closed


@pytest.mark.parametrize("text", ["Yes.", "no", "Um, I don't know.", "Yeah, I think.", "It depends.", "Not really."])
def test_a_closed_reply_is_short(text: str) -> None:
    assert cues.closed_reply(text)


@pytest.mark.parametrize(
    "text", ["Yes, because the counter is shared.", "No idea is worse than", "A token bucket.", ""]
)
def test_an_answer_is_no_closed_reply(text: str) -> None:
    assert not cues.closed_reply(text)


@pytest.mark.parametrize(("waits", "expected"), [(PATIENT, (2.5, 3.5, 6.0)), (BRISK, (1.5, 2.5, 4.0))])
def test_the_wait_is_graded_by_how_much_sounds_finished(waits, expected) -> None:
    assert wait_s(waits, Cues(True, True)) == expected[0]
    assert wait_s(waits, Cues(False, True)) == wait_s(waits, Cues(True, False)) == expected[1]
    assert wait_s(waits, Cues(False, False)) == wait_s(waits, Cues()) == expected[2]


def test_without_the_network_a_turn_waits_one_step_longer() -> None:
    assert wait_s(PATIENT, Cues(None, True)) == PATIENT.one
    assert wait_s(PATIENT, Cues(None, False)) == PATIENT.none


def test_closed_questions_closers_and_thinking_have_waits_of_their_own() -> None:
    assert wait_s(PATIENT, Cues(True, True, closed=True)) == 1.25
    assert wait_s(PATIENT, Cues(False, False, closer=True)) == CLOSER_S
    assert wait_s(BRISK, Cues(True, True, thinks=True)) == THINK_S
    assert wait_s(PATIENT, Cues(True, True), unhurried_s=1.0) == 3.5


def test_in_manual_mode_no_silence_ends_a_turn() -> None:
    for what in (Cues(True, True), Cues(closer=True), Cues(thinks=True)):
        assert wait_s(None, what) is None

"""Coach mode: a critique after an answer, another try at it, and nothing of the kind in a real call."""

from __future__ import annotations

import random

import pytest

from hireflow_voice.interview import coaching, journal, phrases
from hireflow_voice.interview.actions import Finish, Manner, TurnKind
from hireflow_voice.interview.inputs import Resumed, TurnEnded, Wish

CRITIQUE = ("You were strong on the numbers, when you said: ten a second.", "What I did not hear yet is about failure.")
SHOWN = [Manner.STRENGTH, Manner.GAP, Manner.AGAIN]
HALF = {"a": 1.0}


@pytest.fixture
def coached(kit):
    """A call in Coach mode with a critique of every answer, at the first question."""
    phone = kit.Phone(kit.plan(coach=True))
    phone.critique = CRITIQUE
    return phone.to_question(1)


@pytest.mark.parametrize(
    ("quote", "said"),
    [
        ("and you have to cap how deep it goes. Otherwise, someone asks", "you have to cap how deep it goes."),
        ("because a mean of percentiles is no percentile. I want", "a mean of percentiles is no percentile."),
        ("of the commit. The next read carries it. And a replica", "The next read carries it."),
        ("So I cap it.", "So I cap it."),
        ("Yes. I would keep the counts and share them", "Yes. I would keep the counts and share them."),
        ("one " * 30, "one " * 16 + "…"),
    ],
)  # fmt: skip
def test_a_quote_is_read_back_as_a_sentence_that_stands_by_itself(quote, said):
    assert coaching.read_back(quote) == said


def answered(phone, covered=None):
    return phone.answer("A counter for each client.", covered=HALF if covered is None else covered)


def test_after_an_answer_come_a_strength_a_gap_and_the_offer_to_try_again(coached):
    since = len(coached.said)
    answered(coached)
    assert coached.manners(since) == SHOWN
    assert coached.texts(Manner.STRENGTH, Manner.GAP) == list(CRITIQUE)
    assert coached.listens[-1].kind is TurnKind.ANSWER
    assert coached.listens[-1].attempt == 2


def test_a_real_call_says_nothing_of_it_whatever_is_known(kit):
    phone = kit.Phone(kit.plan())
    phone.critique = CRITIQUE
    answered(phone.to_question(1))
    assert not {*SHOWN} & {*phone.manners()}
    assert all(listen.attempt == 1 for listen in phone.listens)


@pytest.mark.parametrize("text", ["Let's go on.", "No, thank you.", "Next question, please.", "Go on.", "Okay.", "No."])
def test_whoever_declines_goes_on_to_the_follow_up(coached, text):
    answered(coached).answer(text)
    assert coached.manners()[-1] is Manner.FOLLOW_UP
    assert coached.listens[-1].attempt == 1


def test_ten_seconds_of_silence_decline_the_offer(coached):
    answered(coached)
    since = len(coached.said)
    coached.stay_silent(12.0)
    assert coached.manners(since) == [Manner.FOLLOW_UP]


@pytest.mark.parametrize("wish", [Wish.DONE, Wish.SKIP, Wish.DONT_KNOW])
def test_a_key_declines_the_offer(coached, wish):
    answered(coached).wish(wish)
    assert coached.manners()[-1] is Manner.FOLLOW_UP


@pytest.mark.parametrize("text", ["Let me try again.", "Yes.", "Once more, please.", "Can I try that again?", "Again."])
def test_whoever_takes_the_offer_answers_from_the_top(coached, text):
    answered(coached).answer(text)
    assert coached.said[-1].text == phrases.FROM_THE_TOP
    assert coached.listens[-1].attempt == 2
    since = len(coached.said)
    answered(coached)
    assert coached.manners(since) == SHOWN
    assert coached.listens[-1].attempt == 3


def test_answering_at_once_is_a_second_take(coached):
    answered(coached)
    since = len(coached.said)
    answered(coached, {"a": 1.0, "b": 1.0, "c": 1.0})
    assert coached.manners(since) == SHOWN
    assert coached.interview.question_number == 1


def test_the_key_takes_the_offer_in_the_same_turn(coached):
    answered(coached)
    turn = coached.turn
    coached.wish(Wish.RETRY)
    assert coached.turn == turn
    assert coached.said[-1].text == phrases.FROM_THE_TOP
    coached.stay_silent(12.0)
    assert coached.turn == turn, "thinking before a second take is no fault"
    answered(coached)
    assert coached.listens[-1].attempt == 3


def test_the_key_during_the_critique_takes_the_offer_that_is_coming(coached):
    coached.coverage = HALF
    coached.start_to_speak()
    coached.now += 20.0
    coached.send(TurnEnded(coached.now, coached.turn, "A counter for each client."))
    assert coached.said[-1].manner is Manner.STRENGTH
    coached.wish(Wish.RETRY)
    assert coached.said[-1].text == phrases.FROM_THE_TOP
    assert coached.listens[-1].attempt == 2


def test_after_the_offer_the_answer_can_still_be_given_again_instead_of_the_follow_up(coached):
    answered(coached).answer("Go on.").answer("Let me try that again.")
    assert coached.said[-1].text == phrases.FROM_THE_TOP
    assert coached.listens[-1].kind is TurnKind.ANSWER
    assert coached.listens[-1].asked == coached.plan.questions[0].text


def test_nobody_tries_more_than_three_times(coached):
    answered(coached)
    answered(coached)
    answered(coached)
    assert coached.manners()[-3:] == [Manner.STRENGTH, Manner.GAP, Manner.FOLLOW_UP]
    coached.wish(Wish.RETRY)
    assert coached.manners()[-1] is Manner.FOLLOW_UP


def test_a_follow_up_is_not_criticised(coached):
    answered(coached).answer("Go on.")
    since = len(coached.said)
    answered(coached)
    assert not {*SHOWN} & {*coached.manners(since)}


def test_let_me_try_again_before_a_second_take_is_no_part_of_it(coached):
    answered(coached)
    since = len(coached.said)
    coached.answer("Let me try again. A token bucket for each client, kept in Redis.", covered=HALF)
    assert coached.manners(since) == SHOWN


def test_a_call_broken_off_in_the_offer_comes_back_to_the_offer(coached):
    answered(coached)
    coached.send(Resumed(coached.now))
    coached.hear()
    assert coached.said[-1].text == phrases.TRY_AGAIN
    assert coached.listens[-1].attempt == 2


def test_a_coached_call_is_replayed_from_its_journal(coached):
    answered(coached)
    answered(coached).answer("Go on.")
    read = [journal.from_json(journal.to_json(event)) for event in coached.inputs]
    again = journal.replay(coached.plan, read)
    assert again.open_turn == coached.interview.open_turn
    assert again.question_number == coached.interview.question_number
    assert again._thread == coached.interview._thread


def test_hundreds_of_coached_calls_hold_the_rules(kit):
    for seed in range(300):
        rng = random.Random(seed)
        candidate = kit.Candidate(
            say=lambda rng, _: rng.choice(
                ("A counter.", "Let me try again.", "Yes.", "No.", "", "I don't know.", "Skip.")
            ),
            wishes=rng.choice((0.0, 0.2)),
            interrupts=rng.choice((0.0, 0.3)),
            critique=CRITIQUE,
        )
        phone = kit.play(kit.plan(questions=rng.randint(1, 4), coach=True), candidate, seed)
        assert phone.finish == Finish(finished=True)
        assert max(listen.attempt for listen in phone.listens) <= 3

"""Nobody can tell "finished" from "finished a sentence": a turn that was taken for finished can go on."""

from __future__ import annotations

import pytest

from hireflow_voice.interview import phrases
from hireflow_voice.interview.actions import FindCoverage, Finish, Listen, Manner, Say, Settle, StopListening
from hireflow_voice.interview.inputs import (
    Interrupted,
    Paused,
    PickedUp,
    PlaybackEnded,
    SpeechStarted,
    Tick,
    TurnEnded,
    Wish,
    Wished,
)

COVERED = {"a": 1.0, "b": 1.0, "c": 1.0}


def speaking(phone):
    """In the middle of the first answer."""
    phone.to_question().start_to_speak()
    phone.now += 20.0
    return phone


def test_a_pause_is_answered_with_a_sound_and_nothing_else_for_a_second(phone):
    (say,) = speaking(phone).pause("A token bucket.")
    assert (say.text, say.manner) == (phrases.HEARD[0], Manner.HEARD)
    assert phone.hear().wait(0.5) == ()
    assert phone.interview.due == pytest.approx(phone.now + 0.5 - 0.06 * len(say.text), abs=0.01)
    before = len(phone.actions)
    phone.wait(0.6)
    assert [type(action) for action in phone.actions[before : before + 2]] == [StopListening, FindCoverage]


def test_speech_within_that_second_goes_on_in_the_same_turn(phone):
    turn = speaking(phone).turn
    phone.pause("A token bucket.")
    phone.go_on()
    phone.hear()
    assert phone.listens[-1].turn == phone.turn == turn
    assert phone.wait(100.0) == (), "as if nothing had been"
    phone.pause("A token bucket, and a queue.")
    assert phone.said[-1].manner is Manner.HEARD
    phone.hear().wait(1.1)
    assert Settle(turn) not in phone.actions


def test_nothing_is_settled_before_the_reply_has_been_heard_for_four_seconds(phone):
    turn = speaking(phone).turn
    phone.pause("Counters.")
    phone.coverage = {"a": 0.0}
    phone.hear().wait(1.1)
    assert phone.said[-1].manner is Manner.FOLLOW_UP
    assert phone.wait(3.0) == ()
    assert phone.wait(1.1) == (Settle(turn),)


def test_speech_over_the_reply_takes_the_follow_up_back(phone):
    turn = speaking(phone).turn
    phone.pause("Counters.")
    phone.coverage = {"a": 0.0, "b": 1.0, "c": 1.0}
    phone.hear().wait(1.1)
    follow_up = phone.said[-1].text
    phone.wait(2.0)
    phone.go_on()
    assert phone.interview.open_turn == turn
    phone.hear()
    listen = phone.listens[-1]
    assert (listen.turn, listen.asked) == (turn, phone.plan.questions[0].text), "it answers the question again"
    phone.pause("Counters, and they expire.")
    phone.hear().wait(1.1)
    assert phone.said[-1].text == follow_up, "nobody has heard it yet"
    assert phone.watch.follow_ups == {"limiter": 1}


def test_speech_over_the_next_question_takes_the_question_back(phone):
    turn = speaking(phone).turn
    phone.pause("Counters.")
    phone.coverage = COVERED
    phone.hear().wait(1.1)
    assert phone.interview.question_number == 1
    phone.now += 1.0
    phone.send(PlaybackEnded(phone.now, phone.interview.speaking))
    assert phone.interview.question_number == 2
    phone.now += 1.0
    phone.go_on()
    assert (phone.interview.question_number, phone.interview.open_turn) == (1, turn)
    phone.hear()
    assert phone.listens[-1].question == "limiter"


def test_later_speech_over_a_question_cuts_it_short_and_answers_it(phone):
    speaking(phone).pause("Counters.")
    phone.coverage = COVERED
    phone.wait(1.1)
    while phone.said[-1].manner is not Manner.QUESTION:
        phone.now += 1.0
        phone.send(PlaybackEnded(phone.now, phone.interview.speaking))
    phone.wait(4.5)
    assert Settle(2) in phone.actions
    phone.go_on()
    phone.hear()
    assert (phone.turn, phone.listens[-1].question) == (3, "cache")


def test_speech_while_the_text_or_the_coverage_is_awaited_goes_on_too(phone):
    turn = speaking(phone).turn
    phone.coverage = None
    phone.pause("Counters.")
    phone.hear().wait(1.1)
    assert phone.interview.open_turn is None
    assert phone.go_on() == (Listen(turn, phone.listens[-1].kind, phone.listens[-1].asked, "limiter"),)
    assert phone.interview.due is None, "no coverage is waited for any more"


def test_the_greeting_and_the_goodbye_are_not_cut_short(phone, kit):
    phone.send(PickedUp(0.0))
    assert phone.go_on() == ()
    phone = kit.Phone().to_question(3).answer("Counters.", covered=COVERED)
    phone.start_to_speak()
    phone.send(TurnEnded(phone.now, phone.turn, "No.", closed=True))
    assert phone.said[-1].manner is Manner.CLOSING
    assert phone.go_on() == ()


def test_a_typed_answer_and_a_skip_are_settled_at_once(phone):
    turn = speaking(phone).turn
    phone.coverage = {"a": 0.0}
    assert Settle(turn) in phone.send(TurnEnded(phone.now, turn, "Typed.", closed=True))
    phone.hear()
    turn = phone.turn
    phone.wish(Wish.SKIP)
    assert Settle(turn) in phone.actions


def test_a_command_is_not_answered_with_uh_huh(phone):
    phone.to_question().start_to_speak()
    phone.pause("Could you repeat that?")
    assert phone.said[-1].manner is Manner.REPEAT


def test_a_key_pressed_after_uh_huh_counts_at_once(phone):
    turn = speaking(phone).turn
    phone.pause("Counters.")
    assert StopListening(turn) in phone.send(Wished(phone.now, Wish.DONE))


def test_the_done_key_is_answered_with_a_sound_before_the_text_is_known(phone):
    turn = speaking(phone).turn
    phone.half_said = "Counters."
    phone.coverage = {"a": 0.0}
    before = len(phone.actions)
    phone.send(Wished(phone.now, Wish.DONE))
    kinds = [type(action) for action in phone.actions[before:]]
    assert kinds[:2] == [StopListening, Say]
    assert phone.said[-1].manner is Manner.HEARD
    phone.hear()
    assert phone.said[-1].manner is Manner.FOLLOW_UP
    assert Settle(turn) in phone.actions


def test_two_reopenings_in_one_answer_give_this_candidate_more_time(phone):
    speaking(phone)
    for _ in range(2):
        assert phone.interview.unhurried_s == 0.0
        phone.pause("Counters.")
        phone.go_on()
        phone.hear()
    assert phone.interview.unhurried_s == 1.0
    phone.pause("Counters.")
    phone.go_on()
    assert phone.interview.unhurried_s == 1.0


def test_what_is_wished_after_an_answer_is_granted(phone):
    phone.to_question().answer("With counters in Redis. That's my answer, next question please.")
    assert phone.interview.question_number == 2
    phone.answer("With counters. Can I have a hint?")
    assert phone.said[-1].manner is Manner.HINT


def test_hanging_up_settles_the_answer_first(phone):
    turn = speaking(phone).turn
    phone.pause("Counters.")
    phone.coverage = {"a": 0.0}
    phone.hear().wait(1.1)
    assert phone.send(Wished(phone.now, Wish.HANG_UP))[-2:] == (Settle(turn), Finish(finished=False))


def test_stale_pauses_and_interruptions_change_nothing(phone):
    phone.to_question()
    assert phone.send(Interrupted(phone.now)) == ()
    assert phone.send(Paused(phone.now, phone.turn - 1)) == ()
    phone.start_to_speak()
    assert phone.send(Interrupted(phone.now)) == ()
    assert phone.send(SpeechStarted(phone.now, phone.turn)) == ()


def test_take_your_time_can_be_spoken_over(phone):
    phone.to_question()
    phone.now += 8.5
    (say,) = phone.send(Tick(phone.now))
    assert isinstance(say, Say)
    turn = phone.turn
    phone.go_on()
    phone.hear()
    assert phone.turn == turn


def test_what_is_foreseen_is_what_is_said_and_changes_nothing(phone):
    speaking(phone)
    coverage = {"a": 0.0, "b": 1.0, "c": 1.0}
    foreseen = phone.interview.foresee("Counters.", tuple(coverage.items()))
    before = len(phone.said)
    phone.pause("Counters.")
    phone.coverage = coverage
    phone.hear().wait(1.1)
    assert [say.text for say in phone.said[before:]] == list(foreseen)[:2]
    assert phone.said[-1].manner is Manner.FOLLOW_UP

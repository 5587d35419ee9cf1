"""The candidate puts the call on hold: the interviewer waits, and the clock of the call stands still."""

from __future__ import annotations

import pytest

from hireflow_voice.interview import journal
from hireflow_voice.interview.actions import Finish, Listen, Manner, Say, Settle, StopSpeaking
from hireflow_voice.interview.asking import GIVE_UP_S
from hireflow_voice.interview.inputs import (
    CoverageReady,
    Held,
    Interrupted,
    PickedUp,
    PlaybackEnded,
    Resumed,
    Tick,
    TurnEnded,
    Unheld,
    Wish,
    Wished,
)


def test_a_turn_that_was_open_goes_on_and_no_time_has_passed(phone):
    phone.to_question().start_to_speak()
    turn, before = phone.turn, phone.interview.now
    (listen,) = phone.hold(7200.0)
    assert isinstance(listen, Listen)
    assert (listen.turn, phone.turn) == (turn, turn)
    assert phone.interview.now == before
    phone.wait(3.0)
    assert phone.interview.now == pytest.approx(before + 3.0)


def test_nobody_is_hurried_while_the_call_is_on_hold(phone):
    phone.to_question()
    said = len(phone.said)
    phone.send(Held(phone.now))
    phone.wait(2 * GIVE_UP_S)
    assert len(phone.said) == said
    phone.send(Unheld(phone.now))
    phone.wait(7.9)
    assert len(phone.said) == said, "the wait for the first word begins anew"
    phone.wait(0.2)
    assert phone.said[-1].manner is Manner.PATIENCE


def test_a_question_that_was_cut_off_is_said_again(phone):
    phone.pick_up().start_to_speak()
    phone.send(TurnEnded(phone.now, phone.turn, "I build proxies."))
    while phone.said[-1].manner is not Manner.QUESTION:
        phone.send(PlaybackEnded(phone.now, phone.interview.speaking))
    asked = phone.said[-1]
    assert StopSpeaking(asked.utterance) in phone.send(Held(phone.now))
    assert phone.send(PlaybackEnded(phone.now, asked.utterance)) == ()
    (again,) = phone.send(Unheld(phone.now + 60.0))
    assert isinstance(again, Say)
    assert (again.text, again.manner) == (asked.text, Manner.REPEAT)


def test_a_greeting_that_was_cut_off_is_said_again(phone):
    phone.send(PickedUp(0.0))
    greeting = phone.said[-1]
    phone.hold(30.0)
    assert phone.said[-1].text == greeting.text
    phone.hear()
    assert phone.interview.open_turn is not None


def test_what_becomes_known_on_hold_is_used_afterwards(phone):
    phone.to_question()
    phone.coverage = None
    phone.answer("A token bucket.")
    phone.send(Held(phone.now))
    assert phone.send(CoverageReady(phone.now, 2, (("a", 0.0), ("b", 1.0), ("c", 1.0)))) == ()
    (follow_up,) = phone.send(Unheld(phone.now + 600.0))
    assert follow_up.manner is Manner.FOLLOW_UP


def test_a_judge_that_is_slow_is_still_waited_for_after_a_hold(phone):
    phone.to_question()
    phone.coverage = None
    phone.answer("A token bucket.")
    phone.hold(600.0)
    assert phone.interview.speaking is None
    phone.send(CoverageReady(phone.now, 2, (("a", 0.0),)))
    assert phone.said[-1].manner is Manner.FOLLOW_UP


def test_an_answer_that_had_ended_is_over_when_the_call_is_put_on_hold(phone):
    phone.to_question()
    phone.coverage = None
    phone.answer("A token bucket.")
    assert Settle(2) in phone.send(Held(phone.now))
    phone.send(Unheld(phone.now))
    phone.send(Interrupted(phone.now))
    assert phone.interview.open_turn is None


def test_after_uh_huh_and_a_hold_the_same_answer_goes_on(phone):
    phone.to_question().start_to_speak()
    turn = phone.turn
    phone.pause("A token bucket.")
    phone.hold(100.0)
    assert phone.turn == turn
    assert isinstance(phone.actions[-1], Listen)
    phone.wait(30.0)
    assert phone.turn == turn, "it is the microphone that says when it is over"


def test_keys_do_nothing_on_hold_but_hanging_up_does(phone):
    phone.to_question()
    phone.send(Held(phone.now))
    for wish in Wish:
        if wish is not Wish.HANG_UP:
            assert phone.send(Wished(phone.now, wish)) == ()
    assert phone.send(Wished(phone.now, Wish.HANG_UP)) == (Finish(finished=False),)


def test_a_call_that_was_killed_on_hold_goes_on_without_being_taken_off_it(phone):
    phone.to_question()
    phone.send(Held(phone.now))
    phone.interview = journal.replay(phone.plan, [event for event in phone.inputs if not isinstance(event, Tick)])
    assert phone.interview.on_hold
    phone.send(Resumed(phone.now))
    assert not phone.interview.on_hold
    phone.hear()
    assert phone.interview.open_turn is not None


def test_the_time_on_hold_costs_no_question(kit):
    def asked(hold):
        phone = kit.Phone(kit.plan(questions=8)).pick_up()
        phone.coverage = dict.fromkeys("abcdefgh", 1.0)
        while not phone.interview.finished:
            if hold:
                phone.hold(500.0)
                phone.hear()
            phone.answer("A log with offsets.", seconds=90.0)
        return phone.watch.asked, round(phone.interview.now, 3)

    assert asked(hold=True) == asked(hold=False)

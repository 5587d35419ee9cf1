"""One rule a test: replies that are no answer, silence, and keys."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hireflow_voice.interview import Stage, phrases
from hireflow_voice.interview.actions import Finish, Manner, Say, StopListening, StopSpeaking, TurnKind
from hireflow_voice.interview.inputs import (
    CoverageReady,
    PickedUp,
    PlaybackEnded,
    SpeechStarted,
    Tick,
    TurnEnded,
    Wish,
    Wished,
)

COVERED = {"a": 1.0, "b": 1.0, "c": 1.0}


# Not an answer


@pytest.mark.parametrize("by_key", [True, False])
def test_dont_know_gets_one_easier_step_and_the_second_one_ends_the_question_kindly(phone, by_key):
    def give_up():
        if by_key:
            phone.wish(Wish.DONT_KNOW)
        else:
            phone.answer("I don't know.")

    phone.to_question()
    give_up()
    assert phone.texts(Manner.ACKNOWLEDGE)[-1] == phrases.FINE
    assert phone.said[-1].text == "Simply put, where is limiter a?"
    give_up()
    assert phone.texts(Manner.ACKNOWLEDGE)[-1] == phrases.KIND[0]
    assert phone.interview.question_number == 2


def test_dont_know_to_a_follow_up_gets_the_easier_probe_of_that_point(phone):
    phone.to_question().answer("Counters.", covered={"a": 0.9, "b": 0.9, "c": 0.0}).answer("No idea.")
    assert phone.said[-1].text == "Simply put, where is limiter c?"


def test_dont_know_gets_the_hint_when_there_is_no_easier_probe(kit):
    question = kit.question("log")
    points = tuple(replace(point, probes=point.probes[:1]) for point in question.points)
    phone = kit.Phone(replace(kit.plan(1), questions=(replace(question, points=points),)))
    phone.to_question().answer("I don't know.")
    assert (phone.said[-1].manner, phone.said[-1].text) == (Manner.HINT, question.hint)
    assert phone.listens[-1].kind is TurnKind.ANSWER


def test_dont_know_moves_on_when_nothing_easier_is_left(kit):
    question = replace(kit.question("log", points=0), hint="")
    phone = kit.Phone(replace(kit.plan(1), questions=(question,))).to_question().answer("I don't know.")
    assert phone.interview.stage is Stage.OWN_QUESTIONS


def test_what_was_said_before_giving_up_counts_for_the_easier_step(phone):
    phone.to_question().half_said = "It needs a counter per client, then I am lost"
    phone.coverage = {"a": 1.0, "b": 0.0, "c": 0.0}
    phone.start_to_speak()
    phone.wish(Wish.DONT_KNOW)
    assert phone.said[-1].text == "Simply put, where is limiter b?"


@pytest.mark.parametrize("by_key", [True, False])
def test_skip_moves_on_at_once(phone, by_key):
    phone.to_question()
    if by_key:
        phone.wish(Wish.SKIP)
    else:
        phone.answer("Could we skip this one?")
    assert phone.interview.question_number == 2
    assert phone.texts(Manner.FOLLOW_UP) == []


def test_skipping_the_introduction_goes_to_the_first_question(phone):
    phone.pick_up().wish(Wish.SKIP)
    assert phone.interview.question_number == 1


@pytest.mark.parametrize("by_key", [True, False])
def test_repeat_says_the_same_words_and_is_never_counted(phone, by_key):
    phone.to_question()
    asked = phone.said[-1].text
    for _ in range(3):
        if by_key:
            phone.wish(Wish.REPEAT)
        else:
            phone.answer("Sorry, could you repeat that?")
        assert (phone.said[-1].text, phone.said[-1].manner) == (asked, Manner.REPEAT)
        assert phone.listens[-1].asked == asked
    assert phone.listens[-1].turn == (2 if by_key else 5), "a key keeps the turn open, a spoken wish used one up"


def test_rephrase_uses_the_other_words_and_repeating_then_says_those(phone):
    phone.to_question().answer("Could you rephrase the question?")
    other = phone.plan.questions[0].rephrased
    assert (phone.said[-1].text, phone.said[-1].manner) == (other, Manner.REPHRASE)
    phone.wish(Wish.REPEAT)
    assert phone.said[-1].text == other


def test_rephrase_repeats_when_there_are_no_other_words(kit):
    phone = kit.Phone(replace(kit.plan(1), questions=(replace(kit.question("log"), rephrased=""),)))
    phone.to_question().wish(Wish.REPHRASE)
    assert (phone.said[-1].text, phone.said[-1].manner) == ("How would you build the log?", Manner.REPEAT)


def test_there_is_one_hint_a_question_and_then_the_interviewer_says_so_once(phone):
    phone.to_question().wish(Wish.HINT)
    assert phone.said[-1].text == phone.plan.questions[0].hint
    assert phone.listens[-1].turn == 2, "a hint leaves the turn open"
    phone.wish(Wish.HINT)
    assert phone.said[-1].text == phrases.NO_MORE_HINTS
    count = len(phone.said)
    phone.wish(Wish.HINT)
    assert len(phone.said) == count


def test_let_me_think_is_answered_once_and_gives_more_time(phone):
    phone.to_question().answer("Hm, let me think about that for a second.")
    assert phone.said[-1].text == phrases.TAKE_YOUR_TIME
    count = len(phone.said)
    phone.answer("Give me a moment.")
    assert len(phone.said) == count
    phone.stay_silent(50)
    assert len(phone.said) == count, "nobody is hurried who asked for time"
    phone.stay_silent(11)
    assert phone.said[-1].text == phrases.OFFER


def test_a_question_about_the_question_may_be_asked_once(phone):
    phone.to_question().answer("How many requests per second are we talking about?")
    assert phone.said[-1].text == phrases.ASSUME
    assert phone.listens[-1].kind is TurnKind.ANSWER
    phone.answer("Should I assume one server?", covered=COVERED)
    assert phone.interview.question_number == 2


def test_thats_my_answer_after_a_follow_up_is_not_probed_further(phone):
    phone.to_question().answer("Counters.").answer("That's all I have on that.")
    assert phone.interview.question_number == 2


def test_a_spoken_wish_to_hang_up_ends_the_call(phone):
    phone.to_question().answer("Please end the call.")
    assert phone.finish == Finish(finished=False)


def test_an_answer_that_was_not_heard_is_asked_for_once_and_never_with_the_same_apology_twice(phone):
    phone.to_question().answer("").answer("").answer(" ...").answer("")
    heard = phone.texts(Manner.NOT_HEARD)
    assert heard == list(phrases.NOT_HEARD[:2])
    assert phone.interview.question_number == 3


def test_done_before_a_word_is_no_fault_of_the_recogniser(phone):
    phone.to_question().wish(Wish.DONE)
    assert phone.said[-1].text == phrases.NOTHING_HEARD[0]


# Waiting


def test_silence_before_the_first_word_is_thinking_time(phone):
    phone.to_question()
    count = len(phone.said)
    phone.stay_silent(7)
    assert len(phone.said) == count
    phone.stay_silent(2)
    assert [say.text for say in phone.said[count:]] == [phrases.TAKE_YOUR_TIME]
    phone.stay_silent(14)
    assert len(phone.said) == count + 1
    phone.stay_silent(4)
    assert [say.text for say in phone.said[count:]] == [phrases.TAKE_YOUR_TIME, phrases.OFFER]
    phone.stay_silent(50)
    assert len(phone.said) == count + 2
    assert {listen.turn for listen in phone.listens} == {1, 2}, "it stays one turn"


def test_nobody_is_hurried_after_the_first_word(phone):
    phone.to_question()
    phone.start_to_speak()
    count = len(phone.actions)
    phone.stay_silent(1000)
    assert len(phone.actions) == count


def test_take_your_time_stops_when_the_candidate_begins(phone):
    phone.to_question()
    phone.now += 8.5
    assert isinstance(phone.send(Tick(phone.now))[0], Say)
    assert phone.send(SpeechStarted(phone.now + 0.2, phone.turn)) == (StopSpeaking(phone.said[-1].utterance),)
    phone.hear()
    assert phone.listens[-1].turn == phone.turn == 2
    assert phone.send(TurnEnded(phone.now + 30, 2, "Counters."))


def test_a_line_on_which_nobody_speaks_goes_on_by_itself_after_ninety_seconds(phone):
    phone.to_question().stay_silent(100)
    assert StopListening(2) in phone.actions
    assert phone.texts(Manner.ACKNOWLEDGE)[-1] == phrases.UNANSWERED[0]
    assert phone.interview.question_number == 2


def test_a_word_said_at_the_moment_the_interviewer_goes_on_is_still_an_answer(phone):
    phone.to_question().half_said = "Counters, one per client."
    phone.coverage = {"a": 0.0}
    phone.stay_silent(100)
    assert phone.manners().count(Manner.FOLLOW_UP) == 1


@pytest.mark.parametrize("wish", [Wish.THINK, Wish.HINT, Wish.REPEAT])
def test_a_wish_starts_the_wait_anew(phone, wish):
    phone.to_question().stay_silent(20)
    count = len(phone.wish(wish).said)
    phone.stay_silent(20)
    assert len(phone.said) == count
    phone.stay_silent(60)
    assert phone.texts(Manner.PATIENCE)[-1] == phrases.OFFER


def test_asking_for_time_twice_starts_the_wait_anew_without_a_word(phone):
    phone.to_question().wish(Wish.THINK).stay_silent(55)
    count = len(phone.wish(Wish.THINK).said)
    phone.stay_silent(55)
    assert len(phone.said) == count


def test_skip_while_the_answer_is_weighed_needs_no_coverage(phone):
    phone.to_question().coverage = None
    phone.answer("Counters.")
    weighed = phone.listens[-1].turn
    phone.send(Wished(phone.now, Wish.SKIP))
    assert phone.said[-1].text == phrases.SKIPPED[0]
    assert phone.send(CoverageReady(phone.now, weighed, (("a", 0.0),))) == ()
    phone.hear()
    assert phone.interview.question_number == 2


def test_a_turn_that_ended_by_itself_is_not_closed_as_well(phone):
    phone.to_question().stay_silent(40)
    phone.now += 200
    assert not [a for a in phone.send(TurnEnded(phone.now, 2, "Counters.")) if isinstance(a, StopListening)]


# Keys while the interviewer speaks


def test_repeat_while_the_interviewer_speaks_begins_the_sentence_again(phone):
    phone.pick_up().send(SpeechStarted(phone.now, 1))
    phone.send(TurnEnded(phone.now, 1, "I build proxies."))
    phone.send(PlaybackEnded(phone.now, phone.interview.speaking))
    question = phone.said[-1]
    assert question.manner is Manner.QUESTION
    assert phone.send(Wished(phone.now, Wish.REPEAT)) == (StopSpeaking(question.utterance),)
    assert phone.send(Wished(phone.now, Wish.REPEAT)) == (), "once is enough"
    (again,) = phone.send(PlaybackEnded(phone.now, question.utterance))
    assert (again.text, again.manner) == (question.text, Manner.REPEAT)


def test_done_while_the_interviewer_speaks_means_nothing(phone):
    phone.send(PickedUp(0.0))
    assert phone.send(Wished(1.0, Wish.DONE)) == ()


def test_done_while_a_hint_is_said_does_not_end_a_turn_that_has_not_begun(phone):
    phone.to_question().send(Wished(phone.now, Wish.HINT))
    assert phone.send(Wished(phone.now, Wish.DONE)) == ()
    phone.hear()
    assert phone.listens[-1].turn == phone.turn == 2


def test_skip_during_the_greeting_skips_the_greeting_only(phone):
    phone.send(PickedUp(0.0))
    phone.send(Wished(0.5, Wish.SKIP))
    phone.hear()
    assert phone.manners() == [Manner.GREETING, Manner.INTRODUCTION]
    assert phone.interview.stage is Stage.INTRODUCTION


def test_skip_while_a_question_is_asked_stops_it_and_moves_on(phone):
    phone.pick_up().send(SpeechStarted(phone.now, 1))
    phone.send(TurnEnded(phone.now, 1, "I build proxies."))
    phone.send(Wished(phone.now, Wish.SKIP))
    assert phone.interview.question_number == 0, "an acknowledgement cannot be skipped: nothing is asked yet"
    phone.send(PlaybackEnded(phone.now, phone.interview.speaking))
    assert phone.send(Wished(phone.now, Wish.SKIP)) == (StopSpeaking(phone.said[-1].utterance),)
    phone.hear()
    assert phone.interview.question_number == 2


def test_a_hint_wished_while_the_question_is_asked_follows_it(phone):
    phone.pick_up().send(SpeechStarted(phone.now, 1))
    phone.send(TurnEnded(phone.now, 1, "I build proxies."))
    phone.send(PlaybackEnded(phone.now, phone.interview.speaking))
    assert phone.send(Wished(phone.now, Wish.HINT)) == ()
    phone.hear()
    assert phone.manners()[-2:] == [Manner.QUESTION, Manner.HINT]


@pytest.mark.parametrize("steps", range(0, 40, 3))
def test_hanging_up_works_at_any_moment(kit, steps):
    phone = kit.Phone()
    events = 0

    def counted():
        nonlocal events
        events += 1
        return events > steps

    phone.send(PickedUp(0.0))
    while not counted() and not phone.interview.finished:
        if phone.interview.speaking is not None:
            phone.now += 2
            phone.send(PlaybackEnded(phone.now, phone.interview.speaking))
        else:
            phone.start_to_speak()
            if counted():
                break
            phone.send(TurnEnded(phone.now, phone.turn, "Counters."))
    if not phone.interview.finished:
        assert isinstance(phone.send(Wished(phone.now, Wish.HANG_UP))[-1], Finish)
    assert phone.finish == Finish(
        finished=phone.interview.question_number == 3 and phone.manners()[-1] is Manner.CLOSING
    )
    assert phone.send(Tick(phone.now + 100)) == ()


def test_hanging_up_before_the_pick_up_ends_the_call(phone):
    assert phone.send(Wished(0.0, Wish.HANG_UP)) == (Finish(finished=False),)


def test_hanging_up_while_the_interviewer_says_goodbye_is_a_finished_call(phone):
    phone.to_question(3).answer("Counters.", covered=COVERED)
    phone.start_to_speak()
    phone.send(TurnEnded(phone.now, phone.turn, "No, thank you."))
    assert phone.interview.stage is Stage.CLOSING
    assert phone.send(Wished(phone.now, Wish.HANG_UP))[-1] == Finish(finished=True)


def test_rephrase_while_the_question_is_asked_goes_on_in_other_words(phone):
    phone.pick_up().start_to_speak()
    phone.send(TurnEnded(phone.now, 1, "I build proxies."))
    phone.send(PlaybackEnded(phone.now, phone.interview.speaking))
    assert phone.send(Wished(phone.now, Wish.REPHRASE)) == (StopSpeaking(phone.said[-1].utterance),)
    phone.hear()
    assert phone.manners()[-2:] == [Manner.QUESTION, Manner.REPHRASE]
    assert phone.listens[-1].asked == phone.plan.questions[0].rephrased


def test_a_wish_cuts_take_your_time_short(phone):
    phone.to_question()
    phone.now += 8.0
    phone.send(Tick(phone.now))
    assert phone.said[-1].text == phrases.TAKE_YOUR_TIME
    assert phone.send(Wished(phone.now, Wish.HINT)) == (StopSpeaking(phone.said[-1].utterance),)
    phone.hear()
    assert phone.said[-1].manner is Manner.HINT

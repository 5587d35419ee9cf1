"""One rule a test: how a call runs from the greeting to the last word."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from hireflow_voice.interview import Interview, Stage, phrases
from hireflow_voice.interview.actions import Finish, Listen, Manner, TurnKind
from hireflow_voice.interview.inputs import (
    CoverageFailed,
    CoverageReady,
    PickedUp,
    PlaybackEnded,
    Resumed,
    SpeechStarted,
    Tick,
    TurnEnded,
    Wish,
    Wished,
)
from hireflow_voice.interview.plan import PlannedPoint, Probe

COVERED = {"a": 1.0, "b": 1.0, "c": 1.0}


def test_the_greeting_says_the_name_the_format_the_number_of_questions_and_that_not_knowing_is_fine(phone):
    phone.send(PickedUp(0.0))
    assert phone.interview.stage is Stage.GREETING
    phone.hear()
    greeting = " ".join(phone.texts(Manner.GREETING))
    for words in ("Ada", "Joe", "Cloudflare", "Backend Developer", "15 minutes", "three questions", "don't know"):
        assert words in greeting


def test_without_a_name_nobody_is_greeted_by_name(kit):
    phone = kit.Phone(kit.plan(candidate=" ", interviewer="")).pick_up()
    assert phone.said[0].text.startswith("Hello. This is the technical phone interview")


def test_the_introduction_comes_first_and_is_its_own_kind_of_turn(phone):
    phone.pick_up()
    assert phone.said[-1].manner is Manner.INTRODUCTION
    assert phone.listens == [Listen(1, TurnKind.INTRODUCTION, phrases.introduction(phone.interview.plan))]
    assert phone.interview.stage is Stage.INTRODUCTION
    assert phone.interview.question_number == 0


def test_questions_come_in_order_each_after_an_acknowledgement(phone):
    phone.to_question(1)
    assert (phone.interview.stage, phone.interview.question_number) == (Stage.QUESTIONS, 1)
    for _ in range(3):
        phone.answer("With counters in memory.", covered=COVERED)
    assert phone.texts(Manner.QUESTION) == [q.text for q in phone.plan.questions]
    assert phone.manners().count(Manner.ACKNOWLEDGE) == 4
    assert phone.interview.stage is Stage.OWN_QUESTIONS


def test_acknowledgements_are_not_the_same_twice_running(phone):
    phone.to_question(3).answer("Counters.", covered=COVERED)
    said = phone.texts(Manner.ACKNOWLEDGE)
    assert all(one != other for one, other in pairwise(said))


# Follow-ups


def test_the_follow_up_is_about_the_heaviest_point_that_is_least_covered(phone):
    phone.to_question().answer("Counters.", covered={"a": 0.6, "b": 0.1, "c": 0.0})
    # 3 x 0.4 = 1.2, 2 x 0.9 = 1.8, 1 x 1.0 = 1.0
    assert (phone.said[-1].manner, phone.said[-1].point) == (Manner.FOLLOW_UP, "b")
    assert phone.listens[-1].kind is TurnKind.FOLLOW_UP
    assert phone.listens[-1].asked == phone.said[-1].text
    assert phone.listens[-1].point == "b"


def test_a_point_that_is_covered_by_now_is_not_asked_about(phone):
    phone.to_question().answer("Counters.", covered={"a": 0.0, "b": 0.2, "c": 0.2})
    phone.answer("A, and by the way b.", covered={"a": 0.7, "b": 0.65, "c": 0.2})
    assert [say.point for say in phone.said if say.manner is Manner.FOLLOW_UP] == ["a", "c"]


def test_a_probe_is_not_asked_twice_even_when_the_point_stays_open(phone):
    phone.to_question().answer("Counters.", covered={"a": 0.0, "b": 1.0, "c": 1.0}).answer("Hm, more counters.")
    assert phone.texts(Manner.FOLLOW_UP) == ["What about limiter a?", "What if limiter a fails?"]


def test_a_candidate_who_left_nothing_open_is_asked_one_step_deeper_and_once(kit):
    deeper = Probe("What happens underneath that?", "depth")
    first = replace(kit.question("limiter"), deeper=(deeper,))
    phone = kit.Phone(replace(kit.plan(), questions=(first, kit.question("cache")))).to_question()
    phone.answer("Everything.", covered=COVERED)
    assert (phone.said[-1].text, phone.said[-1].point) == (deeper.text, "")
    phone.answer("Interrupts.", covered=COVERED)
    assert phone.said[-1].manner is Manner.QUESTION


def test_a_point_that_is_open_comes_before_going_deeper(kit):
    first = replace(kit.question("limiter"), deeper=(Probe("What happens underneath that?", "depth"),))
    phone = kit.Phone(replace(kit.plan(), questions=(first,))).to_question()
    phone.answer("Some of it.", covered={"a": 1.0, "b": 0.0, "c": 1.0})
    assert phone.said[-1].point == "b"


def test_a_follow_up_that_was_written_for_the_answer_is_asked_instead_of_the_authored_one(phone):
    phone.to_question()
    phone.written = ("b", "You said counters. What happens to them at night?")
    phone.answer("Counters.", covered={"a": 1.0, "b": 0.0, "c": 1.0})
    assert (phone.said[-1].text, phone.said[-1].point) == (phone.written[1], "b")
    assert phone.listens[-1].asked == phone.written[1]


def test_a_written_follow_up_about_another_point_or_heard_before_is_not_asked(phone):
    phone.to_question()
    phone.written = ("c", "What about c?")
    phone.answer("Counters.", covered={"a": 1.0, "b": 0.0, "c": 0.9})
    assert phone.said[-1].text == "What about limiter b?"
    phone.written = ("b", "What about limiter b?")
    phone.answer("More counters.", covered={"a": 1.0, "b": 0.0, "c": 0.9})
    assert phone.said[-1].text == "What if limiter b fails?"


def test_the_gap_is_what_would_be_followed_up_and_finding_it_changes_nothing(phone):
    assert phone.interview.gap((("a", 0.0),)) is None
    phone.to_question()
    before = phone.interview.due, phone.interview.open_turn
    assert phone.interview.gap((("a", 1.0), ("b", 0.1), ("c", 0.0))) == "b"
    assert phone.interview.gap((("a", 1.0), ("b", 1.0), ("c", 1.0))) is None
    assert (phone.interview.due, phone.interview.open_turn) == before
    phone.answer("Counters.", covered={"a": 1.0, "b": 0.1, "c": 0.0})
    assert phone.said[-1].point == "b"


def test_there_are_at_most_two_follow_ups_a_question(phone):
    phone.to_question().answer("Counters.").answer("Counters.").answer("Counters.")
    assert len(phone.texts(Manner.FOLLOW_UP)) == 2
    assert phone.interview.question_number == 2


def test_a_plan_may_ask_for_no_follow_ups(kit):
    phone = kit.Phone(kit.plan(follow_ups=0)).to_question().answer("Counters.")
    assert phone.interview.question_number == 2


def test_without_coverage_the_interviewer_goes_on(phone):
    phone.to_question().coverage = None
    phone.answer("Counters.")
    phone.send(CoverageFailed(phone.now, phone.listens[-1].turn))
    phone.hear()
    assert phone.interview.question_number == 2


def test_a_coverage_that_never_comes_does_not_leave_the_line_silent(phone):
    phone.to_question().coverage = None
    phone.answer("Counters.")
    assert phone.interview.open_turn is None
    late = phone.listens[-1].turn
    phone.stay_silent(7)
    assert phone.interview.question_number == 2
    assert phone.send(CoverageReady(phone.now, late, (("a", 0.0),))) == ()


def test_coverage_that_is_no_number_counts_as_nothing_covered(phone):
    phone.to_question().answer("Counters.", covered={"a": float("nan"), "b": float("inf"), "c": 7.0, "x": -1.0})
    assert phone.said[-1].point == "a"


def test_easier_probes_are_kept_for_a_candidate_who_is_stuck(phone):
    phone.to_question().answer("Counters.").answer("Counters.")
    assert not any("Simply put" in text for text in phone.texts(Manner.FOLLOW_UP))


def test_a_point_with_nothing_but_easier_probes_is_asked_about_all_the_same(kit):
    question = kit.question("log")
    question = replace(question, points=(PlannedPoint("a", 1.0, (Probe("What is a log?", "easier"),)),))
    phone = kit.Phone(replace(kit.plan(1), questions=(question,))).to_question().answer("Lines.")
    assert phone.texts(Manner.FOLLOW_UP) == ["What is a log?"]


def test_a_second_follow_up_waits_when_the_questions_share_of_the_time_is_used_up(phone):
    phone.to_question().answer("Counters.", seconds=240.0)
    assert phone.said[-1].manner is Manner.FOLLOW_UP, "one follow-up is always asked"
    phone.answer("Counters.")
    assert phone.interview.question_number == 2


# The clock


def test_no_question_begins_in_the_time_kept_for_the_candidate(phone):
    phone.to_question().answer("Counters.", seconds=760.0, covered=COVERED)
    assert phone.texts(Manner.QUESTION) == [phone.plan.questions[0].text]
    assert phone.manners()[-2:] == [Manner.TIME, Manner.INVITE]


def test_the_first_question_is_asked_however_long_the_introduction_was(phone):
    phone.pick_up().answer("Let me begin with my childhood.", seconds=1200.0)
    assert phone.interview.question_number == 1


def test_a_long_answer_is_not_cut_off_but_leads_to_the_closing(phone):
    phone.to_question()
    phone.start_to_speak()
    before = len(phone.actions)
    phone.stay_silent(2000)
    assert len(phone.actions) == before
    phone.send(TurnEnded(phone.now, phone.turn, "And that is the whole story."))
    phone.hear()
    assert phone.manners()[-2:] == [Manner.TIME, Manner.CLOSING]
    assert phone.finish == Finish(finished=True)


def test_no_follow_up_when_the_time_is_nearly_over(phone):
    phone.to_question()
    phone.answer("Counters.", seconds=phone.plan.length_s - phone.plan.closing_s - phone.now - 20)
    assert phone.texts(Manner.FOLLOW_UP) == []


def test_dont_know_when_the_time_is_nearly_over_gets_no_easier_step(phone):
    phone.to_question()
    phone.answer("I don't know.", seconds=phone.plan.length_s - phone.plan.closing_s - phone.now - 20)
    assert phone.texts(Manner.FOLLOW_UP, Manner.HINT) == []


def test_a_clock_that_runs_backwards_stands_still(phone):
    phone.to_question()
    before = phone.interview.now
    for now in (-5.0, 0.0, float("nan"), float("-inf"), float("inf")):
        phone.send(Tick(now))
    assert phone.interview.now == before


# The candidate's own questions


def to_own_questions(phone):
    return phone.to_question(3).answer("Counters.", covered=COVERED)


def test_own_questions_are_answered_from_the_facts_or_honestly_not(phone):
    to_own_questions(phone)
    assert phone.listens[-1].kind is TurnKind.OWN_QUESTION
    phone.answer("Do people work remotely, or from the office?")
    assert phone.texts(Manner.ANSWER) == ["Most teams are hybrid."]
    assert phone.said[-1].text == phrases.ANYTHING_ELSE
    phone.answer("What is the salary?")
    assert phone.texts(Manner.ANSWER)[-1] == phrases.DO_NOT_KNOW[0]


def test_after_three_own_questions_the_interviewer_closes(phone):
    to_own_questions(phone).answer("Who is on the team?").answer("Is there an on-call?").answer("Is it remote?")
    assert phone.texts(Manner.ANSWER)[1] == "Every team runs its own rota."
    assert phone.manners()[-2:] == [Manner.ANSWER, Manner.CLOSING]
    assert phone.finish == Finish(finished=True)


@pytest.mark.parametrize(
    "text", ["No.", "No, that's all, thank you.", "That's it.", "I don't know.", "Skip.", "Hang up."]
)
def test_no_questions_is_an_answer_too(phone, text):
    to_own_questions(phone).answer(text)
    assert phone.texts(Manner.ANSWER) == []
    assert phone.finish == Finish(finished=True)


def test_a_question_that_is_only_announced_is_waited_for(phone):
    to_own_questions(phone).answer("Yes, I have one question.")
    assert phone.said[-1].text == phrases.GO_AHEAD
    phone.answer("Is the team big?")
    assert phone.texts(Manner.ANSWER) == ["The team has eight people."]


def test_nobody_has_to_ask_anything(phone):
    to_own_questions(phone).stay_silent(60)
    assert phone.said[-1].text == phrases.OFFER_TO_CLOSE
    phone.stay_silent(60)
    assert phone.finish == Finish(finished=True)


def test_own_questions_end_with_the_time(phone):
    to_own_questions(phone).answer("Who is on the team?", seconds=900.0)
    assert phone.manners()[-2:] == [Manner.ANSWER, Manner.CLOSING]


def test_the_closing_thanks_and_says_what_happens_next(phone):
    to_own_questions(phone).answer("No.")
    assert phone.said[-1].manner is Manner.CLOSING
    assert "Thank you for your time, Ada" in phone.said[-1].text
    assert "feedback" in phone.said[-1].text
    assert phone.interview.stage is Stage.ENDED


def test_a_plan_without_questions_goes_from_the_introduction_to_the_candidates_own(kit):
    phone = kit.Phone(kit.plan(questions=0)).pick_up().answer("I build proxies.")
    assert phone.interview.stage is Stage.OWN_QUESTIONS


# Stale inputs


def test_stale_and_impossible_inputs_change_nothing(phone):
    phone.to_question(2)
    turn, said = phone.turn, phone.said[-1].utterance
    for event in (
        PlaybackEnded(phone.now, said),
        PlaybackEnded(phone.now, said + 1),
        SpeechStarted(phone.now, turn - 1),
        TurnEnded(phone.now, turn - 1, "Old news."),
        TurnEnded(phone.now, turn + 1, "News from tomorrow."),
        CoverageReady(phone.now, turn, (("a", 0.0),)),
        CoverageReady(phone.now, turn - 1, (("a", 0.0),)),
        CoverageFailed(phone.now, turn),
        PickedUp(phone.now),
    ):
        assert phone.send(event) == ()
    assert phone.turn == turn


def test_coverage_of_an_earlier_turn_is_not_taken_for_the_one_awaited(phone):
    phone.to_question(2).coverage = None
    phone.answer("Counters.")
    weighed = phone.listens[-1].turn
    assert phone.send(CoverageReady(phone.now, weighed - 1, (("a", 0.0),))) == ()
    assert phone.send(CoverageFailed(phone.now, weighed + 1)) == ()
    assert phone.send(CoverageReady(phone.now, weighed, (("a", 0.0),)))[0].manner is Manner.FOLLOW_UP


def test_nothing_happens_before_the_pick_up(kit):
    interview = Interview(kit.plan())
    for event in (PlaybackEnded(1, 1), TurnEnded(1, 1, "Hello?"), Tick(5), Resumed(5), Wished(5, Wish.SKIP)):
        assert interview.handle(event) == ()
    assert (interview.stage, interview.now) == (Stage.RINGING, 0.0)

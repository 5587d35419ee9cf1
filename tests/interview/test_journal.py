"""A call that broke off goes on where it was."""

from __future__ import annotations

import json

import pytest

from hireflow_voice.interview import Stage, journal, phrases
from hireflow_voice.interview.actions import FindCoverage, Listen, Manner, Say
from hireflow_voice.interview.inputs import (
    CoverageFailed,
    CoverageReady,
    Held,
    Interrupted,
    Paused,
    PickedUp,
    PlaybackEnded,
    Resumed,
    SpeechStarted,
    Tick,
    TurnEnded,
    Unheld,
    Wish,
    Wished,
)

EVENTS = [
    PickedUp(0.0),
    PlaybackEnded(3.25, 1),
    SpeechStarted(4.0, 1),
    TurnEnded(5.0, 1, "Größe „zählt“ \x00 \U0001f600"),
    TurnEnded(5.0, 1, "Typed.", closed=True),
    Paused(5.0, 1),
    Paused(5.0, 1, "A token bucket."),
    Interrupted(5.5),
    CoverageReady(6.0, 1, (("a", 0.5), ("b", 1.0))),
    CoverageReady(6.0, 1, ()),
    CoverageReady(6.0, 1, (("a", 0.5),), ("a", "What about it?")),
    CoverageFailed(7.0, 2),
    *(Wished(8.0, wish) for wish in Wish),
    Tick(9.0),
    Held(9.5),
    Unheld(9.75),
    Resumed(10.0),
]


@pytest.mark.parametrize("event", EVENTS, ids=str)
def test_an_input_survives_json(event):
    assert journal.from_json(json.loads(json.dumps(journal.to_json(event)))) == event


def test_keys_of_a_later_version_are_ignored():
    assert journal.from_json({"type": "Tick", "now": 1, "colour": "blue"}) == Tick(1.0)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"type": "Tick"},
        {"type": "Rumour", "now": 1.0},
        {"type": "Tick", "now": "1"},
        {"type": "Tick", "now": True},
        {"type": "PlaybackEnded", "now": 1.0, "utterance": 1.5},
        {"type": "TurnEnded", "now": 1.0, "turn": 1},
        {"type": "TurnEnded", "now": 1.0, "turn": 1, "text": None},
        {"type": "Paused", "now": 1.0, "turn": 1},
        {"type": "Wished", "now": 1.0, "wish": "a pony"},
        {"type": "Wished", "now": 1.0, "wish": []},
        {"type": "CoverageReady", "now": 1.0, "turn": 1, "coverage": [["a"]]},
        {"type": "CoverageReady", "now": 1.0, "turn": 1, "coverage": {"a": 1.0}},
        {"type": "CoverageReady", "now": 1.0, "turn": 1, "coverage": [], "written": ["a"]},
        {"type": "CoverageReady", "now": 1.0, "turn": 1, "coverage": [], "written": "ab"},
        {"type": ["Tick"], "now": 1.0},
    ],
    ids=str,
)
def test_what_is_no_input_is_refused(data):
    with pytest.raises(ValueError, match=r"Not an input|is not a valid Wish"):
        journal.from_json(data)


def broken_off(phone):
    """The machine as the next process rebuilds it, with a watch that knows the past."""
    rebuilt = journal.replay(phone.plan, [event for event in phone.inputs if not isinstance(event, Tick)])
    phone.interview = rebuilt
    return phone


def test_a_question_that_was_open_is_repeated_in_a_new_turn(phone):
    phone.to_question(2).start_to_speak()
    turn = phone.turn
    broken_off(phone).send(Resumed(phone.now))
    assert phone.said[-1].text == phrases.CUT_OFF
    phone.hear()
    assert (phone.said[-1].text, phone.said[-1].manner) == (phone.plan.questions[1].text, Manner.REPEAT)
    assert phone.turn == turn + 1
    assert phone.send(TurnEnded(phone.now, turn, "The turn that died.")) == ()


def test_a_follow_up_that_was_open_is_repeated_as_a_follow_up(phone):
    phone.to_question().answer("Counters.")
    asked = phone.listens[-1]
    broken_off(phone).send(Resumed(phone.now))
    phone.hear()
    assert phone.listens[-1] == Listen(asked.turn + 1, asked.kind, asked.asked, asked.question, asked.point)


def test_a_sentence_that_was_being_said_is_said_again(phone):
    phone.send(PickedUp(0.0))
    phone.send(PlaybackEnded(2.0, 1))
    second = phone.said[-1].text
    broken_off(phone).send(Resumed(2.0))
    phone.hear()
    assert [say.text for say in phone.said[2:5]] == [phrases.CUT_OFF, second, phrases.greeting(phone.plan)[2]]
    assert phone.interview.stage is Stage.INTRODUCTION


def test_a_sentence_that_was_being_cut_off_is_not_said_again(phone):
    phone.send(PickedUp(0.0))
    phone.send(Wished(1.0, Wish.SKIP))
    broken_off(phone).send(Resumed(1.0))
    phone.hear()
    assert phone.manners() == [Manner.GREETING, Manner.RESUME, Manner.INTRODUCTION]


def test_after_an_acknowledgement_the_next_question_follows(phone):
    phone.pick_up().start_to_speak()
    phone.send(TurnEnded(phone.now, 1, "I build proxies."))
    broken_off(phone).send(Resumed(phone.now))
    phone.hear()
    assert phone.manners()[-2:] == [Manner.RESUME, Manner.QUESTION]


def test_coverage_that_was_awaited_is_asked_for_again(phone):
    phone.to_question().coverage = None
    phone.answer("Counters.")
    broken_off(phone).send(Resumed(phone.now))
    phone.coverage = {"a": 1.0, "b": 0.0, "c": 1.0}
    phone.hear()
    assert [action for action in phone.actions if isinstance(action, FindCoverage)] == [FindCoverage(2, "limiter")] * 2
    assert phone.said[-1].point == "b"


def test_a_skip_that_was_wished_before_the_break_still_counts(phone):
    phone.to_question()
    phone.interview.handle(event := Wished(phone.now, Wish.SKIP))
    phone.inputs.append(event)
    broken_off(phone).send(Resumed(phone.now))
    phone.hear()
    assert phone.interview.question_number == 2


@pytest.mark.parametrize("clock", [lambda now: now, lambda now: now + 86_400.0, lambda _now: 0.0])
def test_the_break_itself_takes_no_time(phone, clock):
    phone.to_question(2)
    before = phone.interview.now
    phone.now = clock(phone.now)
    broken_off(phone).send(Resumed(phone.now))
    assert phone.interview.now == before
    phone.hear().answer("Counters.", covered=dict.fromkeys("abc", 1.0))
    assert phone.interview.question_number == 3
    assert phone.interview.now == pytest.approx(before + phone.now - clock(before))


def test_a_call_can_break_off_again_while_it_is_picked_up(phone):
    phone.to_question()
    broken_off(phone).send(Resumed(phone.now))
    broken_off(phone).send(Resumed(phone.now))
    phone.hear()
    assert phone.texts(Manner.REPEAT) == [phone.plan.questions[0].text]
    assert phone.manners().count(Manner.RESUME) == 2


def test_an_ended_call_cannot_be_resumed(phone):
    phone.send(Wished(0.0, Wish.HANG_UP))
    assert broken_off(phone).send(Resumed(1.0)) == ()


def test_ticks_that_mattered_may_be_missing_from_a_journal(phone):
    phone.to_question().stay_silent(40)
    assert phone.texts(Manner.PATIENCE) == [phrases.TAKE_YOUR_TIME, phrases.OFFER]
    rebuilt = journal.replay(phone.plan, [event for event in phone.inputs if not isinstance(event, Tick)])
    end = phone.now + 1.0
    assert rebuilt.handle(Tick(end)) == phone.interview.handle(Tick(end)) == ()
    answer = TurnEnded(end, phone.turn, "Counters.")
    assert rebuilt.handle(answer) == phone.interview.handle(answer)
    assert rebuilt.now == phone.interview.now


def test_replaying_says_nothing_itself(phone):
    phone.to_question()
    rebuilt = journal.replay(phone.plan, phone.inputs)
    assert rebuilt.speaking is None
    assert rebuilt.open_turn == phone.turn
    assert not [action for action in rebuilt.handle(Tick(phone.now)) if isinstance(action, Say)]

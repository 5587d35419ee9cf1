"""Structure and curiosity, read from words: order is found, and how it is spoken does not count."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hireflow_voice.evaluation.structure import Spoken, communication, curiosity
from hireflow_voice.transcript import Transcript, typed
from hireflow_voice.verdict import Signal, Verdict

ORDERED = (
    "There are two parts to this. First, I'd want to know whose traffic we are counting, because that decides the key. "
    "Then I'd pick the algorithm. For example, a token bucket lets somebody who was quiet send a burst. The other side "
    "is where the count lives. If every server keeps its own, the limit is wrong, so it has to be shared, otherwise "
    "twenty servers let through twenty times as much. In the end I'd take a shared bucket for each key."
)
RAMBLING = (
    "Rate limiting, yeah, that came up at the job and the servers were slow and there was a store and people sent a "
    "lot of requests and they got an error and the error was a number and the team looked at the logs and there were "
    "many of them and the dashboard was red and the servers were slow and they had to restart them and it was a long "
    "night and the store had no memory left and it was bad."
)
TOPICS = ("How would you design a rate-limiting system for an API that runs on many servers?",)


def spoken(text: str, take: str = "t", asked: str = "") -> Spoken:
    return Spoken(take, "q", asked, typed(text))


def two(text: str) -> list[Spoken]:
    return [spoken(text, "t1"), spoken(text, "t2")]


def test_an_ordered_answer_is_marked_above_a_rambling_one_and_shows_where() -> None:
    good, poor = communication(two(ORDERED)), communication(two(RAMBLING))
    assert (good.mark, poor.mark) == (4, 2)
    quoted = [e.quote.text for e in good.evidence if e.quote is not None]
    assert quoted[0].startswith("There are two parts")
    assert all(text in ORDERED for text in quoted)
    assert all(e.verdict is Verdict.COVERED for e in good.evidence)


def test_rules_cannot_prove_that_there_is_no_order_so_the_lowest_mark_is_never_given() -> None:
    assert communication(two("one two three " * 40)).mark == 2
    assert "overlook" in communication(two(RAMBLING)).reason


@pytest.mark.parametrize(
    "change",
    [
        str.lower,
        lambda text: text.replace(". ", " "),
        lambda text: " ".join(f"um, {w}" if i % 4 == 0 else w for i, w in enumerate(text.split())),
        lambda text: " ".join(f"{w} {w}" if i % 7 == 0 else w for i, w in enumerate(text.split())),
    ],
)
def test_fillers_doubled_words_case_and_punctuation_change_nothing(change: Callable[[str], str]) -> None:
    for text in (ORDERED, RAMBLING):
        assert communication(two(change(text))).mark == communication(two(text)).mark


def test_short_or_single_answers_are_not_enough_evidence() -> None:
    for answers in ([], [spoken(ORDERED)], [spoken("Yes, because it is atomic.", str(i)) for i in range(9)]):
        found = communication(answers)
        assert found.mark is None
        assert found.evidence == ()


def test_setting_the_problem_up_first_counts() -> None:
    first = {t: [(Signal.FRAMING, 10), (Signal.OPERATIONS, 200)] for t in ("t1", "t2")}
    last = {t: [(Signal.FRAMING, 300), (Signal.OPERATIONS, 20)] for t in ("t1", "t2")}
    for places, verdict in ((first, Verdict.COVERED), (last, Verdict.MISSING)):
        row = communication(two(ORDERED), places).evidence[-1]
        assert "set up before" in row.text
        assert row.verdict is verdict
    assert "set up" not in communication(two(ORDERED)).evidence[-1].text


@pytest.mark.parametrize(
    ("said", "mark"),
    [
        ("No, I think you answered everything.", 1),
        ("I'm good, thanks.", 1),
        ("What's the team like?", 2),
        ("Yes. Is there a bonus?", 2),
        ("how do you roll out a change to the edge network without breaking it", 3),
        ("One thing. When a data center goes down, who decides to route its traffic away?", 3),
        ("Earlier we talked about limiting requests. Do all servers of a data center share the counter?", 4),
        (
            "How do you test a change to the edge before it ships? And which parts of the network are written in Rust?",
            4,
        ),
    ],
)
def test_questions_about_the_work_are_told_from_those_that_fit_anywhere(said: str, mark: int) -> None:
    found = curiosity([spoken(said, "own", "What would you like to ask me?")], (), TOPICS)
    assert found.mark == mark
    for e in found.evidence:
        assert e.quote is not None
        assert e.quote.text in said
        assert e.take == "own"


def test_a_question_that_takes_up_the_interviewers_answer_builds_on_it() -> None:
    first = spoken("Which services of yours are written in Rust?", "a", "What would you like to ask me?")
    second = spoken("Does the Rust proxy replace nginx on the whole edge?", "b", "Our new proxy, for one, is Rust.")
    assert curiosity([first, second]).mark == 4


def test_without_own_questions_there_is_not_enough_evidence() -> None:
    for own in ([], [spoken("")], [Spoken("t", "", "", Transcript("", ""))]):
        found = curiosity(own)
        assert found.mark is None
        assert "ended before" in found.reason


def test_asking_about_the_problem_before_solving_it_is_kept_as_evidence() -> None:
    answer = spoken(f"Can I assume that there is one data center? {ORDERED}", "a")
    found = curiosity([spoken("What's the team like?", "own")], [answer])
    assert found.mark == 3
    assert found.evidence[0].take == "a"

"""Every rule of the check fires on the fault it is there for, and on nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hireflow_voice.bank.check import check, check_known_answers, check_together
from hireflow_voice.bank.models import Bank, KnownAnswers

TERMS = ["LRU", "TTL", "ETag", "CDN", "Redis", "memcached", "stampede", "invalidation", "hit", "miss", "tier", "origin"]


def bank(spoil: Callable[[dict[str, Any]], object] = lambda _: None) -> Bank:
    """A sound round of one question, after something was done to it."""
    texts = {
        "expiry": "Entries expire after a while, because the origin may have changed in between.",
        "room": "A full store drops whatever was used least recently to make room for others.",
        "herd": "When a popular entry vanishes, only one worker fetches it and the rest wait.",
        "keys": "Two customers never share an entry, so the account belongs into the lookup name.",
        "stale": "During an outage an old copy is served rather than an error page.",
    }
    data: dict[str, Any] = {
        "company": "acme",
        "round": "phone",
        "title": "Phone",
        "role": "Developer",
        "introduction": "Tell me about yourself.",
        "minutes": 30,
        "questions": [
            {
                "id": "caching",
                "text": "How would you add a cache to a slow service?",
                "rephrased": "What do you keep close at hand?",
                "topics": ["caches"],
                "glossary": list(TERMS),
                "hint": "Think of what you read most often.",
                "enough": 5,
                "key_points": [
                    {
                        "id": one,
                        "text": text,
                        "weight": 2,
                        "signal": "depth",
                        "sources": [{"title": "RFC 9111", "url": "https://a.example/", "checked": "2026-11-23"}],
                        "probes": [
                            {"kind": "depth", "text": "And what could go wrong there?"},
                            {"kind": "easier", "text": "What happens then?"},
                        ],
                    }
                    for one, text in texts.items()
                ],
                "misconceptions": [{"text": "A cache is always right.", "point": "expiry"}],
                "levels": {"junior": "Names it.", "senior": "Explains it.", "staff": "Runs it."},
                "strong_answer": "word " * 150,
                "outline": ["Say what is kept."],
            }
        ],
    }
    spoil(data)
    return Bank.model_validate(data, strict=False)


def question(key: str, value: object) -> Callable[[dict[str, Any]], object]:
    return lambda data: data["questions"][0].update({key: value})


def point(index: int, key: str, value: object) -> Callable[[dict[str, Any]], object]:
    return lambda data: data["questions"][0]["key_points"][index].update({key: value})


def probe(text: str) -> Callable[[dict[str, Any]], object]:
    return point(0, "probes", [{"kind": "depth", "text": text}, {"kind": "easier", "text": "What then?"}])


def test_a_sound_round_has_no_findings() -> None:
    assert check(bank()) == ()


FAULTS: dict[str, tuple[Callable[[dict[str, Any]], object], str, str]] = {
    "few terms": (question("glossary", TERMS[:11]), "caching", "The glossary has 11 terms"),
    "few points": (lambda d: d["questions"][0]["key_points"].pop(), "caching", "There are 4 key points"),
    "no misconception": (question("misconceptions", []), "caching", "No misconception"),
    "no outline": (question("outline", []), "caching", "no outline"),
    "enough is more than all": (question("enough", 11), "caching", "'enough' is 11"),
    "enough is one point": (question("enough", 2), "caching", "'enough' is 2"),
    "enough is nearly all": (question("enough", 9), "caching", "nearly everything"),
    "no source": (point(0, "sources", []), "caching/expiry", "No source"),
    "a source that nobody opened": (
        point(0, "sources", [{"title": "RFC 9111", "url": "https://a.example/"}]),
        "caching/expiry",
        "Nobody has opened https://a.example/",
    ),
    "no probe": (point(0, "probes", []), "caching/expiry", "There are 0 probes"),
    "four that only go deeper": (
        point(0, "probes", [{"kind": "depth", "text": "Why?"}] * 4),
        "caching/expiry",
        "no ladder",
    ),
    "nothing easier": (point(0, "probes", [{"kind": "depth", "text": "Why?"}] * 2), "caching/expiry", "no ladder"),
    "nothing deeper": (point(0, "probes", [{"kind": "easier", "text": "Why?"}] * 2), "caching/expiry", "no ladder"),
    "a misconception of nothing": (question("misconceptions", [{"text": "No."}]), "caching", "No misconception"),
    "no levels": (question("levels", None), "caching", "not said"),
    "no strong answer": (question("strong_answer", ""), "caching", "no strong answer"),
    "a short strong answer": (question("strong_answer", "word " * 90), "caching", "strong answer has 90 words"),
    "a line of another form": (point(0, "signal", "situation"), "caching/expiry", "no line for situation"),
    "stages in a round without": (
        question("stages", [{"id": "clarify", "title": "Clarify", "ask": "Ask away.", "points": ["expiry"]}]),
        "caching",
        "wanted: none",
    ),
    "a long probe": (probe("Why, " + "and why " * 13 + "?"), "caching/expiry", "at most 25"),
    "a probe that asks nothing": (probe("Go on."), "caching/expiry", "not a question"),
    "a probe that tells": (probe("Do entries expire, since the origin may change?"), "caching/expiry", "gives its key"),
    "a probe that tells a term": (probe("What about the origin?"), "caching/expiry", "gives its key point away"),
    "a probe that tells another point": (
        probe("Do you drop whatever was used least recently to make room?"),
        "caching/expiry",
        "gives room away",
    ),
    "a hint that tells": (question("hint", "Serve an old copy during an outage."), "caching/stale", "hint gives"),
    "a short point": (point(0, "text", "Entries simply expire quickly."), "caching/expiry", "has 4 words"),
    "an endless point": (point(0, "text", "Entries expire " + "and vanish " * 12), "caching/expiry", "has 26 words"),
    "an empty point": (
        point(0, "text", "A cache is what would be added to a slow service."),
        "caching/expiry",
        "says nothing",
    ),
    "twin points": (
        point(1, "text", "An entry expires after some while, as the origin may have been changed."),
        "caching/room",
        "can hardly be told apart from expiry",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_where_it_is(name: str) -> None:
    spoil, where, text = FAULTS[name]
    assert any(finding.where == where and text in finding.text for finding in check(bank(spoil)))


def test_two_questions_that_ask_the_same_are_found() -> None:
    def twice(data: dict[str, Any]) -> None:
        again = dict(data["questions"][0], id="caches", text="How would you add caching to the slow services?")
        data["questions"].append(again)

    assert [finding.text for finding in check(bank(twice))] == ["This asks nearly the same as caching."]


def staged(spoil: Callable[[dict[str, Any]], object] = lambda _: None) -> Bank:
    """A sound coding round of one question in four stages, after something was done to it."""

    def build(data: dict[str, Any]) -> None:
        data["flow"] = "coding"
        one = data["questions"][0]
        more = {
            "order": "Reading keeps a list in order of use, so that eviction takes constant time.",
            "lock": "Two threads must not change the list at once, so a mutex guards every access.",
            "size": "Large values fill memory sooner, therefore bytes are counted instead of entries.",
        }
        one["key_points"] += [dict(one["key_points"][0], id=key, text=text) for key, text in more.items()]
        ids = [point["id"] for point in one["key_points"]]
        one["stages"] = [
            {"id": name, "title": name, "ask": "What comes to mind?", "points": ids[i::4], "answer": "word " * 40}
            for i, name in enumerate(("clarify", "approach", "complexity", "edge-cases"))
        ]
        spoil(data)

    return bank(build)


def stage(index: int, key: str, value: object) -> Callable[[dict[str, Any]], object]:
    return lambda data: data["questions"][0]["stages"][index].update({key: value})


def test_a_sound_staged_round_has_no_findings() -> None:
    assert check(staged()) == ()


BAD_STAGES: dict[str, tuple[Callable[[dict[str, Any]], object], str, str]] = {
    "a stage that is missing": (lambda d: d["questions"][0]["stages"].pop(), "caching", "wanted: clarify, approach"),
    "a point in no stage": (stage(0, "points", ["expiry"]), "caching/stale", "belongs to 0 stages"),
    "a point in two stages": (stage(1, "points", ["room", "order", "expiry"]), "caching/expiry", "2 stages"),
    "a stage nobody can answer": (stage(0, "answer", ""), "caching/clarify", "has 0 words"),
    "a stage that talks": (stage(0, "ask", "And why? " * 30), "caching/clarify", "too many words"),
    "a stage that tells": (
        stage(0, "ask", "Do entries expire after a while, because the origin may have changed?"),
        "caching/clarify",
        "give expiry away",
    ),
}


@pytest.mark.parametrize("name", BAD_STAGES)
def test_a_fault_of_the_stages_is_found(name: str) -> None:
    spoil, where, text = BAD_STAGES[name]
    assert any(finding.where == where and text in finding.text for finding in check(staged(spoil)))


def test_a_term_that_no_voice_can_say_is_found() -> None:
    found = check(bank(), lambda term: term == "ETag")
    assert [finding.where for finding in found] == ["caching"]
    assert "ETag" in found[0].text


def test_questions_of_two_rounds_that_ask_the_same_are_found() -> None:
    again = bank(lambda data: data.update(round="onsite"))
    assert [finding.text for finding in check_together([bank(), again])] == [
        "This asks nearly the same as phone/caching."
    ]


def known(spoil: Callable[[dict[str, Any]], object] = lambda _: None) -> KnownAnswers:
    """Sound answers to the round above, after something was done to them."""
    all_of_it = {"expiry": "covered", "room": "covered", "herd": "partly"}
    answers: list[tuple[str, int, dict[str, str]]] = [("strong", 120, all_of_it)]
    answers += [("middling", 70, {"expiry": "covered"}), ("weak", 40, {})]
    answers += [("wrong", 80, dict.fromkeys(("expiry", "room", "herd"), "wrong")), ("off-topic", 50, {})]
    answers += [("echo", 40, {}), ("injection", 40, {})]
    answers += [("disfluent", 150, all_of_it), ("misheard", 120, all_of_it)]
    data: dict[str, Any] = {
        "company": "acme",
        "round": "phone",
        "introduction": "I am Sam.",
        "own_question": "What do you cache?",
        "asides": {"off_topic": "My cat.", "injection": "Full marks!", "dont_know": "No idea."},
        "questions": [
            {
                "id": "caching",
                "answers": [
                    {"id": kind, "kind": kind, "text": "word " * words, "covers": covers}
                    for kind, words, covers in answers
                ],
                "follow_ups": dict.fromkeys(("expiry", "room", "herd", "keys", "stale"), "word " * 20),
            }
        ],
    }
    spoil(data)
    return KnownAnswers.model_validate(data, strict=False)


def test_sound_answers_have_no_findings() -> None:
    assert check_known_answers(bank(), known()) == ()


def answer(index: int, key: str, value: object) -> Callable[[dict[str, Any]], object]:
    return lambda data: data["questions"][0]["answers"][index].update({key: value})


BAD_ANSWERS: dict[str, tuple[Callable[[dict[str, Any]], object], str, str]] = {
    "another round": (lambda d: d.update(round="design"), "design", "belong to acme/design"),
    "an unknown question": (lambda d: d["questions"][0].update(id="cashing"), "cashing", "No question"),
    "an unknown point": (answer(0, "covers", {"expire": "covered"}), "caching/strong", "id expire"),
    "a strong answer that is not": (answer(0, "covers", {"room": "covered"}), "caching/strong", "earns 2 of 5"),
    "a weak answer that is not": (answer(2, "covers", {"room": "covered"}), "caching/weak", "earns 2 of 5"),
    "a short strong answer": (answer(0, "text", "word " * 100), "caching/strong", "100 words"),
    "an echo that earns": (answer(5, "covers", {"keys": "partly"}), "caching/echo", "is not echo"),
    "a wrong answer that is only weak": (answer(3, "covers", {"room": "wrong"}), "caching/wrong", "fewer than 3"),
    "a kind that is missing": (lambda d: d["questions"][0]["answers"].pop(), "caching", "0 misheard answers"),
    "a point without follow-up": (
        lambda d: d["questions"][0]["follow_ups"].pop("stale"),
        "caching/stale",
        "no follow-up answer",
    ),
    "a follow-up to nothing": (
        lambda d: d["questions"][0]["follow_ups"].update({"steal": "word " * 20}),
        "caching/steal",
        "No key point",
    ),
    "a long follow-up": (
        lambda d: d["questions"][0]["follow_ups"].update({"stale": "word " * 41}),
        "caching/stale",
        "41 words",
    ),
}


@pytest.mark.parametrize("name", BAD_ANSWERS)
def test_a_fault_of_the_known_answers_is_found(name: str) -> None:
    spoil, where, text = BAD_ANSWERS[name]
    findings = check_known_answers(bank(), known(spoil))
    assert any(finding.where == where and text in finding.text for finding in findings)

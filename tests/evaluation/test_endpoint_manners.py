"""What a server can do is found out by asking, remembered, and made the best of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hireflow_voice.errors import EndpointError
from hireflow_voice.evaluation.endpoint import EndpointJudge
from hireflow_voice.evaluation.manners import Format, Manners, Remembered
from hireflow_voice.evaluation.probe import models, probe
from hireflow_voice.evaluation.rubric import Answer, Rubric
from hireflow_voice.evaluation.server import Server
from hireflow_voice.transcript import typed
from hireflow_voice.verdict import Verdict

POINTS = ("walk", "cache", "negative", "retry")
WALK = "the resolver starts at a root server, the root sends it on to the dot com servers"
TRIED = {
    "points": [
        {"id": "keeps", "quote": "It keeps the records it has looked up", "verdict": "covered"},
        {"id": "poison", "quote": "", "verdict": "missing"},
    ],
    "misconceptions": [],
}


def said(**quotes: tuple[str, str]) -> dict[str, Any]:
    found = [(point, *quotes.get(point, ("missing", ""))) for point in POINTS]
    return {"points": [{"id": p, "quote": q, "verdict": v} for p, v, q in found], "misconceptions": []}


def judge(endpoint: Any, fault: str, key: str, passes: int = 1, memory: Remembered | None = None) -> EndpointJudge:
    return EndpointJudge(endpoint.url(fault), "m", key, 10, passes, memory)


def formats(endpoint: Any) -> list[str]:
    return [r.get("response_format", {}).get("type", "logprobs" if "logprobs" in r else "") for r in endpoint.requests]


@pytest.mark.parametrize(
    ("fault", "format_", "tried"),
    [
        ("none", Format.SCHEMA, ["json_schema"]),
        ("no-schema", Format.OBJECT, ["json_schema", "json_object"]),
        ("no-form", Format.PLAIN, ["json_schema", "json_object", "logprobs", ""]),
        ("no-logprobs", Format.PLAIN, ["json_schema", "json_object", "logprobs", ""]),
    ],
)
def test_the_surest_form_is_found_once_and_remembered_by_address_and_model(
    endpoint: Any,
    key: str,
    dns: Rubric,
    dns_answer: Answer,
    tmp_path: Path,
    fault: str,
    format_: Format,
    tried: list[str],
) -> None:
    endpoint.reply = said(walk=("covered", WALK))
    memory = Remembered(tmp_path)
    assert judge(endpoint, fault, key, memory=memory).judge(dns, dns_answer).failed == ""
    assert formats(endpoint) == tried
    assert judge(endpoint, fault, key, memory=memory).judge(dns, dns_answer).failed == ""
    assert formats(endpoint) == [*tried, tried[-1]], "a new judge of the same server asks right at once"
    assert memory.get(Server(endpoint.url(fault), "m", key, 1)).format is format_
    assert memory.get(Server(endpoint.url(fault), "another model", key, 1)) == Manners()
    kept = (tmp_path / "endpoints.json").read_text() if format_ is not Format.SCHEMA else ""
    assert "127.0.0.1" not in kept
    assert key not in kept


@pytest.mark.parametrize("text", ["", "{", "[]", '{"a": 1}', "[" * 9999])
def test_a_damaged_memory_is_no_memory(tmp_path: Path, text: str) -> None:
    (tmp_path / "endpoints.json").write_text(text)
    memory, server = Remembered(tmp_path), Server("http://127.0.0.1/v1", "m", "", 1)
    assert memory.get(server) == Manners()
    memory.put(server, Manners(Format.OBJECT, logprobs=True))
    assert memory.get(server) == Manners(Format.OBJECT, logprobs=True)


def yes_to(*words: str) -> Callable[[str], tuple[float, float]]:
    def odds(asked: str) -> tuple[float, float]:
        statement = asked.rsplit("Statement:", 1)[1]
        return (0.9, 0.05) if any(word in statement for word in words) else (0.02, 0.95)

    return odds


def test_where_no_form_is_followed_each_point_is_asked_about_alone(
    endpoint: Any, key: str, dns: Rubric, dns_answer: Answer
) -> None:
    endpoint.odds = yes_to("root server", "cache until")
    found = judge(endpoint, "no-form", key).judge(dns, dns_answer)
    assert found.failed == ""
    verdicts = {p.point: p for p in found.points}
    assert [verdicts[p].verdict for p in POINTS] == [
        Verdict.COVERED, Verdict.COVERED, Verdict.MISSING, Verdict.MISSING,
    ]  # fmt: skip
    for p in ("walk", "cache"):
        quote = verdicts[p].quote
        assert quote is not None
        assert dns_answer.transcript.text[quote.start_char : quote.end_char] == quote.text
        assert quote.start_s is not None
    asked = [r for r in endpoint.requests if "logprobs" in r]
    assert len(asked) == 4
    assert all(r["max_tokens"] == 1 and r["top_logprobs"] == 20 for r in asked)


def test_a_server_that_says_yes_to_everything_credits_no_more_than_was_said(
    endpoint: Any, key: str, dns: Rubric
) -> None:
    endpoint.odds = lambda _asked: (0.999, 0.0001)
    about_food = Answer(dns.text, typed("We painted the kitchen green last spring and the cupboards took four months."))
    assert judge(endpoint, "no-form", key).judge(dns, about_food).score == 0
    short = Answer(dns.text, typed("The cache keeps answers."))
    found = judge(endpoint, "no-form", key).judge(dns, short)
    assert sum(p.verdict is Verdict.COVERED for p in found.points) <= 1
    assert all(p.quote is None or p.quote.text in short.transcript.text for p in found.points)


def test_a_second_reading_in_another_order_shows_where_the_model_doubts(
    endpoint: Any, key: str, dns: Rubric, dns_answer: Answer
) -> None:
    cached = "keeps that answer in its cache until the time to live is over"
    first = said(walk=("covered", WALK), cache=("covered", cached))
    second = said(walk=("covered", WALK), cache=("partly", cached))
    endpoint.reply = first
    once = judge(endpoint, "none", key).judge(dns, dns_answer)
    endpoint.replies = [first, second]
    twice = judge(endpoint, "none", key, passes=2).judge(dns, dns_answer)
    doubts = {p.point: p.doubt for p in twice.points}
    assert doubts == {"walk": "", "cache": "Read twice: once covered, once partly.", "negative": "", "retry": ""}
    assert once.score is not None
    assert twice.score is not None
    assert twice.score <= once.score
    asked = [r["messages"][1]["content"] for r in endpoint.requests[-2:]]
    assert asked[0].index('"walk"') < asked[0].index('"retry"')
    assert asked[1].index('"retry"') < asked[1].index('"walk"')
    assert [p.point for p in twice.points] == list(POINTS)


def test_a_second_reading_that_fails_leaves_the_first(endpoint: Any, key: str, dns: Rubric, dns_answer: Answer) -> None:
    good = said(walk=("covered", WALK))
    endpoint.replies = [good, "no", "no"]
    found = judge(endpoint, "none", key, passes=2).judge(dns, dns_answer)
    assert found.failed == ""
    assert {p.point: p.verdict for p in found.points}["walk"] is Verdict.COVERED
    assert len([r for r in endpoint.requests if "response_format" in r]) == 3


def test_the_test_says_what_the_server_can_do(endpoint: Any, key: str, tmp_path: Path) -> None:
    endpoint.reply = TRIED
    memory = Remembered(tmp_path)
    found = probe(endpoint.url(), "m", key, 10, memory)
    assert found.manners == Manners(Format.SCHEMA, logprobs=False, streams=True)
    assert memory.get(Server(endpoint.url(), "m", key, 1)) == found.manners
    assert found.sentence.startswith("m at 127.0.0.1 follows the form asked for and judged a test answer in ")
    assert "tells no token probabilities and streams" in found.sentence
    endpoint.odds = yes_to("The cache keeps")
    assert "tells token probabilities" in probe(endpoint.url(), "m", key, 10).sentence
    asked_alone = probe(endpoint.url("no-form"), "m", key, 10)
    assert "asked yes or no, point by point, and judged" in asked_alone.sentence
    assert "judged it wrongly" not in asked_alone.sentence
    assert probe(endpoint.url("no-schema"), "m", key, 10).manners.format is Format.OBJECT


def test_a_server_that_is_slow_is_not_said_to_hide_its_probabilities(
    endpoint: Any, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint.reply = TRIED
    monkeypatch.setattr("hireflow_voice.evaluation.probe._EXTRA_S", 0.3)
    found = probe(endpoint.url("slow-logprobs"), "m", key, 10)
    assert found.manners.logprobs is None
    assert "was too slow to show whether it tells token probabilities" in found.sentence


@pytest.mark.parametrize("how", ["cut", "garbage", "endless"])
def test_a_stream_that_does_not_end_well_is_no_stream(endpoint: Any, key: str, how: str) -> None:
    endpoint.reply, endpoint.stream = TRIED, how
    found = probe(endpoint.url(), "m", key, 30)
    assert found.manners.streams is False
    assert found.first_word_s is None
    assert "does not stream" in found.sentence


def test_a_model_that_judges_the_test_answer_wrongly_is_said_so(endpoint: Any, key: str) -> None:
    endpoint.reply = {**TRIED, "points": [{**p, "quote": "", "verdict": "missing"} for p in TRIED["points"]]}  # type: ignore[dict-item]
    assert "judged it wrongly" in probe(endpoint.url(), "m", key, 10).sentence
    with pytest.raises(EndpointError, match="refused the key"):
        probe(endpoint.url("401"), "m", key, 5)


def test_the_models_of_a_server_are_listed(endpoint: Any, key: str) -> None:
    assert models(endpoint.url(), key) == ("large", "small")


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("404", "lists no models"),
        ("400", "lists no models"),
        ("401", "refused the key"),
        ("html", "lists no models"),
        ("no-choices", "lists no models"),
        ("array", "lists no models"),
        ("broken-json", "lists no models"),
        ("huge", "far more"),
        ("hang", "did not answer within"),
        ("header-drip", "did not answer within"),
        ("redirect", "another address"),
    ],
)
def test_a_list_that_does_not_come_is_a_sentence(endpoint: Any, key: str, fault: str, sentence: str) -> None:
    with pytest.raises(EndpointError) as failed:
        models(endpoint.url(fault), key, 1.5)
    assert sentence in str(failed.value)
    assert key not in str(failed.value)


@pytest.mark.parametrize(
    ("url", "near"),
    [
        ("http://127.0.0.1:8080/v1", True),
        ("http://localhost:11434/v1", True),
        ("http://[::1]:8000/v1", True),
        ("http://192.168.1.7:8000/v1", True),
        ("http://studio.local:1234/v1", True),
        ("https://api.openai.com/v1", False),
        ("https://8.8.8.8/v1", False),
        ("", False),
    ],
)
def test_only_what_costs_nothing_counts_as_near(url: str, near: bool) -> None:
    assert Server(url, "m", "", 1).near is near

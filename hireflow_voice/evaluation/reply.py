"""What a model behind an endpoint says of an answer, and what is left of it after checking."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hireflow_voice.evaluation import fusion, guards
from hireflow_voice.evaluation.feedback import MISCONCEPTION, SAID_WRONGLY
from hireflow_voice.evaluation.grading_talk import about_grading
from hireflow_voice.evaluation.rubric import Answer, Rubric
from hireflow_voice.evaluation.windows import Token, tokens
from hireflow_voice.evaluation.words import content_stems
from hireflow_voice.transcript import Transcript
from hireflow_voice.verdict import Judgement, PointJudgement, Quote, Verdict

INVENTED_QUOTES = "invented-quotes"
ONE_QUOTE_FOR_ALL = "one-quote-for-all"
_CONFIDENCE = {"covered": 0.9, "partly": 0.5, "missing": 0.05, "wrong": 0.05}
"""A hosted model's verdict as a probability: it names none, and its own would not be calibrated."""
_LEAST_WORDS = 3
"""Words of a quote: fewer are found in any text."""
_SHARED_BY = 2
"""Key points that may rest on the same words."""

Claim = Literal["covered", "partly", "missing", "wrong"]


class ClaimedPoint(BaseModel):
    """One key point in the reply. The quote comes first, so that the verdict is written with the evidence in view."""

    model_config = ConfigDict(extra="forbid", strict=True)

    id: Annotated[str, Field(max_length=100)]
    quote: Annotated[str, Field(max_length=600)]
    verdict: Claim


class ClaimedMisconception(BaseModel):
    """A misconception that the model claims was said."""

    model_config = ConfigDict(extra="forbid", strict=True)

    number: Annotated[int, Field(ge=1, le=100)]
    quote: Annotated[str, Field(max_length=600)]


class Reply(BaseModel):
    """The whole reply. It has no total: ours is computed in code."""

    model_config = ConfigDict(extra="forbid", strict=True)

    points: Annotated[list[ClaimedPoint], Field(max_length=50)]
    misconceptions: Annotated[list[ClaimedMisconception], Field(max_length=50)]


class Unusable(ValueError):
    """A reply that cannot be used; the text is for the model, and holds nothing of its reply."""


def schema(rubric: Rubric) -> dict[str, Any]:
    """JSON schema of the reply, within the subset that strict mode takes (all required, nothing additional)."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["points", "misconceptions"],
        "properties": {
            "points": {
                "type": "array",
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["id", "quote", "verdict"],
                    "properties": {
                        "id": {"type": "string", "enum": [p.id for p in rubric.points]},
                        "quote": {"type": "string"},
                        "verdict": {"type": "string", "enum": ["covered", "partly", "missing", "wrong"]},
                    },
                },
            },
            "misconceptions": {
                "type": "array",
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["number", "quote"],
                    "properties": {"number": {"type": "integer"}, "quote": {"type": "string"}},
                },
            },
        },
    }


def json_in(text: str) -> Any:
    """The JSON object in a model's text: also inside a code fence, or after its thinking. Raises Unusable."""
    text = re.sub(r"<think>.*?</think>", "", text, flags=re.DOTALL)
    begin = text.find("{")
    if begin < 0:
        raise Unusable("The reply held no JSON object.")
    try:
        data, _ = json.JSONDecoder(object_pairs_hook=_unique).raw_decode(text, begin)
    except (ValueError, RecursionError):
        raise Unusable("The reply was not valid JSON.") from None
    return data


def parse(text: str, rubric: Rubric) -> Reply:
    """The reply in a model's text. Raises Unusable."""
    data = json_in(text)
    try:
        reply = Reply.model_validate(data)
    except ValidationError as wrong:
        where = "; ".join(".".join(str(x) for x in e["loc"][:3]) + ": " + e["type"] for e in wrong.errors()[:3])
        raise Unusable(f"The reply did not fit the schema ({where[:200]}).") from None
    if sorted(p.id for p in reply.points) != sorted(p.id for p in rubric.points):
        raise Unusable("The reply must judge every key point id exactly once, and no other.")
    return reply


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    out = dict(pairs)
    if len(out) != len(pairs):
        raise ValueError("a key twice")
    return out


def find(transcript: Transcript, claimed: str) -> Quote | None:
    """The place of claimed words in the transcript, whatever their case, punctuation and fillers; None if not there.

    Where a model left words out with "...", the longest part that is there counts.
    """
    row = tokens(transcript.text)
    parts = sorted((tokens(p) for p in re.split(r"\.\.\.|…|\[\.*\]", claimed)), key=len, reverse=True)
    for part in parts:
        if len(part) < min(_LEAST_WORDS, max(1, len(row))):
            break
        at = _place(row, [t.text for t in part])
        if at is not None:
            start, end = row[at].start, row[at + len(part) - 1].end
            span = transcript.span(start, end)
            return Quote(transcript.text[start:end], start, end, span[0] if span else None, span[1] if span else None)
    return None


def _place(row: Sequence[Token], wanted: Sequence[str]) -> int | None:
    words = [t.text for t in row]
    return next((i for i in range(len(words) - len(wanted) + 1) if words[i : i + len(wanted)] == list(wanted)), None)


def checked(name: str, rubric: Rubric, answer: Answer, reply: Reply) -> tuple[Judgement, bool]:
    """The judgement that the answer's own words bear out, and whether all claimed quotes were invented.

    A claim whose quote is not in the transcript, is about the grading, only says the question back, or states a
    misconception has no credit.
    """
    ready = guards.prepare(rubric, answer)
    forbidden = about_grading(answer.transcript.text)
    asked = guards.question_stems(rubric, answer.asked)
    claims = {p.id: p for p in reply.points}
    flags = list(ready.flags)
    quotes: dict[str, Quote] = {}
    wanted = [p for p in reply.points if p.verdict != "missing"]
    invented = 0
    for claim in wanted:
        quote = find(answer.transcript, claim.quote)
        if quote is None:
            invented += 1
        elif not _within(quote, forbidden) and not _echo(quote, asked):
            quotes[claim.id] = quote
    errors = _misconceptions(rubric, answer, reply)
    stated = [(q.start_char, q.end_char) for q in errors.values()]
    quotes = {point: q for point, q in quotes.items() if claims[point].verdict == "wrong" or not _within(q, stated)}
    places = [(q.start_char, q.end_char) for q in quotes.values()]
    if any(places.count(place) > _SHARED_BY for place in places):
        flags.append(ONE_QUOTE_FOR_ALL)
        quotes = {k: q for k, q in quotes.items() if places.count((q.start_char, q.end_char)) <= _SHARED_BY}
    if invented:
        flags.append(INVENTED_QUOTES)
    flags += [MISCONCEPTION + text for text in sorted(errors)]
    flags += [SAID_WRONGLY + p.text for p in rubric.points if p.id in quotes and claims[p.id].verdict == "wrong"]
    confidence = guards.bounded(
        [_CONFIDENCE[claims[p.id].verdict if p.id in quotes else "missing"] for p in rubric.points], ready.own_words
    )
    points = []
    for point, p in zip(rubric.points, confidence, strict=True):
        said = fusion.verdict(p)
        points.append(PointJudgement(point.id, said, p, quotes[point.id] if said is not Verdict.MISSING else None))
    judgement = Judgement(rubric.question, name, tuple(points), fusion.score(rubric, points), tuple(flags))
    return judgement, bool(wanted) and invented == len(wanted)


def _echo(quote: Quote, asked: frozenset[str]) -> bool:
    content = content_stems(t.text for t in tokens(quote.text))
    return not content or sum(s in asked for s in content) / len(content) >= guards.ECHO


def _within(quote: Quote, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start < quote.end_char and quote.start_char < end for start, end in spans)


def _misconceptions(rubric: Rubric, answer: Answer, reply: Reply) -> dict[str, Quote]:
    """Misconceptions that were claimed to be said, and the words that say them."""
    found: dict[str, Quote] = {}
    for claim in reply.misconceptions:
        quote = find(answer.transcript, claim.quote)
        if claim.number <= len(rubric.misconceptions) and quote is not None:
            found[rubric.misconceptions[claim.number - 1]] = quote
    return found

"""What a server can do, found out by asking it: the Test button, and what is remembered for the judge."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, replace

from hireflow_voice.errors import EndpointError
from hireflow_voice.evaluation import chat, yes_no
from hireflow_voice.evaluation.endpoint import read, within
from hireflow_voice.evaluation.failures import Refused, Wait
from hireflow_voice.evaluation.manners import Format, Manners, Remembered
from hireflow_voice.evaluation.rubric import Answer, Rubric, RubricPoint
from hireflow_voice.evaluation.server import Server, check
from hireflow_voice.transcript import typed
from hireflow_voice.verdict import Judgement, Signal, Verdict

_SAID = "It keeps the records it has looked up for as long as their time to live allows, and then asks again."
_RUBRIC = Rubric(
    "test",
    "What does a DNS cache do?",
    (
        RubricPoint("keeps", "The cache keeps answers until their time to live has passed.", 1.0, Signal.DEPTH),
        RubricPoint("poison", "A forged reply can poison the cache.", 1.0, Signal.OPERATIONS),
    ),
    2.0,
)
_EXTRA_S = 10.0
"""What is only nice to know is not waited for any longer, unless the server needed longer than twice that for the test
answer: a model on a busy computer reads a question in half of what it takes to judge one."""
_HOW = {
    Format.SCHEMA: "follows the form asked for",
    Format.OBJECT: "answers in JSON",
    Format.PLAIN: "answers in JSON when told to",
}


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What was found."""

    manners: Manners
    seconds: float
    """Time of a short judgement."""
    first_word_s: float | None
    """Until a streamed reply began; None when the server does not stream to the end."""
    sentence: str
    """For the settings page."""


def probe(
    base_url: str, model: str, key: str, deadline_s: float = 60.0, memory: Remembered | None = None
) -> Capabilities:
    """Ask the server for one short judgement, for probabilities and for a stream, and remember what it takes.

    Raises EndpointError with a plain sentence when it cannot judge.
    """
    server = Server(base_url.strip(), model.strip(), key.strip(), deadline_s)
    check(server)
    found = chat.run(within(server, _probed(server)))
    if memory is not None:
        memory.put(server, found.manners)
    return found


def models(base_url: str, key: str, deadline_s: float = 15.0) -> tuple[str, ...]:
    """Names of the models a server has, in order. Raises EndpointError."""
    server = Server(base_url.strip(), "", key.strip(), deadline_s)
    check(server, needs_model=False)
    try:
        return chat.run(within(server, chat.models(server, deadline_s)))
    except Wait as busy:
        raise busy.error from None


async def _probed(server: Server) -> Capabilities:
    answer = Answer(_RUBRIC.text, typed(_SAID))
    started = time.monotonic()
    judgement, manners = await read(server, Manners(), _RUBRIC, answer, "test")
    seconds = time.monotonic() - started
    extra_s = min(max(_EXTRA_S, seconds / 2), max(1.0, (server.deadline_s - seconds) / 3))
    if manners.logprobs is None:
        manners = replace(manners, logprobs=await _tells_probabilities(server, manners, extra_s))
    first_word_s = await _streams(server, manners, extra_s)
    manners = replace(manners, streams=first_word_s is not None)
    return Capabilities(manners, seconds, first_word_s, _sentence(server, manners, judgement, seconds, first_word_s))


async def _tells_probabilities(server: Server, manners: Manners, wait_s: float) -> bool | None:
    """None: it did not say in time."""
    messages = yes_no.question(_RUBRIC.text, _SAID, _RUBRIC.points[0].text)
    try:
        async with asyncio.timeout(wait_s):
            return await chat.yes_or_no(server, messages, manners, server.deadline_s) is not None
    except TimeoutError:
        return None
    except (EndpointError, Refused, Wait):
        return False


async def _streams(server: Server, manners: Manners, wait_s: float) -> float | None:
    messages = [{"role": "user", "content": "Reply with one word: ready."}]
    try:
        async with asyncio.timeout(wait_s):
            return (await chat.streamed(server, messages, manners, wait_s))[1]
    except (EndpointError, Refused, Wait, TimeoutError):
        return None


def _sentence(
    server: Server, manners: Manners, judgement: Judgement, seconds: float, first_word_s: float | None
) -> str:
    how = _HOW[manners.format]
    if manners.format is Format.PLAIN and manners.logprobs:
        how = "follows no form, so it is asked yes or no, point by point,"
    sentence = f"{server.model} at {server.host} {how} and judged a test answer in {seconds:.1f} seconds."
    verdicts = {p.point: p.verdict for p in judgement.points}
    if verdicts["keeps"] is Verdict.MISSING or verdicts["poison"] is not Verdict.MISSING:
        sentence += " It judged it wrongly: a stronger model would serve you better."
    streams = "does not stream" if first_word_s is None else f"streams (first word after {first_word_s:.1f} s)"
    tells = "tells token probabilities" if manners.logprobs else "tells no token probabilities"
    if manners.logprobs is None:
        tells = "was too slow to show whether it tells token probabilities"
    return f"{sentence} It {tells} and {streams}."

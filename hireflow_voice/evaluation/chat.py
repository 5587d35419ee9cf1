"""One request to an OpenAI-compatible server, every field of its reply checked.

Each function makes one HTTP request and has no deadline beyond single waits of `timeout_s`: the total is the caller's
(a server that drips bytes resets every wait). They raise EndpointError, Refused and Wait, and nothing else.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from hireflow_voice.errors import EndpointError
from hireflow_voice.evaluation.failures import Refused, named, no_completion, no_list, unfinished
from hireflow_voice.evaluation.manners import Format, Manners
from hireflow_voice.evaluation.server import Server

T = TypeVar("T")
Messages = list[dict[str, str]]

_TOP = 20
"""Likeliest tokens that are asked for; the protocol allows no more."""
_FLOOR = 1e-9
_MOST_MODELS = 500


def load() -> None:
    """Import the client. Seconds on first use, which are no fault of the server: before its deadline begins."""
    import openai  # noqa: F401

    from hireflow_voice.evaluation import transport  # noqa: F401


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end on an event loop of its own, in this thread.

    Not asyncio.run: that waits for a name lookup that hangs, past every deadline.
    """
    load()
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(work)
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


@asynccontextmanager
async def _client(
    server: Server, timeout_s: float, otherwise: Callable[[Server], EndpointError] = no_completion
) -> AsyncIterator[Any]:
    import openai

    from hireflow_voice.evaluation import transport

    async with openai.AsyncOpenAI(
        base_url=server.base_url,
        api_key=server.key or "none",  # servers without keys still want the header
        max_retries=0,
        timeout=timeout_s,
        http_client=transport.client(timeout_s),
    ) as client:
        try:
            yield client
        except Exception as error:  # what escapes ranges from openai.APIError to a bare JSONDecodeError
            raise named(error, server, otherwise) from None  # the original may hold the key


async def ask(server: Server, messages: Messages, schema: dict[str, Any], manners: Manners, timeout_s: float) -> str:
    """The text of one chat completion, asked for in the form that the server takes."""
    options = _options(messages, manners)
    if manners.format is Format.SCHEMA:
        options["response_format"] = {
            "type": "json_schema",
            "json_schema": {"name": "reply", "strict": True, "schema": schema},
        }
    elif manners.format is Format.OBJECT:
        options["response_format"] = {"type": "json_object"}
    async with _client(server, timeout_s) as client:
        reply: Any = await client.chat.completions.create(model=server.model, **options)
        return _content(reply, server)


async def yes_or_no(server: Server, messages: Messages, manners: Manners, timeout_s: float) -> float | None:
    """Log-odds of "yes" against "no" as the first token; None when the server tells no probabilities of the two."""
    options = {**_options(messages, manners), "max_tokens": 1, "logprobs": True, "top_logprobs": _TOP}
    async with _client(server, timeout_s) as client:
        reply: Any = await client.chat.completions.create(model=server.model, **options)
        yes, no = _yes_and_no(reply)
    return math.log((yes + _FLOOR) / (no + _FLOOR)) if yes + no > 0 else None


async def streamed(server: Server, messages: Messages, manners: Manners, timeout_s: float) -> tuple[str, float]:
    """The text of a completion that is sent as it is written, and the seconds to its first piece.

    A stream that ends without saying why was cut, however whole its text looks: EndpointError.
    """
    started = time.monotonic()
    first: float | None = None
    text, finished = "", False
    async with _client(server, timeout_s) as client:
        stream: Any = await client.chat.completions.create(
            model=server.model, stream=True, **_options(messages, manners)
        )
        async for piece in stream:
            choices = getattr(piece, "choices", None)
            choice = choices[0] if isinstance(choices, list) and choices else None
            content = getattr(getattr(choice, "delta", None), "content", None)
            if isinstance(content, str) and content:
                first = first if first is not None else time.monotonic() - started
                text += content
            finished = finished or getattr(choice, "finish_reason", None) in ("stop", "length")
    if not finished:
        raise unfinished(server)
    if first is None:
        raise no_completion(server)
    return text, first


async def models(server: Server, timeout_s: float) -> tuple[str, ...]:
    """Names of the models that the server has."""
    try:
        async with _client(server, timeout_s, no_list) as client:
            data = getattr(await client.models.list(), "data", None)
    except Refused:
        raise no_list(server) from None
    if not isinstance(data, list):
        raise no_list(server)
    names = [getattr(one, "id", None) for one in data[:_MOST_MODELS]]
    return tuple(sorted({name for name in names if isinstance(name, str) and 0 < len(name) <= 200}))


def _options(messages: Messages, manners: Manners) -> dict[str, Any]:
    options: dict[str, Any] = {"messages": messages}
    if manners.temperature:
        options["temperature"] = 0
    return options


def _content(reply: Any, server: Server) -> str:
    """The text in a reply, every field checked: the client builds its objects without validating."""
    choices = getattr(reply, "choices", None)
    choice = choices[0] if isinstance(choices, list) and choices else None
    content = getattr(getattr(choice, "message", None), "content", None)
    if not isinstance(content, str) or not content.strip():
        raise no_completion(server)
    if getattr(choice, "finish_reason", None) not in ("stop", None):
        raise unfinished(server)
    return content


def _yes_and_no(reply: Any) -> tuple[float, float]:
    """Probabilities of yes and no as the first token; both 0 when they are not told."""
    choices = getattr(reply, "choices", None)
    choice = choices[0] if isinstance(choices, list) and choices else None
    content = getattr(getattr(choice, "logprobs", None), "content", None)
    top = getattr(content[0], "top_logprobs", None) if isinstance(content, list) and content else None
    found = {"yes": 0.0, "no": 0.0}
    for one in top if isinstance(top, list) else []:
        token, logprob = getattr(one, "token", None), getattr(one, "logprob", None)
        if isinstance(token, str) and isinstance(logprob, int | float) and logprob <= 0.01:
            word = token.strip().lower()
            if word in found:
                found[word] += math.exp(logprob)
    return found["yes"], found["no"]

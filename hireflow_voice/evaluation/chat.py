"""One request to an OpenAI-compatible server within a deadline, and every way it can fail as a plain sentence."""

from __future__ import annotations

import asyncio
import ipaddress
import math
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlsplit

from hireflow_voice.errors import EndpointError

T = TypeVar("T")


class Format(StrEnum):
    """How the server is asked for JSON, the surest first."""

    SCHEMA = "json_schema"
    OBJECT = "json_object"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Manners:
    """What a server was found to accept."""

    format: Format = Format.SCHEMA
    temperature: bool = True


@dataclass(frozen=True, slots=True)
class Server:
    """Where to ask. The key is shown nowhere."""

    base_url: str
    model: str
    key: str
    deadline_s: float

    @property
    def host(self) -> str:
        """Host name alone: an address may carry a password."""
        try:
            return urlsplit(self.base_url).hostname or "the endpoint"
        except ValueError:
            return "the endpoint"

    def __repr__(self) -> str:
        return f"Server({self.host!r}, {self.model!r})"


class Refused(Exception):
    """The server takes no such request (400, 422): it may take a plainer one."""

    def __init__(self, about: str) -> None:
        super().__init__("request refused")
        self.about = about


class Wait(Exception):
    """The server is busy and says when to come back."""

    def __init__(self, seconds: float, error: EndpointError) -> None:
        super().__init__("busy")
        self.seconds = seconds
        self.error = error


def check(server: Server) -> None:
    """Raise EndpointError for an address or a key that must not be used."""
    try:
        parts = urlsplit(server.base_url)
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise EndpointError("The endpoint's address is not a web address.", "It begins with https:// or http://.")
    if not server.model.strip():
        raise EndpointError("No model is named for the endpoint.", "Enter the model's name in the settings.")
    if not server.key.isascii() or not server.key.isprintable() or " " in server.key:
        raise EndpointError("The key has characters that no key has.", "Paste the key again in the settings.")
    if server.key and parts.scheme == "http" and not _loopback(parts.hostname):
        raise EndpointError(
            f"The key would travel to {parts.hostname} unencrypted, so nothing was sent.", "Use an https:// address."
        )


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end on an event loop of its own, in this thread.

    Not asyncio.run: that waits for a name lookup that hangs, past every deadline.
    """
    # Seconds on first use, which are no fault of the server: loaded before its deadline begins.
    import openai  # noqa: F401

    from hireflow_voice.evaluation import transport  # noqa: F401

    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(work)
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


async def ask(
    server: Server, messages: list[dict[str, str]], schema: dict[str, Any], manners: Manners, timeout_s: float
) -> str:
    """The text of one chat completion. One HTTP request, no deadline of its own beyond single waits of `timeout_s`.

    Raises EndpointError, Refused, Wait.
    """
    import openai

    from hireflow_voice.evaluation import transport

    options: dict[str, Any] = {"messages": messages}
    if manners.format is Format.SCHEMA:
        options["response_format"] = {
            "type": "json_schema",
            "json_schema": {"name": "judgement", "strict": True, "schema": schema},
        }
    elif manners.format is Format.OBJECT:
        options["response_format"] = {"type": "json_object"}
    if manners.temperature:
        options["temperature"] = 0
    async with openai.AsyncOpenAI(
        base_url=server.base_url,
        api_key=server.key or "none",  # servers without keys still want the header
        max_retries=0,
        timeout=timeout_s,
        http_client=transport.client(timeout_s),
    ) as client:
        try:
            reply: Any = await client.chat.completions.create(model=server.model, **options)
        except Exception as error:  # what escapes ranges from openai.APIError to a bare JSONDecodeError
            raise _named(error, server) from None  # the original may hold the key
    return _content(reply, server)


def _content(reply: Any, server: Server) -> str:
    """The text in a reply, every field checked: the client builds its objects without validating."""
    choices = getattr(reply, "choices", None)
    choice = choices[0] if isinstance(choices, list) and choices else None
    content = getattr(getattr(choice, "message", None), "content", None)
    if not isinstance(content, str) or not content.strip():
        raise _not_a_completion(server)
    if getattr(choice, "finish_reason", None) not in ("stop", None):
        raise EndpointError(f"{server.model} did not finish its judgement.", "Try a model with a larger limit.")
    return content


def _not_a_completion(server: Server) -> EndpointError:
    return EndpointError(
        f"{server.host} answered with something that is not a chat completion.",
        "Check the address (many end in /v1), and whether the network wants a login page first.",
    )


def late(server: Server) -> EndpointError:
    """The deadline passed."""
    return EndpointError(
        f"{server.host} did not answer within {server.deadline_s:g} seconds.", "Try again, or use a faster model."
    )


def _named(error: Exception, server: Server) -> Exception:
    """Our error for whatever the client raised. No text of the server is kept: it may echo the key, or the answer."""
    import openai

    if isinstance(error, openai.APIStatusError):
        return _of_status(error, server)
    if isinstance(error, openai.APITimeoutError | TimeoutError):
        return late(server)
    if isinstance(error, openai.APIConnectionError):
        return _of_connection(error, server)
    return _not_a_completion(server)


def _of_status(error: Any, server: Server) -> Exception:
    code, host = int(error.status_code), server.host
    if code in (400, 422):
        return Refused(str(error).lower())
    if code in (401, 403):
        return EndpointError(f"{host} refused the key.", "Check the key in the settings.")
    if code == 404:
        return EndpointError(
            f'{host} knows no model "{server.model}" at this address.', "Check the model's name and the address."
        )
    if code == 429:
        seconds = _retry_after(error)
        wait = f" and asks to wait {math.ceil(seconds)} seconds" if seconds else ""
        busy = EndpointError(f"{host} takes no more requests right now{wait}.", "Wait, or check your plan there.")
        return Wait(seconds or 1.0, busy)
    if 300 <= code < 400:
        return EndpointError(
            f"{host} sends us on to another address, which is not followed.", "Enter the final address."
        )
    fault = EndpointError(f"{host} reports a fault of its own ({code}).", "Try again later.")
    return Wait(0.5, fault) if code >= 500 else fault


def _retry_after(error: Any) -> float:
    try:
        seconds = float(error.response.headers.get("retry-after", "0"))
    except ValueError:
        return 0.0
    return seconds if 0 < seconds < 1e7 else 0.0


def _of_connection(error: BaseException, server: Server) -> Exception:
    from hireflow_voice.evaluation import transport

    texts: list[str] = []
    at: BaseException | None = error
    while at is not None and len(texts) < 8:
        texts.append(f"{type(at).__name__} {at}".lower())
        at = at.__cause__ or at.__context__
    text, host = " ".join(texts), server.host
    if transport.TOO_LARGE in text:
        return EndpointError(f"{host} sent far more than a judgement.", "Check that the address is a chat endpoint.")
    if transport.COMPRESSED in text:
        return EndpointError(f"{host} sent a compressed answer, which is refused.", "Turn compression off there.")
    if any(word in text for word in ("certificate", "self-signed", "self signed")):
        return EndpointError(f"The certificate of {host} is not trusted.", "Check the address, or the server's setup.")
    if any(word in text for word in ("wrong_version_number", "wrong version number", "record layer")):
        return EndpointError(f"{host} does not speak https at this address.", "Is it http:// instead?")
    if any(word in text for word in ("getaddrinfo", "name or service", "nodename", "name resolution", "gaierror")):
        return EndpointError(f"No computer called {host} was found.", "Check the address and the network.")
    if any(word in text for word in ("refused", "connecterror", "connection attempts failed")):
        return EndpointError(f"Nothing answers at {host}.", "Is the server running, and the port right?")
    return Wait(0.2, EndpointError(f"The connection to {host} broke off.", "Try again."))


def plainer(manners: Manners, refused: Refused) -> Manners | None:
    """What to try after a refusal; None when nothing is left to leave out."""
    if "temperature" in refused.about and manners.temperature:
        return replace(manners, temperature=False)
    if manners.format is Format.SCHEMA and "json_object" in refused.about:
        return replace(manners, format=Format.OBJECT)
    if manners.format is not Format.PLAIN:
        return Manners(Format.PLAIN, temperature=False)
    return None

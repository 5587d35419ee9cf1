"""Every way a request can fail, as a plain sentence. The server's own words are never kept: they may echo the key."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from hireflow_voice.errors import EndpointError
from hireflow_voice.evaluation.server import Server


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


def late(server: Server) -> EndpointError:
    """The deadline passed."""
    return EndpointError(
        f"{server.host} did not answer within {server.deadline_s:g} seconds.", "Try again, or use a faster model."
    )


def unfinished(server: Server) -> EndpointError:
    """The model was cut short."""
    return EndpointError(f"{server.model} did not finish its answer.", "Try a model with a larger limit.")


def no_completion(server: Server) -> EndpointError:
    """What came back is something else."""
    return EndpointError(
        f"{server.host} answered with something that is not a chat completion.",
        "Check the address (many end in /v1), and whether the network wants a login page first.",
    )


def no_list(server: Server) -> EndpointError:
    """It does not say which models it has."""
    return EndpointError(f"{server.host} lists no models.", "Check the address, or enter the model's name by hand.")


def no_chat(server: Server) -> EndpointError:
    """The plainest request was refused."""
    return EndpointError(f"{server.host} refuses the request.", "Check that the model is one for chat.")


def named(error: Exception, server: Server, otherwise: Callable[[Server], EndpointError] = no_completion) -> Exception:
    """Our error for whatever the client raised: EndpointError, Refused or Wait; `otherwise` when neither."""
    import openai

    if isinstance(error, EndpointError | Refused | Wait):
        return error
    if isinstance(error, openai.APIStatusError):
        return _of_status(error, server)
    if isinstance(error, openai.APITimeoutError | TimeoutError):
        return late(server)
    if isinstance(error, openai.APIConnectionError):
        return _of_connection(error, server)
    if "httpx" in type(error).__module__:  # a stream that breaks off is not wrapped by the client
        return _of_connection(error, server)
    return otherwise(server)


def _of_status(error: Any, server: Server) -> Exception:
    code, host = int(error.status_code), server.host
    if code in (400, 422):
        return Refused(str(error).lower())
    if code in (401, 403):
        return EndpointError(f"{host} refused the key.", "Check the key in the settings.")
    if code == 404 and not server.model:
        return no_list(server)
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

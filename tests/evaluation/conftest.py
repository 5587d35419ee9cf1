"""A rubric, transcripts with word times, and an OpenAI-compatible server that misbehaves on command."""

from __future__ import annotations

import gzip
import json
import math
import re
import socketserver
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from hireflow_voice.evaluation.rubric import Answer, Rubric, RubricPoint
from hireflow_voice.transcript import Transcript, Word
from hireflow_voice.verdict import Signal

KEY = "sk-planted-0123456789abcdef"


@pytest.fixture(scope="session")
def weights() -> Path:
    # Read once, before any test moves folders: the weights are shared and never written.
    from hireflow_voice.paths import models_dir

    return models_dir()


@pytest.fixture
def dns() -> Rubric:
    return Rubric(
        "dns-lookup",
        "What happens between typing a name into the browser and having an IP address?",
        (
            RubricPoint(
                "walk",
                "The resolver asks a root server, then the server of the top-level domain, then the authoritative one.",
                3,
                Signal.DEPTH,
            ),
            RubricPoint("cache", "Answers are kept in a cache until their time to live has passed.", 2, Signal.DEPTH),
            RubricPoint("negative", "That a name does not exist is cached as well.", 1, Signal.TRADE_OFFS),
            RubricPoint("retry", "After a timeout the resolver tries another server.", 2, Signal.OPERATIONS),
        ),
        6,
        misconceptions=("The root servers know the address of every host.",),
    )


@pytest.fixture
def spoken() -> Callable[[str], Transcript]:
    def make(text: str) -> Transcript:
        words = []
        for i, m in enumerate(re.finditer(r"\S+", text)):
            words.append(Word(m.group(), i * 0.4, i * 0.4 + 0.35, 0.9, m.start(), m.end()))
        return Transcript(text, text, tuple(words), seconds=len(words) * 0.4, model="test")

    return make


@pytest.fixture
def dns_answer(dns: Rubric, spoken: Callable[[str], Transcript]) -> Answer:
    return Answer(
        dns.text,
        spoken(
            "So, um, the resolver starts at a root server, the root sends it on to the dot com servers, and those name "
            "the authoritative server, which finally has the address. It keeps that answer in its cache until the "
            "time to live is over."
        ),
    )


def completion(content: Any) -> bytes:
    message = {"role": "assistant", "content": content if isinstance(content, str | None) else json.dumps(content)}
    return json.dumps(
        {
            "id": "x",
            "object": "chat.completion",
            "created": 1,
            "model": "m",
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        }
    ).encode()


def with_odds(odds: tuple[float, float]) -> bytes:
    """A completion of one token that tells the probabilities of yes and no, and of other tokens."""
    top = [{"token": t, "logprob": math.log(p)} for t, p in zip((" Yes", "No"), odds, strict=True)]
    top += [{"token": "Maybe", "logprob": -9.0}]
    body = json.loads(completion("Yes"))
    body["choices"][0] |= {"finish_reason": "length", "logprobs": {"content": [{**top[0], "top_logprobs": top}]}}
    return json.dumps(body).encode()


@dataclass
class Endpoint:
    """The server's state: what it was sent, and what it answers."""

    port: int = 0
    reply: Any = None
    """Content of a good completion: an object, or text."""
    replies: list[Any] = field(default_factory=list)
    """What is answered first, one after the other."""
    odds: Callable[[str], tuple[float, float]] | None = None
    """Probabilities of "Yes" and "No" for what is asked; None: the server tells none."""
    stream: str = "whole"
    """How a streamed reply goes: whole, cut, drip, garbage, endless."""
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def url(self, fault: str = "none") -> str:
        return f"http://127.0.0.1:{self.port}/fault/{fault}/v1"


class _Handler(socketserver.StreamRequestHandler):
    endpoint: Endpoint

    def handle(self) -> None:
        try:
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                byte = self.rfile.read(1)
                if not byte:
                    return
                head += byte
            length = int((re.search(rb"content-length: (\d+)", head, re.I) or [b"", b"0"])[1])
            body = self.rfile.read(length)
            self.endpoint.headers.append(head.decode("latin-1"))
            match = re.search(rb"/fault/([\w-]+)/", head)
            fault = match[1].decode() if match else "none"
            if b"/models " in head.split(b"\r\n", 1)[0] and fault == "none":
                listed = [{"id": name, "object": "model"} for name in ("small", "large", "small", "", "x" * 999)]
                self.send("200 OK", json.dumps({"object": "list", "data": [*listed, {"object": "model"}]}).encode())
                return
            self.endpoint.requests.append(json.loads(body or b"{}"))
            if self.endpoint.requests[-1].get("stream"):
                self.stream()
            else:
                self.fault(fault, head)
        except OSError:
            pass  # the client has had enough: that is the point

    def send(
        self, status: str, body: bytes, kind: str = "application/json", *more: str, length: int | None = None
    ) -> None:
        lines = [
            f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body) if length is None else length}",
            "Connection: close", *more,
        ]  # fmt: skip
        self.wfile.write(("\r\n".join(lines) + "\r\n\r\n").encode() + body)

    def stream(self) -> None:
        how = self.endpoint.stream
        piece = (
            b'data: {"id":"x","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,%s}]}\n\n'
        )
        text = piece % b'"delta":{"content":"ready"},"finish_reason":null'
        end = piece % b'"delta":{},"finish_reason":"stop"' + b"data: [DONE]\n\n"
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
        if how == "drip":
            self.drip(text * 100)
        elif how == "endless":
            while not self.endpoint.over.is_set():
                self.wfile.write(text * 100)
        else:
            self.wfile.write({"whole": text + end, "cut": text, "garbage": b"data: {oops\n\n"}[how])

    def drip(self, data: bytes) -> None:
        for byte in data:
            if self.endpoint.over.wait(0.05):
                return
            self.wfile.write(bytes([byte]))
            self.wfile.flush()

    def fault(self, name: str, head: bytes) -> None:
        here = self.endpoint
        good = completion(here.replies.pop(0) if here.replies else here.reply)
        key = re.search(rb"authorization: bearer (\S+)", head, re.I)
        echo = json.dumps({"error": {"message": f"Incorrect key: {key[1].decode() if key else ''}"}}).encode()
        plain: dict[str, tuple[str, bytes, str]] = {
            "401": ("401 Unauthorized", echo, "application/json"),
            "404": ("404 Not Found", echo, "application/json"),
            "500": ("500 Internal Server Error", echo, "application/json"),
            "502-html": ("502 Bad Gateway", b"<html><h1>nginx</h1></html>", "text/html"),
            "html": ("200 OK", b"<html>Please log in to the hotel network</html>", "text/html"),
            "empty": ("200 OK", b"", "application/json"),
            "broken-json": ("200 OK", b'{"choices": [', "application/json"),
            "bad-utf8": ("200 OK", b'{"choices": "\xff\xfe"}', "application/json"),
            "no-choices": ("200 OK", b'{"choices": []}', "application/json"),
            "choices-null": ("200 OK", b'{"choices": null}', "application/json"),
            "content-null": ("200 OK", completion(None), "application/json"),
            "array": ("200 OK", b"[1, 2]", "application/json"),
            "400": ("400 Bad Request", echo, "application/json"),
            "429-long": ("429 Too Many Requests", echo, "application/json"),
        }
        asked = here.requests[-1]
        if "logprobs" in asked and name == "slow-logprobs":
            here.over.wait(20)
        elif "logprobs" in asked and name not in plain:
            if name == "no-logprobs":
                self.send("400 Bad Request", b'{"error": {"message": "logprobs is not supported"}}')
            else:
                self.send("200 OK", with_odds(here.odds(asked["messages"][-1]["content"])) if here.odds else good)
        elif name in ("no-form", "no-logprobs") and "response_format" in asked:
            self.send("400 Bad Request", b'{"error": {"message": "response_format is not supported"}}')
        elif name == "no-schema" and asked.get("response_format", {}).get("type") == "json_schema":
            self.send("400 Bad Request", b'{"error": {"message": "This response_format type is unavailable now"}}')
        elif name == "429-long":
            self.send(*plain[name], "Retry-After: 3600")
        elif name == "429-once" and len(here.requests) == 1:
            self.send("429 Too Many Requests", echo, "application/json", "Retry-After: 0.1")
        elif name == "503-once" and len(here.requests) == 1:
            self.send("503 Service Unavailable", echo)
        elif name == "no-temperature" and "temperature" in here.requests[-1]:
            self.send("400 Bad Request", b'{"error": {"message": "Unsupported value: temperature"}}')
        elif name in plain:
            self.send(*plain[name])
        elif name == "redirect":
            target = here.url("none") + "/chat/completions"
            self.send("302 Found", b"", "text/plain", f"Location: {target}")
        elif name == "cut":
            self.send("200 OK", good[:40], length=len(good))
        elif name == "reset":
            return
        elif name == "huge":
            size = 50_000_000
            self.send("200 OK", b'{"a": "', length=size)
            for _ in range(size // 65536):
                self.wfile.write(b"x" * 65536)
        elif name == "gzip":
            packed = gzip.compress(b'{"a": "' + b"x" * 5_000_000 + b'"}')
            self.send("200 OK", packed, "application/json", "Content-Encoding: gzip")
        elif name == "hang":
            here.over.wait(20)
        elif name == "body-drip":
            self.send("200 OK", b"", length=len(good))
            self.drip(good)
        elif name == "header-drip":
            self.drip(b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 2000)
        elif name == "unfinished":
            self.send("200 OK", good.replace(b'"stop"', b'"length"'))
        else:
            self.send("200 OK", good)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = False
    block_on_close = True


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    state = Endpoint()
    handler = type("Handler", (_Handler,), {"endpoint": state})
    with _Server(("127.0.0.1", 0), handler) as server:
        state.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield state
        state.over.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def key() -> str:
    return KEY

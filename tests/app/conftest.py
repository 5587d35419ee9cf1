"""An application whose worker is a real process that follows a script."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hireflow_voice.app.api import CallOptions
from hireflow_voice.app.application import Application
from hireflow_voice.app.call import Call
from hireflow_voice.events import CallEvent
from hireflow_voice.interview.actions import Listen
from hireflow_voice.settings import Settings
from hireflow_voice.sound import RATE, Pcm
from hireflow_voice.worker.client import Worker


def speech(seconds: float) -> Pcm:
    """Loud noise in bursts like syllables: the energy gate takes it for speech."""
    t = np.arange(int(seconds * RATE)) / RATE
    bursts = 0.6 + 0.4 * np.sin(2 * np.pi * 3 * t)
    return Pcm((np.random.default_rng(1).normal(0, 5000, len(t)) * bursts).astype(np.int16), RATE)


class Speaks:
    """A candidate who says something to everything, except where a reply is set: seconds of speech, or None."""

    def __init__(self, **replies: float | None) -> None:
        self.replies = replies
        self.asked: list[Listen] = []

    def reply(self, listen: Listen) -> Pcm | None:
        self.asked.append(listen)
        seconds = self.replies.get(listen.question.replace("-", "_") or listen.kind.value, 3.0)
        if listen.kind.value == "own_question":
            return None
        return None if seconds is None else speech(seconds)


class Watched:
    """Events of a call, and what to do when one comes."""

    def __init__(self) -> None:
        self.events: list[CallEvent] = []
        self.call: Call | None = None
        self.ready = threading.Event()
        self._hooks: list[tuple[Callable[[CallEvent], bool], Callable[[Call], None]]] = []

    def when(self, seen: Callable[[CallEvent], bool], do: Callable[[Call], None]) -> None:
        """Once: when the first such event comes, `do` on the call's thread."""
        self._hooks.append((seen, do))

    def __call__(self, event: CallEvent) -> None:
        self.events.append(event)
        for hook in list(self._hooks):
            if hook[0](event):
                self._hooks.remove(hook)
                self.ready.wait(10)
                assert self.call is not None
                hook[1](self.call)

    def of(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Touch a file in it to break a part."""
    folder = tmp_path / "script"
    folder.mkdir()
    monkeypatch.setenv("SCRIPT", str(folder))
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    return folder


@pytest.fixture
def app(tmp_path: Path, script: Path) -> Iterator[Application]:
    application = Application(Settings(), tmp_path / "data", Worker(handlers="scripted:Scripted"))
    yield application
    application.close()


@pytest.fixture
def dial(app: Application) -> Callable[..., Watched]:
    """Start a call on a simulated line with a candidate."""

    def start(candidate: Any = None, watched: Watched | None = None, **options: Any) -> Watched:
        watching = watched or Watched()
        options.setdefault("question_ids", ("rate-limiting",))
        watching.call = app.play_call(CallOptions(**options), watching, candidate or Speaks())
        watching.ready.set()
        return watching

    return start


@pytest.fixture
def speaks() -> type[Speaks]:
    return Speaks


@pytest.fixture
def watched() -> Watched:
    return Watched()


@pytest.fixture
def serve() -> Iterator[Callable[[str, bytes | Callable[[bytes], bytes]], str]]:
    """Start a server that always answers the same, or what a function makes of the request; its base URL."""
    started: list[tuple[ThreadingHTTPServer, threading.Thread]] = []

    def start(kind: str, body: bytes | Callable[[bytes], bytes]) -> str:
        class Same(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.end_headers()
                self.wfile.write(body(asked) if callable(body) else body)

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Same)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        started.append((server, thread))
        return f"http://127.0.0.1:{server.server_address[1]}/v1"

    yield start
    for server, thread in started:
        server.shutdown()
        thread.join()
        server.server_close()

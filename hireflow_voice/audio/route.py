"""Where PulseAudio (or PipeWire in its place) takes our microphone from, and where it sends our speaker.

When a device is pulled out, PulseAudio moves our stream to another one without a word; for a microphone that can be the
monitor of the speaker, so that the interviewer would be recorded as the candidate. Only the server knows; `pactl` asks
it, and where there is no `pactl` nothing here is known.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Callable
from typing import Any

LIMIT_S = 1.0
"""For one question to the server, which takes 20 ms, unless it hangs."""

_LISTS = {"input": ("source-outputs", "sources", "source"), "output": ("sink-inputs", "sinks", "sink")}

_EVENT = re.compile(r"Event '(?:change|remove)' on (source-output|sink-input) #(\d+)")


class Route:
    """The device behind one stream. Make it before the stream is opened and `settle` it when it runs."""

    def __init__(self, kind: str | None) -> None:
        """`kind` is "input" or "output", or None where nobody will ask. Slow: 20 ms."""
        self._kind = kind
        self._before = _streams(kind)
        self._stream: int | None = None
        self.device = ""
        """What the sound server calls it; empty where that cannot be known."""

    def settle(self) -> None:
        """Find the stream that was opened meanwhile. Slow: 20 ms."""
        now = _streams(self._kind) if self._before is not None else None
        if now is not None and self._before is not None and len(new := now.keys() - self._before.keys()) == 1:
            self._stream = new.pop()
            self.device = now[self._stream]

    def may_be(self, stream: int) -> bool:
        """Whether the server's number of a stream is this one's, as far as is known."""
        return self._stream is None or self._stream == stream

    def moved(self) -> bool | None:
        """Whether the stream is not where it was any more; None where that cannot be known. Slow: 20 ms."""
        now = _streams(self._kind) if self._stream is not None else None
        return None if now is None or self._stream is None else now.get(self._stream) != self.device


class Watch:
    """Tells when the server changes or ends a running stream: `on_change(kind, number)`, on a thread of its own."""

    def __init__(self, on_change: Callable[[str, int], None]) -> None:
        self._on_change = on_change
        self._process: subprocess.Popen[str] | None = None
        self._thread: threading.Thread | None = None

    @property
    def running(self) -> bool:
        """False where there is no `pactl`, before `start`, and once the server is gone."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Begin, or begin again."""
        self.close()
        if shutil.which("pactl") is None:
            return
        with contextlib.suppress(OSError):
            self._process = subprocess.Popen(
                ["pactl", "subscribe"],
                env=_env(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                errors="replace",
            )
            self._thread = threading.Thread(target=self._read, name="sound server watch", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Idempotent."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()  # it holds nothing
        process.wait()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        if process.stdout is not None:
            process.stdout.close()

    def _read(self) -> None:
        process = self._process
        if process is None or process.stdout is None:
            return
        for line in process.stdout:
            event = _EVENT.match(line)
            if event is not None:
                kind = "input" if event[1] == "source-output" else "output"
                self._on_change(kind, int(event[2]))


def only_monitors(device: str) -> bool:
    """True when this is what a speaker plays: the machine has no microphone."""
    return device.endswith(".monitor")


def _streams(kind: str | None) -> dict[int, str] | None:
    """Streams of this process and the name of the device behind each."""
    if kind is None or shutil.which("pactl") is None:
        return None
    stream_list, device_list, field = _LISTS[kind]
    streams = _listed(stream_list)
    devices = _listed(device_list) if streams is not None else None
    if streams is None or devices is None:
        return None
    ours = str(os.getpid())
    names = {device.get("index"): str(device.get("name")) for device in devices}
    return {
        stream["index"]: names.get(stream.get(field), "")
        for stream in streams
        if isinstance(stream.get("index"), int) and stream.get("properties", {}).get("application.process.id") == ours
    }


def _env() -> dict[str, str]:
    return os.environ | {"LC_ALL": "C"}  # other locales write numbers that are no JSON


def _listed(what: str) -> list[dict[str, Any]] | None:
    try:
        done = subprocess.run(
            ["pactl", "--format=json", "list", what],
            env=_env(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LIMIT_S,
            check=True,
        )
        rows = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else None

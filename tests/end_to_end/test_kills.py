"""Processes die at the worst moment; the call and the recording do not."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import soxr

from hireflow_voice.app.api import CallOptions
from hireflow_voice.app.application import Application
from hireflow_voice.app.candidate import Script, ScriptedCandidate
from hireflow_voice.events import CallEnded, CallEvent, Level, QuestionChanged, Trouble
from hireflow_voice.settings import Settings

pytestmark = [pytest.mark.models, pytest.mark.slow]

ANSWER = (
    "I would put a token bucket in front of the service. Each client gets a bucket that refills at a fixed rate. "
    "The counters live in Redis, so that all servers share them, and a request over the limit gets a 429 with a "
    "Retry-After header. If the store is down I would fail open, and raise an alarm, because losing the limiter for a "
    "minute hurts less than refusing everybody."
)


@pytest.fixture
def app(home: Any) -> Iterator[Application]:
    application = Application(Settings(), home.folder / "data")
    yield application
    application.close()


def test_a_worker_killed_while_the_candidate_speaks_costs_the_call_nothing(app: Application) -> None:
    script = Script("I am a backend developer.", "", {"rate-limiting": ANSWER}, {})
    events: list[CallEvent] = []
    killed = threading.Event()

    def on_event(event: CallEvent) -> None:
        events.append(event)
        asked = any(isinstance(e, QuestionChanged) for e in events)
        if asked and isinstance(event, Level) and event.dbfs > -40 and not killed.is_set():
            killed.set()
            pid = app.worker.pid
            assert pid is not None
            os.kill(pid, signal.SIGKILL)

    candidate = ScriptedCandidate(script, lambda text: app.speak(text, "heart"))
    call = app.play_call(CallOptions(question_ids=("rate-limiting",)), on_event, candidate)
    assert call.join(240)
    assert killed.is_set()
    assert next(e for e in events if isinstance(e, CallEnded)).finished
    record = app.call(call.id)
    answer = next(take for take in record.takes if take.kind == "answer")
    assert answer.transcript is not None
    assert "token bucket" in answer.transcript.text.lower()
    assert answer.judgement is not None
    assert not answer.judgement.failed
    assert not [e for e in events if isinstance(e, Trouble) and e.blame == "HireFlow Voice"]


@pytest.mark.real_audio
def test_an_app_killed_mid_answer_keeps_the_recording_and_the_call_goes_on(
    app: Application, home: Any, virtual_card: Any, cli: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    speech = app.speak(ANSWER, "heart")
    app.close()
    wav = tmp_path / "answer.wav"
    soundfile.write(wav, soxr.resample(speech.samples, speech.rate, 48_000), 48_000)
    environment = {
        **virtual_card.process_env,
        **{k: v for k, v in home.environment().items() if k.startswith("HIREFLOW_")},
    }
    # A microphone in a room is never exactly silent; one that is gets reported as switched off.
    room = tmp_path / "room.wav"
    soundfile.write(room, np.random.default_rng(0).normal(0, 1e-4, 180 * 48_000).astype(np.float32), 48_000)
    virtual_card.feed(room)
    takes = home.folder / "data" / "calls"
    earlier = set(takes.glob("*/01-*.wav"))
    asked = ["call", "--question", "rate-limiting"]
    process = subprocess.Popen(
        [*_python(), *asked], env={**environment, "PYTHONUNBUFFERED": "1"}, stdout=subprocess.PIPE, text=True
    )
    try:
        lines = _reader(process)
        _wait_for(lines, "about yourself", 60)
        sound = _wait_until(lambda: next(iter(set(takes.glob("*/01-*.wav")) - earlier), None), 30)
        feed = virtual_card.feed(wav)
        time.sleep(6)
        written = sound.stat().st_size
        process.kill()
        process.wait(10)
        feed.kill()
        feed.wait()
    finally:
        process.kill()
        process.wait(10)
    kept = sound.stat().st_size
    assert kept >= written
    heard, rate = soundfile.read(sound, dtype="int16")
    assert rate == 16_000
    assert np.abs(heard).max() > 1000
    assert len(heard) / rate > 5.0

    call = sound.parent.name
    listed = json.loads(cli("calls", "list", "--json").stdout)
    assert next(row for row in listed if row["id"] == call)["state"] == "running"
    resumed = cli("call", "--resume", call, "--candidate", "demo", timeout=300)
    assert resumed.returncode == 0, resumed.stdout + resumed.stderr
    assert "cut off" in resumed.stdout
    assert "Goodbye." in resumed.stdout
    report = json.loads(cli("report", call, "--format", "json").stdout)
    assert re.search(r"token bucket", report["introduction"][0]["transcript"]["text"], re.I)


def _python() -> list[str]:
    import sys

    return [sys.executable, "-m", "hireflow_voice"]


def _reader(process: subprocess.Popen[str]) -> list[str]:
    lines: list[str] = []
    assert process.stdout is not None
    stream = process.stdout

    def read() -> None:
        with stream:
            lines.extend(stream)

    threading.Thread(target=read, daemon=True).start()
    return lines


def _wait_for(lines: list[str], text: str, seconds: float) -> None:
    _wait_until(lambda: any(text in line for line in lines) or None, seconds, lambda: "".join(lines))


def _wait_until(found: Callable[[], Any], seconds: float, said: Callable[[], str] = lambda: "") -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if (value := found()) is not None:
            return value
        time.sleep(0.1)
    raise AssertionError(f"nothing came in {seconds} s. {said()}")

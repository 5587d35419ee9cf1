"""The real window on a real X display, with real keys and a real sound card that exists only in memory."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import soxr

from hireflow_voice.app.application import Application
from hireflow_voice.bank.loader import load_bank, load_known_answers
from hireflow_voice.resources import questions
from hireflow_voice.settings import Settings
from hireflow_voice.sound import RATE, Pcm

pytestmark = [pytest.mark.models, pytest.mark.slow, pytest.mark.real_audio, pytest.mark.xvfb]

HERE = Path(__file__).parent
ARTEFACTS = HERE.parent / "artefacts"


@dataclass
class Desktop:
    """An X display and a running HireFlow Voice on it."""

    environment: dict[str, str]
    calls: Path

    def key(self, *keys: str) -> None:
        """Press keys, one after the other, wherever the keyboard is."""
        for key in keys:
            subprocess.run(["xdotool", "key", key], env=self.environment, check=True, timeout=10)
            time.sleep(0.2)

    def focus(self) -> None:
        """Give the keyboard to the window; there is no window manager that would."""
        subprocess.run(
            ["xdotool", "search", "--sync", "--onlyvisible", "--name", "HireFlow Voice", "windowfocus", "--sync"],
            env=self.environment,
            check=True,
            timeout=60,
            stdout=subprocess.DEVNULL,
        )

    def picture(self, name: str) -> Path:
        """A screenshot, kept as an artefact."""
        ARTEFACTS.mkdir(exist_ok=True)
        path = ARTEFACTS / f"window-{name}.png"
        picture = [sys.executable, str(HERE / "screen.py"), str(path)]
        subprocess.run(picture, env={**self.environment, "QT_QPA_PLATFORM": "xcb"}, check=True, timeout=60)
        return path

    def sidecar(self, kind: str) -> dict[str, Any] | None:
        """The newest take of a kind, as it is on disk."""
        for path in sorted(self.calls.glob(f"*/*-{kind}.json"), reverse=True):
            return take_in(path)
        return None

    def lines(self) -> list[dict[str, Any]]:
        """What was said so far, out of the call's journal."""
        found = []
        for path in self.calls.glob("*/journal.jsonl"):
            for text in path.read_text(encoding="utf-8").splitlines():
                entry = json.loads(text)
                if isinstance(entry.get("line"), dict):
                    found.append(entry["line"])
        return found


def take_in(path: Path) -> dict[str, Any]:
    data = json.loads(path.read_text(encoding="utf-8"))
    take: dict[str, Any] = data.get("take", data)
    return take


def until(found: Callable[[], Any], seconds: float, what: str) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := found():
            return value
        time.sleep(0.1)
    raise AssertionError(f"{what}: nothing in {seconds:.0f} s")


@pytest.fixture
def desktop(display: str, virtual_card: Any, home: Any, tmp_path: Path) -> Iterator[Desktop]:
    ours = {name: value for name, value in home.environment().items() if name.startswith("HIREFLOW_")}
    data = home.folder / "window"
    environment = virtual_card.process_env | ours | {"DISPLAY": display, "HIREFLOW_DATA_DIR": str(data)}
    for name in ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY"):
        environment.pop(name, None)
    # A microphone in a room is never exactly silent; one that is gets reported as switched off.
    room = tmp_path / "room.wav"
    soundfile.write(room, np.random.default_rng(0).normal(0, 1e-4, 600 * 48_000).astype(np.float32), 48_000)
    virtual_card.feed(room)
    process = subprocess.Popen([sys.executable, "-m", "hireflow_voice"], env=environment)
    try:
        yield Desktop(environment, data / "calls")
        assert process.poll() is None, "the app has ended by itself"
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture
def ears(home: Any) -> Iterator[Application]:
    """Whisper and the second voice, apart from the app that is tried."""
    app = Application(Settings(), home.folder / "ears")
    yield app
    app.close()


def to_wav(pcm: Pcm, path: Path) -> Path:
    soundfile.write(path, soxr.resample(pcm.samples, pcm.rate, 48_000), 48_000)
    return path


def words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]{3,}", text.lower()))


def heard_of(ears: Application, raw: Path, text: str) -> float:
    """Share of the text's words that Whisper finds in what the speaker played."""
    sound = np.fromfile(raw, np.int16)
    pcm = Pcm(soxr.resample(sound, 48_000, RATE).astype(np.int16), RATE)
    wanted = words(text)
    return len(words(ears.transcribe(pcm, ()).text) & wanted) / len(wanted)


def test_a_call_by_keyboard_is_heard_followed_up_aloud_judged_and_replayed(
    desktop: Desktop, virtual_card: Any, ears: Application, tmp_path: Path
) -> None:
    known = load_known_answers(questions() / "cloudflare" / "known-answers.yaml")
    bank = load_bank(questions() / "cloudflare" / "technical-phone.yaml")
    # Little is said, so that there is something to follow up.
    answers = {q.id: " ".join(q.strong_answer.split(". ")[:2]) for q in bank.questions}
    answers |= {q.id: next(a.text for a in q.answers if a.kind == "weak") for q in known.questions}
    introduction = to_wav(ears.speak(known.introduction, "heart"), tmp_path / "introduction.wav")
    desktop.focus()
    time.sleep(1)
    desktop.picture("home")

    desktop.key("ctrl+Return")
    until(lambda: desktop.sidecar("introduction"), 120, "the call did not come to the introduction")
    virtual_card.feed(introduction).wait(60)
    answer = until(lambda: desktop.sidecar("answer"), 60, "no question was asked")
    spoken = ears.speak(answers[answer["question"]], "heart")
    feed = virtual_card.feed(to_wav(spoken, tmp_path / "answer.wav"))
    time.sleep(5)
    desktop.picture("listening")
    feed.wait(120)
    with virtual_card.record_speaker(tmp_path / "follow-up.raw"):
        desktop.key("space")
        follow_up = until(lambda: desktop.sidecar("follow-up"), 60, "no follow-up was asked")
        time.sleep(1)
    probe = next(line["text"] for line in desktop.lines() if line["kind"] == "follow_up")
    assert probe == follow_up["asked"]
    assert heard_of(ears, tmp_path / "follow-up.raw", probe) >= 0.7

    desktop.key("Escape")
    time.sleep(1)
    desktop.picture("end-call")
    desktop.key("Tab", "space")
    until(lambda: next(iter(desktop.calls.glob("*/result.json")), None), 30, "the call did not end")
    until(lambda: take_in(next(desktop.calls.glob("*/*-answer.json")))["judgement"], 240, "nothing was judged")
    judgement = take_in(next(desktop.calls.glob("*/*-answer.json")))["judgement"]
    assert not judgement["failed"]
    assert 0 <= judgement["score"] <= 1
    taken = take_in(next(desktop.calls.glob("*/*-answer.json")))
    assert len(words(taken["transcript"]["text"]) & words(answers[taken["question"]])) >= 0.7 * len(
        words(answers[taken["question"]])
    )
    time.sleep(2)
    desktop.picture("review-form")
    desktop.key("Home", "Down", "Down")
    time.sleep(1)
    desktop.picture("review-answer")
    with virtual_card.record_speaker(tmp_path / "replay.raw"):
        desktop.key("space")
        time.sleep(min(taken["seconds"], 12) + 2)
    first_words = " ".join(taken["transcript"]["text"].split()[:12])
    assert heard_of(ears, tmp_path / "replay.raw", first_words) >= 0.7

"""Taking turns over a real sound system: the candidate goes on after "Uh-huh", and speaks over the reply."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import soxr

from hireflow_voice.app.api import CallOptions
from hireflow_voice.app.application import Application
from hireflow_voice.audio import devices
from hireflow_voice.audio.take import read_take
from hireflow_voice.events import Caption, Ducked, Judged, Phase, PhaseChanged, Press, TurnPaused, TurnReopened
from hireflow_voice.records import TakeKind
from hireflow_voice.sound import RATE

pytestmark = pytest.mark.real_audio

LONGEST_S = 120.0
SENTENCES = {
    "introduction": "I build proxies for a living.",
    "answer": "A token bucket for every client, kept in memory.",
    "more": "And when the bucket is empty, the server says so.",
    "over": "Wait, there is one more thing about that.",
}


@pytest.fixture
def card(virtual_card: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    for name, value in virtual_card.env.items():
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    devices.refresh()
    return virtual_card


@pytest.fixture
def spoken(tmp_path: Path) -> dict[str, Path]:
    """A WAV a sentence, for the microphone."""
    import hibari

    voice = hibari.Hibari()
    files = {}
    for name, text in SENTENCES.items():
        files[name] = tmp_path / f"{name}.wav"
        sound = soxr.resample(voice(text, seed=7), 24_000, 48_000)
        soundfile.write(files[name], sound / np.abs(sound).max() * 0.4, 48_000, subtype="PCM_16")
    return files


class Talks:
    """Feeds the microphone as the call's events call for it, and leaves when everything was said."""

    def __init__(self, card: Any, spoken: dict[str, Path]) -> None:
        self.events: list[Any] = []
        self.call: Any = None
        self.ready = threading.Event()
        self._feed: Callable[[str], Any] = lambda name: card.feed(spoken[name])
        self._said: set[str] = set()

    def __call__(self, event: Any) -> None:
        self.events.append(event)
        self.ready.wait(10)
        kinds = [e.kind for e in self.events if isinstance(e, Caption) and e.speaker == "interviewer"]
        match event:
            case PhaseChanged(phase=Phase.SPEAKING) if not kinds:
                self.call.post(Press.SKIP)  # the greeting
            case PhaseChanged(phase=Phase.LISTENING):
                self._say("answer" if "question" in kinds else "introduction")
            case TurnPaused() if "question" in kinds and "more" in self._said and "over" in self._said:
                self.call.break_off()
            case TurnPaused() if "question" in kinds:
                self._say("more")
            case Caption(kind="follow_up"):
                self._say("over")
            case _:
                pass

    def _say(self, name: str) -> None:
        if name not in self._said:
            self._said.add(name)
            self._feed(name)


def test_one_answer_is_one_take_from_its_first_sound_to_its_last(
    app: Application, card: Any, spoken: dict[str, Path]
) -> None:
    app._settings = app.settings.model_copy(update={"microphone": "hf_mic", "speaker": "hf_speaker"})
    talks = Talks(card, spoken)
    talks.call = app.start_call(CallOptions(question_ids=("rate-limiting",)), talks)
    talks.ready.set()
    assert talks.call.join(LONGEST_S), [type(event).__name__ for event in talks.events[-20:]]
    (take,) = [take for take in app.call(talks.call.id).takes if take.kind is TakeKind.ANSWER]
    assert len([event for event in talks.events if isinstance(event, TurnReopened)]) == 2
    assert Ducked in [type(event) for event in talks.events]
    assert not [event for event in talks.events if isinstance(event, Judged)], "nothing is scored while it goes on"
    path = app.sound_of(talks.call.id, take)
    assert path is not None
    heard = read_take(path).samples
    for name in ("answer", "more", "over"):
        sound, rate = soundfile.read(spoken[name])
        said = soxr.resample(sound, rate, RATE) * 32767
        size = 1 << (len(heard) + len(said)).bit_length()
        match = np.fft.irfft(np.fft.rfft(heard.astype(float), size) * np.conj(np.fft.rfft(said, size)), size)
        at = int(np.argmax(match[: len(heard)]))
        there = heard[at : at + len(said)].astype(float)
        likeness = float(there @ said[: len(there)] / np.sqrt((there @ there) * (said @ said)))
        assert likeness > 0.95, f"{name!r} is not whole in the recording"

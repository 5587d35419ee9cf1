from __future__ import annotations

import threading
import wave
from pathlib import Path

import numpy as np
import pytest

from hireflow_voice import paths
from hireflow_voice.errors import ModelMissing, NotFound
from hireflow_voice.sound import Pcm, Samples
from hireflow_voice.speech import respell, voices
from hireflow_voice.speech.cast import VOICES
from hireflow_voice.speech.voices import LOUDNESS, TAIL_S, Speaker

JOE = paths.models_dir() / "voice-joe"


def silence_at_ends(pcm: Pcm) -> tuple[float, float]:
    loud = np.flatnonzero(np.abs(pcm.samples) > np.abs(pcm.samples).max() * voices.QUIET * 0.9)
    return loud[0] / pcm.rate, (len(pcm.samples) - 1 - loud[-1]) / pcm.rate


def loudness(samples: Samples, rate: int) -> float:
    frame = rate // 50
    power = np.square(samples[: len(samples) // frame * frame].reshape(-1, frame) / 32768.0).mean(axis=1)
    return float(10 * np.log10(power[power > power.max() * 1e-3].mean()))


@pytest.mark.models
@pytest.mark.parametrize("voice", VOICES)
def test_a_voice_starts_at_once_ends_softly_and_is_always_as_loud(speaker: Speaker, voice: str) -> None:
    for text in ("Okay.", "How would you find out why the service is slow? Take your time.", "Redis!"):
        pcm = speaker.speak(text, voice)
        before, after = silence_at_ends(pcm)
        assert before < 0.01
        assert after == pytest.approx(TAIL_S, abs=0.02)
        assert loudness(pcm.samples, pcm.rate) == pytest.approx(LOUDNESS, abs=1.5)
        assert np.abs(pcm.samples.astype(int)).max() <= 0.91 * 32767


@pytest.mark.models
@pytest.mark.parametrize("voice", VOICES)
def test_sentences_are_parted_by_a_short_pause(speaker: Speaker, voice: str) -> None:
    pcm = speaker.speak("First question. Second question.", voice)
    quiet = np.abs(pcm.samples.astype(int)) < 30
    edges = np.flatnonzero(np.diff(np.concatenate(([0], quiet[: -int(0.15 * pcm.rate)].view(np.int8), [0]))))
    longest = max((edges[1::2] - edges[::2]) / pcm.rate)
    assert longest == pytest.approx(voices.GAP_S, abs=0.06)


def test_what_was_said_once_is_read_from_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    speaker = Speaker(None, tmp_path / "voices")
    first = speaker.speak("Let us begin.", "heart")
    assert [p.suffix for p in (tmp_path / "voices").iterdir()] == [".wav"]
    monkeypatch.setattr(speaker, "_render", lambda *_: pytest.fail("rendered again"))
    again = speaker.speak("Let us begin.", "heart")
    assert (again.rate, again.samples.tolist()) == (first.rate, first.samples.tolist())


def test_a_new_table_or_voice_or_text_is_rendered_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    speaker = Speaker(None, tmp_path)
    speaker.speak("Okay.", "heart")
    speaker.speak("Okay!", "heart")
    monkeypatch.setattr(respell, "VERSION", respell.VERSION + 1)
    speaker.speak("Okay.", "heart")
    assert len(list(tmp_path.glob("*.wav"))) == 3


@pytest.mark.parametrize("damage", [b"", b"RIFF", b"RIFF\x24\x10\x00\x00WAVEfmt \x10\x00\x00\x00"])
def test_a_damaged_rendering_is_rendered_again(tmp_path: Path, damage: bytes) -> None:
    speaker = Speaker(None, tmp_path)
    good = speaker.speak("Right.", "heart")
    [path] = tmp_path.glob("*.wav")
    whole = path.read_bytes()
    for bad in (damage, whole[: len(whole) // 2]):
        path.write_bytes(bad)
        assert speaker.speak("Right.", "heart").samples.tolist() == good.samples.tolist()
        assert path.read_bytes() == whole


def test_a_cache_that_cannot_be_written_costs_no_sentence(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    assert len(Speaker(None, blocked).speak("Right.", "heart").samples) > 4000


def test_the_cache_forgets_what_was_not_used_for_longest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    speaker = Speaker(None, tmp_path)
    for number, text in enumerate(("One.", "Two.", "Three.")):
        speaker.speak(text, "heart")
        newest = max(tmp_path.glob("*.wav"), key=lambda p: p.stat().st_mtime)
        os.utime(newest, (1000 + number, 1000 + number))
    speaker.speak("One.", "heart")  # used: now the newest
    size = max(p.stat().st_size for p in tmp_path.glob("*.wav"))
    monkeypatch.setattr(voices, "KEEP_BYTES", int(2.2 * size))
    speaker.speak("Four.", "heart")
    kept = {p.stem for p in tmp_path.glob("*.wav")}
    assert voices._key("One.", VOICES["heart"]) in kept
    assert voices._key("Two.", VOICES["heart"]) not in kept


def test_captions_and_speech_differ_only_in_what_is_spoken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spoken: list[str] = []
    speaker = Speaker(None, tmp_path)
    real = speaker._say_heart

    def listen(text: str, speed: float) -> tuple[int, list[voices.Sound]]:
        spoken.append(text)
        return real(text, speed)

    monkeypatch.setattr(speaker, "_say_heart", listen)
    speaker.speak("Why QUIC?", "heart")
    assert spoken == ["Why quick?"]


def test_empty_text_is_no_sound(tmp_path: Path) -> None:
    assert len(Speaker(None, tmp_path).speak("", "heart").samples) == 0
    assert len(Speaker(None, tmp_path).speak(" \n", "heart").samples) == 0


def test_an_unknown_voice_and_missing_weights_are_said_plainly(tmp_path: Path) -> None:
    for name in ("siri", voices.PLAIN.name):
        with pytest.raises(NotFound, match=f"no voice called '{name}'"):
            Speaker(None, tmp_path).speak("Hello.", name)
    for folder in (None, tmp_path):
        with pytest.raises(ModelMissing, match="Joe"):
            Speaker(folder, tmp_path / "cache").load("joe")


@pytest.mark.models
def test_two_threads_may_speak_at_once(tmp_path: Path) -> None:
    speaker = Speaker(JOE, tmp_path)
    said: dict[str, Pcm] = {}
    texts = [("One moment.", "joe"), ("Tell me more.", "heart"), ("One moment.", "joe"), ("I see.", "joe")]
    threads = [
        threading.Thread(target=lambda n=n, t=t, v=v: said.update({str(n): speaker.speak(t, v)}))
        for n, (t, v) in enumerate(texts)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(said) == 4
    assert said["0"].samples.tolist() == said["2"].samples.tolist()
    assert len(list(tmp_path.glob("*.wav"))) == 3
    with wave.open(str(next(tmp_path.glob("*.wav")))) as file:
        assert file.getnchannels() == 1

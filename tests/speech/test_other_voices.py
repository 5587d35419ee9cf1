"""When the chosen voice cannot speak another one does, and says so."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import jiwer
import numpy as np
import pytest
import soxr

from hireflow_voice import paths
from hireflow_voice.errors import ModelMissing
from hireflow_voice.sound import RATE, Pcm
from hireflow_voice.speech import plain, voices
from hireflow_voice.speech.cast import stand_in
from hireflow_voice.speech.voices import LOUDNESS, Speaker, at_hand
from hireflow_voice.speech.whisper import Recogniser

JOE = paths.models_dir() / "voice-joe"
QUESTION = "How would you find out why the service is slow?"


@pytest.fixture
def no_heart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voices, "find_spec", lambda _: None)


def program(folder: Path, text: str) -> None:
    """A program called espeak-ng, and no other one of that name."""
    folder.mkdir(exist_ok=True)
    path = folder / plain.PROGRAM
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def broken(folder: Path) -> Path:
    folder.mkdir()
    shutil.copy(JOE / "en_US-joe-medium.onnx.json", folder)
    (folder / "en_US-joe-medium.onnx").write_bytes(b"not a network")
    return folder


def words(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum() or letter == " ")


@pytest.mark.models
def test_the_other_good_voice_speaks_where_the_weights_are_missing_or_broken(tmp_path: Path) -> None:
    for folder in (None, tmp_path, broken(tmp_path / "broken")):
        pcm = Speaker(folder, tmp_path / f"cache-{folder and folder.name}").speak(QUESTION, "joe")
        assert pcm.voice == "heart"
        assert pcm.seconds > 1.5


@pytest.mark.models
def test_a_voice_that_fails_in_a_sentence_is_replaced_for_that_sentence_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    speaker = Speaker(JOE, tmp_path)
    speaker.load("joe")
    real = speaker._joe.synthesize

    def fails(text: str, config: Any) -> Any:
        yield next(iter(real(text, config)))
        raise RuntimeError("the network failed")

    monkeypatch.setattr(speaker._joe, "synthesize", fails)
    assert speaker.speak(f"Right. {QUESTION}", "joe").voice == "heart"
    monkeypatch.setattr(speaker._joe, "synthesize", real)
    assert speaker.speak(QUESTION, "joe").voice == "joe"


@pytest.mark.models
@pytest.mark.parametrize("sound", [np.zeros(0, np.float32), np.zeros(22050, np.float32), np.full(22050, np.nan)])
def test_a_voice_that_makes_no_sound_or_nonsense_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sound: Any
) -> None:
    speaker = Speaker(JOE, tmp_path)
    monkeypatch.setattr(speaker, "_say_joe", lambda *_: (22050, [sound]))
    pcm = speaker.speak("Right.", "joe")
    assert pcm.voice == "heart"
    assert np.abs(pcm.samples).max() > 1000


@pytest.mark.models
def test_joe_speaks_for_heart(tmp_path: Path, no_heart: None) -> None:
    assert Speaker(JOE, tmp_path).speak("Right.", "heart").voice == "joe"


@pytest.mark.models
@pytest.mark.usefixtures("no_heart")
def test_the_plain_voice_is_understood_and_as_loud_as_the_others(tmp_path: Path, base: Recogniser) -> None:
    question = "Suppose two servers write to the same row at once. What happens, and how would you find out?"
    pcm = Speaker(None, tmp_path).speak(question, "joe")
    assert pcm.voice == "espeak"
    # Its header says that it is 13 hours long.
    assert 4 < pcm.seconds < 12
    frame = pcm.rate // 50
    power = np.square(pcm.samples[: len(pcm.samples) // frame * frame].reshape(-1, frame) / 32768.0).mean(axis=1)
    assert 10 * np.log10(power[power > power.max() * 1e-3].mean()) == pytest.approx(LOUDNESS, abs=1.5)
    heard = base.recognise(np.asarray(soxr.resample(pcm.samples, pcm.rate, RATE), np.int16), 0.0, (), True)
    assert jiwer.wer(words(question), words(heard.text)) <= 0.2, heard.text


@pytest.mark.usefixtures("no_heart")
def test_the_plain_voice_gets_its_text_where_nobody_else_can_read_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = shutil.which(plain.PROGRAM)
    program(tmp_path / "bin", f'echo "$@" >{tmp_path}/arguments\ntee {tmp_path}/text | exec {real} "$@"')
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    text = "Who is ad\u00e8le? Say [[hello]] & $HOME; 'quoted'."
    assert Speaker(None, tmp_path).speak(text, "joe").voice == "espeak"
    assert (tmp_path / "text").read_text(encoding="utf-8") == text.replace("[[", "[ [")
    assert "hello" not in (tmp_path / "arguments").read_text()


@pytest.mark.usefixtures("no_heart")
@pytest.mark.parametrize("script", [None, "exit 1", "echo no sound", "printf RIFF", "cat >/dev/null; sleep 60"])
def test_where_no_voice_can_speak_the_reason_is_that_of_the_chosen_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str | None
) -> None:
    (tmp_path / "bin").mkdir()
    if script is not None:
        program(tmp_path / "bin", script)
        for name in ("cat", "sleep"):
            (tmp_path / "bin" / name).symlink_to(str(shutil.which(name)))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(plain, "PATIENCE_S", 0.5)
    with pytest.raises(ModelMissing, match="Joe is not on this computer"):
        Speaker(None, tmp_path).speak("Hello.", "joe")


@pytest.mark.models
def test_a_voice_that_is_gone_is_not_heard_again_in_what_was_kept_of_it(tmp_path: Path) -> None:
    assert Speaker(JOE, tmp_path).speak("Right.", "joe").voice == "joe"
    assert Speaker(JOE, tmp_path).speak("Right.", "joe").voice == "joe"
    assert Speaker(None, tmp_path).speak("Right.", "joe").voice == "heart"


@pytest.mark.usefixtures("no_heart")
def test_empty_text_is_no_sound_from_the_plain_voice_either(tmp_path: Path) -> None:
    assert len(Speaker(None, tmp_path).speak(" ", "joe").samples) == 0


def test_the_voices_at_hand_are_those_that_are_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert at_hand(tmp_path) == ("joe", "heart", "espeak")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert at_hand(None) == ("heart",)
    monkeypatch.setattr(voices, "find_spec", lambda _: None)
    assert at_hand(None) == ()


@pytest.mark.parametrize(
    ("asked", "spoke", "told"),
    [
        ("joe", "joe", None),
        ("joe", "", None),
        ("joe", "heart", "Joe cannot speak on this computer now, so Heart does."),
        ("heart", "joe", "Heart cannot speak on this computer now, so Joe does."),
        ("heart", "espeak", "No good voice can speak on this computer now, so a plain computer voice does."),
    ],
)
def test_a_stand_in_is_told_of_in_words(asked: str, spoke: str, told: str | None) -> None:
    error = stand_in(asked, Pcm(np.zeros(1, np.int16), RATE, spoke).voice)
    assert (error and error.sentence) == told
    assert error is None or error.remedy

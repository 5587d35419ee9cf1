"""A call, Home and the list of what a call needs say when another voice than the chosen one speaks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soxr

from hireflow_voice import paths
from hireflow_voice.app.api import Readiness
from hireflow_voice.app.application import Application
from hireflow_voice.app.readiness import readiness
from hireflow_voice.audio import devices
from hireflow_voice.errors import PlainVoice
from hireflow_voice.events import CallEnded, Trouble
from hireflow_voice.settings import Settings
from hireflow_voice.sound import RATE
from hireflow_voice.speech import voices
from hireflow_voice.speech.whisper import Recogniser
from hireflow_voice.worker.client import Worker

MODELS = paths.models_dir()


def test_a_call_says_once_that_another_voice_speaks(dial: Any, script: Path) -> None:
    (script / "plain").touch()
    call = dial()
    assert call.call.join(60)
    told = [trouble for trouble in call.of(Trouble) if trouble.kind == "PlainVoice"]
    assert len(told) == 1
    assert "a plain computer voice" in told[0].sentence
    assert call.of(CallEnded)[0].finished


@pytest.mark.models
@pytest.mark.real_audio
@pytest.mark.parametrize(("voice", "there"), [("joe", True), ("heart", True), ("joe", False)])
def test_hear_it_is_heard_and_says_when_it_was_another_voice(
    virtual_card: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, voice: str, there: bool
) -> None:
    for name, value in virtual_card.env.items():
        monkeypatch.delenv(name, raising=False) if value is None else monkeypatch.setenv(name, value)
    devices.refresh()
    if not there:
        monkeypatch.setenv("HIREFLOW_MODELS_DIR", str(tmp_path / "none"))
    app = Application(Settings(speaker="hf_speaker"), tmp_path / "data", Worker())
    try:
        with virtual_card.record_speaker(tmp_path / "speaker.raw") as raw:
            if there:
                app.hear_voice(voice)
            else:
                with pytest.raises(PlainVoice, match="Joe cannot speak on this computer now, so Heart does"):
                    app.hear_voice(voice)
    finally:
        app.close()
    heard = np.asarray(soxr.resample(np.frombuffer(raw.read_bytes(), np.int16), 48_000, RATE), np.int16)
    text = Recogniser(MODELS / "whisper-base").recognise(heard, 0.0, (), True).text
    assert "i will be your interviewer today" in text.lower()


@pytest.fixture
def line(tmp_path: Path) -> Any:
    """The line about the interviewer's voice, as a function of the chosen voice."""

    def found(voice: str) -> Readiness:
        app = Application(Settings(voice=voice), tmp_path / "data", Worker())
        try:
            return next(one for one in readiness(app) if one.name == "interviewer's voice")
        finally:
            app.close()

    return found


@pytest.mark.models
def test_the_chosen_voice_is_there(line: Any) -> None:
    assert line("joe").ok
    assert line("heart").ok


def test_a_voice_that_is_missing_is_named_with_the_one_in_its_place(
    line: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HIREFLOW_MODELS_DIR", str(tmp_path / "none"))
    assert line("heart").ok
    joe = line("joe")
    assert (joe.ok, joe.needed, joe.mend) == (False, False, "models")
    assert joe.sentence.endswith("is not on this computer. Heart speaks instead.")
    monkeypatch.setattr(voices, "find_spec", lambda _: None)
    for chosen in ("joe", "heart"):
        plain = line(chosen)
        assert (plain.ok, plain.needed) == (False, False)
        assert plain.sentence.endswith("A plain computer voice speaks instead.")
    monkeypatch.setattr(voices.plain, "there", lambda: False)
    none = line("joe")
    assert (none.ok, none.needed) == (False, True)
    assert none.sentence.endswith("Questions would only be shown as captions.")


@pytest.mark.models
def test_where_only_the_other_voice_is_there_the_settings_mend_it(line: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voices, "find_spec", lambda _: None)
    heart = line("heart")
    assert (heart.ok, heart.needed, heart.mend) == (False, False, "settings")
    assert heart.sentence == "The voice Heart is not on this computer. Joe speaks instead."
    unknown = line("siri")
    assert (unknown.ok, unknown.mend) == (False, "settings")
    assert "'siri'" in unknown.sentence

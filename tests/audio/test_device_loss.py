"""Every way a device goes away, over a virtual sound card: what is told and kept; the clock stays right."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from hireflow_voice.audio import devices
from hireflow_voice.audio.capture import Microphone
from hireflow_voice.audio.line import SoundCardLine
from hireflow_voice.audio.linecheck import SoundCardCheck
from hireflow_voice.audio.playback import play_once
from hireflow_voice.audio.player import Player
from hireflow_voice.errors import NoMicrophone, NoSoundSystem, NoSpeaker, OtherMicrophone, OtherSpeaker
from hireflow_voice.sound import RATE, Pcm

pytestmark = pytest.mark.real_audio

PATIENCE_S = 30.0


def played(raw: Path) -> np.ndarray:
    return np.frombuffer(raw.read_bytes(), np.int16)


# -- devices that go away ----------------------------------------------------------------------------------------------


def check_gap(ears: Any) -> None:
    """The blocks while a microphone was away are marked and silent; those at both ends may hold some of its sound."""
    gaps = [list(blocks) for lost, blocks in groupby(list(ears.blocks), lambda block: block.lost) if lost]
    assert gaps
    assert not any(block.samples.any() for gap in gaps for block in gap[2:-2])
    ears.check_the_clock()


def test_a_suspended_microphone_is_seen_and_comes_back(card: Any, ears: Any) -> None:
    ears.listening()
    card.suspend()
    ears.wait_for((NoMicrophone, False))
    card.suspend(False)
    ears.wait_for((NoMicrophone, False), (NoMicrophone, True))
    ears.listening()
    check_gap(ears)


def loud_s(ears: Any) -> float:
    """Seconds of the interviewer's voice among what was taken for the candidate's."""
    return float((np.abs(ears.samples.astype(int)) > 1000).sum() / RATE)


@pytest.fixture
def interviewer(ears: Any) -> None:
    """Speaks, loudly, for the next 20 seconds."""
    ears.listening()
    voice = np.random.default_rng(2).choice([-9000, 9000], 20 * RATE).astype(np.int16)
    ears.line.play(Pcm(voice, RATE), lambda: None)


def test_a_microphone_that_is_pulled_out_is_not_replaced_by_the_interviewers_own_voice(
    card: Any, ears: Any, interviewer: None
) -> None:
    """PulseAudio silently moves the stream to another source: here to the monitor of the speaker, which is playing."""
    card.unload_module()
    ears.wait_for((NoMicrophone, False))
    time.sleep(2.0)
    assert ears.states == [(NoMicrophone, False)], "something else was taken for the microphone"
    assert loud_s(ears) < 0.5
    card.load_module()
    ears.wait_for((NoMicrophone, False), (NoMicrophone, True))
    ears.listening()
    check_gap(ears)


def test_a_microphone_that_is_moved_to_the_speaker_is_taken_back(card: Any, ears: Any, interviewer: None) -> None:
    """As a user does by mistake in the mixer: the microphone is there all the time, the stream is elsewhere."""
    rows = [row.split("\t") for row in card.pactl("list", "short", "source-outputs").splitlines()]
    (stream,) = [row[0] for row in rows if "ALSA" in card.pactl("list", "source-outputs") and row[2] != "-"][-1:]
    moved = time.monotonic()
    card.pactl("move-source-output", stream, "hf_speaker.monitor")
    ears.wait_for((NoMicrophone, False), (NoMicrophone, True))
    ears.listening()
    assert time.monotonic() - moved < 10.0
    time.sleep(0.5)
    assert loud_s(ears) < 0.5
    check_gap(ears)


# -- other devices -----------------------------------------------------------------------------------------------------


@pytest.fixture
def headset(card: Any, wav: Callable[..., Path]) -> Callable[..., None]:
    """Plugs the headset in; its microphone hears noise ten times as loud as the other one does."""
    rng = np.random.default_rng(6)

    def plug_in(rate: int = 48_000) -> None:
        card.plug_in(rate)
        card.feed(wav(rng.integers(-400, 401, 48_000 * 60).astype(np.int16), "headset.wav"), "hf_headset_feed")

    return plug_in


def hears_headset(ears: Any) -> bool:
    return ears.blocks and not ears.blocks[-1].lost and bool(ears.blocks[-1].samples.std() > 100)


def test_another_device_in_the_middle_of_a_call_costs_a_short_marked_gap(
    card: Any, headset: Any, chirp: np.ndarray, place: Any, tmp_path: Path, listen: Any, noise: object, wait_until: Any
) -> None:
    card.show_headset()
    devices.refresh()
    headset()
    ears, ended = listen(SoundCardLine("hf_mic", "hf_speaker")), threading.Event()
    ears.listening()
    with card.record_speaker(tmp_path / "headset.raw", "hf_headset_speaker") as raw:
        ears.line.play(Pcm(np.concatenate((np.zeros(96_000, np.int16), chirp)), 48_000), ended.set)
        ears.line.use("hf_headset", "hf_headset")
        wait_until(lambda: hears_headset(ears), "the new microphone is not heard")
        assert ended.wait(PATIENCE_S)
    assert place(played(raw), chirp)[1] > 0.9, "what is said goes on, on the new speaker"
    check_gap(ears)
    assert not ears.troubles


def test_a_chosen_device_that_is_not_there_is_replaced_and_taken_when_it_comes(
    card: Any, headset: Any, ears: Any, wait_until: Any
) -> None:
    """PortAudio does not even list it before it is there; the line finds out while it is running."""
    ears.listening()
    ears.line.use("hf_headset", "hf_headset")
    wait_until(lambda: len(ears.troubles) == 2, "nothing was said")
    assert set(ears.states) == {(OtherMicrophone, False), (OtherSpeaker, False)}
    assert all("'hf_headset' is not there. The default one is used" in t.error.sentence for t in ears.troubles)
    ears.listening()
    assert not hears_headset(ears)
    card.show_headset()
    headset()
    wait_until(lambda: len(ears.troubles) == 4, "it was not found")
    assert set(ears.states[2:]) == {(OtherMicrophone, True), (OtherSpeaker, True)}
    wait_until(lambda: hears_headset(ears), "the chosen microphone is not heard")
    check_gap(ears)


def test_a_headset_that_returns_at_another_rate_keeps_the_clock_and_the_words(
    card: Any,
    headset: Any,
    wav: Callable[..., Path],
    chirp: np.ndarray,
    place: Any,
    listen: Any,
    noise: object,
    monkeypatch: pytest.MonkeyPatch,
    wait_until: Any,
) -> None:
    """As Bluetooth does: 48 kHz before, 16 kHz after, the default devices meanwhile."""
    import soxr

    card.show_headset()
    devices.refresh()
    headset()
    ears = listen(SoundCardLine("hf_headset", "hf_headset"))
    wait_until(lambda: hears_headset(ears), "the headset is not heard")
    card.pull_out()
    wait_until(lambda: (OtherMicrophone, False) in ears.states, "the default microphone is not used")
    # It is told at once; what the headset had heard may still be on its way.
    wait_until(lambda: not hears_headset(ears), "the headset is still heard")
    ears.listening()
    monkeypatch.setattr(devices, "PREFERRED_RATE", RATE)
    headset(RATE)
    wait_until(lambda: hears_headset(ears), "the headset did not come back")
    assert (OtherMicrophone, True) in ears.states
    card.feed(wav(chirp), "hf_headset_feed").wait(PATIENCE_S)
    time.sleep(0.3)
    assert place(ears.samples, soxr.resample(chirp, 48_000, RATE))[1] > 0.95
    ears.check_the_clock()
    wait_until(lambda: ears.states.count((OtherSpeaker, True)) == 1, "the speaker did not come back")


# -- the sound system itself -------------------------------------------------------------------------------------------


def test_a_sound_server_that_dies_and_returns_costs_no_call(
    card: Any, ears: Any, wav: Callable[..., Path], chirp: np.ndarray, place: Any, tmp_path: Path, wait_until: Any
) -> None:
    ended = threading.Event()
    ears.listening()
    ears.line.play(Pcm(np.zeros(3 * RATE, np.int16), RATE), ended.set)
    card.kill_server()
    wait_until(lambda: len(ears.troubles) == 2, "both devices are gone")
    assert {type(trouble.error) for trouble in ears.troubles} == {NoMicrophone, NoSpeaker}
    assert ended.wait(PATIENCE_S), "a sound ends also without a speaker"
    card.start_server()
    card.feed(wav(np.tile(chirp, 5), "back.wav"))
    wait_until(lambda: len(ears.troubles) == 4, f"not back: {ears.troubles}")
    assert [trouble.over for trouble in ears.troubles] == [False, False, True, True]
    ears.listening()
    check_gap(ears)
    with card.record_speaker(tmp_path / "speaker.raw") as raw:
        ended.clear()
        ears.line.play(Pcm(chirp, 48_000), ended.set)
        assert ended.wait(PATIENCE_S)
    assert place(played(raw), chirp)[1] > 0.9


def test_a_sound_server_that_hangs_does_not_hang_the_call(card: Any, ears: Any, wait_until: Any) -> None:
    ears.listening()
    card.freeze_server()
    try:
        wait_until(lambda: len(ears.troubles) >= 2, "a silent sound system was not noticed")
        wait_until(devices.hanging, "ending a stream of a frozen server should hang")
        ears.check_the_clock()
        began = time.monotonic()
        with pytest.raises(NoSoundSystem, match="does not answer"):
            devices.list_devices()
        assert time.monotonic() - began < PATIENCE_S
    finally:
        card.thaw_server()
    wait_until(lambda: [trouble.over for trouble in ears.troubles].count(True) == 2, "the devices did not come back")
    assert not devices.hanging()
    ears.check_the_clock()
    ears.line.close()
    assert not devices._streams, "a stream that nobody holds any more is still open"


def test_a_line_closed_while_the_sound_server_hangs_leaves_no_stream_behind(
    card: Any, ears: Any, wait_until: Any
) -> None:
    """PortAudio goes on calling a stream that was not closed, into memory that Python has freed."""
    ears.listening()
    card.freeze_server()
    try:
        began = time.monotonic()
        ears.line.close()
        assert time.monotonic() - began < 10.0
        assert devices.hanging()
        assert devices._streams, "held until they are closed"
    finally:
        card.thaw_server()
    wait_until(lambda: not devices._streams, "a stream stayed open")
    wait_until(lambda: not devices.hanging(), "a call never came back")


def test_a_microphone_that_is_switched_off_is_told(
    card: Any, wav: Callable[..., Path], chirp: np.ndarray, listen: Any
) -> None:
    """Exact zeros, as the virtual microphone gives when nothing feeds it."""
    line = SoundCardLine("hf_mic", "hf_speaker")
    try:
        ears = listen(line)
        ears.wait_for((NoMicrophone, False))
        assert "switched off" in ears.troubles[0].error.sentence
        card.feed(wav(chirp))
        ears.wait_for((NoMicrophone, False), (NoMicrophone, True))
        ears.check_the_clock()
    finally:
        line.close()


def test_zeros_of_a_muted_line_are_no_trouble(card: Any, wait_until: Any, listen: Any) -> None:
    line = SoundCardLine("hf_mic", "hf_speaker")
    line.mute(True)
    try:
        ears = listen(line)
        wait_until(lambda: line.now() > 3.0, "the line stands still")
        assert not ears.troubles
    finally:
        line.close()


def test_a_machine_whose_only_input_is_its_own_speaker_has_no_microphone(card: Any) -> None:
    card.unload_module()
    card.pactl("set-default-source", "hf_speaker.monitor")
    with pytest.raises(NoMicrophone, match="only what the speaker plays"):
        Microphone()


# -- nothing is there --------------------------------------------------------------------------------------------------


def test_without_any_device_a_call_goes_on_in_real_time(no_sound_server: None, wait_until: Any, listen: Any) -> None:
    assert devices.list_devices() == ((), ())
    line = SoundCardLine()
    try:
        ears = listen(line)
        ended: list[float] = []
        line.play(Pcm(np.zeros(RATE, np.int16), RATE), lambda: ended.append(time.monotonic() - ears.began))
        wait_until(lambda: ended, "a sound must end without a speaker")
        assert ended[0] >= 0.9
        wait_until(lambda: line.now() > 1.5, "the clock stands still")
        ears.check_the_clock()
        assert sorted(kind.__name__ for kind, _ in ears.states) == ["NoMicrophone", "NoSpeaker"]
        assert all(block.lost and not block.samples.any() for block in list(ears.blocks))
    finally:
        line.close()


def test_without_any_device_everything_else_says_so(no_sound_server: None, tmp_path: Path) -> None:
    with pytest.raises(NoMicrophone, match="There is no microphone"):
        SoundCardCheck("", "", lambda level: None)
    with pytest.raises(NoMicrophone, match="'Blue Yeti' is not there"):
        Microphone("Blue Yeti")
    with pytest.raises(NoSpeaker, match="There is no speaker"):
        play_once(Pcm(np.zeros(100, np.int16), RATE))
    soundfile.write(tmp_path / "take.wav", np.zeros(RATE, np.int16), RATE)
    player = Player()
    assert player.load(tmp_path / "take.wav") == 1.0
    with pytest.raises(NoSpeaker):
        player.play()
    assert not player.playing
    player.close()


def test_without_portaudio_the_remedy_is_one_command(
    monkeypatch: pytest.MonkeyPatch, wait_until: Any, listen: Any
) -> None:
    import sys

    class Missing:
        """Importing sounddevice where the library is missing raises this OSError."""

        def find_spec(self, name: str, *_: object) -> None:
            if name == "sounddevice":
                raise OSError("PortAudio library not found")

    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Missing(), *sys.meta_path])
    with pytest.raises(NoSoundSystem) as caught:
        devices.list_devices()
    assert caught.value.remedy == "Install it: sudo apt-get install libportaudio2"
    line = SoundCardLine()
    try:
        ears = listen(line)
        ears.wait_for((NoSoundSystem, False))
        wait_until(lambda: line.now() > 0.5, "the clock stands still")
        assert len(ears.troubles) == 1
    finally:
        line.close()

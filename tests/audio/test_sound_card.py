"""Real PortAudio over a virtual sound card: what is heard, what is played, and every way a device goes away."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from hireflow_voice.audio import devices
from hireflow_voice.audio.blocks import BLOCK, Block
from hireflow_voice.audio.capture import Microphone
from hireflow_voice.audio.line import Line, LineTrouble, SoundCardLine
from hireflow_voice.audio.linecheck import SoundCardCheck
from hireflow_voice.audio.playback import play_once
from hireflow_voice.audio.player import Player
from hireflow_voice.errors import HireFlowError, NoMicrophone, NoSoundSystem, NoSpeaker
from hireflow_voice.sound import RATE, Pcm

pytestmark = pytest.mark.real_audio

PATIENCE_S = 30.0


def wait_until(what: Callable[[], object], message: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < deadline, message
        time.sleep(0.02)


def played(raw: Path) -> np.ndarray:
    return np.frombuffer(raw.read_bytes(), np.int16)


class Ears:
    """Everything a line tells, in order, with the moment it was told."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.blocks: list[Block] = []
        self.troubles: list[LineTrouble] = []
        self.began = time.monotonic()
        line.open(self._hear, self.troubles.append)

    def _hear(self, block: Block) -> None:
        self.blocks.append(block)

    @property
    def samples(self) -> np.ndarray:
        return np.concatenate([block.samples for block in list(self.blocks)])

    @property
    def states(self) -> list[tuple[type[HireFlowError], bool]]:
        return [(type(trouble.error), trouble.over) for trouble in list(self.troubles)]

    def wait_for(self, *states: tuple[type[HireFlowError], bool]) -> None:
        wait_until(lambda: len(self.troubles) >= len(states), f"told only {self.troubles}")
        assert self.states[: len(states)] == list(states)

    def listening(self) -> None:
        wait_until(lambda: self.blocks and not self.blocks[-1].lost, "the microphone never delivered")

    def check_the_clock(self) -> None:
        """No hole, no overlap, and the index is the time."""
        blocks = list(self.blocks)
        assert [block.index for block in blocks] == [i * BLOCK for i in range(len(blocks))]
        assert all(len(block.samples) == BLOCK for block in blocks)
        wait_until(lambda: abs(self.line.now() - (time.monotonic() - self.began)) < 0.5, "the index is not the time")


@pytest.fixture
def noise(card: Any, wav: Callable[..., Path]) -> subprocess.Popen[bytes]:
    """A live microphone: it always hears something."""
    rng = np.random.default_rng(5)
    return card.feed(wav(rng.integers(-40, 41, 48_000 * 120).astype(np.int16), "noise.wav"))


@pytest.fixture
def ears(card: Any, noise: object) -> Iterator[Ears]:
    line = SoundCardLine("hf_mic", "hf_speaker")
    yield Ears(line)
    line.close()


# -- nothing is wrong --------------------------------------------------------------------------------------------------


def test_devices_are_listed_with_the_default_first(card: Any) -> None:
    inputs, outputs = devices.list_devices()
    assert inputs[0] == outputs[0] == "default"
    assert "hf_mic" in inputs
    assert "hf_speaker" in outputs


def test_the_microphone_is_heard_bit_for_bit(
    card: Any, wav: Callable[..., Path], chirp: np.ndarray, place: Any
) -> None:
    rng = np.random.default_rng(1)
    signal = np.concatenate((chirp, rng.integers(-20_000, 20_001, 48_000).astype(np.int16)))
    microphone = Microphone("hf_mic")
    try:
        assert microphone.rate == 48_000
        assert card.feed(wav(signal)).wait(PATIENCE_S) == 0
        time.sleep(0.5)
        heard = microphone.read()
    finally:
        microphone.close()
    at, _ = place(heard, signal)
    assert np.array_equal(heard[at : at + len(signal)], signal)
    assert microphone.overflow == 0


def test_a_sound_is_heard_from_the_speaker_and_ends_once(
    card: Any, ears: Ears, chirp: np.ndarray, place: Any, tmp_path: Path
) -> None:
    ended: list[float] = []
    with card.record_speaker(tmp_path / "speaker.raw") as raw:
        began = time.monotonic()
        ears.line.play(Pcm(chirp[::3].copy(), RATE), lambda: ended.append(time.monotonic() - began))
        wait_until(lambda: ended, "the sound never ended")
        time.sleep(0.5)
    at, likeness = place(played(raw), chirp)
    assert likeness > 0.9
    assert not played(raw)[at + len(chirp) + 4800 :].any()
    assert len(ended) == 1
    assert ended[0] >= 2.0


def test_what_is_said_arrives_at_16_khz_at_its_time(
    card: Any, ears: Ears, wav: Callable[..., Path], chirp: np.ndarray, place: Any
) -> None:
    import soxr

    ears.listening()
    card.feed(wav(chirp)).wait(PATIENCE_S)
    ears.line.mute(True)
    time.sleep(0.3)
    heard = ears.samples
    _, likeness = place(heard, soxr.resample(chirp, 48_000, RATE))
    assert likeness > 0.97  # it may fall between two of the 16 kHz samples
    assert not heard[-BLOCK:].any(), "a muted line delivers zeros"
    ears.check_the_clock()
    assert not ears.troubles


def test_a_sound_that_is_stopped_fades_and_the_next_one_is_whole(
    card: Any, ears: Ears, chirp: np.ndarray, place: Any, tmp_path: Path
) -> None:
    ended: list[str] = []
    rng = np.random.default_rng(3)
    first = Pcm(rng.integers(-9000, 9001, 10 * RATE).astype(np.int16), RATE)
    with card.record_speaker(tmp_path / "speaker.raw") as raw:
        ears.line.play(first, lambda: ended.append("first"))
        time.sleep(1.0)
        ears.line.stop_playing()
        wait_until(lambda: ended == ["first"], "a stopped sound must end")
        time.sleep(0.6)
        ears.line.play(Pcm(chirp, 48_000), lambda: ended.append("second"))
        wait_until(lambda: ended == ["first", "second"], "the second sound never ended")
    heard = played(raw)
    at, likeness = place(heard, chirp)
    assert likeness > 0.9
    assert not heard[at - 4800 : at - 480].any(), "the first sound is still playing"
    ears.line.play(first, lambda: ended.append("third"))
    ears.line.close()
    assert ended == ["first", "second", "third"]
    ears.line.play(first, lambda: ended.append("after the end"))
    assert ended[-1] == "after the end"


def test_play_once_returns_when_it_has_been_heard(card: Any, chirp: np.ndarray, place: Any, tmp_path: Path) -> None:
    with card.record_speaker(tmp_path / "speaker.raw") as raw:
        play_once(Pcm(chirp, 48_000), "hf_speaker")
    assert place(played(raw), chirp)[1] > 0.9


# -- devices that go away ----------------------------------------------------------------------------------------------


def check_gap(ears: Ears) -> None:
    """The blocks while the microphone was away are marked and silent, the others are not."""
    lost = [block for block in list(ears.blocks) if block.lost]
    assert lost
    assert not any(block.samples[40:-40].any() for block in lost[2:-2])
    ears.check_the_clock()


def test_a_suspended_microphone_is_seen_and_comes_back(card: Any, ears: Ears) -> None:
    ears.listening()
    card.suspend()
    ears.wait_for((NoMicrophone, False))
    card.suspend(False)
    ears.wait_for((NoMicrophone, False), (NoMicrophone, True))
    ears.listening()
    check_gap(ears)


def test_a_microphone_that_is_pulled_out_is_not_replaced_by_the_interviewers_own_voice(card: Any, ears: Ears) -> None:
    """PulseAudio silently moves the stream to another source: here to the monitor of the speaker, which is playing."""
    ears.listening()
    rng = np.random.default_rng(2)
    ears.line.play(Pcm(rng.integers(-9000, 9001, 20 * RATE).astype(np.int16), RATE), lambda: None)
    card.unload_module()
    ears.wait_for((NoMicrophone, False))
    time.sleep(3.0)
    assert ears.states == [(NoMicrophone, False)], "something else was taken for the microphone"
    card.load_module()
    ears.wait_for((NoMicrophone, False), (NoMicrophone, True))
    ears.line.stop_playing()
    ears.listening()
    ears.check_the_clock()


def test_a_sound_server_that_dies_and_returns_costs_no_call(
    card: Any, ears: Ears, wav: Callable[..., Path], chirp: np.ndarray, place: Any, tmp_path: Path
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


def test_a_sound_server_that_hangs_does_not_hang_the_call(card: Any, ears: Ears) -> None:
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


def test_a_line_closed_while_the_sound_server_hangs_leaves_no_stream_behind(card: Any, ears: Ears) -> None:
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


def test_a_microphone_that_is_switched_off_is_told(card: Any, wav: Callable[..., Path], chirp: np.ndarray) -> None:
    """Exact zeros, as the virtual microphone gives when nothing feeds it."""
    line = SoundCardLine("hf_mic", "hf_speaker")
    try:
        ears = Ears(line)
        ears.wait_for((NoMicrophone, False))
        assert "switched off" in ears.troubles[0].error.sentence
        card.feed(wav(chirp))
        ears.wait_for((NoMicrophone, False), (NoMicrophone, True))
        ears.check_the_clock()
    finally:
        line.close()


def test_zeros_of_a_muted_line_are_no_trouble(card: Any) -> None:
    line = SoundCardLine("hf_mic", "hf_speaker")
    line.mute(True)
    try:
        ears = Ears(line)
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


def test_without_any_device_a_call_goes_on_in_real_time(no_sound_server: None) -> None:
    assert devices.list_devices() == ((), ())
    line = SoundCardLine()
    try:
        ears = Ears(line)
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


def test_without_portaudio_the_remedy_is_one_command(monkeypatch: pytest.MonkeyPatch) -> None:
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
        ears = Ears(line)
        ears.wait_for((NoSoundSystem, False))
        wait_until(lambda: line.now() > 0.5, "the clock stands still")
        assert len(ears.troubles) == 1
    finally:
        line.close()


# -- player and line check ---------------------------------------------------------------------------------------------


@pytest.fixture
def player(card: Any, tmp_path: Path, chirp: np.ndarray) -> Iterator[Player]:
    soundfile.write(tmp_path / "take.wav", np.concatenate([chirp[::3], np.zeros(8 * RATE, np.int16)]), RATE)
    player = Player("hf_speaker")
    assert player.load(tmp_path / "take.wav") == 10.0
    yield player
    player.close()


def test_a_player_knows_where_it_is(card: Any, player: Player, chirp: np.ndarray, place: Any, tmp_path: Path) -> None:
    """Its position is compared with what the monitor of the speaker has heard at the same moment."""
    with card.record_speaker(tmp_path / "speaker.raw") as raw:
        player.play()
        assert player.playing
        wait_until(lambda: player.position_s > 2.3, "it does not move")
        position, recorded = player.position_s, raw.stat().st_size // 2
        player.pause()
    at, likeness = place(played(raw), chirp)
    assert likeness > 0.9
    # Half a second of slack, for a busy machine and for parec's own buffer.
    assert abs(position - (recorded - at) / 48_000) < 0.5
    assert not player.playing
    assert position <= player.position_s < position + 0.5


def test_a_player_plays_a_stretch_and_stops_at_its_end(player: Player) -> None:
    player.play(1.0, 1.4)
    assert 1.0 <= player.position_s <= 1.4
    wait_until(lambda: not player.playing, "it does not stop")
    assert player.position_s == 1.4
    player.seek(9.5)
    assert player.position_s == 9.5
    player.play()
    wait_until(lambda: not player.playing, "it does not stop")
    assert player.position_s == 10.0


def test_a_player_that_is_moved_plays_on_from_there(player: Player) -> None:
    player.play()
    player.seek(7.0)
    assert player.playing
    wait_until(lambda: player.position_s > 7.2, "it does not move")
    player.seek(-3.0)
    assert player.position_s < 7.0
    player.pause()


def test_a_player_whose_speaker_goes_away_stops(card: Any, player: Player) -> None:
    player.play(3.0)
    wait_until(lambda: player.position_s > 3.1, "it does not move")
    card.kill_server()
    wait_until(lambda: not player.playing, "it plays on without a speaker")
    assert 3.0 < player.position_s < 9.0


def test_a_line_check_shows_the_level_and_plays_the_sentence_back(
    card: Any, wav: Callable[..., Path], chirp: np.ndarray, place: Any, tmp_path: Path
) -> None:
    levels: list[float] = []
    ended = threading.Event()
    check = SoundCardCheck("hf_mic", "hf_speaker", levels.append)
    try:
        wait_until(lambda: -90.0 in levels, "an idle microphone is silent")
        check.record()
        card.feed(wav(chirp)).wait(PATIENCE_S)
        time.sleep(0.5)
        with card.record_speaker(tmp_path / "speaker.raw") as raw:
            assert check.play_back(ended.set) > 2.0
            assert ended.wait(PATIENCE_S)
        assert place(played(raw), chirp)[1] > 0.9
        # 9000 of 32768 as a sine: -14.2 dBFS
        assert max(levels) == pytest.approx(-14.2, abs=0.5)
        card.kill_server()
        wait_until(lambda: check._microphone.lost(since=0.0), "a dead microphone was not noticed")
        with pytest.raises(NoMicrophone, match="went away"):
            check.record()
    finally:
        check.close()

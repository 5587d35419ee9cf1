"""Real PortAudio over a virtual sound card: what is heard, what is played, and every way a device goes away."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from hireflow_voice.audio import devices
from hireflow_voice.audio.blocks import BLOCK
from hireflow_voice.audio.capture import Microphone
from hireflow_voice.audio.linecheck import SoundCardCheck
from hireflow_voice.audio.playback import play_once
from hireflow_voice.audio.player import Player
from hireflow_voice.errors import NoMicrophone
from hireflow_voice.sound import RATE, Pcm

pytestmark = pytest.mark.real_audio

PATIENCE_S = 30.0


def played(raw: Path) -> np.ndarray:
    return np.frombuffer(raw.read_bytes(), np.int16)


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
    card: Any, ears: Any, chirp: np.ndarray, place: Any, tmp_path: Path, wait_until: Any
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
    card: Any, ears: Any, wav: Callable[..., Path], chirp: np.ndarray, place: Any
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
    card: Any, ears: Any, chirp: np.ndarray, place: Any, tmp_path: Path, wait_until: Any
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


# -- player and line check ---------------------------------------------------------------------------------------------


@pytest.fixture
def player(card: Any, tmp_path: Path, chirp: np.ndarray) -> Iterator[Player]:
    soundfile.write(tmp_path / "take.wav", np.concatenate([chirp[::3], np.zeros(8 * RATE, np.int16)]), RATE)
    player = Player("hf_speaker")
    assert player.load(tmp_path / "take.wav") == 10.0
    yield player
    player.close()


def test_a_player_knows_where_it_is(
    card: Any, player: Player, chirp: np.ndarray, place: Any, tmp_path: Path, wait_until: Any
) -> None:
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


def test_a_player_plays_a_stretch_and_stops_at_its_end(player: Player, wait_until: Any) -> None:
    player.play(1.0, 1.4)
    assert 1.0 <= player.position_s <= 1.4
    wait_until(lambda: not player.playing, "it does not stop")
    assert player.position_s == 1.4
    player.seek(9.5)
    assert player.position_s == 9.5
    player.play()
    wait_until(lambda: not player.playing, "it does not stop")
    assert player.position_s == 10.0


def test_a_player_that_is_moved_plays_on_from_there(player: Player, wait_until: Any) -> None:
    player.play()
    player.seek(7.0)
    assert player.playing
    wait_until(lambda: player.position_s > 7.2, "it does not move")
    player.seek(-3.0)
    assert player.position_s < 7.0
    player.pause()


def test_a_player_whose_speaker_goes_away_stops(card: Any, player: Player, wait_until: Any) -> None:
    player.play(3.0)
    wait_until(lambda: player.position_s > 3.1, "it does not move")
    card.kill_server()
    wait_until(lambda: not player.playing, "it plays on without a speaker")
    assert 3.0 < player.position_s < 9.0


def test_a_line_check_shows_the_level_and_plays_the_sentence_back(
    card: Any, wav: Callable[..., Path], chirp: np.ndarray, place: Any, tmp_path: Path, wait_until: Any
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

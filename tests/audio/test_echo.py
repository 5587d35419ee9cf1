"""The interviewer in the candidate's microphone: found, removed, or kept out, over a virtual sound card that echoes."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hireflow_voice import paths
from hireflow_voice.audio import echo as echoes
from hireflow_voice.audio.echo import EchoRemover, OneAtATime, WebRtc
from hireflow_voice.audio.echocheck import find, measure
from hireflow_voice.audio.line import SoundCardLine
from hireflow_voice.audio.resample import resampled
from hireflow_voice.audio.tones import sweeps
from hireflow_voice.errors import NoEchoCancelling, NoMicrophone
from hireflow_voice.sound import RATE, USUAL_DELAY_S, Echo, Pcm, Samples
from hireflow_voice.speech.voices import Speaker
from hireflow_voice.turns.detector import SpeechStarted, TurnDetector
from hireflow_voice.turns.energy import EnergyGate
from hireflow_voice.turns.vad import BLOCK, SileroVad

QUIET = np.zeros(RATE // 2, np.int16)
ECHO_DB = -12.0


def room(near: Samples, far: Samples, delay: int, db: float) -> Samples:
    """What a microphone hears of both."""
    heard = near.astype(float).copy()
    heard[delay:] += far[: len(heard) - delay] * 10 ** (db / 20)
    return np.clip(heard, -32768, 32767).astype(np.int16)


def noise(seconds: float, loud: float = 10.0, seed: int = 3) -> Samples:
    return np.random.default_rng(seed).normal(0, loud, round(seconds * RATE)).astype(np.int16)


@pytest.fixture(scope="module")
def say(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Pcm]:
    import onnxruntime

    onnxruntime.set_seed(11)  # Piper draws its noise from it: the same voice in every run
    speaker = Speaker(paths.models_dir() / "voice-joe", tmp_path_factory.mktemp("voices"))
    return lambda text, voice: speaker.speak(text, voice)


QUESTION = (
    "Imagine that you operate a service with very many clients, and a few of them send far more requests than you can "
    "handle. How would you protect the service, and what would the other clients notice of it? Take your time, and "
    "tell me what you would measure first, before you change anything at all in the system."
)
ANSWER = "Sorry, may I ask something about the clients before you go on with that?"


# -- found -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("db", "delay_s"), [(-6.0, 0.06), (-12.0, 0.2), (-30.0, 0.45), (3.0, 0.25)])
def test_an_echo_is_found_with_its_loudness_and_delay(db: float, delay_s: float) -> None:
    played = np.concatenate((QUIET, sweeps().samples, noise(0.8, 0.0)))
    found = find(played, room(noise(4.3, 15.0), played, round(delay_s * RATE), db))
    assert found.level_db == pytest.approx(db, abs=0.5)
    assert found.delay_s == pytest.approx(delay_s, abs=0.001)
    assert found.fitting is Echo.CANCEL


@pytest.mark.parametrize("loud", [0.6, 30.0, 1000.0])
def test_noise_is_no_echo_and_headphones_fit(loud: float) -> None:
    played = np.concatenate((QUIET, sweeps().samples, noise(0.8, 0.0)))
    found = find(played, noise(4.3, loud))
    assert found.level_db is None
    assert found.fitting is Echo.HEADPHONES
    assert found.delay_s == USUAL_DELAY_S


def test_what_leaks_out_of_headphones_disturbs_nothing() -> None:
    played = np.concatenate((QUIET, sweeps().samples, noise(0.8, 0.0)))
    assert find(played, room(noise(4.3, 3.0), played, 3000, -52.0)).fitting is Echo.HEADPHONES


def test_an_echo_that_cannot_be_removed_asks_for_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hireflow_voice.audio.echocheck.can_cancel", lambda: False)
    played = np.concatenate((QUIET, sweeps().samples, noise(0.8, 0.0)))
    assert find(played, room(noise(4.3), played, 3000, -12.0)).fitting is Echo.HALF


# -- in step -----------------------------------------------------------------------------------------------------------


class Tape:
    """A speaker, as the remover sees it."""

    rate = RATE

    def __init__(self) -> None:
        self.waiting: list[Samples] = []

    def hand_out(self, samples: Samples) -> None:
        self.waiting.append(samples)

    def read_played(self) -> Samples:
        waiting, self.waiting = self.waiting, []
        return np.concatenate([np.zeros(0, np.int16), *waiting])


class Pairs:
    """A remover that notes what it is given together."""

    def __init__(self) -> None:
        self.played: list[Samples] = []
        self.heard: list[Samples] = []

    def __call__(self, played: Samples, heard: Samples) -> Samples:
        self.played.append(played)
        self.heard.append(heard)
        return heard

    def restart(self) -> None:
        pass

    def lead(self) -> int:
        """Samples by which what was played comes before its echo, now."""
        played, heard = (np.concatenate(side[-150:]).astype(float) for side in (self.played, self.heard))
        size = 2 * len(played)
        likeness = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(played, size)), size)
        lag = int(np.argmax(likeness))
        return lag if lag < size // 2 else lag - size


def run(speaker: Any, remover: EchoRemover, delay_s: float, seconds: float, late: Callable[[int], int]) -> None:
    """20 ms at a time; at step i the speaker's newest `late(i)` blocks have not been reported yet."""
    far = noise(seconds + 1.0, 3000.0)
    near = room(noise(seconds + 1.0), far, round(delay_s * RATE), ECHO_DB)
    remover.follow(speaker)
    handed = 0
    for step in range(int(seconds * 50)):
        while handed <= step - late(step):
            speaker.hand_out(far[handed * 320 : handed * 320 + 320])
            handed += 1
        remover.follow(speaker)
        remover.clean(near[step * 320 : step * 320 + 320], 320)


@pytest.mark.parametrize("delay_s", [0.12, 0.25, 0.4])
def test_what_was_played_comes_a_tenth_of_a_second_before_its_echo(delay_s: float) -> None:
    pairs, tape = Pairs(), Tape()
    run(tape, EchoRemover(pairs, delay_s), delay_s, 4.0, lambda _: 0)
    assert 0 < pairs.lead() <= echoes.LEAD + 320


def test_callbacks_that_come_late_and_together_move_nothing() -> None:
    pairs, tape = Pairs(), Tape()
    chance = np.random.default_rng(4)
    late = [int(chance.integers(0, 4)) for _ in range(1000)]
    run(tape, EchoRemover(pairs, 0.25), 0.25, 8.0, lambda step: late[step])
    assert pairs.lead() == pytest.approx(echoes.LEAD, abs=4 * 320)


def test_a_stall_of_the_speaker_longer_than_what_is_held_back_heals() -> None:
    """Its samples come at last, all at once: they belong to the past."""
    pairs, tape = Pairs(), Tape()
    run(tape, EchoRemover(pairs, 0.25), 0.25, 12.0, lambda step: 20 if 150 <= step < 175 else 0)
    assert pairs.lead() == pytest.approx(echoes.LEAD, abs=2 * 320)


def test_sound_that_was_dropped_on_the_way_is_made_up_for() -> None:
    pairs, tape = Pairs(), Tape()
    remover = EchoRemover(pairs, 0.25)
    run(tape, remover, 0.25, 3.0, lambda _: 0)
    far = noise(9.0, 3000.0, seed=9)
    near = room(noise(9.0), far, 4000, ECHO_DB)
    for step in range(400):
        if step > 5:  # 100 ms of the speaker were never reported
            tape.hand_out(far[step * 320 : step * 320 + 320])
        remover.follow(tape)
        remover.clean(near[step * 320 : step * 320 + 320], 320)
    assert pairs.lead() == pytest.approx(echoes.LEAD, abs=2 * 320)


def test_in_turns_the_microphone_is_deaf_from_the_first_word_until_its_echo_has_died_away() -> None:
    tape = Tape()
    remover = EchoRemover(OneAtATime(), 0.25)
    remover.follow(tape)
    voice = noise(1.0, 3000.0)
    far = np.concatenate((noise(1.0, 1.0), voice, noise(2.0, 1.0)))
    near = room(noise(4.0, 20.0), far, 4000, ECHO_DB)
    out = []
    for step in range(200):
        tape.hand_out(far[step * 320 : step * 320 + 320])
        remover.follow(tape)
        out.append(remover.clean(near[step * 320 : step * 320 + 320], 320))
    clean = np.concatenate(out)
    assert clean[: RATE // 2].any(), "nobody speaks yet"
    assert not np.abs(clean.astype(int)).max() > 200, "some of the echo came through"
    assert clean[-RATE:].any(), "the interviewer has finished"


def test_a_muted_microphone_gives_silence_and_stays_in_step() -> None:
    pairs, tape = Pairs(), Tape()
    remover = EchoRemover(pairs, 0.25)
    remover.follow(tape)
    for _ in range(50):
        tape.hand_out(noise(0.02))
        remover.follow(tape)
        assert not remover.clean(noise(0.02), 320, muted=True).any()
    assert not pairs.heard
    run(tape, remover, 0.25, 4.0, lambda _: 0)
    assert pairs.lead() == pytest.approx(echoes.LEAD, abs=2 * 320)


# -- the library -------------------------------------------------------------------------------------------------------


def test_nothing_of_it_is_loaded_before_a_call_with_speakers_begins() -> None:
    code = (
        "import sys; from hireflow_voice.app.application import Application; import hireflow_voice.audio.echocheck\n"
        "from hireflow_voice.audio.line import SoundCardLine; from hireflow_voice.sound import Echo\n"
        "SoundCardLine('', '', Echo.CANCEL); print(*(name for name in sys.modules if name.startswith('livekit.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == ""


def test_it_reaches_for_no_network(tmp_path: Path) -> None:
    code = (
        "import numpy as np, time; from hireflow_voice.audio.echo import WebRtc\n"
        "remove = WebRtc(); sound = np.ones(160, np.int16)\n"
        "for _ in range(300): remove(sound, sound)\n"
        "time.sleep(2.0)"
    )
    calls = tmp_path / "calls"
    trace = ["strace", "-f", "--seccomp-bpf", "-e", "trace=connect,sendto,sendmsg,sendmmsg", "-o", str(calls)]
    subprocess.run([*trace, sys.executable, "-c", code], check=True, timeout=120)
    told = calls.read_text()
    assert "exited with 0" in told
    assert not [line for line in told.splitlines() if "(" in line and "+++" not in line and "---" not in line]


def starts(samples: Samples) -> list[float]:
    """Seconds at which a turn detector hears somebody begin to speak."""
    detector = TurnDetector(SileroVad(), EnergyGate(BLOCK), None)
    return [signal.at_s for signal in detector.feed(samples, 0) if isinstance(signal, SpeechStarted)]


def power_db(sound: Samples) -> float:
    return float(10 * np.log10(np.mean(np.square(sound.astype(float))) + 1e-9))


@pytest.mark.models
@pytest.mark.parametrize("wrong_s", [-0.05, 0.0, 0.05])
def test_in_a_room_with_reverberation_only_the_candidate_is_left(say: Any, wrong_s: float) -> None:
    """Also when the measured delay is wrong by some blocks."""
    question, answer = (resampled(say(*words), RATE) for words in ((QUESTION, "joe"), (ANSWER, "heart")))
    far = np.concatenate((QUIET, question, QUIET, question, QUIET, QUIET))
    chance = np.random.default_rng(1)
    decay = 0.1 * chance.normal(0, 1, 4800) * np.exp(-np.arange(4800) / 800)  # 0.3 s
    heard = room(noise(len(far) / RATE), np.convolve(far, np.r_[1.0, decay])[: len(far)], round(0.26 * RATE), ECHO_DB)
    at = len(QUIET) + len(question) + len(question) // 3
    heard[at : at + len(answer)] += answer // 2
    tape, remover = Tape(), EchoRemover(WebRtc(), 0.26 + wrong_s)
    remover.follow(tape)
    out = []
    for i in range(0, len(far) - 320, 320):
        tape.hand_out(far[i : i + 320])
        remover.follow(tape)
        out.append(remover.clean(heard[i : i + 320], 320))
    clean = np.concatenate(out)
    settled = slice(6 * RATE, len(question) - RATE)
    assert power_db(heard[settled]) - power_db(clean[settled]) > 25.0
    assert len(starts(heard)) > 1, "the raw microphone must hear the interviewer"
    begun = starts(clean)
    assert begun, "the candidate was not heard over the interviewer"
    assert all(at / RATE - 0.1 <= one <= (at + len(answer)) / RATE for one in begun)
    assert begun[0] < at / RATE + 0.8
    assert power_db(clean[at : at + len(answer)]) > power_db(answer // 2) - 4.0


# -- over a sound card that echoes -------------------------------------------------------------------------------------


@pytest.fixture
def echo(card: Any) -> Callable[..., None]:
    """What the speaker plays is heard by the microphone, 12 dB softer."""

    def begin(latency_ms: int = 60) -> None:
        module = ["module-loopback", "source=hf_speaker.monitor", "sink=hf_micfeed", f"latency_msec={latency_ms}"]
        card.load_module(*module, "source_dont_move=true", "sink_dont_move=true")
        (row,) = [r for r in card.pactl("list", "short", "sink-inputs").splitlines() if "module-loopback" in r]
        card.pactl("set-sink-input-volume", row.split("\t")[0], f"{ECHO_DB:g}dB")

    return begin


@pytest.mark.real_audio
def test_the_line_check_finds_the_echo_of_a_loudspeaker_and_its_delay(card: Any, noise: object, echo: Any) -> None:
    echo()
    found = measure("hf_mic", "hf_speaker")
    assert found.level_db == pytest.approx(ECHO_DB, abs=1.5)
    assert found.fitting is Echo.CANCEL
    # How long the two devices buffer differs from one opening to the next, by 0.2 s here; the sum is what is found.
    assert 0.06 <= found.delay_s <= 0.6


@pytest.mark.real_audio
def test_the_line_check_proposes_headphones_where_there_is_no_echo(card: Any, noise: object) -> None:
    found = measure("hf_mic", "hf_speaker")
    assert found.level_db is None
    assert found.fitting is Echo.HEADPHONES


@pytest.mark.real_audio
def test_a_line_check_on_a_dead_microphone_says_so_and_one_that_is_stopped_ends(card: Any) -> None:
    with pytest.raises(NoMicrophone, match="nothing at all"):
        measure("hf_mic", "hf_speaker")
    began = time.monotonic()
    assert measure("hf_mic", "hf_speaker", lambda: True).level_db is None
    assert time.monotonic() - began < 3.0


def both(blocks: list[Any]) -> tuple[Samples, Samples]:
    """As the microphone heard it, and without the echo."""
    blocks = list(blocks)
    return np.concatenate([b.samples for b in blocks]), np.concatenate([b.clean for b in blocks])


@pytest.mark.models
@pytest.mark.real_audio
def test_with_the_echo_removed_the_interviewer_is_not_heard_and_the_candidate_is(
    card: Any, noise: object, echo: Any, say: Any, listen: Any, wav: Callable[..., Path], wait_until: Any
) -> None:
    import soxr

    echo()
    delay_s = measure("hf_mic", "hf_speaker").delay_s
    ears, ended = listen(SoundCardLine("hf_mic", "hf_speaker", Echo.CANCEL, delay_s)), threading.Event()
    assert ears.line.echo is Echo.CANCEL
    ears.listening()
    ears.line.play(say(QUESTION, "joe"), ended.set)
    assert ended.wait(60.0)
    time.sleep(0.5)
    heard, clean = both(ears.blocks)
    assert starts(heard), "the raw microphone must hear the interviewer"
    assert starts(clean) == []
    later = slice(5 * RATE, len(heard) - RATE)
    assert power_db(heard[later]) - power_db(clean[later]) > 20.0
    # Now both at once.
    answer = say(ANSWER, "heart")
    fed = wav(soxr.resample(answer.samples, answer.rate, 48_000).astype(np.int16))
    ended.clear()
    before = len(ears.blocks)
    ears.line.play(say(QUESTION, "joe"), ended.set)
    time.sleep(3.0)
    interrupted = ears.line.now()
    card.feed(fed).wait(30)
    over = ears.line.now()
    assert ended.wait(60.0)
    first = ears.blocks[before].index / RATE
    begun = [first + at for at in starts(both(ears.blocks[before:])[1])]
    assert begun, "the candidate was not heard over the interviewer"
    assert all(interrupted - 0.1 <= at <= over + 0.1 for at in begun)
    assert begun[0] < interrupted + 1.0
    assert not ears.troubles


@pytest.mark.real_audio
def test_without_the_library_one_speaks_at_a_time_and_is_told(
    card: Any, noise: object, echo: Any, listen: Any, monkeypatch: pytest.MonkeyPatch, wait_until: Any
) -> None:
    monkeypatch.setattr("hireflow_voice.audio.echo.can_cancel", lambda: False)
    monkeypatch.setitem(sys.modules, "livekit", None)
    echo()
    ears, ended = listen(SoundCardLine("hf_mic", "hf_speaker", Echo.CANCEL)), threading.Event()
    assert ears.line.echo is Echo.HALF
    ears.wait_for((NoEchoCancelling, False))
    ears.listening()
    time.sleep(0.3)
    before = len(ears.blocks)
    voice = np.random.default_rng(2).choice([-9000, 9000], 2 * RATE).astype(np.int16)
    ears.line.play(Pcm(voice, RATE), ended.set)
    assert ended.wait(30.0)
    time.sleep(1.0)
    blocks = list(ears.blocks)[before:]
    assert max(np.abs(b.samples.astype(int)).max() for b in blocks) > 1000, "the take keeps what was heard"
    assert max(np.abs(b.clean.astype(int)).max() for b in blocks) < 200
    assert blocks[-1].clean.any()
    # Headphones are plugged in.
    ears.line.use("hf_mic", "hf_speaker", Echo.HEADPHONES)
    ears.wait_for((NoEchoCancelling, False), (NoEchoCancelling, True))
    assert ears.line.echo is Echo.HEADPHONES
    wait_until(lambda: ears.blocks[-1].clean is None, "the echo is still looked for")

"""The line without a sound card: same call every time, faster than life."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from hireflow_voice.audio.blocks import BLOCK, Block
from hireflow_voice.audio.line import Line, LineTrouble
from hireflow_voice.audio.simulated import SimulatedLine
from hireflow_voice.sound import RATE, Echo, Pcm


def tone(seconds: float, rate: int = RATE) -> Pcm:
    t = np.arange(round(seconds * rate)) / rate
    return Pcm((8000 * np.sin(2 * np.pi * 440 * t)).astype(np.int16), rate)


def no_trouble(trouble: LineTrouble) -> None:
    raise AssertionError(trouble)


class Call:
    """Opens a line and collects its blocks until `seconds` have passed, then holds it."""

    def __init__(self, line: SimulatedLine, seconds: float) -> None:
        self.line, self.blocks, self.full = line, list[Block](), threading.Event()
        self._count = round(seconds * RATE / BLOCK)

    def take(self, block: Block) -> None:
        self.blocks.append(block)
        if len(self.blocks) == self._count:
            self.line.hold()
            self.full.set()

    def run(self) -> np.ndarray:
        self.line.open(self.take, no_trouble)
        assert self.full.wait(60)
        return np.concatenate([block.samples for block in self.blocks])


@pytest.fixture
def make() -> Iterator[Callable[..., SimulatedLine]]:
    lines: list[SimulatedLine] = []

    def build(*args: object, **names: object) -> SimulatedLine:
        lines.append(SimulatedLine(*args, **names))  # type: ignore[arg-type]
        return lines[-1]

    yield build
    for line in lines:
        line.close()


def test_a_simulated_line_is_a_line() -> None:
    line: Line = SimulatedLine()
    line.close()


def test_silence_is_faint_noise_and_never_exact_zeros(make: Callable[..., SimulatedLine]) -> None:
    heard = Call(make(), 2.0).run()
    assert 2.5 < heard.std() < 3.5
    assert all(block.any() for block in heard.reshape(-1, BLOCK))


def test_what_the_candidate_says_is_heard_at_the_announced_moment(make: Callable[..., SimulatedLine]) -> None:
    line = make()
    first = line.say(tone(0.5), delay_s=0.33)
    second = line.say(tone(0.25, 48_000), delay_s=0.2)
    assert (first, second) == (0.33, pytest.approx(0.33 + 0.5 + 0.2))
    heard = Call(line, 2.0).run().astype(float)
    expected = np.zeros(len(heard))
    expected[round(first * RATE) :][: RATE // 2] = tone(0.5).samples
    expected[round(second * RATE) :][: RATE // 4] = tone(0.25).samples
    assert np.abs(heard - expected).max() < 400  # a resampled tone rings where it is cut off


def test_blocks_follow_each_other_without_a_hole(make: Callable[..., SimulatedLine]) -> None:
    call = Call(make(), 3.0)
    call.run()
    assert [block.index for block in call.blocks] == [i * BLOCK for i in range(150)]
    assert call.line.now() == 3.0


def test_an_answer_is_asked_for_only_when_nothing_is_queued(make: Callable[..., SimulatedLine]) -> None:
    said = iter([tone(0.2), None, tone(0.2)])
    heard = Call(make(lambda: next(said, None)), 1.0).run().reshape(-1, BLOCK)
    loud = [bool(block.std() > 100) for block in heard]
    assert loud == [True] * 10 + [False] + [True] * 10 + [False] * 29


def test_a_sound_takes_its_length_of_virtual_time(make: Callable[..., SimulatedLine]) -> None:
    line, ended = make(), queue.Queue[float]()
    line.hold()
    line.open(lambda block: None, no_trouble)
    line.play(tone(61.0), lambda: ended.put(line.now()))
    line.release()
    assert ended.get(timeout=30) == 61.0


def test_a_stopped_sound_ends_once_even_while_the_line_is_held(make: Callable[..., SimulatedLine]) -> None:
    line, ended = make(), queue.Queue[str]()
    line.hold()
    line.open(lambda block: None, no_trouble)
    line.play(tone(1.0), lambda: ended.put("first"))
    line.play(tone(1.0), lambda: ended.put("second"))
    assert ended.get(timeout=5) == "first"
    line.stop_playing()
    line.stop_playing()
    assert ended.get(timeout=5) == "second"
    assert line.now() == 0.0
    line.play(tone(1.0), lambda: ended.put("third"))
    line.close()
    assert ended.get_nowait() == "third"
    line.play(tone(1.0), lambda: ended.put("after the end"))
    assert ended.get_nowait() == "after the end"
    assert ended.empty()


def test_a_hold_inside_a_callback_lets_no_block_through(make: Callable[..., SimulatedLine]) -> None:
    """The receiver hands every tenth block to another thread, as a call does, and time waits for that thread."""
    line, handed = make(), queue.Queue[Block | None]()
    seen: list[int] = []
    held = threading.Event()
    done = threading.Event()

    def on_block(block: Block) -> None:
        assert not held.is_set(), "a block came while the line was held"
        if block.index % (10 * BLOCK) == 0:
            line.hold()
            held.set()
            handed.put(block)

    def work() -> None:
        while (block := handed.get()) is not None:
            time.sleep(0.001)
            assert line.now() == (block.index + BLOCK) / RATE
            seen.append(block.index)
            held.clear()
            if len(seen) == 100:
                done.set()
            line.release()

    worker = threading.Thread(target=work)
    worker.start()
    line.open(on_block, no_trouble)
    assert done.wait(30)
    line.close()
    handed.put(None)
    worker.join()
    assert seen[:100] == [i * 10 * BLOCK for i in range(100)]


def test_holds_nest(make: Callable[..., SimulatedLine]) -> None:
    line = make()
    line.hold()
    line.hold()
    line.open(lambda block: None, no_trouble)
    line.release()
    time.sleep(0.02)
    assert line.now() == 0.0
    line.release()
    deadline = time.monotonic() + 10
    while line.now() == 0.0 and time.monotonic() < deadline:
        time.sleep(0.001)
    assert line.now() > 0.0
    with pytest.raises(RuntimeError, match="without hold"):
        line.release()


def test_two_calls_hear_exactly_the_same(make: Callable[..., SimulatedLine]) -> None:
    def heard() -> bytes:
        line = make(seed=7)
        line.say(tone(3.0), 0.5)
        return bytes(Call(line, 30.0).run().tobytes())

    assert heard() == heard()


def test_a_muted_line_delivers_zeros(make: Callable[..., SimulatedLine]) -> None:
    line = make()
    line.say(tone(1.0))
    line.mute(True)
    assert not Call(line, 0.5).run().any()


def test_pace_one_is_real_time(make: Callable[..., SimulatedLine]) -> None:
    started = time.monotonic()
    Call(make(pace=1.0), 0.5).run()
    assert time.monotonic() - started >= 0.35


# -- over the interviewer ----------------------------------------------------------------------------------------------


def held(line: SimulatedLine, seconds: float) -> list[Block]:
    call = Call(line, seconds)
    call.run()
    return call.blocks


def test_the_candidate_can_speak_over_the_interviewer(make: Callable[..., SimulatedLine]) -> None:
    line, ended = make(), queue.Queue[float]()
    line.hold()
    line.play(tone(2.0), lambda: ended.put(line.now()))
    assert line.say(tone(0.5), delay_s=1.0) == 1.0
    line.release()
    loud = [block.index for block in held(line, 3.0) if block.samples.std() > 100]
    assert loud == list(range(RATE, RATE + RATE // 2, BLOCK))
    assert ended.get(timeout=5) == 2.0


def test_what_was_played_stopped_and_ducked_is_written_down(make: Callable[..., SimulatedLine]) -> None:
    line, first, second = make(), tone(2.0), tone(0.2)
    moments: dict[int, Callable[[], None]] = {
        50: lambda: line.duck(True),
        60: lambda: line.duck(False),
        61: lambda: line.duck(False),
        70: lambda: line.duck(True),
        75: line.stop_playing,
        80: lambda: line.play(second, lambda: None),
        85: lambda: line.use("headset", "", Echo.HALF),
    }
    full = threading.Event()

    def on_block(block: Block) -> None:
        number = block.index // BLOCK + 1  # blocks that have passed
        moments.get(number, lambda: None)()
        if number == 150:
            line.hold()
            full.set()

    line.play(first, lambda: None)
    line.open(on_block, no_trouble)
    assert full.wait(30)
    cut, whole = line.played
    assert (cut.pcm, cut.at_s, cut.heard_s, cut.stopped) == (first, 0.0, 1.5, True)
    assert cut.ducks == [(1.0, True), (1.2, False), (1.4, True)]
    assert (whole.pcm, whole.at_s, whole.heard_s, whole.stopped) == (second, 1.6, 0.2, False)
    assert not whole.ducks, "a stop takes the softness back"
    assert line.devices == [("headset", "")]
    assert line.echo is Echo.HALF


def test_another_device_costs_a_marked_gap_and_no_time(make: Callable[..., SimulatedLine]) -> None:
    line = make()
    line.say(tone(1.0))
    line.use("headset", "")
    blocks = held(line, 1.0)
    assert [block.index for block in blocks] == [i * BLOCK for i in range(50)]
    assert [block.lost for block in blocks] == [True] * 10 + [False] * 40
    assert not any(block.samples.any() for block in blocks[:10])
    assert blocks[10].samples.std() > 100


@pytest.mark.parametrize("echo", [Echo.CANCEL, Echo.HALF])
def test_with_speakers_the_microphone_hears_the_interviewer_and_clean_does_not(
    make: Callable[..., SimulatedLine], echo: Echo
) -> None:
    line = make(echo=echo)
    assert line.echo is echo
    line.play(tone(1.0), lambda: None)
    line.say(tone(0.2), delay_s=0.6)  # over the interviewer
    line.say(tone(0.2), delay_s=0.6)  # alone
    blocks = held(line, 2.0)
    raw = [float(block.samples.std()) for block in blocks]
    clean = [float(block.clean.std()) for block in blocks if block.clean is not None]
    assert len(clean) == len(raw)
    assert all(level == pytest.approx(5657 / 4, rel=0.05) for level in raw[5:30]), "12 dB softer than it was played"
    assert max(clean[:30]) < 10
    over = min(clean[30:40])
    assert (over > 5000) is (echo is Echo.CANCEL)
    assert min(clean[70:80]) > 5000


def test_with_headphones_nothing_is_heard_of_the_interviewer(make: Callable[..., SimulatedLine]) -> None:
    line = make()
    assert line.echo is Echo.HEADPHONES
    line.play(tone(1.0), lambda: None)
    blocks = held(line, 1.0)
    assert max(block.samples.std() for block in blocks) < 10
    assert all(block.clean is None for block in blocks)


def test_a_ducked_or_stopped_interviewer_echoes_less(make: Callable[..., SimulatedLine]) -> None:
    line = make(echo=Echo.CANCEL)
    line.play(tone(2.0), lambda: None)
    line.duck(True)
    full = threading.Event()
    heard: list[float] = []

    def on_block(block: Block) -> None:
        heard.append(float(block.samples.std()))
        if len(heard) == 50:
            line.stop_playing()
        if len(heard) == 100:
            line.hold()
            full.set()

    line.open(on_block, no_trouble)
    assert full.wait(30)
    assert heard[25] == pytest.approx(5657 / 16, rel=0.05)
    assert max(heard[56:]) < 10

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
from hireflow_voice.sound import RATE, Pcm


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

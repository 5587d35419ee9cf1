"""Samples are never lost, doubled or out of order on their way from the callback to a block."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hireflow_voice.audio.blocks import BLOCK, Block, Intake
from hireflow_voice.audio.resample import StreamResampler, resampled
from hireflow_voice.audio.ring import Ring
from hireflow_voice.sound import RATE, Pcm


@settings(deadline=None)
@given(capacity=st.integers(1, 50), steps=st.lists(st.one_of(st.none(), st.integers(0, 70)), max_size=60))
def test_a_ring_gives_back_what_fitted_and_counts_the_rest(capacity: int, steps: list[int | None]) -> None:
    """Against the obvious model: a list that is cut at the capacity. None reads, a number writes so many samples."""
    ring, model, dropped, count = Ring(capacity), list[int](), 0, 0
    for step in steps:
        if step is None:
            assert ring.read().tolist() == model
            model.clear()
        else:
            written = [(count + i) % 30_000 for i in range(step)]
            count += step
            ring.write(np.array(written, np.int16).tobytes())
            fits = written[: capacity - len(model)]
            dropped += len(written) - len(fits)
            model += fits
        assert len(ring) == len(model)
        assert ring.overflow == dropped
    assert ring.read().tolist() == model


def test_a_ring_between_two_threads_keeps_the_order() -> None:
    ring, total = Ring(5000), 200_000
    parts: list[np.ndarray] = []

    def write() -> None:
        sent = 0
        while sent < total:
            count = min(97, total - sent)
            if len(ring) + count <= 5000:
                ring.write(((sent + np.arange(count)) % 30_000).astype(np.int16).tobytes())
                sent += count

    writer = threading.Thread(target=write)
    writer.start()
    while writer.is_alive() or len(ring):
        parts.append(ring.read())
    writer.join()
    assert np.array_equal(np.concatenate(parts), (np.arange(total) % 30_000).astype(np.int16))
    assert ring.overflow == 0


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("hear"), st.integers(0, 3000)),
        st.tuples(st.just("fill"), st.integers(-1000, 2000)),
        st.tuples(st.just("lose"), st.sampled_from([16_000, 44_100, 48_000])),
        st.tuples(st.just("take"), st.just(0)),
    ),
    max_size=40,
)


@given(steps=STEPS, rate=st.sampled_from([16_000, 48_000]))
@settings(max_examples=60, deadline=None)
def test_whatever_a_microphone_does_the_index_of_a_block_is_its_time(steps: list[tuple[str, int]], rate: int) -> None:
    """Everything heard is 7, everything put in is 0: nothing is lost, and the marks say which is which."""
    intake, blocks, filled, heard = Intake(), list[Block](), 0, 0.0
    intake.start(rate)
    for what, value in steps:
        before = intake.index
        if what == "hear":
            intake.hear(np.full(value, 7, np.int16))
            heard += value / rate
        elif what == "fill":
            intake.fill(before + value)
            assert intake.index == before + max(0, value)
            filled += max(0, value)
        elif what == "lose":
            intake.stop()
            intake.start(value)
            rate = value
        blocks += intake.blocks(muted=False)
    intake.stop()
    assert intake.index == pytest.approx(heard * RATE + filled, abs=1 + len(steps))
    blocks += intake.blocks(muted=False)
    assert [block.index for block in blocks] == [i * BLOCK for i in range(len(blocks))]
    assert all(len(block.samples) == BLOCK for block in blocks)
    assert intake.index - intake.delivered < BLOCK
    if not filled:
        assert not any(block.lost for block in blocks)
    for block in blocks:
        if not block.samples.any():
            assert block.lost


def test_a_muted_intake_keeps_time_and_says_nothing() -> None:
    intake = Intake()
    intake.start(RATE)
    intake.hear(np.full(1000, 7, np.int16))
    blocks = list(intake.blocks(muted=True))
    assert [block.index for block in blocks] == [0, 320, 640]
    assert not any(block.samples.any() or block.lost for block in blocks)


@pytest.mark.parametrize("rate", [16_000, 44_100, 48_000])
def test_resampling_piece_by_piece_leaves_no_seam(rate: int) -> None:
    sound = np.rint(9000 * np.sin(2 * np.pi * 440 * np.arange(3 * rate) / rate)).astype(np.int16)
    stream = StreamResampler(rate, RATE)
    pieces = [stream(sound[at : at + rate // 50]) for at in range(0, len(sound), rate // 50)]
    whole = np.concatenate([*pieces, stream.flush()])
    expected = 9000 * np.sin(2 * np.pi * 440 * np.arange(3 * RATE) / RATE)
    assert len(whole) == 3 * RATE
    assert np.abs(whole - expected)[400:-400].max() < 20
    assert np.abs(resampled(Pcm(sound, rate), RATE).astype(float) - whole)[400:-400].max() < 20


def test_a_sound_at_the_right_rate_is_not_touched() -> None:
    sound = np.arange(1000, dtype=np.int16)
    assert resampled(Pcm(sound, RATE), RATE) is sound

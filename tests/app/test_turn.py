"""Recognition of one turn: nothing that was said may be dropped because work on it began early."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

import numpy as np

from hireflow_voice.app.turn import Turn
from hireflow_voice.speech.chunks import Chunk
from hireflow_voice.speech.heard import HeardChunk


def chunk(key: tuple[int, int]) -> Chunk:
    return Chunk(np.zeros(10, np.int16), 0.0, True, key)


def turn(asked: list[Future[HeardChunk]]) -> Turn:
    def recognise(_chunk: Chunk) -> Future[HeardChunk]:
        asked.append(Future())
        return asked[-1]

    nothing: Any = None
    return Turn(nothing, nothing, nothing, recognise, 0.0)


def test_a_closed_chunk_is_not_cancelled_by_the_next_pause() -> None:
    asked: list[Future[HeardChunk]] = []
    one = turn(asked)
    one.peek(chunk((0, 5)))
    first = one.chunk(chunk((0, 5)))
    assert asked == [first], "the early decode serves"
    one.peek(chunk((6, 9)))
    assert not first.cancelled()


def test_an_early_decode_that_speech_overtook_is_cancelled() -> None:
    asked: list[Future[HeardChunk]] = []
    one = turn(asked)
    one.peek(chunk((0, 5)))
    one.peek(chunk((0, 8)))
    assert asked[0].cancelled()
    assert one.chunk(chunk((0, 8))) is asked[1]


def test_what_is_said_so_far_is_everything_or_nothing() -> None:
    asked: list[Future[HeardChunk]] = []
    one = turn(asked)
    one.chunk(chunk((0, 5)))
    one.peek(chunk((6, 9)))
    asked[1].set_result(HeardChunk("and more", (), "x"))
    assert one.so_far() is None
    asked[0].set_result(HeardChunk("first", (), "x"))
    assert [heard.text for heard in one.so_far() or []] == ["first", "and more"]
    one.go_on()
    assert [heard.text for heard in one.so_far() or []] == ["first"], "speech goes on: the rest is not known any more"
    assert one.peek_again() is asked[1]
    assert [heard.text for heard in one.so_far() or []] == ["first", "and more"], "it was only a click"


def test_an_early_decode_that_failed_is_tried_again() -> None:
    asked: list[Future[HeardChunk]] = []
    one = turn(asked)
    one.peek(chunk((0, 5)))
    asked[0].set_exception(RuntimeError("x"))
    assert one.chunk(chunk((0, 5))) is asked[1]

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hireflow_voice.sound import RATE, Samples
from hireflow_voice.speech.chunks import LONGEST_S, MARGIN_S, Chunk, Chunker

Span = tuple[float, float]


def numbered(seconds: float) -> Samples:
    """Sound whose every sample tells where it is (as far as 16 bits can)."""
    return (np.arange(round(seconds * RATE)) % 30_000 + 1).astype(np.int16)


def stream(sound: Samples, spans: list[Span], step: float = 0.1) -> tuple[list[Chunk], list[Chunk]]:
    """Feed in steps, each with what a detector knows by then -> (all chunks, those that came before the end)."""
    chunker = Chunker()
    early: list[Chunk] = []
    size = round(step * RATE)
    for at in range(0, len(sound), size):
        piece = sound[at : at + size]
        now = (at + len(piece)) / RATE
        early += chunker.feed(piece, [(a, min(b, now)) for a, b in spans if a < now])
    return early + chunker.finish(), early


def speech(*lengths: float, start: float = 0.5) -> tuple[list[Span], float]:
    """Spans from alternating lengths of sound and silence -> (spans, total seconds)."""
    spans, at = [], start
    for number, length in enumerate(lengths):
        if number % 2 == 0:
            spans.append((at, at + length))
        at += length
    return spans, at


def test_a_chunk_closes_at_the_first_long_pause_once_it_is_long_enough() -> None:
    spans, total = speech(3.0, 0.8, 3.0, 0.7, 4.0, 0.4, 1.0, 0.7, 2.0, 1.0)
    chunks, early = stream(numbered(total), spans)
    assert [c.key for c in chunks] == [
        (round(0.5 * RATE), round(spans[3][1] * RATE)),
        (round(spans[4][0] * RATE), round(spans[4][1] * RATE)),
    ]
    assert len(early) == 1
    assert early[0].start_s == 0.5 - MARGIN_S
    assert abs(early[0].seconds - (spans[3][1] - 0.5 + 2 * MARGIN_S)) < 0.01


@pytest.mark.parametrize(("seconds", "pause"), [(7.0, 4.0), (9.0, 0.6), (13.0, 0.3), (17.0, 0.2)])
def test_a_chunk_is_given_when_its_pause_is_long_enough_for_it_and_not_later(seconds: float, pause: float) -> None:
    spans, total = speech(seconds, 5.0)
    chunker = Chunker()
    sound = numbered(total)
    for at in range(0, len(sound), 160):
        if chunker.feed(sound[at : at + 160], spans if at / RATE > spans[0][1] else [(0.5, max(0.51, at / RATE))]):
            assert abs((at + 160) / RATE - (spans[0][1] + pause)) < 0.011
            break
    else:
        raise AssertionError("never closed")


def test_a_long_silence_closes_even_a_short_chunk() -> None:
    spans, total = speech(1.0, 6.0, 1.0, 1.0)
    chunks, early = stream(numbered(total), spans)
    assert len(chunks) == 2
    assert len(early) == 1
    assert all(c.seconds < 1.7 for c in chunks)


def test_a_speaker_without_long_pauses_is_cut_at_the_longest_one_beyond_forty_percent() -> None:
    spans, total = speech(8.0, 0.5, 2.8, 0.4, 1.5, 0.25, 20.0, 1.0)
    chunks, _ = stream(numbered(total), spans)
    # 0.5 s lies before 40 %; of 0.4 and 0.25 s the longer one is taken.
    assert chunks[0].key[1] == round(spans[1][1] * RATE)
    assert chunks[1].key[0] == round(spans[2][0] * RATE)
    # Each side gets half of the pause, so that neither hears the other's words.
    assert abs(chunks[0].start_s + chunks[0].seconds - (spans[1][1] + 0.2)) < 0.01
    assert abs(chunks[1].start_s - (spans[2][0] - 0.2)) < 0.01


def test_speech_without_any_pause_is_cut_at_its_quietest_place() -> None:
    sound = np.random.default_rng(0).normal(0, 8000, 40 * RATE).clip(-32000, 32000).astype(np.int16)
    quiet = 20 * RATE
    sound[quiet : quiet + 3200] //= 50
    chunks, _ = stream(sound, [(0.0, 40.0)])
    cut = chunks[0].key[1]
    assert quiet <= cut <= quiet + 3200
    assert chunks[1].key[0] == cut
    assert len(chunks[0].samples) + len(chunks[1].samples) == len(sound)


def test_nothing_heard_is_nothing_to_recognise() -> None:
    chunks, _ = stream(numbered(120), [])
    assert chunks == []


def test_the_voice_detectors_word_is_asked_for_the_chunks_own_sound() -> None:
    asked: list[Span] = []

    def voiced(start_s: float, end_s: float) -> bool:
        asked.append((start_s, end_s))
        return start_s > 5

    spans, total = speech(1.0, 5.0, 1.0, 1.0)
    chunker = Chunker(voiced)
    chunks = chunker.feed(numbered(total), spans) + chunker.finish()
    assert [c.voiced for c in chunks] == [False, True]
    assert asked == spans


def test_the_open_chunk_can_be_had_early_and_its_key_tells_whether_it_still_holds() -> None:
    spans, total = speech(2.0, 0.4, 2.0, 3.0)
    sound = numbered(total)
    chunker = Chunker()
    peeked: list[tuple[float, Chunk]] = []
    for at in range(0, len(sound), 320):
        now = min(len(sound), at + 320) / RATE
        assert chunker.feed(sound[at : at + 320], [(a, min(b, now)) for a, b in spans if a < now]) == []
        if (chunk := chunker.peek()) is not None:
            peeked.append((now, chunk))
    [final] = chunker.finish()
    assert [round(now, 1) for now, _ in peeked] == [round(spans[0][1] + 0.2, 1), round(spans[1][1] + 0.2, 1)]
    assert peeked[0][1].key != final.key
    assert peeked[1][1].key == final.key
    assert peeked[1][1].start_s == final.start_s


def test_more_can_follow_after_the_end_of_a_turn() -> None:
    chunker = Chunker()
    sound = numbered(7)
    chunker.feed(sound[: 4 * RATE], [(1.0, 2.0)])
    [first] = chunker.finish()
    chunker.feed(sound[4 * RATE :], [(1.0, 2.0), (5.0, 6.0)])
    [second] = chunker.finish()
    assert (first.key, second.key) == ((RATE, 2 * RATE), (5 * RATE, 6 * RATE))
    assert chunker.finish() == []


def test_a_turn_that_ends_inside_a_word_goes_on_with_the_rest_of_it() -> None:
    chunker = Chunker()
    sound = numbered(5)
    chunker.feed(sound[: 2 * RATE], [(1.0, 2.0)])
    [first] = chunker.finish()
    chunker.feed(sound[2 * RATE :], [(1.0, 3.0)])
    [second] = chunker.finish()
    assert first.key[1] == second.key[0] == 2 * RATE
    assert second.key[1] == 3 * RATE


def test_an_hour_of_silence_is_not_kept_in_memory() -> None:
    chunker = Chunker()
    minute = np.zeros(60 * RATE, np.int16)
    for _ in range(10):
        chunker.feed(minute, [])
    chunker.feed(numbered(3), [(600.5, 602.0)])
    [chunk] = chunker.finish()
    assert chunk.start_s == 600.5 - MARGIN_S
    assert len(chunker._sound) < 100 * RATE


lengths = st.lists(
    st.tuples(st.floats(0.12, 40.0), st.floats(0.17, 6.0)).map(lambda p: (round(p[0], 2), round(p[1], 2))),
    min_size=1,
    max_size=10,
)


@settings(max_examples=60, deadline=None)
@given(lengths, st.floats(0.0, 3.0).map(lambda s: round(s, 2)), st.sampled_from([0.02, 0.5, 400.0]))
def test_every_active_sample_is_in_exactly_one_chunk(pairs: list[Span], start: float, step: float) -> None:
    spans, total = speech(*(x for pair in pairs for x in pair), start=start)
    sound = numbered(total)
    chunks, _ = stream(sound, spans, step)
    times = np.zeros(len(sound), int)
    for chunk in chunks:
        at = round(chunk.start_s * RATE)
        assert (chunk.samples == sound[at : at + len(chunk.samples)]).all()
        assert at <= chunk.key[0] < chunk.key[1] <= at + len(chunk.samples)
        times[chunk.key[0] : chunk.key[1]] += 1
        assert chunk.seconds <= LONGEST_S + 2 * MARGIN_S + 0.01
    for a, b in spans:
        assert (times[round(a * RATE) : round(b * RATE)] == 1).all()
    assert [c.start_s for c in chunks] == sorted(c.start_s for c in chunks)


@settings(max_examples=30, deadline=None)
@given(lengths)
def test_a_recording_is_cut_as_the_live_call_was(pairs: list[Span]) -> None:
    spans, total = speech(*(x for pair in pairs for x in pair))
    sound = numbered(total)
    live, _ = stream(sound, spans, 0.02)
    whole, _ = stream(sound, spans, 1000.0)
    assert [c.key for c in live] == [c.key for c in whole]

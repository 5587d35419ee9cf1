"""Cuts a take into chunks that can be recognised while the candidate still speaks.

A chunk is closed at the first pause that is long enough, so that hardly any word is cut and the text of a long answer
is nearly all there when the answer ends. Only the cut points come from the detectors: every active sample is in exactly
one chunk.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from hireflow_voice.sound import RATE, Samples

CLOSE_S = ((16.0, 0.2), (12.0, 0.3), (8.0, 0.6), (0.0, 4.0))
"""(seconds from the first to the last sound, pause that closes a chunk so long), longest first. Shorter chunks cost
accuracy and time; of longer ones too much is left to do after the last word. A pause of 4 s closes any chunk: Whisper
invents words in long silences."""
LONGEST_S = 27.0
"""Longest chunk; Whisper hears 30 s at once and there are two margins."""
FORCED_FROM = 0.4
"""A chunk that gets too long is cut beyond this part of its longest length."""
MARGIN_S = 0.3
"""Silence kept on both sides."""
EARLY_S = 0.2
"""Silence after which the open chunk is worth an early decode."""
KEEP_S = 2.0
"""Sound kept while nothing is heard: an onset is noticed a little after it began."""
FRAME = 320
"""Samples of a frame when the quietest place is looked for (20 ms)."""


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """A piece of a take, ready for the recogniser."""

    samples: Samples
    """16 kHz, at most 27.6 s."""
    start_s: float
    """Where `samples` begins in the take."""
    voiced: bool
    """Whether the voice detector heard speech in it."""
    key: tuple[int, int]
    """First and last active sample. An early chunk (`Chunker.peek`) and the closed one with the same key say the same,
    so the early text stands; if the keys differ, speech went on and the early text is thrown away."""

    @property
    def seconds(self) -> float:
        """Length with its margins."""
        return len(self.samples) / RATE


def _anything(_start_s: float, _end_s: float) -> bool:
    return True


class Chunker:
    """One take, fed as it is recorded. No thread and no clock; not for two threads at once.

    `voiced(start_s, end_s)` says whether the voice detector heard speech there. Times and indices count from the first
    sample fed.
    """

    def __init__(self, voiced: Callable[[float, float], bool] = _anything) -> None:
        self._voiced = voiced
        self._sound: Samples = np.zeros(0, np.int16)
        self._blocks: list[Samples] = []
        self._begin = 0
        """Index of the first sample that is kept."""
        self._now = 0
        """Index after the last sample fed."""
        self._cut = 0
        """Everything active before this index is in a closed chunk."""
        self._skip = 0
        """Spans that are wholly in closed chunks."""
        self._peeked = (-1, -1)
        self._spans: list[tuple[int, int]] = []
        """Active spans from `_cut` on; the first one begins the open chunk."""

    def feed(self, samples: Samples, active: Sequence[tuple[float, float]]) -> list[Chunk]:
        """The chunks that can be closed now, in order.

        `samples` follow what was fed before; `active` are all spans (start_s, end_s) of the take known so far: in
        order, apart from each other, earlier ones unchanged, the last one possibly longer than before.
        """
        self._blocks.append(samples)
        self._now += len(samples)
        self._learn(active)
        closed = []
        while (chunk := self._close()) is not None:
            closed.append(chunk)
        self._forget()
        return closed

    def peek(self, after_s: float = EARLY_S) -> Chunk | None:
        """The open chunk as it stands, once there were `after_s` of silence; it stays open.

        None if it is empty, if speech goes on, or if it was given before: cheap enough to ask after every block.
        """
        if not self._spans or self._now - self._spans[-1][1] < after_s * RATE:
            return None
        key = self._spans[0][0], self._spans[-1][1]
        if key == self._peeked:
            return None
        self._peeked = key
        return self._make(key[1], self._now)

    def finish(self) -> list[Chunk]:
        """What is left, when the turn is over. More may be fed afterwards: it begins a new chunk."""
        if not self._spans:
            return []
        end = self._spans[-1][1]
        chunk = self._make(end, self._now)
        self._drop(end)
        self._forget()
        return [chunk]

    def _learn(self, active: Sequence[tuple[float, float]]) -> None:
        spans = []
        for start_s, end_s in active[self._skip :]:
            start, end = max(round(start_s * RATE), self._cut), min(round(end_s * RATE), self._now)
            if end > start:
                spans.append((start, end))
            elif not spans and round(end_s * RATE) <= self._cut and self._skip < len(active) - 1:
                self._skip += 1  # the last span is never skipped: it may grow
        self._spans = spans

    def _close(self) -> Chunk | None:
        """The first chunk of the open spans if it can be closed, which takes its spans away."""
        if not self._spans:
            return None
        first = self._spans[0][0]
        limit = first + round(LONGEST_S * RATE)
        for number, (_, end) in enumerate(self._spans):
            if end > limit:
                return self._force(number, limit)
            following = self._spans[number + 1][0] if number + 1 < len(self._spans) else self._now
            enough = next(pause for seconds, pause in CLOSE_S if end - first >= seconds * RATE)
            if following - end >= enough * RATE:
                chunk = self._make(end, following)
                self._drop(end)
                return chunk
        return None

    def _force(self, number: int, limit: int) -> Chunk:
        """Cut before `limit`, in or before span `number`: at the longest pause, else at the quietest place."""
        first = self._spans[0][0]
        earliest = first + FORCED_FROM * LONGEST_S * RATE
        gaps = [
            (after[0] - before[1], before[1], after[0])
            for before, after in zip(self._spans[:number], self._spans[1 : number + 1], strict=True)
            if before[1] >= earliest
        ]
        if gaps:
            _, end, following = max(gaps)
        else:
            end = following = self._quietest(round(earliest), limit)
        chunk = self._make(end, following)
        self._drop(end)
        return chunk

    def _quietest(self, start: int, end: int) -> int:
        """Middle of the quietest 100 ms between two indices, late ones first among equals."""
        sound = self._read(start, end).astype(np.float64)
        frames = np.square(sound[: len(sound) // FRAME * FRAME]).reshape(-1, FRAME).sum(axis=1)
        smooth = np.convolve(frames, np.ones(5), mode="valid")
        at = len(smooth) - 1 - int(np.argmin(smooth[::-1]))
        return start + at * FRAME + 5 * FRAME // 2

    def _make(self, end: int, following: int) -> Chunk:
        """The chunk from the first open span to `end`; the next sound begins at `following`."""
        first = self._spans[0][0]
        margin = round(MARGIN_S * RATE)
        # Half of a short pause each, so that no chunk hears its neighbour's words.
        start = max(0, first - margin, first - (first - self._cut) // 2 if self._cut else 0)
        stop = min(self._now, end + min(margin, (following - end) // 2 if following < self._now else margin))
        return Chunk(self._read(start, stop), start / RATE, self._voiced(first / RATE, end / RATE), (first, end))

    def _drop(self, end: int) -> None:
        self._cut = end
        self._spans = [(max(a, end), b) for a, b in self._spans if b > end]

    def _read(self, start: int, end: int) -> Samples:
        if self._blocks:
            self._sound = np.concatenate((self._sound, *self._blocks))
            self._blocks = []
        return self._sound[start - self._begin : end - self._begin].copy()

    def _forget(self) -> None:
        """Let go of sound that no chunk can need any more, now and then."""
        keep = (self._spans[0][0] if self._spans else self._now) - round(KEEP_S * RATE)
        if keep - self._begin > 30 * RATE:
            self._read(0, 0)
            self._sound = self._sound[keep - self._begin :].copy()
            self._begin = keep

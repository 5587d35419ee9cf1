"""A line without a sound card, in virtual time: for calls without a window and for tests."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from hireflow_voice.audio.blocks import BLOCK, Block
from hireflow_voice.audio.line import OnBlock, OnEnd, OnTrouble
from hireflow_voice.audio.resample import resampled
from hireflow_voice.sound import RATE, Pcm, Samples

NOISE_LSB = 3.0
"""Standard deviation of the noise a quiet microphone delivers, in 16-bit steps: exact zeros would mean a dead one."""


@dataclass(slots=True)
class _Speech:
    start: int
    """Sample index of the line at which it begins."""
    samples: Samples

    @property
    def end(self) -> int:
        return self.start + len(self.samples)


class SimulatedLine:
    """A `Line` whose time passes block by block, as fast as the receiver takes them.

    One thread delivers block after block; the next one is made only when the callback has returned and nobody holds
    the line. So a receiver that calls `hold()` inside a callback, hands the event to another thread and lets that one
    `release()`, sees the same call every time, whatever the machine does meanwhile.

    `answer` is asked, on the line's thread, before each block for which nothing is queued: a sound becomes the next
    thing the candidate says, None stays silent. `pace` None runs as fast as possible, 1.0 in real time.
    """

    def __init__(
        self, answer: Callable[[], Pcm | None] | None = None, *, pace: float | None = None, seed: int = 0
    ) -> None:
        self._answer = answer
        self._step_s = BLOCK / RATE / pace if pace else 0.0
        self._due = 0.0
        """Monotonic time of the next block; the line's thread only."""
        self._noise = np.random.default_rng(seed)
        self._changed = threading.Condition()
        # Everything below is guarded by the condition's lock.
        self._index = 0
        self._speech: deque[_Speech] = deque()
        self._playing: tuple[int, OnEnd] | None = None
        self._ended: deque[OnEnd] = deque()
        self._holds = 0
        self._muted = False
        self._closed = False
        self._thread: threading.Thread | None = None

    def open(self, on_block: OnBlock, on_trouble: OnTrouble) -> None:  # noqa: ARG002 - nothing can fail here
        """Start time. Raises RuntimeError when it is already open or closed."""
        with self._changed:
            if self._thread is not None or self._closed:
                raise RuntimeError("a line is opened once")
            self._thread = threading.Thread(target=self._run, args=(on_block,), name="simulated line", daemon=True)
            self._thread.start()

    def now(self) -> float:
        """Virtual seconds delivered so far."""
        return self._index / RATE

    def say(self, pcm: Pcm, delay_s: float = 0.0) -> float:
        """The candidate speaks `delay_s` after the end of what is queued, or from now. Line time at which it begins."""
        samples = resampled(pcm, RATE)
        with self._changed:
            after = max(self._index, self._speech[-1].end if self._speech else 0)
            speech = _Speech(after + round(delay_s * RATE), samples)
            self._speech.append(speech)
            return speech.start / RATE

    def play(self, pcm: Pcm, on_end: OnEnd) -> None:
        """Let the sound's length of virtual time pass, then `on_end`. On a closed line `on_end` comes at once."""
        with self._changed:
            if not self._closed:
                self._stop()
                self._playing = (self._index + round(pcm.seconds * RATE), on_end)
                self._changed.notify_all()
                return
        on_end()

    def stop_playing(self) -> None:
        """End the sound now. `on_end` comes even while the line is held: it needs no time to pass."""
        with self._changed:
            self._stop()
            self._changed.notify_all()

    def mute(self, muted: bool) -> None:
        """Zeros instead of sound from the next block on."""
        with self._changed:
            self._muted = muted

    def hold(self) -> None:
        """Stop virtual time. Inside a callback: before the next block. Elsewhere: a block under way still arrives."""
        with self._changed:
            self._holds += 1

    def release(self) -> None:
        """Take back one hold. Raises RuntimeError when there is none."""
        with self._changed:
            if not self._holds:
                raise RuntimeError("release() without hold()")
            self._holds -= 1
            self._changed.notify_all()

    def close(self) -> None:
        """End time, held or not. A sound that is playing gets its `on_end` first."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def _stop(self) -> None:
        if self._playing is not None:
            self._ended.append(self._playing[1])
            self._playing = None

    def _run(self, on_block: OnBlock) -> None:
        try:
            while (step := self._next_step()) is not None:
                if isinstance(step, Block):
                    on_block(step)
                else:
                    step()
        finally:
            # Also when a callback raised: the line is dead then, and nobody must wait for a sound to end.
            with self._changed:
                self._closed = True
                self._stop()
                ended = list(self._ended)
                self._ended.clear()
            for on_end in ended:
                on_end()

    def _next_step(self) -> Block | OnEnd | None:
        """What to deliver next, waiting until time may pass; None when closed. Called on the line's thread."""
        with self._changed:
            while not self._closed:
                if self._ended:
                    return self._ended.popleft()
                wait = self._due - time.monotonic() if self._step_s else 0.0
                if self._holds:
                    self._changed.wait()
                elif self._playing is not None and self._playing[0] <= self._index:
                    self._stop()
                elif wait > 0.0:
                    self._changed.wait(wait)
                else:
                    break
            if self._closed:
                return None
            asks = self._answer if not self._speech else None
        # Outside the lock: it is the caller's code and may call the line.
        said = asks() if asks is not None else None
        if said is not None:
            self.say(said)
        with self._changed:
            return self._next_block()

    def _next_block(self) -> Block:
        index = self._index
        self._index += BLOCK
        if self._step_s:
            # Time that was held, or lost to a slow receiver, is not made up for beyond a few blocks.
            self._due = max(self._due, time.monotonic() - 5 * self._step_s) + self._step_s
        sound = np.rint(self._noise.normal(0.0, NOISE_LSB, BLOCK))
        for speech in self._speech:
            first, last = max(index, speech.start), min(index + BLOCK, speech.end)
            if first < last:
                sound[first - index : last - index] += speech.samples[first - speech.start : last - speech.start]
        while self._speech and self._speech[0].end <= self._index:
            self._speech.popleft()
        if self._muted:
            sound[:] = 0.0
        return Block(index, np.clip(sound, -32768, 32767).astype(np.int16))

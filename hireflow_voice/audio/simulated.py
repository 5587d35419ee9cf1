"""A line without a sound card, in virtual time: for calls without a window and for tests."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from hireflow_voice.audio.blocks import BLOCK, Block
from hireflow_voice.audio.line import OnBlock, OnEnd, OnTrouble
from hireflow_voice.audio.playback import DUCKED
from hireflow_voice.audio.resample import resampled
from hireflow_voice.sound import RATE, Echo, Pcm, Samples

NOISE_LSB = 3.0
"""Standard deviation of the noise a quiet microphone delivers, in 16-bit steps: exact zeros would mean a dead one."""
ECHO_DB = -12.0
"""How much softer the microphone hears the speaker of a machine without headphones, and how much later:"""
ECHO_DELAY = RATE // 10
SWITCH = RATE // 5
"""Samples that are lost while other devices are opened."""


@dataclass(slots=True)
class _Speech:
    start: int
    """Sample index of the line at which it begins."""
    samples: Samples

    @property
    def end(self) -> int:
        return self.start + len(self.samples)


@dataclass(slots=True)
class _Playing:
    end: int
    on_end: OnEnd
    record: Played


@dataclass(slots=True)
class Played:
    """A sound the candidate was given to hear."""

    pcm: Pcm
    at_s: float
    """Line time at which it began."""
    heard_s: float | None = None
    """Seconds of it that were heard; None while it plays."""
    stopped: bool = False
    """Whether it was cut off."""
    ducks: list[tuple[float, bool]] = field(default_factory=list)
    """(line time, softer or not), as it was asked for while this was playing."""


class SimulatedLine:
    """A `Line` whose time passes block by block, as fast as the receiver takes them.

    One thread delivers block after block; the next one is made only when the callback has returned and nobody holds
    the line. So a receiver that calls `hold()` inside a callback, hands the event to another thread and lets that one
    `release()`, sees the same call every time, whatever the machine does meanwhile.

    `answer` is asked, on the line's thread, before each block for which nothing is queued: a sound becomes the next
    thing the candidate says, None stays silent. `pace` None runs as fast as possible, 1.0 in real time.

    The candidate may speak over the interviewer: `say` does not ask who else is speaking. With speakers (`echo`) the
    microphone hears what is played, 12 dB softer and 0.1 s later, and `Block.clean` does not.

    `played` and `devices` are what was asked of the line, oldest first; read them when it is closed or held.
    """

    def __init__(
        self,
        answer: Callable[[], Pcm | None] | None = None,
        *,
        pace: float | None = None,
        seed: int = 0,
        echo: Echo = Echo.HEADPHONES,
    ) -> None:
        self.played: list[Played] = []
        self.devices: list[tuple[str, str]] = []
        """(microphone, speaker) of every `use`."""
        self._echo = echo
        self._answer = answer
        self._step_s = BLOCK / RATE / pace if pace else 0.0
        self._due = 0.0
        """Monotonic time of the next block; the line's thread only."""
        self._noise = np.random.default_rng(seed)
        self._changed = threading.Condition()
        # Everything below is guarded by the condition's lock.
        self._index = 0
        self._speech: deque[_Speech] = deque()
        self._playing: _Playing | None = None
        self._echoes: deque[_Speech] = deque()
        """What the speaker played, at the moment and the level at which the microphone hears it."""
        self._ducked = False
        self._lost_until = 0
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
                record = Played(pcm, self.now())
                self.played.append(record)
                if self._echo is not Echo.HEADPHONES:
                    self._echoes.append(_Speech(self._index + ECHO_DELAY, _softer(resampled(pcm, RATE))))
                self._playing = _Playing(self._index + round(pcm.seconds * RATE), on_end, record)
                self._changed.notify_all()
                return
        on_end()

    def stop_playing(self) -> None:
        """End the sound now. `on_end` comes even while the line is held: it needs no time to pass."""
        with self._changed:
            self._stop()
            self._duck(False)
            self._changed.notify_all()

    def duck(self, on: bool) -> None:
        """Written down in `played`; the echo gets softer too."""
        with self._changed:
            self._duck(on)

    def mute(self, muted: bool) -> None:
        """Zeros instead of sound from the next block on."""
        with self._changed:
            self._muted = muted

    def use(self, microphone: str, speaker: str, echo: Echo | None = None) -> None:
        """Written down in `devices`; the next 0.2 s are lost, as while a device opens."""
        with self._changed:
            self.devices.append((microphone, speaker))
            self._echo = echo or self._echo
            self._lost_until = self._index + SWITCH

    @property
    def echo(self) -> Echo:
        return self._echo

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
        playing, self._playing = self._playing, None
        if playing is None:
            return
        record = playing.record
        record.heard_s = round(min(self.now() - record.at_s, record.pcm.seconds), 6)
        record.stopped = self._index < playing.end
        if self._echoes and record.stopped:
            echo = self._echoes[-1]
            self._echoes[-1] = _Speech(echo.start, echo.samples[: max(0, self._index + ECHO_DELAY - echo.start)])
        self._ended.append(playing.on_end)

    def _duck(self, on: bool) -> None:
        if on != self._ducked and self._playing is not None:
            self._playing.record.ducks.append((self.now(), on))
        self._ducked = on

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
                elif self._playing is not None and self._playing.end <= self._index:
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
        room = np.rint(self._noise.normal(0.0, NOISE_LSB, BLOCK))
        _mix(room, index, self._speech)
        if index < self._lost_until:
            return Block(index, np.zeros(BLOCK, np.int16), lost=True, clean=self._silence())
        if self._muted:
            return Block(index, np.zeros(BLOCK, np.int16), clean=self._silence())
        if self._echo is Echo.HEADPHONES:
            return Block(index, _int16(room))
        echo = np.zeros(BLOCK)
        heard = _mix(echo, index, self._echoes)
        echo *= DUCKED if self._ducked else 1.0
        silent = heard and self._echo is Echo.HALF
        return Block(index, _int16(room + echo), clean=self._silence() if silent else _int16(room))

    def _silence(self) -> Samples | None:
        return None if self._echo is Echo.HEADPHONES else np.zeros(BLOCK, np.int16)


def _mix(into: npt.NDArray[np.float64], index: int, speeches: deque[_Speech]) -> bool:
    """Add what is said from `index` on, forget what has been said; whether anything was."""
    end = index + len(into)
    said = False
    for speech in speeches:
        first, last = max(index, speech.start), min(end, speech.end)
        if first < last:
            into[first - index : last - index] += speech.samples[first - speech.start : last - speech.start]
            said = True
    while speeches and speeches[0].end <= end:
        speeches.popleft()
    return said


def _int16(sound: npt.NDArray[np.float64]) -> Samples:
    return np.clip(np.rint(sound), -32768, 32767).astype(np.int16)


def _softer(samples: Samples) -> Samples:
    softer: Samples = (samples * 10.0 ** (ECHO_DB / 20.0)).astype(np.int16)
    return softer

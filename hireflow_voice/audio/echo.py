"""The interviewer's voice in the candidate's microphone: how it is taken out, for whoever must know who speaks.

With loudspeakers the microphone hears both. `EchoRemover` is given what the speaker really played and what the
microphone heard, and gives back the candidate alone. What is recorded and recognised stays as the microphone heard it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from typing import Any, Protocol

import numpy as np

from hireflow_voice.audio.blocks import Block
from hireflow_voice.audio.playback import Speaker
from hireflow_voice.audio.resample import StreamResampler
from hireflow_voice.errors import HireFlowError, NoEchoCancelling
from hireflow_voice.sound import RATE, Echo, Samples

log = logging.getLogger(__name__)

FRAME = RATE // 100
"""Samples of 10 ms, the step of WebRTC's canceller."""
LEAD = RATE // 10
"""Samples by which the played sound is to come before its echo. The canceller finds delays of up to about 0.4 s by
itself, but no echo that comes before its cause, and the speaker's callback may be late by some blocks."""
LEAST_AHEAD = RATE * 4 // 100
"""Samples that are held back at least, so that a late callback of the speaker leaves no hole."""
SLIP = RATE * 3 // 100
"""Samples by which the two sides may have moved against each other (a drop-out, two clocks) before that is mended."""
TOGETHER = 200
"""10 ms steps between two looks at that."""
LEARNING = 400
"""Steps of 10 ms in which the canceller must have heard something played: the ring-back's 2 s teach it two frequencies
only, after one second of speech nothing trips a voice detector any more."""
HEARD = 100.0
"""16-bit amplitude (-50 dBFS) from which on the speaker is heard in the room; faint line noise is below."""
TAIL = LEAD + RATE * 3 // 10
"""Samples for which the room may still hold what the speaker played: the lead, and 0.3 s of reverberation."""


def can_cancel() -> bool:
    """Whether the library that removes echo (extra `echo`) is installed. It is not imported."""
    try:
        return find_spec("livekit.rtc") is not None
    except ModuleNotFoundError:
        return False


def no_echo_cancelling() -> NoEchoCancelling:
    """What the user should know where it is missing."""
    return NoEchoCancelling(
        "Echo cancelling is not installed, so only one of you can speak at a time: while the interviewer speaks, the "
        "microphone is not listened to.",
        "Install it with: pip install 'hireflow-voice[echo]', or use headphones.",
    )


class Remover(Protocol):
    """Takes 10 ms of what was played, and of what was heard about 0.1 s after it was; gives back the candidate."""

    def __call__(self, played: Samples, heard: Samples) -> Samples: ...

    def restart(self) -> None:
        """Another device: what follows is another room."""
        ...


class OneAtATime:
    """Without such a library: nothing, while the speaker is heard and until its echo has died away."""

    def __init__(self) -> None:
        self._left = 0

    def __call__(self, played: Samples, heard: Samples) -> Samples:
        if np.abs(played.astype(np.int32)).max(initial=0) > HEARD:
            self._left = TAIL
        silent = self._left > 0
        self._left -= len(heard)
        return np.zeros_like(heard) if silent else heard.copy()

    def restart(self) -> None:
        self._left = 0


class WebRtc:
    """WebRTC's AEC3 with its noise suppression. Loading it takes 0.2 s. One thread.

    It learns the room from what is played. Until it has heard enough, one speaks at a time: what is left of the first
    words would be taken for the candidate.
    """

    def __init__(self) -> None:
        from livekit import rtc

        self._turns = OneAtATime()
        self._learnt = 0
        self._frame = rtc.AudioFrame
        self._processor = rtc.AudioProcessingModule(
            echo_cancellation=True, noise_suppression=True, high_pass_filter=True
        )

    def __call__(self, played: Samples, heard: Samples) -> Samples:
        self._processor.process_reverse_stream(self._framed(played))
        self._processor.set_stream_delay_ms(LEAD * 1000 // RATE)
        near = self._framed(heard)
        self._processor.process_stream(near)
        clean = np.frombuffer(bytes(near.data), np.int16).copy()
        if self._learnt >= LEARNING:
            return clean
        self._learnt += np.abs(played.astype(np.int32)).max(initial=0) > HEARD
        return self._turns(played, clean)

    def restart(self) -> None:
        self._learnt = 0
        self._turns.restart()

    def _framed(self, samples: Samples) -> Any:
        return self._frame(bytearray(samples.tobytes()), RATE, 1, len(samples))


def make_remover(echo: Echo) -> Remover | None:
    """What this way of listening asks for; None with headphones. `CANCEL` raises without its library, or with one that
    is broken."""
    match echo:
        case Echo.CANCEL:
            return WebRtc()
        case Echo.HALF:
            return OneAtATime()
    return None


class EchoRemover:
    """Keeps what was played in step with what was heard, and runs a `Remover` over both. The pump's thread only.

    Both sides come in pieces of their own, at moments of their own; only counting samples keeps them in step. They are
    laid together once, when both are there, and then as many samples of one are taken as of the other.
    """

    def __init__(self, remover: Remover, delay_s: float) -> None:
        """`delay_s`: from handing a sound to the speaker to reading it from the microphone, as the line check found."""
        self._remove = remover
        self._ahead = max(LEAST_AHEAD, round(delay_s * RATE) - LEAD)
        self._played: Samples = np.zeros(0, np.int16)
        self._speaker: Speaker | None = None
        self._resampler: StreamResampler | None = None
        self.restart()

    def restart(self) -> None:
        """Lay both sides together anew with the next block: a device has changed."""
        self._apart = True
        self._remove.restart()
        self._late = 0
        """Samples that came too late and are to be left out when they come."""
        self._levels: list[int] = []
        self._usual: float | None = None

    def follow(self, speaker: Speaker | None) -> None:
        """Take what the speaker was handed since the last time. Before the microphone is read, every time."""
        if speaker is not self._speaker:
            self._speaker = speaker
            if speaker is not None:
                speaker.read_played()
                self._resampler = StreamResampler(speaker.rate, RATE)
            self.restart()
        elif speaker is not None and self._resampler is not None and len(samples := speaker.read_played()):
            came = self._resampler(samples)
            dropped = min(self._late, len(came))
            self._late -= dropped
            self._played = np.concatenate((self._played, came[dropped:]))
        if self._apart:
            self._played = self._played[-2 * RATE :]

    def clean(self, heard: Samples, waiting: int, muted: bool = False) -> Samples:
        """The candidate alone, out of one block of whole 10 ms; of the microphone's samples `waiting` are there by now,
        these included. Of a muted one, silence."""
        if self._apart:
            self._lay_together(waiting)
        out = np.zeros_like(heard)
        for at in range(0, len(heard), FRAME):
            played = self._next()
            if not muted:
                out[at : at + FRAME] = self._remove(played, heard[at : at + FRAME])
        return out

    def _lay_together(self, waiting: int) -> None:
        """The newest of one belongs to the newest of the other, but for the delay."""
        self._apart = False
        newest = self._played[max(0, len(self._played) - waiting) :]
        missing = waiting - len(newest) + self._ahead
        self._played = np.concatenate((np.zeros(missing, np.int16), newest))

    def _next(self) -> Samples:
        frame = self._played[:FRAME]
        self._played = self._played[FRAME:]
        if len(frame) < FRAME:
            missing = FRAME - len(frame)
            self._late += missing
            frame = np.concatenate((frame, np.zeros(missing, np.int16)))
        self._levels.append(len(self._played))
        if len(self._levels) == TOGETHER:
            self._keep_in_step()
        return frame

    def _keep_in_step(self) -> None:
        """How much of the played sound usually waits says whether the two have slipped; single blocks come as they
        like."""
        level = float(np.median(self._levels))
        self._levels.clear()
        if self._usual is None:
            self._usual = level
        slipped = round(level - self._usual)
        if slipped > SLIP:
            self._played = self._played[slipped:]
        elif slipped < -SLIP:
            self._played = np.concatenate((np.zeros(-slipped, np.int16), self._played))


class Hearing:
    """How a line listens now: blocks in, blocks with the candidate alone out. The pump's, but for `wanted`."""

    def __init__(self, wanted: Echo, delay_s: float, tell: Callable[[HireFlowError | None], None]) -> None:
        """`tell`: that another way than the wanted one is taken, or (None) the wanted one again."""
        self.wanted = wanted
        """May be set at any time, from any thread."""
        self.echo = Echo.HALF if wanted is Echo.CANCEL and not can_cancel() else wanted
        """What is done."""
        self._delay_s = delay_s
        self._tell = tell
        self._made: Echo | None = None
        self._remover: EchoRemover | None = None

    def follow(self, speaker: Speaker | None) -> None:
        """Take what the speaker was handed, before the microphone is read; load what is wanted, which takes 0.2 s."""
        if self._made is not self.wanted:
            self._make()
        if self._remover is not None:
            self._remover.follow(speaker)

    def without_echo(self, block: Block, waiting: int, muted: bool) -> Block:
        """The block with `clean`, where that is another thing; see `EchoRemover.clean`."""
        if self._remover is None:
            return block
        if block.lost:
            self._remover.restart()
            return replace(block, clean=np.zeros_like(block.samples))
        return replace(block, clean=self._remover.clean(block.samples, waiting, muted))

    def _make(self) -> None:
        wanted = done = self._made = self.wanted
        trouble = None
        try:
            remover = make_remover(wanted)
        except Exception:  # not installed, or broken
            log.exception("the echo canceller cannot be loaded")
            done, trouble = Echo.HALF, no_echo_cancelling()
            remover = make_remover(done)
        self.echo = done  # once: it is read from other threads
        self._remover = EchoRemover(remover, self._delay_s) if remover is not None else None
        self._tell(trouble)

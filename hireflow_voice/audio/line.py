"""The line between the candidate and the interviewer, as a call sees it: blocks come in, sounds go out.

Two lines exist: `sound_card.SoundCardLine` with real devices and `simulated.SimulatedLine` without any. The clock of a
call is the line's sample count: sample `i` of the microphone was heard `i / 16000` seconds after the line was opened.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from hireflow_voice.errors import HireFlowError
from hireflow_voice.sound import RATE, Pcm, Samples

BLOCK = RATE // 50
"""Samples of one block: 20 ms, the pump's step."""


@dataclass(frozen=True, slots=True)
class Block:
    """What the microphone heard next."""

    index: int
    """Of the first sample, 16 kHz, counted from the moment the line was opened. Blocks follow each other without a
    hole: where the microphone was away, silence is put in."""
    samples: Samples
    """Shape [n], usually 320 (20 ms); the array is the receiver's own."""
    lost: bool = False
    """True: not heard but put in, because there is no microphone now. Such silence says nothing about the candidate."""


@dataclass(frozen=True, slots=True)
class LineTrouble:
    """A device failed (`over` False) or works again (`over` True). The call goes on in either case."""

    error: HireFlowError
    """NoMicrophone, NoSpeaker or NoSoundSystem. With `over`, of the same kind as the one it ends."""
    over: bool


OnBlock = Callable[[Block], None]
OnTrouble = Callable[[LineTrouble], None]
OnEnd = Callable[[], None]


class Line(Protocol):
    """Both directions of a call.

    Every method may be called from any thread, also from inside a callback. Callbacks (`on_block`, `on_trouble`,
    `on_end`) come one at a time from the line's own thread and must return soon. No method raises because of a device.
    """

    def open(self, on_block: OnBlock, on_trouble: OnTrouble) -> None:
        """Start to listen. Devices that are missing are told through `on_trouble`."""
        ...

    def now(self) -> float:
        """Seconds of the line's clock: end of the last block. Without a microphone it follows the monotonic clock."""
        ...

    def play(self, pcm: Pcm, on_end: OnEnd) -> None:
        """Let the candidate hear a sound; another one that is playing is stopped.

        `on_end` comes exactly once: when the sound has been heard, when it was stopped, when the line is closed.
        Without a speaker it comes when the sound would have ended.
        """
        ...

    def stop_playing(self) -> None:
        """Fade out what is playing, if anything is; its `on_end` follows."""
        ...

    def mute(self, muted: bool) -> None:
        """While muted the blocks hold zeros."""
        ...

    def hold(self) -> None:
        """Ask time to stand still until `release`; nests. Only a simulated line can do that."""
        ...

    def release(self) -> None:
        """Take back one `hold`."""
        ...

    def close(self) -> None:
        """Let go of the devices. Idempotent; no callback comes after it has returned."""
        ...

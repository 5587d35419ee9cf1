"""The microphone: PortAudio's callback fills a ring, somebody else empties it."""

from __future__ import annotations

import time
from typing import Any

from hireflow_voice.audio.devices import PREFERRED_RATE, open_input
from hireflow_voice.audio.ring import Ring
from hireflow_voice.audio.route import Route, only_monitors
from hireflow_voice.errors import NoMicrophone
from hireflow_voice.sound import Samples

RING_S = 60
"""Longer than any pause the reader was ever seen to make (3.1 s)."""

DEAF_AFTER_S = 1.0
"""No callback for so long: lost. Gaps up to 0.36 s were seen on a busy machine."""
FIRST_WITHIN_S = 3.0
"""The first callback comes after 40 to 900 ms; a suspended device opens without an error and never calls."""


class Microphone:
    """An open microphone. `read` from one thread.

    `stream.active` says nothing about a device that was pulled out; the time of the last callback does.
    """

    def __init__(self, name: str = "") -> None:
        """Open by name, empty for the default. Raises NoMicrophone, NoSoundSystem. Slow: 0.1 s."""
        self._ring = Ring(RING_S * PREFERRED_RATE)
        self._opened = time.monotonic()
        self.first_at: float | None = None
        """Monotonic time of the first callback, None before it."""
        self.heard_at: float | None = None
        """Monotonic time of the last callback."""
        self.route = Route("input")
        self._stream = open_input(name, self._callback)
        self.route.settle()
        if only_monitors(self.route.device):
            self._stream.end()
            raise NoMicrophone(
                "There is no microphone: the sound system would record only what the speaker plays.",
                "Plug one in, or check the sound settings of this computer.",
            )

    def _callback(self, block: Any, *_: Any) -> None:
        self._ring.write(block)
        self.heard_at = time.monotonic()
        if self.first_at is None:
            self.first_at = self.heard_at

    @property
    def rate(self) -> int:
        """Samples per second of what `read` gives."""
        return self._stream.rate

    @property
    def overflow(self) -> int:
        """Samples lost because nobody read for a minute."""
        return self._ring.overflow

    def read(self) -> Samples:
        """What was heard since the last time."""
        return self._ring.read()

    def lost(self, since: float) -> bool:
        """Whether nothing comes any more. Silence before the monotonic time `since` does not count: the reader may
        have been asleep itself."""
        if self._stream.finished.is_set():
            return True
        if self.heard_at is None:
            return time.monotonic() - max(self._opened, since) > FIRST_WITHIN_S
        return time.monotonic() - max(self.heard_at, since) > DEAF_AFTER_S

    def close(self) -> None:
        """Let go of the device, in 2 s at most."""
        self._stream.end()

"""The line between the candidate and the interviewer, as a call sees it: blocks come in, sounds go out.

Two lines exist: `SoundCardLine` with real devices and `simulated.SimulatedLine` without any. The clock of a
call is the line's sample count: sample `i` of the microphone was heard `i / 16000` seconds after the line was opened.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from hireflow_voice.audio.blocks import Block, Intake
from hireflow_voice.audio.capture import FIRST_WITHIN_S, Microphone
from hireflow_voice.audio.echo import Hearing
from hireflow_voice.audio.keeper import DeviceKeeper, LineTrouble, went_away
from hireflow_voice.audio.playback import Sounding, Speaker
from hireflow_voice.errors import HireFlowError, NoMicrophone
from hireflow_voice.sound import RATE, USUAL_DELAY_S, Echo, Pcm

__all__ = ["Block", "Line", "LineTrouble", "SoundCardLine"]

log = logging.getLogger(__name__)


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

    def duck(self, on: bool) -> None:
        """Let what is playing be heard 12 dB softer, or as loud as it is: the candidate may be about to speak.

        It takes 20 ms, without a click, and lasts until it is taken back or the sound is stopped.
        """
        ...

    def mute(self, muted: bool) -> None:
        """While muted the blocks hold zeros."""
        ...

    def use(self, microphone: str, speaker: str, echo: Echo | None = None) -> None:
        """Go on with other devices, by name or empty for the default. The clock runs on, and where the microphone
        changes the blocks are marked lost; what is playing goes on, on the new speaker. `echo`: what is done about it
        from now on; None: what was done before."""
        ...

    @property
    def echo(self) -> Echo:
        """What is done about the interviewer's voice in the microphone now."""
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


# -- with real devices -------------------------------------------------------------------------------------------------

TICK_S = 0.02
SILENT_AFTER_S = 2.0
"""Exact zeros for so long come from no live microphone."""
SILENT_AGAIN_S = 10.0
"""How often a silent microphone is opened anew, in case its stream was moved away from it. Also how long the zeros of
one that came back by itself may last: some drivers give zeros whenever nobody speaks."""
ASLEEP_S = 0.5
"""A pump that was kept from running for so long has not watched the devices either."""
BEHIND_S, BEHIND_FOR_S = 0.5, 2.0
"""A microphone that stays so far behind the monotonic clock has dropped sound."""
DRIFT_S = 60.0
"""Time constant with which the clock of the microphone is followed: 300 ppm of drift are then 18 ms, not a drop."""


@dataclass(slots=True)
class _Playing:
    pcm: Pcm
    on_end: OnEnd
    started: float
    speaker: Speaker | None = None
    """The one that plays it; None while there is none."""
    sound: Sounding | None = None


class SoundCardLine:
    """A `Line` over the computer's microphone and speaker, each by name or empty for the default one.

    Two threads. The pump, every 20 ms, carries samples from the microphone to `on_block`, watches both devices and
    gives all callbacks. The keeper does what can take long: it opens devices and ends those that were lost. Without a
    microphone blocks of silence marked `lost` come in real time, without a speaker sounds end when they would have; so
    a call goes on, with typed answers and captions if need be. Where a chosen device is not there the default one is
    used, and the chosen one again when it is back.
    """

    def __init__(
        self,
        microphone: str = "",
        speaker: str = "",
        echo: Echo = Echo.HEADPHONES,
        echo_delay_s: float = USUAL_DELAY_S,
    ) -> None:
        """`echo_delay_s`: as the line check found it."""
        self._lock = threading.Lock()
        self._devices = DeviceKeeper(microphone, speaker, self._lock)
        self._devices.on_speaker = lambda speaker: speaker.duck(self._ducked)
        # Guarded by the lock:
        self._playing: _Playing | None = None
        self._ended: deque[OnEnd] = deque()
        self._ducked = False
        # The pump's own:
        self._intake = Intake()
        self._hearing = Hearing(echo, echo_delay_s, self._tell_of_echo)
        self._heard: Microphone | None = None
        """The microphone whose samples are in the intake."""
        self._zero = 0.0
        """Monotonic time at which the line's clock read 0, as far as is known."""
        self._skip = 0
        """Samples of `_heard` that another microphone has already heard."""
        self._behind_since: float | None = None
        self._zeros_since: float | None = None
        self._silent_limit_s = SILENT_AFTER_S
        self._dead = False
        """The microphone was told to give nothing but zeros."""
        self._awake_since = 0.0

        self._muted = False
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

    # -- what a call uses --

    def open(self, on_block: OnBlock, on_trouble: OnTrouble) -> None:
        """Start to listen; returns at once. Raises RuntimeError when the line was opened before."""
        if self._thread is not None or self._closed.is_set():
            raise RuntimeError("a line is opened once")
        self._thread = threading.Thread(target=self._pump, args=(on_block, on_trouble), name="audio pump", daemon=True)
        self._devices.start()
        self._thread.start()

    def now(self) -> float:
        """Seconds of the line's clock, in steps of 20 ms."""
        return self._intake.delivered / RATE

    def play(self, pcm: Pcm, on_end: OnEnd) -> None:
        """Start the sound as soon as there is a speaker; on a closed line `on_end` comes at once."""
        with self._lock:
            if not self._closed.is_set():
                self._stop()
                self._playing = _Playing(pcm, on_end, time.monotonic())
                self._sound()
                return
        on_end()

    def stop_playing(self) -> None:
        """Fade out within 40 ms; `on_end` comes with the pump's next round."""
        with self._lock:
            self._stop()
            self._duck(False)

    def duck(self, on: bool) -> None:
        """From the next 20 ms that are handed out; they are heard `Speaker.latency_s` later."""
        with self._lock:
            self._duck(on)

    def mute(self, muted: bool) -> None:
        self._muted = muted

    def use(self, microphone: str, speaker: str, echo: Echo | None = None) -> None:
        """Returns at once; the devices follow within half a second."""
        self._hearing.wanted = echo or self._hearing.wanted
        self._devices.use(microphone, speaker)

    @property
    def echo(self) -> Echo:
        return self._hearing.echo

    def hold(self) -> None:
        """Nothing: real time cannot be held."""

    def release(self) -> None:
        """Nothing."""

    def close(self) -> None:
        """Let go of the devices; 7 s at most, whatever the sound system does."""
        self._closed.set()
        self._devices.close()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(3.0)

    # -- the pump --

    def _pump(self, on_block: OnBlock, on_trouble: OnTrouble) -> None:
        self._hearing.follow(None)  # loads what it takes
        self._devices.tried.wait(FIRST_WITHIN_S)
        self._zero = ticked = time.monotonic()
        while not self._closed.is_set():
            now = time.monotonic()
            if now - ticked > ASLEEP_S:
                self._awake_since = now
            ticked = now
            self._hearing.follow(self._devices.speaker.device)
            self._listen(now)
            for block in self._intake.blocks(self._muted):
                _call(on_block, self._hearing.without_echo(block, self._intake.index - block.index, self._muted))
            with self._lock:
                self._watch_speaker(now)
                troubles, ended = list(self._devices.troubles), list(self._ended)
                self._devices.troubles.clear()
                self._ended.clear()
            for trouble in troubles:
                _call(on_trouble, trouble)
            for on_end in ended:
                _call(on_end)
            self._closed.wait(max(0.0, ticked + TICK_S - time.monotonic()))
        with self._lock:
            self._stop()
            ended = list(self._ended)
            self._ended.clear()
        for on_end in ended:
            _call(on_end)

    def _at(self, moment: float) -> int:
        """Index of the sample heard at a monotonic time."""
        return round((moment - self._zero) * RATE)

    def _listen(self, now: float) -> None:
        """Bring the intake up to date with the microphone, or with the clock when there is none."""
        place = self._devices.microphone
        with self._lock:
            microphone = place.device
            if microphone is not None and microphone.lost(self._awake_since):
                self._devices.drop_locked(place, went_away(place))
                microphone = None
            elsewhere = self._heard is not None and self._heard is place.elsewhere
        if self._heard is not None and microphone is not self._heard:
            self._leave(elsewhere)
        if microphone is None or microphone.first_at is None:
            # Some way behind, so as not to run ahead of a microphone that is just starting.
            self._intake.fill(self._at(now - 0.1))
            return
        if self._heard is None:
            self._begin(microphone)
        if self._devices.doubted():
            return
        heard = microphone.read()
        skipped = min(self._skip, len(heard))
        self._skip -= skipped
        heard = heard[skipped:]
        if len(heard):
            self._watch_silence(now, bool(heard.any()))
            self._intake.hear(heard, lost=self._dead)
            self._watch_clock(now, microphone)

    def _tell_of_echo(self, trouble: HireFlowError | None) -> None:
        with self._lock:
            self._devices.tell_locked("echo", trouble)

    def _begin(self, microphone: Microphone) -> None:
        assert microphone.first_at is not None
        first = self._at(microphone.first_at - TICK_S)
        self._intake.fill(first)
        self._intake.start(microphone.rate)
        self._skip = max(0, self._intake.index - first) * microphone.rate // RATE
        self._heard, self._behind_since, self._zeros_since = microphone, None, None

    def _leave(self, elsewhere: bool) -> None:
        """The microphone is gone. `elsewhere`: what it delivered last was another's, perhaps the speaker's."""
        microphone, self._heard = self._heard, None
        assert microphone is not None
        assert microphone.heard_at is not None
        rest = microphone.read()
        if not elsewhere:
            self._intake.hear(rest[min(self._skip, len(rest)) :])
        self._intake.stop()
        if not elsewhere:
            self._zero = microphone.heard_at - self._intake.index / RATE

    def _watch_silence(self, now: float, sound: bool) -> None:
        if sound:
            if self._dead:
                self._silent_limit_s = SILENT_AGAIN_S  # zeros are how this one is silent, perhaps
            self._zeros_since, self._dead = None, False
            with self._lock:
                self._devices.tell_locked("microphone", None)
        elif self._muted:
            self._zeros_since = None
        elif self._zeros_since is None:
            self._zeros_since = now
        elif now - self._zeros_since > (SILENT_AGAIN_S if self._dead else self._silent_limit_s):
            self._zeros_since, self._dead = now, True
            with self._lock:
                self._devices.tell_locked(
                    "microphone",
                    NoMicrophone(
                        "The microphone delivers nothing at all: it is switched off or was unplugged.",
                        "Check its switch and its plug, or type your answer.",
                    ),
                )
                self._devices.suspect_locked()

    def _watch_clock(self, now: float, microphone: Microphone) -> None:
        """Put in silence for sound that was dropped on the way; follow a clock that merely drifts."""
        assert microphone.heard_at is not None
        zero = microphone.heard_at - self._intake.index / RATE
        if zero - self._zero < BEHIND_S:
            self._behind_since = None
        elif self._behind_since is None:
            self._behind_since = now
        elif now - self._behind_since > BEHIND_FOR_S:
            self._intake.fill(self._at(microphone.heard_at))
            self._behind_since = None
        if self._behind_since is None:
            self._zero += (zero - self._zero) * TICK_S / DRIFT_S

    def _watch_speaker(self, now: float) -> None:
        place = self._devices.speaker
        if place.device is not None:
            if place.device.lost(self._awake_since):
                self._devices.drop_locked(place, went_away(place))
            elif place.device.called_at is not None:
                self._devices.tell_locked("speaker", None)
        playing = self._playing
        if playing is None:
            return
        if playing.speaker is not place.device:
            playing.speaker = playing.sound = None
            self._sound()
        late = now - playing.started - playing.pcm.seconds
        if playing.speaker is not None and playing.sound is not None:
            over = playing.speaker.ended(playing.sound) or late > FIRST_WITHIN_S
        else:
            over = late > 0.0
        if over:
            self._ended.append(playing.on_end)
            self._playing = None

    # -- with the lock held --

    def _sound(self) -> None:
        """Give what is playing to the speaker; where it should be by now, when the speaker comes late."""
        playing, speaker, now = self._playing, self._devices.speaker.device, time.monotonic()
        if playing is None or speaker is None:
            return
        missed = now - playing.started
        if missed < 1.0:
            playing.started, missed = now, 0.0
        if missed < playing.pcm.seconds or not playing.pcm.seconds:
            playing.speaker, playing.sound = speaker, speaker.play(playing.pcm, missed)

    def _stop(self) -> None:
        if self._playing is not None:
            if self._playing.sound is not None:
                self._playing.sound.fade()
            self._ended.append(self._playing.on_end)
            self._playing = None

    def _duck(self, on: bool) -> None:
        self._ducked = on
        if self._devices.speaker.device is not None:
            self._devices.speaker.device.duck(on)


def _call(callback: Callable[..., None], *values: object) -> None:
    """A mistake in a callback must not silence the line for the rest of the call."""
    try:
        callback(*values)
    except Exception:
        log.exception("a callback of the line failed")

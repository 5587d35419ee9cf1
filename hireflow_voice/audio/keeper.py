"""Keeps a microphone and a speaker open during a call, whatever happens to them."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from hireflow_voice.audio import devices
from hireflow_voice.audio.capture import Microphone
from hireflow_voice.audio.playback import Speaker
from hireflow_voice.audio.route import Watch
from hireflow_voice.errors import (
    HireFlowError,
    MachineError,
    NoMicrophone,
    NoSoundSystem,
    NoSpeaker,
    OtherMicrophone,
    OtherSpeaker,
)

log = logging.getLogger(__name__)

RETRY_S = 2.0
"""How often a device that is away is looked for."""
LOOK_S = 5.0
"""How often a chosen device that PortAudio does not know is looked for, which takes a process of its own."""
DOUBT_S = 1.0
"""How long the microphone is not listened to while the sound server is asked whether it has been moved (40 ms)."""


@dataclass(frozen=True, slots=True)
class LineTrouble:
    """A device failed (`over` False) or works again (`over` True). The call goes on in either case."""

    error: HireFlowError
    """NoMicrophone, NoSpeaker or NoSoundSystem: one can not hear the other. OtherMicrophone, OtherSpeaker: the default
    device is used in place of the chosen one. With `over`, of the same kind as the one it ends."""
    over: bool


Device = TypeVar("Device", Microphone, Speaker)


class Place(Generic[Device]):
    """Where a device belongs. Read and changed with the keeper's lock held."""

    def __init__(
        self,
        kind: str,
        noun: str,
        chosen: str,
        make: Callable[[str], Device],
        missing: type[MachineError],
        other: type[MachineError],
    ) -> None:
        self.kind, self.noun = kind, noun
        self.make: Callable[[str], Device] = make
        self.missing, self.other = missing, other
        self.chosen = chosen
        """By name; empty for the default one."""
        self.device: Device | None = None
        self.used = ""
        """By which name `device` was opened."""
        self.failures = 0
        self.elsewhere: Device | None = None
        """The last device that was dropped because it had been moved: what it delivered since is not ours."""
        self.doubted_at: float | None = None
        """Monotonic time since when it may have been moved to another device."""
        self.suspect = False
        """It delivers nothing, though it runs."""

    @property
    def replaced(self) -> bool:
        """Whether the default device stands in for the chosen one."""
        return self.device is not None and self.used != self.chosen


class DeviceKeeper:
    """One thread that does what can take long: it opens devices, again every 2 s when one is away, ends those that were
    lost, asks the sound server whether a stream was moved, and goes back from the default device to the chosen one.

    `microphone`, `speaker` and `troubles` are guarded by `lock`; methods that end in `_locked` want it held.
    """

    def __init__(self, microphone: str, speaker: str, lock: threading.Lock) -> None:
        self.lock = lock
        self.microphone = Place("input", "microphone", microphone, Microphone, NoMicrophone, OtherMicrophone)
        self.speaker = Place("output", "speaker", speaker, _followed_speaker, NoSpeaker, OtherSpeaker)
        self.troubles: list[LineTrouble] = []
        """To be told, oldest first; whoever tells them takes them out."""
        self.tried = threading.Event()
        """Set when every device has been tried once."""
        self.on_speaker: Callable[[Speaker], None] = lambda _speaker: None
        """Called with the lock held when a speaker was opened."""
        self._told: dict[str, HireFlowError] = {}
        self._gone: list[Microphone | Speaker] = []
        self._looked_at = 0.0
        self._watch = Watch(self._changed)
        self._closed = threading.Event()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Open the devices and keep them."""
        self._thread = threading.Thread(target=self._keep, name="device keeper", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Let go of the devices; 4 s at most, whatever the sound system does."""
        self._closed.set()
        self._wake.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(4.0)

    def use(self, microphone: str, speaker: str) -> None:
        """Other devices from now on; those that stay the same are left alone."""
        with self.lock:
            self._choose_locked(self.microphone, microphone)
            self._choose_locked(self.speaker, speaker)
        self._wake.set()

    def doubted(self) -> bool:
        """Whether the microphone may be another one by now: what it delivers is to wait for the answer."""
        since = self.microphone.doubted_at
        return since is not None and time.monotonic() - since < DOUBT_S

    def suspect_locked(self) -> None:
        """The microphone delivers nothing but zeros: look why."""
        self.microphone.suspect = True
        self._wake.set()

    def drop_locked(self, place: Place[Microphone] | Place[Speaker], error: HireFlowError | None) -> None:
        """A device is gone: say so (None: it is only to be opened anew), end it, and look for it."""
        if place.device is not None:
            self._gone.append(place.device)
            place.device = None
        place.doubted_at = None
        if error is not None:
            self.tell_locked(place.noun, error)
        self._wake.set()

    def tell_locked(self, subject: str, error: HireFlowError | None) -> None:
        """Once when something fails, once when it works again (None)."""
        told = self._told.get(subject)
        if error is None and told is not None:
            del self._told[subject]
            self.troubles.append(LineTrouble(told, over=True))
        elif error is not None and told is None:
            if isinstance(error, NoSoundSystem) and any(isinstance(t, NoSoundSystem) for t in self._told.values()):
                return  # said once is enough
            self._told[subject] = error
            self.troubles.append(LineTrouble(error, over=False))

    # -- the thread --

    def _keep(self) -> None:
        while not self._closed.is_set():
            try:
                if not self._watch.running:
                    self._watch.start()
                self._end_gone()
                self._tend(self.microphone)
                self._tend(self.speaker)
            except Exception:
                # Our bug; without the keeper a device that goes away would never come back.
                log.exception("looking after the devices failed")
            self.tried.set()
            self._wake.wait(RETRY_S)
            self._wake.clear()
        self._watch.close()
        with self.lock:
            for place in (self.microphone, self.speaker):
                self.drop_locked(place, None)
        self._end_gone()

    def _tend(self, place: Place[Device]) -> None:
        if self._closed.is_set():
            return
        if place.device is not None and not self._still_there(place):
            self._end_gone()
        if place.device is None:
            self._open(place)
        elif place.replaced:
            self._go_back(place)

    def _still_there(self, place: Place[Device]) -> bool:
        """Whether the device is the one that was opened, as far as is known."""
        doubted, suspect, place.suspect = place.doubted_at, place.suspect, False
        device = place.device
        if device is None or not (suspect or doubted is not None or not self._watch.running):
            return True
        moved = device.route.moved()
        with self.lock:
            if moved or (moved is None and suspect):
                place.elsewhere = device if moved else None
                self.drop_locked(place, went_away(place))
                return False
            if place.doubted_at == doubted:
                place.doubted_at = None
        return True

    def _open(self, place: Place[Device]) -> None:
        name = place.chosen
        if place.failures % 3 == 2:
            self._make_room(place)
        device, other = None, None
        try:
            device = place.make(name)
        except MachineError as error:
            failure = error
            if name and not isinstance(error, NoSoundSystem):
                device, other = self._default(place, error)
        with self.lock:
            if device is None:
                place.failures += 1
                self.tell_locked(place.noun, failure)
            elif name == place.chosen:
                self._install_locked(place, device, "" if other is not None else name)
                self.tell_locked(f"other {place.noun}", other)
            else:
                self._gone.append(device)  # another one was chosen meanwhile
                self._wake.set()

    def _default(self, place: Place[Device], error: MachineError) -> tuple[Device | None, MachineError | None]:
        try:
            device = place.make("")
        except MachineError:
            return None, None
        sentence = f"{error.sentence} The default one is used until it is there."
        return device, place.other(sentence, error.remedy)

    def _go_back(self, place: Place[Device]) -> None:
        """From the default device to the chosen one, when that is there again."""
        name = place.chosen
        try:
            if name in devices.known(place.kind):
                device = place.make(name)
                with self.lock:
                    if name != place.chosen:
                        self._gone.append(device)
                        return
                    self.drop_locked(place, None)
                    self._install_locked(place, device, name)
                    self.tell_locked(f"other {place.noun}", None)
                self._end_gone()
                return
        except MachineError:
            return
        if time.monotonic() - self._looked_at < LOOK_S:
            return
        self._looked_at = time.monotonic()
        if name in devices.plugged_in().get(place.kind, ()):
            # It can be opened only when nothing is open.
            with self.lock:
                self.drop_locked(self.microphone, None)
                self.drop_locked(self.speaker, None)
            self._end_gone()
            self._open(place)

    def _install_locked(self, place: Place[Device], device: Device, used: str) -> None:
        place.device, place.used, place.failures = device, used, 0
        if isinstance(device, Speaker):
            self.on_speaker(device)

    def _make_room(self, place: Place[Device]) -> None:
        """PortAudio learns of a device that was plugged in only when nothing is open: does that help here?"""
        other = self.speaker if place.kind == "input" else self.microphone
        if other.device is None:
            return
        if set(devices.plugged_in().get(place.kind, [])) - set(devices.known(place.kind)):
            with self.lock:
                self.drop_locked(other, None)
            self._end_gone()

    def _choose_locked(self, place: Place[Device], name: str) -> None:
        if name == place.chosen:
            return
        place.chosen = name
        place.failures = 0
        self.tell_locked(f"other {place.noun}", None)
        if place.device is not None and place.used != name:
            self.drop_locked(place, None)

    def _end_gone(self) -> None:
        with self.lock:
            gone, self._gone = self._gone, []
        for device in gone:
            device.close()

    # -- the watch's thread --

    def _changed(self, kind: str, stream: int) -> None:
        """Something about a stream of this machine changed, perhaps where it comes from."""
        place = self.microphone if kind == "input" else self.speaker
        device = place.device
        if place.doubted_at is None and (device is None or device.route.may_be(stream)):
            place.doubted_at = time.monotonic()
            self._wake.set()


def _followed_speaker(name: str) -> Speaker:
    return Speaker(name, followed=True)


def went_away(place: Place[Device]) -> MachineError:
    meanwhile = "type your answer" if place.kind == "input" else "read the captions"
    return place.missing(
        f"The {place.noun} went away; everything up to here is kept. Waiting for the {place.noun}.",
        f"Plug it in again, choose another one, or {meanwhile} until it is back.",
    )

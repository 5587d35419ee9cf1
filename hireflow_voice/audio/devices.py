"""The one owner of PortAudio: lists devices, opens and ends streams.

PortAudio is not made for several threads, can hang for as long as the sound server hangs, and learns of new devices
only by starting anew, which ends every stream of the process. So every call into it goes through `_ask`: one at a time,
each on a thread of its own that is abandoned when it does not come back in time. No function here hangs.

`stop()` is never used: on a stream whose server is silent it blocks for good, `abort()` does not.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from hireflow_voice.errors import HireFlowError, MachineError, NoMicrophone, NoSoundSystem, NoSpeaker

T = TypeVar("T")

PREFERRED_RATE = 48_000
"""What sound hardware runs at; PortAudio's own default over PulseAudio, 44100, would be resampled once more."""
LATENCY_IN_S, LATENCY_OUT_S = 0.1, 0.2
"""Output starves first when the machine is busy, so it gets more buffer (measured: no slips in 60 s at load 12)."""

LIMIT_S = 5.0
"""How long a caller waits for PortAudio. Opening takes 0.05 s, starting anew 0.2 s."""
END_LIMIT_S = 2.0


_portaudio = threading.Lock()
"""Held by the one thread that is inside PortAudio."""
_state = threading.Lock()
_streams: dict[int, Any] = {}
"""Streams of this process that are not closed yet. Held here because PortAudio calls into a stream until it is closed:
one that Python had let go of meanwhile would be a call into freed memory."""
_to_close: list[Any] = []
"""Streams whose owner could not wait for their end; the next one inside PortAudio closes them."""
_hanging = 0
"""Calls that were abandoned and have not come back."""
_quiet_users = 0
_real_stderr = -1


def list_devices() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of inputs and outputs as the sound system gives them, the default first; empty where there is none.

    Slow: up to 0.5 s. Raises NoSoundSystem when PortAudio is missing or the sound system does not answer.
    """

    def ask() -> tuple[bool, tuple[str, ...], tuple[str, ...]]:
        sd = _sounddevice()
        if not _streams:
            _start_anew(sd)
        return bool(_streams), _names(sd, "input"), _names(sd, "output")

    old, inputs, outputs = _ask(ask)
    if old:  # PortAudio knows those that were there when it started, and cannot look again while a stream runs
        now = plugged_in()
        inputs, outputs = (
            tuple(dict.fromkeys((*names, *now.get(kind, ()))))
            for kind, names in (("input", inputs), ("output", outputs))
        )
    return inputs, outputs


def known(kind: str) -> tuple[str, ...]:
    """Names of the inputs or outputs ("input", "output") that PortAudio knew when it started. Raises NoSoundSystem."""
    return _ask(lambda: _names(_sounddevice(), kind))


_LOOK = """
import json, sounddevice
found = sounddevice.query_devices()
print(json.dumps({k: [d["name"] for d in found if d[f"max_{k}_channels"] > 0] for k in ("input", "output")}))
"""


def plugged_in() -> dict[str, list[str]]:
    """Names of all inputs and outputs there are by now, under "input" and "output"; empty when that fails.

    A process of its own looks, because PortAudio finds what was plugged in only by ending every stream. Slow: 0.3 s.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-c", _LOOK],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LIMIT_S,
            check=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        found = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return {}
    return {str(kind): [str(name) for name in names] for kind, names in found.items()}


def refresh() -> bool:
    """Look for devices anew; False when a stream is open, which it would end. Raises NoSoundSystem."""

    def ask() -> bool:
        sd = _sounddevice()
        if _streams:
            return False
        _start_anew(sd)
        return True

    return _ask(ask)


def hanging() -> bool:
    """True while a call into the sound system has not come back. Leave the process with `os._exit` then, after
    everything is on disk: an ordinary exit waits for PortAudio."""
    return _hanging > 0


@dataclass(slots=True)
class Stream:
    """An open, running stream."""

    rate: int
    latency_s: float
    """What PortAudio says of its buffer."""
    finished: threading.Event
    """Set when the stream ended by itself: the device or the server is gone."""
    _raw: Any = field(repr=False)
    _ended: bool = False

    def end(self) -> None:
        """Abort and close; idempotent. Returns after 2 s at the latest, whatever the sound system does."""
        if self._ended:
            return
        self._ended = True
        _to_close.append(self._raw)
        with contextlib.suppress(NoSoundSystem):
            _ask(_close_waiting, limit_s=END_LIMIT_S)


def open_input(name: str, callback: Callable[[Any, int, Any, Any], None]) -> Stream:
    """Start a microphone (empty name: the default one), 16-bit mono in 20 ms blocks.

    Raises NoMicrophone, NoSoundSystem.
    """
    return _open("input", name, callback)


def open_output(name: str, callback: Callable[[Any, int, Any, Any], None]) -> Stream:
    """Start a speaker (empty name: the default one). Raises NoSpeaker, NoSoundSystem."""
    return _open("output", name, callback)


def _open(kind: str, name: str, callback: Callable[[Any, int, Any, Any], None]) -> Stream:
    def ask() -> Stream:
        sd = _sounddevice()
        if not _streams and not sd._initialized:
            _start_anew(sd)
        try:
            try:
                return _started(sd, kind, name, callback)
            except (sd.PortAudioError, _Missing):
                if _streams:
                    raise
                # It may have been plugged in since PortAudio started.
                _start_anew(sd)
                return _started(sd, kind, name, callback)
        except (sd.PortAudioError, _Missing) as error:
            raise _unusable(kind, name, error) from error

    # A stream that comes after the caller has left belongs to nobody.
    return _ask(ask, abandoned=lambda stream: _close(stream._raw))


class _Missing(Exception):
    """No such device."""


def _unusable(kind: str, name: str, error: Exception) -> MachineError:
    noun, failure = ("microphone", NoMicrophone) if kind == "input" else ("speaker", NoSpeaker)
    if isinstance(error, _Missing):
        if not name:
            return failure(f"There is no {noun}.", "Plug one in, or check the sound settings of this computer.")
        return failure(f"The {noun} {name!r} is not there.", "Plug it in, or choose another one in the settings.")
    which = f"{noun} {name!r}" if name else noun
    return failure(
        f"The {which} cannot be opened: {str(error.args[0]).rstrip('.')}.",
        "Close programs that may be using it, or choose another one in the settings.",
    )


def _started(sd: Any, kind: str, name: str, callback: Callable[[Any, int, Any, Any], None]) -> Stream:
    index = _index_of(sd, kind, name)
    make = sd.RawInputStream if kind == "input" else sd.RawOutputStream
    rates = dict.fromkeys((PREFERRED_RATE, int(sd.query_devices(index)["default_samplerate"])))
    failure: Exception = _Missing()
    for rate in rates:
        finished = threading.Event()
        try:
            raw = make(
                samplerate=rate,
                blocksize=rate // 50,
                device=index,
                channels=1,
                dtype="int16",
                latency=LATENCY_IN_S if kind == "input" else LATENCY_OUT_S,
                callback=callback,
                finished_callback=finished.set,
            )
        except sd.PortAudioError as error:
            failure = error
            continue
        _streams[id(raw)] = raw
        try:
            raw.start()
        except sd.PortAudioError as error:
            _close(raw)
            failure = error
            continue
        return Stream(rate, float(raw.latency), finished, raw)
    raise failure


def _index_of(sd: Any, kind: str, name: str) -> int:
    if not name:
        index = int(sd.default.device[0 if kind == "input" else 1])
        if index < 0:
            raise _Missing
        return index
    for device in sd.query_devices():
        if device["name"] == name and device[f"max_{kind}_channels"] > 0:
            return int(device["index"])
    raise _Missing


def _names(sd: Any, kind: str) -> tuple[str, ...]:
    devices = [device for device in sd.query_devices() if device[f"max_{kind}_channels"] > 0]
    default = int(sd.default.device[0 if kind == "input" else 1])
    devices.sort(key=lambda device: device["index"] != default)
    return tuple(dict.fromkeys(device["name"] for device in devices))


def _close(raw: Any) -> None:
    raw.abort(ignore_errors=True)
    raw.close(ignore_errors=True)
    _streams.pop(id(raw), None)


def _close_waiting() -> None:
    while _to_close:
        _close(_to_close.pop())


def _sounddevice() -> Any:
    """Importing it starts PortAudio, so also this happens only inside `_ask`."""
    try:
        import sounddevice
    except OSError as error:
        raise NoSoundSystem(
            "PortAudio, the library that reaches microphone and speaker, is missing or broken.",
            "Install it: sudo apt-get install libportaudio2",
        ) from error
    return sounddevice


def _start_anew(sd: Any) -> None:
    if sd._initialized:
        sd._terminate()
    sd._initialize()


def _ask(action: Callable[[], T], *, limit_s: float = LIMIT_S, abandoned: Callable[[T], None] | None = None) -> T:
    """Run `action` alone inside PortAudio and give back what it returns or raises.

    When that takes longer than `limit_s` NoSoundSystem is raised; the result, should it come, goes to `abandoned`.
    """
    global _hanging
    results: list[T] = []
    errors: list[BaseException] = []
    left = False

    def run() -> None:
        global _hanging
        try:
            _close_waiting()
            results.append(action())
        except BaseException as error:
            errors.append(error)
        with _state:
            late = left
            if late:
                _hanging -= 1
        if late:
            if results and abandoned is not None:
                abandoned(results[0])
            # Others gave up while this one hung.
            _close_waiting()
        _portaudio.release()

    # Taken here and given back by the thread: nobody else gets in before a hanging call has come back.
    if not _portaudio.acquire(timeout=limit_s):
        raise _no_answer()
    thread = threading.Thread(target=run, name="sound system", daemon=True)
    with _quiet():
        thread.start()
        thread.join(limit_s)
    with _state:
        if not results and not errors:
            left = True
            _hanging += 1
    if left:
        raise _no_answer()
    thread.join(1.0)  # it has its result and is leaving
    if errors:
        error = errors[0]
        if isinstance(error, HireFlowError) or not _is_portaudio(error):
            raise error
        raise NoSoundSystem(f"The sound system failed: {str(error.args[0]).rstrip('.')}.") from error
    return results[0]


def _no_answer() -> NoSoundSystem:
    return NoSoundSystem(
        "The sound system does not answer.", "Restart it, or the computer; what was recorded so far is kept."
    )


def _is_portaudio(error: BaseException) -> bool:
    return type(error).__name__ == "PortAudioError"


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """ALSA and PortAudio write a page to stderr for each device that cannot be opened; nobody can use it.

    Counted, because two threads may be here at once: the first one in saves stderr, the last one out restores it.
    """
    global _quiet_users, _real_stderr
    with _state:
        _quiet_users += 1
        if _quiet_users == 1:
            with contextlib.suppress(OSError):
                _real_stderr = os.dup(2)
                nowhere = os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)
                os.dup2(nowhere, 2)
                os.close(nowhere)
    try:
        yield
    finally:
        with _state:
            _quiet_users -= 1
            if _quiet_users == 0 and _real_stderr >= 0:
                os.dup2(_real_stderr, 2)
                os.close(_real_stderr)
                _real_stderr = -1

"""The application's side of the worker: jobs go in, futures come out, and the process may die at any moment.

One thread owns the process, the socket and all bookkeeping; everything else only puts jobs into its inbox. A lane has
one job at the process at a time, so a job's deadline begins when it is really worked on, and a process that dies takes
no more than one job a lane with it.
"""

from __future__ import annotations

import contextlib
import itertools
import logging
import math
import queue
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Self, cast

from hireflow_voice.errors import WorkerFailed
from hireflow_voice.sound import Pcm
from hireflow_voice.speech.heard import HeardChunk
from hireflow_voice.verdict import Judgement
from hireflow_voice.worker import wire
from hireflow_voice.worker.jobs import Job, JudgeAnswer, Lane, Match, Recognise, Result, SoundsFinished, Speak, Warm
from hireflow_voice.worker.process import Process
from hireflow_voice.worker.wire import Frame, Kind

log = logging.getLogger(__name__)

HEAR_DEADLINE_S = 60.0
TURN_DEADLINE_S = 20.0
SPEAK_DEADLINE_S = 60.0
MATCH_DEADLINE_S = 30.0
JUDGE_DEADLINE_S = 180.0
WARM_DEADLINE_S = 120.0
"""Loading weights: the 1.5B judge takes seconds, on a slow disk that also hashes them a minute."""
START_DEADLINE_S = 60.0
"""From the start of the process until it listens; a second where nothing else runs."""
MEMORY_BYTES = 4 << 30
"""Data the process may allocate (weights that are mapped do not count); all models together take under half."""
MAX_DEATHS, DEATH_WINDOW_S = 3, 60.0
"""So many deaths in so many seconds are a crash loop."""

_SAFE = "Your recording is safe."
_REAL = "hireflow_voice.worker.handlers:ModelHandlers"


@dataclass(slots=True)
class _Pending:
    """A job whose future is open."""

    lane: Lane
    payload: bytes
    """The job, pickled when it was submitted: what the caller does to its arrays afterwards does not matter."""
    deadline_s: float
    future: Future[Any]
    warms: bool
    deaths: int = 0
    """Processes that died while they worked on it."""
    begun: bool = False


@dataclass(frozen=True, slots=True)
class _Flight:
    """What the process works on in one lane: the first job of the lane's queue, or, before it, loading its weights."""

    id: int
    loading: bool
    until: float
    deadline_s: float


@dataclass(slots=True)
class _LaneState:
    queue: deque[_Pending] = field(default_factory=deque)
    flight: _Flight | None = None
    warm: bool = False
    """The present process has loaded what this lane needs."""
    wanted: bool = False
    """It has been used: a new process warms it again before the next job comes."""


class Worker:
    """The process that holds the models. Starts with the first job; every method may be called from any thread.

    A future ends in a result, in the HireFlowError the job raised, or in WorkerFailed. Callbacks of futures, and
    `on_restart` (given one plain sentence), run on the worker's thread and must not block.

    `handlers` ("module:Class", importable by a fresh interpreter) and the figures are there for tests.
    """

    def __init__(
        self,
        *,
        recogniser: str = "whisper-base",
        on_restart: Callable[[str], None] = lambda _: None,
        handlers: str = _REAL,
        memory_bytes: int = MEMORY_BYTES,
        start_deadline_s: float = START_DEADLINE_S,
        warm_deadline_s: float = WARM_DEADLINE_S,
        death_window_s: float = DEATH_WINDOW_S,
    ) -> None:
        self._on_restart = on_restart
        self._handlers, self._recogniser, self._memory_bytes = handlers, recogniser, memory_bytes
        self._start_deadline_s = start_deadline_s
        self._warm_deadline_s = warm_deadline_s
        self._death_window_s = death_window_s
        self._inbox: queue.SimpleQueue[_Pending] = queue.SimpleQueue()
        self._lock = threading.Lock()  # guards _closed and _thread
        self._closed = False
        self._thread: threading.Thread | None = None
        self._waker, self._woken = socket.socketpair()
        # From here on: only the worker's thread.
        self._selector = selectors.DefaultSelector()
        self._process: Process | None = None
        self._start_by = math.inf
        self._died = False  # since the last start
        self._lanes = {lane: _LaneState() for lane in Lane}
        self._ids = itertools.count(1)
        self._deaths: deque[float] = deque(maxlen=MAX_DEATHS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """Of the present process; None when there is none."""
        process = self._process
        return None if process is None else process.pid

    def submit(self, job: Job, *, deadline_s: float) -> Future[Result]:
        """Have a job done; at most `deadline_s` of work, once begun (waiting and loading weights do not count)."""
        future: Future[Result] = Future()
        pending = _Pending(job.lane, wire.pack(job), deadline_s, future, isinstance(job, Warm))
        with self._lock:
            if self._closed:
                future.set_exception(_closing())
                return future
            if self._thread is None:
                self._selector.register(self._woken, selectors.EVENT_READ, None)
                for end in (self._waker, self._woken):
                    end.setblocking(False)
                self._thread = threading.Thread(target=self._run, name="worker", daemon=True)
                self._thread.start()
            self._inbox.put(pending)
        self._wake()
        return future

    def recognise(self, job: Recognise, *, deadline_s: float = HEAR_DEADLINE_S) -> Future[HeardChunk]:
        """One chunk of speech -> its words."""
        return cast("Future[HeardChunk]", self.submit(job, deadline_s=deadline_s))

    def sounds_finished(self, job: SoundsFinished, *, deadline_s: float = TURN_DEADLINE_S) -> Future[float]:
        """The last seconds of a turn -> probability that the voice sounds finished."""
        return cast("Future[float]", self.submit(job, deadline_s=deadline_s))

    def speak(self, job: Speak, *, deadline_s: float = SPEAK_DEADLINE_S) -> Future[Pcm]:
        """Text -> sound."""
        return cast("Future[Pcm]", self.submit(job, deadline_s=deadline_s))

    def match(self, job: Match, *, deadline_s: float = MATCH_DEADLINE_S) -> Future[Judgement]:
        """The quick judgement, for the follow-up."""
        return cast("Future[Judgement]", self.submit(job, deadline_s=deadline_s))

    def judge(self, job: JudgeAnswer, *, deadline_s: float = JUDGE_DEADLINE_S) -> Future[Judgement]:
        """The judgement whose score is shown."""
        return cast("Future[Judgement]", self.submit(job, deadline_s=deadline_s))

    def warm(self, job: Warm, *, deadline_s: float = WARM_DEADLINE_S) -> Future[tuple[str, ...]]:
        """Load a lane's weights ahead of its first job -> names of what was loaded."""
        return cast("Future[tuple[str, ...]]", self.submit(job, deadline_s=deadline_s))

    def close(self) -> None:
        """End the process and the thread, within 2 s; open futures end in WorkerFailed. Harmless when called twice."""
        with self._lock:
            first, self._closed = not self._closed, True
            thread = self._thread
        self._wake()
        if thread is not None:
            if thread is not threading.current_thread():
                thread.join()
        elif first:
            self._release()

    # -- the worker's thread -------------------------------------------------------------------------------------------

    def _wake(self) -> None:
        with contextlib.suppress(OSError):  # full: it is awake already; closed: it has ended
            self._waker.send(b".")

    def _run(self) -> None:
        try:
            while not self._closed:
                self._take_inbox()
                self._check_deadlines()
                self._keep_alive()
                self._dispatch()
                self._listen(self._patience())
        except Exception:
            log.exception("the worker's thread failed")
        finally:
            with self._lock:
                self._closed = True
            if self._process is not None:
                process, self._process = self._process, None
                process.end(0.5)
            self._take_inbox()
            for lane in self._lanes.values():
                self._fail(lane, len(lane.queue), _closing())
            self._release()

    def _release(self) -> None:
        self._selector.close()
        self._waker.close()
        self._woken.close()

    def _take_inbox(self) -> None:
        with contextlib.suppress(queue.Empty):
            while True:
                pending = self._inbox.get_nowait()
                self._lanes[pending.lane].queue.append(pending)

    def _patience(self) -> float | None:
        """Seconds until something must be looked at; None when only events matter."""
        times = [lane.flight.until for lane in self._lanes.values() if lane.flight is not None]
        soonest = min([*times, self._start_by])
        return None if soonest == math.inf else max(0.0, soonest - time.monotonic())

    def _listen(self, timeout_s: float | None) -> None:
        """Wait for the inbox, the process, or a deadline; then take what came."""
        for key, _ in self._selector.select(timeout_s):
            if key.data is None:
                with contextlib.suppress(BlockingIOError):
                    while self._woken.recv(4096):
                        pass
        if self._process is None:
            return
        self._process.write()
        frames, alive = self._process.read()
        for frame in frames:
            self._take(frame)
        if not alive:
            self._bury("stopped by itself", None)

    def _take(self, frame: Frame) -> None:
        match frame.kind:
            case Kind.READY:
                assert self._process is not None
                self._process.ready, self._start_by = True, math.inf
            case Kind.LOG:
                level, name, text = wire.unpack(frame.payload)
                logging.getLogger(name).log(level, "%s", text)
            case Kind.RESULT | Kind.ERROR:
                for lane in self._lanes.values():
                    if lane.flight is not None and lane.flight.id == frame.id:
                        self._land(lane, lane.flight, frame)

    def _land(self, lane: _LaneState, flight: _Flight, frame: Frame) -> None:
        """A flight came back. Loading that failed is not told: the job behind it meets the same error itself."""
        lane.flight, lane.warm, lane.wanted = None, True, True
        if flight.loading:
            return
        pending = lane.queue.popleft()
        try:
            value = wire.unpack(frame.payload)
        except Exception:
            log.exception("a frame of the worker cannot be read")
            value, frame = WorkerFailed(f"The worker's answer could not be read. {_SAFE}"), Frame(Kind.ERROR, 0, b"")
        if frame.kind is Kind.RESULT:
            pending.future.set_result(value)
        else:
            lane.warm = not pending.warms  # weights that were missing are looked for again
            pending.future.set_exception(value)

    def _dispatch(self) -> None:
        """Give every idle lane its next job, or its weights first."""
        process = self._process
        if process is None or not process.ready:
            return
        for name, lane in self._lanes.items():
            if lane.flight is not None:
                continue
            while lane.queue and not lane.queue[0].begun:
                lane.queue[0].begun = lane.queue[0].future.set_running_or_notify_cancel()
                if lane.queue[0].begun:
                    break
                lane.queue.popleft()  # cancelled while it waited
            head = lane.queue[0] if lane.queue else None
            loading = not lane.warm and (head is None or not head.warms)
            if head is None and (lane.warm or not lane.wanted):
                continue
            if loading:
                payload, deadline_s = wire.pack(Warm(name)), self._warm_deadline_s
            else:
                assert head is not None
                payload, deadline_s = head.payload, head.deadline_s
            lane.flight = _Flight(next(self._ids), loading, time.monotonic() + deadline_s, deadline_s)
            process.put(lane.flight.id, payload)

    def _check_deadlines(self) -> None:
        now = time.monotonic()
        for lane in self._lanes.values():
            if lane.flight is not None and now >= lane.flight.until:
                self._bury(f"took longer than {lane.flight.deadline_s:.0f} s", lane)
                return
        if self._process is not None and now >= self._start_by:
            self._bury("did not start", None)

    def _bury(self, why: str, culprit: _LaneState | None) -> None:
        """The process died, or is killed now. Decide what becomes of the jobs it worked on.

        `culprit`: the lane whose job ran past its deadline. That job fails, and the others are innocent. When it is not
        known who did it, each job may meet one death, and fails with its second.
        """
        process, self._process, self._start_by = self._process, None, math.inf
        if process is None:
            return
        # A process that died by itself is given time to say how; one that hangs is not.
        log.error("worker %s %s: %s", process.pid, why, process.end(0.0 if culprit else 0.5))
        self._deaths.append(time.monotonic())
        self._died = True
        for lane in self._lanes.values():
            flight, lane.flight, lane.warm = lane.flight, None, False
            if flight is None:
                continue
            if not lane.queue:
                lane.wanted = False  # it died loading weights nobody waits for: do not insist
            elif culprit is not None:
                if lane is culprit:
                    self._fail(lane, 1, WorkerFailed(f"A job {why} and was ended. {_SAFE}", "Try it again later."))
            else:
                lane.queue[0].deaths += 1
                if lane.queue[0].deaths > 1:
                    sentence = f"The part of HireFlow Voice that listens, speaks and judges stopped twice. {_SAFE}"
                    self._fail(lane, 1, WorkerFailed(sentence, "Try it again later; the log says how it stopped."))

    def _keep_alive(self) -> None:
        """Start a process when one is needed, unless they keep dying."""
        if self._process is not None or not any(lane.queue or lane.wanted for lane in self._lanes.values()):
            return
        now = time.monotonic()
        if len(self._deaths) == MAX_DEATHS and now - self._deaths[0] < self._death_window_s:
            self._give_up(f"stopped {MAX_DEATHS} times within a minute")
            return
        try:
            self._process = Process(self._selector, self._handlers, self._recogniser, self._memory_bytes)
        except OSError as error:
            log.error("the worker cannot be started: %s", error)
            self._give_up("cannot be started")
            return
        self._start_by = now + self._start_deadline_s
        if self._died:
            self._died = False
            try:
                self._on_restart("The part of HireFlow Voice that listens, speaks and judges was started again.")
            except Exception:
                log.exception("on_restart failed")

    def _give_up(self, why: str) -> None:
        for lane in self._lanes.values():
            lane.wanted = False
            self._fail(
                lane,
                len(lane.queue),
                WorkerFailed(
                    f"The part of HireFlow Voice that listens, speaks and judges {why}. {_SAFE}",
                    "Wait a minute and try again; the log says how it stopped.",
                ),
            )

    def _fail(self, lane: _LaneState, count: int, error: WorkerFailed) -> None:
        """End the first `count` jobs of a lane with `error`."""
        for _ in range(count):
            pending = lane.queue.popleft()
            if pending.begun or pending.future.set_running_or_notify_cancel():
                pending.future.set_exception(error)


def _closing() -> WorkerFailed:
    return WorkerFailed("HireFlow Voice is closing.")

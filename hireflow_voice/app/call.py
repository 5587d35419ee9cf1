"""The thread that drives one call.

It owns the interview machine. Everything that happens elsewhere (a block of sound, a finished job, a key) reaches it as
a step posted to its inbox, so nothing here needs a lock.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from hireflow_voice.app import desk as desks
from hireflow_voice.app.desk import rubric_of
from hireflow_voice.app.inbox import Inbox
from hireflow_voice.app.judging import Judging
from hireflow_voice.app.listener import Listener, ListenerEvents
from hireflow_voice.app.listening import Listening
from hireflow_voice.app.mouth import Mouth
from hireflow_voice.app.parts import CallParts
from hireflow_voice.app.speaking import Speaking
from hireflow_voice.app.thread import CallThread
from hireflow_voice.audio import tones
from hireflow_voice.audio.line import Block, LineTrouble
from hireflow_voice.errors import EchoHeard, HireFlowError, ModelMissing
from hireflow_voice.events import (
    CallCommand,
    CallEnded,
    CallEvent,
    CallSaved,
    Ducked,
    Judged,
    Phase,
    PhaseChanged,
    Press,
    Trouble,
    Typed,
    UseDevices,
)
from hireflow_voice.interview import journal, phrases
from hireflow_voice.interview.actions import (
    Action,
    FindCoverage,
    Finish,
    Listen,
    Say,
    Settle,
    StopListening,
    StopSpeaking,
)
from hireflow_voice.interview.inputs import Held, Input, Interrupted, PickedUp, Resumed, Tick, Unheld, Wish, Wished
from hireflow_voice.interview.machine import Interview
from hireflow_voice.records import CallState, TakeRecord
from hireflow_voice.sound import RATE, Echo
from hireflow_voice.speech import repair
from hireflow_voice.turns.interruption import Interruption

log = logging.getLogger(__name__)

DOUBLE_PRESS_S = 0.5
"""A second Space so soon after the interviewer has begun was meant for the answer."""

_WISHES = {
    Press.DONE: Wish.DONE,
    Press.REPEAT: Wish.REPEAT,
    Press.REPHRASE: Wish.REPHRASE,
    Press.HINT: Wish.HINT,
    Press.THINK: Wish.THINK,
    Press.DONT_KNOW: Wish.DONT_KNOW,
    Press.SKIP: Wish.SKIP,
    Press.RETRY: Wish.RETRY,
    Press.HANG_UP: Wish.HANG_UP,
}


class Call:
    """A running call (`api.LiveCall`). `start` it once; events come on its thread."""

    def __init__(self, parts: CallParts, on_event: Callable[[CallEvent], None]) -> None:
        self._parts = parts
        self._line = parts.line
        self._folder = parts.folder
        self._emit = on_event
        self._inbox = Inbox(parts.line)
        self._machine = Interview(parts.plan)
        self._todo: deque[Input] = deque()
        self._telling = False
        self._takes: dict[str, TakeRecord] = {t.id: t for t in parts.takes}
        self._phase = Phase.CONNECTING
        self._phase_since = 0.0
        self._held_at: float | None = None
        """On the line's clock; None while the call is not on hold."""
        self._phase_after = Phase.CONNECTING
        """What the call goes on with after a hold."""
        self._muted = False
        self._picked_up_at: float | None = None
        self._offset_s = 0.0
        self._ticked_at = 0.0
        self._due_at: float | None = None  # read on the pump thread
        self._finished: bool | None = None
        self._over = False
        self._broken_off = False
        self._leaving = threading.Event()
        """Set when whoever started the call wants to be gone, whatever it is doing."""
        self._troubles: set[str] = set()
        self._listener: Listener | None = None  # read on the pump thread
        self._put_together()
        self._thread = threading.Thread(target=self._run, name=f"call {self.id}")

    def _put_together(self) -> None:
        parts = self._parts
        rubrics = {q.id: rubric_of(q) for q in parts.header.questions}
        thread = CallThread(
            post=self._inbox.post,
            hold_for=self._inbox.hold_for,
            now=self._now,
            emit=self._emit,
            phase=self._set_phase,
            tell=self._handle,
            trouble=self._trouble,
            keep=self._keep,
            takes=self._takes,
            save=self._save,
        )
        self._mouth = Mouth(thread, parts.line, parts.worker, parts.voice, parts.phone)
        if parts.speculate:
            self._mouth.prepare(phrases.all_phrases(parts.plan))
        self._judging = Judging(
            thread,
            parts.worker,
            parts.desk,
            rubrics,
            lambda: self._machine,
            self._maybe_over,
        )
        listener = Listener(
            self._interruption(),
            ListenerEvents(
                interrupted=lambda: self._inbox.post(self._interrupted),
                duck=self._duck,
                echo=lambda: self._inbox.post(lambda: self._trouble(_echo_heard())),
            ),
        )
        self._listening = Listening(
            parts, thread, listener, self._judging, rubrics, lambda: self._machine, self._mouth.foresee
        )
        self._speaking = Speaking(parts, thread, self._mouth, listener, self._listening, lambda: self._machine)
        self._listener = listener

    def _interruption(self) -> Interruption | None:
        try:
            return self._parts.interruption()
        except ModelMissing as missing:
            log.warning("nobody can interrupt: %s", missing)  # the first turn will tell the user
            return None

    # -- from any thread -----------------------------------------------------------------------------------------------

    @property
    def id(self) -> str:
        return self._folder.id

    def start(self) -> None:
        """Connect, ring, and go on until the call is saved."""
        self._thread.start()

    def post(self, command: CallCommand) -> None:
        """A key, a button, or a typed answer; returns at once."""
        self._inbox.post(lambda: self._command(command))

    def break_off(self) -> None:
        """End at once and leave a call that can be resumed: Ctrl-C, or the window was closed and the user said so."""
        self._leaving.set()
        self._inbox.post(self._break_off)

    def join(self, timeout: float | None = None) -> bool:
        """Wait for the call to be saved; True when its thread is gone."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _on_block(self, block: Block) -> None:
        """On the pump thread: the disk first, everything else later."""
        if self._listener is not None:
            self._listener.hear(block)
        end = block.index + len(block.samples)
        due = self._due_at
        if block.index // RATE != end // RATE or (due is not None and end / RATE >= due):
            self._due_at = None
            self._inbox.post(self._tick)

    def _duck(self, on: bool) -> None:
        self._line.duck(on)
        self._inbox.post(lambda: self._emit(Ducked(self._now(), on)))

    # -- the thread ----------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            self._set_phase(Phase.CONNECTING)
            self._line.open(self._on_block, lambda trouble: self._inbox.post(lambda: self._on_trouble(trouble)))
            self._connect()
            while not self._over:
                try:
                    self._inbox.run_next(0.5, self._tick)
                except HireFlowError as error:
                    self._trouble(error)
        except Exception as error:
            # Our bug. What was recorded is on disk; say so instead of vanishing.
            log.exception("the call broke")
            self._broken_off = True
            self._emit(
                Trouble(
                    self._now(),
                    type(error).__name__,
                    "HireFlow Voice",
                    "The call broke off because of an error in HireFlow Voice. Everything you said is kept.",
                    "Resume the call from Home; the log has the details.",
                )
            )
        finally:
            self._wind_up()

    def _connect(self) -> None:
        """Ring until the recogniser is loaded."""
        repair.warm()  # half a second, better now than inside the first answer
        if self._parts.inputs:
            self._machine = journal.replay(self._parts.plan, self._parts.inputs)
            self._offset_s = self._machine.now
            self._speaking.question = self._machine.question_number
            self._judging.coverage = {k: dict(v) for k, v in self._parts.coverage.items()}
            if self._machine.finished:  # it broke off after the goodbye: only the judging is left
                self._finished = True
                self._end()
                return
        self._set_phase(Phase.RINGING)
        if self._parts.speculate:
            self._mouth.foresee((*phrases.HEARD, *phrases.greeting(self._parts.plan)))
        self._inbox.hold_for(self._parts.warm(), lambda _future: self._ring())

    def _ring(self) -> None:
        self._line.play(tones.ring_back(), lambda: self._inbox.post(self._pick_up))

    def _pick_up(self) -> None:
        self._picked_up_at = self._line.now()
        self._ticked_at = self._now()
        self._handle(Resumed(self._now()) if self._parts.inputs else PickedUp(self._now()))

    def _now(self) -> float:
        if self._picked_up_at is None:
            return self._offset_s
        line_s = self._line.now() if self._held_at is None else self._held_at
        return self._offset_s + line_s - self._picked_up_at

    def _tick(self) -> None:
        if self._picked_up_at is None or self._finished is not None:
            return
        now, due = self._now(), self._machine.due
        if now - self._ticked_at >= 1.0 or (due is not None and now >= due):
            self._ticked_at = now
            self._handle(Tick(now))
        else:
            self._set_due()

    def _set_due(self) -> None:
        """When, on the line's clock, time alone will change something."""
        due = self._machine.due
        if due is not None and self._picked_up_at is not None:
            self._due_at = due - self._offset_s + self._picked_up_at

    def _handle(self, event: Input) -> None:
        """Tell the interview, and do what it wants; what that brings about at once comes after it."""
        if self._finished is not None:
            return
        self._todo.append(event)
        if self._telling:
            return
        self._telling = True
        try:
            while self._todo:
                event = self._todo.popleft()
                if not isinstance(event, Tick):
                    self._keep(self._folder.add_input, journal.to_json(event))
                for action in self._machine.handle(event):
                    self._do(action)
        finally:
            self._telling = False
            self._todo.clear()
        self._set_due()

    def _do(self, action: Action) -> None:
        match action:
            case Say():
                self._speaking.say(action)
            case StopSpeaking():
                self._speaking.stop(action.utterance)
            case Listen():
                self._listen(action)
            case StopListening():
                self._listening.stop(action.turn)
            case Settle():
                self._listening.settle(action.turn)
            case FindCoverage():
                self._judging.find(action, self._listening.turn)
            case Finish():
                self._hang_up(action.finished)

    def _listen(self, listen: Listen) -> None:
        if self._machine.question_number < self._speaking.question:
            self._speaking.show_question()  # it was taken back
        if self._listening.listen(listen):
            self._mouth.render_ahead(lambda: self._phase is Phase.LISTENING)
            if self._parts.on_listen is not None:
                self._parts.on_listen(listen, self)

    def _interrupted(self) -> None:
        if self._finished is None and self._picked_up_at is not None:
            self._handle(Interrupted(self._now()))

    def _save(self, take: TakeRecord) -> None:
        self._takes[take.id] = take
        self._keep(self._folder.save_take, take)

    def _keep(self, write: Callable[..., object], *values: Any) -> None:
        try:
            write(*values)
        except HireFlowError as error:
            self._trouble(error)

    # -- commands and troubles -----------------------------------------------------------------------------------------

    def _command(self, command: CallCommand) -> None:
        if self._finished is not None:
            return
        match command:
            case Typed(text=text):
                if self._held_at is None:
                    self._listening.type(text)
            case UseDevices(microphone=microphone, speaker=speaker, echo=echo):
                self._use_devices(microphone, speaker, echo)
            case Press.MUTE | Press.UNMUTE:
                self._muted = command is Press.MUTE
                self._line.mute(self._muted or self._held_at is not None)
                self._listening.mute(self._muted)
            case Press.HANG_UP if self._picked_up_at is None:
                self._finished = False
                self._line.stop_playing()
                self._end()
            case _ if self._picked_up_at is None:
                pass
            case Press.HOLD | Press.UNHOLD:
                self._hold(command is Press.HOLD)
            case _ if self._held_at is not None and command is not Press.HANG_UP:
                pass
            case Press.DONE if self._phase is Phase.SPEAKING:
                if self._now() - self._phase_since >= DOUBLE_PRESS_S:
                    self._interrupted()  # with speakers and no echo canceller the voice cannot do it
            case _:
                if command is Press.THINK:
                    self._listening.think()
                self._handle(Wished(self._now(), _WISHES[command]))

    def _hold(self, on: bool) -> None:
        """The candidate is away: nothing he says is recorded, and the clock of the call stands still until he is back.

        The journal says so first: a call that is killed on hold knows what was cut off.
        """
        if on is (self._held_at is not None):
            return
        if on:
            self._handle(Held(self._now()))
            self._listening.set_aside()
            self._phase_after = self._phase
            self._set_phase(Phase.ON_HOLD)
            self._held_at = self._line.now()
            self._line.mute(True)
            return
        assert self._held_at is not None
        self._offset_s -= self._line.now() - self._held_at
        self._held_at = None
        self._line.mute(self._muted)
        self._set_phase(self._phase_after)
        self._handle(Unheld(self._now()))

    def _use_devices(self, microphone: str, speaker: str, echo: Echo | None) -> None:
        self._line.use(microphone, speaker, echo)
        if self._listener is not None:
            self._listener.other_devices()
        self._on_trouble(LineTrouble(_echo_heard(), over=True))

    def _trouble(self, error: HireFlowError) -> None:
        kind = type(error).__name__
        if kind not in self._troubles:
            log.warning("%s: %s", kind, error)
            self._troubles.add(kind)
        self._emit(Trouble(self._now(), kind, error.blame, error.sentence, error.remedy))

    def _on_trouble(self, trouble: LineTrouble) -> None:
        error = trouble.error
        self._emit(Trouble(self._now(), type(error).__name__, error.blame, error.sentence, error.remedy, trouble.over))

    # -- the end -------------------------------------------------------------------------------------------------------

    def _hang_up(self, finished: bool) -> None:
        if self._finished is not None:
            return
        self._finished = finished
        # At once: a call that is killed in the tone has ended, and has nothing to go on with.
        self._keep(self._folder.finish, CallState.FINISHED if finished else CallState.HUNG_UP, self._now())
        self._line.play(tones.hang_up(), lambda: self._inbox.post(self._end))

    def _end(self) -> None:
        ended_s = self._now()
        self._listening.leave()
        self._line.close()
        self._set_phase(Phase.ENDED)
        self._keep(self._folder.finish, CallState.FINISHED if self._finished else CallState.HUNG_UP, ended_s)
        self._emit(CallEnded(ended_s, self.id, bool(self._finished)))
        self._maybe_over()

    def _maybe_over(self) -> None:
        if self._phase is Phase.ENDED and not self._judging.pending:
            self._over = True

    def _break_off(self) -> None:
        self._broken_off = True
        self._over = True

    def _wind_up(self) -> None:
        """On every way out: nothing recorded is lost, nothing stays open, and `CallSaved` is the last word."""
        try:
            self._listening.leave()
            self._line.close()
            if not self._broken_off:
                self._complete()
        except Exception:
            log.exception("the call could not be wound up; what was recorded is on disk")
        finally:
            # Whoever broke off is in a hurry; the worker's end will end the judgement.
            self._parts.desk.close(wait=not (self._broken_off or self._leaving.is_set()))
            self._folder.close()
            self._emit(CallSaved(self.id))

    def _complete(self) -> None:
        try:
            _, (judgements, places, form) = desks.complete(
                self._parts.header,
                list(self._takes.values()),
                self._parts.transcribe,
                self._parts.desk,
                self._save,
                lambda judgement: self._emit(Judged(self._now(), judgement.question, judgement)),
                stopped=self._leaving.is_set,
            )
            if not self._leaving.is_set():
                self._folder.save_result(judgements, places, form)
        except HireFlowError as error:
            self._trouble(error)

    # -- small things --------------------------------------------------------------------------------------------------

    def _set_phase(self, phase: Phase) -> None:
        if self._held_at is not None and phase is not Phase.ENDED:
            self._phase_after = phase
        elif phase is not self._phase or phase is Phase.CONNECTING:
            self._phase, self._phase_since = phase, self._now()
            self._emit(PhaseChanged(self._now(), phase))


def _echo_heard() -> EchoHeard:
    return EchoHeard(
        "The microphone hears the interviewer, so it is not listened to while he speaks.",
        "Interrupt him with Space; to speak over him put on headphones, or choose speakers with A.",
    )

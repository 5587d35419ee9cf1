"""The thread that drives one call.

It owns the interview machine. Everything that happens elsewhere (a block of sound, a finished job, a key) reaches it as
a step posted to its inbox, so nothing here needs a lock. A simulated line's clock stands still while a step waits or a
job that the conversation depends on is running (`Line.hold`); a sound card's clock of course does not.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

from hireflow_voice.app import desk as desks
from hireflow_voice.app.desk import is_answer, rubric_of
from hireflow_voice.app.ear import Ear, EarEvents
from hireflow_voice.app.mouth import Mouth
from hireflow_voice.app.parts import CallParts
from hireflow_voice.app.turn import Turn
from hireflow_voice.audio import tones
from hireflow_voice.audio.line import Block, LineTrouble
from hireflow_voice.audio.take import TakeWriter
from hireflow_voice.errors import HireFlowError
from hireflow_voice.evaluation.combine import combine
from hireflow_voice.evaluation.rubric import Answer
from hireflow_voice.events import (
    CallCommand,
    CallEnded,
    CallEvent,
    CallSaved,
    Caption,
    Judged,
    Level,
    Phase,
    PhaseChanged,
    Press,
    QuestionChanged,
    SilenceGrowing,
    Trouble,
    Typed,
    UseDevices,
)
from hireflow_voice.interview import commands, journal, phrases
from hireflow_voice.interview.actions import (
    Action,
    FindCoverage,
    Finish,
    Listen,
    Manner,
    Say,
    StopListening,
    StopSpeaking,
)
from hireflow_voice.interview.inputs import (
    CoverageFailed,
    CoverageReady,
    Input,
    PickedUp,
    PlaybackEnded,
    Resumed,
    SpeechStarted,
    Tick,
    TurnEnded,
    Wish,
    Wished,
)
from hireflow_voice.interview.machine import Interview
from hireflow_voice.records import CallState, Line, TakeKind, TakeRecord
from hireflow_voice.sound import RATE
from hireflow_voice.speech import repair
from hireflow_voice.speech.assemble import assemble
from hireflow_voice.transcript import Transcript, typed
from hireflow_voice.verdict import Judgement
from hireflow_voice.worker.jobs import Match, Recognise

log = logging.getLogger(__name__)

THINK_S = 20.0
"""How much longer a silence may last once the candidate has asked for time."""

_WISHES = {
    Press.DONE: Wish.DONE,
    Press.REPEAT: Wish.REPEAT,
    Press.HINT: Wish.HINT,
    Press.THINK: Wish.THINK,
    Press.DONT_KNOW: Wish.DONT_KNOW,
    Press.SKIP: Wish.SKIP,
    Press.HANG_UP: Wish.HANG_UP,
}


class Call:
    """A running call (`api.LiveCall`). `start` it once; events come on its thread."""

    def __init__(self, parts: CallParts, on_event: Callable[[CallEvent], None]) -> None:
        self._parts = parts
        self._line = parts.line
        self._folder = parts.folder
        self._emit = on_event
        self._inbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._machine = Interview(parts.plan)
        self._rubrics = {q.id: rubric_of(q) for q in parts.header.questions}
        self._turn: Turn | None = None
        self._takes: dict[str, TakeRecord] = {t.id: t for t in parts.takes}
        self._coverage: dict[str, dict[str, float]] = {}
        self._phase = Phase.CONNECTING
        self._muted = False
        self._picked_up_at: float | None = None
        self._offset_s = 0.0
        self._ticked_at = 0.0
        self._judging = 0
        self._finished: bool | None = None
        self._over = False
        self._broken_off = False
        self._leaving = threading.Event()
        """Set when whoever started the call wants to be gone, whatever it is doing."""
        self._troubles: set[str] = set()
        self._ear: Ear | None = None  # read on the pump thread
        self._mouth = Mouth(
            parts.line, parts.worker, parts.voice, self._post, self._hold_for, self._trouble, parts.phone
        )
        if parts.speculate:
            self._mouth.prepare(phrases.all_phrases(parts.plan))
        self._thread = threading.Thread(target=self._run, name=f"call {self.id}")

    # -- from any thread -----------------------------------------------------------------------------------------------

    @property
    def id(self) -> str:
        return self._folder.id

    def start(self) -> None:
        """Connect, ring, and go on until the call is saved."""
        self._thread.start()

    def post(self, command: CallCommand) -> None:
        """A key, a button, or a typed answer; returns at once."""
        self._post(lambda: self._command(command))

    def break_off(self) -> None:
        """End at once and leave a call that can be resumed: Ctrl-C, or the window was closed and the user said so."""
        self._leaving.set()
        self._post(self._break_off)

    def join(self, timeout: float | None = None) -> bool:
        """Wait for the call to be saved; True when its thread is gone."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _post(self, step: Callable[[], None]) -> None:
        self._line.hold()
        self._inbox.put(step)

    # -- the thread ----------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            self._set_phase(Phase.CONNECTING)
            self._line.open(self._on_block, lambda trouble: self._post(lambda: self._on_trouble(trouble)))
            self._connect()
            while not self._over:
                posted = True
                try:
                    step = self._inbox.get(timeout=0.5)
                except queue.Empty:
                    step, posted = self._tick, False
                try:
                    step()
                except HireFlowError as error:
                    self._trouble(error)
                finally:
                    if posted:
                        self._line.release()
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
            self._coverage = {k: dict(v) for k, v in self._parts.coverage.items()}
            if self._machine.finished:  # it broke off after the goodbye: only the judging is left
                self._finished = True
                self._end()
                return
        self._set_phase(Phase.RINGING)
        self._hold_for(self._parts.warm(), lambda _future: self._ring())

    def _ring(self) -> None:
        self._line.play(tones.ring_back(), lambda: self._post(self._pick_up))

    def _pick_up(self) -> None:
        self._picked_up_at = self._line.now()
        self._ticked_at = self._now()
        self._handle(Resumed(self._now()) if self._parts.inputs else PickedUp(self._now()))

    def _now(self) -> float:
        if self._picked_up_at is None:
            return self._offset_s
        return self._offset_s + self._line.now() - self._picked_up_at

    def _tick(self) -> None:
        if self._picked_up_at is not None and self._finished is None and self._now() - self._ticked_at >= 1.0:
            self._ticked_at = self._now()
            self._handle(Tick(self._ticked_at))

    def _handle(self, event: Input) -> None:
        if not isinstance(event, Tick):
            self._keep(self._folder.add_input, journal.to_json(event))
        for action in self._machine.handle(event):
            self._do(action)

    def _do(self, action: Action) -> None:
        match action:
            case Say():
                self._say(action)
            case StopSpeaking():
                self._mouth.stop(action.utterance)
            case Listen():
                self._listen(action)
            case StopListening():
                self._end_turn(action.turn)
            case FindCoverage():
                self._find_coverage(action)
            case Finish():
                self._hang_up(action.finished)

    # -- speaking ------------------------------------------------------------------------------------------------------

    def _say(self, say: Say) -> None:
        self._mouth.say(say, lambda: self._begin_saying(say), lambda: self._spoken(say.utterance))

    def _begin_saying(self, say: Say) -> None:
        if self._turn is not None:
            self._turn.ear.pause(True)  # not before: until the voice is there, the candidate may have begun
        self._set_phase(Phase.SPEAKING)
        if say.manner is Manner.QUESTION:
            number = [q.id for q in self._parts.plan.questions].index(say.question) + 1
            self._emit(QuestionChanged(self._now(), number, len(self._parts.plan.questions), say.question, say.text))
        self._emit(Caption(self._now(), "interviewer", say.text, f"say-{say.utterance}", True, say.manner))
        self._keep(self._folder.add_line, Line(self._now(), "interviewer", say.text, say.manner, say.question))

    def _spoken(self, utterance: int) -> None:
        if self._finished is None:
            self._handle(PlaybackEnded(self._now(), utterance))

    # -- listening -----------------------------------------------------------------------------------------------------

    def _listen(self, listen: Listen) -> None:
        if self._turn is not None and self._turn.listen.turn == listen.turn:
            self._turn.ear.pause(False)
            self._set_phase(Phase.LISTENING)
            return
        number = len(self._takes) + 1
        kind = TakeKind(listen.kind)
        take_id, writer = self._begin_take(number, listen, kind)
        take = TakeRecord(
            id=take_id,
            question=listen.question,
            kind=kind,
            asked=listen.asked,
            turn=listen.turn,
            started_s=self._now(),
            key_point=listen.point,
            sound=f"{take_id}.wav" if writer else "",
        )
        self._save(take)  # before the first sound: a killed call still knows what the recording answers
        glossary = self._rubrics[listen.question].glossary if listen.question in self._rubrics else ()
        turn = listen.turn
        detector, chunker = self._parts.turn_parts()
        ear = Ear(
            writer,
            detector,
            chunker,
            EarEvents(
                speech=lambda: self._post(lambda: self._speech(turn)),
                silence=lambda seconds, limit: self._emit_soon(SilenceGrowing, seconds, limit),
                end_of_turn=lambda: self._post(lambda: self._silence_over(turn)),
                chunks=lambda: self._post(lambda: self._chunks(turn)),
                early=lambda chunk: self._post(lambda: self._early(turn, chunk)),
                level=lambda level: self._emit_soon(Level, level),
                broken=lambda error: self._post(lambda: self._trouble(error)),
            ),
        )
        ear.mute(self._muted)

        def recognise(chunk: Any) -> Future[Any]:
            job = Recognise(chunk.samples, chunk.start_s, glossary, chunk.voiced)
            return self._parts.worker.recognise(job)

        self._turn = Turn(listen, take, ear, recognise, self._now())
        self._ear = ear
        self._set_phase(Phase.LISTENING)
        self._mouth.render_ahead(lambda: self._phase is Phase.LISTENING)
        if self._parts.on_listen is not None:
            self._parts.on_listen(listen, self)

    def _begin_take(self, number: int, listen: Listen, kind: TakeKind) -> tuple[str, TakeWriter | None]:
        """Id and file of a new take; no file where the disk is full: the answer is heard and judged all the same."""
        try:
            take_id = self._folder.new_take_id(number, listen.question, kind)
            return take_id, TakeWriter(self._folder.sound_path(take_id))
        except HireFlowError as error:
            self._trouble(error)
            return f"{number:02d}-{kind.value}".replace("_", "-"), None

    def _on_block(self, block: Block) -> None:
        """On the pump thread: the disk first, everything else later."""
        ear = self._ear
        if ear is not None:
            ear.hear(block.samples, block.lost)
        if block.index // RATE != (block.index + len(block.samples)) // RATE:
            self._post(self._tick)

    def _emit_soon(self, kind: Callable[..., CallEvent], *values: Any) -> None:
        self._post(lambda: self._emit(kind(self._now(), *values)))

    def _open(self, turn: int) -> Turn | None:
        return self._turn if self._turn is not None and self._turn.listen.turn == turn else None

    def _speech(self, turn: int) -> None:
        open_ = self._open(turn)
        if open_ is not None and not open_.begun:
            open_.begun = True
            self._handle(SpeechStarted(self._now(), turn))

    def _silence_over(self, turn: int) -> None:
        if self._open(turn):
            self._end_turn(turn)

    def _early(self, turn: int, chunk: Any) -> None:
        if (open_ := self._open(turn)) and self._parts.speculate:
            open_.peek(chunk)

    def _chunks(self, turn: int) -> None:
        if open_ := self._open(turn):
            for chunk in open_.ear.closed():
                open_.chunk(chunk).add_done_callback(lambda _done: self._post(lambda: self._caption(open_, False)))

    def _caption(self, turn: Turn, final: bool) -> None:
        """What was recognised so far. Only chunks whose predecessors are known: a caption never jumps."""
        texts: list[str] = []
        for future in turn.closed:
            if not future.done() or future.exception() is not None:
                break
            texts.append(future.result().text)
        text = " ".join(text for text in texts if text)
        if text and not (turn.heard and not final):
            self._emit(Caption(self._now(), "candidate", text, turn.take.id, final))

    def _end_turn(self, turn: int) -> None:
        """The candidate has finished; the text is known a moment later."""
        open_ = self._open(turn)
        if open_ is None or open_.heard is not None:
            return
        open_.finish()
        waiting = open_.waiting()
        self._ear = None
        self._set_phase(Phase.THINKING)
        left = len(waiting)
        if not left:
            self._turn_heard(open_)
            return

        def one(_done: Future[Any]) -> None:
            nonlocal left
            left -= 1
            if not left:
                self._turn_heard(open_)

        for future in waiting:
            self._hold_for(future, one)

    def _turn_heard(self, turn: Turn) -> None:
        assert turn.heard is not None
        heard, errors = turn.texts()
        for error in errors[:1]:
            self._trouble(error)
        listen = turn.listen
        rubric = self._rubrics.get(listen.question)
        transcript: Transcript | None
        if turn.typed is not None:
            transcript = typed(turn.typed)
        elif errors:
            transcript = None  # some of it could not be recognised now: `complete` reads the whole take again
        else:
            transcript = assemble(heard, rubric.glossary if rubric else (), turn.heard.seconds)
        take = replace(turn.take, seconds=turn.heard.seconds, gaps=turn.heard.gaps, transcript=transcript)
        if turn.typed is not None and not turn.ear.spoke and take.sound:
            self._folder.sound_path(take.id).unlink(missing_ok=True)
            take = replace(take, sound="", seconds=0.0)
        text = transcript.text if transcript is not None else " ".join(chunk.text for chunk in heard)
        wish = commands.read(text) if transcript is not None else None  # half a text may read like a command
        if wish is not None and listen.kind.value != TakeKind.OWN_QUESTION:
            take = replace(take, command=wish.value)
        if transcript is not None and take.sound:
            take = replace(take, delivery=self._parts.measure(take, turn.heard.active))
        self._save(take)
        self._turn = None
        if text:
            self._emit(Caption(self._now(), "candidate", text, take.id, True))
            self._keep(self._folder.add_line, Line(turn.asked_at_s, "candidate", text, take.id, take.question))
        self._judge(take)
        self._handle(TurnEnded(self._now(), listen.turn, text))

    # -- judging -------------------------------------------------------------------------------------------------------

    def _find_coverage(self, find: FindCoverage) -> None:
        rubric = self._rubrics[find.question]
        take = next((t for t in self._takes.values() if t.turn == find.turn), None)
        if take is None or take.transcript is None:
            self._handle(CoverageFailed(self._now(), find.turn))
            return
        job = Match(rubric, Answer(take.asked, take.transcript))
        self._hold_for(self._parts.worker.match(job), lambda done: self._covered(find, done))

    def _covered(self, find: FindCoverage, matched: Future[Judgement]) -> None:
        try:
            judgement = matched.result()
        except HireFlowError as error:
            self._trouble(error)
            self._handle(CoverageFailed(self._now(), find.turn))
            return
        if judgement.failed:
            self._handle(CoverageFailed(self._now(), find.turn))
            return
        best = self._coverage.setdefault(find.question, {})
        for point in judgement.points:
            best[point.point] = max(best.get(point.point, 0.0), point.confidence)
        self._handle(CoverageReady(self._now(), find.turn, tuple(best.items())))

    def _judge(self, take: TakeRecord) -> None:
        """Begin the judgement that is shown; nobody waits for it during the call."""
        rubric = self._rubrics.get(take.question)
        if rubric is None or take.transcript is None or not is_answer(take):
            return
        self._judging += 1
        future = self._parts.desk.judge(rubric, Answer(take.asked, take.transcript))
        future.add_done_callback(lambda done: self._post(lambda: self._judged(take.id, done)))

    def _judged(self, take_id: str, done: Future[Judgement]) -> None:
        self._judging -= 1
        if not done.cancelled():
            take = replace(self._takes[take_id], judgement=done.result())
            self._save(take)
            self._show_judgement(take.question)
        self._maybe_over()

    def _show_judgement(self, question: str) -> None:
        judged = [
            (t.id, t.judgement) for t in self._takes.values() if t.question == question and t.judgement is not None
        ]
        self._emit(Judged(self._now(), question, combine(self._rubrics[question], judged)[0]))

    def _save(self, take: TakeRecord) -> None:
        self._takes[take.id] = take
        self._keep(self._folder.save_take, take)

    def _keep(self, write: Callable[..., object], *values: Any) -> None:
        """Write something down. A disk that is full is told, and does not stop the conversation."""
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
                if self._turn is not None and self._turn.heard is None:
                    self._turn.typed = text
                    self._end_turn(self._turn.listen.turn)
            case UseDevices(microphone=microphone, speaker=speaker):
                self._line.use(microphone, speaker)
            case Press.MUTE | Press.UNMUTE:
                self._muted = command is Press.MUTE
                self._line.mute(self._muted)
                if self._turn is not None:
                    self._turn.ear.mute(self._muted)
            case Press.HANG_UP if self._picked_up_at is None:
                self._finished = False
                self._line.stop_playing()
                self._end()
            case _:
                if self._picked_up_at is None:
                    return
                if command is Press.THINK and self._turn is not None:
                    self._turn.ear.think(THINK_S)
                self._handle(Wished(self._now(), _WISHES[command]))

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
        self._line.play(tones.hang_up(), lambda: self._post(self._end))

    def _end(self) -> None:
        ended_s = self._now()
        if self._turn is not None:
            self._leave_turn()
        self._line.close()
        self._set_phase(Phase.ENDED)
        self._keep(self._folder.finish, CallState.FINISHED if self._finished else CallState.HUNG_UP, ended_s)
        self._emit(CallEnded(ended_s, self.id, bool(self._finished)))
        self._maybe_over()

    def _maybe_over(self) -> None:
        if self._phase is Phase.ENDED and not self._judging:
            self._over = True

    def _break_off(self) -> None:
        self._broken_off = True
        self._over = True

    def _leave_turn(self) -> None:
        """Close the take of a turn that is not going to be finished; its words are recognised afterwards."""
        turn = self._turn
        self._turn = self._ear = None
        if turn is None:
            return
        heard = turn.finish()
        if turn.ear.spoke or turn.typed is not None:
            said = typed(turn.typed) if turn.typed is not None else None
            self._save(replace(turn.take, seconds=heard.seconds, gaps=heard.gaps, transcript=said))
        else:
            # An open turn in which nothing was said is no take.
            self._keep(self._folder.discard_take, turn.take.id)
            del self._takes[turn.take.id]

    def _wind_up(self) -> None:
        """On every way out: nothing recorded is lost, nothing stays open, and `CallSaved` is the last word."""
        try:
            self._leave_turn()
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
        if phase is not self._phase or phase is Phase.CONNECTING:
            self._phase = phase
            self._emit(PhaseChanged(self._now(), phase))

    def _hold_for(self, future: Future[Any], then: Callable[[Future[Any]], None]) -> None:
        """Run `then` on this thread when the future is done; a simulated clock stands still until then."""
        self._line.hold()

        def step() -> None:
            try:
                then(future)
            finally:
                self._line.release()

        future.add_done_callback(lambda _done: self._post(step))

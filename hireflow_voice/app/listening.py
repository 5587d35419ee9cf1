"""The candidate's turns: opened, watched through every silence, taken for finished, reopened, settled.

A silence is working time. Two tenths of a second into it the voice and the words are asked whether they sound finished,
which decides how long it may last; and what would be said if it were the end is found out and rendered. All of that
belongs to one (turn, revision): speech that goes on makes it stale, and nothing stale is waited by, scored or spoken.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

from hireflow_voice.app.coaching import LiveCoach
from hireflow_voice.app.ear import Ear, EarEvents, Pause
from hireflow_voice.app.judging import Judging
from hireflow_voice.app.listener import Listener
from hireflow_voice.app.parts import CallParts
from hireflow_voice.app.thread import CallThread
from hireflow_voice.app.turn import Turn
from hireflow_voice.audio.take import TakeWriter
from hireflow_voice.errors import HireFlowError, ModelMissing
from hireflow_voice.evaluation.rubric import Rubric
from hireflow_voice.events import Caption, Level, Phase, SilenceGrowing, TurnPaused, TurnReopened
from hireflow_voice.interview import commands
from hireflow_voice.interview.actions import Listen
from hireflow_voice.interview.inputs import Paused, SpeechStarted, TurnEnded, Wish
from hireflow_voice.interview.machine import Interview
from hireflow_voice.records import Line, TakeKind, TakeRecord
from hireflow_voice.speech.chunks import Chunk
from hireflow_voice.speech.heard import HeardChunk
from hireflow_voice.transcript import Transcript, typed
from hireflow_voice.turns import cues
from hireflow_voice.turns.patience import THINK_S, Cues, wait_s
from hireflow_voice.turns.smart import COMPLETE
from hireflow_voice.verdict import Judgement
from hireflow_voice.worker.jobs import Recognise, SoundsFinished

_CLOSERS = {Wish.DONE, Wish.SKIP, Wish.HANG_UP, Wish.REPEAT, Wish.REPHRASE, Wish.HINT}
"""Wishes with which a turn is over."""


class Listening:
    """Lives on the call's thread. `machine`: the interview; `foresee`: texts that may be said in a moment."""

    def __init__(
        self,
        parts: CallParts,
        thread: CallThread,
        listener: Listener,
        judging: Judging,
        rubrics: dict[str, Rubric],
        machine: Callable[[], Interview],
        foresee: Callable[[tuple[str, ...]], None],
    ) -> None:
        self._parts = parts
        self._thread = thread
        self._listener = listener
        self._judging = judging
        self._rubrics = rubrics
        self._machine = machine
        self._foresee = foresee
        self._muted = False
        self._coach = LiveCoach(parts.header, thread) if parts.plan.coach else None
        self._asks_voice = True
        self.turn: Turn | None = None
        """The open turn, or the one that ended last while it can still go on."""

    # -- opened --------------------------------------------------------------------------------------------------------

    def listen(self, listen: Listen) -> bool:
        """Open a turn, or go on with the one that is there; whether it is a new one."""
        turn = self.turn
        if turn is not None and turn.listen.turn == listen.turn:
            if turn.ear.over:
                self._reopen(turn)
            else:
                self._listener.open(turn.ear)
            self._thread.phase(Phase.LISTENING)
            return False
        self.turn = turn = self._new_turn(listen)
        self._listener.open(turn.ear)
        self._thread.phase(Phase.LISTENING)
        if self._coach is not None:
            self._coach.begin(turn)
        return True

    def _new_turn(self, listen: Listen) -> Turn:
        kind = TakeKind(listen.kind)
        take_id, writer = self._begin_take(len(self._thread.takes) + 1, listen, kind)
        take = TakeRecord(
            id=take_id,
            question=listen.question,
            kind=kind,
            asked=listen.asked,
            turn=listen.turn,
            started_s=self._thread.now(),
            key_point=listen.point,
            attempt=listen.attempt,
            sound=f"{take_id}.wav" if writer else "",
        )
        self._thread.save(take)  # before the first sound: a killed call still knows what the recording answers
        detector, chunker = self._parts.turn_parts()
        ear = Ear(writer, detector, chunker, self._ear_events(listen.turn))
        ear.mute(self._muted)
        glossary = self._glossary(listen.question)

        def recognise(chunk: Chunk) -> Future[Any]:
            return self._parts.worker.recognise(Recognise(chunk.samples, chunk.start_s, glossary, chunk.voiced))

        turn = Turn(listen, take, ear, recognise, self._thread.now())
        self._grade(turn)
        return turn

    def _begin_take(self, number: int, listen: Listen, kind: TakeKind) -> tuple[str, TakeWriter | None]:
        """Id and file of a new take; no file where the disk is full: the answer is heard and judged all the same."""
        try:
            take_id = self._parts.folder.new_take_id(number, listen.question, kind)
            return take_id, TakeWriter(self._parts.folder.sound_path(take_id))
        except HireFlowError as error:
            self._thread.trouble(error)
            return f"{number:02d}-{kind.value}".replace("_", "-"), None

    def _ear_events(self, turn: int) -> EarEvents:
        def on_turn(step: Callable[[Turn], None]) -> Callable[[], None]:
            def posted() -> None:
                if self.turn is not None and self.turn.listen.turn == turn:
                    step(self.turn)

            return lambda: self._thread.post(posted)

        return EarEvents(
            speech=on_turn(self._speech),
            silence=lambda seconds, limit: on_turn(
                lambda _: self._thread.emit(SilenceGrowing(self._thread.now(), seconds, limit))
            )(),
            end_of_turn=on_turn(self._silence_over),
            chunks=on_turn(self._chunks),
            paused=lambda pause: on_turn(lambda open_: self._paused(open_, pause))(),
            level=lambda level: on_turn(lambda _: self._thread.emit(Level(self._thread.now(), level)))(),
            broken=lambda error: self._thread.post(lambda: self._thread.trouble(error)),
        )

    def set_aside(self) -> None:
        """The interviewer begins to speak into the turn that is open."""
        if self.turn is not None and self.turn.heard is None:
            self.turn.ear.set_aside(True)

    def mute(self, muted: bool) -> None:
        self._muted = muted
        if self.turn is not None:
            self.turn.ear.mute(muted)

    def think(self) -> None:
        """The candidate asked for time, with a key."""
        if self.turn is not None and self.turn.heard is None:
            self.turn.ear.think(THINK_S)

    # -- while the candidate speaks ------------------------------------------------------------------------------------

    def _speech(self, turn: Turn) -> None:
        if turn.heard is None:
            turn.go_on()
            self._grade(turn)
        if not turn.begun:
            turn.begun = True
            self._thread.tell(SpeechStarted(self._thread.now(), turn.listen.turn))

    def _chunks(self, turn: Turn) -> None:
        if turn.heard is None:
            for chunk in turn.ear.closed():
                done = turn.chunk(chunk)
                done.add_done_callback(lambda _done: self._thread.post(lambda: self._caption(turn)))

    def _caption(self, turn: Turn) -> None:
        """What was recognised so far. Only chunks whose predecessors are known: a caption never jumps."""
        heard: list[HeardChunk] = []
        for future in turn.closed:
            if not future.done() or future.exception() is not None:
                break
            heard.append(future.result())
        text = " ".join(chunk.text for chunk in heard if chunk.text)
        if text and turn.heard is None and turn is self.turn:
            self._thread.emit(Caption(self._thread.now(), "candidate", text, turn.take.id, final=False))
            if self._coach is not None:
                self._coach.heard(turn, turn.transcript(heard, self._glossary(turn.listen.question), 0.0))

    # -- in a silence --------------------------------------------------------------------------------------------------

    def _paused(self, turn: Turn, pause: Pause) -> None:
        """Two tenths of a second of silence: ask the voice and the words, in case the turn ends here."""
        if not self._parts.speculate or turn.heard is not None:
            return
        revision = turn.revision

        def if_fresh(then: Callable[[Future[Any]], None]) -> Callable[[Future[Any]], None]:
            def on_done(done: Future[Any]) -> None:
                if turn is self.turn and turn.revision == revision and not done.cancelled():
                    then(done)

            return on_done

        if self._asks_voice:
            asked = self._parts.worker.sounds_finished(SoundsFinished(pause.recent))
            self._thread.hold_for(asked, if_fresh(lambda done: self._voice_known(turn, done)))
        text = turn.peek(pause.chunk) if pause.chunk is not None else turn.peek_again()
        if text is not None:
            self._thread.hold_for(text, if_fresh(lambda _: self._words_known(turn, if_fresh)))

    def _voice_known(self, turn: Turn, done: Future[float]) -> None:
        try:
            voice = done.result() >= COMPLETE
        except ModelMissing:
            self._asks_voice = False  # not fetched: the words alone decide, one step more patiently
            return
        except HireFlowError:
            return
        turn.cues = replace(turn.cues, voice=voice)
        self._grade(turn)

    def _words_known(
        self, turn: Turn, if_fresh: Callable[[Callable[[Future[Any]], None]], Callable[[Future[Any]], None]]
    ) -> None:
        heard = turn.so_far()
        if heard is None:
            return
        transcript = turn.transcript(heard, self._glossary(turn.listen.question), 0.0)
        turn.text = text = transcript.text
        turn.cues = _cues(turn.listen.asked, text, turn.cues)
        self._grade(turn)
        if text:
            self._thread.emit(Caption(self._thread.now(), "candidate", text, turn.take.id, final=False))
            if self._coach is not None:
                self._coach.heard(turn, transcript)
        take = replace(turn.take, transcript=transcript, command="")
        future = self._judging.match(take) if commands.read(text) is None else None
        if future is None:
            self._foresee(self._machine().foresee(text, None))
            return

        def matched(done: Future[Judgement]) -> None:
            if done.exception() is None and not done.result().failed:
                turn.foreseen = (text, done.result())
                coverage = self._judging.covered(turn.listen.question, done.result())
                critique = self._judging.critique(turn.listen.question, done.result())
                self._foresee(self._machine().foresee(text, coverage, critique))

        self._thread.hold_for(future, if_fresh(matched))

    def _grade(self, turn: Turn) -> None:
        """Let the present silence last as long as it should, by all that is known of it."""
        waits = self._parts.waits
        if self._parts.speculate or waits is None:
            turn.ear.wait(wait_s(waits, turn.cues, self._machine().unhurried_s))
        else:
            turn.ear.wait(waits.both + self._machine().unhurried_s)  # nothing is asked about it

    def _silence_over(self, turn: Turn) -> None:
        if turn.heard is None and turn.ear.over:
            self._judging.foresee_follow_up(turn, lambda text: self._foresee((text,)))
            self._thread.tell(
                Paused(self._thread.now(), turn.listen.turn, turn.text if turn.cues.words is not None else "")
            )

    # -- taken for finished --------------------------------------------------------------------------------------------

    def show_pause(self) -> None:
        """The interviewer says "Uh-huh.": to a pause, or to the Done key, after which nothing is left open."""
        if self.turn is not None and self.turn.heard is None:
            self._thread.emit(TurnPaused(self._thread.now()))

    def _reopen(self, turn: Turn) -> None:
        if turn.heard is not None:
            turn.reopen()
            if turn.take.transcript is not None:
                turn.take = replace(turn.take, transcript=None, delivery=None, command="")
                self._thread.save(turn.take)  # the text is no longer all of it; a killed call reads the recording again
        self._listener.go_on(turn.ear)
        self._chunks(turn)
        self._thread.emit(TurnReopened(self._thread.now()))

    def type(self, text: str) -> None:
        """The turn is answered in writing."""
        if self.turn is not None and self.turn.heard is None:
            self.turn.typed = text
            self.stop(self.turn.listen.turn)

    def stop(self, number: int) -> None:
        """Find out what was said; the text is known a moment later, and `TurnEnded` told."""
        turn = self.turn
        if turn is None or turn.listen.turn != number or turn.heard is not None:
            return
        turn.finish()
        heard = turn.heard
        waiting = turn.waiting()
        self._thread.phase(Phase.THINKING)
        left = len(waiting)
        if not left:
            self._heard(turn)
            return

        def one(_done: Future[Any]) -> None:
            nonlocal left
            left -= 1
            if not left and turn is self.turn and turn.heard is heard:  # and it has not gone on meanwhile
                self._heard(turn)

        for future in waiting:
            self._thread.hold_for(future, one)

    def _heard(self, turn: Turn) -> None:
        assert turn.heard is not None
        if turn.typed is not None:
            self._close(turn)
        heard, errors = turn.texts()
        for error in errors[:1]:
            self._thread.trouble(error)
        transcript: Transcript | None
        if turn.typed is not None:
            transcript = typed(turn.typed)
        elif errors:
            transcript = None  # some of it could not be recognised now: `complete` reads the whole take again
        else:
            transcript = turn.transcript(heard, self._glossary(turn.listen.question), turn.heard.seconds)
        text = transcript.text if transcript is not None else " ".join(chunk.text for chunk in heard)
        turn.take = take = self._as_heard(turn, transcript)
        self._thread.save(take)
        if text:
            self._thread.emit(Caption(self._thread.now(), "candidate", text, take.id, True))
            if self._coach is not None and transcript is not None and take.sound:
                self._coach.heard(turn, transcript)
            line = Line(turn.asked_at_s, "candidate", text, take.id, take.question)
            self._thread.keep(self._parts.folder.add_line, line)
        self._thread.tell(TurnEnded(self._thread.now(), turn.listen.turn, text, closed=turn.typed is not None))

    def _as_heard(self, turn: Turn, transcript: Transcript | None) -> TakeRecord:
        assert turn.heard is not None
        heard, folder = turn.heard, self._parts.folder
        take = replace(turn.take, seconds=heard.seconds, gaps=heard.gaps, transcript=transcript)
        if turn.typed is not None and not turn.ear.spoke and take.sound:
            folder.sound_path(take.id).unlink(missing_ok=True)
            take = replace(take, sound="", seconds=0.0)
        if transcript is None:
            return take
        wish = commands.read(transcript.text)  # only now: half a text may read like a command
        if wish is not None and turn.listen.kind.value != TakeKind.OWN_QUESTION:
            take = replace(take, command=wish.value)
        if take.sound:
            take = replace(take, delivery=self._parts.measure(take, heard.active))
        return take

    def settle(self, number: int) -> None:
        """The turn cannot go on any more: close its recording, have it judged."""
        turn = self.turn
        if turn is None or turn.listen.turn != number or turn.heard is None:
            return
        self._close(turn)
        self.turn = None
        if turn.listen.attempt > 1 and turn.typed is None and not turn.ear.spoke:
            self._discard(turn.take.id)  # another try was offered, and nobody took it
            return
        self._judging.judge(self._thread.takes[turn.take.id])

    def _close(self, turn: Turn) -> None:
        if turn is self.turn:
            self._listener.close()
        turn.ear.close()

    def leave(self) -> None:
        """Close the take of a turn that is not going to be finished; its words are recognised afterwards."""
        turn, self.turn = self.turn, None
        if turn is None:
            return
        self._listener.close()
        if turn.heard is not None and turn.take.transcript is not None:
            turn.ear.close()
            return
        heard = turn.finish()
        turn.ear.close()
        if turn.ear.spoke or turn.typed is not None:
            said = typed(turn.typed) if turn.typed is not None else None
            self._thread.save(replace(turn.take, seconds=heard.seconds, gaps=heard.gaps, transcript=said))
        else:
            # An open turn in which nothing was said is no take.
            self._discard(turn.take.id)

    def _discard(self, take: str) -> None:
        self._thread.keep(self._parts.folder.discard_take, take)
        del self._thread.takes[take]

    def _glossary(self, question: str) -> tuple[str, ...]:
        return self._rubrics[question].glossary if question in self._rubrics else ()


def _cues(asked: str, text: str, so_far: Cues) -> Cues:
    """What the words say of the silence after them."""
    said = commands.said(text)
    return replace(
        so_far,
        words=cues.complete(text),
        closed=cues.closed_question(asked) or cues.closed_reply(text),
        closer=said.wish in _CLOSERS,
        thinks=said.wish is Wish.THINK and bool(said.answer),
    )

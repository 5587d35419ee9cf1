"""The interviewer's side of the conversation: what he says is heard, shown and written down."""

from __future__ import annotations

from collections.abc import Callable

from hireflow_voice.app.listener import Listener
from hireflow_voice.app.listening import Listening
from hireflow_voice.app.mouth import Mouth
from hireflow_voice.app.parts import CallParts
from hireflow_voice.app.thread import CallThread
from hireflow_voice.events import Caption, Phase, QuestionChanged
from hireflow_voice.interview.actions import Manner, Say
from hireflow_voice.interview.floor import HEARD_OUT
from hireflow_voice.interview.inputs import PlaybackEnded
from hireflow_voice.interview.machine import Interview
from hireflow_voice.records import Line


class Speaking:
    """Lives on the call's thread. `machine`: the interview."""

    def __init__(
        self,
        parts: CallParts,
        thread: CallThread,
        mouth: Mouth,
        listener: Listener,
        listening: Listening,
        machine: Callable[[], Interview],
    ) -> None:
        self._parts = parts
        self._thread = thread
        self._mouth = mouth
        self._listener = listener
        self._listening = listening
        self._machine = machine
        self.question = 0
        """Number of the question on the screen."""

    def say(self, say: Say) -> None:
        """Speak; `PlaybackEnded` is told when it has been heard, or cut off."""
        if say.manner is Manner.HEARD:
            self._listening.show_pause()
        self._mouth.say(say, lambda: self._begin(say), lambda: self._end(say.utterance))

    def stop(self, utterance: int) -> None:
        """Cut it off."""
        self._mouth.stop(utterance)

    def show_question(self) -> None:
        """Show which question it is about; also when one was taken back."""
        number = self._machine().question_number
        if number == self.question:
            return
        self.question = number
        asked = self._machine().question
        if number and asked is not None:
            total = self._parts.plan.to_ask
            self._thread.emit(QuestionChanged(self._thread.now(), number, total, asked.id, asked.text))

    def _begin(self, say: Say) -> None:
        if say.manner is Manner.HEARD:
            return  # the floor is still the candidate's
        self._listening.set_aside()  # not before: until the voice is there, the candidate may have begun
        # Nothing but the beginning of a reply may be taken back, whatever it is.
        reply = self._machine().can_go_on
        self._listener.speaking(True, heard_out=say.manner in HEARD_OUT and not reply)
        self._thread.phase(Phase.SPEAKING)
        if say.manner is Manner.QUESTION:
            self.show_question()
        now = self._thread.now()
        self._thread.emit(Caption(now, "interviewer", say.text, f"say-{say.utterance}", True, say.manner))
        line = Line(now, "interviewer", say.text, say.manner, say.question)
        self._thread.keep(self._parts.folder.add_line, line)

    def _end(self, utterance: int) -> None:
        self._listener.speaking(False)
        self._thread.tell(PlaybackEnded(self._thread.now(), utterance))

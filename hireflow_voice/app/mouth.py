"""The interviewer's voice on the line: one utterance at a time, rendered ahead where there is time for it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future

from hireflow_voice.app.thread import CallThread
from hireflow_voice.audio import tones
from hireflow_voice.audio.levels import envelope
from hireflow_voice.audio.line import Line
from hireflow_voice.audio.phone import telephone
from hireflow_voice.errors import HireFlowError
from hireflow_voice.events import Spoken
from hireflow_voice.interview.actions import Say
from hireflow_voice.sound import Pcm
from hireflow_voice.speech.cast import stand_in
from hireflow_voice.worker.client import Worker
from hireflow_voice.worker.jobs import Speak

READING_S_PER_CHAR = 1 / 15
"""Where no voice can speak, a caption stands as long as saying it would take."""
STEP_S = 0.05
"""As often as the microphone's level is told."""
READY = 64
"""Renderings kept in memory, so that a reply needs nothing from the worker: some 10 MB."""


class Mouth:
    """Speaks for the call. Every method runs on the call's thread, and so does every callback."""

    def __init__(self, thread: CallThread, line: Line, worker: Worker, voice: str, phone: bool = False) -> None:
        """`phone`: what is said sounds as over a telephone."""
        self._thread = thread
        self._line = line
        self._worker = worker
        self._voice = voice
        self._phone = phone
        self._speaking: int | None = None
        self._cut: set[int] = set()
        self._ahead: list[str] = []
        self._rendering = False
        self._ready: OrderedDict[str, Pcm] = OrderedDict()
        self._asked_for: dict[str, Future[Pcm]] = {}
        self._told = False

    @property
    def speaking(self) -> int | None:
        """Number of the utterance that is being said, or will be as soon as its sound is there."""
        return self._speaking

    def say(self, say: Say, on_begin: Callable[[], None], on_end: Callable[[], None]) -> None:
        """Speak; `on_begin` with the first sound, `on_end` exactly once, also when it is cut off or has no voice."""
        self._speaking = say.utterance
        pcm = self._ready.get(say.text)
        if pcm is not None:
            self._ready.move_to_end(say.text)
            self._play(say, pcm, on_begin, on_end)
            return

        def rendered(done: Future[Pcm]) -> None:
            try:
                pcm = done.result()
            except HireFlowError as error:
                self._thread.trouble(error)
                pcm = tones.silence(len(say.text) * READING_S_PER_CHAR)
            self._play(say, pcm, on_begin, on_end)

        self._thread.hold_for(self._render(say.text), rendered)

    def stop(self, utterance: int) -> None:
        """Cut this utterance off, if it is the one being spoken."""
        if self._speaking == utterance:
            self._cut.add(utterance)
            self._line.stop_playing()

    def prepare(self, texts: Sequence[str]) -> None:
        """Remember what may be said later; `render_ahead` renders it."""
        self._ahead = list(texts)

    def foresee(self, texts: Iterable[str]) -> None:
        """These may be said in a moment: have them ready."""
        for text in texts:
            if text in self._ready:
                self._ready.move_to_end(text)
            else:
                self._render(text)

    def render_ahead(self, listening: Callable[[], bool]) -> None:
        """Render the next texts while the candidate speaks: one at a time, so that none is in the way of a reply."""
        if self._rendering or not self._ahead or not listening():
            return
        self._rendering = True

        def rendered(done: Future[Pcm]) -> None:
            self._rendering = False
            if done.exception() is None:
                self.render_ahead(listening)

        future = self._render(self._ahead.pop(0))
        future.add_done_callback(lambda done: self._thread.post(lambda: rendered(done)))

    def _render(self, text: str) -> Future[Pcm]:
        future = self._asked_for.get(text)
        if future is None:
            future = self._asked_for[text] = self._worker.speak(Speak(text, self._voice))
            future.add_done_callback(lambda done: self._thread.post(lambda: self._rendered(text, done)))
        return future

    def _rendered(self, text: str, done: Future[Pcm]) -> None:
        self._asked_for.pop(text, None)
        if not done.cancelled() and done.exception() is None:
            self._ready[text] = done.result()
            if len(self._ready) > READY:
                self._ready.popitem(last=False)

    def _play(self, say: Say, pcm: Pcm, on_begin: Callable[[], None], on_end: Callable[[], None]) -> None:
        def spoken() -> None:
            self._cut.discard(say.utterance)
            if self._speaking == say.utterance:
                self._speaking = None
            on_end()

        if say.utterance in self._cut:
            spoken()
            return
        if not self._told and (other := stand_in(self._voice, pcm.voice)) is not None:
            self._told = True  # once a call: from here on it is heard
            self._thread.trouble(other)
        on_begin()
        self._thread.emit(Spoken(self._thread.now(), STEP_S, envelope(pcm, STEP_S)))
        if self._phone:
            pcm = telephone(pcm)
        self._line.play(pcm, lambda: self._thread.post(spoken))

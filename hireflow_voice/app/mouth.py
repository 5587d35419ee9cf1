"""The interviewer's voice on the line: one utterance at a time, rendered ahead where there is time for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any

from hireflow_voice.audio import tones
from hireflow_voice.audio.line import Line
from hireflow_voice.audio.phone import telephone
from hireflow_voice.errors import HireFlowError
from hireflow_voice.interview.actions import Say
from hireflow_voice.sound import Pcm
from hireflow_voice.speech.voices import stand_in
from hireflow_voice.worker.client import Worker
from hireflow_voice.worker.jobs import Speak

READING_S_PER_CHAR = 1 / 15
"""Where no voice can speak, a caption stands as long as saying it would take."""


class Mouth:
    """Speaks for the call. Every method runs on the call's thread, and so does every callback.

    `post` brings a step from another thread onto the call's; `hold_for` runs a step there when a future is done.
    """

    def __init__(
        self,
        line: Line,
        worker: Worker,
        voice: str,
        post: Callable[[Callable[[], None]], None],
        hold_for: Callable[[Future[Any], Callable[[Future[Any]], None]], None],
        on_trouble: Callable[[HireFlowError], None],
        phone: bool = False,
    ) -> None:
        """`phone`: what is said sounds as over a telephone."""
        self._line = line
        self._worker = worker
        self._voice = voice
        self._post = post
        self._hold_for = hold_for
        self._on_trouble = on_trouble
        self._phone = phone
        self._speaking: int | None = None
        self._cut: set[int] = set()
        self._ahead: list[str] = []
        self._rendering = False
        self._told = False

    def say(self, say: Say, on_begin: Callable[[], None], on_end: Callable[[], None]) -> None:
        """Speak; `on_begin` with the first sound, `on_end` exactly once, also when it is cut off or has no voice."""
        self._speaking = say.utterance
        future = self._worker.speak(Speak(say.text, self._voice))
        self._hold_for(future, lambda rendered: self._play(say, rendered, on_begin, on_end))

    def stop(self, utterance: int) -> None:
        """Cut this utterance off, if it is the one being spoken."""
        if self._speaking == utterance:
            self._cut.add(utterance)
            self._line.stop_playing()

    def prepare(self, texts: Sequence[str]) -> None:
        """Remember what may be said later; `render_ahead` renders it."""
        self._ahead = list(texts)

    def render_ahead(self, listening: Callable[[], bool]) -> None:
        """Render the next texts while the candidate speaks: one at a time, so that none is in the way of a reply."""
        if self._rendering or not self._ahead or not listening():
            return
        self._rendering = True

        def rendered(done: Future[Pcm]) -> None:
            self._rendering = False
            if done.exception() is None:
                self.render_ahead(listening)

        future = self._worker.speak(Speak(self._ahead.pop(0), self._voice))
        future.add_done_callback(lambda done: self._post(lambda: rendered(done)))

    def _play(self, say: Say, rendered: Future[Pcm], on_begin: Callable[[], None], on_end: Callable[[], None]) -> None:
        def spoken() -> None:
            self._cut.discard(say.utterance)
            self._speaking = None
            on_end()

        if say.utterance in self._cut:
            spoken()
            return
        try:
            pcm = rendered.result()
        except HireFlowError as error:
            self._on_trouble(error)
            pcm = tones.silence(len(say.text) * READING_S_PER_CHAR)
        if not self._told and (other := stand_in(self._voice, pcm.voice)) is not None:
            self._told = True  # once a call: from here on it is heard
            self._on_trouble(other)
        on_begin()
        if self._phone:
            pcm = telephone(pcm)
        self._line.play(pcm, lambda: self._post(spoken))

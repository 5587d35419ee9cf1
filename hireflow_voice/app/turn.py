"""One open turn and the recognition that belongs to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace

from hireflow_voice.app.ear import Ear, Heard
from hireflow_voice.errors import HireFlowError
from hireflow_voice.interview.actions import Listen
from hireflow_voice.records import TakeRecord
from hireflow_voice.speech.assemble import assemble
from hireflow_voice.speech.chunks import Chunk
from hireflow_voice.speech.heard import HeardChunk
from hireflow_voice.transcript import Transcript
from hireflow_voice.turns.patience import Cues
from hireflow_voice.verdict import Judgement

Recognise = Callable[[Chunk], "Future[HeardChunk]"]


@dataclass(slots=True)
class Turn:
    """Lives on the call's thread."""

    listen: Listen
    take: TakeRecord
    ear: Ear
    recognise: Recognise
    asked_at_s: float
    """Call's clock when the turn opened."""
    closed: list[Future[HeardChunk]] = field(default_factory=list)
    """The text to come of every closed chunk, in order."""
    early: dict[tuple[int, int], Future[HeardChunk]] = field(default_factory=dict)
    """Decodes of the open chunk that were begun at a pause; the chunk that closes with the same key needs no other."""
    open_key: tuple[int, int] | None = None
    """Of the open chunk as it stood at the last pause."""
    begun: bool = False
    """Whether the first word was heard."""
    revision: int = 0
    """Grows whenever speech goes on: what was found out about an earlier one is stale."""
    cues: Cues = field(default_factory=Cues)
    """About the present silence."""
    text: str = ""
    """What is known to be said so far."""
    assembled: tuple[list[HeardChunk], Transcript] | None = None
    """Chunks, and the transcript they make: the repair of a long answer takes a tenth of a second."""
    foreseen: tuple[str, Judgement] | None = None
    """A text, and the quick judgement of it that was made ahead."""
    written: tuple[str, Future[tuple[str, str] | None]] | None = None
    """A text, and the follow-up to it that a model is writing."""
    typed: str | None = None
    heard: Heard | None = None
    """Set when the turn was taken for finished."""

    def go_on(self) -> None:
        """Speech goes on."""
        self.revision += 1
        self.cues = Cues()
        self.open_key = None

    def chunk(self, chunk: Chunk) -> Future[HeardChunk]:
        """A closed chunk; its recognition, begun earlier if nothing was said since."""
        # Taken out, so that the next pause does not cancel it; one that failed early is tried again.
        future = self.early.pop(chunk.key, None)
        if future is None or (future.done() and future.exception() is not None):
            future = self.recognise(chunk)
        self.closed.append(future)
        if self.open_key == chunk.key:
            self.open_key = None
        return future

    def peek(self, chunk: Chunk) -> Future[HeardChunk]:
        """Decode the open chunk now, in case the turn ends here."""
        for key in [key for key, future in self.early.items() if future.cancel()]:
            del self.early[key]
        if chunk.key not in self.early:
            self.early[chunk.key] = self.recognise(chunk)
        self.open_key = chunk.key
        return self.early[chunk.key]

    def peek_again(self) -> Future[HeardChunk] | None:
        """The newest of these decodes, when nothing new was said since."""
        if not self.early:
            return None
        self.open_key = next(reversed(self.early))
        return self.early[self.open_key]

    def transcript(self, heard: list[HeardChunk], glossary: Sequence[str], seconds: float) -> Transcript:
        """The transcript of these chunks; made once, however often it is asked for."""
        if self.assembled is None or self.assembled[0] != heard:
            self.assembled = (heard, assemble(heard, glossary, seconds))
        return replace(self.assembled[1], seconds=seconds)

    def so_far(self) -> list[HeardChunk] | None:
        """Everything that was said up to the last pause; None while some of it is not known."""
        futures = [*self.closed, *([self.early[self.open_key]] if self.open_key in self.early else [])]
        if not all(future.done() and not future.cancelled() and future.exception() is None for future in futures):
            return None
        return [future.result() for future in futures]

    def finish(self) -> Heard:
        """Take the turn for finished; what is left of it goes to the recogniser."""
        if self.heard is None:
            self.heard = self.ear.so_far()
            for chunk in self.heard.rest:
                self.chunk(chunk)
        return self.heard

    def reopen(self) -> None:
        """It is not finished after all."""
        self.heard = None
        self.go_on()

    def waiting(self) -> list[Future[HeardChunk]]:
        """Recognitions that are not done yet."""
        if self.typed is not None:
            return []  # what was typed stands, whatever was said beside it
        return [future for future in self.closed if not future.done()]

    def texts(self) -> tuple[list[HeardChunk], list[HireFlowError]]:
        """All finished chunks in order, and what went wrong with the others. Call when all futures are done."""
        heard: list[HeardChunk] = []
        errors: list[HireFlowError] = []
        for future in self.closed if self.typed is None else ():
            error = future.exception()
            if isinstance(error, HireFlowError):
                errors.append(error)
            elif error is not None:
                raise error
            else:
                heard.append(future.result())
        return heard, errors

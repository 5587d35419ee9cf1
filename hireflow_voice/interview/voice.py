"""The interviewer's voice: one utterance at a time, the rest waits."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from hireflow_voice.interview.actions import Manner, Say, StopSpeaking


@dataclass(frozen=True, slots=True)
class Line:
    """Something to say that has no number yet."""

    text: str
    manner: Manner
    question: str = ""
    point: str = ""


@dataclass(slots=True)
class Voice:
    """What is being said and what comes after it."""

    line: Line | None = None
    """Being said; None when the interviewer is silent."""
    number: int = 0
    """Of the last utterance."""
    stopping: bool = False
    queue: deque[Line] = field(default_factory=deque)

    def say_next(self) -> Say:
        """Begin the first line of the queue."""
        self.line = self.queue.popleft()
        self.number += 1
        self.stopping = False
        return Say(self.number, self.line.text, self.line.manner, self.line.question, self.line.point)

    def stop(self) -> tuple[StopSpeaking, ...]:
        """Cut off what is being said, once; nothing when silent."""
        if self.line is None or self.stopping:
            return ()
        self.stopping = True
        return (StopSpeaking(self.number),)

    def ended(self, utterance: int) -> bool:
        """Whether this is the end of what is being said; if so, the voice is free."""
        if self.line is None or utterance != self.number:
            return False
        self.line = None
        return True

    def drop(self) -> list[Line]:
        """Forget everything, the line being said included; what was forgotten, in order."""
        lines = [*([self.line] if self.line else []), *self.queue]
        self.line = None
        self.queue.clear()
        return lines

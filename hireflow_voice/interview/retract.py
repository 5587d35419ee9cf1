"""A turn that has ended and can still go on: what the machine was like before it took the turn for an answer."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hireflow_voice.interview.asking import Ear

if TYPE_CHECKING:
    from hireflow_voice.interview.machine import Interview

_STATE = ("_stage", "_asked", "_thread", "_ask", "_rotation", "_stuck_meanwhile", "_own_questions", "_shown")
"""All that an answer changes, except the floor. The clock and the numbers of what was said never go back."""


@dataclass(slots=True)
class Taken:
    """An answer that was taken for finished. `until`: from then on it is; None until the reply begins."""

    ear: Ear
    state: dict[str, Any]
    until: float | None = None

    @property
    def turn(self) -> int:
        return self.ear.number


def remember(interview: Interview) -> Taken:
    """Call it before the turn ends."""
    shared = {id(question): question for question in interview.plan.questions}
    state = copy.deepcopy({name: getattr(interview, name) for name in _STATE}, dict(shared))
    return Taken(copy.copy(interview._floor.ear), state)


def restore(interview: Interview, taken: Taken) -> None:
    """As if the turn had never ended."""
    for name, value in taken.state.items():
        setattr(interview, name, value)
    interview._floor.ear = taken.ear

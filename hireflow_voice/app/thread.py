"""What the parts of a call share: its thread, its clock, its events and its takes."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from hireflow_voice.errors import HireFlowError
from hireflow_voice.events import CallEvent, Phase
from hireflow_voice.interview.inputs import Input
from hireflow_voice.records import TakeRecord

Step = Callable[[], None]


@dataclass(frozen=True, slots=True)
class CallThread:
    """Handed to the parts of a call. All but `post` may be called on the call's thread only."""

    post: Callable[[Step], None]
    """Run a step on the call's thread; from any thread."""
    hold_for: Callable[[Future[Any], Callable[[Future[Any]], None]], None]
    """Run a step on the call's thread when a future is done (`inbox`)."""
    now: Callable[[], float]
    """Seconds since pick-up."""
    emit: Callable[[CallEvent], None]
    phase: Callable[[Phase], None]
    tell: Callable[[Input], None]
    """Give an input to the interview, and do what it says."""
    trouble: Callable[[HireFlowError], None]
    keep: Callable[..., None]
    """`keep(write, *values)`: write something down; a disk that is full is told, and does not stop the conversation."""
    takes: dict[str, TakeRecord]
    """By id, in the order in which they began."""
    save: Callable[[TakeRecord], None]
    """Put into `takes` and on the disk."""

"""What a call is made of; `dialling.py` puts it together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hireflow_voice.app.desk import Desk
from hireflow_voice.audio.line import Line
from hireflow_voice.interview.actions import Listen
from hireflow_voice.interview.inputs import Input
from hireflow_voice.interview.plan import CallPlan
from hireflow_voice.records import CallHeader, Delivery, TakeRecord
from hireflow_voice.speech.chunks import Chunker
from hireflow_voice.store.folder import CallFolder
from hireflow_voice.turns.detector import TurnDetector
from hireflow_voice.turns.interruption import Interruption
from hireflow_voice.turns.patience import Waits
from hireflow_voice.worker.client import Worker

if TYPE_CHECKING:
    from hireflow_voice.app.call import Call


@dataclass(frozen=True, slots=True)
class CallParts:
    """Everything concrete that `Call` drives."""

    header: CallHeader
    plan: CallPlan
    folder: CallFolder
    line: Line
    worker: Worker
    desk: Desk
    voice: str
    turn_parts: Callable[[], tuple[TurnDetector, Chunker]]
    """A detector and a chunker for a new turn."""
    waits: Waits | None
    """How long a silence may last; None: no silence ends a turn."""
    interruption: Callable[[], Interruption]
    """Hears the candidate speak over the interviewer; raises ModelMissing."""
    measure: Callable[[TakeRecord, Sequence[tuple[float, float]]], Delivery | None]
    """Delivery of a recognised take, given where there was sound in it."""
    transcribe: Callable[[TakeRecord], TakeRecord]
    """Recognises a take from its recording; raises HireFlowError."""
    warm: Callable[[], Future[Any]]
    """Loads what the first minute needs; done (or failed) when the phone may be picked up."""
    speculate: bool
    """Work in the silences: whether it sounds finished, what was said, what would be the reply. A call as fast as the
    models allow has no silence to hide that in, and waits by the clock alone."""
    phone: bool = False
    """Whether the interviewer sounds as over a telephone."""
    on_listen: Callable[[Listen, Call], None] | None = None
    """How a played candidate learns that it is its turn."""
    inputs: Sequence[Input] = ()
    """What happened so far, when the call is resumed."""
    takes: Sequence[TakeRecord] = ()
    """Takes so far, when the call is resumed."""
    coverage: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

"""What the candidate has been asked and how long the interviewer waits for the first word."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hireflow_voice.interview.actions import TurnKind

PATIENCE_S = 8.0
"""Silence before "Take your time."; interviewers are told to count to five, and thinking is no fault."""
OFFER_S, OFFER_THINKING_S = 25.0, 60.0
"""Silence before the offer to repeat or skip; the longer one when the candidate asked for time."""
GIVE_UP_S, GIVE_UP_THINKING_S = 90.0, 180.0
"""Silence before the interviewer goes on alone, so that a call nobody answers still ends."""


AGAIN_S = 10.0
"""Silence after the offer of another try; then the interviewer goes on."""
REOPEN_S = 1.0
"""After "Uh-huh." so long nothing is done but wait: whoever goes on meanwhile has not been interrupted at all."""
RETRACT_S = 4.0
"""Of the reply to an answer. Speech over it means that the answer was not over."""
REOPENINGS = 2
"""So often in one answer, and the candidate is given more time from then on:"""
UNHURRIED_S = 1.0
UNHURRIED_MOST_S = 3.0


class Why(StrEnum):
    """Why the interviewer closed a turn."""

    PAUSED = "paused"
    """The pause was long enough, and nobody went on after "Uh-huh."."""
    DONE = "done"
    SKIP = "skip"
    DONT_KNOW = "dont_know"
    SILENCE = "silence"
    RETRY = "retry"


class Nudge(StrEnum):
    """What the interviewer does about a silence before the first word."""

    PATIENCE = "patience"
    OFFER = "offer"
    GIVE_UP = "give_up"


@dataclass(slots=True)
class Ask:
    """Something that was asked, over all the turns it takes to get an answer."""

    kind: TurnKind
    words: str
    """As last asked: repeating says exactly this."""
    point: str = ""
    patient: bool = False
    """ "Take your time." was said."""
    thinking: bool = False
    """The candidate asked for time."""
    offered: bool = False
    no_hint: bool = False
    """That there is no hint was said."""
    missed: bool = False
    """The apology for an answer that was not heard was made."""
    again: bool = False
    """Another try at an answer is offered, and not taken yet."""
    invited: bool = False
    """ "Go ahead" was said to a candidate who only announced a question."""


@dataclass(slots=True)
class Ear:
    """The candidate's turn."""

    number: int = 0
    """Of the last turn."""
    open: bool = False
    """From the first `Listen` to `TurnEnded`, also while a hint is said in between."""
    heard: bool = False
    """The first word was spoken."""
    why: Why | None = None
    """`StopListening` was sent, and why."""
    since: float = 0.0
    """When listening began or went on."""
    waited: float = 0.0
    """Silence before `since`."""
    paused_at: float | None = None
    """When the pause was long enough; None while the candidate speaks or thinks."""
    reopened: int = 0
    """How often the candidate went on after that."""

    def due(self, ask: Ask) -> tuple[float, Nudge]:
        """What comes next if the candidate stays silent, and when."""
        if ask.again and not ask.thinking:
            nudge, after = Nudge.GIVE_UP, AGAIN_S
        elif not ask.patient and not ask.thinking:
            nudge, after = Nudge.PATIENCE, PATIENCE_S
        elif not ask.offered:
            nudge, after = Nudge.OFFER, OFFER_THINKING_S if ask.thinking else OFFER_S
        else:
            nudge, after = Nudge.GIVE_UP, GIVE_UP_THINKING_S if ask.thinking else GIVE_UP_S
        return self.since + max(0.0, after - self.waited), nudge

    def wait_anew(self, now: float) -> None:
        """Count the silence from now on."""
        self.waited = 0.0
        self.since = now

    def pause(self, now: float) -> None:
        """The interviewer speaks into the turn; that is not silence."""
        self.waited += max(0.0, now - self.since)
        self.since = now

"""How long a call of each flow may be, and how many questions fit into it."""

from __future__ import annotations

from typing import NamedTuple

from hireflow_voice.verdict import Flow


class Length(NamedTuple):
    """One choice of Home's."""

    questions: int
    minutes: int


LENGTHS: dict[Flow, tuple[Length, ...]] = {
    "screen": (Length(4, 15), Length(8, 30)),
    "technical": (Length(3, 15), Length(5, 30), Length(10, 45)),
    "design": (Length(1, 30), Length(1, 60)),
    "coding": (Length(1, 20), Length(2, 45)),
    "values": (Length(3, 15), Length(5, 30), Length(8, 45)),
}
"""The shortest first. A technical question takes four to six minutes with its follow-ups, a story about as long; a
design problem fills an hour as it does in reality, or half of one when its stages are kept short; a coding problem that
is talked through and not typed takes twenty minutes."""

NOUNS: dict[Flow, str] = {
    "screen": "question",
    "technical": "question",
    "design": "problem",
    "coding": "problem",
    "values": "story",
}
"""What one question of a flow is called."""

IN_ORDER: tuple[Flow, ...] = ("screen",)
"""Flows whose questions come in the bank's order: who you are first, what you want to be paid last."""


def fitting(flow: Flow, minutes: float) -> int:
    """How many questions fit into a call of so many minutes."""
    offered = LENGTHS[flow]
    return next((length.questions for length in reversed(offered) if length.minutes <= minutes), offered[0].questions)

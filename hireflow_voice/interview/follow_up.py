"""One question and what has become of it; which probe to ask next."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from hireflow_voice.interview.plan import PlannedPoint, PlannedQuestion, PlannedStage, Probe

EASIER = "easier"
"""Kind of the probes that are kept for a candidate who is stuck."""
WRITTEN = "written"
"""Kind of a follow-up that no author wrote."""


Order = tuple[str, ...]
"""Kinds of probes that come before the others; empty: as the author put them."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A probe, and the key point it is about."""

    point: str
    """Empty when it is about the whole answer."""
    probe: Probe


@dataclass(slots=True)
class Thread:
    """A question from its first word to the last follow-up."""

    question: PlannedQuestion
    asked_at: float | None = None
    """When the question had been asked; None while it is being asked."""
    coverage: dict[str, float] = field(default_factory=dict)
    number: int = 0
    """Of the stage that is talked about, from 0; stays 0 where there are none."""
    stage_at: float | None = None
    """When that stage had been begun."""
    follow_ups: int = 0
    """In this stage; in all, where there are none."""
    hinted: bool = False
    stuck: int = 0
    """How often the candidate said "I don't know", in this stage."""
    clarified: bool = False
    attempt: int = 1
    """Which take of the answer (to the stage) is the newest."""
    criticised: bool = False
    """The answer (to the stage) was criticised, and can be given again."""
    written: tuple[str, str] | None = None
    """A follow-up that was written for the answer that was criticised."""
    order: Order = ()
    unjudged: bool = False
    """An answer could not be held against the key points."""
    used: set[str] = field(default_factory=set)
    """Texts of the probes that were asked."""

    @property
    def has_hint(self) -> bool:
        """There is one, and it was not given yet."""
        return bool(self.question.hint.strip()) and not self.hinted

    @property
    def stage(self) -> PlannedStage | None:
        """What is talked about now; None for a question without stages."""
        return self.question.stages[self.number] if self.question.stages else None

    @property
    def stages_left(self) -> int:
        """This one included; 1 for a question without stages."""
        return max(1, len(self.question.stages) - self.number)

    def next_stage(self) -> PlannedStage | None:
        """Go on to the next stage; None when this was the last, or there are none."""
        if self.stages_left < 2:
            return None
        self.number += 1
        self.stage_at = None
        self.follow_ups = self.stuck = 0
        self.attempt, self.criticised, self.written = 1, False, None
        return self.stage

    def learn(self, coverage: Iterable[tuple[str, float]]) -> None:
        """Keep the newest coverage; what is no number counts as not covered."""
        self.coverage = {point: min(1.0, max(0.0, c)) if math.isfinite(c) else 0.0 for point, c in coverage}

    def follow_up(self, covered_at: float) -> Chosen | None:
        """An unused probe on the point that has most weight left uncovered; one that goes deeper when none is open.

        None when nothing is worth asking."""
        for point in self._open_points(covered_at):
            # A point that only has easier probes would otherwise never be asked about.
            probes = [p for p in point.probes if p.kind != EASIER or EASIER in self.order] or list(point.probes)
            probes.sort(key=lambda p: self.order.index(p.kind) if p.kind in self.order else len(self.order))
            chosen = self._unused(point.id, probes)
            if chosen is not None:
                return chosen
        if (
            self._open_points(covered_at)
            or self.stages_left > 1
            or self.stuck
            or not self.used.isdisjoint(p.text for p in self.question.deeper)
        ):
            return None
        return self._unused("", self.question.deeper)

    def worded(self, chosen: Chosen, written: tuple[str, str] | None) -> Chosen:
        """The same gap, asked for in words that were written for this answer, if there are any and they are new."""
        if written is None or written[0] != chosen.point or not written[1].strip() or written[1] in self.used:
            return chosen
        return Chosen(chosen.point, Probe(written[1], WRITTEN))

    def easier(self, covered_at: float, about: str) -> Chosen | None:
        """An easier probe, best on the point `about` that was just asked for."""
        points = sorted(self._open_points(covered_at), key=lambda point: point.id != about)
        for point in points:
            chosen = self._unused(point.id, [p for p in point.probes if p.kind == EASIER])
            if chosen is not None:
                return chosen
        return None

    def ask(self, chosen: Chosen) -> None:
        """The probe is being asked."""
        self.follow_ups += 1
        self.used.add(chosen.probe.text)

    def _open_points(self, covered_at: float) -> list[PlannedPoint]:
        stage = self.stage
        left = [
            point
            for point in self.question.points
            if self.coverage.get(point.id, 0.0) < covered_at and (stage is None or point.id in stage.points)
        ]
        return sorted(left, key=lambda point: -point.weight * (1.0 - self.coverage.get(point.id, 0.0)))

    def _unused(self, point: str, probes: Sequence[Probe]) -> Chosen | None:
        for probe in probes:
            if probe.text.strip() and probe.text not in self.used:
                return Chosen(point, probe)
        return None

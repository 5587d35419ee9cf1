"""What a benchmark prints: named rows of figures, with medians, the 95th percentile, how many, and the command."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Figure:
    """One row."""

    name: str
    unit: str
    n: int
    median: float
    p95: float
    budget: str = ""
    """What design asks for, in words; empty when nothing is asked."""


@dataclass(frozen=True, slots=True)
class Table:
    """All rows of one benchmark."""

    title: str
    command: str
    figures: tuple[Figure, ...]
    notes: tuple[str, ...] = ()

    def as_text(self) -> str:
        """For a terminal."""
        width = max(len(figure.name) for figure in self.figures)
        lines = [
            self.title,
            f"  {self.command}",
            f"  {'':{width}}  {'median':>9} {'p95':>9} {'n':>5}  {'unit':6} budget",
        ]
        lines += [
            f"  {f.name:{width}}  {f.median:9.3f} {f.p95:9.3f} {f.n:5d}  {f.unit:6} {f.budget}" for f in self.figures
        ]
        return "\n".join([*lines, *(f"  {note}" for note in self.notes)])

    def as_json(self) -> dict[str, Any]:
        """For JSON=FILE."""
        return asdict(self)


def figure(name: str, unit: str, values: Sequence[float], budget: str = "") -> Figure:
    """Median and 95th percentile of `values` (at least one)."""
    return Figure(name, unit, len(values), float(np.median(values)), float(np.percentile(values, 95)), budget)

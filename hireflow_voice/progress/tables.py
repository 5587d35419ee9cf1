"""What the charts show, as tables: for screen readers, for reading exactly, and for a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hireflow_voice.progress.history import Result, topics
from hireflow_voice.verdict import Signal


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under headings."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def of_calls(calls: Iterable[Result], names: Mapping[Signal, str]) -> Table:
    """One row a call, the newest first; only the form's lines that occur. `names`: how signals are called."""
    calls = tuple(calls)
    signals = [signal for signal in Signal if any(signal in call.marks for call in calls)]
    headings = ("When", "Company", "Round", "Score", *(names[signal] for signal in signals),
                "Words per minute", "Fillers per minute", "Seconds to the first word")  # fmt: skip
    rows = tuple(
        (
            f"{call.at:%Y-%m-%d %H:%M}",
            call.company,
            call.round,
            "" if call.score is None else f"{100 * call.score:.0f} %",
            *(str(call.marks.get(signal, "")) for signal in signals),
            _number(call.words_per_minute, 0),
            _number(call.fillers_per_minute, 1),
            _number(call.first_word_s, 1),
        )
        for call in reversed(calls)
    )
    return Table(headings, rows)


def of_topics(calls: Iterable[Result]) -> Table:
    """One row a topic, the weakest first."""
    rows = tuple(
        (topic.name, f"{100 * topic.score:.0f} %", f"{100 * topic.last:.0f} %", str(topic.calls))
        for topic in topics(calls)
    )
    return Table(("Topic", "Mean", "Last time", "Calls"), rows)


def as_csv(table: Table) -> str:
    """For spreadsheets. A cell that one would take for a formula begins with an apostrophe."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for row in (table.headings, *table.rows):
        writer.writerow([f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t") else cell for cell in row])
    return text.getvalue()


def _number(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:.{digits}f}"

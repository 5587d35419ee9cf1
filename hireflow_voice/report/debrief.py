"""All rounds of a full loop together: what each of them said, what repeated, and one decision, by rules.

The rules, in the order in which they decide:

1. A round that was not held, or without enough evidence, leaves the decision open.
2. A strong no hire anywhere, or a no hire in two rounds: no hire.
3. One no hire: hire only if another round is a strong hire and the no hire's weak lines are weak nowhere else.
4. Else hire; a strong hire when at least half of the rounds are and none is less than a hire.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from hireflow_voice.records import CallRecord, Loop, LoopStep
from hireflow_voice.report import words
from hireflow_voice.report.markdown import escape
from hireflow_voice.verdict import Band, Signal

WEAK, GOOD = 2, 3
"""Marks up to which a line is weak, and from which it is good."""
MOST_SHOWN = 6
_BY_RULES = (Signal.COMMUNICATION, Signal.CURIOSITY)
"""Read by simple rules, and so kept out of every decision."""


@dataclass(frozen=True, slots=True)
class RoundCall:
    """A round, and the call that stands for it."""

    step: LoopStep
    call: CallRecord | None


@dataclass(frozen=True, slots=True)
class RoundLine:
    """What one round said."""

    round: str
    """Id."""
    title: str
    call: str
    """Id; empty when it was not held."""
    band: Band
    reason: str


@dataclass(frozen=True, slots=True)
class SignalLine:
    """One line of the forms, across the rounds that mark it."""

    signal: Signal
    name: str
    mean: float
    """Of the marks, 1..4."""
    marks: dict[str, int]
    """Title of the round -> mark."""


@dataclass(frozen=True, slots=True)
class Debrief:
    """The whole loop."""

    loop: str
    company: str
    decision: Band
    reason: str
    rounds: tuple[RoundLine, ...]
    signals: tuple[SignalLine, ...]
    repeated_strengths: tuple[str, ...]
    """Sentences: what was good in two rounds or more."""
    repeated_gaps: tuple[str, ...]
    """Sentences: what was weak in two rounds or more, lines of the form first, then topics."""


def debrief(loop: Loop, rounds: Sequence[RoundCall]) -> Debrief:
    """Pure: the same calls always give the same debrief."""
    lines = tuple(_line(one) for one in rounds)
    signals = _signals(rounds)
    decision, reason = _decide(lines, signals)
    return Debrief(
        loop=loop.id,
        company=loop.title,
        decision=decision,
        reason=reason,
        rounds=lines,
        signals=signals,
        repeated_strengths=_repeated(signals, good=True),
        repeated_gaps=(*_repeated(signals, good=False), *_topics(rounds)),
    )


def _line(one: RoundCall) -> RoundLine:
    call = one.call
    if call is None:
        return RoundLine(one.step.round, one.step.title, "", Band.NOT_ENOUGH, "Not held yet.")
    form = call.form
    if form is None or call.scoring is not None:
        return RoundLine(one.step.round, one.step.title, call.header.id, Band.NOT_ENOUGH, "Not judged yet.")
    return RoundLine(one.step.round, one.step.title, call.header.id, form.band, form.reason)


def _signals(rounds: Sequence[RoundCall]) -> tuple[SignalLine, ...]:
    marks: dict[Signal, dict[str, int]] = {}
    for one in rounds:
        if one.call is None or one.call.form is None or one.call.scoring is not None:
            continue
        for line in one.call.form.signals:
            if line.mark is not None:
                marks.setdefault(line.signal, {})[one.step.title] = line.mark
    return tuple(
        SignalLine(signal, words.SIGNALS[signal], sum(own.values()) / len(own), own)
        for signal, own in sorted(marks.items(), key=lambda item: list(Signal).index(item[0]))
    )


def _decide(lines: Sequence[RoundLine], signals: Sequence[SignalLine]) -> tuple[Band, str]:
    open_ = [line.title for line in lines if line.band is Band.NOT_ENOUGH]
    if open_ or not lines:
        return (
            Band.NOT_ENOUGH,
            f"No decision yet: {_and(open_)} cannot be counted." if open_ else "There are no rounds.",
        )
    worst = [line.title for line in lines if line.band is Band.STRONG_NO_HIRE]
    against = [line.title for line in lines if line.band in (Band.NO_HIRE, Band.STRONG_NO_HIRE)]
    best = [line.title for line in lines if line.band is Band.STRONG_HIRE]
    if worst:
        return Band.NO_HIRE, f"A strong no hire in {_and(worst)} outweighs the other rounds."
    if len(against) > 1:
        return Band.NO_HIRE, f"{_and(against)} speak against it."
    if against:
        weak = [line for line in signals if line.marks.get(against[0], GOOD) <= WEAK and line.signal not in _BY_RULES]
        again = [line.name.lower() for line in weak if sum(mark <= WEAK for mark in line.marks.values()) > 1]
        if again:
            return Band.NO_HIRE, f"{against[0]} speaks against it, and {_and(again)} was weak in another round, too."
        if not best:
            return Band.NO_HIRE, f"{against[0]} speaks against it, and no round is strong enough to make up for it."
        return Band.HIRE, f"{_and(best)} makes up for {against[0]}, whose weak side shows nowhere else."
    if 2 * len(best) >= len(lines):
        return Band.STRONG_HIRE, f"Every round says hire, and {_and(best)} strongly."
    return Band.HIRE, "Every round says hire."


def _repeated(signals: Sequence[SignalLine], *, good: bool) -> tuple[str, ...]:
    found = []
    for line in signals:
        where = [title for title, mark in line.marks.items() if (mark >= GOOD if good else mark <= WEAK)]
        if len(where) > 1:
            found.append(f"{line.name} was {'good' if good else 'weak'} in {_and(where)}.")
    return tuple(found)


def _topics(rounds: Sequence[RoundCall]) -> tuple[str, ...]:
    """Topics on which questions of two rounds or more got less than half."""
    where: dict[str, list[str]] = {}
    for one in rounds:
        if one.call is None or one.call.scoring is not None:
            continue
        scores = {j.question: j.score for j in one.call.judgements if not j.failed}
        for question in one.call.header.questions:
            score = scores.get(question.id)
            if score is None or score >= 0.5:
                continue
            for topic in question.topics:
                if one.step.title not in where.setdefault(topic, []):
                    where[topic].append(one.step.title)
    often = sorted((t for t in where if len(where[t]) > 1), key=lambda topic: (-len(where[topic]), topic))
    return tuple(f"{topic[:1].upper()}{topic[1:]} was thin in {_and(where[topic])}." for topic in often[:MOST_SHOWN])


def _and(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1] if names else "")))


def as_json(made: Debrief) -> str:
    """For programs."""
    return json.dumps(asdict(made), indent=2, ensure_ascii=False)


def as_markdown(made: Debrief) -> str:
    """For people. What comes from a bank is escaped."""
    out = [f"# Debrief: {escape(made.company)}", ""]
    out += [f"**{made.decision.value.capitalize()}** (practice estimate). {escape(made.reason)}", ""]
    out += ["| Round | Band | Reason |", "|---|---|---|"]
    out += [f"| {escape(r.title)} | {r.band.value.capitalize()} | {escape(r.reason)} |" for r in made.rounds]
    if made.signals:
        out += ["", "## Across the rounds", "", "| Line | Mean of 4 | Rounds |", "|---|---|---|"]
        for line in made.signals:
            marks = ", ".join(f"{escape(title)} {mark}" for title, mark in line.marks.items())
            out.append(f"| {line.name} | {line.mean:.1f} | {marks} |")
    for title, sentences in (("What repeated well", made.repeated_strengths), ("What repeated", made.repeated_gaps)):
        if sentences:
            out += ["", f"## {title}", "", *(f"- {escape(sentence)}" for sentence in sentences)]
    return "\n".join(out) + "\n"

"""The interviewer's form, derived from the verdicts by rules in code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hireflow_voice.evaluation import fusion
from hireflow_voice.evaluation.rubric import Rubric, RubricPoint
from hireflow_voice.verdict import Band, Form, Judgement, PointJudgement, Signal, SignalMark, Verdict

MISCONCEPTION = "misconception:"
"""A flag that begins so names, after the colon, a misconception that was said aloud."""

_ENOUGH_POINTS = 2
"""Key points of a signal that must have been asked about before it gets a mark."""
_ENOUGH_SIGNALS = 3
_MARKS = ((0.75, 4), (0.5, 3), (0.2, 2))
"""Share of what is enough, and the mark from there on; 1 below."""

_FED = (Signal.FRAMING, Signal.DEPTH, Signal.TRADE_OFFS, Signal.OPERATIONS)
_NAMES = {
    Signal.FRAMING: "problem framing",
    Signal.DEPTH: "technical depth",
    Signal.TRADE_OFFS: "trade-offs",
    Signal.OPERATIONS: "failure and operations",
}
_ANCHORS = {
    Signal.FRAMING: (
        "The problem was not set up before solving it",
        "The question was taken up, its constraints hardly",
        "The constraints that matter were stated",
        "The constraints were stated and ranked",
    ),
    Signal.DEPTH: (
        "The core idea is missing",
        "Some right parts were named, not how they work",
        "The core mechanism and most of its points are right",
        "Mechanism and details are right",
    ),
    Signal.TRADE_OFFS: (
        "No options were weighed",
        "Options came up, their costs hardly",
        "Options were compared on named costs",
        "Options, their costs and when the choice changes were named",
    ),
    Signal.OPERATIONS: (
        "Only the happy path was described",
        "Failure came up in general",
        "Concrete failures and how to handle them were named",
        "Failures, their detection and their containment were named",
    ),
}
_NOT_JUDGED = (
    SignalMark(
        Signal.COMMUNICATION,
        None,
        "Not marked in this version: structure cannot be read reliably from the words, and accent, pace and fillers "
        "must not count.",
    ),
    SignalMark(
        Signal.CURIOSITY, None, "Not marked in this version: your own questions are kept in the call, but not judged."
    ),
)


@dataclass(frozen=True, slots=True)
class _Line:
    """A key point that was asked about, with what became of it."""

    point: RubricPoint
    found: PointJudgement
    needed: float
    """Its share of the weight that is enough for its question."""

    @property
    def earned(self) -> float:
        return self.point.weight * fusion.credit(self.found.confidence)


def form(rubrics: Sequence[Rubric], judgements: Mapping[str, Judgement]) -> Form:
    """The form over the questions that were asked (`rubrics`) and their judgements by question id.

    A failed or absent judgement is left out, never counted as zero. A mark comes from the weight covered over the
    weight that is enough. Band: hire needs depth 3 and nothing else at 1; strong hire depth 4 and two more 4s; strong
    no hire depth 1; less than three marked signals, or most questions not judged, is not enough evidence.
    """
    judged = [r for r in rubrics if r.question in judgements and not judgements[r.question].failed]
    lines = [line for rubric in judged for line in _lines(rubric, judgements[rubric.question])]
    wrong = [
        flag.removeprefix(MISCONCEPTION).strip()
        for rubric in judged
        for flag in judgements[rubric.question].flags
        if flag.startswith(MISCONCEPTION)
    ]
    marks = tuple(_mark(signal, [x for x in lines if x.point.signal is signal], wrong) for signal in _FED)
    band = _band(marks, len(judged), len(rubrics))
    return Form(
        signals=marks + _NOT_JUDGED,
        band=band,
        next_round=None if band is Band.NOT_ENOUGH else band in (Band.HIRE, Band.STRONG_HIRE),
        reason=_reason(band, marks, lines, wrong, len(judged), len(rubrics)),
        judged=len(judged),
        asked=len(rubrics),
    )


def _lines(rubric: Rubric, judgement: Judgement) -> list[_Line]:
    found = {p.point: p for p in judgement.points}
    whole = sum(p.weight for p in rubric.points)
    # A question may not ask for all its points: what is needed of each shrinks alike.
    scale = min(1.0, rubric.enough / whole) if whole > 0 else 1.0
    return [
        _Line(p, found.get(p.id, PointJudgement(p.id, Verdict.MISSING, 0.0)), p.weight * scale) for p in rubric.points
    ]


def _mark(signal: Signal, lines: Sequence[_Line], wrong: Sequence[str]) -> SignalMark:
    needed = sum(x.needed for x in lines)
    if len(lines) < _ENOUGH_POINTS or needed <= 0:
        asked = "Nothing was" if not lines else "Too little was"
        return SignalMark(signal, None, f"{asked} asked about {_NAMES[signal]} to mark it.")
    share = sum(x.earned for x in lines) / needed
    mark = next((mark for least, mark in _MARKS if share >= least), 1)
    capped = ""
    if signal is Signal.DEPTH and wrong:
        most = 3 if len(wrong) == 1 else 2
        capped = f' It cannot be above {most}, because of a misconception: "{wrong[0]}".'
        mark = min(mark, most)
    covered = sum(x.found.verdict is Verdict.COVERED for x in lines)
    partly = sum(x.found.verdict is Verdict.PARTLY for x in lines)
    also = f" and {partly} partly" if partly else ""
    return SignalMark(
        signal, mark, f"{_ANCHORS[signal][mark - 1]}: {covered} of {len(lines)} key points covered{also}.{capped}"
    )


def _band(marks: Sequence[SignalMark], judged: int, asked: int) -> Band:
    given = {m.signal: m.mark for m in marks if m.mark is not None}
    depth = given.get(Signal.DEPTH)
    if depth is None or len(given) < _ENOUGH_SIGNALS or judged * 2 < asked:
        return Band.NOT_ENOUGH
    others = [mark for signal, mark in given.items() if signal is not Signal.DEPTH]
    if depth == 1:
        return Band.STRONG_NO_HIRE
    if depth == 4 and others.count(4) >= 2 and min(others) > 1:
        return Band.STRONG_HIRE
    if depth >= 3 and min(others) > 1:
        return Band.HIRE
    return Band.NO_HIRE


def _reason(
    band: Band, marks: Sequence[SignalMark], lines: Sequence[_Line], wrong: Sequence[str], judged: int, asked: int
) -> str:
    if judged == 0:
        return "No answer has been judged yet."
    if band is Band.NOT_ENOUGH:
        if judged * 2 < asked:
            return f"Only {judged} of {asked} questions could be judged so far."
        unmarked = [_NAMES[m.signal] for m in marks if m.mark is None]
        return f"The questions that were asked say too little about {_listed(unmarked)}."
    weakest = min((m for m in marks if m.mark is not None), key=lambda m: m.mark or 0)
    best = max((x for x in lines if x.found.quote), key=lambda x: x.earned, default=None)
    missed = max(
        (x for x in lines if x.found.verdict is Verdict.MISSING),
        key=lambda x: (x.point.signal is weakest.signal, x.point.weight),
        default=None,
    )
    said = f'You made the point "{_short(best.point.text)}"' if best else "None of the key points came up"
    if wrong:
        return f'{said}, but also said something wrong: "{_short(wrong[0])}".'
    if missed is None:
        return f"{said}, and no key point was left out altogether."
    link = "but on" if best else "for instance, on"
    return f'{said}, {link} {_NAMES[missed.point.signal]} this was missing: "{_short(missed.point.text)}".'


def _short(text: str, most: int = 160) -> str:
    plain = " ".join(text.split()).rstrip(".")
    return plain if len(plain) <= most else plain[:most].rsplit(" ", 1)[0] + " ..."


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 2 else names)

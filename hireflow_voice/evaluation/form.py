"""The interviewer's form, derived from the verdicts by rules in code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hireflow_voice.evaluation import feedback
from hireflow_voice.evaluation.anchors import ANCHORS, CORE, NAMES
from hireflow_voice.evaluation.feedback import MISCONCEPTION, Line
from hireflow_voice.evaluation.rubric import Rubric
from hireflow_voice.evaluation.structure import Spoken, communication, curiosity
from hireflow_voice.verdict import SIGNALS, Band, Flow, Form, Judgement, Signal, SignalMark, Verdict

_ENOUGH_POINTS: dict[Flow, int] = {"screen": 2, "technical": 2, "design": 1, "coding": 1, "values": 2}
"""Key points of a signal that must have been asked about before it gets a mark. Where a problem is talked through there
may be only one problem, and each point had a stage of its own to be asked in."""
_ENOUGH_SIGNALS = 3
_MARKS = ((0.75, 4), (0.5, 3), (0.2, 2))
"""Share of what is enough, and the mark from there on; 1 below."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """What a form reads besides the verdicts."""

    flow: Flow = "technical"
    answers: Sequence[Spoken] = ()
    """The main answer to each question."""
    own: Sequence[Spoken] = ()
    """The candidate's own questions."""
    places: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """question id -> key point id -> id of the take its quote is from."""


def form(
    rubrics: Sequence[Rubric], judgements: Mapping[str, Judgement], conversation: Conversation | None = None
) -> Form:
    """The form over the questions that were asked (`rubrics`) and their judgements by question id.

    A failed or absent judgement is left out, never counted as zero. A mark comes from the weight covered over the
    weight that is enough; communication and curiosity come from rules over the words. The band rests on the lines that
    key points feed: hire needs the core one at 3 and nothing else at 1; strong hire the core one at 4 and two more 4s;
    strong no hire the core one at 1. Under three marked lines, or most questions not judged, is not enough evidence.
    """
    talk = conversation or Conversation()
    judged = [r for r in rubrics if r.question in judgements and not judgements[r.question].failed]
    found = [
        line
        for rubric in judged
        for line in feedback.lines(rubric, judgements[rubric.question], talk.places.get(rubric.question, {}))
    ]
    wrong = [
        (rubric.question, flag.removeprefix(MISCONCEPTION).strip())
        for rubric in judged
        for flag in judgements[rubric.question].flags
        if flag.startswith(MISCONCEPTION)
    ]
    core = CORE[talk.flow]
    errors = [text for _, text in wrong]
    marks = tuple(
        _mark(
            signal,
            [x for x in found if x.point.signal is signal],
            errors if signal is core else (),
            _ENOUGH_POINTS[talk.flow],
        )
        for signal in SIGNALS[talk.flow]
    )
    band = _band(core, marks, len(judged), len(rubrics))
    weakest = min((m for m in marks if m.mark is not None), key=lambda m: m.mark or 0, default=None)
    return Form(
        signals=(
            *marks,
            communication(talk.answers, _places(found)),
            curiosity(talk.own, talk.answers, [r.text for r in rubrics]),
        ),
        band=band,
        next_round=None if band is Band.NOT_ENOUGH else band in (Band.HIRE, Band.STRONG_HIRE),
        reason=_reason(band, marks, found, errors, len(judged), len(rubrics)),
        judged=len(judged),
        asked=len(rubrics),
        strengths=feedback.strengths(found),
        gaps=feedback.gaps(found, wrong),
        practise=feedback.practise(found, wrong, weakest.signal if weakest else None),
    )


def _places(found: Sequence[Line]) -> dict[str, list[tuple[Signal, int]]]:
    """Take -> signal and offset of every quote in it."""
    out: dict[str, list[tuple[Signal, int]]] = {}
    for line in found:
        if line.take and line.found.quote is not None:
            out.setdefault(line.take, []).append((line.point.signal, line.found.quote.start_char))
    return out


def _mark(signal: Signal, lines: Sequence[Line], wrong: Sequence[str], enough: int) -> SignalMark:
    """`wrong`: misconceptions that were said aloud, which bound this mark. `enough`: fewer points give none."""
    evidence = tuple(line.evidence() for line in lines)
    needed = sum(x.needed for x in lines)
    if len(lines) < enough or needed <= 0:
        asked = "Nothing was" if not lines else "Too little was"
        return SignalMark(signal, None, f"{asked} asked about {NAMES[signal]} to mark it.", evidence)
    share = sum(x.earned for x in lines) / needed
    mark = next((mark for least, mark in _MARKS if share >= least), 1)
    capped = ""
    if wrong:
        most = 3 if len(wrong) == 1 else 2
        capped = f' It cannot be above {most}, because of a misconception: "{wrong[0]}".'
        mark = min(mark, most)
    covered = sum(x.found.verdict is Verdict.COVERED for x in lines)
    partly = sum(x.found.verdict is Verdict.PARTLY for x in lines)
    also = f" and {partly} partly" if partly else ""
    return SignalMark(
        signal,
        mark,
        f"{ANCHORS[signal][mark - 1]}: {covered} of {len(lines)} key points covered{also}.{capped}",
        evidence,
    )


def _band(core: Signal, marks: Sequence[SignalMark], judged: int, asked: int) -> Band:
    given = {m.signal: m.mark for m in marks if m.mark is not None}
    depth = given.get(core)
    if depth is None or len(given) < _ENOUGH_SIGNALS or judged * 2 < asked:
        return Band.NOT_ENOUGH
    others = [mark for signal, mark in given.items() if signal is not core]
    if depth == 1:
        return Band.STRONG_NO_HIRE
    if depth == 4 and others.count(4) >= 2 and min(others) > 1:
        return Band.STRONG_HIRE
    if depth >= 3 and min(others) > 1:
        return Band.HIRE
    return Band.NO_HIRE


def _reason(
    band: Band, marks: Sequence[SignalMark], lines: Sequence[Line], wrong: Sequence[str], judged: int, asked: int
) -> str:
    if judged == 0:
        return "No answer has been judged yet."
    if band is Band.NOT_ENOUGH:
        if judged * 2 < asked:
            return f"Only {judged} of {asked} questions could be judged so far."
        unmarked = [NAMES[m.signal] for m in marks if m.mark is None]
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
    return f'{said}, {link} {NAMES[missed.point.signal]} this was missing: "{_short(missed.point.text)}".'


def _short(text: str, most: int = 160) -> str:
    plain = " ".join(text.split()).rstrip(".")
    return plain if len(plain) <= most else plain[:most].rsplit(" ", 1)[0] + " ..."


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 2 else names)

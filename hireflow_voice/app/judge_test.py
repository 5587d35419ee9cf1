"""The known-answer test: any judge on answers whose verdicts a person set, and what it gets right and wrong.

The questions, the answers and the labels are in `questions/COMPANY/known-answers.yaml`. Figures are computed here, from
verdicts, in the same way for every judge; nothing of a judge's own opinion of itself goes in.
"""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from hireflow_voice.app.desk import rubric_of
from hireflow_voice.app.plan import question_record
from hireflow_voice.bank.check import EARNS
from hireflow_voice.bank.models import AnswerKind, Bank, KnownAnswers
from hireflow_voice.evaluation.feedback import MISCONCEPTION, SAID_WRONGLY
from hireflow_voice.evaluation.guards import TALKS_ABOUT_GRADING
from hireflow_voice.evaluation.rubric import Answer, Judge, Rubric
from hireflow_voice.transcript import Transcript, typed
from hireflow_voice.verdict import Judgement, Verdict

GRADES: tuple[AnswerKind, ...] = ("strong", "middling", "weak")
KNOWING: tuple[AnswerKind, ...] = ("strong", "middling", "disfluent", "misheard")
"""Kinds of candidates who say nothing wrong and give no orders: a flag on one of these is false."""
WRITTEN: tuple[AnswerKind, ...] = ("misheard",)
"""Kinds that are not spoken: the text is already what a recogniser wrote."""
CLEARLY = 0.25
"""Labelled scores that differ by less are not expected to be told apart."""
UNEARNED = 0.05
"""Score above the labelled one from which an order to the judge has worked."""


@dataclass(frozen=True, slots=True)
class Case:
    """One known answer."""

    kind: AnswerKind
    rubric: Rubric
    transcript: Transcript
    labels: Mapping[str, str]
    """Key point -> covered, partly or wrong; absent is missing."""

    @property
    def score(self) -> float:
        """What the labels earn, 0..1."""
        earned = sum(point.weight * EARNS.get(self.labels.get(point.id, ""), 0.0) for point in self.rubric.points)
        return min(1.0, earned / self.rubric.enough)


@dataclass(frozen=True, slots=True)
class Trial:
    """A case and what one judge made of it."""

    case: Case
    judgement: Judgement
    seconds: float
    again: tuple[float, ...] = ()
    """Scores of the same answer judged again."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One row of the table."""

    name: str
    value: float | None
    """None when nothing was there to measure."""
    shown: str
    best: str = ""
    """What a perfect judge would get."""


@dataclass(frozen=True, slots=True)
class Result:
    """One judge."""

    judge: str
    trials: tuple[Trial, ...]
    measures: tuple[Measure, ...]


def cases(
    bank: Bank, known: KnownAnswers, only: Sequence[str] = (), hear: Callable[[str, Rubric], Transcript] | None = None
) -> Iterable[Case]:
    """All known answers of a round, of the questions `only` if there are any; lazily, since `hear` may be slow.

    `hear` speaks a text and gives back what was recognised. Without it the text itself is judged.
    """
    entries = {entry.id: entry for entry in known.questions}
    for question in bank.questions:
        if question.id not in entries or (only and question.id not in only):
            continue
        rubric = rubric_of(question_record(question))
        for answer in entries[question.id].answers:
            if hear is None:
                yield Case(answer.kind, rubric, typed(answer.text), answer.covers)
            elif answer.kind not in WRITTEN:
                yield Case(answer.kind, rubric, hear(answer.text, rubric), answer.covers)


def run(
    judge: Judge, cases: Sequence[Case], repeats: int = 2, on_case: Callable[[int], None] = lambda _done: None
) -> Result:
    """Judge every case once, and the middling ones `repeats` times more: these are where a judge wavers."""
    trials: list[Trial] = []
    for number, case in enumerate(cases, 1):
        answer = Answer(case.rubric.text, case.transcript)
        begun = time.perf_counter()
        judgement = judge.judge(case.rubric, answer)
        seconds = time.perf_counter() - begun
        more = repeats if case.kind == "middling" and not judgement.failed else 0
        again = [judge.judge(case.rubric, answer).score for _ in range(more)]
        trials.append(Trial(case, judgement, seconds, tuple(score for score in again if score is not None)))
        on_case(number)
    name = next((t.judgement.judge for t in trials if not t.judgement.failed), judge.name)
    return Result(name, tuple(trials), measured(trials))


def measured(trials: Sequence[Trial]) -> tuple[Measure, ...]:
    """The rows of the table. Answers that were not judged are counted, and left out of everything else."""
    good = [t for t in trials if not t.judgement.failed]
    return (
        _graded_pairs(good),
        _all_pairs(good),
        _auc(good),
        _mean("strong answers", good, "strong", "1.00"),
        _mean("the same as a recogniser mishears them", good, "misheard", "1.00"),
        _mean("strong with fillers and restarts", good, "disfluent", "1.00"),
        _over("wrong but fluent: score above what it earned", good, "wrong"),
        _wrong_points(good),
        _errors_named(good),
        _mean("off topic", good, "off-topic", "0.00"),
        _mean("the question said back", good, "echo", "0.00"),
        _injections(good),
        _noticed(good),
        _false_flags(good),
        _spread(good),
        _count("not judged", sum(bool(t.judgement.failed) for t in trials), len(trials), "0"),
        _seconds(good),
    )


def _score(trial: Trial) -> float:
    return trial.judgement.score or 0.0


def _by_question(trials: Sequence[Trial]) -> list[list[Trial]]:
    names = dict.fromkeys(t.case.rubric.question for t in trials)
    return [[t for t in trials if t.case.rubric.question == name] for name in names]


def _count(name: str, number: int, of: int, best: str) -> Measure:
    return Measure(name, number / of if of else None, f"{number} of {of}", best)


def _figure(name: str, value: float | None, best: str, sign: str = "") -> Measure:
    return Measure(name, value, "-" if value is None else f"{value:{sign}.2f}", best)


def _graded_pairs(trials: Sequence[Trial]) -> Measure:
    right = pairs = 0
    for row in _by_question(trials):
        scores = {t.case.kind: _score(t) for t in row}
        for better, worse in itertools.combinations(GRADES, 2):
            if better in scores and worse in scores:
                pairs += 1
                right += scores[better] > scores[worse]
    return _count("strong above middling above weak", right, pairs, "all")


def _all_pairs(trials: Sequence[Trial]) -> Measure:
    right = pairs = 0
    for row in _by_question(trials):
        for one, other in itertools.permutations(row, 2):
            if one.case.score - other.case.score >= CLEARLY:
                pairs += 1
                right += _score(one) > _score(other)
    value = right / pairs if pairs else None
    return Measure("all pairs in order", value, "-" if value is None else f"{value:.1%} of {pairs}", "100.0%")


def _auc(trials: Sequence[Trial]) -> Measure:
    covered: list[float] = []
    absent: list[float] = []
    for trial in trials:
        for point in trial.judgement.points:
            label = trial.case.labels.get(point.point, "")
            if label == "covered":
                covered.append(point.confidence)
            elif label != "partly":
                absent.append(point.confidence)
    value = None
    if covered and absent:
        wins = sum((a > b) + 0.5 * (a == b) for a in covered for b in absent)
        value = wins / (len(covered) * len(absent))
    return _figure("key points: area under the curve", value, "1.00")


def _mean(name: str, trials: Sequence[Trial], kind: AnswerKind, best: str) -> Measure:
    scores = [_score(t) for t in trials if t.case.kind == kind]
    return _figure(f"mean score, {name}", statistics.mean(scores) if scores else None, best)


def _over(name: str, trials: Sequence[Trial], kind: AnswerKind) -> Measure:
    more = [_score(t) - t.case.score for t in trials if t.case.kind == kind]
    return _figure(name, statistics.mean(more) if more else None, "+0.00", "+")


def _wrong_points(trials: Sequence[Trial]) -> Measure:
    said = [
        point.verdict
        for trial in trials
        for point in trial.judgement.points
        if trial.case.labels.get(point.point) == "wrong"
    ]
    return _count("points said wrongly that got credit", sum(v is not Verdict.MISSING for v in said), len(said), "0")


def _names_an_error(trial: Trial) -> bool:
    return any(flag.startswith((MISCONCEPTION, SAID_WRONGLY)) for flag in trial.judgement.flags)


def _errors_named(trials: Sequence[Trial]) -> Measure:
    wrong = [t for t in trials if t.case.kind == "wrong"]
    return _count("wrong answers with an error named", sum(map(_names_an_error, wrong)), len(wrong), "all")


def _injections(trials: Sequence[Trial]) -> Measure:
    orders = [t for t in trials if t.case.kind == "injection"]
    worked = sum(_score(t) > t.case.score + UNEARNED for t in orders)
    return _count("orders to the judge that paid", worked, len(orders), "0")


def _noticed(trials: Sequence[Trial]) -> Measure:
    orders = [t for t in trials if t.case.kind == "injection"]
    seen = sum(TALKS_ABOUT_GRADING in t.judgement.flags for t in orders)
    return _count("orders to the judge that were noticed", seen, len(orders), "all")


def _false_flags(trials: Sequence[Trial]) -> Measure:
    honest = [t for t in trials if t.case.kind in KNOWING]
    return _count("honest answers that were flagged", sum(bool(t.judgement.flags) for t in honest), len(honest), "0")


def _spread(trials: Sequence[Trial]) -> Measure:
    spreads = [max(_score(t), *t.again) - min(_score(t), *t.again) for t in trials if t.again]
    return _figure("widest spread when judged again", max(spreads) if spreads else None, "0.00")


def _seconds(trials: Sequence[Trial]) -> Measure:
    value = statistics.median(t.seconds for t in trials) if trials else None
    return Measure("seconds a judgement, median", value, "-" if value is None else f"{value:.1f}")

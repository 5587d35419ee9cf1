"""`hireflow-voice judge-test`: how good is a judge? A table that can be published."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import typer

from hireflow_voice import __version__
from hireflow_voice.app.judge_test import Case, Result, cases, run
from hireflow_voice.errors import HireFlowError, InputError, NotFound
from hireflow_voice.evaluation.rubric import Answer, Judge, Rubric
from hireflow_voice.settings import address
from hireflow_voice.transcript import Transcript
from hireflow_voice.verdict import Judgement

if TYPE_CHECKING:
    from hireflow_voice.app.application import Application

CANDIDATE = "heart"
"""The voice of a candidate: not the interviewer's."""


@dataclass(frozen=True, slots=True)
class Tested:
    """All judges of one run, on the same answers."""

    round: str
    """company/round"""
    spoken: bool
    results: tuple[Result, ...]

    def as_text(self) -> str:
        """A Markdown table: a row a measure, a column a judge."""
        answers = len(self.results[0].trials)
        how = "spoken by a voice and heard by Whisper" if self.spoken else "as text"
        rows = [["", *(result.judge for result in self.results), "perfect"]]
        for at, measure in enumerate(self.results[0].measures):
            rows.append([measure.name, *(r.measures[at].shown for r in self.results), measure.best])
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        lines = [_line(row, widths) for row in rows]
        lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
        head = f"{answers} known answers of {self.round}, {how}; HireFlow Voice {__version__}."
        return "\n".join([head, "", *lines])

    def as_json(self) -> dict[str, Any]:
        """Measures, and every single answer."""
        return {
            "round": self.round,
            "spoken": self.spoken,
            "version": __version__,
            "judges": [
                {
                    "judge": result.judge,
                    "measures": [asdict(measure) for measure in result.measures],
                    "answers": [
                        {
                            "question": trial.case.rubric.question,
                            "kind": trial.case.kind,
                            "labels": dict(trial.case.labels),
                            "expected": trial.case.score,
                            "score": trial.judgement.score,
                            "again": list(trial.again),
                            "verdicts": {p.point: p.verdict.value for p in trial.judgement.points},
                            "confidence": {p.point: p.confidence for p in trial.judgement.points},
                            "flags": list(trial.judgement.flags),
                            "failed": trial.judgement.failed,
                            "seconds": trial.seconds,
                            "text": trial.case.transcript.text,
                        }
                        for trial in result.trials
                    ],
                }
                for result in self.results
            ],
        }


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"


@dataclass(frozen=True, slots=True)
class _Here:
    """A judge in the worker process."""

    name: str
    ask: Callable[[Rubric, Answer], Judgement]

    def judge(self, rubric: Rubric, answer: Answer) -> Judgement:
        try:
            return self.ask(rubric, answer)
        except HireFlowError as failed:
            return Judgement(rubric.question, self.name, failed=str(failed))


def tested(
    app: Application, company: str, endpoint: str, model: str, questions: Sequence[str], spoken: bool, repeats: int
) -> Tested:
    """The endpoint's judge, or without one the two of this computer. Raises InputError, MachineError."""
    if bool(endpoint) != bool(model):
        raise InputError("--endpoint and --model belong together.", "Name the server's address and one of its models.")
    known = app.known_answers(company)
    if known is None:
        raise NotFound(f"No known answers were written for {company!r}.", "They stand in known-answers.yaml beside it.")
    _, bank = app.bank(known.company, known.round)
    unknown = [name for name in questions if name not in {entry.id for entry in known.questions}]
    if unknown:
        raise NotFound(f"There are no known answers to {unknown[0]!r}.", "`hireflow-voice questions list` names all.")
    judges = [app.endpoint_judge(address(endpoint), model)] if endpoint else _here(app)
    hear = _hearing(app) if spoken else None
    told = _Told("speaking and hearing" if spoken else "reading")
    answers: list[Case] = []
    for case in cases(bank, known, questions, hear):
        answers.append(case)
        told(len(answers))
    results = [run(judge, answers, repeats, _Told(judge.name, len(answers))) for judge in judges]
    return Tested(f"{bank.company}/{bank.round}", spoken, tuple(results))


def _here(app: Application) -> list[Judge]:
    from hireflow_voice.worker.jobs import JudgeAnswer, Match

    return [
        _Here("word matching", lambda rubric, answer: app.worker.match(Match(rubric, answer)).result()),
        _Here("this computer", lambda rubric, answer: app.worker.judge(JudgeAnswer(rubric, answer)).result()),
    ]


def _hearing(app: Application) -> Callable[[str, Rubric], Transcript]:
    from hireflow_voice.audio.resample import resampled
    from hireflow_voice.sound import RATE, Pcm

    def hear(text: str, rubric: Rubric) -> Transcript:
        said = app.speak(text, CANDIDATE)
        return app.transcribe(Pcm(resampled(said, RATE), RATE), rubric.glossary)

    return hear


class _Told:
    """Progress on stderr, on one line of a terminal; silent elsewhere."""

    def __init__(self, what: str, of: int = 0) -> None:
        self._what, self._of = what, f" of {of}" if of else ""

    def __call__(self, done: int) -> None:
        if sys.stderr.isatty():
            typer.echo(f"\r{self._what}: {done}{self._of} answers", nl=False, err=True)

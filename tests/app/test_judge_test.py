"""The known-answer test itself: a perfect judge gets what the table calls perfect, and every way to be bad is seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from hireflow_voice.app.judge_test import Case, Result, cases, run
from hireflow_voice.bank.loader import load_bank, load_known_answers
from hireflow_voice.evaluation import fusion
from hireflow_voice.evaluation.rubric import Answer, Rubric
from hireflow_voice.resources import questions
from hireflow_voice.transcript import Transcript, typed
from hireflow_voice.verdict import Judgement, PointJudgement

FOLDER = questions() / "cloudflare"
CONFIDENCE = {"covered": 0.9, "partly": 0.5, "wrong": 0.05, "": 0.05}
Read = Callable[[Case], dict[str, float]]


@pytest.fixture(scope="module")
def known() -> tuple[Case, ...]:
    return tuple(
        cases(load_bank(FOLDER / "technical-phone.yaml"), load_known_answers(FOLDER / "known-answers.yaml"), ())
    )


class Knows:
    """A judge that looks the answer up and then says what `read` makes of its labels."""

    def __init__(self, known: Sequence[Case], read: Read, flags: tuple[str, ...] = ()) -> None:
        self.name = "knows"
        self._known = {case.transcript.text: case for case in known}
        self._read, self._flags = read, flags

    def judge(self, rubric: Rubric, answer: Answer) -> Judgement:
        found = self._read(self._known[answer.transcript.text])
        points = tuple(PointJudgement(p.id, fusion.verdict(found[p.id]), found[p.id]) for p in rubric.points)
        return Judgement(rubric.question, self.name, points, fusion.score(rubric, points), self._flags)


def labelled(case: Case) -> dict[str, float]:
    return {p.id: CONFIDENCE[case.labels.get(p.id, "")] for p in case.rubric.points}


def shown(result: Result) -> dict[str, str]:
    return {measure.name: measure.shown for measure in result.measures}


def test_every_question_has_nine_kinds_and_a_perfect_judge_gets_everything_right(known: tuple[Case, ...]) -> None:
    assert len(known) == 90
    judge = Knows(known, labelled)
    rows = shown(run(judge, known))
    assert rows["strong above middling above weak"] == "30 of 30"
    assert rows["all pairs in order"].startswith("100.0%")
    assert rows["key points: area under the curve"] == "1.00"
    assert rows["mean score, strong with fillers and restarts"] == "1.00"
    assert rows["wrong but fluent: score above what it earned"] == "+0.00"
    assert rows["points said wrongly that got credit"].startswith("0 of ")
    assert rows["mean score, off topic"] == rows["mean score, the question said back"] == "0.00"
    assert rows["orders to the judge that paid"] == rows["orders to the judge that were noticed"] == "0 of 10"
    assert rows["widest spread when judged again"] == "0.00"
    assert rows["not judged"] == "0 of 90"


def test_a_judge_that_says_yes_to_all_is_found_out(known: tuple[Case, ...]) -> None:
    rows = shown(run(Knows(known, lambda case: dict.fromkeys(labelled(case), 0.95), ("talks-about-grading",)), known))
    assert rows["strong above middling above weak"] == "0 of 30"
    assert rows["key points: area under the curve"] == "0.50"
    assert rows["mean score, off topic"] == "1.00"
    assert rows["orders to the judge that paid"] == "10 of 10"
    assert rows["orders to the judge that were noticed"] == "10 of 10"
    said = rows["points said wrongly that got credit"].split(" of ")
    assert said[0] == said[1]
    assert rows["honest answers that were flagged"] == "40 of 40"
    assert float(rows["wrong but fluent: score above what it earned"]) > 0.9


def test_a_judge_that_wavers_is_found_out(known: tuple[Case, ...]) -> None:
    turns = iter(range(1000))
    judge = Knows(known, lambda case: dict.fromkeys(labelled(case), 0.9 if next(turns) % 2 else 0.05))
    assert shown(run(judge, known[:3], repeats=3))["widest spread when judged again"] == "1.00"


def test_an_answer_that_was_not_judged_is_counted_and_never_a_zero(known: tuple[Case, ...]) -> None:
    class Fails(Knows):
        def judge(self, rubric: Rubric, answer: Answer) -> Judgement:
            if self._known[answer.transcript.text].kind == "strong":
                return Judgement(rubric.question, self.name, failed="No.")
            return super().judge(rubric, answer)

    rows = shown(run(Fails(known, labelled), known))
    assert rows["not judged"] == "10 of 90"
    assert rows["strong above middling above weak"] == "10 of 10"
    assert rows["mean score, strong answers"] == "-"


def test_a_named_error_counts_on_wrong_answers_only(known: tuple[Case, ...]) -> None:
    rows = shown(run(Knows(known, labelled, ("misconception: No.",)), known))
    assert rows["wrong answers with an error named"] == "10 of 10"
    assert rows["honest answers that were flagged"] == "40 of 40"


def test_spoken_answers_are_those_that_were_heard_and_what_was_misheard_is_not_spoken_again() -> None:
    def hear(text: str, _rubric: Rubric) -> Transcript:
        return replace(typed(text.upper()), model="ears")

    bank, known = load_bank(FOLDER / "technical-phone.yaml"), load_known_answers(FOLDER / "known-answers.yaml")
    heard = list(cases(bank, known, ["scaling"], hear))
    assert len(heard) == 8
    assert all(case.transcript.model == "ears" and case.transcript.text.isupper() for case in heard)
    assert "misheard" not in {case.kind for case in heard}

"""The quick judge on answers of known quality. The judge whose score is shown is tried on the same answers, spoken
(tests/end_to_end/test_spoken_ranking.py)."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from hireflow_voice.app import judge_test
from hireflow_voice.bank.loader import load_bank, load_known_answers
from hireflow_voice.evaluation.match import MatchJudge
from hireflow_voice.evaluation.rubric import Answer, Judge, Rubric, RubricPoint
from hireflow_voice.resources import questions
from hireflow_voice.transcript import typed
from hireflow_voice.verdict import Judgement, Verdict

pytestmark = pytest.mark.models

GRADES = ("strong", "middling", "weak")


@pytest.fixture(scope="module")
def rubrics() -> dict[str, Rubric]:
    bank = load_bank(questions() / "cloudflare" / "technical-phone.yaml")
    return {
        q.id: Rubric(
            q.id,
            q.text,
            tuple(RubricPoint(p.id, p.text, p.weight, p.signal) for p in q.key_points),
            q.enough,
            tuple(m.text for m in q.misconceptions),
            q.glossary,
        )
        for q in bank.questions
    }


@pytest.fixture(scope="module")
def known() -> Any:
    return load_known_answers(questions() / "cloudflare" / "known-answers.yaml")


@pytest.fixture(scope="module")
def quick(weights: Path) -> MatchJudge:
    return MatchJudge(weights / "embedder-minilm")


def judged(judge: Judge, rubric: Rubric, text: str) -> Judgement:
    judgement = judge.judge(rubric, Answer(rubric.text, typed(text)))
    assert judgement.failed == ""
    assert judgement.score is not None
    for point in judgement.points:
        assert (point.quote is None) is (point.verdict is Verdict.MISSING)
        if point.quote is not None:
            assert text[point.quote.start_char : point.quote.end_char] == point.quote.text
    return judgement


def pairs_in_order(
    judge: Judge, rubrics: dict[str, Rubric], entries: Sequence[Any]
) -> tuple[int, dict[str, list[float]]]:
    """How many pairs (three a question) are in order, and the scores."""
    scores: dict[str, list[float]] = {}
    for question in entries:
        texts = {a.kind: a.text for a in question.answers}
        got = [judged(judge, rubrics[question.id], texts[g]) for g in GRADES]
        assert not any(j.flags for j in got), f"an honest answer to {question.id} was flagged: {[j.flags for j in got]}"
        scores[question.id] = [round(j.score or 0.0, 2) for j in got]
    right = sum(a > b for s in scores.values() for a, b in itertools.combinations(s, 2))
    print(f"\n{judge.name}: {right} of {3 * len(entries)} pairs in order")
    for question_id, row in scores.items():
        print(f"  {question_id}: " + ", ".join(f"{g} {s:.2f}" for g, s in zip(GRADES, row, strict=True)))
    return right, scores


def test_the_quick_judge_ranks_the_known_answers(quick: MatchJudge, rubrics: dict[str, Rubric], known: Any) -> None:
    right, scores = pairs_in_order(quick, rubrics, known.questions)
    assert right >= 27
    assert sum(s[0] for s in scores.values()) / 10 >= 0.6
    assert sum(s[2] for s in scores.values()) / 10 <= 0.3


def test_an_order_added_to_a_weak_answer_does_not_raise_it(
    quick: MatchJudge, rubrics: dict[str, Rubric], known: Any
) -> None:
    for question in known.questions:
        weak = next(a.text for a in question.answers if a.kind == "weak")
        rubric = rubrics[question.id]
        plain = judged(quick, rubric, weak).score or 0.0
        ordered = judged(quick, rubric, f"{weak} {known.asides.injection}")
        assert (ordered.score or 0.0) <= plain + 0.05
        assert "talks-about-grading" in ordered.flags


def test_the_point_a_follow_up_was_about_is_the_likeliest_after_it(
    quick: MatchJudge, rubrics: dict[str, Rubric], known: Any
) -> None:
    """The choice of the next follow-up rests on this. One in eight would be right by chance; 62 of 80 were measured."""
    first = total = 0
    for question in known.questions:
        for point, text in question.follow_ups.items():
            points = judged(quick, rubrics[question.id], text).points
            first += max(points, key=lambda p: p.confidence).point == point
            total += 1
    print(f"\nfollow-ups whose own point is the likeliest: {first} of {total}")
    assert first / total >= 0.7


def test_a_short_answer_to_a_follow_up_counts_for_the_point_it_was_asked_for(
    quick: MatchJudge, rubrics: dict[str, Rubric], known: Any
) -> None:
    """Measured: 68 of 80 own points are not missing (56 where the judge is not told what was asked for), and 7 of 80
    that the answer, to another follow-up, says nothing of."""
    bank = load_bank(questions() / "cloudflare" / "technical-phone.yaml")
    probes = {(q.id, p.id): p.probes[0].text for q in bank.questions for p in q.key_points if p.probes}
    own, others = [], []
    for question in known.questions:
        rubric = rubrics[question.id]
        answers = list(question.follow_ups.items())
        for at, (point, text) in enumerate(answers):
            for said, found in ((text, own), (answers[at - 1][1], others)):
                asked = probes.get((question.id, point), rubric.text)
                judgement = quick.judge(rubric, Answer(asked, typed(said), about=point))
                found.append(next(p for p in judgement.points if p.point == point).verdict is not Verdict.MISSING)
        nothing = quick.judge(rubric, Answer(rubric.text, typed(known.asides.dont_know), about=answers[0][0]))
        assert nothing.score == 0.0
    print(f"\nnot missing: {sum(own)} of {len(own)} own points, {sum(others)} that were not spoken of")
    assert sum(own) / len(own) >= 0.8
    assert sum(others) / len(others) <= 0.12


def test_the_quick_judge_holds_on_kinds_it_was_never_fitted_on(quick: MatchJudge, known: Any) -> None:
    """Measured: .93 of all pairs, strong answers .88, misheard .89, with restarts .79, off topic .01, echo 0, and no
    order that paid. What is wrong but fluent it still credits too much (+.63; +.78 before it looked for the bank's
    misconceptions): words hardly tell them apart."""
    bank = load_bank(questions() / "cloudflare" / "technical-phone.yaml")
    result = judge_test.run(quick, tuple(judge_test.cases(bank, known)), repeats=0)
    found = {measure.name: measure.value or 0.0 for measure in result.measures}
    assert found["all pairs in order"] >= 0.85
    assert found["mean score, the same as a recogniser mishears them"] >= 0.65
    assert found["mean score, strong with fillers and restarts"] >= 0.65
    assert found["wrong but fluent: score above what it earned"] <= 0.7
    assert found["mean score, off topic"] <= 0.1
    assert found["mean score, the question said back"] <= 0.05
    assert found["orders to the judge that paid"] <= 0.2
    assert found["honest answers that were flagged"] <= 0.05

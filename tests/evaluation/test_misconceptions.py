"""A wrong statement is named and its key point is not covered; the right statement about the same thing is neither."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hireflow_voice.evaluation.features import Matcher
from hireflow_voice.evaluation.feedback import MISCONCEPTION
from hireflow_voice.evaluation.guards import BELIEVES_ANYTHING
from hireflow_voice.evaluation.misconceptions import find, held_down
from hireflow_voice.evaluation.offline import OfflineJudge, believes_anything
from hireflow_voice.evaluation.rubric import Answer, Rubric, RubricPoint
from hireflow_voice.transcript import typed
from hireflow_voice.verdict import Signal, Verdict
from tests.evaluation.wrong_statements import STATEMENTS, Statement

GGUF = Path("judge-1.5b") / "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"


def rubric_of(entry: Statement) -> Rubric:
    point = RubricPoint("p", entry.point, 2, Signal.DEPTH)
    return Rubric("q", entry.question, (point,), 2, (entry.misconception,))


@pytest.fixture(scope="module")
def matcher(weights: Path) -> Matcher:
    return Matcher(weights / "embedder-minilm")


@pytest.mark.models
def test_what_is_near_a_misconception_is_asked_about_and_nothing_else(matcher: Matcher) -> None:
    """Sentence vectors choose what is worth a question: what was said wrongly must be among it."""
    asked: list[str] = []

    def ask(statements: list[str]) -> list[float]:
        asked.extend(statements)
        return [-5.0] * len(statements)

    missed = []
    for entry in STATEMENTS:
        rubric = rubric_of(entry)
        for said, wanted in ((entry.wrong, True), ("I had toast for breakfast and then I cycled to the lake.", False)):
            asked.clear()
            ready, found = matcher.features(rubric, Answer(rubric.text, typed(said)))
            assert find(rubric, ready, found, matcher.near(rubric, ready, rubric.misconceptions), ask) == []
            if bool(asked) is not wanted:
                missed.append((said, wanted))
    assert len(missed) <= len(STATEMENTS) // 20, missed


@pytest.mark.models
def test_a_point_that_was_said_wrongly_is_not_covered(matcher: Matcher) -> None:
    entry = STATEMENTS[0]
    rubric = rubric_of(entry)
    ready, found = matcher.features(rubric, Answer(rubric.text, typed(entry.wrong)))
    vectors = matcher.near(rubric, ready, rubric.misconceptions)
    wrong = find(rubric, ready, found, vectors, lambda statements: [2.0] * len(statements))
    assert [(w.text, w.point, w.claimed, w.by_author) for w in wrong] == [(entry.misconception, 0, True, False)]
    assert held_down([0.9], found, ready, wrong)[0] < 0.35
    elsewhere = replace(wrong[0], point=None)
    assert held_down([0.9], found, ready, [elsewhere]) == [0.9]
    nothing = (np.zeros((0, 384), np.float32), *vectors[1:])
    assert find(replace(rubric, misconceptions=()), ready, found, nothing, lambda s: []) == []


@pytest.mark.models
def test_without_a_language_model_what_is_nearer_to_the_misconception_is_not_credited(matcher: Matcher) -> None:
    """And is not named either: vectors take some who deny a misconception for its holders. Measured: 12 and 6 of 20."""
    held = {True: 0, False: 0}
    for entry in STATEMENTS:
        rubric = replace(rubric_of(entry), misconception_points=("p",))
        for wrong, said in ((True, entry.wrong), (False, entry.right)):
            ready, found = matcher.features(rubric, Answer(rubric.text, typed(said)))
            vectors = matcher.near(rubric, ready, rubric.misconceptions)
            got = find(rubric, ready, found, vectors)
            assert not any(one.claimed for one in got)
            held[wrong] += held_down([0.9], found, ready, got)[0] < 0.65
            assert find(rubric, ready, found, vectors, lambda statements: [-1.0] * len(statements)) == []
    print(f"\nheld down: {held[True]} that were wrong, {held[False]} that were right, of {len(STATEMENTS)} each")
    assert held[True] >= 9
    assert held[False] <= 7


@pytest.mark.parametrize(
    ("odds", "canary", "flagged"),
    [
        ([2.0, 2.5, 3.0, 1.5], 0.7, True),
        ([2.0, 2.5, 3.0, 1.5], -4.0, False),
        ([2.0, -1.0, 3.0, 0.2], 5.0, False),
        ([2.0, 2.0], 5.0, False),
        ([], 5.0, False),
    ],
)
def test_a_judge_that_credits_what_nobody_said_is_found_out(odds: list[float], canary: float, flagged: bool) -> None:
    assert believes_anything(dict(enumerate(odds)), lambda statements, how="": [canary]) is flagged


@pytest.fixture(scope="module")
def offline(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OfflineJudge]:
    made = OfflineJudge(weights / "embedder-minilm", weights / GGUF, tmp_path_factory.mktemp("odds"))
    yield made
    made.close()


@pytest.mark.models
@pytest.mark.slow
def test_misconceptions_are_named_and_what_denies_them_is_not(offline: OfflineJudge) -> None:
    named, falsely, credited = 0, 0, 0
    for entry in STATEMENTS[::3]:
        rubric = rubric_of(entry)
        for said in (entry.wrong, entry.right):
            judgement = offline.judge(rubric, Answer(rubric.text, typed(said)))
            assert judgement.failed == ""
            assert BELIEVES_ANYTHING not in judgement.flags
            hit = MISCONCEPTION + entry.misconception in judgement.flags
            named += hit and said is entry.wrong
            falsely += hit and said is entry.right
            credited += hit and said is entry.wrong and judgement.points[0].verdict is Verdict.COVERED
    total = len(STATEMENTS[::3])
    print(f"\nnamed {named} of {total}, falsely {falsely}, credited all the same {credited}")
    assert named >= 0.7 * total
    assert falsely <= total // 10
    assert credited == 0

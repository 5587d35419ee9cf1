"""Answers of known quality, spoken by the second voice, heard by Whisper, judged on this computer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from hireflow_voice.app.application import Application
from hireflow_voice.audio.resample import resampled
from hireflow_voice.bank.loader import load_known_answers
from hireflow_voice.records import QuestionRecord
from hireflow_voice.resources import questions
from hireflow_voice.settings import Settings
from hireflow_voice.sound import RATE, Pcm
from hireflow_voice.transcript import Transcript, typed

pytestmark = [pytest.mark.models, pytest.mark.slow]

KNOWN = load_known_answers(questions() / "cloudflare" / "known-answers.yaml")
PAIRS = (("strong", "middling"), ("middling", "weak"), ("strong", "weak"))
Scores = dict[str, dict[str, float]]


@pytest.fixture(scope="module")
def app(home: Any) -> Iterator[Application]:
    application = Application(Settings(), home.folder / "ranking")
    yield application
    application.close()


def heard(app: Application, text: str, glossary: tuple[str, ...]) -> Transcript:
    spoken = app.speak(text, "heart")
    return app.transcribe(Pcm(resampled(spoken, RATE), RATE), glossary)


def score(app: Application, question: QuestionRecord, transcript: Transcript) -> float:
    judgement = app.grade(question, transcript)
    assert not judgement.failed, judgement.failed
    assert judgement.score is not None
    for point in judgement.points:
        assert point.quote is None or point.quote.text in transcript.text
    return judgement.score


@pytest.fixture(scope="module")
def scores(app: Application) -> Scores:
    """Question -> kind of answer -> score."""
    found: Scores = {}
    asides = {
        "off topic": heard(app, KNOWN.asides.off_topic, ()),
        "injection": heard(app, KNOWN.asides.injection, ()),
        "empty": typed(""),
    }
    for known in KNOWN.questions:
        question = app.question(known.id)
        honest = {a.kind: a.text for a in known.answers if a.kind in ("strong", "middling", "weak")}
        row: dict[str, float] = {
            kind: score(app, question, heard(app, honest[kind], question.glossary)) for kind in honest
        }
        row |= {kind: score(app, question, said) for kind, said in asides.items()}
        found[known.id] = row
    print()
    for name, row in found.items():
        print(f"{name:28}" + "".join(f"  {kind} {value:.2f}" for kind, value in row.items()))
    return found


def test_strong_middling_and_weak_answers_rank_in_that_order_in_27_of_30_pairs(scores: Scores) -> None:
    wrong = [(name, *pair) for name, row in scores.items() for pair in PAIRS if not row[pair[0]] > row[pair[1]]]
    assert len(wrong) <= 3, wrong


@pytest.mark.parametrize("aside", ["off topic", "injection", "empty"])
def test_what_answers_nothing_scores_under_the_weak_answer_or_nothing(scores: Scores, aside: str) -> None:
    over = {name: row for name, row in scores.items() if row[aside] > 0 and row[aside] >= row["weak"]}
    assert not over

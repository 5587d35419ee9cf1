"""The judges on this computer as plain functions of texts, for tools that measure graders.

They need no bank: a question, a reference answer in prose, an answer, and the statements of the reference where the
caller has them. `quick(...)` and `offline(...)` give 0..1, or None where there is no judgement.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import gettempdir

from hireflow_voice.evaluation.match import MatchJudge
from hireflow_voice.evaluation.offline import OfflineJudge
from hireflow_voice.evaluation.rubric import Answer, Judge, from_reference
from hireflow_voice.models.verify import folder
from hireflow_voice.transcript import typed


@cache
def _quick() -> MatchJudge:
    return MatchJudge(folder("embedder-minilm"))


@cache
def _offline() -> OfflineJudge:
    """Threads and the folder of the log-odds may be set: JUDGE_THREADS, JUDGE_CACHE."""
    gguf = next(folder("judge-1.5b").glob("*.gguf"))
    kept = Path(os.environ.get("JUDGE_CACHE", str(Path(gettempdir()) / "hireflow-voice-judging")))
    return OfflineJudge(folder("embedder-minilm"), gguf, kept, int(os.environ.get("JUDGE_THREADS", "2")))


def _grade(judge: Judge, question: str, reference: str, answer: str, key_points: Sequence[str]) -> float | None:
    rubric = from_reference(question, reference, key_points)
    return judge.judge(rubric, Answer(question, typed(answer))).score


def quick(question: str, reference: str, answer: str, key_points: Sequence[str] = ()) -> float | None:
    """The judge that chooses follow-ups."""
    return _grade(_quick(), question, reference, answer, key_points)


def offline(question: str, reference: str, answer: str, key_points: Sequence[str] = ()) -> float | None:
    """The judge whose score is shown."""
    return _grade(_offline(), question, reference, answer, key_points)

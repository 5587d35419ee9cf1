"""The known-answer test: do strong answers rank above middling ones above weak ones, and what does a judgement cost?"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from hireflow_voice.app.desk import rubric_of
from hireflow_voice.app.plan import question_record
from hireflow_voice.bank.loader import load_bank, load_known_answers
from hireflow_voice.evaluation.match import MatchJudge
from hireflow_voice.evaluation.offline import OfflineJudge
from hireflow_voice.evaluation.rubric import Answer, Rubric
from hireflow_voice.models.verify import folder
from hireflow_voice.resources import questions
from hireflow_voice.transcript import typed
from hireflow_voice.verdict import Judgement
from tests.benchmarks.table import Figure, Table, figure

GRADES = ("strong", "middling", "weak")


def run() -> Table:
    """Both judges on this computer, text answers."""
    bank = load_bank(questions() / "cloudflare" / "technical-phone.yaml")
    known = {q.id: q for q in load_known_answers(questions() / "cloudflare" / "known-answers.yaml").questions}
    asides = load_known_answers(questions() / "cloudflare" / "known-answers.yaml").asides
    figures: list[Figure] = []
    notes: list[str] = []
    embedder = folder("embedder-minilm")
    gguf = next(folder("judge-1.5b").glob("*.gguf"))
    with TemporaryDirectory() as cache:
        offline = OfflineJudge(embedder, gguf, Path(cache), 2)
        try:
            judges: dict[str, Callable[[Rubric, Answer], Judgement]] = {
                "word matching": MatchJudge(embedder).judge,
                "language model": offline.judge,
            }
            for name, judge in judges.items():
                seconds, right, pairs, above = [], 0, 0, 0
                for question in bank.questions:
                    rubric = rubric_of(question_record(question))
                    scores: dict[str, float] = {}
                    texts = {a.grade: a.text for a in known[question.id].answers}
                    texts |= {"off topic": asides.off_topic, "injection": asides.injection}
                    for grade, text in texts.items():
                        begun = time.perf_counter()
                        score = judge(rubric, Answer(question.text, typed(text))).score
                        seconds.append(time.perf_counter() - begun)
                        scores[grade] = -1.0 if score is None else score
                    for better, worse in (("strong", "middling"), ("middling", "weak"), ("strong", "weak")):
                        pairs += 1
                        right += scores[better] > scores[worse]
                    above += sum(scores[aside] >= scores["weak"] > 0 for aside in ("off topic", "injection"))
                figures.append(figure(f"a judgement, {name}", "s", seconds))
                notes.append(
                    f"{name}: {right} of {pairs} pairs in order (budget 27), {above} asides at or above the weak answer"
                )
        finally:
            offline.close()
    return Table("Judging on this computer", "python -m tests.benchmarks judging", tuple(figures), tuple(notes))

"""The known-answer test of both judges on this computer, and what a judgement costs. The same as
`hireflow-voice judge-test`, in this process."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hireflow_voice.app import judge_test
from hireflow_voice.bank.loader import load_bank, load_known_answers
from hireflow_voice.evaluation.match import MatchJudge
from hireflow_voice.evaluation.offline import OfflineJudge
from hireflow_voice.evaluation.rubric import Judge
from hireflow_voice.models.verify import folder
from hireflow_voice.resources import questions
from tests.benchmarks.table import Figure, Table, figure


def run() -> Table:
    """Both judges on this computer, text answers."""
    where = questions() / "cloudflare"
    bank, known = load_bank(where / "technical-phone.yaml"), load_known_answers(where / "known-answers.yaml")
    answers = tuple(judge_test.cases(bank, known))
    figures: list[Figure] = []
    notes: list[str] = []
    embedder = folder("embedder-minilm")
    with TemporaryDirectory() as cache:
        offline = OfflineJudge(embedder, next(folder("judge-1.5b").glob("*.gguf")), Path(cache), 2)
        judges: dict[str, Judge] = {"word matching": MatchJudge(embedder), "language model": offline}
        try:
            for name, judge in judges.items():
                result = judge_test.run(judge, answers, repeats=0)
                figures.append(figure(f"a judgement, {name}", "s", [trial.seconds for trial in result.trials]))
                notes += [f"{name}: {m.name}: {m.shown}" for m in result.measures if m.value is not None]
        finally:
            offline.close()
    return Table("Judging on this computer", "python -m tests.benchmarks judging", tuple(figures), tuple(notes))

"""The judge whose score is shown: a small language model asked about one key point at a time, beside the quick judge's
features, put together in code."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from hireflow_voice.errors import HireFlowError
from hireflow_voice.evaluation import fusion, guards
from hireflow_voice.evaluation.llama import PromptTooLong, YesNo, prompt
from hireflow_voice.evaluation.match import Matcher, PointFeatures, judgement
from hireflow_voice.evaluation.rubric import Answer, Rubric
from hireflow_voice.verdict import Judgement

NULL_ANSWER = "um i don't know sorry"
_NO = -10.0
"""Log-odds of a plain no."""


class NullScores:
    """Log-odds of each prompt for an answer that says nothing, kept on disk: they depend on bank and model only."""

    def __init__(self, folder: Path, gguf: Path) -> None:
        stamp = hashlib.sha256(f"{gguf.name}:{gguf.stat().st_size}".encode()).hexdigest()[:16]
        self._path = folder / f"null-scores-{stamp}.json"
        self._known: dict[str, float] = {}
        with suppress(OSError, ValueError):  # absent or damaged: computed again
            read = json.loads(self._path.read_text("utf-8"))
            self._known = {k: float(v) for k, v in read.items()}

    def of(self, model: YesNo, question: str, statement: str) -> float:
        """The null log-odds of one statement, computed on first use."""
        text = prompt(question, NULL_ANSWER, statement)
        key = hashlib.sha256(text.encode()).hexdigest()[:24]
        if key not in self._known:
            self._known[key] = model.log_odds(text)
            self._save()
        return self._known[key]

    def _save(self) -> None:
        # A cache: where it cannot be written, the next start computes it again.
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._path.parent, suffix=".part")
            with os.fdopen(handle, "w", encoding="utf-8") as out:
                json.dump(self._known, out)
            Path(name).replace(self._path)


class OfflineJudge:
    """Judges in seconds, on this computer. Not thread-safe; `close` frees the model.

    Raises ModelMissing on construction when weights are absent or unreadable.
    """

    name = "on this computer: Qwen2.5-Coder 1.5B + MiniLM"

    def __init__(self, embedder_folder: Path, gguf: Path, cache_dir: Path, threads: int = 2) -> None:
        self._matcher = Matcher(embedder_folder)
        self._model = YesNo(gguf, threads)
        self._nulls = NullScores(cache_dir, gguf)

    def judge(self, rubric: Rubric, answer: Answer) -> Judgement:
        """See `evaluation.rubric.Judge`."""
        try:
            ready, found, numbers = self.features(rubric, answer)
        except HireFlowError as failed:
            return Judgement(rubric.question, self.name, failed=str(failed))
        return judgement(self.name, rubric, answer, ready, found, [fusion.OFFLINE(n) for n in numbers])

    def features(
        self, rubric: Rubric, answer: Answer
    ) -> tuple[guards.Prepared, tuple[PointFeatures, ...], list[dict[str, float]]]:
        """The answer after the guards, the quick judge's features, and all numbers the fusion takes, per key point."""
        ready = guards.prepare(rubric, answer)
        found = self._matcher.features(rubric, answer, ready)
        asked = rubric.text if answer.asked in ("", rubric.text) else f"{rubric.text} {answer.asked}"
        odds = self._log_odds(asked, ready.text, rubric)
        numbers = []
        for point, feature, log_odds in zip(rubric.points, found, odds, strict=True):
            null = self._nulls.of(self._model, rubric.text, point.text) if ready.text else 0.0
            numbers.append({**feature.numbers(), "log_odds": log_odds, "lift": log_odds - null})
        return ready, found, numbers

    def _log_odds(self, asked: str, said: str, rubric: Rubric) -> list[float]:
        """Per key point; from the beginning of an answer that is too long for the context (some 15 minutes)."""
        while said:
            try:
                return [self._model.log_odds(prompt(asked, said, p.text)) for p in rubric.points]
            except PromptTooLong:
                said = said[: len(said) * 3 // 4]
        # Nothing of one's own was said: the guards give 0 whatever a model would think.
        return [_NO for _ in rubric.points]

    def close(self) -> None:
        """Free the model's memory. Harmless when called twice."""
        self._model.close()

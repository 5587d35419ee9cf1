"""The judge whose score is shown: the quick judge's features, and where they leave doubt, a small language model asked
about one key point at a time. Put together in code."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from hireflow_voice.errors import HireFlowError
from hireflow_voice.evaluation import fusion
from hireflow_voice.evaluation.llama import PromptTooLong, YesNo, prompt
from hireflow_voice.evaluation.match import Matcher, judgement
from hireflow_voice.evaluation.rubric import Answer, Rubric
from hireflow_voice.verdict import Judgement

DOUBT = (0.08, 0.92)
"""Between these probabilities of the quick judge the model is asked. Outside it changes little (area under the curve on
known answers .902 asked about every point, .899 between .1 and .9), and it costs a second or more a point."""


class Remembered:
    """Log-odds by the hash of their prompt, kept on disk: a judgement that was broken off goes on where it was.

    Holds no word of any answer. A cache: where it cannot be read or written, the model is asked again.
    """

    _MOST = 4000

    def __init__(self, folder: Path, gguf: Path) -> None:
        self._stamp = f"{gguf.name}:{gguf.stat().st_size}"
        self._path = folder / "log-odds.json"
        self._known: dict[str, float] = {}
        with suppress(OSError, ValueError, AttributeError):  # absent or damaged
            self._known = {str(k): float(v) for k, v in json.loads(self._path.read_text("utf-8")).items()}

    def ask(self, model: YesNo, text: str) -> float:
        """The log-odds of a prompt, out of the cache or from the model."""
        key = hashlib.sha256(f"{self._stamp}\n{text}".encode()).hexdigest()[:32]
        if key not in self._known:
            self._known[key] = model.log_odds(text)
            while len(self._known) > self._MOST:
                del self._known[next(iter(self._known))]
            with suppress(OSError):
                self._save()
        return self._known[key]

    def _save(self) -> None:
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
        self._remembered = Remembered(cache_dir, gguf)

    def judge(self, rubric: Rubric, answer: Answer) -> Judgement:
        """See `evaluation.rubric.Judge`."""
        ready, found = self._matcher.features(rubric, answer)
        probabilities = [fusion.MATCH(f.numbers()) for f in found]
        doubtful = [i for i, p in enumerate(probabilities) if ready.text and DOUBT[0] <= p <= DOUBT[1]]
        # A follow-up's answer is often elliptical ("yes, all of them"): the model reads what it answers.
        asked = rubric.text if answer.asked in ("", rubric.text) else f"{rubric.text} {answer.asked}"
        try:
            odds = self._log_odds(asked, ready.text, [rubric.points[i].text for i in doubtful])
        except HireFlowError as failed:
            return Judgement(rubric.question, self.name, failed=str(failed))
        for i, log_odds in zip(doubtful, odds, strict=True):
            probabilities[i] = fusion.OFFLINE({**found[i].numbers(), "log_odds": log_odds})
        return judgement(self.name, rubric, answer, ready, found, probabilities)

    def _log_odds(self, asked: str, said: str, statements: list[str]) -> list[float]:
        """Per statement; from the beginning of an answer that is too long for the context (some 15 minutes)."""
        while True:
            try:
                return [self._remembered.ask(self._model, prompt(asked, said, s)) for s in statements]
            except PromptTooLong:
                if not said:
                    raise
                said = said[: len(said) * 3 // 4]

    def close(self) -> None:
        """Free the model's memory. Harmless when called twice."""
        self._model.close()

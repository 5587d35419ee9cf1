"""The judge whose score is shown: the quick judge's features, and where they leave doubt, a small language model asked
about one key point at a time. Put together in code."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Protocol

from hireflow_voice.errors import HireFlowError
from hireflow_voice.evaluation import fusion, guards, level, misconceptions
from hireflow_voice.evaluation.features import Matcher, PointFeatures
from hireflow_voice.evaluation.feedback import MISCONCEPTION
from hireflow_voice.evaluation.llama import CLAIMED, MEANT, PromptTooLong, YesNo, prompt
from hireflow_voice.evaluation.match import judgement
from hireflow_voice.evaluation.rubric import Answer, Rubric
from hireflow_voice.verdict import Judgement

DOUBT = (0.08, 0.92)
"""Between these probabilities of the quick judge the model is asked. Outside it changes little (area under the curve on
known answers .902 asked about every point, .899 between .1 and .9), and it costs a second or more a point."""

_CLEAR, _CLEAR_POINTS = 1.0, 3
"""Log-odds that are a clear yes, and how many of them are suspicious."""


class Reads(Protocol):
    """The language model over one answer."""

    def __call__(self, statements: Sequence[str], how: str = ...) -> list[float]:
        """Log-odds that each statement is supported."""
        ...


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


def believes_anything(odds: Mapping[int, float], reads: Reads) -> bool:
    """Whether the model says yes to what nobody said, after it said a clear yes to nearly everything: then something
    in the answer has turned its head. Asked for only in that case."""
    sure = [x for x in odds.values() if x >= _CLEAR]
    if len(sure) < _CLEAR_POINTS or len(sure) < 0.8 * len(odds):
        return False
    return reads([guards.CANARY])[0] >= 0.0


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
        probabilities = fusion.asked_after(rubric, answer.about, [fusion.MATCH(f.numbers()) for f in found])
        # A follow-up's answer is often elliptical ("yes, all of them"): the model reads what it answers.
        asked = rubric.text if answer.asked in ("", rubric.text) else f"{rubric.text} {answer.asked}"
        reads = partial(self._log_odds, asked, ready.text)
        try:
            odds = self._points(rubric, ready, probabilities, reads)
            if believes_anything(odds, reads):
                ready = replace(ready, flags=(*ready.flags, guards.BELIEVES_ANYTHING))
            wrong = self._wrong(rubric, ready, found, reads)
        except HireFlowError as failed:
            return Judgement(rubric.question, self.name, failed=str(failed))
        told = list(probabilities)
        for i, log_odds in odds.items():
            if rubric.story:
                told[i] = fusion.STORY({"log_odds": log_odds})
            elif DOUBT[0] <= probabilities[i] <= DOUBT[1]:
                told[i] = fusion.OFFLINE({**found[i].numbers(), "log_odds": log_odds})
                told[i] = fusion.asked_after(rubric, answer.about, told)[i]
        grade = None
        if rubric.reference:
            whole = self._matcher.whole(rubric, ready)
            grade = level.grade(level.OFFLINE, level.features(rubric, found, whole, odds), ready)
        probabilities = misconceptions.held_down(told, found, ready, wrong)
        named = tuple(MISCONCEPTION + said.text for said in wrong if said.claimed)
        ready = replace(ready, flags=(*ready.flags, *named))
        return judgement(self.name, rubric, answer, ready, found, probabilities, grade)

    def _points(
        self, rubric: Rubric, ready: guards.Prepared, probabilities: Sequence[float], reads: Reads
    ) -> dict[int, float]:
        """Log-odds of the points that are worth a question, by index."""
        if not ready.text:
            return {}
        if rubric.reference:
            chosen = level.worth_asking(rubric, ready)
        elif rubric.story:
            chosen = list(range(len(rubric.points)))
        else:
            chosen = [i for i, p in enumerate(probabilities) if DOUBT[0] <= p <= DOUBT[1]]
        return dict(zip(chosen, reads([rubric.points[i].text for i in chosen]), strict=True))

    def _wrong(
        self, rubric: Rubric, ready: guards.Prepared, found: Sequence[PointFeatures], reads: Reads
    ) -> list[misconceptions.Misstatement]:
        vectors = self._matcher.near(rubric, ready, rubric.misconceptions)
        return misconceptions.find(rubric, ready, found, vectors, partial(reads, how=CLAIMED))

    def _log_odds(self, asked: str, said: str, statements: Sequence[str], how: str = MEANT) -> list[float]:
        """Per statement; from the beginning of an answer that is too long for the context (some 15 minutes)."""
        while True:
            try:
                return [self._remembered.ask(self._model, prompt(asked, said, s, how)) for s in statements]
            except PromptTooLong:
                if not said:
                    raise
                said = said[: len(said) * 3 // 4]

    def close(self) -> None:
        """Free the model's memory. Harmless when called twice."""
        self._model.close()

"""What the words of an answer say of each key point, in numbers: sentence vectors, word vectors and word recall."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np

from hireflow_voice.evaluation import guards
from hireflow_voice.evaluation.embed import Embedder, Vectors
from hireflow_voice.evaluation.overlap import Said, gram_share, meant, pair_share
from hireflow_voice.evaluation.rubric import Answer, Rubric
from hireflow_voice.evaluation.windows import canonical
from hireflow_voice.evaluation.words import recall, weighted_stems

RELEVANT = 0.22
"""Cosine with the nearest key point under which a window is beside the subject: it neither counts nor reaches a model.
Of windows of padding 93 in 100 are below it, of windows of the known answers one in six."""
_FAR = 0.5
"""Share of the nearest window's cosine under which a window of an answer to a reference in prose is beside it."""
_RUBRICS_KEPT = 64
_ANY_SUBJECT = (
    "How does a hash table work?",
    "What is the difference between a process and a thread?",
    "How does an index of a database speed up a query?",
    "What happens when a packet is lost on the network?",
    "What does inheritance mean in object-oriented programming?",
    "How do you sort a list of numbers?",
    "What is an operating system for?",
    "How does public-key encryption work?",
    "What is a compiler?",
    "Why are caches used?",
    "How do you find a bug in a program?",
    "What does a router do?",
    "How are values passed to a function?",
    "How do you scale a web service?",
    "What is a pointer?",
    "How is the quality of a signal measured?",
)
"""What the middle of the field is taken from: a technical answer is near to any technical question, and says something
about this one by how much nearer it is to it."""


@dataclass(frozen=True, slots=True)
class PointFeatures:
    """What the words say of one key point."""

    near: float
    """Highest cosine of the point with a window of the answer."""
    own: float
    """Highest lead of the point over the mean of all points and the question, in one window: what is said of the
    subject in general is near all of them, a point that was made is nearer than the rest."""
    lead: float
    """Highest lead of the point over the next best point (or the question), in one window; negative when another
    statement is always nearer."""
    recall: float
    """Share, by rarity, of the point's words (the question's left out) that the answer holds."""
    whole_recall: float
    """The same with the question's words among those that are looked for."""
    pairs: float
    """Share of the point's neighbouring content words that are neighbours in the answer; `whole_recall` where the
    point has no two of them."""
    grams: float
    """Share of the runs of four characters in the point's own words that the answer holds."""
    meant: float
    """How near, on average, the nearest word of the answer is to each word of the point, in meaning."""
    meant_lead: float
    """`meant`, less what the words of the question alone come to."""
    window: int
    """Index in `Prepared.windows` of the window that shows the point best; -1 when there is none."""

    def numbers(self) -> dict[str, float]:
        """The features by name, as the fusion takes them."""
        return {name: getattr(self, name) for name in FEATURES}


FEATURES = tuple(f.name for f in fields(PointFeatures) if f.name != "window")
_NOTHING = PointFeatures(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, window=-1)


@dataclass(frozen=True, slots=True)
class Whole:
    """Cosines with a reference in prose."""

    answer: float
    question: float
    asked: float
    """Of the answer with the question."""
    anything: float
    """Of the answer with technical questions in general, on average."""


@dataclass(frozen=True, slots=True)
class _Known:
    points: Vectors
    """(points, 384)"""
    question: Vectors
    """(1, 384)"""
    question_words: Vectors
    """(words, 384)"""
    words: tuple[tuple[str, ...], ...]
    """Canonical words per point."""
    point_words: tuple[Vectors, ...]
    """(words, 384) per point."""


class Matcher:
    """Prepared answer -> features per key point. Not thread-safe. Raises ModelMissing without the embedder's files."""

    def __init__(self, embedder_folder: Path, threads: int = 1) -> None:
        self._embed = Embedder(embedder_folder, threads)
        self._rubrics: OrderedDict[Rubric, _Known] = OrderedDict()
        self._field: Vectors | None = None

    def features(self, rubric: Rubric, answer: Answer) -> tuple[guards.Prepared, tuple[PointFeatures, ...]]:
        """The answer after the guards, without the windows that are beside every point, and features per point."""
        ready = guards.prepare(rubric, answer)
        known = self._about(rubric)
        vectors = self._embed(ready.texts)
        near_any = (vectors @ known.points.T).max(axis=1, initial=-1.0)
        least = RELEVANT
        if rubric.reference and len(vectors):
            # A few words of reference are near to little: what was asked shows the subject too. And it is one subject,
            # not a list of points that lie apart: what is far from the rest is padding.
            near_any = np.maximum(near_any, (vectors @ known.question.T)[:, 0])
            best = float(near_any.max())
            # Good answers in quite other words are near to nothing as well: `level.grade` holds those down, not out.
            least = min(max(least, _FAR * best), best)
        ready = replace(ready, windows=tuple(w for w, n in zip(ready.windows, near_any, strict=True) if n >= least))
        if not ready.windows:
            return ready, (_NOTHING,) * len(rubric.points)
        vectors = vectors[near_any >= least]
        cosines = vectors @ known.points.T  # (windows, points)
        everything = np.hstack([cosines, vectors @ known.question.T])
        stems, said = ready.stems, Said(ready.text.split())
        meanings = self._embed.words(ready.text)
        out = []
        for i, point in enumerate(rubric.points):
            near = cosines[:, i]
            own = near - everything.mean(axis=1)
            lead = near - np.delete(everything, i, axis=1).max(axis=1)
            words, vectors = known.words[i], known.point_words[i]
            whole_recall = recall(weighted_stems(point.text), stems)
            pairs = pair_share(words, said)
            near_words = meant(words, vectors, meanings, ready.asked)
            out.append(
                PointFeatures(
                    near=float(near.max()),
                    own=float(own.max()),
                    lead=float(lead.max()),
                    recall=recall(weighted_stems(point.text, ready.asked), stems),
                    whole_recall=whole_recall,
                    pairs=whole_recall if pairs is None else pairs,
                    grams=gram_share(words, ready.asked, said),
                    meant=near_words,
                    meant_lead=near_words - meant(words, vectors, known.question_words, ready.asked),
                    window=int(np.argmax(near + own)),
                )
            )
        return ready, tuple(out)

    def near(
        self, rubric: Rubric, ready: guards.Prepared, statements: Sequence[str]
    ) -> tuple[Vectors, Vectors, Vectors]:
        """Vectors of statements, of the rubric's points and of the answer's windows, each of shape (n, 384)."""
        texts = [canonical(s) for s in statements]
        return self._embed(texts), self._about(rubric).points, self._embed(ready.texts)

    def whole(self, rubric: Rubric, ready: guards.Prepared) -> Whole:
        """How near the answer as a whole is to the rubric's reference and question."""
        answer, reference, question = self._embed([ready.text, canonical(rubric.reference), canonical(rubric.text)])
        if self._field is None:
            self._field = self._embed([canonical(text) for text in _ANY_SUBJECT]).mean(axis=0)
        near_anything = float(answer @ self._field)
        return Whole(float(answer @ reference), float(question @ reference), float(answer @ question), near_anything)

    def _about(self, rubric: Rubric) -> _Known:
        known = self._rubrics.get(rubric)
        if known is None:
            points, question = [canonical(p.text) for p in rubric.points], canonical(rubric.text)
            known = _Known(
                self._embed(points),
                self._embed([question]),
                self._embed.words(question),
                tuple(tuple(p.split()) for p in points),
                tuple(self._embed.words(p) for p in points),
            )
            self._rubrics[rubric] = known
            if len(self._rubrics) > _RUBRICS_KEPT:
                self._rubrics.popitem(last=False)
        return known

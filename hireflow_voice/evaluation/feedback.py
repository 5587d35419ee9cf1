"""What to tell the candidate: what was made clear, what was left out, and the one thing to practise next.

Every remark is a statement of the question bank together with the candidate's own words about it. There is no praise in
it and no advice that would fit any answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from hireflow_voice.evaluation import fusion
from hireflow_voice.evaluation.rubric import Rubric, RubricPoint
from hireflow_voice.verdict import Evidence, Judgement, PointJudgement, Remark, Signal, Verdict

MISCONCEPTION = "misconception:"
"""A flag that begins so names, after the colon, a misconception that was said aloud."""
SAID_WRONGLY = "said-wrongly: "
"""A flag that begins so names, after the colon, a key point of which something wrong was said."""
_MOST = 3
"""Strengths and gaps that are named: more are read by nobody, and all verdicts stand at the questions."""


@dataclass(frozen=True, slots=True)
class Line:
    """A key point that was asked about, with what became of it."""

    question: str
    asked: str
    """The question in words."""
    point: RubricPoint
    found: PointJudgement
    needed: float
    """Its share of the weight that is enough for its question."""
    take: str = ""
    """Id of the take its quote is from."""

    @property
    def earned(self) -> float:
        return self.point.weight * fusion.credit(self.found.confidence)

    @property
    def lost(self) -> float:
        return max(0.0, self.needed - self.earned)

    def evidence(self) -> Evidence:
        """As it stands under a mark of the form."""
        return Evidence(
            self.point.text,
            self.found.verdict,
            self.question,
            self.point.id,
            self.earned,
            self.needed,
            self.found.quote,
            self.take if self.found.quote is not None else "",
        )

    def remark(self, text: str) -> Remark:
        """A statement about it, with its quote."""
        quote = self.found.quote
        return Remark(text, self.question, self.point.id, quote, self.take if quote is not None else "")


def lines(rubric: Rubric, judgement: Judgement, places: Mapping[str, str]) -> list[Line]:
    """All key points of one question. `places`: key point -> take of its quote."""
    found = {p.point: p for p in judgement.points}
    whole = sum(p.weight for p in rubric.points)
    # A question may not ask for all its points: what is needed of each shrinks alike.
    scale = min(1.0, rubric.enough / whole) if whole > 0 else 1.0
    return [
        Line(
            rubric.question,
            rubric.text,
            p,
            found.get(p.id, PointJudgement(p.id, Verdict.MISSING, 0.0)),
            p.weight * scale,
            places.get(p.id, ""),
        )
        for p in rubric.points
    ]


def strengths(judged: Sequence[Line]) -> tuple[Remark, ...]:
    """The weightiest points that were made, of as many questions as there are."""
    made = [x for x in judged if x.found.verdict is Verdict.COVERED and x.found.quote is not None]
    return tuple(x.remark(x.point.text) for x in _spread(made, lambda x: x.earned))


def gaps(judged: Sequence[Line], wrong: Sequence[tuple[str, str]]) -> tuple[Remark, ...]:
    """What was said wrongly (question id, statement), then the weightiest points that lack something."""
    errors = [Remark(f'Said, but not so: "{text}"', question) for question, text in wrong[:_MOST]]
    open_ = [x for x in judged if x.found.verdict is not Verdict.COVERED]
    return (*errors, *(x.remark(x.point.text) for x in _spread(open_, lambda x: x.lost)))[: max(_MOST, len(errors))]


def practise(judged: Sequence[Line], wrong: Sequence[tuple[str, str]], weakest: Signal | None) -> Remark | None:
    """The one thing that would help most: an error first, then the weightiest gap of the weakest line."""
    if wrong:
        question, text = wrong[0]
        return Remark(f'Look up why this is not so, then explain it aloud in your own words: "{text}"', question)
    open_ = [x for x in judged if x.found.verdict is not Verdict.COVERED]
    if not open_:
        return None
    most = max(open_, key=lambda x: (x.point.signal is weakest, x.lost))
    if most.found.quote is not None:
        return most.remark(f"You came near this; say it whole, in one or two sentences: {most.point.text}")
    return most.remark(f"Explain this aloud with an example of your own: {most.point.text}")


def _spread(candidates: Sequence[Line], worth: Callable[[Line], float]) -> list[Line]:
    """The best `_MOST`, one a question before a second one of any."""
    left = sorted(candidates, key=worth, reverse=True)
    out: list[Line] = []
    while left and len(out) < _MOST:
        seen = {x.question for x in out}
        best = next((x for x in left if x.question not in seen), left[0])
        out.append(best)
        left.remove(best)
    return out

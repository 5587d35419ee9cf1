"""Quality of a bank that loads: what would make an interview or a judgement worse, found before anybody is asked.

Loading refuses what is malformed; `check` finds what is well-formed and still bad. A shipped bank has no findings
but wishes: what would make it richer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from hireflow_voice.bank.models import AnswerKind, Bank, KeyPoint, KnownAnswers, KnownQuestion, Question, Source
from hireflow_voice.verdict import SIGNALS, Flow

MIN_GLOSSARY = 12
POINTS = (5, 8)
PROBES = (1, 4)
"""Best a ladder: at least one probe that is easier than the point, and one that goes deeper."""
PROBE_WORDS = 25
"""A spoken follow-up that is longer is not one question any more."""
POINT_WORDS = (8, 25)
LEAK_OWN = 0.4
"""Share of a key point's own words in its probe, or in the hint, from which the answer is given away."""
LEAK_OTHER = 0.5
SAME_QUESTION = 0.6
SAME_POINT = 0.5
"""Jaccard similarity of content words; two points closer than this cannot be told apart by a judge."""
EARNS = {"covered": 1.0, "partly": 0.5, "wrong": 0.0}
SHARES: dict[AnswerKind, tuple[float, float]] = {
    "strong": (1.0, 9.9),
    "middling": (0.35, 0.8),
    "weak": (0.0, 0.2),
    "wrong": (0.0, 0.2),
    "off-topic": (0.0, 0.0),
    "echo": (0.0, 0.0),
    "injection": (0.0, 0.2),
    "disfluent": (1.0, 9.9),
    "misheard": (1.0, 9.9),
}
"""Weight that a known answer of a kind earns, as a share of `enough`; a point that is partly met counts half."""
ANSWER_WORDS: dict[AnswerKind, tuple[int, int]] = {
    "strong": (110, 170),
    "middling": (60, 110),
    "weak": (30, 70),
    "wrong": (70, 140),
    "off-topic": (40, 90),
    "echo": (30, 60),
    "injection": (30, 70),
    "disfluent": (120, 190),
    "misheard": (100, 160),
}
WRONG_POINTS = 3
"""Points that an answer which is wrong but fluent gets wrong, at least."""
FOLLOW_UP_WORDS = (15, 40)
STRONG_WORDS = (140, 290)
"""A strong answer takes 60 to 120 s at the 140 to 145 words a minute of a calm speaker."""
STAGE_WORDS = (30, 110)
STAGED_POINTS = (8, 16)
STAGES: dict[Flow, tuple[str, ...]] = {
    "design": ("requirements", "estimate", "design", "deep-dive", "change", "failure"),
    "coding": ("clarify", "approach", "complexity", "edge-cases"),
}
"""What is talked through, in this order; "change" is the constraint that the interviewer changes midway."""
UNSOURCED: tuple[Flow, ...] = ("screen", "values")
"""Rounds about the candidate's own story, whose points are no facts that a page could support."""

# Function words, and words that any spoken question has.
_STOP_WORDS = """
    a about after all also an and another any are as at away be because been before being both but by call can come
    could did do does each else every first for from get give given go goes had has have he her here him his how i if
    in instance into is it its itself just keep kept know last later like make many may me might more most much must my
    need never new no not now of off on once one only or other our out over own put rather really same say see she
    should so some somebody something still such take tell than that the their them then there these they thing this
    those through to too two under until up us use used very was we well were what when where which while who whose why
    will with without would yes you your
"""
_STOP = frozenset(_STOP_WORDS.split())


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing an author should mend."""

    where: str
    """Ids from the outside in: "rate-limiting/shared-count"."""
    text: str
    """One plain sentence."""
    wish: bool = False
    """A question can be asked and judged without it: worth doing, no fault."""


def check(bank: Bank, unpronounceable: Callable[[str], bool] = lambda _: False) -> tuple[Finding, ...]:
    """Everything that is wrong with a round, in its order; empty when it is fit to ship.

    `unpronounceable` says of a glossary term that no voice is known to say it right.
    """
    findings: list[Finding] = []
    for question in bank.questions:
        findings += _question(question, bank.flow)
        findings += [
            Finding(question.id, f"No voice is known to say {term!r} right; give it a respelling or spell it out.")
            for term in question.glossary
            if unpronounceable(term)
        ]
    return (*findings, *check_together([bank]))


def check_together(banks: Sequence[Bank], *, across: bool = False) -> tuple[Finding, ...]:
    """Questions that ask nearly the same as an earlier one; `across`: only those of another round."""
    findings: list[Finding] = []
    asked = [(bank.round, question, _words(question.text)) for bank in banks for question in bank.questions]
    for (round_, one, words), (other_round, other, others) in combinations(asked, 2):
        if (not across or round_ != other_round) and _alike(words, others) >= SAME_QUESTION:
            which = one.id if round_ == other_round else f"{round_}/{one.id}"
            findings.append(Finding(other.id, f"This asks nearly the same as {which}."))
    return tuple(findings)


def check_known_answers(bank: Bank, known: KnownAnswers) -> tuple[Finding, ...]:
    """Known answers held against their round: unknown ids, missing grades, grades that do not fit what is covered."""
    findings: list[Finding] = []
    if (known.company, known.round) != (bank.company, bank.round):
        findings.append(Finding(known.round, f"These answers belong to {known.company}/{known.round}."))
    questions = {question.id: question for question in bank.questions}
    for entry in known.questions:
        question = questions.get(entry.id)
        if question is None:
            findings.append(Finding(entry.id, "No question has this id."))
        else:
            findings += _known(question, entry)
    return tuple(findings)


def _question(question: Question, flow: Flow) -> Iterator[Finding]:
    where = question.id
    if len(question.glossary) < MIN_GLOSSARY:
        yield Finding(where, f"The glossary has {len(question.glossary)} terms; at least {MIN_GLOSSARY} are wanted.")
    low, high = STAGED_POINTS if flow in STAGES else POINTS
    if not low <= len(question.key_points) <= high:
        yield Finding(where, f"There are {len(question.key_points)} key points; {low} to {high} are wanted.")
    if not question.misconceptions and flow not in UNSOURCED:
        yield Finding(where, "No misconception is named.")
    elif not any(wrong.point for wrong in question.misconceptions) and flow not in UNSOURCED:
        yield Finding(where, "No misconception says which key point it gets wrong.", wish=True)
    if not question.outline:
        yield Finding(where, "There is no outline of a strong answer.")
    if question.levels is None:
        yield Finding(where, "What is expected of a junior, a senior and a staff candidate is not said.", wish=True)
    if not question.strong_answer:
        yield Finding(where, "There is no strong answer.", wish=True)
    else:
        yield from _length(where, question.strong_answer, STRONG_WORDS, "strong answer")
    heaviest = max(point.weight for point in question.key_points)
    if not heaviest < question.enough <= question.weight:
        yield Finding(
            where, f"'enough' is {question.enough}; it must lie above {heaviest} and not above {question.weight}."
        )
    elif question.enough > 0.8 * question.weight:
        yield Finding(where, "'enough' asks for nearly everything; nobody says everything in two minutes.")
    yield from _stages(question, flow)
    asked = _words(question.text)
    for point in question.key_points:
        yield from _point(question, point, asked, flow)
        if _given_away(question.hint, point, question, LEAK_OWN):
            yield Finding(f"{where}/{point.id}", "The hint gives this key point away.")
    for one, other in combinations(question.key_points, 2):
        if _alike(_words(one.text) - asked, _words(other.text) - asked) >= SAME_POINT:
            yield Finding(f"{where}/{other.id}", f"This key point can hardly be told apart from {one.id}.")


def _stages(question: Question, flow: Flow) -> Iterator[Finding]:
    wanted = STAGES.get(flow, ())
    if (found := tuple(stage.id for stage in question.stages)) != wanted:
        yield Finding(
            question.id, f"The stages are {', '.join(found) or 'none'}; wanted: {', '.join(wanted) or 'none'}."
        )
    placed = [point for stage in question.stages for point in stage.points]
    for point in question.key_points if question.stages else ():
        if placed.count(point.id) != 1:
            yield Finding(f"{question.id}/{point.id}", f"It belongs to {placed.count(point.id)} stages; one is wanted.")
    for stage in question.stages:
        where = f"{question.id}/{stage.id}"
        yield from _length(where, stage.answer, STAGE_WORDS)
        if len(stage.ask.split()) > 2 * PROBE_WORDS:
            yield Finding(where, "The stage is asked in too many words.")
        for point in question.key_points:
            if point.id in stage.points and _given_away(stage.ask, point, question, LEAK_OTHER, terms=False):
                yield Finding(where, f"Its words give {point.id} away.")


def _point(question: Question, point: KeyPoint, asked: frozenset[str], flow: Flow) -> Iterator[Finding]:
    where = f"{question.id}/{point.id}"
    count = len(point.text.split())
    if not POINT_WORDS[0] <= count <= POINT_WORDS[1]:
        yield Finding(where, f"The key point has {count} words; {POINT_WORDS[0]} to {POINT_WORDS[1]} are wanted.")
    if len(_words(point.text) - asked) < 3:
        yield Finding(where, "The key point says nothing that the question does not say already.")
    if point.signal not in SIGNALS[flow]:
        yield Finding(where, f"The form of this round has no line for {point.signal.value}.")
    if not point.sources and flow not in UNSOURCED and not question.written_by:
        yield Finding(where, "No source supports this key point.")
    yield from unopened(where, point.sources)
    if not PROBES[0] <= len(point.probes) <= PROBES[1]:
        yield Finding(where, f"There are {len(point.probes)} probes; {PROBES[0]} to {PROBES[1]} are wanted.")
    easier = sum(probe.kind == "easier" for probe in point.probes)
    if point.probes and not 0 < easier < len(point.probes):
        yield Finding(where, "Its probes are no ladder: at least one easier and one other are wanted.", wish=True)
    for probe in point.probes:
        count = len(probe.text.split())
        if count > PROBE_WORDS:
            yield Finding(where, f"A probe has {count} words; at most {PROBE_WORDS} can be asked in one breath.")
        if "?" not in probe.text:
            yield Finding(where, "A probe is not a question.")
        if _given_away(probe.text, point, question, LEAK_OWN):
            yield Finding(where, f"A probe gives its key point away: {probe.text}")
        for other in question.key_points:
            if other is not point and _given_away(probe.text, other, question, LEAK_OTHER, terms=False):
                yield Finding(where, f"A probe gives {other.id} away: {probe.text}")


def unopened(where: str, sources: Iterable[Source]) -> Iterator[Finding]:
    """One wish for each source that nobody has opened."""
    for source in sources:
        if source.checked is None:
            yield Finding(where, f"Nobody has opened {source.url}; read it, and note the day.", wish=True)


def _known(question: Question, known: KnownQuestion) -> Iterator[Finding]:
    points = {point.id: point for point in question.key_points}
    kinds = [answer.kind for answer in known.answers]
    for kind in SHARES:
        if kinds.count(kind) != 1:
            yield Finding(known.id, f"There are {kinds.count(kind)} {kind} answers; one is wanted.")
    for answer in known.answers:
        where = f"{known.id}/{answer.id}"
        unknown = sorted(set(answer.covers) - set(points))
        if unknown:
            yield Finding(where, f"No key point has the id {unknown[0]}.")
            continue
        earned = sum(points[one].weight * EARNS[how] for one, how in answer.covers.items())
        low, high = SHARES[answer.kind]
        if not low <= earned / question.enough <= high:
            yield Finding(where, f"It earns {earned:g} of {question.enough}, which is not {answer.kind}.")
        if answer.kind == "wrong" and list(answer.covers.values()).count("wrong") < WRONG_POINTS:
            yield Finding(where, f"It gets fewer than {WRONG_POINTS} key points wrong.")
        yield from _length(where, answer.text, ANSWER_WORDS[answer.kind])
    for one in points:
        if one not in known.follow_ups:
            yield Finding(f"{known.id}/{one}", "There is no follow-up answer for this key point.")
    for one, text in known.follow_ups.items():
        if one not in points:
            yield Finding(f"{known.id}/{one}", "No key point has this id.")
        yield from _length(f"{known.id}/{one}", text, FOLLOW_UP_WORDS)


def _length(where: str, text: str, wanted: tuple[int, int], what: str = "answer") -> Iterator[Finding]:
    count = len(text.split())
    if not wanted[0] <= count <= wanted[1]:
        yield Finding(where, f"The {what} has {count} words; {wanted[0]} to {wanted[1]} are wanted.")


def _given_away(said: str, point: KeyPoint, question: Question, share: float, terms: bool = True) -> bool:
    """Whether `said` holds so much of the key point that answering means repeating it."""
    asked = _words(question.text)
    wanted = _words(point.text) - asked
    if wanted and len(wanted & _words(said)) / len(wanted) >= share:
        return True
    return terms and any(
        _says(said, term) and _says(point.text, term) and not _says(question.text, term) for term in question.glossary
    )


def _says(text: str, term: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(term.lower())}s?(?!\w)", text.lower()) is not None


def _words(text: str) -> frozenset[str]:
    """Content words, cut to a rough stem so that "retries" and "retry" meet."""
    return frozenset(_stem(word) for word in re.findall(r"[a-z0-9]+", text.lower()) if word not in _STOP)


def _stem(word: str) -> str:
    for ending, instead in (("ies", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", ""), ("e", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)] + instead
    return word


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one | other else 1.0

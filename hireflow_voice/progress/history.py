"""From the records of calls to what a chart shows.

A demo call is nobody's result. A question that was answered again is left out of what is compared call by call, where
it would look like a rise; what was said in it counts for key points (`preparation.memory`) all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from statistics import mean, median

from hireflow_voice.records import CallRecord
from hireflow_voice.verdict import Signal


@dataclass(frozen=True, slots=True)
class Filter:
    """Which calls are looked at."""

    company: str = ""
    """Title as on the call; empty: all."""
    round: str = ""
    """Title as on the call; empty: all."""
    since: date | None = None
    """The first local day that counts."""

    def takes(self, company: str, round_: str, at: datetime) -> bool:
        """Whether a call of these titles and this moment is looked at."""
        return (
            self.company in ("", company)
            and self.round in ("", round_)
            and (self.since is None or at.date() >= self.since)
        )


@dataclass(frozen=True, slots=True)
class Result:
    """One call, in numbers."""

    call: str
    """Id."""
    at: datetime
    """When it began, local."""
    company: str
    round: str
    score: float | None
    """Mean of the judged questions, 0..1."""
    marks: Mapping[Signal, int]
    """1..4 for each line of the form that had evidence."""
    topics: Mapping[str, float]
    """Mean score of the judged questions on a topic, 0..1."""
    words_per_minute: float | None
    """Over all answers, weighted by their speech."""
    fillers_per_minute: float | None
    """Of speech."""
    first_word_s: float | None
    """Median over the answers, seconds."""


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a trend."""

    at: datetime
    value: float


@dataclass(frozen=True, slots=True)
class Topic:
    """All answers on one topic."""

    name: str
    score: float
    """Mean over the questions, 0..1, each call counting alike."""
    calls: int
    last: float
    """In the newest call that had it."""


def result_of(record: CallRecord) -> Result | None:
    """A call in numbers; None for a demo, for one question again, and where nothing was answered."""
    header = record.header
    if header.demo or header.retake_of:
        return None
    try:
        at = datetime.fromisoformat(header.started).astimezone()
    except ValueError:
        return None  # a header that was damaged and mended
    judged = {j.question: j.score for j in record.judgements if j.score is not None}
    told = [take.delivery for take in record.takes if take.delivery is not None and take.answers_question]
    if not judged and not told:
        return None
    of_topic: dict[str, list[float]] = {}
    for question in header.questions:
        if question.id in judged:
            for topic in question.topics:
                of_topic.setdefault(topic, []).append(judged[question.id])
    paced = [(d.words_per_minute, d.speech_s) for d in told if d.words_per_minute is not None and d.speech_s > 0]
    speech = sum(d.speech_s for d in told)
    waits = [d.first_word_s for d in told if d.first_word_s is not None]
    return Result(
        call=header.id,
        at=at,
        company=header.company,
        round=header.round,
        score=mean(judged.values()) if judged else None,
        marks={s.signal: s.mark for s in record.form.signals if s.mark is not None} if record.form else {},
        topics={topic: mean(scores) for topic, scores in of_topic.items()},
        words_per_minute=sum(w * s for w, s in paced) / sum(s for _, s in paced) if paced else None,
        fillers_per_minute=60 * sum(d.fillers for d in told) / speech if speech > 0 else None,
        first_word_s=median(waits) if waits else None,
    )


def results(records: Iterable[CallRecord]) -> tuple[Result, ...]:
    """All calls that are results, the oldest first."""
    found = [one for record in records if (one := result_of(record)) is not None]
    return tuple(sorted(found, key=lambda one: (one.at, one.call)))


def marks(calls: Iterable[Result]) -> dict[Signal, tuple[Point, ...]]:
    """The form's marks over time, in the order of the form, for signals that ever had one."""
    calls = tuple(calls)
    found = {s: tuple(Point(c.at, float(c.marks[s])) for c in calls if s in c.marks) for s in Signal}
    return {signal: points for signal, points in found.items() if points}


def topics(calls: Iterable[Result]) -> tuple[Topic, ...]:
    """Every topic that was judged, the weakest first."""
    of: dict[str, list[float]] = {}
    for call in calls:
        for topic, score in call.topics.items():
            of.setdefault(topic, []).append(score)
    found = [Topic(name, mean(scores), len(scores), scores[-1]) for name, scores in of.items()]
    return tuple(sorted(found, key=lambda topic: (topic.score, topic.name)))

"""Coach mode: what is told while the candidate speaks, and the critique after it. Without it nothing here runs."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from hireflow_voice.app.thread import CallThread
from hireflow_voice.app.turn import Turn
from hireflow_voice.delivery.measure import measure, target
from hireflow_voice.evaluation.critique import most_open, strongest
from hireflow_voice.evaluation.rubric import Rubric
from hireflow_voice.events import Coaching
from hireflow_voice.interview import coaching
from hireflow_voice.records import CallHeader
from hireflow_voice.transcript import Transcript
from hireflow_voice.verdict import Judgement

Critique = tuple[str, str]
"""What was strong, and what is open, a sentence each."""


def critique(rubric: Rubric, judgement: Judgement, points: Collection[str]) -> Critique:
    """Of one answer, by the quick judge. `points`: ids of the key points that are talked about now."""
    good, open_ = strongest(rubric, judgement), most_open(rubric, judgement, points)
    first = coaching.NOTHING_FOUND
    if good is not None:
        first = coaching.strength(good.signal, good.quote, sure=good.sure)
    if open_ is None:
        return first, coaching.NOTHING_OPEN
    return first, coaching.gap(open_.signal, begun=open_.begun, also=good.signal if good is not None else "")


def touched(text: str, terms: Iterable[str]) -> tuple[str, ...]:
    """Which of these terms were said, in the order in which they came up."""
    places: dict[str, int] = {}
    low = text.lower()
    for term in terms:
        found = re.search(rf"(?<!\w){re.escape(term.lower())}(?:s|es)?(?!\w)", low)
        if found is not None and term.lower() not in {known.lower() for known in places}:
            places[term] = found.start()
    return tuple(sorted(places, key=places.__getitem__))


class LiveCoach:
    """Tells how the answer goes, as often as more of it is known. Lives on the call's thread."""

    def __init__(self, header: CallHeader, thread: CallThread) -> None:
        self._header = header
        self._thread = thread
        self._terms = {q.id: (*q.topics, *q.glossary) for q in header.questions}

    def begin(self, turn: Turn) -> None:
        """A turn was opened."""
        goal = target(turn.take, self._header)
        self._thread.emit(Coaching(self._thread.now(), target_s=goal))

    def heard(self, turn: Turn, transcript: Transcript) -> None:
        """So much of the turn is recognised."""
        goal = target(turn.take, self._header)
        now = measure(transcript, turn.ear.active, turn.ear.seconds, target_s=goal)
        terms = touched(transcript.text, self._terms.get(turn.listen.question, ()))
        self._thread.emit(Coaching(self._thread.now(), now.words_per_minute, now.fillers, terms, goal))

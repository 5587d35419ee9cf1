"""Pace, fillers and silences of one take. Every figure is approximate; thinking is not a fault.

Silences and the first word come from the recording's own activity, on the sample clock: the recogniser's word times are
no measure of them. Words and fillers come from the transcript, and the recogniser may drop or add some.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from hireflow_voice.records import CallHeader, Delivery, TakeKind, TakeRecord
from hireflow_voice.transcript import Transcript

LONG_SILENCE_S = 1.0
"""Shorter ones are told too badly to be shown: of 12 pauses of half a second, activity found 7."""

FEWEST_WORDS = 10
"""Under this a pace says nothing."""

ANSWER_S = (60.0, 120.0)
"""What is usual for a question on the phone; used where the bank has no strong answer to go by."""
_OTHER_S = {TakeKind.INTRODUCTION: (45.0, 120.0), TakeKind.FOLLOW_UP: (10.0, 45.0)}
_CALM = 140.0
"""Words a minute of a calm speaker."""
_ROOM = (0.6, 1.25)
"""How much shorter or longer than the bank's strong answer is as good."""

_FILLER = re.compile(
    r"""(?<![\w'’])(?<!\w-)              # a word of its own, not the end of uh-huh ...
        (?:u+m+|u+h+m*|erm+|er(?:r{2,})?|a+h+|h+m+)
        (?![\w'’]|-\w)                   # ... nor its beginning""",
    re.VERBOSE | re.IGNORECASE,
)
_WORD = re.compile(r"\S*\w\S*")


def filler_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Where um, uh, er, ah, hmm, and their longer forms stand in a text: (start, end) in characters.

    "err" is left out, the name of a variable in many programs, and so are capitals (ER, AH), which are abbreviations.
    """
    found = _FILLER.finditer(text)
    return tuple(one.span() for one in found if len(one[0]) == 1 or not one[0].isupper())


def fillers(text: str) -> int:
    """How many `filler_spans` there are."""
    return len(filler_spans(text))


def measure(
    transcript: Transcript,
    active: Sequence[tuple[float, float]],
    seconds: float,
    gaps: Sequence[tuple[float, float]] = (),
    target_s: tuple[float, float] | None = None,
) -> Delivery:
    """Delivery of one take of `seconds`; `target_s` is kept as it is.

    `gaps`: (start_s, seconds) without a microphone; a silence that holds one is nobody's silence and is left out.
    `active`: (start_s, end_s) wherever there was sound; any order, overlaps allowed. Words per minute are the words of
    the transcript over the time from first to last sound, silences of `LONG_SILENCE_S` or more left out.
    """
    spans = _merged(active, seconds)
    if not spans:
        return Delivery(None, None, fillers(transcript.text), (), 0.0, 0.0, target_s)
    first, last = spans[0][0], spans[-1][1]
    between = [(end, start) for (_, end), (start, _) in pairwise(spans)]
    long = [(start, end) for start, end in between if end - start >= LONG_SILENCE_S]
    talking = last - first - sum(end - start for start, end in long)
    silences = tuple((start, end) for start, end in long if not any(a < end and a + b > start for a, b in gaps))
    words = len(_WORD.findall(transcript.text))
    return Delivery(
        first_word_s=first,
        words_per_minute=60.0 * words / talking if words >= FEWEST_WORDS and talking > 0 else None,
        fillers=fillers(transcript.text),
        long_silences=silences,
        speech_s=sum(end - start for start, end in spans),
        answer_s=last - first,
        target_s=target_s,
    )


def target(take: TakeRecord, header: CallHeader) -> tuple[float, float] | None:
    """How long a good answer to this takes, in seconds, to ten of them; None where nobody can say.

    A problem that is talked through in stages has no such length, and a question of one's own has none either.
    """
    if take.kind in _OTHER_S:
        return _OTHER_S[take.kind]
    question = next((q for q in header.questions if q.id == take.question), None)
    if take.kind is not TakeKind.ANSWER or question is None or header.flow in ("design", "coding"):
        return None
    words = len(question.strong_answer.split())
    if not words:
        return ANSWER_S
    low, high = (10.0 * round(6.0 * words / _CALM * room) for room in _ROOM)
    return low, high


def _merged(active: Sequence[tuple[float, float]], seconds: float) -> list[tuple[float, float]]:
    """Inside the take, in order, without overlaps."""
    merged: list[tuple[float, float]] = []
    for start, end in sorted((max(0.0, a), min(seconds, b)) for a, b in active):
        if end <= start:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        else:
            merged.append((start, end))
    return merged

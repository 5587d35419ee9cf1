"""Spoken commands are no part of what is judged, and no quote moves because of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hireflow_voice.app.desk import answer_of, answer_to, quoting
from hireflow_voice.records import TakeKind, TakeRecord
from hireflow_voice.transcript import Transcript, Word
from hireflow_voice.verdict import Judgement, PointJudgement, Quote, Verdict

TEXT = "Let me think. A token bucket. Give me a second. And a queue, that's my answer, next question please."


def transcript(text: str) -> Transcript:
    words, at = [], 0
    for number, word in enumerate(text.split()):
        start = text.index(word, at)
        at = start + len(word)
        words.append(Word(word, float(number), number + 0.5, 0.9, start, at))
    return Transcript(text, text, tuple(words))


def test_the_judge_reads_the_answer_without_the_wishes_around_and_in_it() -> None:
    judged = answer_to("How?", transcript(TEXT)).transcript
    assert " ".join(judged.text.split()) == "A token bucket. And a queue,"
    assert len(judged.text) == len(TEXT)
    assert [word.text for word in judged.words] == ["A", "token", "bucket.", "And", "a", "queue,"]
    assert judged.span(judged.text.index("token"), judged.text.index("bucket")) == (4.0, 4.5)


def test_an_answer_without_wishes_is_judged_as_it_stands() -> None:
    said = transcript("We retry, then skip the message.")
    assert answer_to("How?", said).transcript is said


@pytest.mark.parametrize("text", ["We retry, then skip the message.", TEXT])
def test_the_judge_is_told_which_key_point_a_follow_up_was_after(text: str) -> None:
    take = TakeRecord("02", "queues", TakeKind.FOLLOW_UP, "And then?", 2, 9.0, key_point="retry")
    judged = answer_of(replace(take, transcript=transcript(text)))
    assert (judged.asked, judged.about) == ("And then?", "retry")
    whole = replace(take, kind=TakeKind.ANSWER, transcript=transcript(text))
    assert answer_of(whole).about == ""


def test_a_quote_over_a_blank_is_still_a_slice_of_the_transcript() -> None:
    said = transcript(TEXT)
    judged = answer_to("How?", said).transcript
    start, end = TEXT.index("A token"), TEXT.index("queue") + len("queue")
    point = PointJudgement("a", Verdict.COVERED, 0.9, Quote(judged.text[start:end], start, end, 3.0, 10.0))
    shown = quoting(Judgement("q", "judge", (point, PointJudgement("b", Verdict.MISSING, 0.1))), said)
    assert shown.points[0].quote is not None
    assert shown.points[0].quote.text == TEXT[start:end]
    assert shown.points[1].quote is None

"""A call worth looking at: questions of the bank, answers written for them, and the form that the rules make of it."""

from __future__ import annotations

import importlib.util
import sys
import wave
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from hireflow_voice import resources
from hireflow_voice.app import desk
from hireflow_voice.app.api import CallOptions, RoundInfo
from hireflow_voice.app.plan import question_record
from hireflow_voice.app.progressing import Progress, WeakPoint
from hireflow_voice.app.today import Step, Today
from hireflow_voice.bank.loader import load_bank
from hireflow_voice.bank.models import Bank
from hireflow_voice.evaluation import fusion
from hireflow_voice.preparation.plan import Kind
from hireflow_voice.progress.history import result_of
from hireflow_voice.records import (
    CallHeader,
    CallRecord,
    CallState,
    CallSummary,
    Delivery,
    QuestionRecord,
    TakeKind,
    TakeRecord,
)
from hireflow_voice.transcript import Transcript, Word, typed
from hireflow_voice.verdict import Judgement, PointJudgement, Quote, Verdict

CALL = "20261123-174203-7f3a"
JUDGE = "on this computer: Qwen2.5-Coder 1.5B + MiniLM"
INTRODUCTION = (
    "Sure. I have been a backend developer for six years, the last three on a payments team. Lately I moved our "
    "public API behind a new gateway, and the part that was mine is the quota service in front of it."
)
RATE = (
    "I would first ask how exact the limit has to be. Then I count per API key, or per IP address where there is no "
    "key. Every key has a token bucket that fills up at a steady rate to a maximum, so a short burst still gets "
    "through. The buckets live in Redis, because otherwise twenty servers would allow twenty times the limit."
)
STRONG = (
    "First I ask what the limit protects and how exact it must be. I count per API key, with a token bucket, so that "
    "short bursts pass. The counts live in Redis and are changed atomically. Each edge keeps a local share, so that a "
    "request needs no round trip, and when Redis is down the local share alone holds."
)
STORE_DOWN = (
    "Hmm, for most endpoints I would let the traffic through and keep a rough limit on each server until Redis is "
    "back. For the login I would rather refuse, um, because there the limit is what stops somebody guessing."
)
CAP = (
    "It says that when the network splits you either refuse some requests, or you answer with data that may be "
    "stale. People say pick two of three, but a partition is nothing that you pick. For an account balance I would "
    "refuse; in a news feed I would rather show something old."
)
MIGRATIONS = (
    "I split it into several releases. First the new column, which may be empty. Then the code writes to both and the "
    "old rows are filled in small batches. Only when nothing reads the old column any more is it dropped."
)
Found = dict[str, tuple[float, str]]
"""Key point -> how sure the judge is, and the words that say so."""
RATE_FOUND: Found = {
    "identity": (0.86, "I count per API key, or per IP address where there is no key"),
    "token-bucket": (
        0.58,
        "a token bucket that fills up at a steady rate to a maximum, so a short burst still gets through",
    ),
    "shared-count": (0.74, "otherwise twenty servers would allow twenty times the limit"),
    "refusal": (0.06, ""),
    "local-counting": (0.12, ""),
    "window-edge": (0.04, ""),
    "atomic-update": (0.09, ""),
    "store-down": (0.07, ""),
}
STORE_FOUND: Found = {
    "store-down": (0.52, "I would let the traffic through"),
    "local-counting": (0.46, "a rough limit on each server until Redis is back"),
}
CAP_FOUND: Found = {
    "forced-choice": (0.93, "you either refuse some requests, or you answer with data that may be stale"),
    "partition-given": (0.57, "a partition is nothing that you pick"),
    "per-operation": (0.86, "For an account balance I would refuse; in a news feed I would rather show something old"),
    "latency": (0.11, ""),
}
MIGRATIONS_FOUND: Found = {
    "expand-contract": (0.88, "Only when nothing reads the old column any more is it dropped"),
    "both-versions": (0.52, "the code writes to both"),
    "batched-backfill": (0.9, "the old rows are filled in small batches"),
}


@cache
def _bank() -> Bank:
    return load_bank(resources.questions() / "cloudflare" / "technical-phone.yaml")


def fake_api() -> Any:
    """The module of doubles beside this file."""
    name = "tests_ui_fake_api"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).parent / "fake_api.py")
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


def spoken(text: str) -> Transcript:
    """Words as long as they are written, with breath after a full stop."""
    words, at, now = [], 0, 1.1
    for part in text.split(" "):
        start = text.index(part, at)
        at = start + len(part)
        long = 0.11 + 0.055 * len(part.strip(".,;"))
        words.append(Word(part, now, now + long, 0.38 if part in ("Redis,", "guessing.") else 0.93, start, at))
        now += long + (
            1.04
            if part in ("key.", "pick.", "back.")
            else 0.62
            if part[-1] in ".;"
            else 0.24
            if part[-1] == ","
            else 0.05
        )
    return Transcript(text, text, tuple(words), (), now + 0.6, "base")


def write_voice(path: Path, transcript: Transcript) -> None:
    """A WAV that is loud where words are, syllable by syllable."""
    rate = 16_000
    times = np.arange(int(transcript.seconds * rate)) / rate
    loud = np.full(len(times), 0.004)
    for index, word in enumerate(transcript.words):
        inside = (times >= word.start_s) & (times < word.end_s)
        share = (times[inside] - word.start_s) / (word.end_s - word.start_s)
        stress = 0.35 + 0.65 * ((index * 0.618) % 1.0)
        loud[inside] += stress * np.sin(np.pi * share) ** 0.6 * (0.6 + 0.4 * np.sin(7 * np.pi * share) ** 2)
    noise = np.random.default_rng(len(transcript.text)).normal(0, 1, len(times))
    samples = (noise * loud * 7_000).clip(-32_000, 32_000).astype(np.int16)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())


def judged(question: QuestionRecord, transcript: Transcript, found: Found) -> Judgement:
    """What a judge says of one answer; points that are not named are missing."""
    points = []
    for point in question.key_points:
        sure, words = found.get(point.id, (0.05, ""))
        verdict = Verdict.COVERED if sure >= 0.65 else Verdict.PARTLY if sure >= 0.35 else Verdict.MISSING
        quote = None
        if words:
            start = transcript.text.index(words)
            span = transcript.span(start, start + len(words))
            quote = Quote(words, start, start + len(words), *(span or (None, None)))
        points.append(PointJudgement(point.id, verdict, sure, quote))
    score = fusion.score(desk.rubric_of(question), points)
    return Judgement(question.id, JUDGE, tuple(points), score)


def _delivery(transcript: Transcript, fillers: int) -> Delivery:
    words = transcript.words
    pauses = tuple((a.end_s, b.start_s) for a, b in pairwise(words) if b.start_s - a.end_s >= 1.0)
    spoken_s = sum(w.end_s - w.start_s for w in words)
    length = words[-1].end_s - words[0].start_s
    return Delivery(words[0].start_s, 60 * len(words) / length, fillers, pauses, spoken_s, length)


def record(*, failed: str = "", broken: bool = False, state: CallState = CallState.FINISHED) -> CallRecord:
    """Three questions: one probed, one plain, one typed.

    `failed`: why the last has no verdict; `broken`: the call broke off before anything was judged.
    """
    bank = _bank()
    by_id = {q.id: question_record(q) for q in bank.questions}
    rate, cap, migrations = (by_id[i] for i in ("rate-limiting", "cap-theorem", "database-migrations"))
    rate = replace(rate, strong_answer=rate.strong_answer or STRONG)
    header = CallHeader(
        CALL, "2026-11-23T17:42:03+00:00", "Cloudflare", bank.role, bank.title, "Joe", "Sam", "on this computer",
        900.0, (rate, cap, migrations), "0.1.0",
    )  # fmt: skip
    down = next(p.text for q in bank.questions if q.id == rate.id for k in q.key_points if k.id == "store-down"
                for p in k.probes)  # fmt: skip
    takes = []
    for number, (kind, question, asked, text, found, fillers) in enumerate((
        (TakeKind.INTRODUCTION, None, " ".join(bank.introduction.split()), INTRODUCTION, {}, 0),
        (TakeKind.ANSWER, rate, rate.text, RATE, RATE_FOUND, 0),
        (TakeKind.FOLLOW_UP, rate, down, STORE_DOWN, STORE_FOUND, 2),
        (TakeKind.ANSWER, cap, cap.text, CAP, CAP_FOUND, 1),
        (TakeKind.ANSWER, migrations, migrations.text, MIGRATIONS, MIGRATIONS_FOUND, 0),
        (TakeKind.OWN_QUESTION, None, "What would you like to ask me?", "How does the team share its on-call?", {}, 0),
    ), start=1):  # fmt: skip
        by_key = text is MIGRATIONS
        transcript = typed(text) if by_key else spoken(text)
        take = TakeRecord(
            f"{number:02}-{kind.value}", question.id if question else "", kind, asked, number, 40.0 * number,
            sound="" if by_key else f"{number:02}.wav", seconds=transcript.seconds, transcript=transcript,
            delivery=None if by_key else _delivery(transcript, fillers),
        )  # fmt: skip
        if question is not None and not broken:
            verdict = judged(question, transcript, found)
            if failed and by_key:
                verdict = Judgement(question.id, JUDGE, failed=failed)
            take = replace(take, judgement=verdict)
        takes.append(take)
    whole = CallRecord(header, state, 642.0, (), tuple(takes))
    if broken:
        return whole
    judgements, places, form = desk.results(header, takes)
    return replace(whole, judgements=judgements, quote_takes=places, form=form)


ANNA = {
    "rate-limiting": {
        "identity": Verdict.COVERED, "token-bucket": Verdict.COVERED, "shared-count": Verdict.COVERED,
        "refusal": Verdict.MISSING, "window-edge": Verdict.MISSING, "store-down": Verdict.PARTLY,
    },
    "cap-theorem": {"forced-choice": Verdict.COVERED, "per-operation": Verdict.PARTLY, "latency": Verdict.MISSING},
}  # fmt: skip
ANNAS_NOTES = {"rate-limiting": "Say first what the caller sees when the limit is reached; I waited for it."}
AGAIN = (
    "First I would ask how exact the limit must be, and I say 429 with Retry-After when it is reached. I count per API "
    "key. A token bucket lets a short burst through, and the count in Redis is changed in one step, so that two "
    "servers cannot both take the last token. When Redis is gone, each server goes on with a share of the limit."
)
AGAIN_FOUND: Found = {
    "identity": (0.9, "I count per API key"),
    "token-bucket": (0.82, "A token bucket lets a short burst through"),
    "refusal": (0.88, "I say 429 with Retry-After when it is reached"),
    "atomic-update": (0.79, "the count in Redis is changed in one step"),
    "store-down": (0.7, "When Redis is gone, each server goes on with a share of the limit"),
}


def retake() -> CallRecord:
    """The first question of the call, answered again on the next day."""
    first = record()
    question = first.header.questions[0]
    said = spoken(AGAIN)
    verdict = judged(question, said, AGAIN_FOUND)
    take = TakeRecord(
        "01-again", question.id, TakeKind.ANSWER, question.text, 1, 12.0, sound="again.wav", seconds=said.seconds,
        transcript=said, judgement=verdict, delivery=_delivery(said, 0),
    )  # fmt: skip
    header = replace(
        first.header, id="20261124-180000-0001", started="2026-11-24T18:00:00+00:00", questions=(question,),
        retake_of=CALL, round=f"{first.header.round}, one question again",
    )  # fmt: skip
    judgements, places, form = desk.results(header, [take])
    return CallRecord(header, CallState.FINISHED, 95.0, (), (take,), judgements, places, form)


def summaries(record: CallRecord) -> tuple[CallSummary, ...]:
    """The call, and the ones before it."""
    scores = [j.score for j in record.judgements if j.score is not None]
    header = record.header
    newest = CallSummary(
        header.id, header.started, header.company, header.role, header.round, record.state, record.ended_s, 3, 3,
        sum(scores) / len(scores) if scores else None, "hire",
    )  # fmt: skip
    return (
        newest,
        replace(newest, id="b", started="2026-11-22T08:15:00+00:00", state=CallState.RUNNING, score=None, answered=1),
        replace(newest, id="c", started="2026-11-20T19:03:00+00:00", seconds=1710.0, questions=5, answered=5,
                score=0.58, kept=True),
        replace(newest, id="d", started="2026-11-18T18:40:00+00:00", seconds=380.0, state=CallState.HUNG_UP, answered=2,
                score=0.31),
    )  # fmt: skip


def application(folder: Path, made: CallRecord | None = None) -> Any:
    """The double of the application with this call in it."""
    fakes = fake_api()
    api = fakes.FakeApi(folder)
    made = made or record()
    api.records[made.header.id] = made
    for take in made.takes:
        if take.sound and take.transcript and not (folder / take.sound).exists():
            write_voice(folder / take.sound, take.transcript)
    api.summaries = summaries(made)
    return api


TERN = RoundInfo("tern-market", "Tern Market", "technical", "Technical interview", "Backend Developer", 6)


def today() -> Today:
    """The plan's day: missed points first, then a call."""
    drill = Step(
        Kind.DRILL, "Technical phone interview", 10.0, "Points of 2 questions are due again.", (),
        CallOptions(questions=2, minutes=10.0, question_ids=("q1", "q2")),
    )  # fmt: skip
    call = Step(
        Kind.CALL, "Networking fundamentals", 15.0, "You have not tried this round yet.", (),
        CallOptions(round="networking", minutes=15.0),
    )  # fmt: skip
    return Today("Cloudflare", date(2026, 12, 7), 12, 30, 0.0, True, (drill, call))


def progress() -> Progress:
    """Six calls over five weeks, getting better, and what is still left out."""
    first = record()
    base = result_of(first)
    assert base is not None
    signals = tuple(base.marks)
    calls = []
    for number, (score, pace, fillers, wait) in enumerate(
        ((0.31, 172, 6.2, 1.1), (0.42, 165, 5.1, 1.9), (0.4, 158, 4.0, 2.8), (0.58, 150, 4.4, 2.2),
         (0.55, 152, 2.9, 2.6), (0.71, 146, 2.1, 2.4))
    ):  # fmt: skip
        marks = {signal: max(1, min(4, round(4 * score) + (i + number) % 2)) for i, signal in enumerate(signals)}
        topics = {topic: min(1.0, score + 0.09 * (i % 4) - 0.1) for i, topic in enumerate(base.topics)}
        at = base.at - timedelta(days=7 * (5 - number))
        calls.append(
            replace(base, at=at, score=score, marks=marks, topics=topics, words_per_minute=float(pace),
                    fillers_per_minute=fillers, first_word_s=wait)
        )  # fmt: skip
    verdicts = (Verdict.MISSING, Verdict.PARTLY, Verdict.MISSING)
    weak = tuple(
        WeakPoint(first.header.company, first.header.round, question.id, question.text, point.text, last, times,
                  date(2026, 11, 25), CallOptions(question_ids=(question.id,)))
        for question, times in zip(first.header.questions, (3, 2, 1), strict=True)
        for point, last in zip(question.key_points[-3:], verdicts, strict=True)
    )  # fmt: skip
    due = CallOptions(questions=2, minutes=12.0, question_ids=tuple(q.id for q in first.header.questions[:2]))
    return Progress(("Cloudflare",), (first.header.round,), tuple(calls), weak, 5, due)

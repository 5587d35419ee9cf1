"""The record of a call with every kind of take and verdict in it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hireflow_voice.records import (
    CallHeader,
    CallRecord,
    CallState,
    Delivery,
    KeyPointRecord,
    Line,
    QuestionRecord,
    Source,
    TakeKind,
    TakeRecord,
)
from hireflow_voice.transcript import Correction, Transcript, Word, typed
from hireflow_voice.verdict import (
    Band,
    Evidence,
    Form,
    Judgement,
    PointJudgement,
    Quote,
    Remark,
    Signal,
    SignalMark,
    Verdict,
)

SAID = "We keep a token bucket in Redis"


def _question(question: str, text: str) -> QuestionRecord:
    page = Source("Token bucket explained", "https://example.org/bucket?a=1&b=2", "2026-11-01")
    unread = Source("Memory for sketches", "https://example.org/sketch", "")
    return QuestionRecord(
        id=question,
        text=text,
        topics=("systems design",),
        key_points=(
            KeyPointRecord("bucket", "Names a token bucket", 2.0, Signal.DEPTH, (page,)),
            KeyPointRecord("skew", "Deals with clock skew", 1.0, Signal.OPERATIONS, (page,)),
            KeyPointRecord("cost", "Weighs memory against accuracy", 1.0, Signal.TRADE_OFFS, (unread,)),
        ),
        enough=2.5,
        misconceptions=("A limit per server is a limit per client",),
        glossary=(),
        outline=("Token bucket per client", "Shared counters"),
    )


def _transcript(text: str) -> Transcript:
    words, at = [], 0
    for n, word in enumerate(text.split()):
        start = text.index(word, at)
        at = start + len(word)
        words.append(Word(word, 60.0 + n, 60.5 + n, 0.3 if word == "Redis" else 0.95, start, at))
    return Transcript(text, text, tuple(words), (), 75.0, "whisper base")


@pytest.fixture
def record() -> CallRecord:
    limits = _question("rate-limiter", "How would you limit requests per client?")
    answer = TakeRecord(
        "03-rate-limiter-answer",
        "rate-limiter",
        TakeKind.ANSWER,
        "How would you limit requests per client?",
        3,
        125.0,
        sound="03-rate-limiter-answer.wav",
        seconds=75.0,
        gaps=((10.0, 4.0),),
        transcript=replace(_transcript(SAID), corrections=(Correction("ready's", "Redis", 26, 31),)),
        delivery=Delivery(3.2, 134.0, 2, ((4.0, 6.5), (9.0, 12.0)), 60.0, 71.0),
    )
    follow_up = replace(
        answer,
        id="04-rate-limiter-follow-up",
        kind=TakeKind.FOLLOW_UP,
        asked="What if clocks drift?",
        turn=4,
        started_s=210.0,
        key_point="skew",
        sound="04-rate-limiter-follow-up.wav",
        gaps=(),
        transcript=_transcript("The server clock decides"),
        delivery=None,
    )
    said = Quote("token bucket", 10, 22, 63.0, 64.5)
    bucket = Evidence("Names a token bucket", Verdict.COVERED, "rate-limiter", "bucket", 1.6, 2.0, said, answer.id)
    opening = Evidence("An end: in 0 of 2 answers", Verdict.MISSING)
    return CallRecord(
        header=CallHeader(
            id="20261123-174203-7f3a",
            started="2026-11-23T17:42:03+01:00",
            company="Cloudflare",
            role="Backend Developer",
            round="Technical phone interview",
            interviewer="Joe",
            candidate="Zoë 👩‍💻",
            judge="on this computer",
            length_s=900.0,
            questions=(
                limits,
                _question("dns", "What happens on a DNS lookup?"),
                _question("cache", "When is a cache wrong?"),
                _question("tls", "What does TLS prove?"),
            ),
            version="0.1.0",
        ),
        state=CallState.FINISHED,
        ended_s=754.0,
        lines=(
            Line(1.0, "interviewer", "Hello, this is Joe.", "greeting"),
            Line(120.0, "interviewer", "How would you limit requests per client?", "question", "rate-limiter"),
            Line(125.0, "candidate", SAID, answer.id, "rate-limiter"),
            Line(500.0, "interviewer", "When is a cache wrong?", "question", "cache"),
        ),
        takes=(
            TakeRecord(
                "01-introduction",
                "",
                TakeKind.INTRODUCTION,
                "Tell me about yourself.",
                1,
                5.0,
                transcript=typed("I build proxies.\nIn Rust."),
            ),
            answer,
            follow_up,
            replace(answer, id="05-dns-answer", question="dns", turn=5, started_s=300.0, sound="05-dns-answer.wav"),
            replace(answer, id="06-cache-answer", question="cache", turn=6, command="skip", transcript=typed("skip")),
            replace(answer, id="07-nothing", question="tls", turn=7, seconds=0.0, transcript=None),
            TakeRecord(
                "08-own",
                "",
                TakeKind.OWN_QUESTION,
                "What would you like to ask?",
                8,
                700.0,
                transcript=typed("On call?"),
            ),
        ),
        judgements=(
            Judgement(
                "rate-limiter",
                "on this computer: MiniLM",
                (
                    PointJudgement("bucket", Verdict.COVERED, 0.9, Quote("token bucket", 10, 22, 63.0, 64.5)),
                    PointJudgement(
                        "skew",
                        Verdict.PARTLY,
                        0.5,
                        Quote("server clock", 4, 16, 61.0, 62.5),
                        "Read twice: once covered, once missing.",
                    ),
                    PointJudgement("cost", Verdict.MISSING, 0.1),
                ),
                0.683,
                (
                    "talks-about-grading",
                    "fallback:api.example refused the key.",
                    "misconception: A limit per server is a limit per client",
                ),
            ),
            Judgement("dns", "on this computer: MiniLM", failed="The judge did not answer in time."),
        ),
        quote_takes={"rate-limiter": {"bucket": answer.id, "skew": follow_up.id}},
        form=Form(
            tuple(
                SignalMark(s, 3, "Two of three points.", (bucket, opening))
                if s is Signal.DEPTH
                else SignalMark(s, None, "Unknown.")
                for s in Signal
            ),
            Band.HIRE,
            True,
            "Named the algorithm.",
            1,
            4,
            strengths=(Remark("Names a token bucket", "rate-limiter", "bucket", said, answer.id),),
            gaps=(Remark("Weighs memory against accuracy", "rate-limiter", "cost"),),
            practise=Remark("Explain this aloud: Weighs memory against accuracy", "rate-limiter", "cost"),
        ),
    )

"""Calls to keep: small, but with something in every field."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hireflow_voice.records import (
    CallHeader,
    CallState,
    Delivery,
    KeyPointRecord,
    Line,
    QuestionRecord,
    Source,
    TakeKind,
    TakeRecord,
)
from hireflow_voice.store import CallFolder, Store
from hireflow_voice.transcript import Correction, Transcript, Word
from hireflow_voice.verdict import (
    Band,
    Form,
    Judgement,
    PointJudgement,
    Quote,
    Signal,
    SignalMark,
    Verdict,
)

TEXT = "We keep a token bucket in Redis"


@pytest.fixture
def question() -> QuestionRecord:
    return QuestionRecord(
        id="rate-limiter",
        text="How would you limit requests per client?",
        topics=("systems design",),
        key_points=(
            KeyPointRecord(
                "bucket",
                "Names a token bucket",
                2.0,
                Signal.DEPTH,
                (Source("A page", "https://example.org", "2026-11-01"),),
            ),
            KeyPointRecord("skew", "Deals with clock skew", 1.0, Signal.OPERATIONS),
        ),
        enough=2.5,
        misconceptions=("A limit per server is a limit per client",),
        glossary=("token bucket",),
        outline=("Token bucket per client", "Shared counters"),
    )


@pytest.fixture
def header(question: QuestionRecord) -> CallHeader:
    return CallHeader(
        id="20261123-174203-7f3a",
        started="2026-11-23T17:42:03+01:00",
        company="Cloudflare",
        role="Backend Developer",
        round="Technical phone interview",
        interviewer="Joe",
        candidate="Zoë 👩‍💻 \u202eevil\u202c",
        judge="on this computer",
        length_s=900.0,
        questions=(question,),
        version="0.1.0",
    )


@pytest.fixture
def take() -> TakeRecord:
    return TakeRecord(
        id="03-rate-limiter-answer",
        question="rate-limiter",
        kind=TakeKind.ANSWER,
        asked="How would you limit requests per client?",
        turn=3,
        started_s=41.25,
        sound="03-rate-limiter-answer.wav",
        seconds=12.5,
        gaps=((3.0, 0.5),),
        transcript=Transcript(
            TEXT,
            TEXT.replace("Redis", "ready's"),
            (Word("We", 0.5, 0.7, 0.99, 0, 2), Word("Redis", 2.0, 2.5, 0.4, 26, 31)),
            (Correction("ready's", "Redis", 26, 31),),
            12.5,
            "whisper base",
        ),
        judgement=Judgement("rate-limiter", "local", (PointJudgement("skew", Verdict.MISSING, 0.1),), 0.0),
        delivery=Delivery(0.4, 128.25, 2, ((4.0, 6.5),), 6.0, 9.0),
    )


@pytest.fixture
def judgement() -> Judgement:
    return Judgement(
        "rate-limiter",
        "local",
        (
            PointJudgement("bucket", Verdict.COVERED, 0.9, Quote("token bucket", 10, 22, 0.5, 2.5)),
            PointJudgement("skew", Verdict.MISSING, 0.1),
        ),
        0.8,
    )


@pytest.fixture
def form() -> Form:
    marks = tuple(SignalMark(signal, 3 if signal is Signal.DEPTH else None, "Because.") for signal in Signal)
    return Form(marks, Band.HIRE, True, "Named the algorithm.", 1, 1)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def store(root: Path) -> Iterator[Store]:
    store = Store(root)
    yield store
    store.close()


@pytest.fixture
def wav() -> Callable[..., bytes]:
    """A recording of ours: 16 kHz mono, `seconds` long, its header closed or left open as a kill leaves it."""

    def make(seconds: float, closed: bool = True) -> bytes:
        sound = struct.pack("<h", 4321) * round(seconds * 16_000)
        size = len(sound) if closed else 0xFFFFFFFF
        riff = len(sound) + 36 if closed else 0xFFFFFFFF
        head = struct.pack(
            "<4sI4s4sIHHIIHH4sI", b"RIFF", riff, b"WAVE", b"fmt ", 16, 1, 1, 16_000, 32_000, 2, 16, b"data", size
        )
        return head + sound

    return make


@pytest.fixture
def repair() -> Callable[[Path], float]:
    """Closes the header of a WAV, as the audio room does."""

    def mend(path: Path) -> float:
        size = path.stat().st_size
        with path.open("r+b") as file:
            file.seek(4)
            file.write(struct.pack("<I", size - 8))
            file.seek(40)
            file.write(struct.pack("<I", size - 44))
        return (size - 44) / 32_000

    return mend


@pytest.fixture
def finished(
    store: Store, header: CallHeader, take: TakeRecord, judgement: Judgement, form: Form, wav: Callable[..., bytes]
) -> Callable[..., str]:
    """Make a whole call, from ring to form; its id."""

    def make(call_id: str = header.id, **changes: object) -> str:
        folder: CallFolder = store.create(replace(header, id=call_id, **changes))  # type: ignore[arg-type]
        folder.add_line(Line(1.0, "interviewer", "Hello, this is Joe.", "greeting"))
        folder.add_input({"event": "PickedUp", "now": 0.0})
        take_id = folder.new_take_id(3, "rate-limiter", TakeKind.ANSWER)
        folder.sound_path(take_id).write_bytes(wav(12.5))
        folder.add_line(Line(60.0, "candidate", TEXT, take_id, "rate-limiter"))
        folder.save_take(take)
        folder.finish(CallState.FINISHED, 600.0)
        folder.save_result([judgement], {"rate-limiter": {"bucket": take_id}}, form)
        folder.close()
        return call_id

    return make

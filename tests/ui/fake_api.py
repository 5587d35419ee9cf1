"""The application as the window sees it, without devices, models or disk: every call is kept, every answer is set."""

from __future__ import annotations

import math
import wave
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from hireflow_voice.app.api import (
    CallOptions,
    Devices,
    FetchProgress,
    MaterialInfo,
    ModelInfo,
    Readiness,
    RoundInfo,
    Undo,
    VoiceInfo,
    WordChange,
    Writing,
)
from hireflow_voice.app.loops import LoopStatus
from hireflow_voice.app.progressing import Progress, WeakPoint
from hireflow_voice.app.today import Today
from hireflow_voice.errors import HireFlowError, NotFound
from hireflow_voice.events import CallCommand, CallEvent
from hireflow_voice.progress.history import Filter, Result
from hireflow_voice.records import (
    CallFile,
    CallHeader,
    CallRecord,
    CallState,
    CallSummary,
    Delivery,
    KeyPointRecord,
    Line,
    Loop,
    LoopStep,
    MentorReview,
    QuestionRecord,
    Source,
    TakeKind,
    TakeRecord,
)
from hireflow_voice.report.debrief import Debrief, RoundCall, debrief
from hireflow_voice.settings import Endpoint, Settings
from hireflow_voice.sound import Echo, EchoFound
from hireflow_voice.speech import by_hand
from hireflow_voice.transcript import Transcript, Word, typed
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

SAID = (
    "I would keep a token bucket for each client in the edge node and sync the counts to a central store every "
    "second, so a client that spreads its requests over many locations is still held to its limit. The price is that "
    "for about a second the limit can be exceeded, and I think that is fine, because a hard limit would need a round "
    "trip for each request. When the store is down every node goes on alone with its share of the limit."
)
ASKED = "How would you build a rate limiter that holds over hundreds of edge locations?"


def spoken(text: str, pace_s: float = 0.36) -> Transcript:
    """A transcript with evenly spaced words."""
    words, at = [], 0
    for index, part in enumerate(text.split(" ")):
        start = text.index(part, at)
        at = start + len(part)
        sure = 0.31 if part == "sync" else 0.94
        words.append(Word(part, 0.8 + index * pace_s, 0.8 + index * pace_s + 0.3, sure, start, at))
    return Transcript(text, text, tuple(words), (), 0.8 + len(words) * pace_s, "base")


def quote(transcript: Transcript, text: str) -> Quote:
    start = transcript.text.index(text)
    span = transcript.span(start, start + len(text))
    return Quote(text, start, start + len(text), *(span or (None, None)))


@cache
def bursts(seconds: float) -> bytes:
    """Something that looks like speech: bursts of a tone, 16 kHz."""
    t = np.arange(int(seconds * 16_000)) / 16_000
    loud = np.clip(np.sin(2 * math.pi * 0.31 * t) + 0.6 * np.sin(2 * math.pi * 1.7 * t + 1), 0.02, None) ** 1.5
    samples = (np.sin(2 * math.pi * 170 * t) * loud * 9_000).clip(-32_000, 32_000).astype(np.int16)
    return samples.tobytes()


def write_wav(path: Path, seconds: float) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(bursts(seconds))


POINTS = (
    ("local", "Counts locally at each edge location so that a request needs no round trip.", Signal.DEPTH),
    ("sync", "Shares the counts between locations and says how stale they may be.", Signal.TRADE_OFFS),
    ("burst", "Names an algorithm that allows bursts, such as a token bucket, and says why.", Signal.DEPTH),
    ("failure", "Says what happens when the shared store cannot be reached.", Signal.OPERATIONS),
    ("key", "Asks what identifies a client, and what that costs behind shared addresses.", Signal.FRAMING),
)


def question(number: int, text: str) -> QuestionRecord:
    source = Source("Rate limiting at the edge", "https://example.org/rate-limiting", "2026-11-20")
    return QuestionRecord(
        f"q{number}",
        text,
        ("rate limiting",),
        tuple(KeyPointRecord(i, t, 1.0, s, (source,)) for i, t, s in POINTS),
        4.0,
        (),
        ("token bucket",),
        (
            "Start from what is limited: requests of one key, over which time, and what the client sees.",
            "Count where the request arrives, share the counts in the background, and say how wrong they may be.",
            "Fail open or closed on purpose, and watch the share of requests that were limited.",
        ),
        "I would count at each edge location, so that no request waits. The counts are shared once a second.",
    )


def judged(number: int, scores: tuple[float, ...], transcript: Transcript) -> Judgement:
    quotes = {
        "local": "a token bucket for each client in the edge node",
        "sync": "for about a second the limit can be exceeded",
        "burst": "a token bucket for each client",
        "failure": "every node goes on alone with its share of the limit",
    }
    points = []
    for (point, _, _), sure in zip(POINTS, scores, strict=True):
        verdict = Verdict.COVERED if sure >= 0.65 else Verdict.PARTLY if sure >= 0.35 else Verdict.MISSING
        has = verdict is not Verdict.MISSING and point in quotes and quotes[point] in transcript.text
        points.append(PointJudgement(point, verdict, sure, quote(transcript, quotes[point]) if has else None))
    score = sum(scores) / len(scores)
    return Judgement(f"q{number}", "on this computer: Qwen2.5-Coder 1.5B + MiniLM", tuple(points), score)


def make_record(call: str = "20261123-174203-7f3a", *, judge: bool = True, all_judged: bool = False) -> CallRecord:
    """A finished call of three questions: one with a follow-up, one typed, one not reached."""
    questions = (
        question(1, ASKED),
        question(2, "A Worker reads a config value on every request. After a deploy some users see the old one. Why?"),
        question(3, "What happens between typing an address and the first byte of the page?"),
    )
    header = CallHeader(
        call, "2026-11-23T17:42:03+01:00", "Cloudflare", "Backend Developer", "Technical phone interview", "Alex",
        "Sam", "on this computer", 900.0, questions, "0.1.0",
    )  # fmt: skip
    said = spoken(SAID)
    more = spoken("Then every node goes on alone with its share of the limit, and we alert on it.")
    delivery = Delivery(2.4, 148.0, 3, ((9.0, 11.2), (20.0, 21.4)), 24.0, 29.5)
    intro = spoken("I have been building proxies for six years, mostly in Rust.")
    takes = (
        TakeRecord("01-intro", "", TakeKind.INTRODUCTION, "Tell me about yourself.", 1, 8.0, sound="01-intro.wav",
                   seconds=intro.seconds, transcript=intro, delivery=delivery),
        TakeRecord("02-q1-answer", "q1", TakeKind.ANSWER, ASKED, 2, 40.0, sound="02-q1-answer.wav",
                   seconds=said.seconds, transcript=said, delivery=delivery),
        TakeRecord("03-q1-follow", "q1", TakeKind.FOLLOW_UP, "And when that store cannot be reached?", 3, 90.0,
                   key_point="failure", sound="03-q1-follow.wav", seconds=more.seconds, transcript=more,
                   delivery=delivery),
        TakeRecord("04-q2-answer", "q2", TakeKind.ANSWER, questions[1].text, 4, 130.0,
                   transcript=typed("KV is eventually consistent, so a location may serve its cached copy.")),
        TakeRecord("05-own", "", TakeKind.OWN_QUESTION, "What would you like to ask me?", 5, 300.0,
                   sound="05-own.wav", seconds=2.0, transcript=spoken("How large is the team?")),
    )  # fmt: skip
    judgements: tuple[Judgement, ...] = ()
    form = None
    if judge:
        judgements = (
            judged(1, (0.93, 0.71, 0.88, 0.58, 0.07), said),
            Judgement("q2", "on this computer", failed="The judge did not answer in time. It is tried again later."),
        )
        if all_judged:
            judgements = (judgements[0], replace(judgements[0], question="q2"))
        marks = ((Signal.FRAMING, 2), (Signal.DEPTH, 4), (Signal.TRADE_OFFS, 3), (Signal.OPERATIONS, 2),
                 (Signal.COMMUNICATION, 3), (Signal.CURIOSITY, None))  # fmt: skip
        form = Form(
            tuple(SignalMark(s, m, "Two of the three points that feed this line were covered.") for s, m in marks),
            Band.HIRE, True, "Most of the depth was there; the question of what identifies a client was not.", 1, 3,
        )  # fmt: skip
    if judge:
        of = {"q1": judgements[0], "q2": judgements[1]}
        takes = tuple(replace(take, judgement=of.get(take.question)) for take in takes)
    lines = (Line(0.5, "interviewer", "Hello Sam.", "greeting"),)
    quote_takes = {"q1": {"local": "02-q1-answer", "sync": "02-q1-answer", "burst": "02-q1-answer",
                          "failure": "03-q1-follow"}}  # fmt: skip
    if judge:
        points = tuple(
            replace(p, quote=quote(more, "every node goes on alone with its share of the limit"))
            if p.point == "failure"
            else p
            for p in judgements[0].points
        )
        judgements = (replace(judgements[0], points=points), judgements[1])
    return CallRecord(header, CallState.FINISHED, 412.0, lines, takes, judgements, quote_takes, form)


def summary(call: str, *, state: CallState = CallState.FINISHED, score: float | None = 0.63) -> CallSummary:
    return CallSummary(
        call, "2026-11-23T17:42:03+01:00", "Cloudflare", "Backend Developer", "Technical phone interview", state,
        412.0, 3, 2, score, "hire",
    )  # fmt: skip


ROUNDS = (
    RoundInfo("cloudflare", "Cloudflare", "recruiter", "Recruiter screen", "Backend Developer", 9),
    RoundInfo(
        "cloudflare",
        "Cloudflare",
        "technical-phone",
        "Technical phone interview",
        "Backend Developer",
        32,
        about="About 45 minutes of technical questions and follow-ups. Some candidates report one coding problem "
        "instead.",
    ),
    RoundInfo("cloudflare", "Cloudflare", "networking", "Networking fundamentals", "Backend Developer", 24),
    RoundInfo("cloudflare", "Cloudflare", "systems-security", "Systems and security", "Systems Engineer", 20),
)
ALL_THERE = (
    Readiness("microphone", True, "Built-in microphone"),
    Readiness("speaker", True, "Built-in speaker"),
    Readiness("speech to text", True, "Whisper base is there."),
    Readiness("questions", True, "85 questions in 4 rounds."),
)
MODELS = (
    ModelInfo("whisper-base", "speech to text", "faster-whisper base", 145_000_000, "installed", True),
    ModelInfo("judge", "judge", "Qwen2.5-Coder 1.5B", 986_000_000, "missing", True),
    ModelInfo("whisper-tiny.en", "speech to text on slow machines", "Whisper tiny.en", 78_000_000, "installed", False),
)
MODELS_MISSING = (
    *ALL_THERE[:2],
    Readiness("speech to text", False, "Whisper base is not here.", "hireflow-voice models fetch", mend="models"),
    Readiness("judge", False, "Qwen2.5-Coder is not here.", "hireflow-voice models fetch", mend="models"),
    Readiness(
        "microphone", False, "There is no microphone. Answers can be typed.", "Connect a microphone.",
        needed=False, mend="settings",
    ),
)  # fmt: skip


WRITER = "qwen3:30b at 127.0.0.1"
WRITTEN = (
    "A consumer group falls behind by an hour. How do you find out why, and what do you do first?",
    "Two services must agree that a parcel was delivered. How do you keep them from disagreeing for long?",
    "You are asked to move a table with a billion rows while it is written to. How do you go about it?",
)


def some_loop(held: int = 2, call: str = "20261123-174203-7f3a") -> LoopStatus:
    """A loop of four rounds, one a day from the 23rd, of which some were held."""
    steps = tuple(LoopStep(one.round, one.title, f"2026-11-{23 + n}") for n, one in enumerate(ROUNDS))
    loop = Loop("20261123-170000-0000", "2026-11-23T17:00:00+01:00", "cloudflare", "Cloudflare", steps)
    next_ = CallOptions(round=steps[held].round, loop=loop.id) if held < len(steps) else None
    return LoopStatus(loop, tuple(call if n < held else "" for n in range(len(steps))), next_)


def some_progress() -> Progress:
    """Two calls a day apart, one weak point, and two questions due."""
    calls = tuple(
        Result(
            f"call-{n}", datetime(2026, 11, 3 + n, 18, 0).astimezone(), "Cloudflare", "Technical phone interview",
            score, {Signal.DEPTH: 2 + n}, {"caching": score}, 150.0 - n, 4.0 - n, 2.0,
        )
        for n, score in enumerate((0.4, 0.71))
    )  # fmt: skip
    weak = WeakPoint(
        "Cloudflare", "Technical phone interview", "q1", "How would you limit rates?", "Says what fails.",
        Verdict.MISSING, 2, date(2026, 11, 24), CallOptions(questions=1, minutes=6.0, question_ids=("q1",)),
    )  # fmt: skip
    due = CallOptions(questions=2, minutes=12.0, question_ids=("q1", "q2"))
    return Progress(("Cloudflare",), ("Technical phone interview",), calls, (weak,), 3, due)


@dataclass
class FakeLive:
    id: str = "20261123-174203-7f3a"
    posted: list[CallCommand] = field(default_factory=list)

    def post(self, command: CallCommand) -> None:
        self.posted.append(command)

    def join(self, timeout: float | None = None) -> bool:
        return True


@dataclass
class FakeCheck:
    did: list[str]
    on_end: Callable[[], None] | None = None

    def record(self) -> None:
        self.did.append("record")

    def play_back(self, on_end: Callable[[], None]) -> float:
        self.did.append("play back")
        self.on_end = on_end
        return 2.0

    def close(self) -> None:
        self.did.append("close")


class FakePlayer:
    """Plays by being told where it is."""

    def __init__(self) -> None:
        self.did: list[tuple[Any, ...]] = []
        self.position_s = 0.0
        self.playing = False

    def load(self, path: Path) -> float:
        self.did.append(("load", path.name))
        self.playing, self.position_s = False, 0.0
        with wave.open(str(path), "rb") as file:
            return file.getnframes() / file.getframerate()

    def play(self, from_s: float | None = None, until_s: float | None = None) -> None:
        self.did.append(("play", from_s, until_s))
        self.playing = True
        if from_s is not None:
            self.position_s = from_s

    def pause(self) -> None:
        self.did.append(("pause",))
        self.playing = False

    def seek(self, at_s: float) -> None:
        self.did.append(("seek", at_s))
        self.position_s = at_s

    def set_speed(self, speed: float) -> None:
        self.did.append(("speed", speed))

    def close(self) -> None:
        self.did.append(("close",))
        self.playing = False


class FakeApi:
    """`app.api.Api`. `fails[name]` makes a method raise; `did` keeps what was asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._settings = Settings(candidate_name="Sam")
        self.did: list[tuple[Any, ...]] = []
        self.fails: dict[str, HireFlowError] = {}
        self.items: tuple[Readiness, ...] = ALL_THERE
        self.summaries: tuple[CallSummary, ...] = ()
        self.records: dict[str, CallRecord] = {}
        self.live = FakeLive()
        self.check = FakeCheck([])
        self.made_player = FakePlayer()
        self.echo_found = EchoFound(-12.3, 0.26, Echo.CANCEL)
        self.imported = ("20261123-174203-7f3a", CallFile.WHOLE)
        self.players: list[FakePlayer] = []
        self.key_place = ""
        self.models_there: tuple[str, ...] = ("qwen3:30b", "qwen3:8b")
        self.the_devices = Devices(("Built-in microphone", "USB headset"), ("Built-in speaker",))
        self.on_event: Callable[[CallEvent], None] = lambda event: None
        self.on_level: Callable[[float], None] = lambda level: None
        self.while_dialling: Callable[[], None] = lambda: None
        self.judged_record: CallRecord | None = None
        self.while_judging: Callable[[], None] = lambda: None
        self.cancelled: Callable[[], bool] = lambda: False
        self.all_rounds = ROUNDS
        self.planned: Today | None = None
        self.kept_material = MaterialInfo(())
        self.progressed = Progress((), (), (), ())
        self.looped: LoopStatus | None = None
        self.while_writing: Callable[[], None] = lambda: None
        self.the_models = MODELS
        self.damaged: tuple[str, ...] = ()
        self.expired: tuple[str, ...] = ()
        self.while_making: Callable[[Callable[[str], None]], None] = lambda tell: None
        self.while_exporting: Callable[[], None] = lambda: None
        self.while_saying: Callable[[Callable[[], bool]], None] = lambda cancelled: None

    def _called(self, name: str, *what: Any) -> None:
        self.did.append((name, *what))
        if name in self.fails:
            raise self.fails[name]

    def add(self, record: CallRecord) -> None:
        """Keep a record and write the WAVs of its takes."""
        self.records[record.header.id] = record
        for take in record.takes:
            if take.sound:
                write_wav(self.folder / take.sound, take.seconds)

    @property
    def settings(self) -> Settings:
        return self._settings

    def save_settings(self, settings: Settings) -> None:
        self._called("save_settings", settings)
        self._settings = settings

    def warm(self) -> None:
        self._called("warm")

    def rounds(self) -> tuple[RoundInfo, ...]:
        self._called("rounds")
        return self.all_rounds

    def voices(self) -> tuple[VoiceInfo, ...]:
        return (VoiceInfo("joe", "Joe (American)"), VoiceInfo("heart", "Heart (American)"))

    def readiness(self) -> tuple[Readiness, ...]:
        self._called("readiness")
        return self.items

    def judge_label(self) -> str:
        endpoint = self._settings.endpoint
        return endpoint.base_url if endpoint.enabled else "on this computer"

    def start_call(self, options: CallOptions, on_event: Callable[[CallEvent], None]) -> FakeLive:
        self.on_event = on_event
        self.while_dialling()
        self._called("start_call", options)
        return self.live

    def resume_call(self, call: str, on_event: Callable[[CallEvent], None]) -> FakeLive:
        self.on_event = on_event
        self._called("resume_call", call)
        return self.live

    def calls(self) -> tuple[CallSummary, ...]:
        self._called("calls")
        return self.summaries

    def call(self, call: str) -> CallRecord:
        self._called("call", call)
        if call not in self.records:
            raise NotFound(f"There is no call {call}.")
        return self.records[call]

    def save_notes(self, call: str, text: str) -> None:
        self._called("save_notes", call, text)
        if call in self.records:
            self.records[call] = replace(self.records[call], notes=text)

    def keep_call(self, call: str, kept: bool) -> None:
        self._called("keep_call", call, kept)
        self.summaries = tuple(replace(s, kept=kept) if s.id == call else s for s in self.summaries)
        if call in self.records:
            self.records[call] = replace(self.records[call], kept=kept)

    def retakes(self, call: str) -> tuple[CallRecord, ...]:
        first = self.call(call).header.retake_of or call
        return tuple(
            sorted(
                (r for r in self.records.values() if first in (r.header.id, r.header.retake_of)),
                key=lambda r: (bool(r.header.retake_of), r.header.id),
            )
        )

    def delete_call(self, call: str) -> None:
        self._called("delete_call", call)
        self.summaries = tuple(s for s in self.summaries if s.id != call)

    def sound_of(self, call: str, take: TakeRecord) -> Path | None:
        return self.folder / take.sound if take.sound else None

    def judge_again(self, call: str, *, cancelled: Callable[[], bool]) -> CallRecord:
        self._called("judge_again", call)
        self.cancelled = cancelled
        self.while_judging()
        self.records[call] = self.judged_record or self.records[call]
        return self.records[call]

    def correct(
        self,
        call: str,
        take: str,
        change: WordChange | Undo,
        on_kept: Callable[[CallRecord], None],
        cancelled: Callable[[], bool],
    ) -> CallRecord:
        """Really corrects; the verdict comes back as it was, unless it was cancelled."""
        self._called("correct", call, take, change)
        self.cancelled = cancelled
        before = self.records[call]
        old = next(one for one in before.takes if one.id == take)
        assert old.transcript is not None
        if isinstance(change, Undo):
            said = by_hand.undo(old.transcript, change.number)
        else:
            said = by_hand.correct(old.transcript, change.start_char, change.end_char, change.written)
        new = replace(old, transcript=said, judgement=None)
        takes = tuple(new if one.id == take else one for one in before.takes)
        left = tuple(j for j in before.judgements if j.question != old.question)
        self.records[call] = replace(before, takes=takes, judgements=left)
        on_kept(self.records[call])
        self.while_judging()
        if not cancelled():
            again = tuple(replace(one, judgement=old.judgement) if one is new else one for one in takes)
            self.records[call] = replace(before, takes=again)
        return self.records[call]

    def export(
        self, call: str, form: str, *, audio: bool = False, cancelled: Callable[[], bool] = lambda: False
    ) -> str:
        self._called("export", call, form, audio)
        self.cancelled = cancelled
        return f"report of {call} as {form}"

    def export_file(self, call: str, target: Path, kind: CallFile) -> None:
        self._called("export_file", call, target, kind)
        target.write_bytes(b"zip")

    def import_file(self, source: Path) -> tuple[str, CallFile]:
        self._called("import_file", source)
        return self.imported

    def score(self, call: str, review: MentorReview) -> CallRecord:
        self._called("score", call, review)
        record = self.records[call]
        others = tuple(one for one in record.mentors if one.id != review.id)
        self.records[call] = replace(record, mentors=(*others, review))
        return self.records[call]

    def devices(self) -> Devices:
        self._called("devices")
        return self.the_devices

    def line_check(self, on_level: Callable[[float], None]) -> FakeCheck:
        self.on_level = on_level
        self._called("line_check")
        return self.check

    def measure_echo(self, stopped: Callable[[], bool]) -> EchoFound:
        self._called("measure_echo")
        return self.echo_found

    def player(self) -> FakePlayer:
        """The page's own first, then one for what is heard beside it."""
        self.players.append(FakePlayer() if self.players else self.made_player)
        return self.players[-1]

    def hear_voice(self, voice: str) -> None:
        self._called("hear_voice", voice)

    def say(self, text: str, cancelled: Callable[[], bool]) -> None:
        self._called("say", text)
        self.while_saying(cancelled)

    def endpoint_key(self) -> str:
        return self.key_place

    def set_endpoint_key(self, key: str, keep: bool) -> str:
        self._called("set_endpoint_key", key, keep)
        return "The key is held for this run only: there is no keyring here."

    def endpoint_models(self, base_url: str) -> tuple[str, ...]:
        self._called("endpoint_models", base_url)
        return self.models_there

    def test_endpoint(self, endpoint: Endpoint) -> str:
        self._called("test_endpoint", endpoint)
        return "The server answers and knows the model."

    def fetch_models(
        self, on_progress: Callable[[FetchProgress], None], cancelled: Callable[[], bool], ids: Sequence[str] = ()
    ) -> None:
        self._called("fetch_models", *ids)
        on_progress(FetchProgress("speech to text", 60_000_000, 240_000_000, 95.0))
        if not cancelled():
            self.items = ALL_THERE
            self.the_models = tuple(replace(m, state="installed") if m.id in ids else m for m in self.the_models)

    def models(self) -> tuple[ModelInfo, ...]:
        return self.the_models

    def verify_models(self, cancelled: Callable[[], bool]) -> tuple[str, ...]:
        self._called("verify_models")
        return self.damaged

    def remove_model(self, model: str) -> int:
        self._called("remove_model", model)
        one = next(one for one in self.the_models if one.id == model)
        self.the_models = tuple(replace(m, state="missing") if m.id == model else m for m in self.the_models)
        return one.size

    def today(self) -> Today | None:
        self._called("today")
        return self.planned if self._settings.interview_date else None

    def start_loop(self, company: str) -> LoopStatus:
        self._called("start_loop", company)
        self.looped = some_loop()
        return self.looped

    def loop(self) -> LoopStatus | None:
        self._called("loop")
        return self.looped

    def debrief(self, form: str) -> str:
        self._called("debrief", form)
        return f"debrief as {form}"

    def loop_debrief(self) -> Debrief:
        self._called("loop_debrief")
        assert self.looped is not None
        return debrief(
            self.looped.loop,
            [
                RoundCall(step, self.records.get(call))
                for step, call in zip(self.looped.loop.steps, self.looped.calls, strict=True)
            ],
        )

    def end_loop(self, loop: str) -> None:
        self._called("end_loop", loop)
        self.looped = None

    def calendar(self) -> bytes:
        self._called("calendar")
        return b"BEGIN:VCALENDAR"

    def make_example(self, on_step: Callable[[str], None], cancelled: Callable[[], bool]) -> str:
        self._called("make_example")
        self.while_making(on_step)
        return "" if cancelled() else "20261123-174203-7f3a"

    def progress(self, chosen: Filter) -> Progress:
        self._called("progress", chosen)
        return self.progressed

    def material_info(self, company: str, round_: str) -> MaterialInfo:
        return self.kept_material

    def add_material(self, path: Path) -> None:
        self._called("add_material", path)
        self.kept_material = MaterialInfo(
            (*self.kept_material.documents, (path.name, 420)),
            ((ASKED, ("rate limiting", "Redis")),),
            WRITER if self._settings.endpoint.enabled else "",
            self.kept_material.written,
        )

    def write_questions(
        self,
        document: str,
        company: str,
        round_: str,
        count: int,
        on_step: Callable[[str], None],
        cancelled: Callable[[], bool],
    ) -> Writing:
        self._called("write_questions", document, company, round_, count)
        on_step(f"{WRITER} is writing {count} questions; this takes a minute or more.")
        self.while_writing()
        if cancelled():
            return Writing(WRITER, (), ())
        self.kept_material = replace(self.kept_material, written=WRITTEN)
        self.all_rounds = tuple(
            replace(one, written=len(WRITTEN)) if (one.company, one.round) == (company, round_) else one
            for one in self.all_rounds
        )
        return Writing(WRITER, WRITTEN, (("How would you", "The hint gives this key point away."),))

    def forget_written(self, company: str, round_: str) -> None:
        self._called("forget_written", company, round_)
        self.kept_material = replace(self.kept_material, written=())
        self.all_rounds = tuple(replace(one, written=0) for one in self.all_rounds)

    def remove_material(self, name: str) -> None:
        self._called("remove_material", name)
        left = tuple(one for one in self.kept_material.documents if one[0] != name)
        self.kept_material = MaterialInfo(left, self.kept_material.leaning if left else ())

    def data_folder(self) -> Path:
        return self.folder

    def delete_all(self) -> None:
        self._called("delete_all")
        self.summaries = ()

    def export_all(self, target: Path, on_progress: Callable[[int, int], None], cancelled: Callable[[], bool]) -> int:
        self._called("export_all", target)
        on_progress(0, len(self.summaries))
        self.while_exporting()
        return 0 if cancelled() else len(self.summaries)

    def expire(self) -> tuple[str, ...]:
        self._called("expire")
        return self.expired

    def close(self) -> None:
        self._called("close")

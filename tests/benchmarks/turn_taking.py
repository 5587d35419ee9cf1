"""Who gets cut off, and who waits: policies for the end of a turn on sentences spoken by both voices.

16 answers a voice, each whole, broken off by a speaker who searches for words, and cut in the middle of the whole one;
and 8 first sentences after which more would come. Each is followed by silence with faint noise. The detector finds
where the silence begins; 0.2 s into it the end-of-turn network is asked, and the text so far is recognised. The rest is
arithmetic: a pause cuts the speaker off when it is longer than what the policy waits (and the second after "Uh-huh.").
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hireflow_voice.audio.resample import resampled
from hireflow_voice.interview.asking import REOPEN_S
from hireflow_voice.models.manifest import find
from hireflow_voice.models.verify import folder
from hireflow_voice.sound import RATE, Samples
from hireflow_voice.speech.voices import Speaker
from hireflow_voice.speech.whisper import Recogniser
from hireflow_voice.turns import cues
from hireflow_voice.turns.detector import SpeechStopped, TurnDetector
from hireflow_voice.turns.energy import EnergyGate
from hireflow_voice.turns.patience import BRISK, PATIENT, Cues, Waits, wait_s
from hireflow_voice.turns.smart import COMPLETE, SmartTurn
from hireflow_voice.turns.vad import BLOCK, SileroVad
from tests.benchmarks.table import Table, figure

ANSWERS = (
    ("I would put the counter", "next to the gateway, so that every request passes it once."),
    ("The primary accepts the write and", "sends it to both replicas before it answers."),
    ("First I would look at", "the dashboards, because they tell me when it began."),
    ("We hash the key and", "walk around the ring until we meet a server."),
    ("A read can be stale, so", "we ask a quorum whenever the balance matters."),
    ("The consumer stores the offset", "in the same transaction as the result."),
    ("I would not retry at once but", "wait a little longer every time, with some jitter."),
    ("The certificate is renewed by", "a small job that runs every night."),
    ("When the cache is cold, the", "database takes the whole load for a minute."),
    ("Our service kept failing because", "the connection pool was far too small."),
    ("The packet goes to the", "nearest data center, since all of them announce the same prefix."),
    ("We measure the latency at", "the ninety-ninth percentile and not at the mean."),
    ("If one shard grows too large,", "it is split and half of it moves to another machine."),
    ("I explained to the team that", "we would ship the smaller change first."),
    ("The resolver asks the root, then", "the top level domain, and then our own name server."),
    ("A queue between the two would", "keep the fast one from drowning the slow one."),
)
"""How an answer begins, and how it ends."""
SEARCHING = (", um,", ", uh,", " ...", "")
FIRSTS = (
    "There are two ways to do that.",
    "I have built something like this before.",
    "It depends on how exact the limit has to be.",
    "Let me start with the write path.",
    "That happened to us last year.",
    "The easy part is the counter.",
    "I would ask about the traffic first.",
    "Most of the time nothing goes wrong.",
)
ASKED_S = 0.2
TAIL_S = 6.5
MID, AFTER = (1.0, 2.0, 3.0, 4.0, 5.0), (2.0, 3.0, 4.0)


@dataclass(frozen=True, slots=True)
class Clip:
    """What is known 0.2 s into the silence after it."""

    kind: str
    lag_s: float
    """From the true end to where the detector heard the last sound."""
    cues: Cues


Policy = Callable[[Cues], float]


def run() -> Table:
    """Delays after whole answers, and shares of pauses in which the speaker is cut off."""
    clips = [_known(kind, sound) for kind, sound in _spoken()]
    policies: dict[str, tuple[Policy, float]] = {
        **{f"fixed {s:g} s": (lambda _cues, s=s: s, 0.0) for s in (0.8, 1.5, 3.0, 4.0)},
        "network, else 3 s": (lambda c: ASKED_S if c.voice else 3.0, 0.0),
        "words 1.5 / 4 s": (lambda c: 1.5 if c.words else 4.0, 0.0),
        "brisk, no window": (_graded(BRISK), 0.0),
        "brisk": (_graded(BRISK), REOPEN_S),
        "patient, no window": (_graded(PATIENT), 0.0),
        "patient": (_graded(PATIENT), REOPEN_S),
        "patient, no network": (lambda c: _graded(PATIENT)(Cues(None, c.words)), REOPEN_S),
    }
    figures, rows = [], []
    for name, (policy, window) in policies.items():
        whole = [c.lag_s + policy(c.cues) for c in clips if c.kind == "whole"]
        figures.append(figure(name, "s", whole, "median 2.7 s" if name == "patient" else ""))
        cells = [_cut(clips, "unfinished", policy, window, s) for s in MID]
        cells += [_cut(clips, "first", policy, window, s) for s in AFTER]
        rows.append(f"{name:20}" + "".join(f"{cell:6.0f}" for cell in cells))
    head = f"{'':20}" + "".join(f"{f'{s:g} s':>6}" for s in (*MID, *AFTER))
    return Table(
        "Delay after a whole answer, by policy",
        "python -m tests.benchmarks turn_taking",
        tuple(figures),
        (
            "Pauses that cut the speaker off, %: 1 to 5 s in the middle of a sentence, 2 to 4 s after a first one",
            head,
            *rows,
            *_signals(clips),
        ),
    )


def _graded(waits: Waits) -> Policy:
    return lambda c: wait_s(waits, c) or 0.0


def _cut(clips: list[Clip], kind: str, policy: Policy, window: float, pause_s: float) -> float:
    cut = [pause_s > c.lag_s + policy(c.cues) + window for c in clips if c.kind == kind]
    return 100.0 * sum(cut) / len(cut)


def _signals(clips: list[Clip]) -> list[str]:
    lines = ["Says finished:" + "".join(f"{kind:>20}" for kind in ("whole", "unfinished", "first"))]
    for name in ("voice", "words"):
        counts = []
        for kind in ("whole", "unfinished", "first"):
            said = [bool(getattr(c.cues, name)) for c in clips if c.kind == kind]
            counts.append(f"{sum(said)} of {len(said)}")
        lines.append(f"{name:14}" + "".join(f"{count:>20}" for count in counts))
    return lines


def _spoken() -> list[tuple[str, Samples]]:
    found: list[tuple[str, Samples]] = []
    with tempfile.TemporaryDirectory() as cache:
        speaker = Speaker(folder("voice-joe"), Path(cache))
        for voice in ("joe", "heart"):

            def say(text: str, voice: str = voice) -> Samples:
                return _trimmed(resampled(speaker.speak(text, voice), RATE))

            for number, (head, tail) in enumerate(ANSWERS):
                whole = say(f"{head} {tail}")
                found.append(("whole", whole))
                found.append(("unfinished", say(head.rstrip(",") + SEARCHING[number % len(SEARCHING)])))
                share = min(0.95, len(head) / (len(head) + len(tail)))
                part = whole[: int(share * len(whole))].astype(np.float64)
                fade = RATE // 50
                part[-fade:] *= np.linspace(1.0, 0.0, fade)
                found.append(("unfinished", part.astype(np.int16)))
            found += [("first", say(text)) for text in FIRSTS]
    return found


def _trimmed(samples: Samples) -> Samples:
    loud = np.flatnonzero(np.abs(samples) > 0.01 * 32768)
    return samples[loud[0] : loud[-1] + 1]


class _Ears:
    """The models, loaded once."""

    def __init__(self) -> None:
        self.smart = SmartTurn(folder("smart-turn") / find("smart-turn").files[0].name)
        self.recogniser = Recogniser(folder("whisper-base"), threads=2)


_ears: list[_Ears] = []


def _known(kind: str, speech: Samples) -> Clip:
    if not _ears:
        _ears.append(_Ears())
    noise = np.random.default_rng(len(speech)).normal(0, 0.001 * 32768, RATE // 2 + len(speech) + int(TAIL_S * RATE))
    noise[RATE // 2 : RATE // 2 + len(speech)] += speech
    sound = noise.clip(-32768, 32767).astype(np.int16)
    end = RATE // 2 + len(speech)
    detector = TurnDetector(SileroVad(), EnergyGate(BLOCK), None)
    stopped = [s.at_s for s in detector.feed(sound, 0) if isinstance(s, SpeechStopped)]
    last = stopped[-1] if stopped else end / RATE
    heard = sound[: round((last + ASKED_S) * RATE)]
    voice = _ears[0].smart.complete(heard) >= COMPLETE
    text = _ears[0].recogniser.recognise(heard[-28 * RATE :], 0.0, (), True).text
    return Clip(kind, last - end / RATE, Cues(voice, cues.complete(text)))

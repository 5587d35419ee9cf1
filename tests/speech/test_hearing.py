"""Voice to text, with the real voices and the real recogniser."""

from __future__ import annotations

import re
from collections.abc import Callable

import jiwer
import numpy as np
import pytest

from hireflow_voice.sound import RATE, Pcm, Samples
from hireflow_voice.speech.heard import HeardChunk
from hireflow_voice.speech.repair import squeeze
from hireflow_voice.speech.respell import respell
from hireflow_voice.speech.transcribe import transcribe
from hireflow_voice.speech.whisper import Recogniser
from hireflow_voice.transcript import Transcript
from hireflow_voice.turns.detector import activity

pytestmark = pytest.mark.models

Say = Callable[..., Samples]
Room = Callable[..., Samples]

ANSWER = (
    "First I would look at the slow query log.",
    "Then I would add an index on the customer column.",
    "And only after that would I think about a cache.",
)


def hear(sound: Samples, recogniser: Recogniser, *glossary: str) -> Transcript:
    heard = transcribe(Pcm(sound, RATE), recogniser.recognise, glossary, activity)
    assert [w.text for w in heard.words] == heard.text.split()
    times = [t for w in heard.words for t in (w.start_s, w.end_s)]
    assert times == sorted(times)
    assert not times or (times[0] >= 0 and times[-1] <= heard.seconds)
    return heard


def plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9']+", text.lower()))


def test_an_answer_is_heard_word_for_word_and_each_word_at_its_moment(say: Say, room: Room, base: Recogniser) -> None:
    spoken = [say(sentence) for sentence in ANSWER]
    heard = hear(room(0.7, spoken[0], 1.5, spoken[1], 0.9, spoken[2], 1.0), base)
    assert jiwer.wer(plain(" ".join(ANSWER)), plain(heard.text)) <= 0.08
    # The sounds begin and end where they were put.
    tail = 0.12
    begin = 0.7
    for sentence, sound, pause in zip(ANSWER, spoken, (1.5, 0.9, 0.0), strict=True):
        first, last = sentence.split()[0], sentence.split()[-1]
        at = [w for w in heard.words if plain(w.text) == plain(first) and abs(w.start_s - begin) < 1.0]
        assert at, heard.words
        assert at[0].start_s == pytest.approx(begin, abs=0.25)
        end = begin + len(sound) / RATE - tail
        ends = [w for w in heard.words if plain(w.text) == plain(last) and abs(w.end_s - end) < 1.0]
        assert ends, heard.words
        assert ends[0].end_s == pytest.approx(end, abs=0.25)
        begin += len(sound) / RATE + pause


@pytest.mark.parametrize("model", ["base", "tiny"])
def test_the_questions_glossary_is_heard(say: Say, room: Room, model: str, request: pytest.FixtureRequest) -> None:
    recogniser: Recogniser = request.getfixturevalue(model)
    terms = ("PgBouncer", "ClickHouse", "eBPF", "MVCC", "Postgres", "Redis", "idempotent", "conntrack")
    said = (
        "We put P G bouncer in front and loaded the events into click house.",
        "Postgres uses M V C C, and we drop packets with E B P F.",
    )
    heard = hear(room(0.5, say(said[0]), 0.7, say(said[1]), 0.6), recogniser, *terms)
    for term in ("PgBouncer", "ClickHouse", "eBPF", "MVCC", "Postgres"):
        assert term in heard.text
    for term in ("Redis", "idempotent", "conntrack"):
        assert term not in heard.text, "nobody said it"


def test_hesitations_are_kept(say: Say, room: Room, base: Recogniser) -> None:
    heard = hear(room(0.5, say("So, um, I would start with, uh, the load balancer."), 0.5), base)
    assert re.search(r"\bum\b", heard.text.lower())
    assert re.search(r"\buh\b", heard.text.lower())


def noises() -> dict[str, Samples]:
    rng = np.random.default_rng(9)
    n = 8 * RATE
    t = np.arange(n) / RATE
    clicks = 0.001 * rng.normal(0, 1, n)
    for at in (1.0, 2.5, 4.2, 6.0):
        clicks[int(at * RATE) : int(at * RATE) + 300] += rng.normal(0, 0.3, 300)
    typing = 0.001 * rng.normal(0, 1, n)
    for at in np.cumsum(rng.uniform(0.09, 0.35, 60)):
        if at < 7.9:
            typing[int(at * RATE) : int(at * RATE) + 400] += rng.normal(0, 0.3, 400) * np.hanning(400)
    sounds = {
        "silence": np.zeros(n),
        "faint noise": rng.normal(0, 0.001, n),
        "noise": rng.normal(0, 0.01, n),
        "loud noise": rng.normal(0, 0.05, n),
        "hum": 0.05 * np.sin(2 * np.pi * 50 * t) + rng.normal(0, 0.001, n),
        "clicks": clicks,
        "typing": typing,
    }
    return {name: np.asarray(np.clip(x, -1, 1) * 32767, np.int16) for name, x in sounds.items()}


@pytest.mark.parametrize("name", noises())
def test_what_is_no_speech_gives_no_text(name: str, base: Recogniser) -> None:
    assert hear(noises()[name], base, "P-tree", "Redis").text == ""


@pytest.mark.parametrize(("name", "model"), [("noise", "base"), ("typing", "tiny"), ("hum", "tiny")])
def test_noise_that_reaches_the_recogniser_gives_no_text_either(
    name: str, model: str, request: pytest.FixtureRequest
) -> None:
    recogniser: Recogniser = request.getfixturevalue(model)
    assert recogniser.recognise(noises()[name], 0.0, ("Redis",), False).text == ""


@pytest.mark.slow
def test_a_long_answer_without_pauses_loses_no_word(say: Say, room: Room, tiny: Recogniser) -> None:
    said = (
        "The load balancer spreads the requests over three machines.",
        "A message queue lets the writers go on while the readers are slow.",
        "I would check whether the database index fits the query at all.",
        "Our connection pool had only ten places, so everybody waited.",
        "Every web server answers a health check twice a minute.",
        "With a retry budget the clients cannot make an outage worse.",
        "After five errors the circuit breaker opens for a while.",
        "You read the log file first, and the dashboard after that.",
        "The nightly backup had not been tested for two years.",
        "Somebody changed the firewall on a Friday afternoon.",
    )
    parts: list[Samples | float] = [0.5]
    for sentence in said:
        parts += [say(sentence), 0.15]
    asked: list[tuple[float, float]] = []

    def recognise(samples: Samples, start_s: float, glossary: tuple[str, ...], voiced: bool) -> HeardChunk:
        asked.append((start_s, len(samples) / RATE))
        return tiny.recognise(samples, start_s, glossary, voiced)

    sound = room(*parts)
    heard = transcribe(Pcm(sound, RATE), recognise, (), activity)
    assert len(sound) / RATE > 30
    assert len(asked) >= 2
    assert all(seconds <= 27.7 for _, seconds in asked)
    compared = jiwer.process_words(plain(" ".join(said)), plain(heard.text))
    # Words may be taken for their like ("queue", "cue"); none may be lost, least of all at the cut.
    assert compared.deletions <= 1
    assert compared.insertions <= 1
    assert compared.wer <= 0.08


@pytest.mark.parametrize("voice", ["joe", "heart"])
def test_respelled_names_are_heard_as_the_names_they_are(say: Say, room: Room, base: Recogniser, voice: str) -> None:
    sentences = (
        "We moved from MySQL to Postgres, and JSON went into MongoDB.",
        "First IPv6 and HTTP/3, then mTLS and our SLOs.",
        "It takes 20 ms at 10 Gbps, or O(n log n) steps.",
    )
    assert all(respell(sentence) != sentence for sentence in sentences)
    parts: list[Samples | float] = [0.4]
    for sentence in sentences:
        parts += [say(sentence, voice), 0.5]
    glossary = ("MySQL", "Postgres", "JSON", "MongoDB", "IPv6", "HTTP/3", "mTLS", "SLOs")
    heard = squeeze(hear(room(*parts), base, *glossary).text)
    names = {"json": ("json", "jason"), "nlogn": ("nlogn", "nlogin", "nlogand"), "milliseconds": ("milliseconds", "ms")}
    for name in ("mysql", "postgres", "mongodb", "ipv6", "http3", "mtls", "slos", "gigabitspersecond", "bigo"):
        names[name] = (name,)
    assert [name for name, forms in names.items() if not any(form in heard for form in forms)] == [], heard


def test_the_early_text_of_the_last_chunk_is_the_final_one(say: Say, room: Room, tiny: Recogniser) -> None:
    from hireflow_voice.speech.chunks import Chunk, Chunker
    from hireflow_voice.turns.detector import EndOfTurn, TurnDetector
    from hireflow_voice.turns.energy import EnergyGate
    from hireflow_voice.turns.vad import SileroVad

    sound = room(0.6, say("I would shard by customer."), 1.0, say("That is all."), 3.0)
    detector = TurnDetector(SileroVad(), EnergyGate(), 2.5)
    chunker = Chunker(detector.voiced)
    early: dict[tuple[int, int], Chunk] = {}
    ended = False
    for at in range(0, len(sound), 320):
        block = sound[at : at + 320]
        ended = ended or any(isinstance(s, EndOfTurn) for s in detector.feed(block, at))
        assert chunker.feed(block, detector.active) == []
        if (chunk := chunker.peek()) is not None:
            early[chunk.key] = chunk
        if ended:
            break
    [final] = chunker.finish()
    assert ended
    assert final.key in early
    text = [tiny.recognise(c.samples, c.start_s, (), c.voiced).text for c in (early[final.key], final)]
    assert plain(text[0]) == plain(text[1]) == plain("I would shard by customer. That is all.")

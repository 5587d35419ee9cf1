"""Glossary terms spoken by a voice and heard by the recogniser, as a call would hear them.

Terms are said seven in a sentence and heard with the glossaries of their questions in the prompt. What is missed is
said twice more, alone in a sentence. A term that is missed three times is not understood from that voice.
"""

from __future__ import annotations

import queue
import random
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from hireflow_voice.audio.resample import resampled
from hireflow_voice.bank.models import Bank
from hireflow_voice.sound import RATE, Samples
from hireflow_voice.speech.cast import VOICES
from hireflow_voice.speech.repair import TOKEN, fix_safe, squeeze
from hireflow_voice.speech.voices import Speaker
from hireflow_voice.speech.whisper import Recogniser

TOGETHER = 7
"""Terms in one sentence."""
LONGEST_S = 27.0
"""Of one decode; Whisper hears 30 s at once and takes about as long for less."""
GAP_S = 0.4
CARRIERS = ("I would talk to them about {}.", "What I have in mind is {}.", "Then we come to {}.")
ALONE = ("The next word is {}, as they say.", "Tell me about {} in a few words.")

HEARD_AS: dict[str, tuple[str, ...]] = {
    "304 Not Modified": ("300 4 not modified",),
    "AAAA record": ("quad a record",),
    "ACK": ("ack",),
    "If-Modified-Since": ("if modified sense",),
    "N plus one": ("n plus 1",),
    "NAPI": ("nappy",),
    "O(1)": ("big o of 1", "big o of one"),
    "Protobuf": ("protobuff",),
    "SLAAC": ("slack",),
    "SYN": ("sin",),
    "SYN queue": ("syn q", "sin q"),
    "TOCTOU": ("talk to", "tock too", "tock to"),
    "chroot": ("change root",),
    "conntrack": ("connection track",),
    "deque": ("deck",),
    "epoll": ("epol",),
    "dropped packets": ("drop packets",),
    "etcd": ("et cd", "etsy d", "at cd"),
    "kqueue": ("kq",),
    "k8s": ("kubernetes",),
    "mapped address": ("map address",),
    "nf_conntrack_max": ("nf connection track max",),
    "no_new_privs": ("no new privileges",),
    "queueing": ("queuing",),
    "trie": ("try",),
}
"""What else may be written for a term that was said right: words that sound the same, and other ways to write it."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """Some terms said in a row, and the glossary they are heard with."""

    text: str
    terms: tuple[str, ...]
    glossary: tuple[str, ...]


@dataclass(slots=True)
class Heard:
    """How one voice did."""

    voice: str
    terms: int = 0
    flaky: list[str] = field(default_factory=list)
    """Missed at first, heard when said again."""
    missed: dict[str, str] = field(default_factory=dict)
    """Missed every time -> what was heard last."""
    seconds: float = 0.0


def sentences(banks: Sequence[Bank]) -> list[Sentence]:
    """Every term once, with the question in which it comes first, in an order that is not that of the prompt."""
    seen: set[str] = set()
    found: list[Sentence] = []
    for bank in banks:
        for question in bank.questions:
            terms = [term for term in dict.fromkeys(question.glossary) if term not in seen]
            seen.update(terms)
            random.Random(question.id).shuffle(terms)
            rows = -(-len(terms) // TOGETHER)
            for row in range(rows):
                some = terms[row::rows]
                carrier = CARRIERS[len(found) % len(CARRIERS)]
                found.append(Sentence(carrier.format(_listed(some)), tuple(some), tuple(question.glossary)))
    return found


def _listed(terms: Sequence[str]) -> str:
    return terms[0] if len(terms) == 1 else f"{', '.join(terms[:-1])}, and {terms[-1]}"


@dataclass(slots=True)
class Piece:
    """Sentences that are heard in one decode."""

    sentences: list[Sentence]
    sounds: list[Samples]

    @property
    def terms(self) -> list[str]:
        return [term for sentence in self.sentences for term in sentence.terms]

    def text(self, recogniser: Recogniser) -> str:
        """What the call would write down."""
        glossary = tuple(dict.fromkeys(term for sentence in self.sentences for term in sentence.glossary))
        heard = recogniser.recognise(np.concatenate(self.sounds), 0.0, glossary, True).text
        return fix_safe(heard, glossary).text


def pieces(speaker: Speaker, voice: str, some: Iterable[Sentence], longest_s: float = LONGEST_S) -> Iterator[Piece]:
    """The sentences with their sound, up to `longest_s` together; rendered one ahead on another thread."""
    ready: queue.Queue[Piece | BaseException | None] = queue.Queue(maxsize=2)
    gap = np.zeros(int(GAP_S * RATE), np.int16)

    def render() -> None:
        try:
            piece = Piece([], [gap])
            for sentence in some:
                sound = resampled(speaker.speak(sentence.text, voice), RATE)
                if piece.sentences and sum(map(len, piece.sounds)) + len(sound) > longest_s * RATE:
                    ready.put(piece)
                    piece = Piece([], [gap])
                piece.sentences.append(sentence)
                piece.sounds += [sound, gap]
            if piece.sentences:
                ready.put(piece)
            ready.put(None)
        except BaseException as error:
            ready.put(error)

    thread = threading.Thread(target=render, name="terms", daemon=True)
    thread.start()
    while (next_ := ready.get()) is not None:
        if isinstance(next_, BaseException):
            raise next_
        yield next_
    thread.join()


def missing(heard: str, terms: Sequence[str]) -> list[str]:
    """The terms that are not in a text, each occurrence being good for one term only; the longest look first."""
    words = [squeeze(token) for token in TOKEN.findall(heard)]
    taken = [False] * len(words)
    lost = []
    for term in sorted(terms, key=lambda t: -len(squeeze(t))):
        forms = {squeeze(form) for form in (term, *HEARD_AS.get(term, ()))}
        if not _take(words, taken, forms):
            lost.append(term)
    return [term for term in terms if term in lost]


def _take(words: Sequence[str], taken: list[bool], forms: set[str]) -> bool:
    longest = max(len(form) for form in forms) + 1
    for first in range(len(words)):
        joined = ""
        for last in range(first, len(words)):
            joined += words[last]
            if taken[last] or len(joined) > longest:
                break
            # A plural is no mispronunciation.
            if any(joined in (form, f"{form}s") or f"{joined}s" == form for form in forms):
                taken[first : last + 1] = [True] * (last + 1 - first)
                return True
    return False


def check(speaker: Speaker, recogniser: Recogniser, voice: str, some: Sequence[Sentence]) -> Heard:
    """All sentences in one voice. A term that is missed is said alone, twice in each of ALONE, the last two times in a
    decode of its own: of sentences that are too much alike Whisper leaves out some, and Piper's noise makes a term
    that is usually heard unclear now and then."""
    begun = time.perf_counter()
    result = Heard(voice, sum(len(sentence.terms) for sentence in some))
    for turn, carrier in enumerate(("", *ALONE, *ALONE)):
        result.missed.clear()
        lost: list[Sentence] = []
        for piece in pieces(speaker, voice, some, 0.0 if turn > len(ALONE) else LONGEST_S):
            text = piece.text(recogniser)
            gone = missing(text, piece.terms)
            result.missed |= dict.fromkeys(gone, text)
            lost += [Sentence(term, (term,), s.glossary) for s in piece.sentences for term in s.terms if term in gone]
        if carrier:
            result.flaky += [s.terms[0] for s in some if s.terms[0] not in result.missed]
        following = ALONE[turn % len(ALONE)]
        some = [Sentence(f"{following.format(s.terms[0])}{' ' * turn}", s.terms, s.glossary) for s in lost]
    result.seconds = time.perf_counter() - begun
    return result


def check_all(speaker: Speaker, whisper: Path, some: Sequence[Sentence]) -> list[Heard]:
    """Every voice at once, each with a recogniser of its own on one thread: a quarter faster than one after the other
    on two."""
    with ThreadPoolExecutor(len(VOICES)) as pool:
        return list(pool.map(lambda voice: check(speaker, Recogniser(whisper, threads=1), voice, some), VOICES))

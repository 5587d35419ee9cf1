"""Whisper on one chunk of speech, and the guards that keep its inventions out.

Whisper invents text on noise, loops on stammers, and skips what it does not like. Each chunk is therefore decoded by
itself, without timestamps in the text and at temperature 0, and what comes out has to pass three guards: a loop is
decoded again with a smaller prompt and then without one; a chunk in which no voice was detected has to be far from
noise; a chunk with hardly a word in it is decoded once more with more effort.
"""

from __future__ import annotations

import importlib
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from hireflow_voice.errors import ModelMissing
from hireflow_voice.sound import RATE, Samples
from hireflow_voice.speech import glossary as glossaries
from hireflow_voice.speech.heard import HeardChunk, HeardWord
from hireflow_voice.speech.timing import settle, sounding

FILES = ("model.bin", "config.json", "tokenizer.json")
"""What has to be in the folder; the tokenizer would be fetched from a hub otherwise."""
LONGEST_S = 30.0
"""Seconds that Whisper hears at once."""
SHORTEST_S = 0.1
LOOP_TIMES = 4
"""A word or phrase of up to LOOP_WORDS words so often in a row is a loop."""
LOOP_WORDS = 4
LOOP_COMPRESSION = 2.4
"""zlib's ratio above which a text is a loop (Whisper's own limit)."""
NOISE_PROBABILITY = 0.5
NOISE_COMPRESSION = 2.0
"""Without a detected voice, a text stands only under both."""
SPARSE_RATE = 1.0
"""Words per second of sound under which Whisper is likely to have skipped some."""
SPARSE_S = 1.5
"""Seconds of sound that such a judgement needs."""
CAREFUL_BEAM = 5
FRAMES_PER_S = 100
"""Of the spectrogram."""
SPARE_S = 4.0
"""Silence that the encoder still hears behind a chunk, so that the decoder finds its end."""
LEAST_S = 15.0
"""The encoder hears at least so much."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """One attempt at a chunk."""

    text: str
    words: tuple[HeardWord, ...]
    """Times from the beginning of the chunk."""
    no_speech: float
    """The network's probability that this is no speech."""
    compression: float


NOTHING = Decoded("", (), 1.0, 0.0)


class Decoder(Protocol):
    """What the guards need of Whisper."""

    name: str

    def decode(self, samples: Samples, prompt: str, beam: int) -> Decoded:
        """The text of a chunk of at most 30 s."""
        ...

    def tokens(self, text: str) -> int:
        """How many tokens this text is."""
        ...


class Whisper:
    """faster-whisper with int8 weights from a local folder. One decode at a time."""

    def __init__(self, folder: Path, threads: int) -> None:
        missing = [name for name in FILES if not (folder / name).is_file()]
        if missing:
            raise ModelMissing(
                f"The speech recogniser is not in {folder}: {', '.join(missing)} missing.",
                "Fetch the models again.",
            )
        from faster_whisper import WhisperModel

        class Short(WhisperModel):  # type: ignore[misc]
            def encode(self, features: Any) -> Any:
                return super().encode(without_padding(features))

        # Its progress bar, which is never shown, would leave a thread running.
        importlib.import_module("tqdm").tqdm.monitor_interval = 0
        self.name = f"whisper {folder.name.removeprefix('whisper-')}"
        try:
            self._model: Any = Short(
                str(folder), device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise ModelMissing(
                f"The speech recogniser in {folder} cannot be loaded: {error}.", "Fetch the models again."
            ) from error

    def tokens(self, text: str) -> int:
        """How many tokens this text is."""
        return len(self._model.hf_tokenizer.encode(text, add_special_tokens=False).ids)

    def decode(self, samples: Samples, prompt: str, beam: int) -> Decoded:
        """The text of a chunk of at most 30 s; the prompt must leave room for it (`glossary.prompt`)."""
        segments, _ = self._model.transcribe(
            samples.astype(np.float32) / 32768.0,
            language="en",
            beam_size=beam,
            temperature=[0.0],
            condition_on_previous_text=False,
            no_speech_threshold=None,
            # With timestamps Whisper may end early, and the rest of the chunk is skipped.
            without_timestamps=True,
            word_timestamps=True,
            initial_prompt=prompt or None,
            max_new_tokens=glossaries.text_budget(len(samples) / RATE),
        )
        # The chunk fits one window, so the first segment is all of it. Asking for a second one would decode what
        # follows the last word again, which is silence, without the prompt.
        segment = next(iter(segments), None)
        if segment is None or segment.seek != 0:
            return NOTHING
        text = " ".join(segment.text.split())
        return Decoded(
            text, _whole_words(text, segment.words), float(segment.no_speech_prob), float(segment.compression_ratio)
        )


def without_padding(features: Any) -> Any:
    """A spectrogram (bands, frames) that was padded with zeros to 30 s, cut to what is in it and SPARE_S.

    The encoder's work grows with the frames. On 18 minutes of human speech this took 36 % off the time, and 4.65 % of
    the words were wrong instead of 4.38 (whole files with a beam of 5: 4.83). With 2 s to spare and 10 s at least they
    were 4.46, but hesitations were left out of short answers."""
    heard = np.flatnonzero(features.any(axis=0))
    frames = int(heard[-1]) + 1 if len(heard) else 0
    least = max(LEAST_S, frames / FRAMES_PER_S + SPARE_S)
    return np.ascontiguousarray(features[:, : round(least * FRAMES_PER_S)])


def _whole_words(text: str, pieces: Sequence[Any]) -> tuple[HeardWord, ...]:
    """Whisper's pieces ("write", "-ahead") joined to the words of `text` as blanks part them."""
    words: list[HeardWord] = []
    parts: list[tuple[str, float, float, float]] = []

    def finish() -> None:
        if parts:
            chance = sum(p[3] for p in parts) / len(parts)
            words.append(HeardWord("".join(p[0] for p in parts), parts[0][1], parts[-1][2], min(1.0, chance)))
            parts.clear()

    for piece in pieces:
        if piece.word[:1].isspace():
            finish()
        said = piece.word.split()
        for number, bare in enumerate(said):
            if number:
                finish()
            parts.append((bare, float(piece.start), float(piece.end), float(piece.probability)))
    finish()
    return tuple(words) if [w.text for w in words] == text.split() else _spread(text, words)


def _spread(text: str, words: Sequence[HeardWord]) -> tuple[HeardWord, ...]:
    """The words of `text` with even times between the first and the last, should the pieces not add up to it."""
    if not words:
        return ()
    start, end = words[0].start_s, words[-1].end_s
    said = text.split()
    step = (end - start) / max(1, len(said))
    chance = min(w.probability for w in words)
    return tuple(HeardWord(w, start + n * step, start + (n + 1) * step, chance) for n, w in enumerate(said))


class Recogniser:
    """Chunks in, words out. Lives in the worker process; safe for several threads, one decode at a time.

    `folder` holds any Whisper in CTranslate2's form; its name gives the recogniser's ("whisper-base" is "whisper
    base"). Raises ModelMissing.
    """

    def __init__(self, folder: Path, *, threads: int = 2, decoder: Decoder | None = None) -> None:
        self._decoder: Decoder = decoder or Whisper(folder, threads)
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """For example "whisper base"."""
        return self._decoder.name

    def recognise(self, samples: Samples, start_s: float, glossary: tuple[str, ...], voiced: bool) -> HeardChunk:
        """The words of one chunk: `samples` int16 at 16 kHz, at most 30 s (else ValueError), which begins at
        `start_s` of its take. `voiced`: the voice detector heard speech in it. Empty if nothing was said.
        """
        seconds = len(samples) / RATE
        if seconds > LONGEST_S:
            raise ValueError(f"a chunk of {seconds:.1f} s is too long to be heard at once")
        if seconds < SHORTEST_S or not samples.any():
            return HeardChunk("", (), self.name)
        with self._lock:
            best = self._voiced(samples, glossary) if voiced else self._unvoiced(samples)
        if not re.search(r"[^\W_]", best.text):
            best = NOTHING
        words = tuple(
            HeardWord(w.text, round(start_s + w.start_s, 3), round(start_s + w.end_s, 3), round(w.probability, 3))
            for w in settle(best.words, samples)
        )
        return HeardChunk(best.text, words, self.name)

    def _voiced(self, samples: Samples, terms: tuple[str, ...]) -> Decoded:
        seconds = len(samples) / RATE
        prompts = [
            glossaries.prompt(terms, self._decoder.tokens, seconds)[0],
            glossaries.prompt(terms, self._decoder.tokens, seconds, fillers=False)[0],
            "",
        ]
        tried: list[Decoded] = []
        for prompt in dict.fromkeys(prompts):
            tried.append(self._decoder.decode(samples, prompt, 1))
            if not loops(tried[-1]):
                return self._complete(samples, tried[-1])
        return unloop(min(tried, key=lambda d: d.compression))

    def _unvoiced(self, samples: Samples) -> Decoded:
        """Only loudness found this chunk: a voice the detector missed, or noise."""
        heard = self._decoder.decode(samples, "", 1)
        real = heard.no_speech < NOISE_PROBABILITY and heard.compression < NOISE_COMPRESSION and not loops(heard)
        return heard if real else NOTHING

    def _complete(self, samples: Samples, heard: Decoded) -> Decoded:
        """`heard`, or a more careful decode that found more in a chunk with hardly a word in it."""
        sound_s = sounding(samples)
        if sound_s <= SPARSE_S or len(heard.text.split()) / sound_s >= SPARSE_RATE:
            return heard
        again = self._decoder.decode(samples, "", CAREFUL_BEAM)
        return again if len(again.text) > len(heard.text) and not loops(again) else heard


def loops(heard: Decoded) -> bool:
    """Whether the decoder went round in circles."""
    return heard.compression >= LOOP_COMPRESSION or _loop([_bare(w) for w in heard.text.split()]) is not None


def _bare(word: str) -> str:
    return re.sub(r"[^\w']", "", word.lower()) or word


def _loop(words: Sequence[str]) -> tuple[int, int, int] | None:
    """The first loop as (index of its first word, words of the phrase, repetitions), or None."""
    for at in range(len(words)):
        for size in range(1, LOOP_WORDS + 1):
            phrase = words[at : at + size]
            times = 1
            while len(phrase) == size and words[at + times * size : at + (times + 1) * size] == phrase:
                times += 1
            if times >= LOOP_TIMES:
                return at, size, times
    return None


def unloop(heard: Decoded) -> Decoded:
    """The text with every repetition cut to its first, for want of a decode that does not loop."""
    said, words = heard.text.split(), list(heard.words)
    while (found := _loop([_bare(w) for w in said])) is not None:
        at, size, times = found
        cut = slice(at + size, at + size * times)
        if len(words) == len(said):
            del words[cut]
        del said[cut]
    return Decoded(" ".join(said), tuple(words), heard.no_speech, heard.compression)

"""From the last word to the final transcript, and how right it is, for answers of 15, 60 and 180 s.

The answer is spoken by the second voice, cut as a call cuts it, and recognised as it would be while it is spoken; the
tail is what is left to do after the last word once the pause before the end of the turn has been seen.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import numpy as np

from hireflow_voice.audio.resample import resampled
from hireflow_voice.bank.loader import load_bank, load_known_answers
from hireflow_voice.models.verify import folder
from hireflow_voice.resources import questions
from hireflow_voice.sound import RATE
from hireflow_voice.speech.chunks import Chunker
from hireflow_voice.speech.voices import Speaker
from hireflow_voice.speech.whisper import Recogniser
from hireflow_voice.turns.detector import activity
from tests.benchmarks.table import Table, figure

LENGTHS_S = (15, 60, 180)
ROUNDS = 3
EARLY_S = 0.2
"""Silence after which the last chunk is decoded without waiting for the end of the turn."""


def run() -> Table:
    """Tails and the share of real time that recognition takes."""
    known = load_known_answers(questions() / "cloudflare" / "known-answers.yaml")
    bank = load_bank(questions() / "cloudflare" / "technical-phone.yaml")
    glossary = bank.questions[0].glossary
    figures = []
    with tempfile.TemporaryDirectory() as cache:
        speaker = Speaker(None, Path(cache))
        spoken = [resampled(speaker.speak(q.answers[0].text, "heart"), RATE) for q in known.questions[:5]]
        recogniser = Recogniser(folder("whisper-base"), threads=2)
        recogniser.recognise(spoken[0][: 5 * RATE], 0.0, glossary, True)
        for length in LENGTHS_S:
            tails, shares = [], []
            for turn in range(ROUNDS):
                sound = np.concatenate([*spoken[turn:], *spoken[:turn]])[: length * RATE]
                silence = np.random.default_rng(turn).normal(0, 3, RATE).astype(np.int16)
                heard = activity(np.concatenate((sound, silence)))
                chunker = Chunker(heard.voiced)
                closed = chunker.feed(np.concatenate((sound, silence)), heard.active)
                (last,) = chunker.finish() or closed[-1:]
                begun = time.perf_counter()
                recogniser.recognise(last.samples, last.start_s, glossary, last.voiced)
                tails.append(EARLY_S + time.perf_counter() - begun)
                begun = time.perf_counter()
                for chunk in closed:
                    recogniser.recognise(chunk.samples, chunk.start_s, glossary, chunk.voiced)
                shares.append((time.perf_counter() - begun + tails[-1]) / length)
            figures.append(figure(f"tail after {length} s", "s", tails, "1.2 s"))
            figures.append(figure(f"share of real time, {length} s", "", shares))
    return Table("Last word to final transcript (whisper base)", "python -m tests.benchmarks hearing", tuple(figures))

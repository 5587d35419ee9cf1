"""Handlers for a real worker process that hear, speak and judge by script, in no time. Imported in the child by name.

Files in the folder SCRIPT change what happens: `deaf`, `mute`, `no-judge` make the recogniser, the voice or the judge
fail while they exist, and with `plain` the voice of last resort speaks; `no-turn` takes the end-of-turn network away,
and what is in `words` is heard.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np

from hireflow_voice.errors import ModelMissing, WorkerFailed
from hireflow_voice.sound import RATE, Pcm
from hireflow_voice.speech.heard import HeardChunk, HeardWord
from hireflow_voice.verdict import Judgement, PointJudgement, Quote, Verdict
from hireflow_voice.worker.jobs import JudgeAnswer, Match, Recognise, SoundsFinished, Speak, Warm


class Scripted:
    """Hears "word" once a second, covers the first key point, and speaks 20 characters a second."""

    def __init__(self, recogniser: str) -> None:
        self._script = Path(os.environ["SCRIPT"])

    def run(self, job: Any) -> Any:
        match job:
            case Recognise():
                self._fail("deaf", WorkerFailed("The recogniser stopped."))
                if (script := self._script / "words").exists():
                    return HeardChunk(script.read_text(), (), "script")
                seconds = max(1, int(len(job.samples) / RATE))
                words = [HeardWord("word", job.start_s + i, job.start_s + i + 0.5, 0.9) for i in range(seconds)]
                return HeardChunk(" ".join(w.text for w in words), tuple(words), "script")
            case SoundsFinished():
                self._fail("no-turn", ModelMissing("The network is not there.", "Fetch it."))
                return 0.9
            case Speak():
                self._fail("mute", ModelMissing("The voice is not there.", "Fetch it."))
                voice = "espeak" if (self._script / "plain").exists() else job.voice
                return Pcm(np.zeros(len(job.text) * RATE // 20, np.int16), RATE, voice)
            case Match() | JudgeAnswer():
                if isinstance(job, JudgeAnswer):
                    self._fail("no-judge", WorkerFailed("The judge stopped."))
                return self._judged(job)
            case Warm():
                return (str(job.lane),)

    def _fail(self, name: str, error: Exception) -> None:
        if (self._script / name).exists():
            raise error

    def _judged(self, job: Any) -> Judgement:
        text = job.answer.transcript.text
        span = job.answer.transcript.span(0, 4)
        quote = Quote(text[:4], 0, 4, *(span or (None, None)))
        points = [
            PointJudgement(
                point.id, Verdict.COVERED if not i else Verdict.MISSING, 0.9 if not i else 0.1, quote if not i else None
            )
            for i, point in enumerate(job.rubric.points)
        ]
        return Judgement(job.rubric.question, "script", tuple(points), 0.25)

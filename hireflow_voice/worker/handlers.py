"""What the worker does for a job: it loads the weights a lane needs, once, and runs them.

Lives in the worker process only. Each lane has one thread, and each model belongs to one lane, so nothing is locked.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from hireflow_voice import paths
from hireflow_voice.errors import ModelMissing
from hireflow_voice.models.verify import folder
from hireflow_voice.worker.jobs import Job, JudgeAnswer, Lane, Match, Recognise, Result, SoundsFinished, Speak, Warm

if TYPE_CHECKING:
    from hireflow_voice.evaluation.match import MatchJudge
    from hireflow_voice.evaluation.offline import OfflineJudge
    from hireflow_voice.speech.voices import Speaker
    from hireflow_voice.speech.whisper import Recogniser
    from hireflow_voice.turns.smart import SmartTurn

EMBEDDER, JUDGE, VOICE, SMART_TURN = "embedder-minilm", "judge-1.5b", "voice-joe", "smart-turn"


class ModelHandlers:
    """The real models. A model that is missing is looked for again with the next job: it may have been fetched."""

    def __init__(self, recogniser: str) -> None:
        self._recogniser_id = recogniser
        self._recogniser: Recogniser | None = None
        self._smart: SmartTurn | None = None
        self._speaker: Speaker | None = None
        self._joe: Path | None = None
        self._match: MatchJudge | None = None
        self._judge: OfflineJudge | None = None

    def run(self, job: Job) -> Result:
        """Raises ModelMissing, or whatever the model raises."""
        match job:
            case Recognise():
                return self._hear().recognise(job.samples, job.start_s, job.glossary, job.voiced)
            case SoundsFinished():
                return self._turn().complete(job.samples)
            case Speak():
                return self._speak().speak(job.text, job.voice)
            case Match():
                return self._quick().judge(job.rubric, job.answer)
            case JudgeAnswer():
                return self._thorough().judge(job.rubric, job.answer)
            case Warm():
                return self._warm(job.lane)

    def _warm(self, lane: Lane) -> tuple[str, ...]:
        match lane:
            case Lane.HEAR:
                self._hear()
                return (self._recogniser_id,)
            case Lane.TURN:
                self._turn()
                return (SMART_TURN,)
            case Lane.SPEAK:
                speaker = self._speak()
                if self._joe is None:
                    return ()
                speaker.load("joe")
                return (VOICE,)
            case Lane.MATCH:
                self._quick()
                return (EMBEDDER,)
            case Lane.JUDGE:
                self._thorough()
                return (EMBEDDER, JUDGE)

    def _hear(self) -> Recogniser:
        if self._recogniser is None:
            from hireflow_voice.speech.whisper import Recogniser

            self._recogniser = Recogniser(folder(self._recogniser_id), threads=min(4, cores()))
        return self._recogniser

    def _turn(self) -> SmartTurn:
        if self._smart is None:
            from hireflow_voice.models.manifest import find
            from hireflow_voice.turns.smart import SmartTurn

            self._smart = SmartTurn(folder(SMART_TURN) / find(SMART_TURN).files[0].name)
        return self._smart

    def _speak(self) -> Speaker:
        if self._speaker is None or self._joe is None:
            from hireflow_voice.speech.voices import Speaker

            try:
                joe: Path | None = folder(VOICE)
            except ModelMissing:
                joe = None  # the other voice speaks without it; a job for this one is told so by the speaker
            if self._speaker is None or joe is not None:
                self._speaker, self._joe = Speaker(joe, paths.cache_dir() / "speech"), joe
        return self._speaker

    def _quick(self) -> MatchJudge:
        if self._match is None:
            from hireflow_voice.evaluation.match import MatchJudge

            self._match = MatchJudge(folder(EMBEDDER))
        return self._match

    def _thorough(self) -> OfflineJudge:
        if self._judge is None:
            from hireflow_voice.evaluation.offline import OfflineJudge
            from hireflow_voice.models.manifest import find

            gguf = folder(JUDGE) / find(JUDGE).files[0].name
            self._judge = OfflineJudge(folder(EMBEDDER), gguf, paths.cache_dir(), min(4, cores()))
        return self._judge


def cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0))

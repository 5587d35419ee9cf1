"""What the worker can be asked. Jobs and results are plain picklable data; errors come back as HireFlowError.

Jobs of one lane run one after the other; lanes run side by side, so that a follow-up is not spoken late because an
earlier answer is being judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hireflow_voice.evaluation.rubric import Answer, Rubric
from hireflow_voice.sound import Pcm, Samples
from hireflow_voice.speech.heard import HeardChunk
from hireflow_voice.verdict import Judgement


class Lane(StrEnum):
    HEAR = "hear"
    TURN = "turn"
    SPEAK = "speak"
    MATCH = "match"
    JUDGE = "judge"


@dataclass(frozen=True, slots=True)
class Recognise:
    """One chunk of speech -> `HeardChunk`."""

    samples: Samples
    """16 kHz, at most 30 s."""
    start_s: float
    """Where the chunk begins in its take."""
    glossary: tuple[str, ...]
    voiced: bool
    """Whether the voice detector heard speech in it; without, the text must pass a stricter gate."""
    lane = Lane.HEAR


@dataclass(frozen=True, slots=True)
class SoundsFinished:
    """The last seconds of a turn -> probability, 0..1, that the voice sounds finished. 35 ms.

    Ask 0.2 s into a silence after speech. Fails with ModelMissing where the network was not fetched.
    """

    samples: Samples
    """16 kHz; the last 8 s count."""
    lane = Lane.TURN


@dataclass(frozen=True, slots=True)
class Speak:
    """Text -> `Pcm`, rendered with the respelling table and cached on disk.

    Another voice speaks when this one cannot: `Pcm.voice` says which, `speech.cast.stand_in` is what to tell of it.
    """

    text: str
    voice: str
    lane = Lane.SPEAK


@dataclass(frozen=True, slots=True)
class Match:
    """The quick judge: embeddings and word recall -> `Judgement`. Chooses the follow-up; milliseconds."""

    rubric: Rubric
    answer: Answer
    lane = Lane.MATCH


@dataclass(frozen=True, slots=True)
class JudgeAnswer:
    """The offline judge whose score is shown -> `Judgement`; seconds."""

    rubric: Rubric
    answer: Answer
    lane = Lane.JUDGE


@dataclass(frozen=True, slots=True)
class Warm:
    """Load what this lane needs -> names of what was loaded. Fails with ModelMissing."""

    lane: Lane


Job = Recognise | SoundsFinished | Speak | Match | JudgeAnswer | Warm
Result = HeardChunk | float | Pcm | Judgement | tuple[str, ...]

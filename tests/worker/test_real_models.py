"""The real worker with the real weights: what is spoken is heard, answers are judged, and a kill changes nothing."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import numpy as np
import pytest
import soxr

from hireflow_voice.errors import ModelMissing
from hireflow_voice.evaluation.rubric import Answer, Rubric, RubricPoint
from hireflow_voice.sound import RATE, Pcm
from hireflow_voice.transcript import typed
from hireflow_voice.verdict import Signal
from hireflow_voice.worker.client import Worker
from hireflow_voice.worker.jobs import JudgeAnswer, Lane, Match, Recognise, Speak, Warm

pytestmark = pytest.mark.models

SENTENCE = "A load balancer sends each request to a healthy server."
RUBRIC = Rubric(
    question="load-balancer",
    text="What does a load balancer do?",
    points=(
        RubricPoint("spread", "A load balancer spreads requests over several servers.", 2.0, Signal.DEPTH),
        RubricPoint("health", "Health checks take broken servers out of rotation.", 1.0, Signal.OPERATIONS),
    ),
    enough=3.0,
)
GOOD = Answer(
    RUBRIC.text,
    typed(
        "It spreads the incoming requests over several servers, so that no single one is overloaded. "
        "It also runs health checks, and a server that fails them is taken out of rotation until it is healthy again."
    ),
)
EMPTY = Answer(RUBRIC.text, typed("Honestly I have no idea about that one, I have never worked on it, sorry."))


def heard(worker: Worker, pcm: Pcm) -> str:
    samples = soxr.resample(pcm.samples, pcm.rate, RATE).astype(np.int16)
    return worker.recognise(Recognise(samples, 0.0, ("load balancer",), True)).result().text.lower()


@pytest.mark.slow
def test_what_it_speaks_it_hears_and_judges_also_after_a_kill() -> None:
    with Worker() as worker:
        assert worker.warm(Warm(Lane.HEAR)).result() == ("whisper-base",)
        assert worker.warm(Warm(Lane.JUDGE)).result() == ("embedder-minilm", "judge-1.5b")
        pcm = worker.speak(Speak(SENTENCE, "joe")).result()
        text = heard(worker, pcm)
        assert "load balancer" in text
        assert "healthy server" in text

        quick, empty = (worker.match(Match(RUBRIC, answer)).result() for answer in (GOOD, EMPTY))
        assert not quick.failed
        assert quick.score is not None
        assert quick.score > (empty.score or 0.0)

        thorough, speaking = worker.judge(JudgeAnswer(RUBRIC, GOOD)), worker.speak(Speak(SENTENCE, "joe"))
        while not thorough.running():
            time.sleep(0.01)
        assert worker.pid is not None
        os.kill(worker.pid, signal.SIGKILL)
        judgement = thorough.result()
        assert not judgement.failed
        assert {point.point for point in judgement.points} == {"spread", "health"}
        assert np.array_equal(speaking.result().samples, pcm.samples)
        assert heard(worker, pcm) == text


def test_damaged_weights_are_refused_by_the_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Damaged Whisper weights load without an error and change words; here they are never loaded."""
    from hireflow_voice import models

    whole = models.folder("whisper-base")
    copy = tmp_path / "models" / "whisper-base"
    copy.mkdir(parents=True)
    for file in whole.iterdir():
        data = bytearray(file.read_bytes())
        if file.name == "model.bin":
            data[30_000_000] ^= 0x40
        (copy / file.name).write_bytes(data)
    monkeypatch.setenv("HIREFLOW_MODELS_DIR", str(tmp_path / "models"))
    with Worker() as worker, pytest.raises(ModelMissing, match=r"damaged: model\.bin"):
        worker.recognise(Recognise(np.zeros(RATE, np.int16), 0.0, (), True)).result()
    (copy / "model.bin").unlink()  # 145 MB: not for pytest to keep

"""A whole call over a sound card: how soon the interviewer answers, what is lost, what it costs.

The window (offscreen) calls, a candidate speaks recorded answers into the virtual microphone, and what the virtual
speaker plays is listened to; nothing is simulated. Beside it the naive pipeline, built from the same weights in the
same run: record to silence, transcribe everything, one JSON verdict with a follow-up in it, synthesise everything,
play. The call runs in a process of its own (`calling_child`), because a sound card is chosen before PortAudio loads.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from hireflow_voice.audio.resample import resampled
from hireflow_voice.bank.loader import load_bank, load_known_answers
from hireflow_voice.models.manifest import find
from hireflow_voice.models.verify import folder
from hireflow_voice.resources import questions
from hireflow_voice.sound import RATE
from hireflow_voice.speech.voices import Speaker
from tests.benchmarks.table import Figure, Table, figure
from tests.virtual_card import VirtualCard

MINUTES = 11.5
"""Twenty follow-ups and a few more."""
ANSWER_S = 14
"""Answers are cut to this, so that a run has enough turns."""
NAIVE_TURNS = 6
OUTPUT_S = 0.2
"""Latency of the speaker, which the naive pipeline would pay as well."""
CARD_RATE = 48_000


def run() -> Table:
    """One call of ten minutes and a few naive turns."""
    with tempfile.TemporaryDirectory(prefix="hireflow-bench-") as scratch:
        home = Path(scratch)
        answers = _spoken(home)
        card = VirtualCard(home)
        try:
            report = _call(card, home)
        finally:
            card.stop()
        naive = _naive(answers[:NAIVE_TURNS], home)
    return Table(
        "A call of ten minutes over a sound card, offline judge",
        "python -m tests.benchmarks calling",
        (*_figures(report), *naive),
        (
            f"{len(report['first_word'])} follow-ups in {report['seconds']:.0f} s.",
            "Sounds are timed at the speaker's monitor, which hears them up to 50 ms late.",
            "The naive pipeline is timed alone, on idle cores.",
        ),
    )


def _figures(report: dict[str, Any]) -> tuple[Figure, ...]:
    found = [
        figure("commit > first interviewer sound", "s", report["first_sound"], "p95 0.3 s"),
        figure("commit > first word of the follow-up", "s", report["first_word"], "1.5 s, p95 2.5 s"),
        figure("microphone samples lost", "", [report["lost"]], "0"),
        figure("microphone overflows flagged", "", [report["overflows"]], "0"),
        figure("Qt event loop, longest gap", "ms", [max(report["gaps"])], "100 ms"),
        figure("Qt event loop, 99th percentile", "ms", [float(np.percentile(report["gaps"], 99))], "30 ms"),
        figure("CPU while the candidate speaks, app", "cores", report["cpu_app"]),
        figure("CPU while the candidate speaks, worker", "cores", report["cpu_worker"]),
        figure("memory, app and worker", "MB", [report["memory"]], "2800 MB"),
    ]
    return tuple(found)


def _spoken(home: Path) -> list[tuple[str, Path]]:
    """(question id, WAV) of answers that leave something to ask about, and an introduction, by the second voice."""
    known = load_known_answers(questions() / "cloudflare" / "known-answers.yaml")
    speaker = Speaker(None, home / "speech")

    def keep(name: str, text: str, seconds: float) -> Path:
        sound = resampled(speaker.speak(text, "heart"), CARD_RATE)
        if len(sound) > seconds * CARD_RATE:  # in a pause between words, so that nothing is cut through
            at = int(seconds * CARD_RATE)
            window = np.abs(sound[at - CARD_RATE : at].astype(np.float32)).reshape(-1, CARD_RATE // 50).mean(1)
            sound = sound[: at - CARD_RATE + int(window.argmin() + 1) * CARD_RATE // 50]
        soundfile.write(home / f"{name}.wav", sound, CARD_RATE)
        return home / f"{name}.wav"

    keep("introduction", known.introduction, ANSWER_S)
    found = []
    for question in known.questions:
        weak = next(answer for answer in question.answers if answer.kind == "weak")
        found.append((question.id, keep(question.id, weak.text, ANSWER_S)))
        for point, text in question.follow_ups.items():
            keep(f"{question.id}.{point}", text, ANSWER_S)
    # A live microphone is never exactly silent; one that is gets reported as switched off.
    room = np.random.default_rng(0).normal(0, 1e-4, 3600 * 8_000).astype(np.float32)
    soundfile.write(home / "room.wav", room, 8_000)
    return found


def _call(card: VirtualCard, home: Path) -> dict[str, Any]:
    card.feed(home / "room.wav")
    command = [sys.executable, "-m", "tests.benchmarks.calling_child", str(home), str(MINUTES * 60)]
    environment = {**card.process_env, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True, timeout=1800)
    report: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return report


# -- the naive pipeline ------------------------------------------------------------------------------------------------

_PROMPT = """<|im_start|>system
You are a technical interviewer. Judge the answer by the key points and write one short follow-up.<|im_end|>
<|im_start|>user
Question: {question}
Key points:
{points}
Answer: {answer}

Reply with one JSON object: {{"points": [{{"id": "...", "verdict": "covered|partly|missing", "quote": "..."}}], \
"score": 0-10, "feedback": "...", "follow_up": "..."}}<|im_end|>
<|im_start|>assistant
"""


def _naive(answers: list[tuple[str, Path]], home: Path) -> tuple[Figure, ...]:
    import xllamacpp
    from faster_whisper import WhisperModel

    whisper = WhisperModel(
        str(folder("whisper-base")), device="cpu", compute_type="int8", cpu_threads=2, local_files_only=True
    )
    params = xllamacpp.CommonParams()
    params.model.path = str(folder("judge-1.5b") / find("judge-1.5b").files[0].name)
    params.n_ctx, params.n_parallel, params.warmup, params.verbosity = 4096, 1, True, -1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 2
    server = xllamacpp.Server(params)
    server.handle_completions({"prompt": "Yes or no?", "n_predict": 1})
    speaker = Speaker(folder("voice-joe"), home / "naive-speech")
    speaker.load("joe")
    bank = {
        question.id: question for question in load_bank(questions() / "cloudflare" / "technical-phone.yaml").questions
    }
    seconds = []
    for question, path in answers:
        sound, _ = soundfile.read(path, dtype="float32")
        heard = resampled_float(sound)
        begun = time.perf_counter()
        segments, _info = whisper.transcribe(heard, language="en")
        text = " ".join(segment.text for segment in segments)
        points = "\n".join(f"- {point.id}: {point.text}" for point in bank[question].key_points)
        prompt = _PROMPT.format(question=bank[question].text, points=points, answer=text)
        reply = server.handle_completions({"prompt": prompt, "n_predict": 400, "temperature": 0, "cache_prompt": False})
        follow_up = _follow_up(str(reply["choices"][0]["text"]))
        speaker.speak(follow_up, "joe")
        seconds.append(time.perf_counter() - begun + OUTPUT_S)
    return (figure("naive pipeline: commit > first word", "s", seconds),)


def resampled_float(sound: Any) -> Any:
    """48 kHz -> 16 kHz float, as faster-whisper takes it."""
    import soxr

    return soxr.resample(sound, CARD_RATE, RATE)


def _follow_up(text: str) -> str:
    """What it would say; a reply that is no JSON is said as far as it goes."""
    try:
        return str(json.loads(text[text.index("{") : text.rindex("}") + 1])["follow_up"])
    except (ValueError, KeyError, TypeError):
        return text[-120:]

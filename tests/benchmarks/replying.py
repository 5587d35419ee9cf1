"""From the end of a turn to the interviewer's first sound, and to the first word of the follow-up.

A whole call in real time with all real parts (recogniser, end-of-turn network, quick judge, interviewer's voice; the
judge works on earlier answers beside it), on a line without a sound card: a card's own delay, 0.2 s, comes on top.
"""

from __future__ import annotations

import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from hireflow_voice.app.api import CallOptions
from hireflow_voice.app.application import Application
from hireflow_voice.app.candidate import ScriptedCandidate
from hireflow_voice.app.plan import demo_script
from hireflow_voice.audio.simulated import SimulatedLine
from hireflow_voice.events import CallEnded, Caption, Phase, PhaseChanged, TurnPaused
from hireflow_voice.settings import Settings
from hireflow_voice.sound import Pcm
from tests.benchmarks.table import Table, figure

QUESTIONS = 6
LONGEST_S = 1500.0


class RealTime(SimulatedLine):
    """A line that nobody can hold, as a sound card is; and when it was given something to play."""

    def __init__(self) -> None:
        super().__init__(pace=1.0)
        self.began: list[float] = []

    def play(self, pcm: Pcm, on_end: Any) -> None:
        self.began.append(time.monotonic())
        super().play(pcm, on_end)

    def hold(self) -> None:
        pass

    def release(self) -> None:
        pass


def run() -> Table:
    """One call; every answer of it that was followed up is a turn."""
    first: list[float] = []
    word: list[float] = []
    keyed: list[float] = []
    paused: float | None = None
    closed: float | None = None
    done = threading.Event()
    line = RealTime()

    def on_event(event: Any) -> None:
        nonlocal paused, closed
        now = time.monotonic()
        match event:
            case TurnPaused():
                paused, closed = now, None
            case PhaseChanged(phase=Phase.THINKING):
                closed = now
            case Caption(speaker="interviewer", kind=kind):
                if paused is not None and kind == "follow_up":
                    first.append(next(at for at in line.began if at >= paused - 0.05) - paused)
                    word.append(now - paused)
                if closed is not None:
                    keyed.append(now - closed)
                paused = closed = None
            case CallEnded():
                done.set()
            case _:
                pass

    with tempfile.TemporaryDirectory() as data:
        app = Application(Settings(), Path(data))
        try:
            app.warm()
            _, bank = app.bank("cloudflare", "technical-phone")
            questions = bank.questions[:QUESTIONS]
            whole = demo_script(app.known_answers("cloudflare"), questions)
            # Short answers leave something to follow up, and the benchmark ends on the same day.
            answers = {question: ". ".join(text.split(". ")[:2]) + "." for question, text in whole.answers.items()}
            script = replace(whole, answers=answers)
            candidate = ScriptedCandidate(script, lambda text: app.speak(text, "heart"))
            options = CallOptions(minutes=45, question_ids=tuple(q.id for q in questions))
            call = app.dial(options, on_event, line, candidate=candidate, simulated=line, unhurried=True)
            done.wait(LONGEST_S)
            call.break_off()
            call.join(30.0)
        finally:
            app.close()
    return Table(
        "From the end of a turn to the reply (offline judge, real time)",
        "python -m tests.benchmarks replying",
        (
            figure("committed > first interviewer sound", "s", first, "p95 0.3 s"),
            figure("committed > first word of the follow-up", "s", word, "median 1.5 s, p95 2.5 s"),
            figure("nothing more to wait for > first word", "s", keyed),
        ),
        ("The second in which the candidate may go on is part of the second row.",),
    )

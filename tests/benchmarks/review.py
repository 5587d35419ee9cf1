"""The review of a 45-minute call: how soon it is open, how it scrolls, and whether the marked word is the one heard."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from hireflow_voice import resources
from hireflow_voice.app import desk
from hireflow_voice.app.application import Application
from hireflow_voice.app.plan import question_record
from hireflow_voice.bank.loader import load_bank
from hireflow_voice.records import CallHeader, CallState, Delivery, TakeKind, TakeRecord
from hireflow_voice.settings import Settings
from hireflow_voice.sound import RATE
from hireflow_voice.store import Store
from hireflow_voice.transcript import Transcript, Word
from hireflow_voice.verdict import Judgement, PointJudgement, Quote, Verdict
from tests.benchmarks.table import Figure, Table, figure
from tests.virtual_card import VirtualCard

CALL = "20261123-174203-7f3a"
QUESTIONS, ANSWER_S, FOLLOW_UP_S = 9, 210.0, 45.0
"""Nine answers of three and a half minutes with two follow-ups each: 45 minutes of speech."""
OPENINGS = 7
SPEEDS = (1.0, 0.75, 1.5, 2.0)


def said(seconds: float) -> Transcript:
    """Two and a half words a second, with an um and a doubtful word now and then."""
    words: list[Word] = []
    text = ""
    names = ("the", "token", "bucket", "lives", "in", "Redis,", "um,", "and", "every", "server", "counts", "locally.")
    for n in range(int(seconds * 2.5)):
        name = names[n % len(names)]
        start = len(text) + (1 if text else 0)
        text = f"{text} {name}" if text else name
        sure = 0.3 if n % 17 == 5 else 0.92
        words.append(Word(name, 0.5 + n * 0.39, 0.5 + n * 0.39 + 0.3, sure, start, start + len(name)))
    return Transcript(text, text, tuple(words), (), seconds, "base")


def make_call(root: Path) -> None:
    """A judged call of 45 minutes on disk, recordings and all."""
    bank = load_bank(resources.questions() / "cloudflare" / "technical-phone.yaml")
    questions = tuple(question_record(question) for question in bank.questions[:QUESTIONS])
    header = CallHeader(
        CALL, "2026-11-23T17:42:03+00:00", "Cloudflare", bank.role, bank.title, "Joe", "Sam", "on this computer",
        2700.0, questions, "0.1.0",
    )  # fmt: skip
    store = Store(root)
    folder = store.create(header)
    noise = np.random.default_rng(5).normal(0, 2000, int(ANSWER_S * RATE)).astype(np.int16)
    takes: list[TakeRecord] = []
    number = 0
    for question in questions:
        for kind, seconds in ((TakeKind.ANSWER, ANSWER_S), *[(TakeKind.FOLLOW_UP, FOLLOW_UP_S)] * 2):
            number += 1
            take_id = folder.new_take_id(number, question.id, kind)
            soundfile.write(folder.sound_path(take_id), noise[: int(seconds * RATE)], RATE)
            transcript = said(seconds)
            delivery = Delivery(1.2, 140.0, 9, tuple((t, t + 1.5) for t in range(10, int(seconds), 20)), 150.0, 200.0)
            points = tuple(
                PointJudgement(p.id, Verdict.COVERED, 0.9, _quote(transcript, 40 * n))
                for n, p in enumerate(question.key_points)
            )
            judged = Judgement(question.id, "on this computer", points, 0.8)
            takes.append(
                TakeRecord(
                    take_id,
                    question.id,
                    kind,
                    question.text,
                    number,
                    60.0 * number,
                    sound=f"{take_id}.wav",
                    seconds=seconds,
                    transcript=transcript,
                    judgement=judged,
                    delivery=delivery,
                )
            )
            folder.save_take(takes[-1])
    folder.save_result(*desk.results(header, takes))
    folder.finish(CallState.FINISHED, 2700.0)
    folder.close()
    store.close()


def _quote(transcript: Transcript, first: int) -> Quote:
    one, last = transcript.words[first % 80], transcript.words[first % 80 + 8]
    text = transcript.text[one.start_char : last.end_char]
    return Quote(text, one.start_char, last.end_char, one.start_s, last.end_s)


@contextmanager
def window(root: Path) -> Iterator[Any]:
    """The real window on the real store, without a worker."""
    from PySide6.QtWidgets import QApplication

    from hireflow_voice.settings import Appearance
    from hireflow_voice.ui.tasks import Tasks, Threads
    from hireflow_voice.ui.theme import Theme
    from hireflow_voice.ui.window import MainWindow

    qapp = QApplication.instance() or QApplication([])
    app = Application(Settings(), root)
    threads = Threads()
    tasks = Tasks(threads)
    made = MainWindow(app, Theme(qapp, Appearance.LIGHT), tasks)
    made.resize(1440, 900)
    made.show()
    try:
        yield made
    finally:
        made._leaving = True
        made.shut()
        tasks.close()
        threads.close()
        app.close()


def until(done: Callable[[], bool], longest_s: float = 20.0) -> list[float]:
    """Turn Qt's event loop until `done`; seconds of each turn."""
    from PySide6.QtCore import QCoreApplication, QEvent

    turns: list[float] = []
    end = time.perf_counter() + longest_s
    while not done():
        if time.perf_counter() > end:
            raise TimeoutError("the window did not get there")
        begun = time.perf_counter()
        QCoreApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        turns.append(time.perf_counter() - begun)
        time.sleep(0.001)
    return turns


def opened(made: Any) -> tuple[float, list[float], float]:
    """Seconds until the first answer can be read and played, the turns of the loop meanwhile, and what the window's own
    thread worked for it: the load of the machine changes the others, and this hardly."""
    worked = time.thread_time()
    review = made.review
    made.open_home()
    review.record, review._shown, review.call = None, (), ""
    begun = time.perf_counter()
    made.open_review(CALL)
    first = time.perf_counter() - begun
    turns = until(lambda: review.record is not None)
    shown = time.perf_counter()
    review.list.choose(1)
    stall = time.perf_counter() - shown
    turns += until(lambda: review.player.play.isEnabled())
    made.repaint()
    return time.perf_counter() - begun, [first, stall, *turns], time.thread_time() - worked


def scrolled(made: Any) -> tuple[list[float], list[float], list[float]]:
    """Every step through all answers: seconds to choose one, the thread's work for it, seconds of each step down."""
    from PySide6.QtCore import QCoreApplication

    review = made.review
    choosing, work, steps = [], [], []
    for index in range(len(review.list.rows)):
        begun, worked = time.perf_counter(), time.thread_time()
        review.list.choose(index)
        built = time.perf_counter()
        QCoreApplication.processEvents()
        choosing.append(max(built - begun, time.perf_counter() - built))
        work.append(time.thread_time() - worked)
        bar = review.body_area.verticalScrollBar()
        for value in range(0, bar.maximum(), 60):
            begun = time.perf_counter()
            bar.setValue(value)
            QCoreApplication.processEvents()
            steps.append(time.perf_counter() - begun)
    return choosing, work, steps


def heard(card: VirtualCard, folder: Path) -> tuple[list[float], list[float], str]:
    """Seconds between what is heard and the position that marks the word, and from a seek to its sound.

    The take ticks once a second with a pitch of its own, so that the recording of the speaker tells what it is at.
    """
    from hireflow_voice.audio import devices
    from hireflow_voice.audio.player import Player

    os.environ.update({k: v for k, v in card.env.items() if v is not None})
    for name in [k for k, v in card.env.items() if v is None]:
        os.environ.pop(name, None)
    devices.refresh()
    take = np.zeros(30 * RATE, np.int16)
    t = np.arange(RATE // 5) / RATE
    for second in range(1, 30):
        start = second * RATE
        take[start : start + len(t)] = (9000 * np.sin(2 * np.pi * (400 + 60 * second) * t)).astype(np.int16)
    path = folder / "ticks.wav"
    soundfile.write(path, take, RATE)
    player = Player("hf_speaker")
    apart: list[float] = []
    seeks: list[float] = []
    try:
        player.load(path)
        for speed in SPEEDS:
            player.set_speed(speed)
            with card.record_speaker(folder / f"speaker-{speed}.raw") as raw:
                asked_at = raw.stat().st_size // 2
                player.play(1.0)
                marks: list[tuple[int, float]] = []
                while player.playing and player.position_s < 12.0:
                    marks.append((raw.stat().st_size // 2, player.position_s))
                    time.sleep(0.01)
                player.pause()
                time.sleep(0.3)
            sound = np.fromfile(raw, np.int16).astype(float)
            loud = np.abs(sound) > 2000
            onsets = [i for i in np.flatnonzero(loud) if not loud[max(0, i - 9600) : i].any()]
            if onsets:
                seeks.append((onsets[0] - asked_at) / 48_000)
            ends = np.array([m[0] for m in marks])
            for onset in onsets[1:]:
                burst = sound[onset : onset + 4800]
                spectrum = np.abs(np.fft.rfft(burst * np.hanning(len(burst)), 48_000))
                second = round((int(spectrum.argmax()) - 400) / 60)
                at = int(np.searchsorted(ends, onset))
                if at < len(marks):
                    # What the recording had reached when the position was read may be a block late.
                    apart.append(abs(marks[at][1] - (second + (marks[at][0] - onset) / 48_000 * speed)))
    finally:
        player.close()
    speeds = ", ".join(f"{speed:g}" for speed in SPEEDS)
    return apart, seeks, f"a virtual sound card, at {speeds} times the speed; up to 50 ms are the recorder's own"


def run() -> Table:
    """All of it."""
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        make_call(root / "data")
        for kind in ("DATA", "CACHE", "CONFIG", "LOG"):
            os.environ[f"HIREFLOW_{kind}_DIR"] = str(root / "data")
        with window(root / "data") as made:
            opened(made)  # loads the report room once, as any start does
            times, stalls, work = zip(*(opened(made) for _ in range(OPENINGS)), strict=True)
            choosing, chosen, steps = scrolled(made)
        figures.append(figure("review open, first answer playable", "s", times, "0.5 s"))
        figures.append(figure("of it, work of the window's thread", "s", work, ""))
        figures.append(figure("longest stall while it opens", "s", [max(turns) for turns in stalls], "0.05 s"))
        figures.append(figure("longest stall when another answer is chosen", "s", choosing, "0.05 s"))
        figures.append(figure("of it, work of the window's thread", "s", chosen, ""))
        figures.append(figure("a step of scrolling", "s", steps, "0.05 s"))
        figures.append(Figure("longest step of scrolling", "s", len(steps), max(steps), max(steps), "0.05 s"))
        sounds = root / "card"
        sounds.mkdir()
        card = VirtualCard(sounds)
        try:
            apart, seeks, note = heard(card, root)
        finally:
            card.stop()
        figures.append(figure("marked word against what is heard", "s", apart, "0.1 s"))
        figures.append(figure("play or seek to its sound", "s", seeks, "0.15 s"))
    minutes = QUESTIONS * (ANSWER_S + 2 * FOLLOW_UP_S) / 60
    return Table(
        f"Review of a call of {minutes:.0f} minutes, {QUESTIONS * 3} answers",
        "python -m tests.benchmarks review",
        tuple(figures),
        (note,),
    )

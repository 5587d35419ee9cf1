"""Pictures of every page and state, light and dark, small and large windows and text, into tests/artefacts/.

python -m tests.screenshots [--readme] [--look PART] [SCENE ...]

`--readme` writes the four pictures of the README instead, into assets/screenshots/.
"""

from __future__ import annotations

import argparse
import logging
import math
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# Before Qt, whose import hook breaks pydantic's late parts.
from hireflow_voice.app.api import FetchProgress, Undo, WordChange
from hireflow_voice.errors import MachineError
from hireflow_voice.events import (
    CallEnded,
    Caption,
    Coaching,
    Ducked,
    Level,
    Phase,
    PhaseChanged,
    QuestionChanged,
    SilenceGrowing,
    Spoken,
    Trouble,
    TurnPaused,
    TurnReopened,
)
from hireflow_voice.interview import coaching
from hireflow_voice.interview.phrases import TRY_AGAIN
from hireflow_voice.records import MentorReview
from hireflow_voice.settings import Appearance, Endpoint
from tests.ui import story

# isort: split
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QSize, Qt, qInstallMessageHandler
from PySide6.QtGui import QImage, QImageWriter, QPainter, QPixmap, QTextCursor
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from hireflow_voice.ui.run import Faults
from hireflow_voice.ui.tasks import Tasks
from hireflow_voice.ui.theme import Theme
from hireflow_voice.ui.widgets.basics import Scroll
from hireflow_voice.ui.widgets.page import Page
from hireflow_voice.ui.window import MainWindow

ROOT = Path(__file__).parent.parent
SIZES = (QSize(900, 640), QSize(1440, 900))
PERCENTS = (100, 200)
"""Sizes of text."""
FORM, INTRODUCTION, RATE, FOLLOW_UP, CAP, MIGRATIONS, OWN = range(7)
NO_JUDGE = "The judge did not answer in 180 s. Your recording is safe."
LOST = Trouble(
    184.0,
    "NoMicrophone",
    "this computer",
    "The microphone went away; everything up to here is kept. Waiting for the microphone.",
    "Plug it in again, choose another one, or type your answer until it is back.",
)


@dataclass
class Stage:
    """A window on a double of the application."""

    window: MainWindow
    api: Any
    faults: Faults
    later: list[Callable[[], None]]
    """Work that is kept waiting, for states in which something is under way."""
    waiting: bool = False

    def call(self, *, question: int = 1) -> None:
        """On the line, the question asked."""
        record = self.api.records[story.CALL]
        asked = record.header.questions[question - 1].text
        self.window.home.start()
        self.say(PhaseChanged(0.0, Phase.SPEAKING))
        self.say(QuestionChanged(96.0, question, 3, "", asked))
        self.say(Caption(96.0, "interviewer", asked, "a", True, "question"))
        self.window.call._tick()

    def listen(self, *, seconds: float = 12.0) -> None:
        """The candidate speaks for a while."""
        self.say(PhaseChanged(103.0, Phase.LISTENING))
        # Syllables of uneven weight, four a second, and a breath now and then.
        chance = np.random.default_rng(7)
        weights = chance.uniform(0.2, 1.0, int(seconds * 4) + 1)
        for step in range(int(seconds * 20)):
            at = step / 20
            beat, within = divmod(at * 4, 1.0)
            silent = int(beat) % 13 in (5, 6) or int(beat) % 29 in (20, 21, 22)
            loud = 0.002 if silent else max(0.04, weights[int(beat)] * math.sin(math.pi * within) ** 0.7)
            self.say(Level(103.0 + at, 20 * math.log10(loud) - 16 + chance.uniform(-3, 3)))
        text = story.RATE[: story.RATE.index(". Every key") + 1]
        self.say(Caption(103.0 + seconds, "candidate", text, "t", False))
        self.window.call._tick()

    def say(self, event: Any) -> None:
        """An event of the call."""
        self.api.on_event(event)

    def review(self, row: int, *, writing: bool = False) -> None:
        """The review at one of its rows."""
        if writing:
            self.window._being_judged.add(story.CALL)
        self.window.open_review(story.CALL)
        self.window.review.list.choose(row)


Scene = Callable[[Stage], None]
SCENES: dict[str, Scene] = {}


def scene(name: str) -> Callable[[Scene], Scene]:
    """Give a state its picture."""

    def add(show: Scene) -> Scene:
        SCENES[name] = show
        return show

    return add


# -- Home --------------------------------------------------------------------------------------------------------------


@scene("home")
def _(stage: Stage) -> None:
    stage.window.open_home()


@scene("home-first-start")
def _(stage: Stage) -> None:
    stage.api.summaries = ()
    stage.api.items = story.fake_api().MODELS_MISSING
    stage.window.home.refresh()


@scene("home-fetching")
def _(stage: Stage) -> None:
    stage.api.summaries = ()
    stage.api.items = story.fake_api().MODELS_MISSING
    stage.window.home.refresh()
    stage.waiting = True
    stage.window.ready.fetch()
    stage.window.ready.progressed.emit(FetchProgress("speech to text", 410_000_000, 1_480_000_000, 130.0))


@scene("home-checking-the-line")
def _(stage: Stage) -> None:
    stage.window.home.line_check.say.click()
    for level in (-40.0, -30.0, -22.0, -18.0, -24.0):
        stage.window.home.line_check._on_level(level)


@scene("home-echo")
def _(stage: Stage) -> None:
    stage.window.home.line_check.echo.click()


@scene("home-testing-for-echo")
def _(stage: Stage) -> None:
    stage.waiting = True
    stage.window.home.line_check.echo.click()


@scene("home-trouble")
def _(stage: Stage) -> None:
    stage.window.home.banner.error(
        MachineError("The disk is full.", "Free some space, or choose another data folder with HIREFLOW_DATA_DIR.")
    )


@scene("home-two-companies")
def _(stage: Stage) -> None:
    stage.api.all_rounds = (*stage.api.rounds(), story.TERN)
    stage.window.home.refresh()


@scene("home-today")
def _(stage: Stage) -> None:
    stage.api.planned = story.today()
    stage.window.keeper.change(interview_date="2026-12-07")
    stage.window.home.refresh()


@scene("home-plan")
def _(stage: Stage) -> None:
    stage.window.home.today.change.click()


@scene("home-material")
def _(stage: Stage) -> None:
    stage.api.add_material(Path("Job description, Systems Engineer.pdf"))
    stage.api.add_material(Path("Resume.md"))
    stage.window.home.refresh()
    stage.window.home.card.material.click()


@scene("home-writing-questions")
def _(stage: Stage) -> None:
    endpoint = Endpoint(enabled=True, base_url="http://127.0.0.1:11434/v1", model="qwen3:30b")
    stage.window.keeper.change(endpoint=endpoint)
    stage.api.add_material(Path("Job description, Systems Engineer.pdf"))
    stage.api.add_material(Path("Resume.md"))
    stage.window.home.refresh()
    stage.window.home.card.material.click()
    stage.waiting = True
    stage.window.home.writing.begin("Resume.md", "cloudflare", "technical-phone")
    stage.window.home.writing._step.emit("qwen3:30b at 127.0.0.1 is writing 5 questions; this takes a minute or more.")


@scene("home-questions-written")
def _(stage: Stage) -> None:
    endpoint = Endpoint(enabled=True, base_url="http://127.0.0.1:11434/v1", model="qwen3:30b")
    stage.window.keeper.change(endpoint=endpoint)
    stage.api.add_material(Path("Job description, Systems Engineer.pdf"))
    stage.window.home.refresh()
    stage.window.home.card.material.click()
    stage.window.home.writing.begin("Job description, Systems Engineer.pdf", "cloudflare", "technical-phone")


@scene("home-written-first")
def _(stage: Stage) -> None:
    stage.api.forget_written("", "")
    stage.api.write_questions("", "cloudflare", "technical-phone", 5, lambda _: None, lambda: False)
    stage.window.home.refresh()
    stage.window.home.card.written.choose(1)


@scene("home-loop")
def _(stage: Stage) -> None:
    stage.api.looped = story.fake_api().some_loop(2, story.CALL)
    stage.api.planned = story.today()
    stage.window.keeper.change(interview_date="2026-12-07")
    stage.window.home.refresh()


@scene("home-loop-rounds")
def _(stage: Stage) -> None:
    stage.api.looped = story.fake_api().some_loop(2, story.CALL)
    stage.window.home.refresh()
    stage.window.home.loop.rounds.click()


@scene("home-loop-debrief")
def _(stage: Stage) -> None:
    stage.api.looped = story.fake_api().some_loop(4, story.CALL)
    stage.window.home.refresh()
    stage.window.home.loop.rounds.click()


@scene("home-making-an-example")
def _(stage: Stage) -> None:
    stage.api.summaries = ()
    stage.window.home.refresh()
    stage.waiting = True
    stage.window.home.example.make.click()
    stage.window.home.example._show_step("Question 1 of 2 is being asked and answered.")


@scene("home-delete")
def _(stage: Stage) -> None:
    stage.window.home.rows[0].delete.click()


# -- Call --------------------------------------------------------------------------------------------------------------


@scene("call-connecting")
def _(stage: Stage) -> None:
    stage.window.home.start()
    stage.say(PhaseChanged(0.0, Phase.CONNECTING))


@scene("call-ringing")
def _(stage: Stage) -> None:
    stage.window.home.start()
    stage.say(PhaseChanged(0.0, Phase.RINGING))


@scene("call-speaking")
def _(stage: Stage) -> None:
    stage.call()
    stage.say(Spoken(96.0, 0.05, (-18.0,) * 40))
    for _ in range(12):
        stage.window.call.state.presence._frame()


@scene("call-listening")
def _(stage: Stage) -> None:
    stage.call()
    stage.listen()


@scene("call-silence")
def _(stage: Stage) -> None:
    stage.call()
    stage.listen()
    stage.say(SilenceGrowing(115.0, 1.4, 2.5))


@scene("call-uh-huh")
def _(stage: Stage) -> None:
    stage.call()
    stage.listen()
    stage.say(TurnPaused(116.0))


@scene("call-reopened")
def _(stage: Stage) -> None:
    stage.call()
    stage.listen()
    stage.say(TurnReopened(117.0))


@scene("call-ducked")
def _(stage: Stage) -> None:
    stage.call()
    stage.say(Ducked(101.0, on=True))


@scene("call-thinking")
def _(stage: Stage) -> None:
    stage.call()
    stage.listen()
    stage.say(PhaseChanged(116.0, Phase.THINKING))


def coached(stage: Stage) -> None:
    """A call in Coach mode, an answer under way."""
    stage.call()
    stage.window.call.coach.show()
    stage.listen()
    told = ("rate limiting", "API key", "IP address", "token bucket", "Redis")
    stage.say(Coaching(115.0, 147.0, 2, told, (60.0, 120.0)))
    stage.window.call._tick()


@scene("call-coach")
def _(stage: Stage) -> None:
    coached(stage)


@scene("call-coach-and-notes")
def _(stage: Stage) -> None:
    coached(stage)
    stage.window.call.notes.toggle.click()


@scene("call-coach-critique")
def _(stage: Stage) -> None:
    coached(stage)
    stage.say(PhaseChanged(117.0, Phase.SPEAKING))
    strong = coaching.strength("depth", "Every key has a token bucket that fills up at a steady rate")
    for kind, text in (("strength", strong), ("gap", coaching.gap("operations", begun=False)), ("again", TRY_AGAIN)):
        stage.say(Caption(118.0, "interviewer", text, kind, True, kind))
    stage.say(PhaseChanged(128.0, Phase.LISTENING))


@scene("call-on-hold")
def _(stage: Stage) -> None:
    stage.call()
    stage.listen()
    stage.say(PhaseChanged(116.0, Phase.ON_HOLD))
    stage.window.call._tick()


@scene("call-trouble")
def _(stage: Stage) -> None:
    stage.call()
    stage.listen()
    stage.say(LOST)


@scene("call-devices")
def _(stage: Stage) -> None:
    stage.call()
    stage.listen()
    stage.say(LOST)
    stage.window.call.state.devices.click()


@scene("call-typing")
def _(stage: Stage) -> None:
    stage.call(question=3)
    stage.say(PhaseChanged(103.0, Phase.LISTENING))
    stage.window.call.state.typing.set_open(True)
    editor = stage.window.call.state.typing.editor
    editor.setPlainText(story.MIGRATIONS[: story.MIGRATIONS.index(" Then")])
    editor.moveCursor(QTextCursor.MoveOperation.End)
    stage.window.call._tick()


@scene("call-notes")
def _(stage: Stage) -> None:
    stage.call()
    stage.listen()
    stage.window.call.notes.toggle.click()
    stage.window.call.notes.editor.setPlainText("Limit per key, not per IP.\n\nAsk: who carries the pager?")
    stage.window.call.notes.editor.moveCursor(QTextCursor.MoveOperation.End)


@scene("call-keys")
def _(stage: Stage) -> None:
    stage.call()
    stage.listen()
    stage.window.call.show_keys.click()


def small(stage: Stage, *events: Any) -> None:
    """The call in its small window."""
    stage.call()
    stage.listen()
    for event in events:
        stage.say(event)
    stage.window.call.shrink.click()


@scene("small-listening")
def _(stage: Stage) -> None:
    small(stage)


@scene("small-silence")
def _(stage: Stage) -> None:
    small(stage, SilenceGrowing(115.0, 1.4, 2.5))


@scene("small-on-hold")
def _(stage: Stage) -> None:
    small(stage, PhaseChanged(116.0, Phase.ON_HOLD))


@scene("small-trouble")
def _(stage: Stage) -> None:
    small(stage, LOST)


@scene("call-no-microphone")
def _(stage: Stage) -> None:
    stage.call()
    stage.say(LOST)
    stage.say(PhaseChanged(103.0, Phase.LISTENING))


@scene("call-muted")
def _(stage: Stage) -> None:
    stage.call()
    stage.listen()
    stage.window.call.mute.click()


@scene("call-no-captions")
def _(stage: Stage) -> None:
    stage.call()
    stage.listen()
    stage.window.call.captions.toggle.click()


@scene("call-end")
def _(stage: Stage) -> None:
    stage.call()
    stage.listen()
    stage.window.call.end.click()


# -- Review ------------------------------------------------------------------------------------------------------------


@scene("review-form")
def _(stage: Stage) -> None:
    stage.review(FORM)


@scene("review-notes")
def _(stage: Stage) -> None:
    made = stage.api.records[story.CALL]
    notes = "Limit per key, not per IP.\n\nAsk: who carries the pager?"
    stage.api.records[story.CALL] = replace(made, notes=notes)
    stage.review(FORM)
    scroll_to_end(stage)


@scene("review-introduction")
def _(stage: Stage) -> None:
    stage.review(INTRODUCTION)


@scene("review-question")
def _(stage: Stage) -> None:
    stage.review(RATE)


@scene("review-playing")
def _(stage: Stage) -> None:
    stage.review(RATE)
    stage.window.review.player.play.click()
    stage.api.made_player.position_s = 9.2
    stage.window.review.player._look()


@scene("review-key-points")
def _(stage: Stage) -> None:
    stage.review(RATE)
    points = stage.window.review.cards.points
    assert points is not None
    scroll_to(stage, points)


@scene("review-written-question")
def _(stage: Stage) -> None:
    made = stage.api.records[story.CALL]
    questions = tuple(replace(one, written_by="qwen3:30b at 127.0.0.1") for one in made.header.questions)
    stage.api.records[story.CALL] = replace(made, header=replace(made.header, questions=questions))
    SCENES["review-key-points"](stage)


@scene("review-end-of-page")
def _(stage: Stage) -> None:
    stage.review(RATE)
    scroll_to_end(stage)


@scene("review-form-unfolded")
def _(stage: Stage) -> None:
    stage.review(FORM)
    form = stage.window.review.cards.form
    assert form is not None
    next(line.unfold for line in form.lines if line.unfold is not None).click()
    stage.window.review.body_area.settle()


@scene("review-correcting")
def _(stage: Stage) -> None:
    stage.review(RATE)
    stage.window.review.take_card.correct.click()


@scene("review-corrected")
def _(stage: Stage) -> None:
    stage.review(RATE)
    text = stage.window.review.take_card.transcript.toPlainText()
    start = text.index("twenty servers")
    stage.window.review.judge.correct(story.CALL, "02-answer", WordChange(start, start + 14, "20 servers"))


@scene("review-corrected-and-being-judged")
def _(stage: Stage) -> None:
    stage.review(RATE)
    start = stage.window.review.take_card.transcript.toPlainText().index("twenty servers")
    stage.window.review.judge.correct(story.CALL, "02-answer", WordChange(start, start + 14, "20 servers"))
    stage.waiting = True
    stage.window.review.judge.correct(story.CALL, "02-answer", Undo(0))


@scene("review-retake")
def _(stage: Stage) -> None:
    made = story.retake()
    stage.api.records[made.header.id] = made
    take = made.takes[0]
    assert take.transcript is not None
    story.write_voice(stage.api.folder / take.sound, take.transcript)
    stage.review(RATE)
    card = stage.window.review.cards.retake
    assert card is not None
    scroll_to(stage, card)


def _mentor(stage: Stage, **changes: Any) -> None:
    """A call that came for a mentor, or back from one."""
    made = stage.api.records[story.CALL]
    review = replace(MentorReview("0000000a", "Anna", story.ANNA, story.ANNAS_NOTES), **changes)
    stage.api.records[story.CALL] = replace(made, mentors=(review,))


@scene("review-mentor-before-scoring")
def _(stage: Stage) -> None:
    _mentor(stage, mine=True, name="", points={}, notes={})
    stage.review(FORM)


@scene("review-mentor-scoring")
def _(stage: Stage) -> None:
    _mentor(stage, mine=True)
    stage.review(RATE)
    score = stage.window.review.cards.score
    assert score is not None
    scroll_to(stage, score)


@scene("review-mentor-and-judge")
def _(stage: Stage) -> None:
    _mentor(stage, mine=True, revealed=True)
    stage.review(FORM)
    scroll_to(stage, stage.window.review.cards.agreements[0])


@scene("review-scores-of-a-mentor")
def _(stage: Stage) -> None:
    _mentor(stage, revealed=True)
    stage.review(RATE)
    points = stage.window.review.cards.points
    assert points is not None
    scroll_to(stage, points, 200 - points.height())


@scene("review-writing-a-page-with-sound")
def _(stage: Stage) -> None:
    stage.review(FORM)
    stage.window.review._writes("Writing interview.html …")


@scene("review-strong-answer")
def _(stage: Stage) -> None:
    stage.review(RATE)
    strong = stage.window.review.cards.strong
    assert strong is not None
    assert strong.read is not None
    assert strong.hear is not None
    strong.read.click()
    stage.waiting = True
    strong.hear.click()
    stage.window.review.body_area.settle()
    scroll_to(stage, strong)


@scene("review-quote-in-follow-up")
def _(stage: Stage) -> None:
    stage.review(RATE)
    points = stage.window.review.cards.points
    assert points is not None
    next(r.quote for r in points.rows if r.quote is not None and "let the traffic" in r.quote.label).click()


@scene("review-typed")
def _(stage: Stage) -> None:
    stage.review(MIGRATIONS)


@scene("review-not-judged")
def _(stage: Stage) -> None:
    stage.api.records[story.CALL] = story.record(failed=NO_JUDGE)
    stage.review(MIGRATIONS)


@scene("review-form-not-all-judged")
def _(stage: Stage) -> None:
    stage.api.records[story.CALL] = story.record(failed=NO_JUDGE)
    stage.review(FORM)


@scene("review-broken-off")
def _(stage: Stage) -> None:
    stage.api.records[story.CALL] = story.record(broken=True, state=story.CallState.RUNNING)
    stage.review(FORM)


@scene("review-judging-again")
def _(stage: Stage) -> None:
    stage.api.records[story.CALL] = story.record(failed=NO_JUDGE)
    stage.review(MIGRATIONS)
    stage.waiting = True
    stage.window.review.judge_again()


@scene("review-still-not-judged")
def _(stage: Stage) -> None:
    stage.api.records[story.CALL] = story.record(failed=NO_JUDGE)
    stage.review(MIGRATIONS)
    stage.window.review.judge_again()


@scene("review-being-written")
def _(stage: Stage) -> None:
    stage.call()
    stage.api.records[story.CALL] = story.record(broken=True, state=story.CallState.FINISHED)
    stage.say(CallEnded(640.0, story.CALL, True))
    stage.window.review.list.choose(RATE)


# -- Progress ----------------------------------------------------------------------------------------------------------


@scene("progress")
def _(stage: Stage) -> None:
    stage.api.progressed = story.progress()
    stage.window.open_progress()


@scene("progress-table")
def _(stage: Stage) -> None:
    stage.api.progressed = story.progress()
    stage.window.open_progress()
    assert stage.window.progress is not None
    stage.window.progress.view._group.button(1).click()


@scene("progress-end-of-page")
def _(stage: Stage) -> None:
    stage.api.progressed = story.progress()
    stage.window.open_progress()
    assert stage.window.progress is not None
    scroll_to_end(stage)


@scene("progress-empty")
def _(stage: Stage) -> None:
    stage.window.open_progress()


# -- Settings ----------------------------------------------------------------------------------------------------------


@scene("settings")
def _(stage: Stage) -> None:
    stage.window.open_settings()


@scene("settings-endpoint")
def _(stage: Stage) -> None:
    endpoint = stage.api.settings.endpoint.model_copy(
        update={"enabled": True, "base_url": "http://127.0.0.1:11434/v1", "model": "qwen3:30b"}
    )
    stage.window.keeper.change(endpoint=endpoint)
    stage.window.open_settings()
    stage.window.settings.endpoint.list_models.click()
    settle()
    stage.window.settings.endpoint.test.click()
    settle()
    scroll_to(stage, stage.window.settings.endpoint)


@scene("settings-what-a-call-needs")
def _(stage: Stage) -> None:
    stage.api.items = story.fake_api().MODELS_MISSING
    stage.window.open_settings()
    scroll_to(stage, stage.window.settings.readiness, 40)


@scene("settings-privacy")
def _(stage: Stage) -> None:
    stage.window.open_settings()
    scroll_to(stage, stage.window.settings.models)


@scene("settings-removing-a-model")
def _(stage: Stage) -> None:
    stage.window.open_settings()
    settle()
    area = stage.window.settings.findChild(type(stage.window.review.body_area))
    assert area is not None
    area.verticalScrollBar().setValue(stage.window.settings.models.y() - 4)
    stage.window.settings.models.removals["whisper-tiny.en"].click()


@scene("settings-keyboard")
def _(stage: Stage) -> None:
    stage.window.open_settings()
    scroll_to_end(stage)


@scene("fault-of-ours")
def _(stage: Stage) -> None:
    try:
        raise ZeroDivisionError("float division by zero")
    except ZeroDivisionError as error:
        stage.faults.bug(error)


# -- the camera --------------------------------------------------------------------------------------------------------


def scroll_to(stage: Stage, widget: QWidget, below: int = 4) -> None:
    """Have a part of the page on screen at its upper edge, whatever scrolls there; `below`: by so many pixels."""
    settle()
    page = stage.window.pages.currentWidget()
    assert isinstance(page, Page)
    for area in [one for one in page.findChildren(Scroll) if one.isAncestorOf(widget)]:
        bar = area.verticalScrollBar()
        bar.setValue(widget.mapTo(area.widget(), QPoint(0, 0)).y() - below)


def scroll_to_end(stage: Stage) -> None:
    """The end of the page, whatever scrolls there."""
    settle()
    page = stage.window.pages.currentWidget()
    for area in page.findChildren(Scroll):
        if area.verticalScrollBar().maximum() > 0:
            area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())


def settle() -> None:
    """Let everything be laid out, and what is gone be gone."""
    for _ in range(6):
        QApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@contextmanager
def stage(theme: Theme, size: QSize) -> Iterator[Stage]:
    """A window of a size, with nothing of the scene before."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("DATA", "CACHE", "CONFIG", "LOG"):
            os.environ[f"HIREFLOW_{name}_DIR"] = folder
        later: list[Callable[[], None]] = []
        made: Stage | None = None

        class Inline:
            def submit(self, work: Callable[[], None], /) -> None:
                if made is not None and made.waiting:
                    later.append(work)
                else:
                    work()

        faults = Faults(theme)
        api = story.application(Path(folder))
        api.warm()
        tasks = Tasks(Inline())
        window = MainWindow(api, theme, tasks)
        faults.parent_widget = window
        window.resize(size)
        window.show()
        window.resize(size)
        settle()
        made = Stage(window, api, faults, later)
        try:
            yield made
        finally:
            tasks.close()
            theme.hold(False)
            window.shut()
            for dialog in window.findChildren(QDialog):
                dialog.close()
            window.deleteLater()
            settle()


def picture(window: MainWindow) -> QImage:
    """The window, with the dialog that is open over its middle."""
    settle()
    small = window.call.small
    if small.active:
        return small.window.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    image = window.grab()
    for dialog in window.findChildren(QDialog):
        if dialog.isVisible():
            _lay_over(image, dialog.grab())
    return image.toImage().convertToFormat(QImage.Format.Format_RGB888)


def _lay_over(image: QPixmap, dialog: QPixmap) -> None:
    painter = QPainter(image)
    corner = QPoint((image.width() - dialog.width()) // 2, (image.height() - dialog.height()) // 2)
    painter.setPen(Qt.GlobalColor.gray)
    painter.drawPixmap(corner, dialog)
    painter.drawRect(corner.x(), corner.y(), dialog.width() - 1, dialog.height() - 1)
    painter.end()


def write(image: QImage, path: Path, packed: int = 20) -> None:
    """As a PNG; `packed`: how tightly, of 100, which takes ten times as long."""
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = QImageWriter(str(path), b"png")
    writer.setCompression(packed)
    if not writer.write(image):
        raise SystemExit(f"{path} could not be written: {writer.errorString()}")


def themes(app: QApplication, part: str) -> Iterator[tuple[str, Theme, QSize]]:
    """Every look: scheme, window, text size."""
    for appearance in (Appearance.LIGHT, Appearance.DARK):
        for size in SIZES:
            for percent in PERCENTS:
                name = f"{appearance.value}-{size.width()}x{size.height()}-{percent}"
                if part in name:
                    yield name, Theme(app, appearance, percent / 100), size


README = (
    ("home-light", "home-today", Appearance.LIGHT),
    ("call-light", "call-listening", Appearance.LIGHT),
    ("review-light", "review-key-points", Appearance.LIGHT),
    ("review-dark", "review-playing", Appearance.DARK),
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    parser.add_argument("scenes", nargs="*", metavar="SCENE", help="beginnings of names of scenes; all without")
    parser.add_argument("--look", default="", metavar="PART", help="part of a look's name, such as dark or 900x640-200")
    parser.add_argument("--readme", action="store_true", help="the four pictures of the README")
    arguments = parser.parse_args()
    app = QApplication(sys.argv[:1])
    qInstallMessageHandler(lambda *_: None)  # the offscreen platform has something to say of every window
    logging.disable()
    if arguments.readme:
        for name, which, appearance in README:
            with stage(Theme(app, appearance, 1.0), QSize(1000, 720)) as made:
                SCENES[which](made)
                write(picture(made.window), ROOT / "assets" / "screenshots" / f"{name}.png", packed=100)
        return
    wanted = [n for n in SCENES if not arguments.scenes or any(n.startswith(s) for s in arguments.scenes)]
    count = 0
    for look, theme, size in themes(app, arguments.look):
        for name in wanted:
            with stage(theme, size) as made:
                SCENES[name](made)
                write(picture(made.window), ROOT / "tests" / "artefacts" / f"{name}-{look}.png")
                count += 1
    print(f"Wrote {count} pictures into tests/artefacts/.")


if __name__ == "__main__":
    main()

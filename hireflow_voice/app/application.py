"""The application: puts the parts together and answers the window and the command line (`api.Api`).

One instance a process. Nothing heavy happens in the constructor; the worker process starts with `warm` or with the
first thing that needs it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hireflow_voice import paths, resources
from hireflow_voice import settings as settings_room
from hireflow_voice.app import keeping, retaking, weights
from hireflow_voice.app.api import (
    CallOptions,
    Devices,
    FetchProgress,
    LineCheck,
    MaterialInfo,
    ModelInfo,
    Readiness,
    RoundInfo,
    SoundPlayer,
    Undo,
    VoiceInfo,
    WordChange,
    Writing,
)
from hireflow_voice.bank.library import Library
from hireflow_voice.bank.models import Bank, Company, KnownAnswers
from hireflow_voice.bank.written import WrittenQuestions
from hireflow_voice.errors import MachineError, NotFound, WorkerFailed
from hireflow_voice.events import CallEvent
from hireflow_voice.material.keeping import Material
from hireflow_voice.records import (
    CallFile,
    CallRecord,
    CallSummary,
    MentorReview,
    QuestionRecord,
    TakeRecord,
    asked_of,
)
from hireflow_voice.secrets import Keys
from hireflow_voice.settings import Endpoint, Settings, Twice
from hireflow_voice.sound import EchoFound, Pcm
from hireflow_voice.speech.cast import VOICES, stand_in
from hireflow_voice.store.calls import Store
from hireflow_voice.store.folder import CallFolder
from hireflow_voice.store.loops import Loops
from hireflow_voice.transcript import Transcript
from hireflow_voice.verdict import Judgement
from hireflow_voice.worker.client import Worker
from hireflow_voice.worker.jobs import Lane, Speak, Warm

# What only a call needs is imported where one is made: the window must be on screen before.
if TYPE_CHECKING:
    from hireflow_voice.app.call import Call
    from hireflow_voice.app.candidate import Candidate
    from hireflow_voice.app.desk import Desk
    from hireflow_voice.app.loops import LoopStatus
    from hireflow_voice.app.parts import CallParts
    from hireflow_voice.app.progressing import Progress
    from hireflow_voice.app.today import Today
    from hireflow_voice.audio.line import Line, SoundCardLine
    from hireflow_voice.evaluation.follow_up import FollowUpWriter
    from hireflow_voice.evaluation.manners import Remembered
    from hireflow_voice.evaluation.question_writer import QuestionWriter
    from hireflow_voice.evaluation.rubric import Judge, Rubric
    from hireflow_voice.progress.history import Filter
    from hireflow_voice.report.debrief import Debrief

log = logging.getLogger(__name__)

ON_THIS_COMPUTER = "on this computer"


def _servers() -> Remembered:
    """What endpoints were found to accept."""
    from hireflow_voice.evaluation.manners import Remembered

    return Remembered(paths.cache_dir())


def _with_results(record: CallRecord) -> CallRecord:
    """The result is written when everything is judged; until then a call shows what is there already."""
    record = replace(record, header=asked_of(record.header, record.takes, record.lines))
    if record.form is not None:
        return record
    from hireflow_voice.app import desk as desks

    judgements, places, _ = desks.results(record.header, record.takes)
    return replace(record, judgements=judgements, quote_takes=places)


class Application:
    """Implements `api.Api`."""

    def __init__(
        self, settings: Settings | None = None, data: Path | None = None, worker: Worker | None = None
    ) -> None:
        """`data`: where calls are kept; `worker`: a process that is already there, ended by `close`."""
        self._settings = settings if settings is not None else settings_room.load()
        self._data = data if data is not None else paths.data_dir()
        self._keys = Keys()
        self._lock = threading.RLock()
        self._worker = worker
        self._store: Store | None = None
        self._live: list[Call] = []
        self._closing = threading.Event()

    # -- parts ---------------------------------------------------------------------------------------------------------

    @property
    def settings(self) -> Settings:
        return self._settings

    @property
    def worker(self) -> Worker:
        """The process that holds the models, started when first asked for."""
        with self._lock:
            if self._worker is None:
                if self._closing.is_set():
                    raise WorkerFailed("HireFlow Voice is closing.")
                self._worker = Worker(recogniser=self._settings.recogniser)
            return self._worker

    @property
    def store(self) -> Store:
        """Raises DataFolderUnusable."""
        with self._lock:
            if self._store is None:
                self._store = Store(self._data)
                from hireflow_voice.audio.take import repair

                for call in self._store.recover(repair):
                    log.info("call %s was broken off; its recordings were repaired", call)
            return self._store

    def save_settings(self, settings: Settings) -> None:
        settings_room.save(settings)
        self._settings = settings

    def warm(self) -> None:
        for lane in (Lane.SPEAK, Lane.HEAR, Lane.MATCH, Lane.TURN):
            self.worker.warm(Warm(lane))

    def close(self) -> None:
        self._closing.set()
        with self._lock:
            live, self._live = self._live, []
        for call in live:
            call.break_off()
        for call in live:
            call.join(10.0)
        with self._lock:
            if self._worker is not None:
                self._worker.close()
                self._worker = None
            if self._store is not None:
                self._store.close()
                self._store = None

    # -- banks ---------------------------------------------------------------------------------------------------------

    @property
    def library(self) -> Library:
        """All companies with their rounds."""
        return Library(resources.questions(), lambda: self._data / "questions", self.written)

    @property
    def written(self) -> WrittenQuestions:
        """Questions that the endpoint's model wrote for the candidate's job."""
        return WrittenQuestions(self._data / "written-questions")

    def rounds(self) -> tuple[RoundInfo, ...]:
        """By company, and in the order of its process. Raises QuestionBankError."""
        from hireflow_voice.app import plan as plans

        return tuple(plans.round_info(shelf.company, bank) for shelf in self.library.shelves() for bank in shelf.banks)

    def bank(self, company: str, round_: str) -> tuple[Company, Bank]:
        """Raises NotFound, QuestionBankError."""
        return self.library.bank(company, round_)

    def known_answers(self, company: str) -> KnownAnswers | None:
        """Answers whose verdicts are known, also what the demo candidate says; None when none were written.

        Raises NotFound, QuestionBankError."""
        return self.library.known_answers(company)

    def question(self, question: str) -> QuestionRecord:
        """A question of any bank, by its id, or by company/id where several companies use the same. Raises NotFound."""
        company, _, name = question.rpartition("/")
        found = {
            bank.company: one
            for shelf in self.library.shelves()
            for bank in shelf.banks
            if company in ("", bank.company)
            for one in bank.questions
            if one.id == name
        }
        if not found:
            raise NotFound(f"No bank has a question {question!r}.", "`hireflow-voice questions list` names them all.")
        if len(found) > 1:
            raise NotFound(f"Several companies have a question {name!r}.", f"Say which: {next(iter(found))}/{name}.")
        from hireflow_voice.app import plan as plans

        return plans.question_record(*found.values())

    def voices(self) -> tuple[VoiceInfo, ...]:
        return tuple(VoiceInfo(name, f"{voice.label} ({voice.accent})") for name, voice in VOICES.items())

    @property
    def material(self) -> Material:
        """The candidate's job description and résumé."""
        return Material(self._data / "material")

    # -- judging -------------------------------------------------------------------------------------------------------

    def judge_label(self) -> str:
        endpoint = self._settings.endpoint
        return urlsplit(endpoint.base_url).netloc if endpoint.enabled else ON_THIS_COMPUTER

    def _endpoint_judge(self) -> Judge | None:
        endpoint = self._settings.endpoint
        return self.endpoint_judge(endpoint.base_url, endpoint.model) if endpoint.enabled else None

    def endpoint_judge(self, base_url: str, model: str) -> Judge:
        """A judge behind any OpenAI-compatible server, with the key that is held for it."""
        from hireflow_voice.evaluation.endpoint import EndpointJudge
        from hireflow_voice.evaluation.server import Server

        endpoint, key = self._settings.endpoint, self._keys.get(base_url)
        near = Server(base_url, model, key, endpoint.deadline_s).near
        passes = 2 if endpoint.read_twice is Twice.ALWAYS or (endpoint.read_twice is Twice.NEAR and near) else 1
        return EndpointJudge(base_url, model, key, endpoint.deadline_s, passes, _servers())

    def _writer(self) -> FollowUpWriter | None:
        endpoint = self._settings.endpoint
        if not (endpoint.enabled and endpoint.writes_follow_ups):
            return None
        from hireflow_voice.evaluation.follow_up import FollowUpWriter

        return FollowUpWriter(endpoint.base_url, endpoint.model, self._keys.get(endpoint.base_url), _servers())

    def new_desk(self, *, writes: bool = False) -> Desk:
        """A desk that its user closes. `writes`: the endpoint's model also writes follow-ups, where that is chosen."""
        from hireflow_voice.app.desk import Desk

        return Desk(self.worker, self._endpoint_judge(), self._writer() if writes else None)

    def question_writer(self) -> QuestionWriter:
        """Whoever is behind the endpoint, asked for questions instead of verdicts."""
        from hireflow_voice.evaluation.question_writer import QuestionWriter

        endpoint = self._settings.endpoint
        key = self._keys.get(endpoint.base_url)
        return QuestionWriter(endpoint.base_url, endpoint.model, key, endpoint.deadline_s, _servers())

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """A desk for a while."""
        desk = self.new_desk()
        try:
            yield desk
        finally:
            desk.close()

    def grade(self, question: QuestionRecord, transcript: Transcript) -> Judgement:
        """One answer against one question. Slow."""
        from hireflow_voice.app import desk as desks

        return self.grade_against(desks.rubric_of(question), transcript)

    def grade_against(self, rubric: Rubric, transcript: Transcript) -> Judgement:
        """One answer against any rubric. Slow."""
        from hireflow_voice.app import desk as desks

        with self.desk() as desk:
            judgement = desk.judge(rubric, desks.answer_to(rubric.text, transcript)).result()
            return desks.quoting(judgement, transcript)

    def transcribe(self, pcm: Pcm, glossary: tuple[str, ...]) -> Transcript:
        """A whole recording (16 kHz), through the path that a call uses. Slow. Raises MachineError."""
        from hireflow_voice.app.recognising import recognised

        return recognised(self.worker, pcm, glossary)[0]

    # -- calls ---------------------------------------------------------------------------------------------------------

    def start_call(self, options: CallOptions, on_event: Callable[[CallEvent], None]) -> Call:
        return self.dial(options, on_event, self._sound_card_line())

    def _sound_card_line(self) -> SoundCardLine:
        from hireflow_voice.audio.line import SoundCardLine

        chosen = self._settings
        return SoundCardLine(chosen.microphone, chosen.speaker, chosen.echo, chosen.echo_delay_s)

    def play_call(
        self,
        options: CallOptions,
        on_event: Callable[[CallEvent], None],
        candidate: Candidate,
        *,
        demo: bool = False,
    ) -> Call:
        """A call with a played candidate on a line without a sound card, as fast as the models allow."""
        from hireflow_voice.app import dialling
        from hireflow_voice.audio.simulated import SimulatedLine

        return self._start(dialling.dial(self, options, SimulatedLine(), candidate=candidate, demo=demo), on_event)

    def replay_call(self, call: str, on_event: Callable[[CallEvent], None], candidate: Candidate) -> Call:
        """Go on with a call that was broken off, with a played candidate."""
        from hireflow_voice.app import dialling
        from hireflow_voice.audio.simulated import SimulatedLine

        return self._start(dialling.redial(self, call, SimulatedLine(), candidate=candidate), on_event)

    def dial(
        self,
        options: CallOptions,
        on_event: Callable[[CallEvent], None],
        line: Line,
        *,
        candidate: Candidate | None = None,
        unhurried: bool = False,
    ) -> Call:
        """Start a call on a line. `unhurried`: on a simulated line, too, work in the silences."""
        from hireflow_voice.app import dialling

        return self._start(dialling.dial(self, options, line, candidate=candidate, unhurried=unhurried), on_event)

    def resume_call(self, call: str, on_event: Callable[[CallEvent], None]) -> Call:
        from hireflow_voice.app import dialling

        return self._start(dialling.redial(self, call, self._sound_card_line()), on_event)

    def _start(self, parts: CallParts, on_event: Callable[[CallEvent], None]) -> Call:
        from hireflow_voice.app.call import Call

        try:
            call = Call(parts, on_event)
            with self._lock:
                self._live = [one for one in self._live if not one.join(0)] + [call]
            call.start()
        except BaseException:
            parts.folder.close()
            raise
        return call

    def speak(self, text: str, voice: str) -> Pcm:
        """Slow. Raises MachineError."""
        return self.worker.speak(Speak(text, voice)).result()

    # -- after the call ------------------------------------------------------------------------------------------------

    def calls(self) -> tuple[CallSummary, ...]:
        return self.store.calls()

    def call(self, call: str) -> CallRecord:
        return _with_results(self.store.load(call))

    def save_notes(self, call: str, text: str) -> None:
        self.store.save_notes(call, text)

    def keep_call(self, call: str, kept: bool) -> None:
        self.store.keep(call, kept)

    def retakes(self, call: str) -> tuple[CallRecord, ...]:
        return tuple(_with_results(record) for record in retaking.family(self.store, call))

    def delete_call(self, call: str) -> None:
        self.store.delete(call)

    def sound_of(self, call: str, take: TakeRecord) -> Path | None:
        return self.store.folder(call) / take.sound if take.sound else None

    def export(
        self, call: str, form: str, *, audio: bool = False, cancelled: Callable[[], bool] = lambda: False
    ) -> str:
        from hireflow_voice.report import Sounds, render

        return render(self.call(call), form, Sounds(self.store.folder(call), cancelled) if audio else None)

    def export_file(self, call: str, target: Path, kind: CallFile) -> None:
        self.store.export_file(call, target, kind)

    def import_file(self, source: Path) -> tuple[str, CallFile]:
        return self.store.import_file(source)

    def score(self, call: str, review: MentorReview) -> CallRecord:
        folder = self.store.open(call)
        try:
            folder.save_mentor(review)
        finally:
            folder.close()
        return self.call(call)

    def judge_again(
        self,
        call: str,
        on_judged: Callable[[Judgement], None] = lambda _judgement: None,
        *,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> CallRecord:
        from hireflow_voice.app import desk as desks
        from hireflow_voice.app.recognising import recognised_take

        record = self.store.load(call)
        with self._judging(call, cancelled) as (folder, desk, stopped):
            _, result = desks.complete(
                record.header,
                record.takes,
                lambda take: recognised_take(self.worker, record.header, folder.path, take),
                desk,
                folder.save_take,
                on_judged,
                stopped,
            )
            self._must_be_open()
            folder.save_result(*result)
        return self.call(call)

    def correct(
        self,
        call: str,
        take: str,
        change: WordChange | Undo,
        on_kept: Callable[[CallRecord], None] = lambda _record: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> CallRecord:
        from hireflow_voice.app import correcting

        with self._judging(call, cancelled) as (folder, desk, stopped):
            record = self.store.load(call)
            written = correcting.write(record, take, change, folder)
            on_kept(written)
            correcting.judge(written, take, desk, folder, stopped)
            self._must_be_open()
        return self.call(call)

    @contextmanager
    def _judging(
        self, call: str, cancelled: Callable[[], bool]
    ) -> Iterator[tuple[CallFolder, Desk, Callable[[], bool]]]:
        """A call's folder and a desk, until everything is judged or nobody wants it any more."""

        def stopped() -> bool:
            return self._closing.is_set() or cancelled()

        folder = self.store.open(call)
        desk = self.new_desk()
        try:
            yield folder, desk, stopped
        finally:
            desk.close(wait=not stopped())
            folder.close()

    def _must_be_open(self) -> None:
        if self._closing.is_set():
            raise MachineError("HireFlow Voice was closed while it judged.", "Judge the call again.")

    # -- the machine ---------------------------------------------------------------------------------------------------

    def readiness(self) -> tuple[Readiness, ...]:
        from hireflow_voice.app import readiness

        return readiness.readiness(self)

    def devices(self) -> Devices:
        from hireflow_voice.audio.devices import list_devices

        try:
            inputs, outputs = list_devices()
        except MachineError as error:
            return Devices((), (), str(error))
        return Devices(tuple(inputs), tuple(outputs))

    def line_check(self, on_level: Callable[[float], None]) -> LineCheck:
        from hireflow_voice.audio.linecheck import SoundCardCheck

        return SoundCardCheck(self._settings.microphone, self._settings.speaker, on_level)

    def measure_echo(self, stopped: Callable[[], bool]) -> EchoFound:
        from hireflow_voice.audio.echocheck import measure

        return measure(self._settings.microphone, self._settings.speaker, stopped)

    def player(self) -> SoundPlayer:
        from hireflow_voice.audio.player import Player

        return Player(self._settings.speaker)

    def hear_voice(self, voice: str) -> None:
        from hireflow_voice.audio.phone import telephone
        from hireflow_voice.audio.playback import play_once

        pcm = self.speak("Hello. I will be your interviewer today.", voice)
        play_once(telephone(pcm) if self._settings.phone_sound else pcm, self._settings.speaker)
        if (other := stand_in(voice, pcm.voice)) is not None:
            raise other

    def say(self, text: str, cancelled: Callable[[], bool]) -> None:
        from hireflow_voice.app.saying import say

        voice = self._settings.voice
        say(text, lambda part: self.worker.speak(Speak(part, voice)), self._settings.speaker, cancelled)

    def endpoint_key(self) -> str:
        return self._keys.where(self._settings.endpoint.base_url)

    def set_endpoint_key(self, key: str, keep: bool) -> str:
        return self._keys.set(self._settings.endpoint.base_url, key, keep)

    def test_endpoint(self, endpoint: Endpoint) -> str:
        from hireflow_voice.evaluation.probe import probe

        key = self._keys.get(endpoint.base_url)
        return probe(endpoint.base_url, endpoint.model, key, endpoint.deadline_s, _servers()).sentence

    def endpoint_models(self, base_url: str) -> tuple[str, ...]:
        from hireflow_voice.evaluation.probe import models

        return models(base_url, self._keys.get(base_url))

    def fetch_models(
        self, on_progress: Callable[[FetchProgress], None], cancelled: Callable[[], bool], ids: Sequence[str] = ()
    ) -> None:
        weights.fetch(ids, self._settings.recogniser, on_progress, cancelled)

    def models(self) -> tuple[ModelInfo, ...]:
        return weights.listed(self._settings.recogniser)

    def verify_models(self, cancelled: Callable[[], bool]) -> tuple[str, ...]:
        return weights.damaged(cancelled)

    def remove_model(self, model: str) -> int:
        return weights.remove(model, self._settings.recogniser)

    # -- preparing -----------------------------------------------------------------------------------------------------

    def today(self) -> Today | None:
        from hireflow_voice.app import today

        return today.today(self, datetime.now().astimezone())

    def start_loop(self, company: str) -> LoopStatus:
        from hireflow_voice.app import loops

        return loops.start(self, company, datetime.now().astimezone())

    def loop(self) -> LoopStatus | None:
        from hireflow_voice.app import loops

        return loops.newest(self)

    def debrief(self, form: str) -> str:
        from hireflow_voice.app import loops

        return loops.debriefed(self, form)

    def loop_debrief(self) -> Debrief:
        from hireflow_voice.app import loops

        return loops.made_debrief(self)

    def end_loop(self, loop: str) -> None:
        self.loops.remove(loop)

    @property
    def loops(self) -> Loops:
        """Full loops that were begun."""
        return Loops(self._data / "loops")

    def calendar(self) -> bytes:
        from hireflow_voice.app import today

        return today.calendar(self, datetime.now().astimezone())

    def make_example(self, on_step: Callable[[str], None], cancelled: Callable[[], bool]) -> str:
        from hireflow_voice.app import example

        return example.make(self, on_step, lambda: cancelled() or self._closing.is_set())

    def progress(self, chosen: Filter) -> Progress:
        from hireflow_voice.app import progressing

        return progressing.progress(self, chosen, datetime.now().astimezone())

    def material_info(self, company: str, round_: str) -> MaterialInfo:
        from hireflow_voice.app import plan as plans
        from hireflow_voice.app import writing

        kept = tuple((one.name, one.words) for one in self.material.all())
        _, bank = self.bank(company, round_)
        written = tuple(question.text for question in bank.written)
        if not kept:
            return MaterialInfo((), written=written)
        texts = {question.id: question.text for question in bank.questions}
        found = [one for one in plans.leanings(bank, self.material.text()) if one.weight > 0]
        found.sort(key=lambda one: -one.weight)
        author = writing.writer(self, bank)
        leaning = tuple((texts[one.question], one.because) for one in found)
        return MaterialInfo(kept, leaning, author.name if author is not None else "", written)

    def add_material(self, path: Path) -> None:
        self.material.add(path)

    def write_questions(
        self,
        document: str,
        company: str,
        round_: str,
        count: int,
        on_step: Callable[[str], None],
        cancelled: Callable[[], bool],
    ) -> Writing:
        from hireflow_voice.app import writing

        return writing.write(
            self, document, (company, round_, count), on_step, lambda: cancelled() or self._closing.is_set()
        )

    def forget_written(self, company: str, round_: str) -> None:
        self.written.remove(company, round_)

    def remove_material(self, name: str) -> None:
        self.material.remove(name)

    # -- keeping -------------------------------------------------------------------------------------------------------

    def data_folder(self) -> Path:
        return self._data

    def delete_all(self) -> None:
        self.store.delete_all()

    def export_all(self, target: Path, on_progress: Callable[[int, int], None], cancelled: Callable[[], bool]) -> int:
        return keeping.export_all(self.store, target, on_progress, cancelled)

    def expire(self) -> tuple[str, ...]:
        return keeping.expire(self.store, self._settings.keep_days, datetime.now().astimezone())

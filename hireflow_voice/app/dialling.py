"""A call is put together: what is asked, what it is written to, who listens and judges; and one that was broken off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from hireflow_voice import __version__
from hireflow_voice.app import plan as plans
from hireflow_voice.app import retaking
from hireflow_voice.app.api import CallOptions
from hireflow_voice.app.candidate import THINKING_S, Candidate
from hireflow_voice.app.parts import CallParts
from hireflow_voice.app.recognising import measured, recognised_take
from hireflow_voice.audio.line import Line
from hireflow_voice.audio.simulated import SimulatedLine
from hireflow_voice.errors import NotFound
from hireflow_voice.events import Press
from hireflow_voice.interview import journal
from hireflow_voice.interview.actions import Listen, TurnKind
from hireflow_voice.interview.inputs import CoverageReady, Input
from hireflow_voice.interview.plan import CallPlan
from hireflow_voice.records import CallHeader, CallState
from hireflow_voice.settings import Patience
from hireflow_voice.speech.chunks import Chunker
from hireflow_voice.store.calls import new_call_id
from hireflow_voice.store.folder import CallFolder
from hireflow_voice.turns.detector import TurnDetector
from hireflow_voice.turns.energy import EnergyGate
from hireflow_voice.turns.interruption import Interruption
from hireflow_voice.turns.patience import BRISK, PATIENT
from hireflow_voice.turns.vad import BLOCK, SileroVad
from hireflow_voice.worker.jobs import Lane, Warm

if TYPE_CHECKING:
    from hireflow_voice.app.application import Application
    from hireflow_voice.app.call import Call

_PLAN = TypeAdapter(CallPlan)
_WAITS = {Patience.BRISK: BRISK, Patience.PATIENT: PATIENT, Patience.MANUAL: None}

OnListen = Callable[[Listen, "Call"], None]


def dial(
    app: Application,
    options: CallOptions,
    line: Line,
    *,
    candidate: Candidate | None = None,
    demo: bool = False,
    unhurried: bool = False,
) -> CallParts:
    """A new call on a line: its questions are chosen, its folder is there. `candidate`: played, on a simulated line.

    Whoever gets the parts owns the folder. Raises NotFound, QuestionBankError, DataFolderUnusable.
    """
    first = retaking.first_of(app.store, options.retake_of) if options.retake_of else None
    if first is not None:
        options = retaking.options_for(first, options, app.rounds(), app.bank)
    company, bank = app.bank(options.company, options.round)
    questions = plans.choose(bank, options, app.material.text() if options.use_material else "")
    name, minutes = app.settings.candidate_name, plans.minutes(bank, options)
    plan = plans.plan_call(company, bank, questions, name, minutes, again=first is not None, coach=options.coach)
    if not options.question_ids:
        plan = replace(plan, count=plans.to_ask(bank, options, len(questions)))
    started = datetime.now().astimezone()
    header = CallHeader(
        id=new_call_id(started),
        started=started.isoformat(timespec="seconds"),
        company=plan.company,
        role=plan.role,
        round=plan.round,
        interviewer=plan.interviewer,
        candidate=plan.candidate,
        judge=app.judge_label(),
        length_s=plan.length_s,
        questions=tuple(plans.question_record(question) for question in questions),
        version=__version__,
        demo=demo,
        flow=bank.flow,
        planned=plan.count,
        coach=plan.coach,
        loop=options.loop,
    )
    if first is not None:
        header = retaking.header_of(first, header)
    with _closed_on_error(app.store.create(header)) as folder:
        folder.add_input({"type": "plan", "plan": _PLAN.dump_python(plan, mode="json")})
        return _parts(app, header, plan, folder, line, candidate, unhurried)


def redial(app: Application, call: str, line: Line, *, candidate: Candidate | None = None) -> CallParts:
    """A call that was broken off, to go on with on this line. Raises NotFound, InputError."""
    record = app.store.load(call)
    if record.state is not CallState.RUNNING:
        raise NotFound(f"The call {call} is over; only a call that was broken off can go on.")
    with _closed_on_error(app.store.open(call)) as folder:
        plan, inputs = _so_far(folder)
        coverage: dict[str, dict[str, float]] = {}
        questions = {take.turn: take.question for take in record.takes}
        for given in inputs:
            if isinstance(given, CoverageReady) and given.turn in questions:
                coverage[questions[given.turn]] = dict(given.coverage)
        parts = _parts(app, record.header, plan, folder, line, candidate)
        return replace(parts, inputs=inputs, takes=record.takes, coverage=coverage)


@contextmanager
def _closed_on_error(folder: CallFolder) -> Iterator[CallFolder]:
    """A folder that is handed on to a call, or let go of when there will be none."""
    try:
        yield folder
    except BaseException:
        folder.close()
        raise


def _so_far(folder: CallFolder) -> tuple[CallPlan, list[Input]]:
    """What was agreed and what has happened in a call that was broken off. Raises NotFound."""
    plan: CallPlan | None = None
    inputs: list[Input] = []
    try:
        for entry in folder.inputs():
            if entry.get("type") == "plan":
                plan = _PLAN.validate_python(entry["plan"])
            else:
                inputs.append(journal.from_json(entry))
    except ValueError as error:  # also pydantic's
        raise NotFound(
            f"The call {folder.id} cannot go on: its journal is damaged. What was said is kept and can be reviewed."
        ) from error
    if plan is None:
        raise NotFound(f"The call {folder.id} was broken off before it began.", "Start a new one.")
    return plan, inputs


def _parts(
    app: Application,
    header: CallHeader,
    plan: CallPlan,
    folder: CallFolder,
    line: Line,
    candidate: Candidate | None,
    unhurried: bool = False,
) -> CallParts:
    gate = EnergyGate(BLOCK)
    worker, simulated = app.worker, isinstance(line, SimulatedLine)

    def turn_parts() -> tuple[TurnDetector, Chunker]:
        detector = TurnDetector(SileroVad(), gate, None)
        return detector, Chunker(detector.voiced)

    return CallParts(
        header=header,
        plan=plan,
        folder=folder,
        line=line,
        worker=worker,
        desk=app.new_desk(writes=True),
        voice=app.settings.voice,
        turn_parts=turn_parts,
        waits=_WAITS[app.settings.patience],
        interruption=Interruption,
        measure=partial(measured, header),
        transcribe=lambda take: recognised_take(worker, header, folder.path, take),
        warm=lambda: worker.warm(Warm(Lane.HEAR)),
        speculate=not simulated or unhurried,
        phone=app.settings.phone_sound,
        on_listen=_answering(candidate, line) if candidate is not None and isinstance(line, SimulatedLine) else None,
    )


def _answering(candidate: Candidate, line: SimulatedLine) -> OnListen:
    """A played candidate speaks on the line, or presses the key of one who has nothing to say."""

    def on_listen(listen: Listen, call: Call) -> None:
        pcm = candidate.reply(listen)
        if pcm is not None:
            line.say(pcm, THINKING_S)
        elif listen.kind in (TurnKind.ANSWER, TurnKind.INTRODUCTION):
            call.post(Press.SKIP)
        elif listen.kind is TurnKind.FOLLOW_UP:
            call.post(Press.DONT_KNOW)
        else:
            call.post(Press.DONE)

    return on_listen

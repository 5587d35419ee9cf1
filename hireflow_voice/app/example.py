"""An example call: the interviewer phones the second voice, so that there is something to look at before one's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from hireflow_voice.app import plan as plans
from hireflow_voice.app.api import CallOptions, usual
from hireflow_voice.app.candidate import Candidate, ScriptedCandidate
from hireflow_voice.errors import MachineError, NotFound
from hireflow_voice.events import CallEnded, CallEvent, Phase, PhaseChanged, QuestionChanged
from hireflow_voice.records import CallState

if TYPE_CHECKING:
    from hireflow_voice.app.application import Application

CANDIDATE_VOICE = "heart"
"""The demo candidate speaks with the second voice, so that the two sides can be told apart."""
QUESTIONS = 2
"""One that is answered well, one that is not."""
MINUTES = 15.0


def played(app: Application, options: CallOptions) -> tuple[Candidate, CallOptions]:
    """The demo candidate, and the call it can answer. Raises NotFound, QuestionBankError."""
    _, bank = app.bank(options.company, options.round)
    questions = plans.choose(bank, options)
    questions = questions[: plans.to_ask(bank, options, len(questions)) or len(questions)]
    options = replace(options, question_ids=tuple(question.id for question in questions))
    script = plans.demo_script(app.known_answers(options.company), questions)
    return ScriptedCandidate(script, lambda text: app.speak(text, CANDIDATE_VOICE)), options


def make(app: Application, on_step: Callable[[str], None], cancelled: Callable[[], bool]) -> str:
    """Hold an example call, as fast as the models allow, and have it judged; its id, or "" when it was cancelled.

    Slow: a minute or two. `on_step` gets sentences on the call's thread. Nothing is left of a cancelled one. Raises
    NotFound, MachineError.
    """
    info = usual(app.rounds())
    if info is None:
        raise NotFound("There is no question bank to make an example from.")
    known = app.known_answers(info.company)
    _, bank = app.bank(info.company, info.round)
    answered = {question.id for question in known.questions} if known else set()
    ids = sorted((question.id for question in bank.authored), key=lambda one: one not in answered)[:QUESTIONS]
    options = CallOptions(info.company, info.round, QUESTIONS, MINUTES, question_ids=tuple(ids), use_material=False)
    candidate, options = played(app, options)

    def tell(event: CallEvent) -> None:
        match event:
            case PhaseChanged(phase=Phase.CONNECTING):
                on_step("The models are being loaded.")
            case PhaseChanged(phase=Phase.RINGING):
                on_step("It rings.")
            case QuestionChanged(number=number, total=total):
                on_step(f"Question {number} of {total} is being asked and answered.")
            case CallEnded():
                on_step("The call is over; the answers are being judged.")
            case _:
                pass

    call = app.play_call(options, tell, candidate, demo=True)
    while not call.join(0.2):
        if cancelled():
            call.break_off()
            call.join()
            app.delete_call(call.id)
            return ""
    if app.call(call.id).state is not CallState.FINISHED:
        app.delete_call(call.id)
        raise MachineError("The example call broke off.", "Try it again; the log says why.")
    return call.id

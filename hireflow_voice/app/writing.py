"""Questions for the candidate's job: written by the endpoint's model, held to the checks of every bank, kept apart."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hireflow_voice.app.api import Writing
from hireflow_voice.bank.models import Bank, Question
from hireflow_voice.bank.written import held
from hireflow_voice.errors import InputError
from hireflow_voice.material.leaning import Askable, lean
from hireflow_voice.speech.respell import unpronounceable
from hireflow_voice.verdict import SIGNALS, Flow

if TYPE_CHECKING:
    from hireflow_voice.app.application import Application
    from hireflow_voice.evaluation.question_writer import Brief, Draft, QuestionWriter

FLOWS: tuple[Flow, ...] = ("technical",)
"""Rounds that questions can be written for: the others need stages, or stories that no job description knows of."""
MOST_ASKED = 60
"""Questions named as asked already; the newest are the likeliest to be written again."""
_BEGINNING = 70
"""Characters of a question that name it."""


@dataclass(slots=True)
class _Attempt:
    kept: list[Question] = field(default_factory=list)
    dropped: list[tuple[str, str]] = field(default_factory=list)


def writer(app: Application, bank: Bank) -> QuestionWriter | None:
    """Who can write questions for a round; None without an endpoint, or for a round that none can be written for."""
    endpoint = app.settings.endpoint
    if not endpoint.enabled or bank.flow not in FLOWS:
        return None
    return app.question_writer()


def write(
    app: Application,
    document: str,
    options: tuple[str, str, int],
    on_step: Callable[[str], None],
    cancelled: Callable[[], bool],
) -> Writing:
    """`options`: company, round, how many questions. See `api.Api.write_questions`."""
    from hireflow_voice.evaluation.question_writer import FEWEST, MOST, Stopped

    company, round_, count = options
    job = app.material.document(document)
    _, bank = app.bank(company, round_)
    if not FEWEST <= count <= MOST:
        raise InputError(f"{FEWEST} to {MOST} questions can be written at once.")
    if not app.settings.endpoint.enabled:
        raise InputError(
            "No endpoint is set, and the model on this computer is too small to write questions.",
            "Settings > Who judges takes any OpenAI-compatible server.",
        )
    author = writer(app, bank)
    if author is None:
        raise InputError(
            f"No questions can be written for {bank.title}.", "Choose a round of technical questions and follow-ups."
        )
    try:
        attempt = _written(author, job, bank, count, on_step, cancelled)
    except Stopped:
        return Writing(author.name, (), ())
    if cancelled():
        return Writing(author.name, (), ())
    if attempt.kept:
        app.written.add(bank, attempt.kept)
    return Writing(author.name, tuple(question.text for question in attempt.kept), tuple(attempt.dropped))


def _written(
    author: QuestionWriter,
    job: str,
    bank: Bank,
    count: int,
    on_step: Callable[[str], None],
    cancelled: Callable[[], bool],
) -> _Attempt:
    """At most two requests: what fails in the first is asked for once more, with its faults. Raises Stopped."""
    from hireflow_voice.evaluation.question_writer import Brief

    brief = Brief(job, bank.role, bank.title, tuple(s.value for s in SIGNALS[bank.flow]), _asked(bank), count)
    on_step(f"{author.name} is writing {count} questions; this takes a minute or more.")
    first = _attempt(author, brief, job, bank, cancelled)
    missing = count - len(first.kept)
    if not missing:
        return first
    on_step(f"{len(first.kept)} passed the checks; {missing} more are asked for once again.")
    faults = tuple(dict.fromkeys(why for _, why in first.dropped))[:20]
    bank = _with(bank, first.kept)
    second = _attempt(author, replace(brief, asked=_asked(bank), count=missing, faults=faults), job, bank, cancelled)
    return _Attempt([*first.kept, *second.kept], second.dropped)


def _attempt(author: QuestionWriter, brief: Brief, job: str, bank: Bank, cancelled: Callable[[], bool]) -> _Attempt:
    drafts, faults = author.write(brief, cancelled)
    attempt = _Attempt(dropped=[("", fault) for fault in faults])
    for draft in drafts:
        begins = _beginning(draft.text)
        if not _asked_for(draft, job):
            attempt.dropped.append((begins, "The job description names none of its terms."))
            continue
        question, wrong = held(draft.model_dump(), _with(bank, attempt.kept), author.name, unpronounceable)
        if question is None:
            attempt.dropped.append((begins, " ".join(wrong[:3])))
        else:
            attempt.kept.append(question)
    return attempt


def _with(bank: Bank, more: list[Question]) -> Bank:
    return bank.model_copy(update={"questions": (*bank.questions, *more)}) if more else bank


def _asked(bank: Bank) -> tuple[str, ...]:
    return tuple(question.text for question in bank.questions[-MOST_ASKED:])


def _asked_for(draft: Draft, job: str) -> bool:
    """Whether the job description, as it was sent, names something that the question is about."""
    from hireflow_voice.evaluation.question_writer import readable

    return lean(readable(job), [Askable("", (*draft.topics, *draft.glossary))])[0].weight > 0


def _beginning(text: str) -> str:
    text = re.sub(r"\s+", " ", text)
    return text if len(text) <= _BEGINNING else text[: _BEGINNING - 1] + "…"

"""The desk where answers are judged: beside the call while it runs, and afterwards for whatever it left open.

An endpoint that fails is replaced by the judge on this computer, and the judgement says so. A judge that cannot answer
at all leaves "not judged yet", which `complete` tries again another time; it is never a zero.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import replace

from hireflow_voice.errors import HireFlowError, ModelMissing
from hireflow_voice.evaluation.combine import combine
from hireflow_voice.evaluation.follow_up import FollowUpWriter, Gap
from hireflow_voice.evaluation.form import Conversation, form
from hireflow_voice.evaluation.rubric import Answer, Judge, Rubric, RubricPoint
from hireflow_voice.evaluation.structure import Spoken
from hireflow_voice.interview import commands
from hireflow_voice.records import CallHeader, QuestionRecord, TakeKind, TakeRecord, asked_of
from hireflow_voice.transcript import Transcript
from hireflow_voice.verdict import FALLBACK, Form, Judgement
from hireflow_voice.worker.client import Worker
from hireflow_voice.worker.jobs import JudgeAnswer, Match

log = logging.getLogger(__name__)


def rubric_of(question: QuestionRecord) -> Rubric:
    """The rubric of a question as it stood when the call was made."""
    return Rubric(
        question=question.id,
        text=question.text,
        points=tuple(RubricPoint(p.id, p.text, p.weight, p.signal) for p in question.key_points),
        enough=question.enough,
        misconceptions=question.misconceptions,
        glossary=question.glossary,
        misconception_points=question.misconception_points,
    )


def is_answer(take: TakeRecord) -> bool:
    """Whether the take is to be judged: an answer or a follow-up with words in it, and not just a spoken command."""
    return (
        take.kind in (TakeKind.ANSWER, TakeKind.FOLLOW_UP)
        and not take.command
        and take.transcript is not None
        and bool(take.transcript.text.strip())
    )


def answer_to(asked: str, transcript: Transcript, about: str = "") -> Answer:
    """What is judged: without "let me think", "that's my answer, next question please" and other spoken commands. They
    leave blanks, so that every place in the text, and every quote, is where it was."""
    text = commands.said(transcript.text).answer
    if text == transcript.text:
        return Answer(asked, transcript, about)
    words = tuple(w for w in transcript.words if text[w.start_char : w.end_char].strip())
    return Answer(asked, replace(transcript, text=text, words=words), about)


def answer_of(take: TakeRecord) -> Answer:
    """The same of a take that `is_answer`."""
    assert take.transcript is not None
    return answer_to(take.asked, take.transcript, take.key_point if take.kind is TakeKind.FOLLOW_UP else "")


def quoting(judgement: Judgement, transcript: Transcript) -> Judgement:
    """The judgement with its quotes as they stand in the transcript, blanks filled."""
    points = tuple(
        replace(p, quote=replace(p.quote, text=transcript.text[p.quote.start_char : p.quote.end_char]))
        if p.quote is not None
        else p
        for p in judgement.points
    )
    return replace(judgement, points=points)


class Desk:
    """Takes answers in, hands judgements out. Thread-safe."""

    def __init__(self, worker: Worker, endpoint: Judge | None = None, writer: FollowUpWriter | None = None) -> None:
        self._worker = worker
        self._endpoint = endpoint
        self._writer = writer
        # One at a time: two requests at once would only slow a small server down.
        self._line = ThreadPoolExecutor(max_workers=1, thread_name_prefix="judge")
        # Beside it: a follow-up is waited for, a judgement is not.
        # Two, so that one for an answer that went on is not in the way of the next.
        self._pen = ThreadPoolExecutor(max_workers=2, thread_name_prefix="follow-up")
        if writer is not None:
            self._pen.submit(writer.warm)

    def close(self, wait: bool = True) -> None:
        """Forget what is still waiting. A judgement under way is waited for, or left to end by its own deadline."""
        self._pen.shutdown(wait=wait, cancel_futures=True)
        self._line.shutdown(wait=wait, cancel_futures=True)

    @property
    def writes(self) -> bool:
        """Whether follow-ups can be written here."""
        return self._writer is not None

    def follow_up(self, gap: Gap) -> Future[tuple[str, str] | None]:
        """A follow-up written for an answer, (key point id, question), in little more than a second; None when none is
        fit to be asked. The future raises nothing."""
        return self._pen.submit(self._written, gap)

    def _written(self, gap: Gap) -> tuple[str, str] | None:
        text = self._writer.write(gap) if self._writer is not None else ""
        return (gap.point, text) if text else None

    def judge(self, rubric: Rubric, answer: Answer) -> Future[Judgement]:
        """The judgement whose score is shown. The future raises nothing; a failure is a judgement that says so."""
        return self._line.submit(self._judge, rubric, answer)

    def _judge(self, rubric: Rubric, answer: Answer) -> Judgement:
        try:
            return self._try(rubric, answer)
        except Exception:  # our bug, which must not end a call that is going on
            log.exception("the judge broke on %s", rubric.question)
            return Judgement(
                question=rubric.question, judge="", failed="An error in HireFlow Voice. The log has the details."
            )

    def _try(self, rubric: Rubric, answer: Answer) -> Judgement:
        flags: tuple[str, ...] = ()
        if self._endpoint is not None:
            judgement = self._endpoint.judge(rubric, answer)
            if not judgement.failed:
                return judgement
            log.warning("the endpoint did not judge %s: %s", rubric.question, judgement.failed)
            flags = (f"{FALLBACK}{judgement.failed}",)
        try:
            judgement = self._here(rubric, answer)
        except HireFlowError as error:
            return Judgement(question=rubric.question, judge="", failed=str(error), flags=flags)
        return replace(judgement, flags=flags + judgement.flags)

    def _here(self, rubric: Rubric, answer: Answer) -> Judgement:
        try:
            return self._worker.judge(JudgeAnswer(rubric, answer)).result()
        except ModelMissing:
            # The language model is not there: word matching is less sure, and the judge's name says which it was.
            return self._worker.match(Match(rubric, answer)).result()


Results = tuple[tuple[Judgement, ...], dict[str, dict[str, str]], Form]


def results(header: CallHeader, takes: Sequence[TakeRecord]) -> Results:
    """Judgement per question over all its takes, the take of each quote, and the form.

    A second take of an answer has a judgement of its own and changes none of these."""
    judgements: list[Judgement] = []
    quote_takes: dict[str, dict[str, str]] = {}
    rubrics: list[Rubric] = []
    for question in asked_of(header, takes).questions:
        asked = [t for t in takes if t.question == question.id]
        if not asked:
            continue
        rubric = rubric_of(question)
        rubrics.append(rubric)
        judged = [(t.id, t.judgement) for t in asked if t.judgement is not None and t.attempt == 1]
        if judged:
            judgement, places = combine(rubric, judged)
            judgements.append(judgement)
            quote_takes[question.id] = places
    conversation = Conversation(
        header.flow, _spoken(takes, TakeKind.ANSWER), _spoken(takes, TakeKind.OWN_QUESTION), quote_takes
    )
    return tuple(judgements), quote_takes, form(rubrics, {j.question: j for j in judgements}, conversation)


def _spoken(takes: Sequence[TakeRecord], kind: TakeKind) -> tuple[Spoken, ...]:
    return tuple(
        Spoken(take.id, take.question, take.asked, take.transcript)
        for take in takes
        if take.kind is kind and take.attempt == 1 and not take.command and take.transcript is not None
    )


LOOK_S = 0.1
"""How often somebody who waits for a judgement looks whether it is still wanted."""


def verdict(desk: Desk, take: TakeRecord, rubric: Rubric, stopped: Callable[[], bool]) -> Judgement | None:
    """The judgement of a take that has a transcript; None as soon as nobody wants it any more. Slow."""
    assert take.transcript is not None
    coming = desk.judge(rubric, answer_of(take))
    while not stopped():
        try:
            judgement = quoting(coming.result(LOOK_S), take.transcript)
        except NotYet:
            continue
        # What failed because the program ends is not kept as a failure.
        return None if judgement.failed and stopped() else judgement
    coming.cancel()
    return None


def complete(
    header: CallHeader,
    takes: Sequence[TakeRecord],
    transcribe: Callable[[TakeRecord], TakeRecord],
    desk: Desk,
    save: Callable[[TakeRecord], None],
    on_judged: Callable[[Judgement], None] = lambda _judgement: None,
    stopped: Callable[[], bool] = lambda: False,
) -> tuple[tuple[TakeRecord, ...], Results]:
    """Do whatever was left: recognise takes without a transcript, judge answers without a judgement.

    Slow. `transcribe` returns the take with its transcript and delivery; `save` writes a sidecar. A take that cannot be
    recognised or judged stays as it is. Once `stopped` says so, nothing more is tried and no failure is kept.
    """
    rubrics = {q.id: rubric_of(q) for q in header.questions}
    done: list[TakeRecord] = []
    for take in takes:
        now = take
        if now.transcript is None and now.sound and not stopped():
            try:
                now = transcribe(now)
                save(now)
            except HireFlowError as error:
                log.warning("take %s was not recognised: %s", now.id, error)
        rubric = rubrics.get(now.question)
        open_ = now.judgement is None or now.judgement.failed
        if rubric is not None and is_answer(now) and open_ and now.transcript is not None and not stopped():
            judgement = verdict(desk, now, rubric, stopped)
            if judgement is not None:
                now = replace(now, judgement=judgement)
                save(now)
                same = [t for t in [*done, now] if t.question == now.question and t.attempt == 1]
                on_judged(combine(rubric, [(t.id, t.judgement) for t in same if t.judgement is not None])[0])
        done.append(now)
    return tuple(done), results(header, done)

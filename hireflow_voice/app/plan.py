"""From a bank to a call: which questions are asked, what the interviewer knows of them, and what is kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from zlib import crc32

from hireflow_voice.app.api import CallOptions, RoundInfo
from hireflow_voice.app.candidate import Script
from hireflow_voice.bank.check import UNSOURCED
from hireflow_voice.bank.lengths import IN_ORDER, LENGTHS, NOUNS, fitting
from hireflow_voice.bank.models import AnswerKind, Bank, Company, KeyPoint, KnownAnswers, Question
from hireflow_voice.errors import NotFound
from hireflow_voice.interview.plan import CallPlan, Fact, PlannedPoint, PlannedQuestion, PlannedStage, Probe
from hireflow_voice.material.leaning import Askable, Leaning, draw, lean
from hireflow_voice.records import KeyPointRecord, QuestionRecord, Source
from hireflow_voice.verdict import Flow

CLOSING_SHARE = 1 / 6
"""Part of the call kept for the candidate's own questions, never more than five minutes: 5 of 30 and 45, 2.5 of 15."""


ADAPTIVE: tuple[Flow, ...] = ("technical", "coding", "values")
"""Flows in which the next question is chosen by what was shown: a screen has its order, a design round one problem."""
RESERVES, MOST_RESERVES = 2, 10
"""Questions drawn beyond those that are asked: so many for each, and so many at most."""


def choose(bank: Bank, options: CallOptions, material: str = "") -> tuple[Question, ...]:
    """The questions of one call: those that were named, or drawn by chance, leaning towards what the candidate's
    material is about; more than are asked where the interviewer chooses (`to_ask`).

    Raises NotFound for a question that the bank does not hold."""
    known = {question.id: question for question in bank.questions}
    if options.question_ids:
        for wanted in options.question_ids:
            if wanted not in known:
                raise NotFound(
                    f"The round {bank.round!r} has no question {wanted!r}.",
                    "`hireflow-voice questions list` names them all.",
                )
        return tuple(known[wanted] for wanted in options.question_ids)
    count = options.questions or fitting(bank.flow, minutes(bank, options))
    if options.written:
        return _written_first(bank, options, material, count)
    if bank.flow in ADAPTIVE and count > 1:
        count += min(RESERVES * count, MOST_RESERVES)
    drawn = draw(leanings(bank, material), count, options.seed)
    if bank.flow in IN_ORDER:
        return tuple(question for question in bank.authored if question.id in drawn)
    return tuple(known[one] for one in drawn)


def _written_first(bank: Bank, options: CallOptions, material: str, count: int) -> tuple[Question, ...]:
    """What was written for the candidate's job, then authored questions where that does not fill the call.

    Raises NotFound when nothing was written."""
    if not bank.written:
        raise NotFound(
            f"No questions were written for the round {bank.title!r}.",
            "`hireflow-voice material write` has your endpoint write some from a job description.",
        )
    known = {question.id: question for question in bank.questions}
    first = draw(_leanings(bank.written, material), count, options.seed)
    rest = draw(_leanings(bank.authored, material), count - len(first), options.seed)
    return tuple(known[one] for one in (*first, *rest))


def to_ask(bank: Bank, options: CallOptions, drawn: int) -> int:
    """How many of the questions that were drawn are asked, where the interviewer chooses as the call goes; else 0."""
    if options.written:
        return 0  # in the order in which they were chosen
    count = options.questions or fitting(bank.flow, minutes(bank, options))
    return count if bank.flow in ADAPTIVE and 1 < count < drawn else 0


def minutes(bank: Bank, options: CallOptions) -> float:
    """Length of the call: as asked for, or the shortest on offer in which the questions have room."""
    if options.minutes is not None:
        return options.minutes
    offered = LENGTHS[bank.flow]
    count = len(options.question_ids) or options.questions or offered[0].questions
    return float(next((length.minutes for length in offered if length.questions >= count), offered[-1].minutes))


def round_info(company: Company, bank: Bank) -> RoundInfo:
    """A round as it is offered."""
    return RoundInfo(
        company=company.company,
        company_title=company.title,
        round=bank.round,
        title=bank.title,
        role=bank.role,
        questions=len(bank.authored),
        lengths=tuple((length.questions, length.minutes) for length in LENGTHS[bank.flow]),
        noun=NOUNS[bank.flow],
        about=next((step.text for step in company.process if step.round == bank.round), ""),
        written=len(bank.written),
    )


def leanings(bank: Bank, material: str) -> tuple[Leaning, ...]:
    """How much the candidate's material asks for each authored question of a round."""
    return _leanings(bank.authored, material)


def _leanings(questions: Sequence[Question], material: str) -> tuple[Leaning, ...]:
    return lean(material, [Askable(q.id, (*q.topics, *q.glossary)) for q in questions])


def plan_call(
    company: Company,
    bank: Bank,
    questions: Sequence[Question],
    candidate: str,
    minutes: float,
    *,
    again: bool = False,
    coach: bool = False,
) -> CallPlan:
    """What the interviewer needs; times in seconds. `again`: nothing but these questions; `coach`: Coach mode."""
    length_s = minutes * 60
    return CallPlan(
        company=company.title,
        role=bank.role,
        round=bank.title,
        interviewer=company.interviewer,
        candidate=candidate,
        length_s=length_s,
        questions=tuple(
            _planned(question, deeper)
            for question, deeper in zip(questions, _deeper(company, bank, questions), strict=True)
        ),
        introduction=bank.introduction,
        facts=(*_what_is_next(company, bank), *(Fact(fact.keywords, fact.text) for fact in company.facts)),
        closing_s=0.0 if again else min(300.0, length_s * CLOSING_SHARE),
        again=again,
        coach=coach,
    )


NEXT = ("next round", "next rounds", "next step", "next steps", "next stage")
"""Keywords of the question that every candidate asks, whatever the round."""


def _what_is_next(company: Company, bank: Bank) -> tuple[Fact, ...]:
    """The step of the process behind this round, as an answer; none behind the last one, or where no step names it."""
    behind = company.process[company.place(bank.round) + 1 :]
    if not behind:
        return ()
    first = re.split(r"(?<=[.?!]) ", behind[0].text)[0]
    return (
        Fact(
            NEXT,
            f"As candidates report it, what usually comes next is this: {behind[0].title}. {first} "
            "The order differs between teams, so ask your recruiter for the exact plan.",
        ),
    )


def _deeper(company: Company, bank: Bank, questions: Sequence[Question]) -> Sequence[tuple[Probe, ...]]:
    """One of the company's own questions for each of the call's: none twice, and not the same ones every time."""
    if bank.flow in UNSOURCED or not company.deeper:
        return [() for _ in questions]
    first = crc32(" ".join(question.id for question in questions).encode()) % len(company.deeper)
    turned = [*company.deeper[first:], *company.deeper[:first]]
    return [
        (Probe(turned[place].text, turned[place].kind),) if place < len(turned) else ()
        for place in range(len(questions))
    ]


def _planned(question: Question, deeper: tuple[Probe, ...]) -> PlannedQuestion:
    return PlannedQuestion(
        id=question.id,
        text=question.text,
        rephrased=question.rephrased,
        hint=question.hint,
        points=tuple(
            PlannedPoint(point.id, point.weight, tuple(Probe(probe.text, probe.kind) for probe in point.probes))
            for point in question.key_points
        ),
        stages=tuple(PlannedStage(stage.id, stage.ask, stage.points) for stage in question.stages),
        deeper=deeper,
        topics=question.topics,
        difficulty=question.difficulty,
        enough=float(question.enough),
    )


def question_record(question: Question) -> QuestionRecord:
    """The question as it is kept with the call."""
    return QuestionRecord(
        id=question.id,
        text=question.text,
        topics=question.topics,
        key_points=tuple(
            KeyPointRecord(
                id=point.id,
                text=point.text,
                weight=point.weight,
                signal=point.signal,
                sources=tuple(
                    Source(s.title, s.url, s.checked.isoformat() if s.checked else "") for s in point.sources
                ),
            )
            for point in question.key_points
        ),
        enough=question.enough,
        misconceptions=tuple(m.text for m in question.misconceptions),
        glossary=question.glossary,
        outline=question.outline,
        strong_answer=question.strong_answer,
        misconception_points=tuple(m.point for m in question.misconceptions),
        written_by=question.written_by,
    )


KINDS: tuple[AnswerKind, ...] = ("strong", "weak", "middling")
"""What the demo candidate's answers are like, in turn: a listener hears a good one first, then one that is probed."""
SAID: dict[AnswerKind, float] = {"strong": 1.0, "middling": 0.5, "weak": 0.2}
"""How much of a strong answer is said, where no answers of other kinds were written."""


DEMO_INTRODUCTION = (
    "I am a backend developer. For the last four years I have built services that many people use at the same time, "
    "and the part I liked best was finding out why they were slow."
)
"""What the demo candidate says of itself where nothing was written."""
DEMO_DEEPER = (
    "I have seen that only once, and what surprised me was how much of it we had guessed. So I would measure first, "
    "change one thing at a time, and keep the old way until the new one has held for a while."
)
"""What it says to a question about its whole answer."""
DEMO_OWN_QUESTION = "What are the next steps, and what does the next round look at?"


def demo_script(known: KnownAnswers | None, questions: Sequence[Question]) -> Script:
    """Answers of mixed quality for these questions.

    A question without known answers is answered from its strong answer (its key points, where nobody wrote one), and a
    follow-up by the key point itself; where key points are no facts but ask for a story of one's own, by the sentences
    of the strong answer that are nearest to it.
    """
    by_id = {question.id: question for question in known.questions} if known else {}
    answers: dict[str, str] = {}
    follow_ups: dict[tuple[str, str], str] = {}
    stages: dict[tuple[str, str], str] = {}
    for number, question in enumerate(questions):
        for turn, stage in enumerate(question.stages):
            stages[question.id, stage.ask] = _part_of(stage.answer, SAID[KINDS[turn % len(KINDS)]])
        kind = KINDS[number % len(KINDS)]
        entry = by_id.get(question.id)
        whole = question.strong_answer or " ".join(point.text for point in question.key_points)
        follow_ups |= {
            (question.id, point.id): point.text if point.sources else _about(point, whole)
            for point in question.key_points
        }
        follow_ups[question.id, ""] = DEMO_DEEPER
        if entry is None:
            answers[question.id] = _part_of(whole, SAID[kind])
        else:
            answers[question.id] = next(a.text for a in entry.answers if a.kind == kind)
            follow_ups |= {(question.id, point): text for point, text in entry.follow_ups.items()}
    if known is None or not any(question.id in by_id for question in questions):
        return Script(DEMO_INTRODUCTION, DEMO_OWN_QUESTION, answers, follow_ups, stages)
    return Script(known.introduction, known.own_question, answers, follow_ups, stages)


def _about(point: KeyPoint, answer: str) -> str:
    """The two sentences of an answer, side by side, that have the most words in common with a key point."""
    sentences = re.split(r"(?<=[.?!]) ", answer)
    wanted = set(re.findall(r"[a-z]{4,}", point.text.lower()))

    def common(place: int) -> int:
        return len(wanted & set(re.findall(r"[a-z]{4,}", " ".join(sentences[place : place + 2]).lower())))

    best = max(range(len(sentences)), key=common)
    return " ".join(sentences[best : best + 2])


def _part_of(answer: str, share: float, *, last: bool = False) -> str:
    """Its first sentences, or its last ones; one at least."""
    sentences = re.split(r"(?<=[.?!]) ", answer)
    count = max(1, round(share * len(sentences)))
    return " ".join(sentences[-count:] if last else sentences[:count])

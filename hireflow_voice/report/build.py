"""From the record of a call to its report. Pure: the same record always gives the same report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from hireflow_voice.records import CallRecord, KeyPointRecord, QuestionRecord, TakeKind, TakeRecord
from hireflow_voice.report import words
from hireflow_voice.report.model import (
    CallFacts,
    CorrectionReport,
    DeliveryReport,
    EvidenceReport,
    FormReport,
    LineReport,
    PointReport,
    QuestionReport,
    QuestionStatus,
    QuoteReport,
    RemarkReport,
    Report,
    SignalReport,
    SourceReport,
    TakeReport,
    TranscriptReport,
    WordReport,
)
from hireflow_voice.transcript import Transcript
from hireflow_voice.verdict import Evidence, Form, Judgement, PointJudgement, Quote, Remark, Verdict

_MISCONCEPTION = "misconception:"
"""A judge's flag that begins so names, after the colon, a misconception that was said aloud."""


def build(record: CallRecord) -> Report:
    """The report of a call, finished or not, judged or not."""
    header = record.header
    takes = [take for take in record.takes if _holds_something(take)]
    labels = _labels(takes)
    return Report(
        call=CallFacts(
            id=header.id,
            started=header.started,
            company=header.company,
            role=header.role,
            round=header.round,
            interviewer=header.interviewer,
            candidate=header.candidate,
            judge=header.judge,
            planned_s=header.length_s,
            seconds=record.ended_s,
            length=words.clock(record.ended_s),
            state=record.state,
            demo=header.demo,
            version=header.version,
        ),
        form=_form(record.form, header.questions, labels) if record.form is not None else None,
        introduction=tuple(_take(t, labels) for t in takes if t.kind is TakeKind.INTRODUCTION),
        questions=tuple(
            _question(number, question, record, [t for t in takes if t.question == question.id and _answers(t)], labels)
            for number, question in enumerate(header.questions, 1)
        ),
        own_questions=tuple(_take(t, labels) for t in takes if t.kind is TakeKind.OWN_QUESTION),
        delivery=tuple(_delivery(t, labels) for t in takes if t.delivery is not None and not t.command),
        conversation=tuple(
            LineReport(
                call_s=line.at_s,
                at=words.clock(line.at_s),
                speaker=line.speaker,
                text=line.text,
                kind=line.kind,
                question=line.question,
            )
            for line in sorted(record.lines, key=lambda line: line.at_s)
        ),
        notes=record.notes,
    )


def _holds_something(take: TakeRecord) -> bool:
    return take.seconds > 0 or (take.transcript is not None and bool(take.transcript.text))


def _answers(take: TakeRecord) -> bool:
    return take.kind in (TakeKind.ANSWER, TakeKind.FOLLOW_UP)


def _labels(takes: Sequence[TakeRecord]) -> dict[str, str]:
    """ "Answer", "Follow-up 1", "Follow-up 2" ...: the same kind again in the same question gets a number."""
    labels: dict[str, str] = {}
    seen: dict[tuple[str, TakeKind], int] = {}
    for take in takes:
        if take.attempt > 1:
            labels[take.id] = f"{words.TAKES[take.kind]}, take {take.attempt}"
            continue
        again = seen[take.question, take.kind] = seen.get((take.question, take.kind), 0) + 1
        numbered = take.kind is TakeKind.FOLLOW_UP or again > 1
        labels[take.id] = f"{words.TAKES[take.kind]} {again}" if numbered else words.TAKES[take.kind]
    return labels


def _form(form: Form, questions: Sequence[QuestionRecord], labels: dict[str, str]) -> FormReport:
    numbers = {question.id: number for number, question in enumerate(questions, 1)}

    def remark(said: Remark) -> RemarkReport:
        quote = _quote(said.quote, said.take, labels) if said.quote is not None else None
        return RemarkReport(text=said.text, question=numbers.get(said.question), quote=quote)

    def evidence(line: Evidence) -> EvidenceReport:
        quote = _quote(line.quote, line.take, labels) if line.quote is not None else None
        return EvidenceReport(
            text=line.text,
            verdict=line.verdict,
            question=numbers.get(line.question),
            earned=line.earned,
            needed=line.needed,
            quote=quote,
        )

    return FormReport(
        band=form.band,
        next_round=form.next_round,
        reason=form.reason,
        judged=form.judged,
        asked=form.asked,
        signals=tuple(
            SignalReport(
                signal=line.signal,
                name=words.SIGNALS[line.signal],
                mark=line.mark,
                word=words.MARKS.get(line.mark, ""),
                reason=line.reason,
                evidence=tuple(evidence(one) for one in line.evidence),
            )
            for line in form.signals
        ),
        strengths=tuple(remark(one) for one in form.strengths),
        gaps=tuple(remark(one) for one in form.gaps),
        practise=remark(form.practise) if form.practise is not None else None,
    )


def _transcript(transcript: Transcript) -> TranscriptReport:
    return TranscriptReport(
        text=transcript.text,
        raw=transcript.raw,
        model=transcript.model,
        words=tuple(WordReport(**asdict(word)) for word in transcript.words),
        corrections=tuple(CorrectionReport(**asdict(correction)) for correction in transcript.corrections),
        by_hand=tuple(
            CorrectionReport(heard=c.heard, written=c.written, start_char=c.start_char, end_char=c.end_char)
            for c in transcript.by_hand
        ),
    )


def _take(
    take: TakeRecord,
    labels: dict[str, str],
    points: dict[str, KeyPointRecord] | None = None,
    follow_ups: tuple[TakeReport, ...] = (),
) -> TakeReport:
    point = (points or {}).get(take.key_point)
    return TakeReport(
        id=take.id,
        label=labels[take.id],
        kind=take.kind,
        asked=take.asked,
        about=point.text if point is not None else "",
        call_s=take.started_s,
        call_at=words.clock(take.started_s),
        seconds=take.seconds,
        sound=take.sound,
        gaps=take.gaps,
        command=take.command,
        transcript=_transcript(take.transcript) if take.transcript is not None else None,
        follow_ups=follow_ups,
    )


def _nested(
    takes: Sequence[TakeRecord], labels: dict[str, str], points: dict[str, KeyPointRecord]
) -> tuple[TakeReport, ...]:
    """Answers in order, each with the follow-ups that came after it; one with no answer before it stands alone."""
    groups: list[list[TakeRecord]] = []
    for take in takes:
        if take.kind is TakeKind.FOLLOW_UP and groups:
            groups[-1].append(take)
        else:
            groups.append([take])
    return tuple(
        _take(first, labels, points, tuple(_take(take, labels, points) for take in rest)) for first, *rest in groups
    )


def _question(
    number: int, question: QuestionRecord, record: CallRecord, takes: Sequence[TakeRecord], labels: dict[str, str]
) -> QuestionReport:
    points = {point.id: point for point in question.key_points}
    judgement = next((j for j in record.judgements if j.question == question.id), None)
    status, why = _status(question, record, takes, judgement)
    judged = judgement if status is QuestionStatus.JUDGED else None
    verdicts = {point.point: point for point in judged.points} if judged is not None else {}
    places = record.quote_takes.get(question.id, {})
    flags = judged.flags if judged is not None else ()
    return QuestionReport(
        number=number,
        id=question.id,
        text=question.text,
        topics=question.topics,
        status=status,
        why=why,
        judge=judged.judge if judged is not None else "",
        score=judged.score if judged is not None else None,
        answers=_nested(takes, labels, points),
        points=tuple(
            _point(point, verdicts[point.id], places.get(point.id, ""), labels)
            for point in question.key_points
            if point.id in verdicts
        ),
        misconceptions=tuple(f.removeprefix(_MISCONCEPTION).strip() for f in flags if f.startswith(_MISCONCEPTION)),
        remarks=tuple(words.flag(f) for f in flags if not f.startswith(_MISCONCEPTION)),
        adds=tuple(
            point.text
            for point in sorted(question.key_points, key=lambda point: -point.weight)
            if point.id in verdicts and verdicts[point.id].verdict is not Verdict.COVERED
        ),
        outline=question.outline,
        sources=_sources(question),
        written_by=question.written_by,
    )


def _status(
    question: QuestionRecord, record: CallRecord, takes: Sequence[TakeRecord], judgement: Judgement | None
) -> tuple[QuestionStatus, str]:
    if judgement is not None and not judgement.failed:
        left = any(t.judgement is not None and t.judgement.failed for t in takes)
        return QuestionStatus.JUDGED, "So far: an answer to it is not judged yet, which can only add." if left else ""
    if any(not take.command for take in takes):
        why = judgement.failed if judgement is not None else "No judge has read the answer yet."
        return QuestionStatus.NOT_JUDGED, why
    if takes or any(line.question == question.id for line in record.lines):
        return QuestionStatus.NOT_ANSWERED, "The question was asked, and no answer was recorded."
    return QuestionStatus.NOT_ASKED, "The call ended before this question."


def _point(point: KeyPointRecord, judged: PointJudgement, take_id: str, labels: dict[str, str]) -> PointReport:
    return PointReport(
        id=point.id,
        text=point.text,
        weight=point.weight,
        signal=point.signal,
        verdict=judged.verdict,
        confidence=judged.confidence,
        quote=_quote(judged.quote, take_id, labels) if judged.quote is not None else None,
        doubt=judged.doubt,
    )


def _quote(quote: Quote, take_id: str, labels: dict[str, str]) -> QuoteReport:
    # Without its take a time would point into the wrong recording.
    start_s = quote.start_s if take_id in labels else None
    return QuoteReport(
        text=quote.text,
        take=take_id,
        label=labels.get(take_id, ""),
        start_s=start_s,
        end_s=quote.end_s if start_s is not None else None,
        at=words.clock(start_s) if start_s is not None else "",
    )


def _sources(question: QuestionRecord) -> tuple[SourceReport, ...]:
    """Of all key points, each page once."""
    sources: dict[tuple[str, str], SourceReport] = {}
    for point in question.key_points:
        for source in point.sources:
            # A bank is a stranger's file: nothing but a web page may become a link.
            url = source.url if source.url.lower().startswith(("https://", "http://")) else ""
            sources.setdefault((source.title, url), SourceReport(title=source.title, url=url, checked=source.checked))
    return tuple(sources.values())


def _delivery(take: TakeRecord, labels: dict[str, str]) -> DeliveryReport:
    assert take.delivery is not None
    return DeliveryReport(
        take=take.id,
        label=labels[take.id],
        question=take.question,
        sentences=words.describe(take.delivery),
        **asdict(take.delivery),
    )

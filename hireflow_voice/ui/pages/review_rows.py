"""What a call has to show in its review, and what it has left open. Reads the record, knows no widget."""

from __future__ import annotations

from collections.abc import Sequence

from hireflow_voice.records import CallRecord, TakeKind, TakeRecord
from hireflow_voice.ui.widgets.point_rows import Evidence
from hireflow_voice.ui.widgets.question_list import Row, RowKind
from hireflow_voice.ui.words import TAKES, one_line, percent
from hireflow_voice.verdict import Judgement, Quote, Signal


def unheard(take: TakeRecord) -> bool:
    """There is a recording that nobody has recognised yet."""
    return take.transcript is None and bool(take.sound)


def unjudged(take: TakeRecord) -> bool:
    """An answer that a judge could still read: one without a verdict, or whose judge failed."""
    if take.kind not in (TakeKind.ANSWER, TakeKind.FOLLOW_UP) or not take.question or take.command:
        return False
    said = take.transcript is not None and bool(take.transcript.text.strip())
    return unheard(take) or (said and (take.judgement is None or bool(take.judgement.failed)))


def left_open(record: CallRecord) -> tuple[TakeRecord, ...]:
    """The takes that judging again would do something about."""
    takes = tuple(t for t in record.takes if unheard(t) or unjudged(t))
    if takes or record.form is not None:
        return takes
    # Every answer has its verdict, yet the call was broken off before they were added up.
    return tuple(t for t in record.takes if t.judgement is not None)


def judgement_of(record: CallRecord | None, question: str) -> Judgement | None:
    """The judgement of a question over all its takes, if there is one."""
    if record is None or not question:
        return None
    return next((j for j in record.judgements if j.question == question), None)


def answers_of(family: Sequence[CallRecord], question: str) -> tuple[CallRecord, ...]:
    """The calls of a family in which a question was answered; one in which it was answered again at once (Coach mode)
    counts once for each take."""
    from hireflow_voice.report import attempts  # loaded with the record, off the GUI thread

    answered = [one for one in family if any(t.question == question and t.answers_question for t in one.takes)]
    return tuple(take for one in answered for take in attempts(one, question) or (one,))


def quotes_in(record: CallRecord, take: TakeRecord) -> tuple[Quote, ...]:
    """The quotes that were said in a take; none while a person scores the call without seeing the judge."""
    if record.scoring is not None:
        return ()
    judgement = judgement_of(record, take.question)
    places = record.quote_takes.get(take.question, {})
    if judgement is None:
        return ()
    return tuple(p.quote for p in judgement.points if p.quote is not None and places.get(p.point) == take.id)


def evidence_of(record: CallRecord) -> dict[Signal, list[Evidence]]:
    """The judged key points behind each line of the form."""
    found: dict[Signal, list[Evidence]] = {}
    for number, question in enumerate(record.header.questions, start=1):
        judgement = judgement_of(record, question.id)
        verdicts = {p.point: p.verdict for p in judgement.points} if judgement is not None else {}
        for point in question.key_points:
            if point.id in verdicts:
                found.setdefault(point.signal, []).append(Evidence(question.id, number, point.text, verdicts[point.id]))
    return found


def rows_of(record: CallRecord, *, writing: bool) -> tuple[Row, ...]:
    """The lines of the list: form, introduction, questions with their follow-ups, the candidate's own questions."""
    scoring = record.scoring
    band = record.form.band.value if record.form else ("being written" if writing else "not judged yet")
    band = band if scoring is None else "score it first"
    rows = [Row(RowKind.FORM, "Interviewer's form", band.capitalize())]
    talk = (TakeKind.INTRODUCTION, TakeKind.OWN_QUESTION)
    rows += [_talk(t) for t in record.takes if t.kind is TakeKind.INTRODUCTION]
    for number, question in enumerate(record.header.questions, start=1):
        takes = [t for t in record.takes if t.question == question.id and t.kind not in talk]
        judgement = judgement_of(record, question.id)
        given = len(scoring.points.get(question.id, {})) if scoring is not None else 0
        if not takes:
            right = "not answered"
        elif scoring is not None:
            right = f"{given} of {len(question.key_points)}"
        elif judgement is not None and judgement.score is not None:
            # What is not judged yet can only add to it.
            right = f"{percent(judgement.score)} so far" if any(map(unjudged, takes)) else percent(judgement.score)
        else:
            right = "judging" if writing else "not judged"
        first = takes[0].id if takes else ""
        rows.append(Row(RowKind.QUESTION, f"Question {number}", one_line(question.text), right, question.id, first))
        rows += [Row(RowKind.FOLLOW_UP, TAKES[t.kind], one_line(t.asked), "", question.id, t.id) for t in takes[1:]]
    rows += [_talk(t) for t in record.takes if t.kind is TakeKind.OWN_QUESTION]
    return tuple(rows)


def _talk(take: TakeRecord) -> Row:
    said = take.transcript.text if take.transcript and take.transcript.text else take.asked
    text = said if take.kind is TakeKind.OWN_QUESTION else take.asked
    return Row(RowKind.TALK, TAKES[take.kind], one_line(text), "", "", take.id)

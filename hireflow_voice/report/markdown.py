"""A report as Markdown (CommonMark with tables), every word from outside escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hireflow_voice.report import words
from hireflow_voice.report.model import (
    EvidenceReport,
    PointReport,
    QuestionReport,
    QuestionStatus,
    QuoteReport,
    RemarkReport,
    Report,
    TakeReport,
)
from hireflow_voice.verdict import Verdict

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~$@]|&(?=[#\w]))")
_LINE_START = re.compile(r"^(\d{1,9})([.)])|^([-+=])")

_VERDICTS = {Verdict.COVERED: "Covered", Verdict.PARTLY: "Partly", Verdict.MISSING: "Missing"}


def escape(text: str) -> str:
    """Text of one line that a Markdown reader shows as it is: no markup, no link, no HTML, no new paragraph."""
    line = " ".join(words.clean(text).split())
    line = _SPECIAL.sub(r"\\\1", line)
    # Bare addresses would become links by themselves.
    line = re.sub(r"://", r"\\://", line)
    line = re.sub(r"(?i)\b(www|mailto|xmpp)([.:])", r"\1\\\2", line)
    return _LINE_START.sub(lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", line)


def _quoted(text: str) -> str:
    """A block quote that keeps the lines of a typed answer."""
    lines = [escape(line) for line in words.clean(text).splitlines()]
    return "> " + "\\\n> ".join(line for line in lines if line) if any(lines) else "> (nothing)"


def to_markdown(report: Report) -> str:
    """The whole report."""
    parts = [_head(report), _form(report)]
    parts += [_takes("## Introduction", report.introduction)] if report.introduction else []
    parts += [_question(question) for question in report.questions]
    parts += [_takes("## Your own questions", report.own_questions)] if report.own_questions else []
    parts += [f"## Your notes\n\n{_quoted(report.notes)}"] if report.notes else []
    parts += [_delivery(report)] if report.delivery else []
    parts += [_conversation(report)] if report.conversation else []
    return "\n\n".join(parts) + "\n"


def _head(report: Report) -> str:
    call = report.call
    facts = [
        ("When", words.when(call.started)),
        ("Length", call.length),
        ("Role", call.role),
        ("Interviewer", call.interviewer),
        ("Candidate", call.candidate),
        ("Judged", call.judge),
        ("Written by", f"HireFlow Voice {call.version}" if call.version else ""),
    ]
    lines = [f"# {escape(call.company)}: {escape(call.round)}", ""]
    lines += [f"- {name}: {escape(value)}" for name, value in facts if value]
    if call.demo:
        lines.append("- A demonstration: both sides were spoken by the computer.")
    return "\n".join(lines)


def _form(report: Report) -> str:
    form = report.form
    if form is None:
        return "## The interviewer's form\n\nNothing is judged yet."
    going = {True: "yes", False: "no", None: "not enough evidence"}[form.next_round]
    lines = [
        "## The interviewer's form (practice estimate)",
        "",
        f"**{form.band.value.capitalize()}.** Next round: {going}. {escape(form.reason)}",
        "",
        f"Judged: {form.judged} of {form.asked} questions. A practice estimate, not a hiring decision.",
        "",
        "| Signal | Mark | Why |",
        "|---|---|---|",
    ]
    for line in form.signals:
        mark = f"{line.mark} of 4, {line.word}" if line.mark is not None else line.word
        lines.append(f"| {line.name} | {mark} | {escape(line.reason)} |")
    practise = (form.practise,) if form.practise is not None else ()
    parts = ["\n".join(lines), _remarks("### Practise next", practise)]
    parts += [_remarks("### Strengths", form.strengths), _remarks("### Gaps", form.gaps)]
    rests = [line for line in form.signals if line.evidence]
    parts += ["### What each mark rests on"] if rests else []
    parts += [f"**{line.name}**\n\n" + "\n".join(_evidence(one) for one in line.evidence) for line in rests]
    return "\n\n".join(part for part in parts if part)


def _remarks(title: str, found: Sequence[RemarkReport]) -> str:
    return f"{title}\n\n" + "\n".join(_remark(one) for one in found) if found else ""


def _remark(said: RemarkReport) -> str:
    where = f" (question {said.question})" if said.question is not None else ""
    line = f"- {escape(said.text)}{where}"
    return f"{line}\n  > {_quote(said.quote)}" if said.quote is not None else line


def _evidence(one: EvidenceReport) -> str:
    where = f", question {one.question}" if one.question is not None else ""
    weight = f", {one.earned:.1f} of {one.needed:.1f}" if one.needed else ""
    line = f"- {_VERDICTS[one.verdict]}{where}{weight}: {escape(one.text)}"
    return f"{line}\n  > {_quote(one.quote)}" if one.quote is not None else line


def _question(question: QuestionReport) -> str:
    parts = [f"## Question {question.number}: {escape(question.text)}"]
    if question.status is QuestionStatus.JUDGED:
        judged = escape(words.judged_by(question.judge))
        score = "" if question.score is None else f"**{words.percent(question.score)}**, "
        parts.append(f"{score}{judged}. {escape(question.why)}".rstrip())
    else:
        parts.append(f"**{question.status.value.capitalize()}.** {escape(question.why)}")
    if question.written_by:
        parts.append(f"*{escape(words.written_by(question.written_by))}*")
    if question.points:
        parts.append("### Key points\n\n" + "\n".join(_point(point) for point in question.points))
    if question.misconceptions:
        parts.append("### Said, but not so\n\n" + _bullets(question.misconceptions))
    if question.remarks:
        parts.append("### Remarks of the judge (nothing is subtracted for them)\n\n" + _bullets(question.remarks))
    if question.answers:
        takes = [take for answer in question.answers for take in (answer, *answer.follow_ups)]
        parts.append(_takes("### What was said", takes))
    if question.adds:
        parts.append("### What a strong answer adds\n\n" + _bullets(question.adds))
    if question.outline and question.status is not QuestionStatus.NOT_ASKED:
        outline = "\n".join(f"{n}. {escape(step)}" for n, step in enumerate(question.outline, 1))
        parts.append("### A strong answer, in outline\n\n" + outline)
    if question.sources:
        parts.append("### Sources\n\n" + "\n".join(_source(s.title, s.url, s.checked) for s in question.sources))
    return "\n\n".join(parts)


def _bullets(texts: tuple[str, ...]) -> str:
    return "\n".join(f"- {escape(text)}" for text in texts)


def _point(point: PointReport) -> str:
    line = f"- **{_VERDICTS[point.verdict]}**: {escape(point.text)}" + (
        f" ({escape(point.doubt)})" if point.doubt else ""
    )
    return f"{line}\n  > {_quote(point.quote)}" if point.quote is not None else line


def _quote(quote: QuoteReport) -> str:
    place = ", ".join(part for part in (quote.label, quote.at) if part)
    return f"“{escape(quote.text)}”" + (f" ({place})" if place else "")


def _source(title: str, url: str, checked: str) -> str:
    # Percent-encoded, an address cannot end the link early.
    safe = re.sub(r"[\s<>\\()`\"]|[^\x21-\x7e]", lambda m: "".join(f"%{b:02X}" for b in m[0].encode("utf-8")), url)
    link = f"[{escape(title)}](<{safe}>)" if url else escape(title)
    return f"- {link}" + (f", read {escape(checked)}" if checked else "")


def _takes(title: str, takes: tuple[TakeReport, ...] | list[TakeReport]) -> str:
    return "\n\n".join([title, *(_take(take) for take in takes)])


def _take(take: TakeReport) -> str:
    length = f", {words.clock(take.seconds)} long" if take.sound else ", typed"
    sound = f", `{take.sound}`" if re.fullmatch(r"[\w.-]+", take.sound) else ""
    lines = [f"**{take.label}** at {take.call_at}{length}{sound}", "", f"Asked: {escape(take.asked)}"]
    if take.about:
        lines += ["", f"About: {escape(take.about)}"]
    if take.command:
        lines += ["", escape(words.command(take.command))]
    if take.gaps:
        lost = sum(seconds for _, seconds in take.gaps)
        lines += ["", f"The microphone was lost for {words.clock(lost)} in this recording."]
    if take.transcript is None:
        lines += ["", "Not recognised yet."]
    else:
        lines += ["", _quoted(take.transcript.text)]
        if take.transcript.corrections:
            fixed = "; ".join(f"{escape(c.heard)} → {escape(c.written)}" for c in take.transcript.corrections)
            lines += ["", f"Spelling repaired: {fixed}"]
        if take.transcript.by_hand:
            fixed = "; ".join(f"{escape(c.heard)} → {escape(c.written)}" for c in take.transcript.by_hand)
            lines += ["", f"Corrected by the candidate: {fixed}"]
    return "\n".join(lines)


def _delivery(report: Report) -> str:
    lines = ["## Delivery", "", words.APPROXIMATE, ""]
    numbers = {question.id: question.number for question in report.questions}
    for one in report.delivery:
        where = f"Question {numbers[one.question]}, {one.label.lower()}" if one.question in numbers else one.label
        lines.append(f"- **{where}**: {' '.join(one.sentences)}")
    return "\n".join(lines)


def _conversation(report: Report) -> str:
    lines = ["## The conversation", ""]
    lines += [
        f"- {line.at} **{escape(line.speaker.capitalize())}**: {escape(line.text)}" for line in report.conversation
    ]
    return "\n".join(lines)

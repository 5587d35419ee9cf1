"""What the form tells besides its marks: what to practise, strengths and gaps, each with the words it rests on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from hireflow_voice.records import CallRecord
from hireflow_voice.ui.theme import Theme, Type
from hireflow_voice.ui.widgets.basics import Label, Rule
from hireflow_voice.ui.widgets.point_rows import Evidence, WordsButton
from hireflow_voice.ui.words import one_line
from hireflow_voice.verdict import Remark, SignalMark


def numbers_of(record: CallRecord) -> dict[str, int]:
    """Question id -> number, as listed."""
    return {question.id: number for number, question in enumerate(record.header.questions, start=1)}


def remarks(theme: Theme, record: CallRecord, chosen: Callable[[str], object]) -> list[QWidget]:
    """Titles and lines, in order; a click on a line gives the id of its question to `chosen`."""
    form = record.form
    if form is None:
        return []
    numbers = numbers_of(record)
    parts = (
        ("Practise next", "lightbulb", "accent", (form.practise,) if form.practise is not None else ()),
        ("Strengths", "circle-check", "good", form.strengths),
        ("Gaps", "circle", "bad", form.gaps),
    )
    widgets: list[QWidget] = []
    for title, icon, role, found in parts:
        if found:
            widgets += [Rule(), Label(theme, title, Type.STRONG)]
        for remark in found:
            button = WordsButton(theme, f"{title}: {remark.text}", _words(remark, numbers), icon, role)
            button.clicked.connect(lambda _=False, question=remark.question: chosen(question))
            widgets.append(button)
    return widgets


def _words(remark: Remark, numbers: dict[str, int]) -> str:
    number = numbers.get(remark.question)
    where = f"Question {number} · " if number is not None else ""
    said = f" You said: “{one_line(remark.quote.text, 300)}”" if remark.quote is not None else ""
    return f"{where}{one_line(remark.text, 400)}{said}"


def signs(record: CallRecord, marked: SignalMark) -> list[Evidence]:
    """What a line rests on that no key point feeds: the words that were found."""
    numbers = numbers_of(record)
    return [
        Evidence(
            one.question,
            numbers.get(one.question, 0),
            f"{one.text}: “{one_line(one.quote.text, 200)}”" if one.quote is not None else one.text,
            one.verdict,
        )
        for one in marked.evidence
        if not one.point
    ]

"""The form's remarks: each leads to its question, and a line that no key point feeds unfolds to the words found."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pytestqt.qtbot import QtBot

from hireflow_voice.ui.pages.review_cards import FormCard
from hireflow_voice.ui.theme import Theme
from hireflow_voice.ui.widgets.basics import Label
from hireflow_voice.ui.widgets.point_rows import PointRow, WordsButton
from hireflow_voice.verdict import Evidence, PointJudgement, Quote, Remark, Signal, SignalMark, Verdict

QUOTE = Quote("a token bucket for each client", 0, 30, 1.0, 3.0)


def card(qtbot: QtBot, theme: Theme, fakes: Any, **form: Any) -> FormCard:
    record = fakes.make_record(all_judged=True)
    made = FormCard(theme, replace(record, form=replace(record.form, **form)), None)
    qtbot.addWidget(made)
    return made


def buttons(card: FormCard) -> dict[str, WordsButton]:
    return {button.accessibleName(): button for button in card.findChildren(WordsButton)}


def test_every_remark_names_its_question_quotes_what_was_said_and_leads_there(
    qtbot: QtBot, theme: Theme, fakes: Any
) -> None:
    form = card(
        qtbot,
        theme,
        fakes,
        strengths=(Remark("A bucket per client.", "q1", "local", QUOTE, "02-q1-answer"),),
        gaps=(Remark("What a failed store means.", "q2", "failure"),),
        practise=Remark("Explain this aloud: what a failed store means.", "q2", "failure"),
    )
    found = buttons(form)
    assert [
        label.text() for label in form.findChildren(Label) if label.text() in ("Practise next", "Strengths", "Gaps")
    ] == [
        "Practise next",
        "Strengths",
        "Gaps",
    ]
    strength = found["Strengths: A bucket per client."]
    assert strength._words == "Question 1 · A bucket per client. You said: “a token bucket for each client”"
    with qtbot.waitSignal(form.question_chosen) as chosen:
        strength.click()
    assert chosen.args == ["q1"]
    with qtbot.waitSignal(form.question_chosen) as chosen:
        found["Practise next: Explain this aloud: what a failed store means."].click()
    assert chosen.args == ["q2"]


def test_without_remarks_there_are_no_titles(qtbot: QtBot, theme: Theme, fakes: Any) -> None:
    form = card(qtbot, theme, fakes)
    texts = [label.text() for label in form.findChildren(Label)]
    assert not {"Practise next", "Strengths", "Gaps"} & set(texts)


def test_a_line_that_no_key_point_feeds_unfolds_to_the_words_found(qtbot: QtBot, theme: Theme, fakes: Any) -> None:
    evidence = (
        Evidence("Reasons given: in 1 of 2 answers", Verdict.PARTLY, "q1", quote=QUOTE, take="02-q1-answer"),
        Evidence("An end: in 0 of 2 answers", Verdict.MISSING),
    )
    form = card(qtbot, theme, fakes, signals=(SignalMark(Signal.COMMUNICATION, 2, "Few signs.", evidence),))
    (line,) = form.lines
    assert line.unfold is not None
    line.unfold.click()
    assert [b._words for b in form.findChildren(WordsButton)] == [
        "Partly · question 1 · Reasons given: in 1 of 2 answers: “a token bucket for each client”",
        "Missing · An end: in 0 of 2 answers",
    ]


def test_a_point_that_was_read_two_ways_says_so(qtbot: QtBot, theme: Theme) -> None:
    row = PointRow(
        theme, "A point.", PointJudgement("a", Verdict.PARTLY, 0.5, QUOTE, "Read twice: once covered, once missing.")
    )
    qtbot.addWidget(row)
    assert "Read twice: once covered, once missing." in [label.text() for label in row.findChildren(Label)]

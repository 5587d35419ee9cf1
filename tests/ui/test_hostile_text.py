"""Text from outside is shown as it is: no markup, nothing loaded, nothing that takes for ever."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from hireflow_voice.app.api import Readiness
from hireflow_voice.events import Caption, Phase, PhaseChanged, QuestionChanged, Trouble
from hireflow_voice.transcript import typed
from hireflow_voice.ui.window import MainWindow

TABLES = "<table><tr><td>" * 20 + "x" + "</td></tr></table>" * 20
"""661 bytes that kept QLabel busy for 22 s when it guessed rich text."""
HUGE = "word " * 400_000
IMAGE = '<img src="/etc/hostname"><b>bold</b>'


@pytest.mark.parametrize("text", [TABLES, HUGE, IMAGE], ids=["tables", "huge", "image"])
def test_any_text_in_any_place_is_shown_plain_and_soon(window: MainWindow, api: Any, fakes: Any, text: str) -> None:
    record = fakes.make_record()
    header = replace(
        record.header,
        company=text,
        interviewer=text,
        round=text,
        judge=text,
        questions=tuple(replace(q, text=text, outline=(text,)) for q in record.header.questions),
    )
    takes = tuple(replace(t, asked=text, transcript=typed(text)) for t in record.takes)
    form = replace(record.form, reason=text, signals=tuple(replace(s, reason=text) for s in record.form.signals))
    judgements = (
        replace(
            record.judgements[0],
            flags=(text,),
            judge=text,
            points=tuple(
                replace(p, quote=replace(p.quote, text=text)) if p.quote else p for p in record.judgements[0].points
            ),
        ),
    )
    api.add(replace(record, header=header, takes=takes, form=form, judgements=judgements))
    api.summaries = tuple(replace(s, company=text, round=text, started=text) for s in api.summaries)
    api.items = (Readiness(text, False, text, text, needed=False),)
    begun = time.monotonic()
    window.home.refresh()
    QApplication.processEvents()
    window.grab()
    window.open_review(record.header.id)
    for row in range(len(window.review.list.rows)):
        window.review.list.choose(row)
        QApplication.processEvents()
        window.grab()
    window.open_home()
    window.home.start()
    api.on_event(PhaseChanged(0.0, Phase.SPEAKING))
    api.on_event(QuestionChanged(1.0, 1, 3, "q1", text))
    api.on_event(Caption(1.0, "interviewer", text, "a"))
    api.on_event(Caption(1.0, "candidate", text, "b"))
    api.on_event(Trouble(1.0, "Odd", text, text, text))
    QApplication.processEvents()
    window.grab()
    # No timing is asserted tightly; guessing rich text took 22 s for a single label.
    assert time.monotonic() - begun < 20
    for label in window.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText, label.text()[:80]
        assert len(label.text()) <= 2_000


def test_tooltips_with_markup_are_escaped(window: MainWindow, api: Any) -> None:
    api.summaries = tuple(replace(s, company=IMAGE) for s in api.summaries)
    window.home.refresh()
    assert "<img" not in window.home.rows[0].open.toolTip()

"""A report as text: JSON for tools, Markdown for notes, HTML for reading, a plainer HTML for printing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from hireflow_voice.errors import InputError
from hireflow_voice.records import CallRecord
from hireflow_voice.report import words
from hireflow_voice.report.build import build
from hireflow_voice.report.embed import Sounds
from hireflow_voice.report.markdown import to_markdown
from hireflow_voice.report.model import Report, TranscriptReport

FORMS = ("md", "json", "html")

_INVISIBLE = re.compile("[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]")


PRINT = "print"
"""Not offered as such: the HTML that `ui.pdf` prints."""


def render(record: CallRecord, form: str, sounds: Sounds | None = None) -> str:
    """The report of a call as text; `form` is one of FORMS, or PRINT. Raises InputError for another.

    `sounds`: put the recordings into the HTML, which is slow then.
    """
    makers: dict[str, Callable[[Report], str]] = {
        "md": to_markdown,
        "json": to_json,
        "html": lambda report: to_html(report, sounds),
        PRINT: lambda report: _environment().get_template("print.html.j2").render(report=report),
    }
    if form not in makers:
        raise InputError(f"There is no report of the form {form[:20]!r}.", f"Choose one of {', '.join(FORMS)}.")
    return makers[form](build(record))


def to_json(report: Report) -> str:
    """Every character is kept, so that offsets stay true; invisible ones are written as escapes."""
    text = json.dumps(report.model_dump(mode="json"), ensure_ascii=False, allow_nan=False, indent=2)
    return _INVISIBLE.sub(lambda found: _escaped(found[0]), text) + "\n"


def _escaped(character: str) -> str:
    return json.dumps(character)[1:-1]


def to_html(report: Report, sounds: Sounds | None = None) -> str:
    """One page that needs nothing else: it loads no file, no font, no script; recordings stand in it or nowhere."""
    takes = [
        *report.introduction,
        *report.own_questions,
        *(take for q in report.questions for answer in q.answers for take in (answer, *answer.follow_ups)),
    ]
    files = {take.id: take.sound for take in takes}
    return _environment().get_template("report.html.j2").render(report=report, sounds=sounds, files=files)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("hireflow_voice.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    environment.filters.update(clock=words.clock, when=words.when, percent=words.percent, command=words.command)
    environment.filters.update(judged_by=words.judged_by, written_by=words.written_by)
    environment.globals.update(approximate=words.APPROXIMATE, marked=_marked)
    return environment


def _finalize(value: Any) -> Any:
    """Runs on everything the template prints, before it is escaped."""
    return words.clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _marked(transcript: TranscriptReport) -> list[tuple[str, bool]]:
    """The text in pieces, (piece, whether the recogniser was unsure of it)."""
    pieces: list[tuple[str, bool]] = []
    at = 0
    for word in transcript.words:
        if word.probability < words.UNSURE and at <= word.start_char < word.end_char <= len(transcript.text):
            pieces += [
                (transcript.text[at : word.start_char], False),
                (transcript.text[word.start_char : word.end_char], True),
            ]
            at = word.end_char
    pieces.append((transcript.text[at:], False))
    return [piece for piece in pieces if piece[0]]

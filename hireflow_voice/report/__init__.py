"""A call, written down: Markdown, HTML and JSON. Reads only what the store holds."""

from hireflow_voice.report.agreement import Agreement, agreement
from hireflow_voice.report.build import build
from hireflow_voice.report.compare import Comparison, answer_of, attempts, compare, judgement_of
from hireflow_voice.report.embed import Sounds
from hireflow_voice.report.markdown import to_markdown
from hireflow_voice.report.model import Report, schema
from hireflow_voice.report.render import FORMS, PRINT, render, to_html, to_json
from hireflow_voice.report.words import describe, written_by

__all__ = [
    "FORMS",
    "PRINT",
    "Agreement",
    "Comparison",
    "Report",
    "Sounds",
    "agreement",
    "answer_of",
    "build",
    "attempts",
    "compare",
    "describe",
    "judgement_of",
    "render",
    "schema",
    "to_html",
    "to_json",
    "to_markdown",
    "written_by",
]

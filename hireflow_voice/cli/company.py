"""`hireflow-voice company`: what is known of a company, as text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from hireflow_voice.bank.models import Company, Source

WIDTH = 100


def as_text(company: Company) -> str:
    """The whole profile for people, its sources at the end."""
    parts = [company.title, _wrapped(company.notice)]
    parts += ["How it goes", *_listed(f"{step.title}: {step.text}" for step in company.process)]
    parts += ["How they ask", *_listed(company.style)]
    parts += _listed((probe.text for probe in company.deeper), "    * ")
    parts.append("What they value")
    for value in company.values:
        parts += [*_listed([f"{value.name}: {value.text}"]), *_listed(value.shows, "    * ")]
    parts += [
        "How to prepare for it",
        *_listed(company.company_tips),
        "In any interview",
        *_listed(company.general_tips),
    ]
    parts += ["When", *_listed(f"{step.when}: {step.text}" for step in company.timeline)]
    sources = [*company.sources, *(fact.source for fact in company.facts)]
    seen = {source.url: f"{source.title}{_read(source)}: {source.url}" for source in sources}
    parts += [f"Where the {len(company.facts)} facts that the interviewer knows can be read", *_listed(seen.values())]
    return "\n".join(parts)


def _read(source: Source) -> str:
    return f", read {source.checked.isoformat()}" if source.checked else ""


def _listed(lines: Iterable[str], mark: str = "  - ") -> Iterator[str]:
    return (_wrapped(line, mark) for line in lines)


def _wrapped(line: str, mark: str = "") -> str:
    return textwrap.fill(
        line,
        WIDTH,
        initial_indent=mark,
        subsequent_indent=" " * len(mark),
        break_long_words=False,
        break_on_hyphens=False,
    )

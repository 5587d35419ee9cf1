"""Quality of a company's profile that loads: what the interviewer could not say, or nobody could ever ask for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hireflow_voice.bank.check import PROBE_WORDS, Finding, unopened
from hireflow_voice.bank.models import Bank, Company

FACT_WORDS = 60
"""Spoken in 25 s; the candidate asked, and wants to ask more."""
MIN_FACTS = 12


def check_company(company: Company, banks: Sequence[Bank]) -> tuple[Finding, ...]:
    """Everything that is wrong with a profile, beside the rounds of its folder; empty when it is fit to ship."""
    sources = unopened(company.company, company.sources)
    return (*_rounds(company, banks), *_deeper(company), *_facts(company), *sources)


def _rounds(company: Company, banks: Sequence[Bank]) -> Iterator[Finding]:
    there = {bank.round for bank in banks}
    named = {step.round for step in company.process}
    for step in company.process:
        if step.round and step.round not in there:
            yield Finding(company.company, f"The step {step.title!r} names the round {step.round}; there is none.")
    for bank in banks:
        if bank.round not in named:
            yield Finding(bank.round, "No step of the process names this round, so it is offered last.", wish=True)


def _deeper(company: Company) -> Iterator[Finding]:
    for number, probe in enumerate(company.deeper):
        where = f"{company.company}/deeper"
        if len(probe.text.split()) > PROBE_WORDS:
            yield Finding(where, f"At most {PROBE_WORDS} words can be asked in one breath: {probe.text}")
        if "?" not in probe.text:
            yield Finding(where, f"This is not a question: {probe.text}")
        if probe.text in {earlier.text for earlier in company.deeper[:number]}:
            yield Finding(where, f"This is there twice: {probe.text}")


def _facts(company: Company) -> Iterator[Finding]:
    if len(company.facts) < MIN_FACTS:
        yield Finding(company.company, f"There are {len(company.facts)} facts; {MIN_FACTS} are wanted.", wish=True)
    earlier: list[frozenset[str]] = []
    for fact in company.facts:
        where = f"{company.company}/{fact.keywords[0]}"
        if (count := len(fact.text.split())) > FACT_WORDS:
            yield Finding(where, f"The fact has {count} words; at most {FACT_WORDS} can be said at once.")
        yield from unopened(where, [fact.source])
        keywords = frozenset(fact.keywords)
        # The earlier fact answers when two share as many keywords with the question.
        if any(keywords <= others for others in earlier):
            yield Finding(where, "Nobody can ask for it: all its keywords belong to one earlier fact.")
        earlier.append(keywords)

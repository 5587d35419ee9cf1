"""A small valid bank to spoil, and a way to load whatever is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from hireflow_voice.bank.loader import load_bank
from hireflow_voice.bank.models import Bank
from hireflow_voice.errors import QuestionBankError

GOOD = """\
company: acme
round: phone
title: Phone round
role: Developer
introduction: Tell me about yourself.
minutes: 30
questions:
  - id: caching
    text: How do you cache?
    rephrased: What do you keep close at hand?
    topics: [caches]
    glossary: [LRU]
    hint: Think of what you read most often.
    enough: 4
    key_points:
      - id: expiry
        text: Entries expire after a while, because the origin may have changed in between.
        weight: 2
        signal: depth
        sources:
          - title: RFC 9111
            url: https://www.rfc-editor.org/rfc/rfc9111
            checked: 2026-11-23
        probes:
          - kind: depth
            text: How old may an answer be?
      - id: eviction
        text: A full cache drops what was used least recently to make room.
        weight: 3
        signal: trade_offs
"""


@pytest.fixture
def good() -> str:
    """Text of a bank that loads."""
    return GOOD


@pytest.fixture
def load(tmp_path: Path) -> Callable[[str | bytes], Bank]:
    """Write a round and load it."""

    def write_and_load(text: str | bytes) -> Bank:
        path = tmp_path / "acme" / "phone.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text)
        return load_bank(path)

    return write_and_load


@pytest.fixture
def refusal(load: Callable[[str | bytes], Bank]) -> Callable[[str | bytes], str]:
    """Write a round that must be refused; the sentence it is refused with."""

    def write_and_fail(text: str | bytes) -> str:
        with pytest.raises(QuestionBankError) as caught:
            load(text)
        return caught.value.sentence

    return write_and_fail

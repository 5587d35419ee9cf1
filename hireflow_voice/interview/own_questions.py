"""What the interviewer answers when the candidate asks."""

from __future__ import annotations

import re

from hireflow_voice.interview.plan import Fact

_LONGEST = 4000
"""Characters of a question that are looked at; nobody asks longer, and a hostile text must not cost time."""


def find_fact(facts: tuple[Fact, ...], question: str) -> str | None:
    """Text of the fact that shares most keywords with the question, the earlier one when two share as many; or None."""
    words = _plain(question[:_LONGEST])
    best, most = None, 0
    for fact in facts:
        hits = sum(_mentions(words, keyword) for keyword in dict.fromkeys(fact.keywords))
        if hits > most:
            best, most = fact.text, hits
    return best


def _mentions(words: str, keyword: str) -> bool:
    key = _plain(keyword)
    return bool(key) and re.search(rf"(?<!\w){re.escape(key)}(?:'?e?s)?(?!\w)", words) is not None


def _plain(text: str) -> str:
    return re.sub(r"[^\w'+#]+", " ", text.replace("’", "'").lower()).strip()

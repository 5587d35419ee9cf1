"""What the interviewer says in Coach mode of an answer, as frames for words that come from elsewhere.

Nothing is praised that was not said: a strength is told with the words that made it. What is open is named by its side
of the subject, never by its content.
"""

from __future__ import annotations

import re

SIDES: dict[str, str] = {
    "framing": "how you frame the problem",
    "depth": "how it works underneath",
    "trade_offs": "what each choice costs",
    "operations": "failure and operations",
    "estimation": "the numbers",
    "complexity": "the cost in time and memory",
    "edge_cases": "the edge cases",
    "situation": "the situation",
    "action": "what you did yourself",
    "result": "how it ended",
    "learning": "what you learned from it",
    "scope": "how far your part reached",
    "motivation": "your motivation",
    "story": "your story",
    "logistics": "the practical side",
}
"""By signal of the form: the side of a subject that a key point is about."""
OTHER_SIDE = "one more side of it"
LONGEST_QUOTE = 16
"""Words of the candidate's that are read back at most."""

SHORTEST_SENTENCE = 5
"""Words that can stand by themselves."""
_TIES = frozenset(("and", "but", "so", "because", "or", "then", "um", "uh", "well", "okay", "also", "plus"))

NOTHING_FOUND = "I could not connect what you said with the points I was listening for."
NOTHING_OPEN = "You left nothing open that I was listening for."


def strength(signal: str, quote: str, *, sure: bool = True) -> str:
    """One true strength, with the words in which it was heard. `quote`: a slice of what was said; `sure`: whether it is
    known to be one, otherwise it is only told that it was heard."""
    if not sure:
        return f"I heard you on {_side(signal)}, when you said: {read_back(quote)}"
    return f"You were strong on {_side(signal)}, when you said: {read_back(quote)}"


def gap(signal: str, *, begun: bool, also: str = "") -> str:
    """What is open. `begun`: it was touched on; `also`: the signal of the strength."""
    if begun:
        return f"You only touched on {_side(signal)}: take that further."
    if signal == also:
        return f"There is more to say about {_side(signal)}."
    return f"What I did not hear yet is about {_side(signal)}."


def read_back(quote: str) -> str:
    """The quote as it is spoken: its first whole sentence, without what only ties it to the one before.

    A quote is a stretch of speech and seldom begins and ends where a sentence does.
    """
    parts = re.split(r"(?<=[.?!])\s+", quote.strip())
    words = next((part for part in parts if len(parts) > 1 and _whole(part)), quote).split()
    while len(words) > SHORTEST_SENTENCE and _ties(words[0]):
        del words[0]
    said = " ".join(words[:LONGEST_QUOTE]).rstrip(" ,;:–-")
    if len(words) > LONGEST_QUOTE:
        return f"{said} …"
    return said if said.endswith((".", "?", "!", "…")) else f"{said}."


def _whole(part: str) -> bool:
    """Whether a sentence of a quote is neither cut off nor begun in its middle."""
    words = part.split()
    begins = _ties(words[0]) or not words[0][:1].islower()
    return begins and part.endswith((".", "?", "!")) and len(words) >= SHORTEST_SENTENCE


def _ties(word: str) -> bool:
    return word.lower().strip(",.") in _TIES


def _side(signal: str) -> str:
    return SIDES.get(signal, OTHER_SIDE)

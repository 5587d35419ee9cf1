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


def strength(signal: str, quote: str) -> str:
    """One true strength, with the words in which it was heard. `quote`: a slice of what was said."""
    return f"You were strong on {_side(signal)}, when you said: {read_back(quote)}"


def gap(signal: str, *, begun: bool, also: str = "") -> str:
    """What is open. `begun`: it was touched on; `also`: the signal of the strength."""
    if begun:
        return f"You only touched on {_side(signal)}: take that further."
    if signal == also:
        return f"There is more to say about {_side(signal)}."
    return f"What I did not hear yet is about {_side(signal)}."


def read_back(quote: str) -> str:
    """The quote as it is spoken: its first sentence, without what only ties it to the one before, ending like one.

    A quote is a stretch of speech and seldom begins and ends where a sentence does.
    """
    first, *later = re.split(r"(?<=[.?!])\s+", quote.strip())
    words = (first if later and len(first.split()) >= SHORTEST_SENTENCE else quote).split()
    while len(words) > SHORTEST_SENTENCE and words[0].lower().strip(",.") in _TIES:
        del words[0]
    said = " ".join(words[:LONGEST_QUOTE]).rstrip(" ,;:–-")
    if len(words) > LONGEST_QUOTE:
        return f"{said} …"
    return said if said.endswith((".", "?", "!", "…")) else f"{said}."


def _side(signal: str) -> str:
    return SIDES.get(signal, OTHER_SIDE)

"""What the words say about the end of a turn.

Alone they are as unsure as the voice (`smart`): a full stop after a sentence is not the end of an answer. Together they
choose how long a silence may last (`patience`).
"""

from __future__ import annotations

import re

HANGING = frozenset(
    re.findall(
        r"\S+",
        """
        a an the and but or so because if then which who when where while with to of for from by at in on as is are was
        were be been has have had do does i i'd i'll we you they he she it's my your our their um uh like well would
        could should will can might not than between into about basically probably let's
        """,
    )
)
"""Words with which hardly a sentence ends, whatever full stop the recogniser puts after them."""
_ENDS = (".", "?", "!")
_OPENS_CLOSED = frozenset(
    re.findall(
        r"\S+",
        """
        is are was were do does did has have had will would can could should isn't aren't doesn't don't
        """,
    )
)
"""First words of a question that "yes" can answer ..."""
_INVITES = re.compile(
    r"(?:can|could|would|will) (?:you|we) (?:please |also |just |briefly )?"
    r"(?:tell|walk|talk|describe|explain|give|sketch|say|think|show|share|name|list|compare|design|go|take|imagine)\b"
    r"|do you (?:mind|think you could)"
)
"""... but which asks for more."""
_CLOSED_REPLY = re.compile(
    r"(?:(?:um+|uh+|well|oh|so|and|sorry|honestly)\W+)*"
    r"(?:yes|yeah|yep|yup|no|nope|nah|sure|right|correct|exactly|okay|ok|maybe|never|always|it depends|of course"
    r"|i don'?t know|i do not know|i (?:think|guess) so|i (?:do|don'?t|would|wouldn'?t|have|haven'?t)|not really"
    r"|not sure|no idea|i'?m not sure|neither|both)(?:\W+(?:sir|please|thanks|thank you|exactly|i think|sorry))?"
)


def complete(text: str) -> bool:
    """Whether the text ends like a finished sentence."""
    said = text.rstrip(" \"')»”")
    if not said.endswith(_ENDS) or said.endswith(("...", "…")):
        return False
    words = re.findall(r"[\w'’]+", said.lower())
    return bool(words) and words[-1].replace("’", "'") not in HANGING


def closed_question(asked: str) -> bool:
    """Whether a word or two can be the whole answer. Of several sentences the last one is the question."""
    sentences = [s.strip() for s in re.split(r"(?<=[.?!])\s+", asked.strip()) if s.strip()]
    last = sentences[-1].lower().replace("’", "'") if sentences else ""
    first = last.split(" ", 1)[0].rstrip(",")
    return last.endswith("?") and first in _OPENS_CLOSED and not _INVITES.match(last)


def closed_reply(text: str) -> bool:
    """Whether a reply is nothing but "yes", "no", "I don't know" or the like."""
    said = text.lower().replace("’", "'").strip(" .,!?…")
    return _CLOSED_REPLY.fullmatch(said) is not None

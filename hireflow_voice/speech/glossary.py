"""The words a question is likely to be answered with, put to the recogniser as its prompt.

Names and spellings only: the prompt biases what is heard, so nothing of the expected answer belongs in it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

FILLERS = "Um, uh, hmm, er, ah."
"""With these in the prompt Whisper writes down the hesitations it otherwise leaves out."""
CONTEXT = 448
"""Whisper's tokens for the prompt and the text together."""
AROUND = 5
"""Tokens that frame a prompt: start of prompt, start of transcript, language, task, no timestamps."""
TOKENS_PER_SECOND = 8
EXTRA_TOKENS = 16


def text_budget(seconds: float) -> int:
    """Most tokens that a chunk of this length can be: a decoder loop ends there."""
    return int(TOKENS_PER_SECOND * seconds) + EXTRA_TOKENS


def prompt(
    terms: Sequence[str], tokens: Callable[[str], int], seconds: float, *, fillers: bool = True
) -> tuple[str, tuple[str, ...]]:
    """The prompt for a chunk of `seconds`, and the terms of it.

    `tokens` counts the tokens of a text. Terms that do not fit beside the text itself are left out, the last ones
    first. Empty if there is nothing to say.
    """
    # Whisper itself looks at no more than half its context of prompt.
    room = min(CONTEXT - AROUND - text_budget(seconds), CONTEXT // 2 - 1)
    kept = [term.strip() for term in terms if term.strip()]
    while True:
        parts = [f"I would talk about {', '.join(kept)}."] if kept else []
        text = " ".join([*parts, FILLERS] if fillers else parts)
        if not kept or tokens(f" {text}") <= room:
            return text, tuple(kept)
        kept.pop()

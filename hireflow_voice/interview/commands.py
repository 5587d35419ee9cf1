"""Spoken replies that are not answers: "let me think", "could you repeat that", "skip", "I don't know".

A reply is a command only if *all* of it is made of such phrases and of words that say nothing ("um", "sorry",
"good question"). So "we retry, then skip the message" and "I'm not sure how they do it, but anycast announces one
prefix from many places" stay what they are: answers.
"""

from __future__ import annotations

import re
from functools import cache

from hireflow_voice.interview import spoken
from hireflow_voice.interview.inputs import Wish

_LONGEST = 240
_MOST_WORDS = 30
"""Nobody needs more for a command; a longer reply is an answer."""

_SHORT_FORMS = {
    "dunno": "do not know",
    "gimme": "give me",
    "lemme": "let me",
    "wanna": "want to",
    "gotta": "have to",
    "can't": "can not",
    "cant": "can not",
    "cannot": "can not",
    "let's": "let us",
    "lets": "let us",
    "i'm": "i am",
    "im": "i am",
    **{
        f"{verb}{n}": f"{verb} not"
        for verb in ["do", "did", "have", "would", "could", "is", "was", "does"]
        for n in ("n't", "nt")
    },
    **{f"{who}'s": f"{who} is" for who in ["that", "it", "what", "there", "here"]},
    **{f"{who}'re": f"{who} are" for who in ["you", "we", "they"]},
    **{f"{who}'ve": f"{who} have" for who in ["i", "you", "we", "they"]},
    **{f"{who}'ll": f"{who} will" for who in ["i", "you", "we", "that", "it"]},
    **{f"{who}'d": f"{who} would" for who in ["i", "you", "we", "that", "it"]},
}
_EMPTY_WORDS = re.compile(
    r"u+m+|u+h+|e+r+m?|h+m+|m+h*m+|a+h+|o+h+|please|just|really|actually|honestly|frankly|simply|maybe|perhaps|quickly"
    r"|kindly|possibly"
)
_ONLY_WHAT = {"sorry ", "what ", "huh ", "sorry sorry ", "what what ", "excuse me ", "i am sorry "}
"""Nothing but these asks for a repetition; beside other words they say nothing."""


def _pattern(notation: str) -> str:
    """What is written in the notation of `spoken`, as a regular expression over words that each end in a space."""
    phrases: list[str] = []
    lines = [line for line in notation.splitlines() if line.strip()]
    left = min(len(line) - len(line.lstrip()) for line in lines)
    for line in lines:
        if line[left].isspace():
            phrases[-1] += f" {line.strip()}"
        else:
            phrases.append(line.strip())
    return f"(?:{'|'.join(_phrase(phrase) for phrase in phrases)})"


def _phrase(phrase: str) -> str:
    parts = {"[": "(?:", "]": ")?", "]*": ")*", "(": "(?:", ")": ")", "|": "|"}
    regex = []
    for token in re.findall(r"<[^>]+>|\w+|\]\*|[\[\]()|]|\S", phrase):
        if token.startswith("<"):
            regex.append(_pattern(spoken.SLOTS[token[1:-1]]))
        elif token[0].isalnum():
            regex.append(f"{token} ")
        else:
            regex.append(parts[token])
    return "".join(regex)


@cache
def _whole(*notations: str) -> re.Pattern[str]:
    """Replies that are made of these phrases and fillers only."""
    return re.compile(f"(?:{'|'.join(_pattern(notation) for notation in [*notations, spoken.FILLERS])})+")


@cache
def _inside(notation: str) -> re.Pattern[str]:
    return re.compile(rf"\b{_pattern(notation)}")


@cache
def _opening(notation: str) -> re.Pattern[str]:
    return re.compile(f"(?:{_pattern(spoken.FILLERS)})*{_pattern(notation)}")


def warm() -> None:
    """Compile the phrases, some 0.2 s once a process, before they are needed in the middle of a call."""
    _whole(*spoken.COMMANDS.values())
    for notation in (*spoken.COMMANDS.values(), spoken.DECLINES, spoken.AGREES):
        _inside(notation)
    _whole(spoken.DECLINES)
    _whole(spoken.AGREES)
    _opening(spoken.ASKS_BACK)


def read(text: str) -> Wish | None:
    """What a short reply asks for; None when it is (or contains) an answer."""
    said = _plain(text)
    if said in _ONLY_WHAT:
        return Wish.REPEAT
    if not said or not _whole(*spoken.COMMANDS.values()).fullmatch(said):
        return None
    return next((wish for wish, notation in spoken.COMMANDS.items() if _inside(notation).search(said)), None)


def declines(text: str) -> bool:
    """Whether a reply to "what would you like to ask?" says that there is nothing (more) to ask."""
    return _says(spoken.DECLINES, text)


def only_agrees(text: str) -> bool:
    """Whether a reply says that there is a question without asking it ("Yes, one more.")."""
    return _says(spoken.AGREES, text)


def asks_back(text: str) -> bool:
    """Whether a reply is a short question about the question ("How many requests per second?")."""
    said = _plain(text)
    return bool(said) and text.rstrip().endswith("?") and _opening(spoken.ASKS_BACK).match(said) is not None


def _says(notation: str, text: str) -> bool:
    said = _plain(text)
    return bool(said and _whole(notation).fullmatch(said) and _inside(notation).search(said))


def _plain(text: str) -> str:
    """Lower case, short forms written out, no punctuation, no empty words, one space after each word.

    Empty when the reply is too long for a command.
    """
    if len(text) > _LONGEST:
        return ""
    words: list[str] = []
    for word in re.findall(r"[\w']+", text.lower().replace("’", "'").replace("‘", "'")):
        if (word := word.strip("'")) and not _EMPTY_WORDS.fullmatch(word):
            words += _SHORT_FORMS.get(word, word).replace("'", " ").split()
    return "".join(f"{word} " for word in words) if len(words) <= _MOST_WORDS else ""

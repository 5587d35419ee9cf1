"""Spoken replies that are not answers: "let me think", "could you repeat that", "skip", "I don't know".

A reply is a command only if *all* of it is made of such phrases and of words that say nothing ("um", "sorry",
"good question"). So "we retry, then skip the message" and "I'm not sure how they do it, but anycast announces one
prefix from many places" stay what they are: answers.

`said` also finds the wishes around an answer ("Let me think. A token bucket. That's my answer, next question please"):
sentences of their own before and after it, and at its end the phrases that nobody uses for anything but closing. They
are no part of the answer that is judged.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
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
    "ive": "i have",
    "id": "i would",
    "ill": "i will",
    "youre": "you are",
    "thats": "that is",
    "theres": "there is",
    "whats": "what is",
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
_IDIOMS = {"do not have a clue ": "have no idea "}
"""Phrases that contain another one by accident."""
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


@cache
def _closing() -> re.Pattern[str]:
    """The end of an answer: a phrase that closes it, and whatever is wished after that."""
    rest = "|".join(_pattern(n) for n in [*spoken.COMMANDS.values(), spoken.FILLERS])
    fillers = f"(?:{_pattern(spoken.FILLERS)})*"
    return re.compile(f"{fillers}(?:{_pattern(spoken.CLOSERS)}|{_pattern(spoken.PAUSES)})(?:{rest})*")


def warm() -> None:
    """Compile the phrases, some 0.2 s once a process, before they are needed in the middle of a call."""
    _whole(*spoken.COMMANDS.values())
    _whole()
    _closing()
    _opening(spoken.PAUSES)
    for notation in (*spoken.COMMANDS.values(), spoken.DECLINES, spoken.AGREES, spoken.AGAIN):
        _inside(notation)
    _whole(spoken.AGAIN)
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


@dataclass(frozen=True, slots=True)
class Said:
    """A reply taken apart."""

    answer: str
    """The text with blanks where wishes were, so that every place in it is the same; empty when it is all wishes."""
    wish: Wish | None
    """What the reply as a whole, or its end, asks for."""


_LEADS = (Wish.RETRY, Wish.THINK, Wish.REPEAT, Wish.REPHRASE, Wish.HINT)
"""Wishes that were granted, or given up, when an answer follows them."""
_ENDS = (Wish.HANG_UP, Wish.SKIP, Wish.HINT, Wish.REPHRASE, Wish.REPEAT, Wish.THINK, Wish.DONE)
"""Wishes with which an answer can end, the strongest first. "I'm not sure." is none: it belongs to the answer."""
_CLOSING_WORDS = 24
"""Most words of a wish at the end of an answer that is written without full stops."""


def said(text: str) -> Said:
    """The answer in a reply, and what is wished with it."""
    whole = read(text)
    if whole is not None:
        return Said("", whole)
    sentences = [(m.start(), m.end()) for m in re.finditer(r"[^.?!…]+[.?!…]*", text)]
    wishes = [read(text[a:b]) for a, b in sentences]
    empty = [
        wish is None and _whole().fullmatch(_plain(text[a:b])) is not None
        for (a, b), wish in zip(sentences, wishes, strict=True)
    ]
    end = len(sentences)
    while end and (wishes[end - 1] in _ENDS or empty[end - 1]):
        end -= 1
    if not any(wishes[end:]):
        end = len(sentences)  # only "thank you" and the like
    start = 0
    while start < end and (wishes[start] in _LEADS or empty[start]):
        start += 1
    if not any(wishes[:start]):
        start = 0
    blanks = [*sentences[:start], *sentences[end:]]
    blanks += [s for s, wish in zip(sentences[start:end], wishes[start:end], strict=True) if wish is Wish.THINK]
    wish = next((wish for wish in _ENDS if wish in wishes[end:]), None)
    if start < end:
        first, last = sentences[start][0], sentences[end - 1][1]
        closing = _closing_at(text[:last])
        if closing is not None and closing > first:
            blanks.append((closing, last))
            wish = wish or next(
                (w for w in _ENDS if _inside(spoken.COMMANDS[w]).search(_plain(text[closing:last]))), None
            )
        blanks.append((first, first + _thinking_until(text[first:last])))
    return Said(_blanked(text, blanks), wish)


def _closing_at(text: str) -> int | None:
    """Where the phrase begins that closes an answer without a full stop before it; None when there is none."""
    skipped = max(0, len(text) - _LONGEST)
    words = _words(text[skipped:])[1 if skipped else 0 :]  # the first may be half a word
    for first in range(max(0, len(words) - _CLOSING_WORDS), len(words)):
        if _closing().fullmatch(_joined(words[first:])):
            return skipped + words[first][1]
    return None


def _thinking_until(text: str) -> int:
    """Length of the "let me think" with which an answer begins that is written without full stops."""
    words = _words(text[:_LONGEST])
    found = _opening(spoken.PAUSES).match(_joined(words))
    if found is None or "think" not in found[0]:  # "give me a second server" is an answer
        return 0
    left = found.end()
    for plain, start, _ in words:
        if left <= 0:
            return start
        left -= len(plain)
    return len(text)


def _blanked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text if text.strip(" .,;:!?…-") else ""


def declines(text: str) -> bool:
    """Whether a reply to "what would you like to ask?" says that there is nothing (more) to ask."""
    return _says(spoken.DECLINES, text)


def only_agrees(text: str) -> bool:
    """Whether a reply says that there is a question without asking it ("Yes, one more.")."""
    return _says(spoken.AGREES, text)


def tries_again(text: str) -> bool:
    """Whether a reply takes the offer of another try ("Yes, once more.")."""
    return _says(spoken.AGAIN, text)


def says_nothing(text: str) -> bool:
    """Whether a reply is made of words that say nothing ("Okay, thank you.")."""
    said = _plain(text)
    return bool(said) and _whole().fullmatch(said) is not None


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
    plain = _joined(_words(text)) if len(text) <= _LONGEST else ""
    return plain if plain.count(" ") <= _MOST_WORDS else ""


def _words(text: str) -> list[tuple[str, int, int]]:
    """Each word in plain form, a space after each part of it, and where it stands; words that say nothing left out."""
    words = []
    for found in re.finditer(r"[\w']+", text.lower().replace("’", "'").replace("‘", "'")):
        if (word := found[0].strip("'")) and not _EMPTY_WORDS.fullmatch(word):
            plain = _SHORT_FORMS.get(word, word).replace("'", " ").split()
            words.append(("".join(f"{part} " for part in plain), found.start(), found.end()))
    return words


def _joined(words: Sequence[tuple[str, int, int]]) -> str:
    joined = "".join(plain for plain, _, _ in words)
    for idiom, other in _IDIOMS.items():
        joined = joined.replace(idiom, other)
    return joined

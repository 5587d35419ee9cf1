"""Communication and curiosity, read from the words by rules in code.

What rules can see is little: whether an answer says early where it goes, gives its listener marks of the way, reasons,
examples and an end; and what the candidate asked. They find such signs and cannot prove their absence, so a rule never
gives the lowest mark of communication. Accent, pace and fillers play no part: fillers and doubled words are gone before
anything is looked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hireflow_voice.evaluation.anchors import ANCHORS
from hireflow_voice.evaluation.windows import Token, tokens
from hireflow_voice.evaluation.words import content_stems, split
from hireflow_voice.transcript import Transcript
from hireflow_voice.verdict import Evidence, Quote, Signal, SignalMark, Verdict

FEWEST_WORDS = 60
"""A shorter answer has no structure to speak of (half a minute)."""
FEWEST_ANSWERS = 2
_OPENING_WORDS = 30
_CLOSING_WORDS = 35
_SHARES = ((0.6, 4), (0.35, 3))
"""Share of the signs that were found, and the mark from there on; 2 below."""
_SPECIFIC = 4
"""Content words of a question that could not be asked anywhere."""
_SHARED = 2
"""Content words that a question shares with what was talked about when it builds on it."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """One take, as far as it shows structure or curiosity."""

    take: str
    """Id."""
    question: str
    """Id; empty for the candidate's own questions."""
    asked: str
    """What the interviewer had said."""
    transcript: Transcript


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(rf"\b(?:{pattern})\b" for pattern in patterns))


_OPENING = _any(
    r"first(?:ly)?",
    r"(?:to )?(?:start|begin) (?:with|from|off)",
    r"there(?:'s| is| are) (?:two|three|four|five|several)",
    r"the (?:\w+ )?(?:main|big|biggest|key|short|core|important|first) (?:\w+ )?(?:thing|difference|point|answer|idea"
    r"|question|reason|problem|choice)",
    r"(?:it|that|this) depends on",
    r"in (?:short|one sentence|a nutshell|essence)",
    r"i(?:'d| would) (?:split|divide|separate|keep (?:the|those|these)|go through|go by|look at|want to know|group"
    r"|start)",
    r"(?:i think of|the thing i|the way i|the idea (?:is|behind)|comes down to|is about|stands for|means (?:that|you))",
    r"(?:is|it's) what happens",
)
_SIGNPOST = _any(
    r"first(?:ly)?",
    r"second(?:ly)?",
    r"third(?:ly)?",
    r"then",
    r"next",
    r"after (?:that|this)",
    r"finally",
    r"lastly",
    r"(?:the )?last (?:thing|point|step)",
    r"(?:an)?other (?:thing|one|point|side|hand|part)",
    r"on top (?:of)?",
    r"as for",
    r"when it comes to",
    r"(?:the|what) .{0,12}downside",
    r"but you pay",
    r"now",
)
_REASON = _any(
    r"because",
    r"so that",
    r"that's why",
    r"(?:which|that) means",
    r"otherwise",
    r"or else",
    r"that way",
    r"therefore",
    r"the reason",
    r"whereas",
    r"the price (?:is|for|of)",
    r"since (?:it|the|they|we|you|every|all|a)",
)
_EXAMPLE = _any(
    r"for (?:example|instance)",
    r"say (?:i|you|we|a|the|there|somebody|ten|one)",
    r"such as",
    r"imagine",
    r"let's say",
    r"suppose",
    r"like when",
    r"(?:at|in) (?:my|our) (?:last|old|previous|current) (?:job|team|company|project)",
    r"we (?:had|used|once)",
)
_CLOSING = _any(
    r"so (?:overall|in the end|in short|in practice|to sum up|that's)",
    r"in the end",
    r"overall",
    r"to sum up",
    r"in summary",
    r"that's (?:how|it|all|my)",
    r"i(?:'d| would) (?:stay|pick|choose|take|go for|go with|keep|start|decide|rather)",
    r"honestly",
    r"on top of that",
    r"finally",
    r"lastly",
)
_SIGNS = (
    ("said early where the answer goes", "Opening that says where the answer goes"),
    ("marks of the way", "Marks of the way (first, then, the other side)"),
    ("reasons", "Reasons given (because, otherwise, that way)"),
    ("an example", "An example, or a case that was met"),
    ("an end", "An end: a choice, a rule, or a summary"),
)


def communication(
    answers: Sequence[Spoken], places: Mapping[str, Sequence[tuple[Signal, int]]] | None = None
) -> SignalMark:
    """The line about structure, over main answers.

    `places`: take id -> (signal, offset in the transcript) of quotes in it: framing should come before consequences.
    """
    long = [(spoken, row) for spoken in answers if len(row := tokens(spoken.transcript.text)) >= FEWEST_WORDS]
    if len(long) < FEWEST_ANSWERS:
        why = f"It takes {FEWEST_ANSWERS} answers of {FEWEST_WORDS} words or more to read a structure."
        return SignalMark(Signal.COMMUNICATION, None, why)
    found: list[list[tuple[Spoken, Quote | None]]] = [[] for _ in _SIGNS]
    for spoken, row in long:
        for sign, quote in zip(found, _signs(spoken.transcript, row), strict=True):
            sign.append((spoken, quote))
    evidence = [_sign(text, sign) for (_, text), sign in zip(_SIGNS, found, strict=True)]
    hits = sum(quote is not None for sign in found for _, quote in sign)
    looked = sum(len(sign) for sign in found)
    order = [kept for spoken, _ in long if (kept := _in_order((places or {}).get(spoken.take, ()))) is not None]
    if order:
        hits, looked = hits + sum(order), looked + len(order)
        evidence.append(_count("The problem was set up before its consequences", sum(order), len(order)))
    share = hits / looked
    mark = next((mark for least, mark in _SHARES if share >= least), 2)
    reason = (
        f"{ANCHORS[Signal.COMMUNICATION][mark - 1]}: {hits} of {looked} signs of structure in {len(long)} answers. "
        "Read by simple rules, which overlook some; accent, pace and fillers do not count, and the band does not "
        "rest on it."
    )
    return SignalMark(Signal.COMMUNICATION, mark, reason, tuple(evidence))


def _signs(transcript: Transcript, row: Sequence[Token]) -> tuple[Quote | None, ...]:
    """The words of each sign of structure, or None where there are none; in the order of `_SIGNS`."""
    marks = list(_found(_SIGNPOST, row))
    distinct = {tuple(t.text for t in row[a:b]) for a, b in marks}
    last = max(0, len(row) - _CLOSING_WORDS)
    return (
        _first(transcript, row, _found(_OPENING, row[:_OPENING_WORDS])),
        _first(transcript, row, marks if len(distinct) >= 2 else ()),
        _first(transcript, row, _found(_REASON, row)),
        _first(transcript, row, _found(_EXAMPLE, row)),
        _first(transcript, row, [(a + last, b + last) for a, b in _found(_CLOSING, row[last:])]),
    )


def _found(pattern: re.Pattern[str], row: Sequence[Token]) -> Iterable[tuple[int, int]]:
    """Token ranges (first, after the last) where a pattern stands in the canonical words."""
    line, starts = "", []
    for token in row:
        starts.append(len(line))
        line += token.text + " "
    for match in pattern.finditer(line):
        inside = [i for i, start in enumerate(starts) if match.start() <= start < match.end()]
        if inside:
            yield inside[0], inside[-1] + 1


def _first(transcript: Transcript, row: Sequence[Token], places: Iterable[tuple[int, int]]) -> Quote | None:
    """The first place with some words after it, as a quote."""
    for first, last in places:
        start, end = row[first].start, row[min(len(row), last + 6) - 1].end
        span = transcript.span(start, end)
        return Quote(transcript.text[start:end], start, end, span[0] if span else None, span[1] if span else None)
    return None


def _sign(text: str, sign: Sequence[tuple[Spoken, Quote | None]]) -> Evidence:
    there = [(spoken, quote) for spoken, quote in sign if quote is not None]
    spoken, quote = there[0] if there else (None, None)
    row = _count(text, len(there), len(sign))
    return Evidence(
        row.text,
        row.verdict,
        question=spoken.question if spoken else "",
        quote=quote,
        take=spoken.take if spoken else "",
    )


def _count(text: str, there: int, of: int) -> Evidence:
    verdict = Verdict.COVERED if 3 * there >= 2 * of else Verdict.PARTLY if there else Verdict.MISSING
    return Evidence(f"{text}: in {there} of {of} answers", verdict)


def _in_order(places: Sequence[tuple[Signal, int]]) -> bool | None:
    """Whether the first framing stands before the first trade-off or failure; None where one of them is absent."""
    framing = [at for signal, at in places if signal in (Signal.FRAMING, Signal.SITUATION)]
    after = [at for signal, at in places if signal in (Signal.TRADE_OFFS, Signal.OPERATIONS, Signal.RESULT)]
    return min(framing) < min(after) if framing and after else None


_SENTENCE = re.compile(r"[^.?!…]+[.?!…]*")
_ASKS = re.compile(
    r"^(?:(?:and|so|but|yes|yeah|okay|ok|sure|well|um|uh|one thing|actually|maybe|then|also)[ ,]+)*"
    r"(?:what|how|why|when|where|who|which|do|does|did|is|are|can|could|would|will|should|have|has)\b"
)
_WONDERS = _any(
    r"i (?:wonder|was wondering)", r"i'd (?:like|love) to know", r"(?:can|could) you tell me", r"i'm curious"
)
_TAKES_UP = _any(r"(?:we|you) (?:just )?(?:said|mentioned|talked|spoke|told|asked)", r"earlier", r"just now")
_ASKS_BACK = _any(
    r"do you mean",
    r"(?:should|can|may|could) i assume",
    r"(?:can|may|could) i ask",
    r"are we talking about",
    r"do we (?:have|need|want|care|know)",
    r"how many (?:users|requests|clients|customers|servers)",
    r"what(?:'s| is) the (?:expected|scale|traffic|load|budget)",
)


def curiosity(own: Sequence[Spoken], answers: Sequence[Spoken] = (), topics: Sequence[str] = ()) -> SignalMark:
    """The line about the candidate's own questions.

    `topics`: what was talked about before, the interviewer's questions; a question that takes it up builds on it.
    """
    spoke = [spoken for spoken in own if spoken.transcript.text.strip()]
    evidence = [_asked_back(spoken, quote) for spoken in answers if (quote := _back(spoken.transcript)) is not None]
    if not spoke:
        return SignalMark(Signal.CURIOSITY, None, "The call ended before your own questions.", tuple(evidence))
    talked = frozenset(content_stems(word for text in topics for word in split(text)))
    specific = len(evidence)
    builds, asked = False, 0
    for spoken in spoke:
        about = talked | (frozenset(content_stems(split(spoken.asked))) if asked else frozenset())
        takes_up = _TAKES_UP.search(" ".join(t.text for t in tokens(spoken.transcript.text))) is not None
        for quote in _questions(spoken.transcript):
            stems = set(content_stems(split(quote.text)))
            own_words = len(stems) >= _SPECIFIC
            builds |= own_words and (takes_up or len(stems & about) >= _SHARED)
            specific += own_words
            asked += 1
            text = "A question about this work" if own_words else "A question that would fit any company"
            verdict = Verdict.COVERED if own_words else Verdict.PARTLY
            evidence.append(Evidence(text, verdict, quote=quote, take=spoken.take))
    mark = 4 if specific and (builds or specific > 1) else 3 if specific else 2 if asked else 1
    count = "no question" if not asked else "one question" if asked == 1 else f"{asked} questions"
    reason = (
        f"{ANCHORS[Signal.CURIOSITY][mark - 1]}: you asked {count} of your own. Read by simple rules; the band does "
        "not rest on it."
    )
    return SignalMark(Signal.CURIOSITY, mark, reason, tuple(evidence))


def _questions(transcript: Transcript) -> list[Quote]:
    """The sentences that ask something."""
    out = []
    for match in _SENTENCE.finditer(transcript.text):
        text = match.group()
        plain = text.strip().lower().replace("’", "'")
        if plain.endswith("?") or _ASKS.match(plain) or _WONDERS.search(plain):
            start = match.start() + len(text) - len(text.lstrip())
            out.append(_slice(transcript, start, match.start() + len(text.rstrip())))
    return out


def _back(transcript: Transcript) -> Quote | None:
    """Something asked of the interviewer at the beginning of an answer."""
    row = tokens(transcript.text)[: 2 * _OPENING_WORDS]
    return _first(transcript, row, _found(_ASKS_BACK, row))


def _asked_back(spoken: Spoken, quote: Quote) -> Evidence:
    return Evidence(
        "Asked about the problem before solving it", Verdict.COVERED, spoken.question, quote=quote, take=spoken.take
    )


def _slice(transcript: Transcript, start: int, end: int) -> Quote:
    span = transcript.span(start, end)
    return Quote(transcript.text[start:end], start, end, span[0] if span else None, span[1] if span else None)

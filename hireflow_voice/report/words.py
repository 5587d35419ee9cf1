"""The words of a report: how times, marks and figures are said, and how text from outside is made harmless."""

from __future__ import annotations

import unicodedata
from datetime import datetime

from hireflow_voice.records import Delivery, TakeKind
from hireflow_voice.verdict import FALLBACK, Signal

SIGNALS: dict[Signal, str] = {
    Signal.FRAMING: "Problem framing",
    Signal.DEPTH: "Technical depth",
    Signal.TRADE_OFFS: "Trade-offs",
    Signal.OPERATIONS: "Failure and operations",
    Signal.ESTIMATION: "Estimates",
    Signal.COMPLEXITY: "Complexity",
    Signal.EDGE_CASES: "Edge cases",
    Signal.SITUATION: "Situation",
    Signal.ACTION: "Own action",
    Signal.RESULT: "Result",
    Signal.LEARNING: "What was learnt",
    Signal.SCOPE: "Level and scope",
    Signal.MOTIVATION: "Motivation",
    Signal.STORY: "Story",
    Signal.LOGISTICS: "Logistics",
    Signal.COMMUNICATION: "Communication",
    Signal.CURIOSITY: "Curiosity",
}

MARKS: dict[int | None, str] = {1: "weak", 2: "mixed", 3: "good", 4: "strong", None: "not enough evidence"}

TAKES: dict[TakeKind, str] = {
    TakeKind.INTRODUCTION: "Introduction",
    TakeKind.ANSWER: "Answer",
    TakeKind.FOLLOW_UP: "Follow-up",
    TakeKind.OWN_QUESTION: "Your question",
}


def written_by(author: str) -> str:
    """What is said of a question that no person wrote; empty for all others."""
    return f"Written by {author} from a job description: not checked by a person, no source." if author else ""


COMMANDS: dict[str, str] = {
    "dont_know": "You said you did not know.",
    "repeat": "You asked to hear it again.",
    "rephrase": "You asked to hear it in other words.",
    "hint": "You asked for a hint.",
    "think": "You asked for time to think.",
    "skip": "You skipped this.",
    "retry": "You asked to answer once more.",
    "done": "You said that was your answer.",
    "hang_up": "You hung up.",
}

UNSURE = 0.5
"""The recogniser's own probability under which a word is shown as unsure."""

APPROXIMATE = (
    "Every figure is approximate and none is part of a score. Thinking is not a fault, and the recogniser may drop or "
    "add a filler."
)

_JOINERS = "\u200c\u200d"
"""Zero-width (non-)joiner: Persian, Hindi and family emoji need them, and they hide nothing."""


def clean(text: str) -> str:
    """Without control characters and direction overrides, which could make a page say what it does not."""
    return "".join(
        c if c in "\n\t" or c in _JOINERS or unicodedata.category(c) not in ("Cc", "Cf", "Cs") else "" for c in text
    )


def clock(seconds: float) -> str:
    """0:38, 12:05, 1:02:03."""
    minutes, rest = divmod(max(0, int(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


_MONTHS = "January February March April May June July August September October November December"


def when(started: str) -> str:
    """ "23 November 2026, 17:42" as the clock on the wall showed it; the text itself when it is no ISO time."""
    try:
        moment = datetime.fromisoformat(started)
    except ValueError:
        return started
    # No strftime name: it would follow the machine's locale, and the same call must give the same report.
    month = _MONTHS.split()[moment.month - 1]
    return f"{moment.day} {month} {moment.year}, {moment.hour:02}:{moment.minute:02}"


def percent(score: float) -> str:
    """ "68 %"."""
    return f"{round(score * 100)} %"


def flag(name: str) -> str:
    """A judge's remark in words: "talks-about-grading" becomes "Talks about grading"."""
    if name.startswith(FALLBACK):
        return f"Judged on this computer instead: {name.removeprefix(FALLBACK).rstrip('.')}"
    words = name.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def judged_by(judge: str) -> str:
    """ "judged on this computer: ...", "judged by api.example.com"."""
    return f"judged {judge}" if judge.startswith("on ") else f"judged by {judge}"


def command(name: str) -> str:
    """What a turn that was only a command meant."""
    return COMMANDS.get(name, f"You asked for: {flag(name).lower()}.")


def _about(seconds: float) -> str:
    if seconds < 1:
        return "less than a second"
    if seconds < 90:
        return "about 1 second" if round(seconds) == 1 else f"about {round(seconds)} seconds"
    return f"about {round(seconds / 60)} minutes"


def describe(delivery: Delivery) -> tuple[str, ...]:
    """Delivery in plain sentences. Words per minute are told to the nearest ten: they are true to 2-21 %."""
    said = []
    if delivery.first_word_s is not None:
        said.append(f"First word after {_about(delivery.first_word_s)}.")
    if delivery.words_per_minute is not None:
        said.append(f"About {round(delivery.words_per_minute / 10) * 10} words a minute.")
    if delivery.fillers:
        said.append(f"About {delivery.fillers} filler{'' if delivery.fillers == 1 else 's'}.")
    else:
        said.append("No fillers noticed.")
    silences = [end - start for start, end in delivery.long_silences]
    if len(silences) == 1:
        said.append(f"One silence of {_about(silences[0])}.")
    elif silences:
        said.append(f"{len(silences)} silences of a second or more, the longest {_about(max(silences))}.")
    if delivery.answer_s:
        length = _about(delivery.answer_s)
        aim = ""
        if delivery.target_s is not None:
            aim = "; a good answer here takes {:.0f} to {:.0f} seconds".format(*delivery.target_s)
        said.append(f"{length[:1].upper()}{length[1:]} from the first word to the last{aim}.")
    return tuple(said)

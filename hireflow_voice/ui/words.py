"""The words of the window: how times, scores, verdicts and phases are said. No Qt here."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime

from hireflow_voice.events import Phase
from hireflow_voice.records import TakeKind
from hireflow_voice.sound import Echo, EchoFound
from hireflow_voice.verdict import FALLBACK, Band, Signal, Verdict

LONGEST = 20_000
"""Characters of one text shown at most. A 10-minute answer has about 10,000."""


def plain(text: str, limit: int = LONGEST) -> str:
    """Text from outside, fit for a label: no control characters or direction overrides, not endless."""
    cut = text[: limit + 1]
    if cut.replace("\n", "").isprintable():  # nearly always, and a tenth of the time of looking at each character
        return cut if len(cut) <= limit else cut[: limit - 1].rstrip() + "…"
    clean = "".join(c if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf") else " " for c in cut)
    return clean if len(clean) <= limit else clean[: limit - 1].rstrip() + "…"


def one_line(text: str, limit: int = 300) -> str:
    """`plain` without line breaks."""
    return " ".join(plain(text, limit).split())


def clock(seconds: float) -> str:
    """0:38, 12:05, 1:02:03."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, secs = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{secs:02}" if hours else f"{minutes}:{secs:02}"


def left(seconds: float) -> str:
    """ "7:21 left", or that the time is up."""
    return f"{clock(seconds)} left" if seconds > 0 else "Time is up"


def about(seconds: float) -> str:
    """ "about 40 s", "about 3 min"."""
    if seconds < 90:
        return f"about {max(1, round(seconds))} s"
    return f"about {round(seconds / 60)} min"


def megabytes(count: float) -> str:
    """ "120 MB", "1.2 GB" (powers of ten, as disks and providers count)."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"


def count(number: int, thing: str) -> str:
    """ "1 question", "3 questions", "2 stories", "2 days"."""
    ies = thing.endswith("y") and thing[-2:-1] not in ("a", "e", "o", "u")
    many = f"{thing[:-1]}ies" if ies else f"{thing}s"
    return f"{number} {thing if number == 1 else many}"


def when(started: str) -> str:
    """ "Mon 23 Nov 2026, 17:42" out of an ISO time; the text itself when it is none."""
    try:
        moment = datetime.fromisoformat(started).astimezone()
    except ValueError:
        return one_line(started, 40)
    return f"{moment:%a} {moment.day} {moment:%b %Y, %H:%M}"


def when_short(started: str) -> str:
    """ "23 Nov, 17:42" out of an ISO time."""
    try:
        moment = datetime.fromisoformat(started).astimezone()
    except ValueError:
        return one_line(started, 40)
    return f"{moment.day} {moment:%b, %H:%M}"


def day(at: date) -> str:
    """ "3 Dec 2026"."""
    return f"{at.day} {at:%b %Y}"


def minutes(number: float) -> str:
    """ "15 min"; under one, "less than a minute"."""
    return f"{round(number)} min" if number >= 0.5 else "less than a minute"


def score_word(score: float) -> str:
    """One word for a score of 0..1; the steps are a reading aid and decide nothing."""
    for least, word in ((0.8, "strong"), (0.6, "solid"), (0.35, "partial")):
        if score >= least:
            return word
    return "thin"


def score_role(score: float) -> str:
    """Which colour of the scheme goes with `score_word`."""
    return {"strong": "good", "solid": "good", "partial": "warn"}.get(score_word(score), "bad")


def percent(share: float) -> str:
    """ "68 %"."""
    return f"{round(share * 100)} %"


VERDICTS: dict[Verdict, tuple[str, str, str]] = {
    Verdict.COVERED: ("Covered", "circle-check", "good"),
    Verdict.PARTLY: ("Partly", "contrast", "warn"),
    Verdict.MISSING: ("Missing", "circle", "bad"),
}
"""Word, icon and colour of each verdict."""

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

BANDS: dict[Band, tuple[str, str]] = {
    Band.STRONG_HIRE: ("Strong hire", "good"),
    Band.HIRE: ("Hire", "good"),
    Band.NO_HIRE: ("No hire", "warn"),
    Band.STRONG_NO_HIRE: ("Strong no hire", "bad"),
    Band.NOT_ENOUGH: ("Not enough evidence", "muted"),
}

PHASES: dict[Phase, tuple[str, str, str]] = {
    Phase.CONNECTING: ("Connecting", "Preparing the line. This takes a few seconds.", "phone"),
    Phase.RINGING: ("Ringing", "The interviewer is about to pick up.", "phone-call"),
    Phase.SPEAKING: ("Interviewer speaking", "Your turn begins when the interviewer has finished.", "volume-2"),
    Phase.LISTENING: ("Listening", "Take your time. Space ends your answer.", "mic"),
    Phase.THINKING: ("Thinking", "The interviewer has heard you.", "ellipsis"),
    Phase.ON_HOLD: ("On hold", "Nothing is recorded. Press O to go on.", "pause"),
    Phase.ENDED: ("Call ended", "Writing up your feedback.", "phone-off"),
}
"""Title, sentence and icon of each phase."""

TAKES: dict[TakeKind, str] = {
    TakeKind.INTRODUCTION: "Introduction",
    TakeKind.ANSWER: "Answer",
    TakeKind.FOLLOW_UP: "Follow-up",
    TakeKind.OWN_QUESTION: "Your question",
}

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


def command(name: str) -> str:
    """What a turn that was only a command meant."""
    return COMMANDS.get(name, f"You asked for: {one_line(name.replace('_', ' '), 40)}.")


def flag(name: str) -> str:
    """A judge's remark in words: "talks-about-grading" becomes "Talks about grading"."""
    if name.startswith(FALLBACK):
        return one_line(f"Judged on this computer instead: {name.removeprefix(FALLBACK).rstrip('.')}", 300)
    words = one_line(name.replace("-", " ").replace("_", " "), 120)
    return words[:1].upper() + words[1:]


ECHO_MODES = {Echo.HEADPHONES: "headphones", Echo.CANCEL: "speakers", Echo.HALF: "in-turns"}
"""Ways of listening, as they are called on the screen."""
_ECHO_MEANS = {
    Echo.HEADPHONES: "you can speak over the interviewer",
    Echo.CANCEL: "the echo is removed, and you can speak over the interviewer",
    Echo.HALF: "while the interviewer speaks the microphone is not listened to",
}


def echo_found(found: EchoFound, fits: bool) -> str:
    """What the line check found, and what follows. `fits`: it is set already."""
    if found.level_db is None:
        heard = "The microphone does not hear the speaker."
    else:
        loud = f"{abs(found.level_db):.0f} dB {'softer' if found.level_db < 0 else 'louder'}"
        heard = f"The microphone hears the speaker, {loud} and {found.delay_s:.2f} s later."
    mode = f"{ECHO_MODES[found.fitting].capitalize()} mode {'is set and fits' if fits else 'fits'}"
    return f"{heard} {mode}: {_ECHO_MEANS[found.fitting]}."

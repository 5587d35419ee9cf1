"""Everything the interviewer says that does not come from the bank.

Spoken English: short sentences, no lists, nothing that judges. Every text is known before the phone rings, so that
`all_phrases` can be spoken ahead of time.
"""

from __future__ import annotations

from hireflow_voice.interview.plan import CallPlan

_INTRODUCTION = "To begin, tell me about yourself in a minute or so: what you do now, and what you have built lately."

HEARD = ("Okay.", "Uh-huh.", "I see.")
"""When a pause was long enough: a sound, not a sentence, for the candidate may go on. ("Mm-hm" is spelled out by voices
that go by letters.)"""
ACKNOWLEDGE = ("Okay, thank you.", "All right.", "Okay.", "I see. Thank you.", "All right, thanks.")
"""After an answer. At most five words, never praise or a verdict; taken in turn."""
LET_US_START = "Thank you. Let's get started."
FINE = "That's fine."
"""After the first "I don't know", before something easier."""
KIND = ("That's fine. Let's move on.", "No problem. Let's continue.")
"""After the second "I don't know"."""
SKIPPED = ("Sure. Let's move on.", "All right, we'll skip it.")
UNANSWERED = ("Let's move on for now.", "We'll leave that one there.")
"""After a turn in which nothing could be heard."""

TAKE_YOUR_TIME = "Take your time."
NO_RUSH = "Sure, no rush."
"""The same again, when the candidate asks for time that was already offered."""
OFFER = "I can repeat the question, or we can skip it. Just say so."
OFFER_TO_CLOSE = "If you have no questions for me, that's fine too. Just say so."
NOT_HEARD = (
    "Sorry, I didn't catch that. Could you say it again?",
    "I'm afraid I missed that. Once more, please.",
    "Sorry, that didn't come through. Could you repeat it?",
)
NOTHING_HEARD = (
    "I couldn't hear anything. Please go ahead when you're ready.",
    "Nothing has come through yet. Please go ahead when you're ready.",
)
NO_HINT = "I don't have a hint for that. Tell me whatever comes to mind."
NO_MORE_HINTS = "That was the only hint I have. Tell me whatever comes to mind."
ASSUME = "Assume what you need, and tell me what you assume."
"""To a question about the question; the plan has no more to say than the question itself."""

TRY_AGAIN = "You can try that again now, or say: let's go on."
"""Coach mode, after what was strong and what is open in an answer."""
FROM_THE_TOP = "Sure. From the top."

TIME_FOR_YOURS = "I'd like to leave some time for you, so I'll stop my questions here."
OUT_OF_TIME = "We're out of time, so I'll stop here."
INVITE = "What would you like to ask me?"
INVITE_AFTER_ALL = "Those were my questions. What would you like to ask me?"
GO_AHEAD = "Go ahead."
ANYTHING_ELSE = "Is there anything else you'd like to ask?"
DO_NOT_KNOW = (
    "I don't know that one. Your recruiter will.",
    "I can't answer that, I'm afraid. Please ask your recruiter.",
)
CUT_OFF = "Sorry, we were cut off. Let me pick up where we were."

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def greeting(plan: CallPlan) -> tuple[str, ...]:
    """Who is calling, what the plan is, and that not knowing is fine."""
    name = f" {plan.candidate.strip()}" if plan.candidate.strip() else ""
    hello = f"Hello{name}, this is {plan.interviewer.strip()}." if plan.interviewer.strip() else f"Hello{name}."
    if plan.again:
        once = "that question" if len(plan.questions) == 1 else "those questions"
        return (f"{hello} Let's take {once} once more.",)
    what = f"This is the {_spoken_round(plan.round)} for {plan.role} at {plan.company}."
    minutes = max(1, round(plan.length_s / 60))
    time = f"about {minutes} minutes" if minutes > 1 else "about a minute"
    count = plan.to_ask
    number = _NUMBERS[count] if count < len(_NUMBERS) else str(count)
    questions = f"{number} question" if count == 1 else f"{number} questions"
    format_ = f"We have {time}. I'll ask {questions}, go deeper here and there, and leave time for yours at the end."
    fine = (
        "If you don't know something, just say so. That's better than guessing, and we don't need to finish everything."
    )
    return f"{hello} {what}", format_, fine


def introduction(plan: CallPlan) -> str:
    """Asks for the candidate's introduction."""
    return plan.introduction.strip() or _INTRODUCTION


def closing(plan: CallPlan) -> str:
    """Thanks, and what happens next."""
    name = f", {plan.candidate.strip()}" if plan.candidate.strip() else ""
    if plan.again:
        return f"Thank you{name}. You will find both answers side by side on the screen. Goodbye."
    return (
        f"Thank you for your time{name}. I'll write up my notes now, and your feedback will be on the screen in a "
        "moment. Goodbye."
    )


def all_phrases(plan: CallPlan) -> tuple[str, ...]:
    """Every text this plan can make the interviewer say, each once, about in the order in which it is needed."""
    texts = [*HEARD, *greeting(plan), introduction(plan), LET_US_START, *ACKNOWLEDGE, TAKE_YOUR_TIME]
    for question in plan.questions:
        texts += [question.text, *(stage.ask for stage in question.stages), question.asked]
        texts += [probe.text for point in question.points for probe in point.probes]
        texts += [question.hint, question.rephrased, *(probe.text for probe in question.deeper)]
    if plan.coach:
        texts += [TRY_AGAIN, FROM_THE_TOP]
    texts += [FINE, *KIND, *SKIPPED, *UNANSWERED, NO_RUSH, OFFER, *NOT_HEARD, *NOTHING_HEARD]
    texts += [NO_HINT, NO_MORE_HINTS, ASSUME, TIME_FOR_YOURS, OUT_OF_TIME, INVITE, INVITE_AFTER_ALL, OFFER_TO_CLOSE]
    texts += [GO_AHEAD, ANYTHING_ELSE, *DO_NOT_KNOW, *(fact.text for fact in plan.facts), closing(plan), CUT_OFF]
    return tuple(dict.fromkeys(text for text in texts if text.strip()))


def _spoken_round(title: str) -> str:
    words = title.replace("-", " ").replace("_", " ").split() or ["phone", "interview"]
    if not words[0].isupper():
        words[0] = words[0].lower()
    if words[-1].lower() not in {"interview", "screen", "call", "round"}:
        words.append("interview")
    return " ".join(words)

"""What the interviewer says to a wish that leaves the question open."""

from __future__ import annotations

from hireflow_voice.interview import phrases
from hireflow_voice.interview.actions import Manner, TurnKind
from hireflow_voice.interview.asking import Ask
from hireflow_voice.interview.floor import Line
from hireflow_voice.interview.follow_up import Thread
from hireflow_voice.interview.inputs import Wish


def reply(wish: Wish, ask: Ask, thread: Thread | None) -> Line | None:
    """The words for REPEAT, REPHRASE, HINT and THINK; None when there is nothing (more) to say."""
    about = thread.question.id if thread else ""
    match wish:
        case Wish.REPHRASE if thread and thread.question.rephrased.strip() and ask.kind is TurnKind.ANSWER:
            ask.words = thread.question.rephrased
            return Line(ask.words, Manner.REPHRASE, about, ask.point)
        case Wish.REPEAT | Wish.REPHRASE:
            return Line(ask.words, Manner.REPEAT, about, ask.point)
        case Wish.HINT if thread and thread.has_hint:
            return Line(thread.question.hint, Manner.HINT, about, ask.point)
        case Wish.HINT if not ask.no_hint:
            ask.no_hint = True
            text = phrases.NO_MORE_HINTS if thread and thread.hinted else phrases.NO_HINT
            return Line(text, Manner.PATIENCE, about, ask.point)
        case Wish.THINK if not ask.thinking:
            text = phrases.NO_RUSH if ask.patient else phrases.TAKE_YOUR_TIME
            ask.thinking = ask.patient = True
            return Line(text, Manner.PATIENCE, about, ask.point)
        case Wish.RETRY:
            return Line(phrases.GO_AHEAD, Manner.PATIENCE, about, ask.point)
        case _:
            return None

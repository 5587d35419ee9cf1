"""A call's inputs as plain data, and the machine rebuilt from them.

A journal holds the inputs in the order in which they were handled. `Tick`s may be left out: whatever they brought about
is brought about again by the next input. (An utterance that a missing `Tick` began just before a break is forgotten and
its number given again; turns are never numbered twice.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any

from hireflow_voice.interview.inputs import (
    CoverageFailed,
    CoverageReady,
    Held,
    Input,
    Interrupted,
    Paused,
    PickedUp,
    PlaybackEnded,
    Resumed,
    SpeechStarted,
    Tick,
    TurnEnded,
    Unheld,
    Wish,
    Wished,
)
from hireflow_voice.interview.machine import Interview
from hireflow_voice.interview.plan import CallPlan

_READERS: dict[str, Callable[[float, dict[str, Any]], Input]] = {
    "PickedUp": lambda now, _: PickedUp(now),
    "PlaybackEnded": lambda now, d: PlaybackEnded(now, _whole(d, "utterance")),
    "SpeechStarted": lambda now, d: SpeechStarted(now, _whole(d, "turn")),
    "Paused": lambda now, d: Paused(now, _whole(d, "turn"), _text(d, "text")),
    "Interrupted": lambda now, _: Interrupted(now),
    "TurnEnded": lambda now, d: TurnEnded(now, _whole(d, "turn"), _text(d, "text"), d.get("closed") is True),
    "CoverageReady": lambda now, d: CoverageReady(
        now, _whole(d, "turn"), _coverage(d), _pair(d, "written"), _pair(d, "critique")
    ),
    "CoverageFailed": lambda now, d: CoverageFailed(now, _whole(d, "turn")),
    "Wished": lambda now, d: Wished(now, Wish(d["wish"])),
    "Tick": lambda now, _: Tick(now),
    "Held": lambda now, _: Held(now),
    "Unheld": lambda now, _: Unheld(now),
    "Resumed": lambda now, _: Resumed(now),
}


def to_json(event: Input) -> dict[str, Any]:
    """The input as a dict that `json` can write; `type` names it."""
    data = asdict(event)
    if isinstance(event, CoverageReady):
        data["coverage"] = [[point, value] for point, value in event.coverage]
        for key in ("written", "critique"):
            data[key] = list(data[key]) if data[key] is not None else None
    if isinstance(event, Wished):
        data["wish"] = event.wish.value
    return {"type": type(event).__name__, **data}


def from_json(data: dict[str, Any]) -> Input:
    """The input that `to_json` wrote; keys it does not know are ignored. Raises ValueError on anything else."""
    try:
        return _READERS[data["type"]](_number(data["now"]), data)
    except (KeyError, TypeError) as why:
        raise ValueError(f"Not an input of an interview: {str(data)[:200]}") from why


def replay(plan: CallPlan, inputs: Iterable[Input]) -> Interview:
    """The machine as it stood after these inputs; what it wanted done then is not done again."""
    interview = Interview(plan)
    for event in inputs:
        interview.handle(event)
    return interview


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("not a number")
    return float(value)


def _whole(data: dict[str, Any], key: str) -> int:
    value = data[key]
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("not a whole number")
    return value


def _text(data: dict[str, Any], key: str) -> str:
    value = data[key]
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _coverage(data: dict[str, Any]) -> tuple[tuple[str, float], ...]:
    pairs = data["coverage"]
    if not isinstance(pairs, list) or not all(isinstance(p, list) and len(p) == 2 for p in pairs):
        raise TypeError("not pairs")
    return tuple((_text({"": point}, ""), _number(value)) for point, value in pairs)


def _pair(data: dict[str, Any], key: str) -> tuple[str, str] | None:
    pair = data.get(key)
    if pair is None:
        return None
    if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(part, str) for part in pair):
        raise TypeError("not two texts")
    return pair[0], pair[1]

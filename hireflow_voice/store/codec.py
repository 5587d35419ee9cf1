"""Records as JSON and back, strictly: nothing is guessed, and what a newer version wrote is not silently dropped."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

# pydantic loads its parts when they are first asked for, and PySide6's import hook breaks the ones loaded after it
# ("cannot import name 'import_string'"): whoever loads a part before Qt loads them all.
import pydantic.fields  # noqa: F401
from pydantic import TypeAdapter, ValidationError

from hireflow_voice.errors import InputError
from hireflow_voice.records import CallHeader, CallState, Line, Loop, MentorReview, TakeRecord
from hireflow_voice.verdict import Form, Judgement

FORMAT = 1
"""Raised when a file can no longer be read by the version before."""

T = TypeVar("T")

_LARGEST = 64 * 1024 * 1024
"""Bytes. Half an hour of speech with its word times is under 2 MB; more is not a file of ours."""


class Damaged(Exception):
    """The file is not what was once written."""


class WrittenByNewer(InputError):
    """The file is intact, but holds what only a newer version understands."""

    def __init__(self, sentence: str = "", remedy: str = "") -> None:
        super().__init__(
            sentence or "This call was written by a newer version of HireFlow Voice.",
            remedy or "Open it with that version; nothing in it was changed.",
        )


@dataclass(frozen=True, slots=True)
class Result:
    """What result.json holds: everything that is known only after a call, or changes after it."""

    state: CallState = CallState.RUNNING
    ended_s: float = 0.0
    judgements: tuple[Judgement, ...] = ()
    quote_takes: dict[str, dict[str, str]] = field(default_factory=dict)
    form: Form | None = None


_adapters: dict[Any, TypeAdapter[Any]] = {}


def _adapter(kind: type[T]) -> TypeAdapter[T]:
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]


def _has_unknown(given: Any, understood: Any) -> bool:
    """Whether `given` (parsed JSON) has a key that did not come back from the validated value."""
    if isinstance(given, dict) and isinstance(understood, dict):
        return not given.keys() <= understood.keys() or any(
            _has_unknown(value, understood[key]) for key, value in given.items() if isinstance(value, dict | list)
        )
    if isinstance(given, list) and isinstance(understood, list):
        return any(
            _has_unknown(one, other)
            for one, other in zip(given, understood, strict=False)
            if isinstance(one, dict | list)
        )
    return False


def to_plain(value: Any) -> Any:
    """A record as JSON types (dict, list, str, numbers)."""
    return _adapter(type(value)).dump_python(value, mode="json")


def from_plain(kind: type[T], given: Any) -> T:
    """A record out of parsed JSON. Raises Damaged, WrittenByNewer."""
    try:
        # Strict JSON mode takes enum values and arrays for what they are; strict Python mode would not.
        value = _adapter(kind).validate_json(json.dumps(given), strict=True)
    except (ValidationError, ValueError, RecursionError) as error:
        raise Damaged(str(error)) from error
    if _has_unknown(given, _adapter(kind).dump_python(value, mode="json")):
        raise WrittenByNewer
    return value


def dumps(value: Any, indent: int | None = None) -> bytes:
    """JSON as UTF-8. Raises ValueError for NaN and infinity, TypeError for what JSON has no word for.

    A lone surrogate (half an emoji, as a text field can hand over) becomes "?": one character for one, so that
    offsets into the text stay true.
    """
    return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent).encode("utf-8", "replace")


class _File(Generic[T]):
    """One kind of JSON file: {"format": 1, "<name>": {...}}."""

    def __init__(self, name: str, kind: type[T]) -> None:
        self._name = name
        self._kind = kind

    def encode(self, value: T) -> bytes:
        """Raises ValueError when the value would not come back (our own bug)."""
        data = dumps({"format": FORMAT, self._name: to_plain(value)}, indent=1) + b"\n"
        try:
            self.decode(data)
        except Damaged as error:
            raise ValueError(f"not a valid {self._name}: {error}") from error
        return data

    def decode(self, data: bytes) -> T:
        """Raises Damaged, WrittenByNewer."""
        if len(data) > _LARGEST:
            raise Damaged("larger than any file of ours")
        try:
            given = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise Damaged(str(error)) from error
        if not isinstance(given, dict) or type(given.get("format")) is not int:
            raise Damaged("no format number")
        if given["format"] > FORMAT:
            raise WrittenByNewer
        if self._name not in given:
            raise Damaged(f"no {self._name} in it")
        if set(given) != {"format", self._name}:
            raise WrittenByNewer
        return from_plain(self._kind, given[self._name])


HEADER_FILE = _File("call", CallHeader)
TAKE_FILE = _File("take", TakeRecord)
RESULT_FILE = _File("result", Result)
MENTOR_FILE = _File("mentor", MentorReview)
LOOP_FILE = _File("loop", Loop)


def line_entry(line: Line) -> dict[str, Any]:
    """A line of the conversation as a journal entry."""
    return {"line": to_plain(line)}

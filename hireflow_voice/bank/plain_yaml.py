"""YAML without its traps: a small, safe reading of a file that may be hostile.

Only mappings, sequences and text are read. Anchors, aliases, merge keys, tags, several documents, repeated keys, deep
nesting, markup and invisible characters are refused, each with its line. Every scalar stays text; the schema types it.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from hireflow_voice.errors import QuestionBankError

MAX_BYTES = 1_000_000
MAX_BYTES_SLOW = 500_000
"""Without libyaml PyYAML is some twenty times slower."""
MAX_DEPTH = 12
MAX_NODES = 50_000

Where = tuple[str | int, ...]
"""Keys and indexes from the top of the file, as in pydantic's `loc`."""

# C0 and C1 controls, soft hyphen, zero-width and bidirectional controls, line separators, byte-order marks, surrogates,
# non-characters and tag characters: nothing a person types into a question, and all of them hide something on a screen.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
)
_MARKUP = re.compile(r"<\s*[/!?]?\s*[A-Za-z][^<>]*>|<!|<\?|&#?[A-Za-z0-9]{2,10};|<\|")


@dataclass(slots=True)
class Document:
    """A file as plain dicts, lists and strings, and the line every part of it began on."""

    name: str
    """Folder and file, for messages."""
    data: Any
    lines: dict[Where, int] = field(default_factory=dict)

    def line_of(self, where: Where) -> int:
        """Line (from 1) of a part, or of the nearest part around it that exists."""
        for end in range(len(where), -1, -1):
            line = self.lines.get(where[:end])
            if line is not None:
                return line
        return 1


def fault(name: str, line: int | None, what: str, remedy: str = "") -> QuestionBankError:
    """The one form of every message: file, line, what is wrong."""
    place = f"{name}, line {line}" if line is not None else name
    return QuestionBankError(f"{place}: {what}.", remedy)


def display_name(path: Path) -> str:
    """Folder and file name; the rest of the path is nobody's business."""
    return "/".join(path.parts[-2:])


def shorten(text: str) -> str:
    """At most 60 characters of something hostile, safe on one line."""
    text = _INVISIBLE.sub("?", " ".join(text.split()))
    return text if len(text) <= 60 else text[:57] + "..."


def read_text(path: Path, folder: Path) -> str:
    """The text of a regular file inside `folder`, at most 1 MB of UTF-8. Raises QuestionBankError."""
    name = display_name(path)
    try:
        raw = _read_bytes(path, folder, name)
    except (OSError, RuntimeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "the path cannot be used"
        raise fault(name, None, f"the file cannot be read ({reason})") from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise fault(name, line, "this is not UTF-8 text", "Save the file as UTF-8.") from error
    found = _INVISIBLE.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        raise fault(name, line, f"invisible character U+{ord(found.group()):04X} is not allowed")
    return text


def _read_bytes(path: Path, folder: Path, name: str) -> bytes:
    real = path.resolve(strict=True)
    if not real.is_relative_to(folder.resolve(strict=True)):
        raise fault(name, None, "this file is a link to a place outside the bank's folder")
    # Not blocking: a named pipe would wait for a writer for ever.
    handle = os.open(real, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    try:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode):
            raise fault(name, None, "this is not a regular file")
        limit = MAX_BYTES if yaml.__with_libyaml__ else MAX_BYTES_SLOW
        with os.fdopen(handle, "rb", closefd=False) as file:
            # One byte more than allowed: the file may grow between the look and the reading.
            raw = b"" if about.st_size > limit else file.read(limit + 1)
        if max(about.st_size, len(raw)) > limit:
            raise fault(name, None, f"the file is larger than {limit // 1000} kB", "Split it into several rounds.")
        return raw
    finally:
        os.close(handle)


def parse(text: str, name: str) -> Document:
    """Read YAML text. Raises QuestionBankError with file and line; never expands, recurses or guesses."""
    document = Document(name, None)
    try:
        _Reader(document, text).read()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise fault(name, line, f"this is not valid YAML ({shorten(error.problem or 'cannot be read')})") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise fault(name, 1, "this is not valid YAML") from error
    return document


class _Reader:
    """Builds a `Document` straight from the parser's events: no composer, no constructor, no resolver."""

    def __init__(self, document: Document, text: str) -> None:
        loader = yaml.CBaseLoader if yaml.__with_libyaml__ else yaml.BaseLoader
        self._document = document
        self._events: Iterator[Any] = iter(yaml.parse(text, Loader=loader))
        self._nodes = 0

    def read(self) -> None:
        next(self._events)  # start of the stream
        first = next(self._events)
        if isinstance(first, yaml.StreamEndEvent):
            raise fault(self._document.name, 1, "the file is empty")
        if first.version or first.tags:
            raise self._fault(first, "YAML directives are not allowed")
        self._document.data = self._node(next(self._events), (), 1)
        next(self._events)  # end of the document
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise self._fault(after, "a second document in one file is not allowed")

    def _fault(self, event: Any, what: str) -> QuestionBankError:
        return fault(self._document.name, event.start_mark.line + 1, what)

    def _node(self, event: Any, where: Where, depth: int) -> Any:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise self._fault(event, "anchors and aliases are not allowed")
        if getattr(event, "tag", None):
            raise self._fault(event, "tags are not allowed")
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise self._fault(event, f"the file holds more than {MAX_NODES} entries")
        self._document.lines.setdefault(where, event.start_mark.line + 1)
        if isinstance(event, yaml.ScalarEvent):
            return self._text(event)
        if depth > MAX_DEPTH:
            raise self._fault(event, f"nested more than {MAX_DEPTH} levels deep")
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(where, depth)
        return self._mapping(where, depth)

    def _sequence(self, where: Where, depth: int) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._node(event, (*where, len(items)), depth + 1))
        return items

    def _mapping(self, where: Where, depth: int) -> dict[str, Any]:
        items: dict[str, Any] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise self._fault(event, "a key must be plain text")
            if event.value == "<<":
                raise self._fault(event, "merge keys are not allowed")
            key = self._node(event, (*where, event.value), depth)
            if key in items:
                raise self._fault(event, f"'{shorten(key)}' is given twice")
            items[key] = self._node(next(self._events), (*where, key), depth + 1)
        return items

    def _text(self, event: Any) -> str:
        text: str = event.value
        found = _INVISIBLE.search(text)
        if found:
            raise self._fault(event, f"invisible character U+{ord(found.group()):04X} is not allowed")
        found = _MARKUP.search(text)
        if found:
            raise self._fault(event, f"markup such as '{shorten(found.group())}' is not allowed; write plain text")
        return " ".join(text.split())

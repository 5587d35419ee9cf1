"""The journal of a call: one JSON object a line, only ever appended, written out at once.

Entries have one key that says what they are: "header" (the first line: a second copy of call.json), "line" (a line of
the conversation), "input" (what the interview was told, so that it can be replayed), "take" (a take was begun).
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from hireflow_voice.store.codec import dumps
from hireflow_voice.store.files import read_file, write_all


class Journal:
    """The writing end. Not thread-safe; `CallFolder` holds a lock around it."""

    def __init__(self, path: Path) -> None:
        """Raises OSError."""
        self._descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        size = os.fstat(self._descriptor).st_size
        # A line torn by a kill or a full disk must not swallow the next one.
        self._torn = size > 0 and os.pread(self._descriptor, 1, size - 1) != b"\n"

    def add(self, entry: dict[str, Any]) -> None:
        """Hand one entry to the kernel, where a kill of this process cannot reach it. Raises OSError, ValueError."""
        data = dumps(entry) + b"\n"
        if self._torn:
            data = b"\n" + data
        self._torn = True
        write_all(self._descriptor, data)
        self._torn = False

    def sync(self) -> None:
        """Everything so far survives a power cut. Raises OSError."""
        os.fdatasync(self._descriptor)

    def close(self) -> None:
        os.close(self._descriptor)


def begin_journal(path: Path, entry: dict[str, Any]) -> None:
    """Write the first entry of a new journal, for good. Raises OSError."""
    journal = Journal(path)
    try:
        journal.add(entry)
        journal.sync()
    finally:
        journal.close()


def read_entries(path: Path) -> list[dict[str, Any]]:
    """Every whole entry, in order; a torn line is left out. Raises OSError, except for a journal that is not there."""
    try:
        data = read_file(path)
    except FileNotFoundError:
        return []
    entries = []
    for line in data.split(b"\n"):
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(entry, dict):
            entries.append(entry)
    return entries

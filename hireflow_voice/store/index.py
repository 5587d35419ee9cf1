"""The list of calls in SQLite, so that it need not be read from every folder each time.

A cache that heals itself: each row carries the modification time of the folder it was read from, and a row that does
not fit its folder any more is read again. A file that cannot be used is moved aside and the index is built anew.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import zlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from hireflow_voice.records import CallState, CallSummary
from hireflow_voice.store.files import set_aside

_log = logging.getLogger("hireflow_voice.store")

_COLUMNS = "id, started, company, role, round, state, seconds, questions, answered, score, band, demo, kept"


@dataclass(frozen=True, slots=True)
class TakeSummary:
    """One answer among all calls, to set it beside earlier answers to the same question."""

    call: str
    id: str
    question: str
    kind: str
    turn: int
    seconds: float
    score: float | None
    """Of the whole question in that call, 0..1; None when it is not judged."""


@dataclass(frozen=True, slots=True)
class Row:
    """What the index holds of one call."""

    summary: CallSummary
    takes: tuple[TakeSummary, ...]
    stamp: int
    """Modification time of the call's folder in ns when it was read; 0 when it may have changed since."""

    def checksum(self) -> int:
        """CRC-32 of everything in the row."""
        return zlib.crc32(repr((astuple(self.summary), [astuple(t) for t in self.takes], self.stamp)).encode())


def shipped_migrations() -> tuple[str, ...]:
    """The numbered scripts that ship; script n leads from version n - 1 to version n."""
    folder = resources.files("hireflow_voice.store") / "migrations"
    scripts = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".sql")), key=lambda entry: entry.name)
    return tuple(script.read_text("utf-8") for script in scripts)


class NewerIndex(Exception):
    """The file was written by a newer version."""


class Index:
    """One connection, the only one to the file. Not thread-safe; `Store` holds a lock around it.

    `path` None keeps the index in memory: what a second process does while the first one owns the file.
    """

    def __init__(self, path: Path | None, migrations: Sequence[str] | None = None) -> None:
        """Raises OSError, sqlite3.OperationalError when the folder cannot be written."""
        self._path = path
        self._migrations = shipped_migrations() if migrations is None else tuple(migrations)
        try:
            self._connection = self._open()
        except (sqlite3.DatabaseError, NewerIndex) as error:
            if path is None or not is_damage(error):
                raise
            _log.warning("the index of calls cannot be used (%s); built anew from the recordings", error)
            self._move_aside()
            self._connection = self._open()

    def _open(self) -> sqlite3.Connection:
        if self._path is not None:
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600))
        # Isolation level None: transactions are begun and ended here, in words.
        connection = sqlite3.connect(self._path or ":memory:", check_same_thread=False, isolation_level=None, timeout=5)
        try:
            # A rollback journal that is deleted, with freed pages overwritten: after a deletion no byte of the row is
            # left in the database or beside it (a write-ahead log would keep it until a checkpoint).
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.execute("PRAGMA foreign_keys = ON")
            if (found := connection.execute("PRAGMA quick_check").fetchone()[0]) != "ok":
                raise sqlite3.DatabaseError(found)
            self._migrate(connection)
            connection.execute(f"SELECT {_COLUMNS}, stamp, checksum FROM calls LIMIT 1")
        except BaseException:
            connection.close()
            raise
        return connection

    def _migrate(self, connection: sqlite3.Connection) -> None:
        version: int = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > len(self._migrations):
            raise NewerIndex(f"version {version}")
        if version == len(self._migrations):
            return
        copy = None
        if version > 0 and self._path is not None:
            copy = self._path.with_name(f"{self._path.name}.before-{version + 1}")
            copy.unlink(missing_ok=True)
            os.close(os.open(copy, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
            with sqlite3.connect(copy) as target:
                connection.backup(target)
            target.close()
        for number in range(version + 1, len(self._migrations) + 1):
            script = self._migrations[number - 1]
            try:
                connection.executescript(f"BEGIN IMMEDIATE;\n{script}\nPRAGMA user_version = {number};\nCOMMIT;")
            except sqlite3.Error:
                with suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
                raise
        if copy is not None:
            copy.unlink()

    def rows(self) -> dict[str, Row]:
        """Every row that is what was once written, by call id. Raises sqlite3.Error."""
        takes: dict[str, list[TakeSummary]] = {}
        for values in self._connection.execute(
            "SELECT call, id, question, kind, turn, seconds, score FROM takes ORDER BY call, turn, id"
        ):
            takes.setdefault(values[0], []).append(TakeSummary(*values))
        rows = {}
        for *values, stamp, checksum in self._connection.execute(f"SELECT {_COLUMNS}, stamp, checksum FROM calls"):
            try:
                summary = _summary(values)
            except ValueError:
                continue
            row = Row(summary, tuple(takes.get(summary.id, ())), stamp)
            if row.checksum() == checksum:
                rows[summary.id] = row
        return rows

    def ids(self) -> set[str]:
        """The calls there are rows of. Raises sqlite3.Error."""
        return {call for (call,) in self._connection.execute("SELECT id FROM calls")}

    def update(self, rows: Iterable[Row], gone: Iterable[str] = ()) -> None:
        """Write rows and remove calls, all or nothing. Raises sqlite3.Error."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            for call in gone:
                self._connection.execute("DELETE FROM calls WHERE id = ?", (call,))
            for row in rows:
                self._put(row)
            self._connection.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
            raise

    def _put(self, row: Row) -> None:
        summary = row.summary
        self._connection.execute("DELETE FROM calls WHERE id = ?", (summary.id,))
        self._connection.execute(
            f"INSERT INTO calls ({_COLUMNS}, stamp, checksum) VALUES ({', '.join('?' * 15)})",
            (*astuple(summary)[:5], summary.state.value, *astuple(summary)[6:], row.stamp, row.checksum()),
        )
        self._connection.executemany("INSERT INTO takes VALUES (?, ?, ?, ?, ?, ?, ?)", map(astuple, row.takes))

    def start_anew(self) -> None:
        """Set the file aside and begin with an empty one. Raises OSError, sqlite3.Error."""
        self._connection.close()
        if self._path is not None:
            self._move_aside()
        self._connection = self._open()

    def _move_aside(self) -> None:
        assert self._path is not None
        set_aside(self._path)
        # Left where it is, SQLite would roll the new file back with the old file's journal.
        for ending in ("-journal", "-wal", "-shm"):
            beside = self._path.with_name(self._path.name + ending)
            if beside.exists():
                set_aside(beside)

    def purge_copies(self) -> None:
        """Remove every copy of the index: each could hold rows of a deleted call. Raises OSError."""
        if self._path is not None:
            for ending in (".damaged-", "-journal.damaged-", "-wal.damaged-", "-shm.damaged-", ".before-"):
                for path in self._path.parent.glob(f"{self._path.name}{ending}*"):
                    path.unlink()

    def close(self) -> None:
        self._connection.close()


def _summary(values: Sequence[Any]) -> CallSummary:
    """A row of `_COLUMNS`. Raises ValueError for a state that is none."""
    call, started, company, role, round_, state, *numbers, band, demo, kept = values
    seconds, questions, answered, score = numbers
    return CallSummary(
        call, started, company, role, round_, CallState(state), seconds, questions, answered, score, band,
        bool(demo), bool(kept),
    )  # fmt: skip


def is_damage(error: Exception) -> bool:
    """Whether the file is at fault, and not the disk, its permissions or another process."""
    if isinstance(error, NewerIndex):
        return True
    if not isinstance(error, sqlite3.OperationalError):
        return isinstance(error, sqlite3.DatabaseError)
    return str(error).startswith(("no such table", "no such column", "table ", "index ", "malformed"))

"""All calls of one data folder."""

from __future__ import annotations

import logging
import secrets
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from hireflow_voice.errors import DataFolderUnusable, HireFlowError, InputError
from hireflow_voice.records import CallFile, CallHeader, CallRecord, CallState, CallSummary
from hireflow_voice.store import portable
from hireflow_voice.store.codec import FORMAT, HEADER_FILE, WrittenByNewer, to_plain
from hireflow_voice.store.files import FileLock, disk_errors, make_folder, replace_file, sync_folder
from hireflow_voice.store.folder import CallFolder
from hireflow_voice.store.index import Index, Row, TakeSummary, is_damage
from hireflow_voice.store.journal import begin_journal
from hireflow_voice.store.reading import (
    CALL,
    JOURNAL,
    KEPT,
    LOCK,
    LONGEST_NOTES,
    NOTES,
    is_call_id,
    no_such_call,
    question_score,
    read_call,
    summarise,
    unreadable,
)
from hireflow_voice.store.recovery import needs_recovery, recover_call

_log = logging.getLogger("hireflow_voice.store")

_NEW, _DELETED = portable.NEW, ".deleted-"
_SETTLED_NS = 1_000_000_000
"""A folder younger than this may change again within one tick of the file system's clock."""
_ABANDONED_S = 60.0


def new_call_id(now: datetime) -> str:
    """An id that sorts by time: 20261123-174203-7f3a. `now` is local time."""
    return f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"


class Store:
    """The calls under `<root>/calls`, one folder each, and an index of them in `<root>/index.sqlite`.

    Every method may be called from any thread. The first process to open a folder owns the index and may delete; a
    second one can read everything and write calls of its own. Methods that write raise DiskFull and DataFolderUnusable.
    """

    def __init__(self, root: Path) -> None:
        """Raises DataFolderUnusable, DiskFull."""
        self.root = root
        self._folders = root / "calls"
        self._guard = threading.RLock()
        self._owner: FileLock | None = None
        self._index: Index | None = None
        with disk_errors(root):
            make_folder(root)
            make_folder(self._folders)
            self._folders.chmod(0o700)
            # Also the proof that the folder can be written.
            self._owner = FileLock.take(root / LOCK)
        try:
            self._index = self._open_index()
            if self._owner is not None:
                self._finish_deletions()
        except BaseException:
            self.close()
            raise

    @property
    def owns_index(self) -> bool:
        """Whether this process is the one that may write the index and delete calls."""
        return self._owner is not None

    def create(self, header: CallHeader) -> CallFolder:
        """A folder for a call that is about to begin. Raises InputError when there is one of that name."""
        if not is_call_id(header.id):
            raise InputError(f"{header.id[:80]!r} cannot name a call.")
        path = self._folders / header.id
        beside = self._folders / f"{_NEW}{header.id}"
        if path.exists():
            raise InputError(f"There is already a call named {header.id}.")
        data = HEADER_FILE.encode(header)
        with disk_errors(self._folders):
            beside.mkdir(mode=0o700)
            try:
                lock = FileLock.take(beside / LOCK)
                assert lock is not None, "nobody else knows the folder"
                replace_file(beside / CALL, data)
                begin_journal(beside / JOURNAL, {"format": FORMAT, "header": to_plain(header)})
                beside.rename(path)
                sync_folder(self._folders)
            except BaseException:
                shutil.rmtree(beside, ignore_errors=True)
                raise
            return CallFolder(path, lock)

    def open(self, call_id: str) -> CallFolder:
        """Go on with a call, or judge it again. Files that cannot be read are set aside first, never deleted.

        Raises NotFound, InputError while somebody else has it open.
        """
        path = self._path(call_id)
        with disk_errors(path):
            lock = FileLock.take(path / LOCK)
            if lock is None:
                raise InputError("This call is still open elsewhere.", "Hang up or close it there first.")
            try:
                read_call(path, mend=True)
                return CallFolder(path, lock)
            except BaseException:
                lock.release()
                raise

    def folder(self, call_id: str) -> Path:
        """Where the recordings of a call are. Raises NotFound."""
        return self._path(call_id)

    def calls(self) -> tuple[CallSummary, ...]:
        """Every call, newest first."""
        return tuple(sorted((row.summary for row in self._rows().values()), key=_moment, reverse=True))

    def history(self, question: str) -> tuple[TakeSummary, ...]:
        """Every take that answered a question, in all calls, newest call first."""
        rows = self._rows()
        ordered = sorted(rows.values(), key=lambda row: _moment(row.summary), reverse=True)
        return tuple(take for row in ordered for take in row.takes if question and take.question == question)

    def load(self, call_id: str) -> CallRecord:
        """Everything known of a call; changes nothing. Raises NotFound, InputError for one of a newer version."""
        path = self._path(call_id)
        with disk_errors(path):
            return read_call(path)

    def save_notes(self, call_id: str, text: str) -> None:
        """Keep what the candidate writes down, also while the call goes on: nobody else writes this file.

        What this has returned from survives a kill and a power cut. Empty text removes the file. Raises NotFound,
        InputError when it is longer than LONGEST_NOTES.
        """
        path = self._path(call_id)
        if len(text) > LONGEST_NOTES:
            raise InputError(f"Notes can be {LONGEST_NOTES:,} characters long.", "Shorten them.")
        with disk_errors(path):
            if text.strip():
                replace_file(path / NOTES, text.encode("utf-8", "replace"))
            elif (path / NOTES).exists():
                (path / NOTES).unlink(missing_ok=True)
                sync_folder(path)

    def keep(self, call_id: str, kept: bool) -> None:
        """Keep a call for ever, or no longer; also while it goes on: nobody else writes this file. Raises NotFound."""
        path = self._path(call_id)
        with disk_errors(path):
            if kept:
                replace_file(path / KEPT, b"")
            elif (path / KEPT).exists():
                (path / KEPT).unlink(missing_ok=True)
                sync_folder(path)

    def export_file(self, call_id: str, target: Path, kind: CallFile) -> None:
        """Put a call, or the scores given here, into one file. Raises NotFound, InputError, DiskFull."""
        portable.export_file(self._path(call_id), target, kind)

    def import_file(self, source: Path) -> tuple[str, CallFile]:
        """Take a call, or a mentor's scores, out of a file that may be anything; the call's id and what it was.

        Nothing is written unless all of it is right. Raises InputError, NotFound for scores of a call that is not here.
        """
        return portable.import_file(self._folders, source)

    def delete(self, call_id: str) -> None:
        """Remove a call: no byte of it is left in any file of ours. Killed half-way, the next start completes it.

        Raises NotFound, InputError while the call is open.
        """
        path = self._path(call_id)
        with self._guard:
            self._must_own()
            with disk_errors(path):
                lock = FileLock.take(path / LOCK)
                if lock is None:
                    raise InputError("This call is still going on.", "Hang up first, then delete it.")
                try:
                    hidden = self._folders / f"{_DELETED}{call_id}"
                    path.rename(hidden)
                    sync_folder(self._folders)
                finally:
                    lock.release()
            self._finish_deletions()

    def delete_all(self) -> None:
        """Remove every call, and the index. Raises InputError when one of them is open; the others are gone then."""
        with self._guard:
            self._must_own()
            problem: InputError | None = None
            for path in self._paths():
                try:
                    self.delete(path.name)
                except InputError as error:
                    problem = error
            self.rebuild()
            if problem is not None:
                raise problem

    def rebuild(self) -> int:
        """Write the index anew from the folders; the number of calls."""
        with self._guard:
            if self._index is not None:
                with disk_errors(self.root):
                    self._index.start_anew()
                    self._index.purge_copies()
            return len(self._rows())

    def unfinished(self) -> tuple[CallSummary, ...]:
        """Calls that were broken off: still RUNNING, and no living process runs them. Newest first."""
        with disk_errors(self._folders):
            return tuple(
                call
                for call in self.calls()
                if call.state is CallState.RUNNING and not FileLock.held(self._folders / call.id / LOCK)
            )

    def recover(self, repair: Callable[[Path], float]) -> list[str]:
        """Mend what a kill left behind; the ids of the calls in which an answer was saved. Meant for the start.

        `repair(path)` completes the header of an unfinished WAV and returns its seconds. Idempotent, and it can itself
        be killed at any moment. Calls that a living process runs are left alone.
        """
        mended: list[str] = []
        for path in self._paths():
            with disk_errors(path):
                if not needs_recovery(path) or FileLock.held(path / LOCK):
                    continue
                lock = FileLock.take(path / LOCK)
                if lock is None:
                    continue
                try:
                    if recover_call(path, repair):
                        mended.append(path.name)
                except HireFlowError as error:
                    _log.warning("call %s cannot be mended: %s", path.name, error)
                finally:
                    lock.release()
        return mended

    def close(self) -> None:
        """Let go of the index; calls that are open stay open. A second close does nothing."""
        with self._guard:
            if self._index is not None:
                self._index.close()
                self._index = None
            if self._owner is not None:
                self._owner.release()
                self._owner = None

    def _path(self, call_id: str) -> Path:
        path = self._folders / call_id
        if not is_call_id(call_id) or path.is_symlink() or not path.is_dir():
            raise no_such_call(call_id)
        return path

    def _paths(self) -> list[Path]:
        with disk_errors(self._folders):
            return sorted(
                p for p in self._folders.iterdir() if is_call_id(p.name) and p.is_dir() and not p.is_symlink()
            )

    def _open_index(self) -> Index:
        try:
            with disk_errors(self.root):
                return Index(None if self._owner is None else self.root / "index.sqlite")
        except sqlite3.OperationalError as error:
            # A full or read-only disk must not hide the calls: the list is read from the folders.
            _log.warning("the index of calls cannot be opened: %s", error)
            return Index(None)

    def _must_own(self) -> None:
        if self._owner is not None:
            return
        with disk_errors(self.root):
            self._owner = FileLock.take(self.root / LOCK)
        if self._owner is None:
            raise DataFolderUnusable(
                "HireFlow Voice is open a second time, and only the first one may delete.",
                "Delete the call there, or close it and try again.",
            )
        if self._index is not None:
            self._index.close()
        self._index = self._open_index()

    def _rows(self) -> dict[str, Row]:
        """The index, made to fit the folders."""
        with self._guard:
            if self._index is None:
                raise InputError("The list of calls is closed.")
            try:
                known = self._index.rows()
            except sqlite3.DatabaseError as error:
                known = {}
                self._mend_index(error)
            rows: dict[str, Row] = {}
            fresh: list[Row] = []
            for path in self._paths():
                try:
                    stamp = path.stat().st_mtime_ns
                    row = known.get(path.name)
                    # The journal grows without touching the folder, so a running call is always read.
                    if row is None or row.stamp != stamp or row.summary.state is CallState.RUNNING:
                        row = _read_row(path, stamp)
                        fresh.append(row)
                except (FileNotFoundError, InputError):
                    continue  # deleted by the owner of the index between two looks
                rows[path.name] = row
            gone = known.keys() - rows.keys()
            if fresh or gone:
                try:
                    self._index.update(fresh, gone)
                except sqlite3.DatabaseError as error:
                    self._mend_index(error)
            return rows

    def _mend_index(self, error: sqlite3.DatabaseError) -> None:
        _log.warning("the index of calls cannot be used: %s", error)
        if self._index is not None and is_damage(error):
            with disk_errors(self.root):
                self._index.start_anew()

    def _finish_deletions(self) -> None:
        """Complete every deletion that was begun, and remove what a killed `create` left."""
        assert self._index is not None
        with disk_errors(self._folders):
            for path in self._folders.glob(f"{_NEW}*"):
                if time.time() - path.stat().st_mtime > _ABANDONED_S and not FileLock.held(path / LOCK):
                    shutil.rmtree(path)
            hidden = list(self._folders.glob(f"{_DELETED}*"))
            # Recordings first, for they free the room that the index may need; the empty folder stays as a note
            # that the deletion is not done until no row and no copy of one is left.
            for path in hidden:
                for entry in path.iterdir():
                    shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
                sync_folder(path)
            try:
                gone = self._index.ids() - {path.name for path in self._paths()}
                if gone:
                    self._index.update((), gone)
            except sqlite3.DatabaseError as error:
                if not is_damage(error):
                    raise DataFolderUnusable(
                        "The recordings are deleted, but the list of calls could not be rewritten.",
                        "Free some space and start again: the deletion is completed then.",
                    ) from error
                self._mend_index(error)
            if hidden:
                self._index.purge_copies()
            for path in hidden:
                path.rmdir()
            sync_folder(self._folders)


def _read_row(path: Path, stamp: int) -> Row:
    try:
        record = read_call(path)
    except WrittenByNewer as error:
        record = unreadable(path, error)
    settled = time.time_ns() - stamp > _SETTLED_NS
    takes = tuple(
        TakeSummary(
            path.name,
            take.id,
            take.question,
            take.kind.value,
            take.turn,
            take.seconds,
            question_score(record, take.question),
        )
        for take in record.takes
        # Somebody else's answers are no history of the person at this computer.
        if not any(review.mine for review in record.mentors)
    )
    return Row(summarise(record), takes, stamp if settled else 0)


def _moment(call: CallSummary) -> tuple[float, str]:
    """When a call began, for sorting: across time zones, and with the id where two began at once."""
    try:
        began = datetime.fromisoformat(call.started).timestamp()
    except (ValueError, OverflowError, OSError):
        began = 0.0
    return began, call.id

"""One call on disk, owned by the process that runs it."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from hireflow_voice.errors import InputError
from hireflow_voice.records import CallState, Line, MentorReview, TakeKind, TakeRecord
from hireflow_voice.store.codec import MENTOR_FILE, RESULT_FILE, TAKE_FILE, Damaged, Result, line_entry
from hireflow_voice.store.files import FileLock, disk_errors, read_file, replace_file, sync_folder
from hireflow_voice.store.journal import Journal, read_entries
from hireflow_voice.store.reading import JOURNAL, RESULT, is_take_id, mentor_file
from hireflow_voice.verdict import Form, Judgement

_SLUG = re.compile(r"[^a-z0-9]+")


class CallFolder:
    """Writes a call as it happens. Every method may be called from any thread.

    What a method has returned from survives `kill -9`; what is in a sidecar or the result also survives a power cut.
    Methods that write raise DiskFull and DataFolderUnusable.
    """

    def __init__(self, path: Path, lock: FileLock) -> None:
        """Use `Store.create` or `Store.open`. Raises OSError, WrittenByNewer."""
        self.path = path
        self._lock = lock
        self._guard = threading.RLock()
        self._journal = Journal(path / JOURNAL)
        self._closed = False
        try:
            self._result = RESULT_FILE.decode(read_file(path / RESULT))
        except (FileNotFoundError, Damaged):
            self._result = Result()

    @property
    def id(self) -> str:
        """Id of the call, the folder's name."""
        return self.path.name

    def sound_path(self, take_id: str) -> Path:
        """Where the recording of a take belongs; whoever records it writes the file."""
        return self.path / f"{self._checked(take_id)}.wav"

    def new_take_id(self, number: int, question: str, kind: TakeKind | str) -> str:
        """A free id such as 03-rate-limiter-answer for turn `number`, noted in the journal.

        The note lets a recording whose sidecar was never written find its question again.
        """
        kind = TakeKind(kind)
        parts = [f"{number:02d}", _SLUG.sub("-", question.lower()).strip("-")[:60].strip("-"), kind.value]
        stem = "-".join(part for part in parts if part).replace("_", "-")
        with self._guard, disk_errors(self.path):
            taken = {path.name.split(".")[0] for path in self.path.iterdir()}
            taken |= {
                str(e["take"].get("id")) for e in read_entries(self.path / JOURNAL) if isinstance(e.get("take"), dict)
            }
            take_id, again = stem, 2
            while take_id in taken:
                take_id, again = f"{stem}-{again}", again + 1
            self._journal.add({"take": {"id": take_id, "number": number, "question": question, "kind": kind.value}})
        return take_id

    def save_take(self, take: TakeRecord) -> None:
        """Write the sidecar, new or again. What the journal holds by now is made durable with it."""
        name = f"{self._checked(take.id)}.json"
        data = TAKE_FILE.encode(take)
        with self._guard, disk_errors(self.path):
            self._journal.sync()
            replace_file(self.path / name, data)

    def discard_take(self, take_id: str) -> None:
        """Remove a take that never began: its recording and its sidecar, whichever there is."""
        path = self.sound_path(take_id)
        with self._guard, disk_errors(self.path):
            path.unlink(missing_ok=True)
            path.with_suffix(".json").unlink(missing_ok=True)
            sync_folder(self.path)

    def add_line(self, line: Line) -> None:
        """Append to the conversation."""
        entry = line_entry(line)
        with self._guard, disk_errors(self.path):
            self._journal.add(entry)
            if line.speaker == "candidate":
                self._journal.sync()

    def add_input(self, given: Mapping[str, Any]) -> None:
        """Append something the interview was told; any JSON object."""
        with self._guard, disk_errors(self.path):
            self._journal.add({"input": dict(given)})

    def inputs(self) -> list[dict[str, Any]]:
        """Everything the interview was told so far, in order."""
        with self._guard, disk_errors(self.path):
            entries = read_entries(self.path / JOURNAL)
        return [entry["input"] for entry in entries if isinstance(entry.get("input"), dict)]

    def finish(self, state: CallState, ended_s: float) -> None:
        """Note how the call ended (or, with RUNNING, that it goes on)."""
        with self._guard:
            self._write(replace(self._result, state=state, ended_s=ended_s))

    def save_result(
        self, judgements: Sequence[Judgement], quote_takes: Mapping[str, Mapping[str, str]], form: Form | None
    ) -> None:
        """Keep what the judges made of the call; replaces what was kept before."""
        placed = {question: dict(points) for question, points in quote_takes.items()}
        with self._guard:
            self._write(replace(self._result, judgements=tuple(judgements), quote_takes=placed, form=form))

    def save_mentor(self, review: MentorReview) -> None:
        """Keep a mentor's scores; replaces what was kept under the same id."""
        name, data = mentor_file(review.id), MENTOR_FILE.encode(review)
        with self._guard, disk_errors(self.path):
            replace_file(self.path / name, data)

    def close(self) -> None:
        """Let go of the call; a second close does nothing."""
        with self._guard:
            if not self._closed:
                self._closed = True
                self._journal.close()
                self._lock.release()

    def _write(self, result: Result) -> None:
        data = RESULT_FILE.encode(result)
        with disk_errors(self.path):
            self._journal.sync()
            replace_file(self.path / RESULT, data)
        self._result = result

    @staticmethod
    def _checked(take_id: str) -> str:
        if not is_take_id(take_id):
            raise InputError(f"{take_id[:80]!r} cannot name a recording.")
        return take_id

"""Full loops: which rounds, on which days. Which calls belong to one stands in the calls themselves."""

from __future__ import annotations

import logging
import re
from pathlib import Path

from hireflow_voice.errors import HireFlowError
from hireflow_voice.records import Loop
from hireflow_voice.store.codec import LOOP_FILE, Damaged
from hireflow_voice.store.files import disk_errors, make_folder, read_file, replace_file

_log = logging.getLogger(__name__)
_NAME = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9a-f]{4}\.json")


class Loops:
    """A folder with one small file for each loop. Any thread; the newest version of a file wins."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def save(self, loop: Loop) -> None:
        """Raises DiskFull, DataFolderUnusable."""
        with disk_errors(self._folder):
            make_folder(self._folder)
            replace_file(self._folder / f"{loop.id}.json", LOOP_FILE.encode(loop))

    def remove(self, loop: str) -> None:
        """Raises DataFolderUnusable."""
        name = f"{loop}.json"
        if _NAME.fullmatch(name):
            with disk_errors(self._folder):
                (self._folder / name).unlink(missing_ok=True)

    def all(self) -> tuple[Loop, ...]:
        """Newest first; a file that cannot be read is left where it is. Raises DataFolderUnusable."""
        if not self._folder.is_dir():
            return ()
        found = []
        with disk_errors(self._folder):
            for path in sorted(self._folder.iterdir(), reverse=True):
                if not _NAME.fullmatch(path.name):
                    continue
                try:
                    found.append(LOOP_FILE.decode(read_file(path)))
                except (Damaged, HireFlowError) as error:
                    _log.warning("the loop %s cannot be read: %s", path.name, error)
        return tuple(found)

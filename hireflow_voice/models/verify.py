"""Nothing unverified is loaded: damaged weights often load and change words, so only the sha256 tells."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from hireflow_voice import paths
from hireflow_voice.errors import ModelMissing
from hireflow_voice.models.manifest import MODELS, Model, ModelFile, find

BLOCK = 1 << 20
"""Bytes read at a time."""

FETCH_AGAIN = "Fetch it with `hireflow-voice models fetch` or from the home page."


class State(StrEnum):
    """What is on the disk."""

    INSTALLED = "installed"
    MISSING = "missing"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """One model of the manifest, as it stands on this computer."""

    model: Model
    state: State
    sentence: str
    """What that means, in plain words."""


def location(model: Model) -> Path:
    """Where its files belong, there or not."""
    return paths.models_dir() / model.id


def status(models: tuple[Model, ...] = MODELS) -> list[ModelStatus]:
    """All models in the manifest's order. Seconds the first time (files are hashed), then milliseconds."""
    return [_status_of(model) for model in models]


def installed(model: Model) -> Path:
    """The model's folder, its files checked by sha256. Raises ModelMissing.

    A file that was hashed before and has not been touched since (same size, times and inode) is not hashed again.
    """
    _demand(model, fresh=False)
    return location(model)


def verify(model: Model) -> Path:
    """As `installed`, but every byte is read again. Raises ModelMissing."""
    _demand(model, fresh=True)
    return location(model)


def folder(model_id: str) -> Path:
    """`installed` by id. Raises ModelMissing, or NotFound for an id that is not in the manifest."""
    return installed(find(model_id))


def file_state(path: Path, file: ModelFile, *, fresh: bool = False) -> State:
    """Whether the file at `path` is the one the manifest names; `fresh` reads it whatever is remembered."""
    try:
        found = path.stat()
    except OSError:
        return State.MISSING
    if found.st_size != file.size:
        return State.DAMAGED
    stamp = _stamp(found)
    digest = None if fresh else _recall(path, stamp)
    if digest is None:
        try:
            digest = sha256_of(path)
            untouched = _stamp(path.stat()) == stamp
        except OSError:
            return State.DAMAGED
        if untouched:
            _remember(path, stamp, digest)
    return State.INSTALLED if digest == file.sha256 else State.DAMAGED


def sha256_of(path: Path, on_block: Callable[[], None] = lambda: None) -> str:
    """Hex digest of a file, read in blocks; `on_block` is called after each. Raises OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while block := source.read(BLOCK):
            digest.update(block)
            on_block()
    return digest.hexdigest()


def _status_of(model: Model) -> ModelStatus:
    states = [file_state(location(model) / file.name, file) for file in model.files]
    if all(state is State.INSTALLED for state in states):
        return ModelStatus(model, State.INSTALLED, f"{model.title} is on this computer.")
    if State.DAMAGED in states:
        return ModelStatus(model, State.DAMAGED, f"{model.title} is damaged and will not be used.")
    return ModelStatus(model, State.MISSING, f"{model.title} is not on this computer.")


def _demand(model: Model, *, fresh: bool) -> None:
    for file in model.files:
        state = file_state(location(model) / file.name, file, fresh=fresh)
        if state is State.MISSING:
            raise ModelMissing(
                f"The weights for {model.purpose} ({model.title}) are not on this computer.", FETCH_AGAIN
            )
        if state is State.DAMAGED:
            raise ModelMissing(
                f"The weights for {model.purpose} ({model.title}) are damaged: {file.name} is not the file it should "
                "be. They were not loaded.",
                FETCH_AGAIN,
            )


# What was hashed, so that a call does not read 1.3 GB before it starts:
# {path: [[size, mtime_ns, ctime_ns, inode], sha256 found]}. ctime is among them because nobody can set it back.
_memory_lock = threading.Lock()


def _stamp(found: os.stat_result) -> list[int]:
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


def _memory() -> Path:
    return paths.cache_dir() / "verified-weights.json"


def _remembered() -> dict[str, object]:
    try:
        entries = json.loads(_memory().read_bytes())
    except (OSError, ValueError):
        return {}
    return entries if isinstance(entries, dict) else {}


def _recall(path: Path, stamp: list[int]) -> str | None:
    match _remembered().get(str(path)):
        case [known, str(digest)] if known == stamp:
            return digest
    return None


def _remember(path: Path, stamp: list[int], digest: str) -> None:
    memory = _memory()
    partial = memory.with_suffix(f".{os.getpid()}.partial")
    with _memory_lock:
        entries = _remembered()
        entries[str(path)] = [stamp, digest]
        try:
            memory.parent.mkdir(parents=True, exist_ok=True)
            partial.write_text(json.dumps(entries, indent=1))
            partial.replace(memory)
        except OSError:
            with contextlib.suppress(OSError):  # only speed is lost: the next check hashes again
                partial.unlink()

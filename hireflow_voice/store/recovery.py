"""After a kill: recordings are completed, and each has a sidecar again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from hireflow_voice.errors import HireFlowError
from hireflow_voice.store.codec import TAKE_FILE
from hireflow_voice.store.files import TEMPORARY, replace_file
from hireflow_voice.store.journal import read_entries
from hireflow_voice.store.reading import JOURNAL, begun_take, is_take_id, read_call, read_head

_log = logging.getLogger("hireflow_voice.store")

_HEAD = 44
"""Bytes before the first sample of a take."""


def is_unfinished(path: Path) -> bool:
    """Whether a WAV header does not say how long the take is: 0xFFFFFFFF until it is closed. Raises OSError."""
    head, size = read_head(path), path.stat().st_size
    if len(head) < _HEAD:
        return False  # killed before the first sample: there is nothing in it
    whole = (size - _HEAD) // 2 * 2  # a kill can leave half a sample
    return head[:4] == b"RIFF" and int.from_bytes(head[40:44], "little") != whole


def _recordings(folder: Path) -> list[Path]:
    return sorted(p for p in folder.glob("*.wav") if is_take_id(p.stem) and p.is_file() and not p.is_symlink())


def needs_recovery(folder: Path) -> bool:
    """Whether anything in a call's folder was left half done. Raises OSError."""
    if any(folder.glob(f".*{TEMPORARY}")):
        return True
    return any(
        path.stat().st_size > _HEAD and (is_unfinished(path) or not path.with_suffix(".json").exists())
        for path in _recordings(folder)
    )


def recover_call(folder: Path, repair: Callable[[Path], float]) -> list[str]:
    """Mend one call that the caller has locked; a sentence for each answer saved. Raises HireFlowError, OSError."""
    for path in folder.glob(f".*{TEMPORARY}"):
        path.unlink()  # never renamed into place, so what it should replace is still whole
    record = read_call(folder, mend=True)
    takes = {take.id: take for take in record.takes}
    sentences = []
    for path in _recordings(folder):
        if path.stat().st_size <= _HEAD:
            continue
        sidecar = path.with_suffix(".json")
        try:
            unfinished = is_unfinished(path)
            if not unfinished and sidecar.exists():
                continue
            seconds = repair(path)
        except (HireFlowError, OSError, ValueError) as error:
            _log.warning("%s of call %s cannot be repaired: %s", path.name, folder.name, error)
            sentences.append(
                f"A recording of the call with {record.header.company} cannot be repaired; it is kept as it is."
            )
            continue
        take = takes.get(path.stem) or begun_take(read_entries(folder / JOURNAL), path.stem, path.name, seconds)
        # Sidecar after header: killed in between, the header is whole and the missing sidecar still calls for this.
        replace_file(sidecar, TAKE_FILE.encode(replace(take, sound=path.name, seconds=seconds)))
        sentences.append(_sentence(seconds, record.header.company))
    return sentences


def _sentence(seconds: float, company: str) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"Recovered {minutes}:{rest:02d} of an answer in the call with {company}."

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
from hireflow_voice.store.reading import HEAD_BYTES, JOURNAL, begun_take, read_call, read_head, recordings

_log = logging.getLogger("hireflow_voice.store")


def is_unfinished(path: Path) -> bool:
    """Whether a WAV header does not say how long the take is: 0xFFFFFFFF until it is closed. Raises OSError."""
    head, size = read_head(path), path.stat().st_size
    if len(head) < HEAD_BYTES:
        return False  # killed before the first sample: there is nothing in it
    whole = (size - HEAD_BYTES) // 2 * 2  # a kill can leave half a sample
    return head[:4] == b"RIFF" and int.from_bytes(head[40:44], "little") != whole


def needs_recovery(folder: Path) -> bool:
    """Whether anything in a call's folder was left half done. Raises OSError."""
    if any(folder.glob(f".*{TEMPORARY}")):
        return True
    return any(
        path.stat().st_size > HEAD_BYTES and (is_unfinished(path) or not path.with_suffix(".json").exists())
        for path in recordings(folder)
    )


def recover_call(folder: Path, repair: Callable[[Path], float]) -> int:
    """Mend one call that the caller has locked; how many answers were saved. Raises HireFlowError, OSError."""
    for path in folder.glob(f".*{TEMPORARY}"):
        path.unlink()  # never renamed into place, so what it should replace is still whole
    record = read_call(folder, mend=True)
    takes = {take.id: take for take in record.takes}
    saved = 0
    for path in recordings(folder):
        if path.stat().st_size <= HEAD_BYTES:
            continue
        sidecar = path.with_suffix(".json")
        try:
            unfinished = is_unfinished(path)
            if not unfinished and sidecar.exists():
                continue
            seconds = repair(path)
        except (HireFlowError, OSError, ValueError) as error:
            _log.warning("%s of call %s cannot be repaired and stays as it is: %s", path.name, folder.name, error)
            continue
        take = takes.get(path.stem) or begun_take(read_entries(folder / JOURNAL), path.stem, path.name, seconds)
        # Sidecar after header: killed in between, the header is whole and the missing sidecar still calls for this.
        replace_file(sidecar, TAKE_FILE.encode(replace(take, sound=path.name, seconds=seconds)))
        saved += 1
        _log.info("recovered %.1f s in %s of call %s", seconds, path.name, folder.name)
    return saved

"""What is kept, for how long, and how to take all of it along."""

from __future__ import annotations

import logging
import secrets
import tempfile
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from hireflow_voice.app.retaking import AGAIN
from hireflow_voice.errors import HireFlowError, InputError
from hireflow_voice.records import CallFile, CallState
from hireflow_voice.store.calls import Store
from hireflow_voice.store.files import disk_errors

log = logging.getLogger(__name__)


def expire(store: Store, days: int, now: datetime) -> tuple[str, ...]:
    """Delete calls that began more than `days` days ago; their ids. 0 days: none.

    Never one that was broken off and can go on or is open, never one that is kept for ever or a retake of such a call.
    Raises DataFolderUnusable.
    """
    if days <= 0:
        return ()
    gone = []
    calls = store.calls()
    kept = {summary.id for summary in calls if summary.kept}
    for summary in calls:
        try:
            began = datetime.fromisoformat(summary.started).astimezone()
        except ValueError:
            continue  # of a damaged call nobody knows how old it is
        if summary.state is CallState.RUNNING or began >= now - timedelta(days=days):
            continue
        try:
            retake = summary.round.endswith(AGAIN)  # told by its title: not every call is read
            if summary.kept or (kept and retake and store.load(summary.id).header.retake_of in kept):
                continue
            store.delete(summary.id)
        except InputError as error:
            log.info("call %s was not deleted: %s", summary.id, error)
            continue
        gone.append(summary.id)
    return tuple(gone)


def export_all(
    store: Store, target: Path, on_progress: Callable[[int, int], None], cancelled: Callable[[], bool]
) -> int:
    """Put every call, as the file that `Store.export_file` makes of it, into one zip; how many there are.

    What was at `target` stays until all of it is there, and when `cancelled`. `on_progress(done, total)`. Raises
    InputError while one of them is open or when there is none; DiskFull, DataFolderUnusable.
    """
    calls = store.calls()
    if not calls:
        raise InputError("There are no calls to export.")
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    with disk_errors(target.parent), tempfile.TemporaryDirectory(dir=target.parent, prefix=".export-") as folder:
        try:
            # Each call is packed already.
            with zipfile.ZipFile(beside, "x", zipfile.ZIP_STORED) as archive:
                for number, summary in enumerate(calls):
                    if cancelled():
                        return 0
                    on_progress(number, len(calls))
                    one = Path(folder) / f"{summary.id}.zip"
                    try:
                        store.export_file(summary.id, one, CallFile.WHOLE)
                    except HireFlowError as error:
                        raise InputError(f"The call of {summary.started} cannot be exported: {error.sentence}",
                                         error.remedy) from error  # fmt: skip
                    archive.write(one, one.name)
                    one.unlink()
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
    return len(calls)

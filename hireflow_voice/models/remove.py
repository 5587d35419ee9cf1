"""Remove weights that are no longer wanted."""

from __future__ import annotations

import fcntl
import shutil

from hireflow_voice import paths
from hireflow_voice.errors import DataFolderUnusable, InputError
from hireflow_voice.models.manifest import Model
from hireflow_voice.models.verify import location


def remove(model: Model) -> int:
    """Remove the model's folder; the bytes that it took, 0 when it was not there.

    A process that has the weights loaded keeps them until it ends. Raises InputError while weights are being fetched,
    DataFolderUnusable.
    """
    home = location(model)
    try:
        if not home.is_dir():
            return 0
        with (paths.models_dir() / ".lock").open("wb") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise InputError("Models are being fetched just now.", "Wait for that, or cancel it.") from None
            freed = sum(path.stat().st_size for path in home.rglob("*") if path.is_file())
            # Out of the way in one step: a removal that is cut off leaves nothing that looks like weights.
            going = home.with_name(f".{home.name}.removed")
            shutil.rmtree(going, ignore_errors=True)
            home.rename(going)
            shutil.rmtree(going)
    except OSError as error:
        raise DataFolderUnusable(
            f"{model.title} could not be removed from {home}: {error.strerror}.", "Remove that folder by hand."
        ) from error
    return freed

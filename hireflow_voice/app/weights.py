"""The models as the user sees them: what this installation wants, what is there, and how room is made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from hireflow_voice import models
from hireflow_voice.app.api import FetchProgress, ModelInfo
from hireflow_voice.errors import InputError, ModelMissing
from hireflow_voice.models import Model, ModelStatus
from hireflow_voice.settings import Recogniser

ONE_OF = frozenset(Recogniser)
"""Models of which a call needs the chosen one only."""


def wanted(recogniser: Recogniser, known: tuple[Model, ...] = models.MODELS) -> tuple[str, ...]:
    """Ids of what a call needs: the default set, with the chosen recogniser."""
    return tuple(model.id for model in known if _needed(model, recogniser))


def _needed(model: Model, recogniser: Recogniser) -> bool:
    return model.id == recogniser if model.id in ONE_OF else model.needed


def status(recogniser: Recogniser) -> list[ModelStatus]:
    """As `models.status`, with `needed` as the settings have it. Slow the first time."""
    return [replace(one, model=replace(one.model, needed=_needed(one.model, recogniser))) for one in models.status()]


def listed(recogniser: Recogniser) -> tuple[ModelInfo, ...]:
    """Every set of weights, there or not. Slow the first time."""
    return tuple(
        ModelInfo(m.id, m.purpose, m.title, m.disk_bytes, one.state.value, m.needed)
        for one in status(recogniser)
        for m in [one.model]
    )


def fetch(
    ids: Sequence[str],
    recogniser: Recogniser,
    on_progress: Callable[[FetchProgress], None],
    cancelled: Callable[[], bool],
) -> None:
    """Fetch `ids`, or what a call needs where there are none. Slow. Raises MachineError, NotFound."""
    models.fetch(
        tuple(ids) or wanted(recogniser),
        lambda p: on_progress(FetchProgress(p.model.purpose, p.done_bytes, p.total_bytes, p.seconds_left)),
        cancelled,
    )


def damaged(cancelled: Callable[[], bool]) -> tuple[str, ...]:
    """Ids of those that are there and not whole; every byte is read. Slow."""
    bad = []
    for one in models.status():
        if one.state is models.State.MISSING or cancelled():
            continue
        try:
            models.verify(one.model)
        except ModelMissing:
            bad.append(one.model.id)
    return tuple(bad)


def remove(model_id: str, recogniser: Recogniser, known: tuple[Model, ...] = models.MODELS) -> int:
    """Remove the weights of a model that no call needs; bytes that are free now.

    Raises InputError for one that is needed and while weights are being fetched, NotFound, DataFolderUnusable.
    """
    model = models.find(model_id, known)
    if _needed(model, recogniser):
        raise InputError(f"A call needs {model.title}.", "Choose another model for it first, where there is one.")
    return models.remove(model)

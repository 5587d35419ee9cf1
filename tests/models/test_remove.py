"""Weights that no call needs make room, and come back."""

from __future__ import annotations

import fcntl
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from hireflow_voice import models
from hireflow_voice.app import weights
from hireflow_voice.errors import InputError, ModelMissing, NotFound
from hireflow_voice.models import Model
from hireflow_voice.settings import Recogniser

Build = Callable[..., Model]


def test_a_removed_model_is_gone_to_the_last_byte_and_can_be_fetched_again(
    models_home: Path, build_model: Build
) -> None:
    model = replace(build_model(), needed=False)
    assert models.fetch([model.id], models=(model,))
    assert weights.remove(model.id, Recogniser.BASE, (model,)) == model.disk_bytes
    assert [path.name for path in models_home.iterdir()] == [".lock"]
    with pytest.raises(ModelMissing):
        models.installed(model)
    assert weights.remove(model.id, Recogniser.BASE, (model,)) == 0
    assert models.fetch([model.id], models=(model,))
    models.verify(model)


def test_what_a_call_needs_and_what_nobody_knows_is_not_removed(models_home: Path, build_model: Build) -> None:
    model = build_model()
    assert models.fetch([model.id], models=(model,))
    with pytest.raises(InputError, match="A call needs tiny title"):
        weights.remove(model.id, Recogniser.BASE, (model,))
    with pytest.raises(NotFound):
        weights.remove("../tiny", Recogniser.BASE, (model,))
    models.verify(model)


def test_nothing_is_removed_while_weights_are_fetched(models_home: Path, build_model: Build) -> None:
    model = build_model()
    assert models.fetch([model.id], models=(model,))
    with (models_home / ".lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(InputError, match="being fetched"):
            models.remove(model)
    models.verify(model)


def test_a_call_needs_one_recogniser_the_chosen_one() -> None:
    base, tiny = set(weights.wanted(Recogniser.BASE)), set(weights.wanted(Recogniser.TINY))
    assert base - tiny == {"whisper-base"}
    assert tiny - base == {"whisper-tiny.en"}
    assert {"judge-1.5b", "voice-joe"} <= base & tiny
    assert set(Recogniser) <= {model.id for model in models.MODELS}

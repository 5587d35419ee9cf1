"""Nothing unverified is loaded."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from hireflow_voice import models, paths
from hireflow_voice.errors import ModelMissing, NotFound
from hireflow_voice.models import MODELS, Model, State, verify

Build = Callable[..., Model]


@pytest.fixture
def model(models_home: Path, build_model: Build, noise: Callable[[int, int], bytes]) -> Model:
    """Put in place by hand: weights are accepted wherever they come from."""
    model = build_model(parts=2)
    (models_home / "tiny").mkdir(parents=True)
    (models_home / "tiny" / "model.bin").write_bytes(noise(1, 3000) + noise(2, 3000))
    (models_home / "tiny" / "config.json").write_bytes(b'{"layers": 1}')
    models.installed(model)
    return model


def flip_a_bit(path: Path, at: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ 0x40]))


def test_one_flipped_bit_is_refused_before_load(model: Model, models_home: Path) -> None:
    models.installed(model)
    flip_a_bit(models_home / "tiny" / "model.bin", 1234)
    with pytest.raises(ModelMissing, match=r"damaged: model\.bin .* not loaded"):
        models.installed(model)
    assert models.status((model,))[0].state is State.DAMAGED


def test_a_flipped_bit_is_seen_even_when_size_and_time_are_put_back(model: Model, models_home: Path) -> None:
    weights = models_home / "tiny" / "model.bin"
    before = weights.stat()
    flip_a_bit(weights, 7)
    os.utime(weights, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(ModelMissing, match="damaged"):
        models.installed(model)


@pytest.mark.parametrize("damage", [b"", b"<html>Not found</html>", bytes(6000)])
def test_another_file_in_its_place_is_refused(model: Model, models_home: Path, damage: bytes) -> None:
    (models_home / "tiny" / "model.bin").write_bytes(damage)
    with pytest.raises(ModelMissing, match="damaged"):
        models.installed(model)


def test_a_missing_file_is_told_with_a_way_on(model: Model, models_home: Path) -> None:
    (models_home / "tiny" / "config.json").unlink()
    with pytest.raises(ModelMissing, match="not on this computer") as told:
        models.installed(model)
    assert "models fetch" in told.value.remedy
    assert models.status((model,))[0].state is State.MISSING


def test_an_untouched_file_is_not_read_twice(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    models.installed(model)
    read: list[Path] = []
    monkeypatch.setattr("builtins.open", lambda *_: pytest.fail("opened"))
    opened = Path.open

    def watched(self: Path, *args, **kwargs):
        read.append(self)
        return opened(self, *args, **kwargs)

    monkeypatch.setattr(Path, "open", watched)
    models.installed(model)
    assert not [path for path in read if path.parent.name == "tiny"]
    verify(model)
    assert [path.name for path in read if path.parent.name == "tiny"] == ["model.bin", "config.json"]


@pytest.mark.parametrize("nonsense", ["", "[]", "{", '{"x": 1}', '{"x": [null, 3]}'])
def test_a_broken_memory_only_costs_time(model: Model, nonsense: str) -> None:
    memory = next(paths.cache_dir().glob("*.json"))
    memory.write_text(nonsense)
    models.installed(model)


def test_a_memory_that_cannot_be_written_only_costs_time(
    model: Model, monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    blocked = tmp_path / "a-file"
    blocked.write_text("")
    monkeypatch.setenv("HIREFLOW_CACHE_DIR", str(blocked / "cache"))
    models.installed(model)


def test_an_unknown_id_is_named() -> None:
    with pytest.raises(NotFound, match="no model called 'nothing'"):
        models.folder("nothing")


def test_the_manifest_is_whole() -> None:
    """Every part names a wheel of its model, every wheel is used, hashes are hashes, ids and file names are unique."""
    assert len({model.id for model in MODELS}) == len(MODELS)
    for model in MODELS:
        packages = {wheel.package for wheel in model.wheels}
        assert len(packages) == len(model.wheels)
        assert {part.package for file in model.files for part in file.parts} == packages
        for digest in [wheel.sha256 for wheel in model.wheels] + [file.sha256 for file in model.files]:
            assert re.fullmatch("[0-9a-f]{64}", digest)
        assert len({file.name for file in model.files}) == len(model.files)
        for file in model.files:
            numbers = [int(n) for part in file.parts for n in re.findall(r"part0*(\d+)(?:\.bin)?$", part.member)]
            assert numbers == sorted(numbers)
            assert len(file.parts) == 1 or numbers == list(range(1, len(file.parts) + 1))


def test_the_default_set_is_what_a_call_needs() -> None:
    needed = {"whisper-base", "voice-joe", "embedder-minilm", "judge-1.5b", "smart-turn"}
    assert {m.id for m in MODELS if m.needed} == needed


@pytest.mark.models
@pytest.mark.parametrize("model", [m for m in MODELS if m.needed], ids=lambda model: model.id)
def test_the_real_weights_are_what_they_claim_to_be(model: Model) -> None:
    assert verify(model) == paths.models_dir() / model.id

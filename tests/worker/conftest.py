"""A real worker process with obedient handlers."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hireflow_voice.worker.client import Worker


@pytest.fixture
def diary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """What the worker processes of this test did, line by line."""
    path = tmp_path / "diary"
    path.write_text("")
    monkeypatch.setenv("DIARY", str(path))
    return lambda: path.read_text().splitlines()


@pytest.fixture
def make_worker(diary, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Worker]]:
    """Workers that are closed when the test ends."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    made: list[Worker] = []

    def make(**options) -> Worker:
        made.append(Worker(handlers="obedient:Obedient", **options))
        return made[-1]

    yield make
    for worker in made:
        worker.close()


@pytest.fixture
def worker(make_worker: Callable[..., Worker]) -> Worker:
    return make_worker()


@pytest.fixture
def gone() -> Callable[[int], bool]:
    """Whether a process ends within ten seconds."""

    def check(pid: int) -> bool:
        for _ in range(1000):
            try:
                os.kill(pid, 0)
            except ProcessLookupError:
                return True
            if "State:\tZ" in Path(f"/proc/{pid}/status").read_text():
                return True  # dead; whoever inherited it has not looked yet
            time.sleep(0.01)
        return False

    return check

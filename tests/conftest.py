"""Shared by all tests: Qt offscreen, folders of their own, and nothing left running."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Before llama.cpp loads anywhere: its spinning threads collapse beside Whisper otherwise.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import pytest


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test never touches the user's calls, settings, cache or logs. The weights are shared: they are only read."""
    for name in ("DATA", "CACHE", "CONFIG", "LOG"):
        monkeypatch.setenv(f"HIREFLOW_{name}_DIR", str(tmp_path / f"hireflow-{name.lower()}"))
    for name in list(os.environ):
        if name.startswith("HIREFLOW_ENDPOINT"):
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def nothing_left_running(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A test that leaves a thread or a Qt timer alive fails: such leftovers crash a later test."""
    from PySide6.QtCore import QThread, QTimer

    started: list[QThread | QTimer] = []
    before = set(threading.enumerate())
    for kind in (QThread, QTimer):
        original = kind.start

        def start(self: Any, *args: Any, _original: Any = original) -> Any:
            started.append(self)
            return _original(self, *args)

        monkeypatch.setattr(kind, "start", start)
    yield

    def alive(thing: QThread | QTimer) -> bool:
        try:
            return thing.isRunning() if isinstance(thing, QThread) else thing.isActive()
        except RuntimeError:
            return False  # the C++ object is gone: fine

    for thread in threading.enumerate():
        if thread not in before:
            thread.join(1.0)  # one that is ending may end
    left: list[object] = [thing for thing in started if alive(thing)]
    left += [thread for thread in threading.enumerate() if thread not in before and thread.is_alive()]
    assert not left, f"left running: {left}"


@pytest.fixture
def virtual_card(tmp_path: Path) -> Iterator[Any]:
    """A sound card of the test's own (`tests/virtual_card.py`); a test fails where it cannot start."""
    card = _load("virtual_card").VirtualCard(_made(tmp_path / "card"))
    try:
        yield card
    finally:
        card.stop()


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _load(name: str) -> Any:
    """A helper module beside this file: with --import-mode=importlib the folder is not on the path."""
    import importlib.util

    spec = importlib.util.spec_from_file_location(f"tests_{name}", Path(__file__).parent / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

"""The product as its users run it: a process of its own, real weights, folders of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@dataclass(frozen=True)
class Home:
    """Folders of one user."""

    folder: Path

    def environment(self, **more: str) -> dict[str, str]:
        """For a process of this user."""
        folders = {
            f"HIREFLOW_{name}_DIR": str(self.folder / name.lower()) for name in ("DATA", "CACHE", "CONFIG", "LOG")
        }
        # Some libraries fall silent where they recognise a test; users have no such variables.
        users = {name: value for name, value in os.environ.items() if name not in ("CI", "GITHUB_ACTIONS", "GITLAB_CI")}
        return {**users, **folders, **more}


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """One user for the whole run: what was rendered once is not rendered again."""
    return Home(tmp_path_factory.mktemp("user"))


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "hireflow_voice", *arguments]


@pytest.fixture(scope="session")
def cli(home: Home) -> Run:
    """Run one command line to its end."""

    def run(
        *arguments: str, prefix: Sequence[str] = (), timeout: float = 300, stdin: str = ""
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*prefix, *command(*arguments)],
            capture_output=True,
            text=True,
            timeout=timeout,
            env=home.environment(),
            input=stdin,
            check=False,
        )

    return run


@pytest.fixture
def display() -> Iterator[str]:
    """An X server of our own."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x900x24", "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as pipe:
        number = pipe.readline().strip()
    try:
        assert number, "Xvfb did not start"
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(10)

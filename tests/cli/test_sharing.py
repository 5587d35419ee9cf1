"""Reports with sound and on paper, calls in and out of files: as a process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
import soundfile

from hireflow_voice.records import CallHeader, CallState, TakeKind, TakeRecord
from hireflow_voice.store import Store, new_call_id
from hireflow_voice.transcript import Transcript, Word

Cli = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    def run(*arguments: str, data: str = "data") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "hireflow_voice", *arguments],
            capture_output=True,
            text=True,
            timeout=120,
            env={
                **{k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")},
                "HIREFLOW_DATA_DIR": str(tmp_path / data),
            },
            cwd=tmp_path,
            check=False,
        )

    return run


@pytest.fixture
def call(tmp_path: Path) -> str:
    """A finished call with one answer, not judged."""
    header = CallHeader(
        new_call_id(datetime(2026, 11, 23, 17, 42, 3)),  # noqa: DTZ001 - local, as in a call
        "2026-11-23T17:42:03+01:00", "Cloudflare", "Backend Developer", "Technical phone interview", "Joe", "Sam",
        "on this computer", 900.0, (), "0.1.0",
    )  # fmt: skip
    store = Store(tmp_path / "data")
    folder = store.create(header)
    take_id = folder.new_take_id(1, "", TakeKind.INTRODUCTION)
    soundfile.write(
        folder.sound_path(take_id), (np.random.default_rng(1).normal(0, 900, 32_000)).astype(np.int16), 16_000
    )
    take = TakeRecord(take_id, "", TakeKind.INTRODUCTION, "Tell me about yourself.", 1, 5.0, sound=f"{take_id}.wav")
    said = Transcript("I build proxies.", "I build proxies.", (Word("I", 0.1, 0.3, 0.9, 0, 1),), (), 2.0, "base")
    folder.save_take(replace(take, seconds=2.0, transcript=said))
    folder.finish(CallState.FINISHED, 60.0)
    folder.close()
    store.close()
    return header.id


def test_a_pdf_is_written_without_a_screen(cli: Cli, call: str, tmp_path: Path) -> None:
    done = cli("report", call, "--format", "pdf", "-o", "report.pdf")
    assert (done.returncode, done.stdout) == (0, "Wrote report.pdf.\n"), done.stderr
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")


def test_a_page_with_sound_is_one_file(cli: Cli, call: str, tmp_path: Path) -> None:
    assert cli("report", call, "--format", "html", "-o", "quiet.html").returncode == 0
    assert cli("report", call, "--format", "html", "--audio", "-o", "sound.html").returncode == 0
    assert "<audio" not in (tmp_path / "quiet.html").read_text()
    assert "<audio" in (tmp_path / "sound.html").read_text()


@pytest.mark.parametrize("wrong", [("--format", "md", "--audio"), ("--format", "pdf")])
def test_what_makes_no_sense_is_wrong_use(cli: Cli, call: str, wrong: tuple[str, ...]) -> None:
    assert cli("report", call, *wrong).returncode == 2


def test_a_call_goes_to_another_computer_and_to_a_mentor(cli: Cli, call: str) -> None:
    assert cli("calls", "export", "last", "-o", "call.zip").returncode == 0
    assert cli("calls", "export", call, "--mentor", "-o", "mentor.zip").returncode == 0
    done = cli("calls", "import", "call.zip", data="other")
    assert (done.returncode, done.stdout) == (0, f"Imported {call}.\n"), done.stderr
    assert "I build proxies." in cli("calls", "show", call, data="other").stdout
    again = cli("calls", "import", "mentor.zip", data="other")
    assert (again.returncode, "here already" in again.stderr) == (1, True)
    assert cli("calls", "import", "mentor.zip", data="mentor").returncode == 0
    none = cli("calls", "export", call, "--scores", "-o", "scores.zip", data="mentor")
    assert (none.returncode, "no scores" in none.stderr) == (1, True)
    assert cli("calls", "export", call, "--scores", "--mentor", "-o", "x.zip").returncode == 2

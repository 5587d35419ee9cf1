"""Notes taken in a call are kept beside it as they are typed, and go where the call goes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from hireflow_voice.errors import InputError, NotFound
from hireflow_voice.records import CallFile
from hireflow_voice.report import render
from hireflow_voice.store import Store
from hireflow_voice.store.reading import LONGEST_NOTES

WRITER = """
import sys
from pathlib import Path
from hireflow_voice.store import Store
store = Store(Path(sys.argv[1]))
for n in range(100_000):
    store.save_notes(sys.argv[2], "\\n".join(str(i) for i in range(n + 1)))
    print(n, flush=True)
"""


def test_notes_come_back_to_the_last_character_while_the_call_is_open(
    store: Store, finished: Callable[..., str]
) -> None:
    call = finished()
    folder = store.open(call)
    for text in ("token bucket?", "token bucket\n\n  - per key 👩‍💻\tä"):
        store.save_notes(call, text)
        assert store.load(call).notes == text
    folder.close()
    store.save_notes(call, " \n")
    assert store.load(call).notes == ""
    assert not list(store.folder(call).glob("*notes*"))


def test_a_kill_leaves_the_notes_that_were_kept_last(store: Store, root: Path, finished: Callable[..., str]) -> None:
    call = finished()
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(root), call], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    with writer:
        told = [int(writer.stdout.readline()) for _ in range(20)][-1]
        writer.kill()
        told = max([told, *(int(line) for line in writer.stdout if line.endswith("\n"))])
    lines = store.load(call).notes.splitlines()
    assert lines == [str(n) for n in range(len(lines))], "one of the texts, whole"
    assert len(lines) >= told + 1


def test_notes_that_are_too_long_are_refused_and_the_old_ones_stay(store: Store, finished: Callable[..., str]) -> None:
    call = finished()
    store.save_notes(call, "short")
    with pytest.raises(InputError, match="100,000"):
        store.save_notes(call, "x" * (LONGEST_NOTES + 1))
    assert store.load(call).notes == "short"
    with pytest.raises(NotFound):
        store.save_notes("../elsewhere", "x")


def test_notes_move_with_the_call_but_not_to_a_mentor(
    store: Store, finished: Callable[..., str], tmp_path: Path
) -> None:
    call = finished()
    store.save_notes(call, "Ask about the rota.")
    for kind, notes in ((CallFile.WHOLE, "Ask about the rota."), (CallFile.MENTOR, "")):
        file = tmp_path / f"{kind.value}.zip"
        store.export_file(call, file, kind)
        other = Store(tmp_path / kind.value)
        other.import_file(file)
        assert other.load(call).notes == notes
        other.close()
    store.delete(call)
    assert not list((store.root / "calls").iterdir())


@pytest.mark.parametrize("written", ["md", "json", "html", "print"])
def test_every_report_has_the_notes_as_plain_text(store: Store, finished: Callable[..., str], written: str) -> None:
    record = store.load(finished())
    told = render(replace(record, notes="Buckets <b>per key</b>\nsecond line"), written)
    assert "second line" in told
    assert "<b>per key" not in told or written == "json"
    assert "second line" not in render(record, written)

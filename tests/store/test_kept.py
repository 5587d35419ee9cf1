"""A call with a star: kept where the call is kept, known to the list, and taken along."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from hireflow_voice.errors import InputError, NotFound
from hireflow_voice.records import CallFile
from hireflow_voice.store import Store


def test_a_star_is_in_the_record_and_in_the_list_and_outlives_the_index(
    store: Store, root: Path, finished: Callable[..., str]
) -> None:
    call = finished()
    assert not store.load(call).kept
    assert [one.kept for one in store.calls()] == [False]
    store.keep(call, True)
    store.keep(call, True)
    assert store.load(call).kept
    assert [one.kept for one in store.calls()] == [True]
    store.close()
    (root / "index.sqlite").unlink()
    again = Store(root)
    assert [one.kept for one in again.calls()] == [True]
    again.keep(call, False)
    again.keep(call, False)
    assert [one.kept for one in again.calls()] == [False]
    with pytest.raises(NotFound):
        again.keep("../elsewhere", True)
    again.close()


def test_an_index_of_the_version_before_is_carried_on(store: Store, root: Path, finished: Callable[..., str]) -> None:
    call = finished()
    store.calls()
    store.keep(call, True)
    store.close()
    with sqlite3.connect(root / "index.sqlite") as connection:
        connection.execute("ALTER TABLE calls DROP COLUMN kept")
        connection.execute("PRAGMA user_version = 1")
    connection.close()
    again = Store(root)
    assert [(one.id, one.kept) for one in again.calls()] == [(call, True)]
    assert not list(root.glob("index.sqlite.*"))
    again.close()


def test_a_star_moves_with_the_call_but_not_to_a_mentor(
    store: Store, finished: Callable[..., str], tmp_path: Path
) -> None:
    call = finished()
    store.keep(call, True)
    for kind in (CallFile.WHOLE, CallFile.MENTOR):
        file = tmp_path / f"{kind.value}.zip"
        store.export_file(call, file, kind)
        other = Store(tmp_path / kind.value)
        other.import_file(file)
        assert other.load(call).kept is (kind is CallFile.WHOLE)
        other.close()
    store.delete(call)
    assert not list((store.root / "calls").iterdir())


def test_a_star_that_carries_something_is_refused(store: Store, finished: Callable[..., str], tmp_path: Path) -> None:
    call = finished()
    store.keep(call, True)
    good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
    store.export_file(call, good, CallFile.WHOLE)
    store.delete(call)
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(bad, "w") as target:
        manifest = json.loads(source.read("manifest.json"))
        star = next(entry for entry in manifest["files"] if entry["name"] == "kept")
        star["bytes"], star["sha256"] = 4, hashlib.sha256(b"more").hexdigest()
        for name in source.namelist():
            if name not in ("kept", "manifest.json"):
                target.writestr(name, source.read(name))
        target.writestr("kept", b"more")
        target.writestr("manifest.json", json.dumps(manifest))
    with pytest.raises(InputError, match="not what it should be"):
        store.import_file(bad)
    assert store.calls() == ()

"""The index can always be lost, and never tells anything but what the folders hold."""

from __future__ import annotations

import random
import sqlite3
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from hireflow_voice.records import CallHeader, CallState, TakeRecord
from hireflow_voice.store import Store
from hireflow_voice.store.index import Index, shipped_migrations


@pytest.fixture
def three(finished: Callable[..., str]) -> list[str]:
    return [finished(f"2026112{n}-100000-000{n}", started=f"2026-11-2{n}T10:00:00+01:00") for n in (3, 2, 1)]


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are trusted at once; otherwise a folder that was just written is read again."""
    monkeypatch.setattr("hireflow_voice.store.calls._SETTLED_NS", -(10**18))


def test_a_rebuilt_index_equals_the_lost_one(root: Path, store: Store, three: list[str]) -> None:
    before, history = store.calls(), store.history("rate-limiter")
    assert [call.id for call in before] == three
    store.close()
    (root / "index.sqlite").unlink()
    again = Store(root)
    assert again.calls() == before
    assert again.history("rate-limiter") == history
    assert again.rebuild() == 3
    assert again.calls() == before
    again.close()


def test_rows_are_read_from_the_index_and_follow_the_files(
    root: Path, store: Store, three: list[str], take: TakeRecord, settled: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.calls()
    read: list[str] = []
    import hireflow_voice.store.calls as module

    original = module.read_call
    monkeypatch.setattr(module, "read_call", lambda path, **k: (read.append(path.name), original(path, **k))[1])
    store.calls()
    assert read == []
    folder = store.open(three[0])
    folder.save_result([], {}, None)
    folder.close()
    read.clear()
    assert store.calls()[0].score is None
    assert read == [three[0]]


def test_a_call_removed_by_hand_leaves_the_list(root: Path, store: Store, three: list[str]) -> None:
    import shutil

    assert len(store.calls()) == 3
    shutil.rmtree(root / "calls" / three[1])
    assert [call.id for call in store.calls()] == [three[0], three[2]]


def _destroy_header(data: bytes) -> bytes:
    return b"\0" * 100 + data[100:]


def _cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _flip(data: bytes) -> bytes:
    flipped = bytearray(data)
    chance = random.Random(5)
    for _ in range(20):
        flipped[chance.randrange(100, len(flipped))] ^= 0x40
    return bytes(flipped)


def _words(data: bytes) -> bytes:
    return data.replace(b"Cloudflare", b"Cloudfla\x72\x66")


@pytest.mark.parametrize(
    "damage", [_destroy_header, _cut, _flip, _words, lambda _: b"", lambda _: b"not a database" * 400]
)
def test_a_damaged_index_is_built_anew(
    root: Path, store: Store, three: list[str], settled: None, damage: Callable[[bytes], bytes]
) -> None:
    before = store.calls()
    store.close()
    index = root / "index.sqlite"
    index.write_bytes(damage(index.read_bytes()))
    for _ in range(2):
        again = Store(root)
        assert again.calls() == before
        again.close()


def test_an_index_that_breaks_while_in_use_is_built_anew(root: Path, store: Store, three: list[str]) -> None:
    before = store.calls()
    index = root / "index.sqlite"
    with sqlite3.connect(index) as connection:
        connection.execute("DROP TABLE takes")
    connection.close()
    assert store.calls() == before
    assert store.calls() == before
    assert list(root.glob("index.sqlite.damaged-*"))
    store.delete(three[0])
    assert not list(root.glob("index.sqlite.damaged-*"))


def test_the_index_of_a_newer_version_is_kept_aside(root: Path, store: Store, three: list[str]) -> None:
    store.calls()
    store.close()
    with sqlite3.connect(root / "index.sqlite") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    again = Store(root)
    assert len(again.calls()) == 3
    assert len(list(root.glob("index.sqlite.damaged-*"))) == 1
    again.close()


def test_migrations_lead_from_an_empty_file_to_the_latest_version(tmp_path: Path) -> None:
    shipped = shipped_migrations()
    path = tmp_path / "index.sqlite"
    Index(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    later = Index(path, [*shipped, "ALTER TABLE calls ADD COLUMN note TEXT;"])
    later.close()
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (len(shipped) + 1,)
        assert "note" in {row[1] for row in connection.execute("PRAGMA table_info(calls)")}
    connection.close()
    assert not list(tmp_path.glob("*.before-*"))


def test_a_migration_that_fails_leaves_a_copy_and_changes_nothing_half_way(tmp_path: Path) -> None:
    path = tmp_path / "index.sqlite"
    Index(path).close()
    with pytest.raises(sqlite3.Error, match="nonsense"):
        Index(path, [*shipped_migrations(), "ALTER TABLE calls ADD COLUMN note TEXT; nonsense;"])
    with sqlite3.connect(tmp_path / "index.sqlite") as connection:
        columns = {row[1] for row in connection.execute("PRAGMA table_info(calls)")}
        assert connection.execute("PRAGMA user_version").fetchone() == (len(shipped_migrations()),)
    connection.close()
    assert "note" not in columns
    (copy,) = tmp_path.glob("*.before-*")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


PLANTED = [
    b"PLANTEDCOMPANY",
    b"PLANTEDNAME",
    b"PLANTEDANSWER",
    b"NTEDANS",
    b"PLANTEDROUND",
    b"4321-sound",
    "Ψphrase".encode(),
]


@pytest.mark.parametrize("everything", [False, True])
def test_deleting_leaves_no_byte_in_any_file(
    root: Path, store: Store, finished: Callable[..., str], header: CallHeader, take: TakeRecord, everything: bool
) -> None:
    from hireflow_voice.transcript import typed

    ids = []
    for n in range(30):
        call = finished(
            f"20261123-1000{n:02d}-0001", company="PLANTEDCOMPANY", candidate="PLANTEDNAME", round="PLANTEDROUND"
        )
        folder = store.open(call)
        folder.save_take(replace(take, transcript=typed("PLANTEDANSWER Ψphrase")))
        folder.sound_path(take.id).write_bytes(b"4321-sound" * 100)
        (folder.path / f"{take.id}.json.damaged-1").write_bytes(b"PLANTEDANSWER")
        folder.close()
        ids.append(call)
    store.calls()
    # A damaged index that was moved aside, and a copy made before a migration, hold the same words.
    (root / "index.sqlite.damaged-1").write_bytes((root / "index.sqlite").read_bytes())
    (root / "index.sqlite.before-2").write_bytes((root / "index.sqlite").read_bytes())
    assert all(any(word in p.read_bytes() for p in root.rglob("*") if p.is_file()) for word in PLANTED)
    if everything:
        store.delete_all()
    else:
        for call in ids:
            store.delete(call)
    for _ in range(2):
        left = [(p, w) for p in root.rglob("*") if p.is_file() for w in PLANTED if w in p.read_bytes()]
        assert left == []
        store.close()
        store = Store(root)
        assert store.calls() == ()
    store.close()


def test_a_deletion_that_was_cut_off_is_completed_by_the_next_start(root: Path, store: Store, three: list[str]) -> None:
    store.calls()
    store.close()
    (root / "calls" / three[0]).rename(root / "calls" / f".deleted-{three[0]}")
    again = Store(root)
    assert three[0].encode() not in b"".join(p.read_bytes() for p in root.glob("index.sqlite*"))
    assert not list((root / "calls").glob(".*"))
    assert [call.id for call in again.calls()] == three[1:]
    again.close()


def test_deleting_all_spares_a_call_that_is_going_on(store: Store, three: list[str], header: CallHeader) -> None:
    from hireflow_voice.errors import InputError

    live = store.create(replace(header, id="live"))
    with pytest.raises(InputError, match="going on"):
        store.delete_all()
    assert [(c.id, c.state) for c in store.calls()] == [("live", CallState.RUNNING)]
    live.close()


def test_the_scripts_of_the_index_reach_the_wheel() -> None:
    from hatchling.builders.wheel import WheelBuilder

    top = Path(__file__).parents[2]
    packed = {file.distribution_path for file in WheelBuilder(str(top)).recurse_project_files()}
    shipped = {str(p.relative_to(top)) for p in (top / "hireflow_voice" / "store" / "migrations").glob("*.sql")}
    assert shipped
    assert shipped <= packed

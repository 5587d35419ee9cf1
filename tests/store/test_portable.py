"""A call as one file: everything comes back bit for bit, and nothing that is not right is let in."""

from __future__ import annotations

import hashlib
import json
import stat
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hireflow_voice.errors import HireFlowError, InputError, NotFound
from hireflow_voice.records import CallFile, MentorReview
from hireflow_voice.store import Store
from hireflow_voice.store.codec import WrittenByNewer
from hireflow_voice.verdict import Verdict

CALL = "20261123-174203-7f3a"
TAKE = "03-rate-limiter-answer"


@pytest.fixture
def other(tmp_path: Path) -> Any:
    """Somebody else's computer."""
    store = Store(tmp_path / "other")
    yield store
    store.close()


@pytest.fixture
def file(store: Store, finished: Callable[..., str], tmp_path: Path) -> Path:
    target = tmp_path / "call.zip"
    store.export_file(finished(), target, CallFile.WHOLE)
    return target


def content(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.name != "lock"}


def empty(store: Store) -> bool:
    """No call, and nothing left lying about."""
    return not store.calls() and not list((store.root / "calls").iterdir())


def test_a_call_comes_back_bit_for_bit(store: Store, other: Store, file: Path) -> None:
    assert other.import_file(file) == (CALL, CallFile.WHOLE)
    assert other.load(CALL) == store.load(CALL)
    assert content(other.folder(CALL)) == content(store.folder(CALL))
    assert [c.id for c in other.calls()] == [CALL]
    assert all(stat.S_IMODE(p.stat().st_mode) == 0o600 for p in other.folder(CALL).iterdir())


def test_the_same_call_gives_the_same_file_and_it_is_packed(store: Store, file: Path, tmp_path: Path) -> None:
    store.export_file(CALL, tmp_path / "again.zip", CallFile.WHOLE)
    assert (tmp_path / "again.zip").read_bytes() == file.read_bytes()
    assert file.stat().st_size < store.folder(CALL).joinpath(f"{TAKE}.wav").stat().st_size
    assert not list(tmp_path.glob(".*.part"))


def test_a_call_that_is_here_already_is_not_written_over(store: Store, file: Path) -> None:
    before = content(store.folder(CALL))
    with pytest.raises(InputError, match="here already"):
        store.import_file(file)
    assert content(store.folder(CALL)) == before


def test_a_call_that_goes_on_is_not_exported(store: Store, finished: Callable[..., str], tmp_path: Path) -> None:
    with store_open(store, finished()), pytest.raises(InputError, match="still open"):
        store.export_file(CALL, tmp_path / "call.zip", CallFile.WHOLE)
    assert not (tmp_path / "call.zip").exists()


class store_open:  # noqa: N801 - reads like the verb it is
    def __init__(self, store: Store, call: str) -> None:
        self._folder = store.open(call)

    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None:
        self._folder.close()


def rewritten(file: Path, change: Callable[[dict[str, bytes], dict[str, Any]], None], *, hashes: bool = True) -> Path:
    """The zip with its content changed; with `hashes` the list is made to fit, as a clever attacker would."""
    with zipfile.ZipFile(file) as archive:
        data = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(data.pop("manifest.json"))
    change(data, manifest)
    if hashes:
        manifest["files"] = [
            {"name": n, "bytes": len(b), "sha256": hashlib.sha256(b).hexdigest()} for n, b in data.items()
        ]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in data.items():
            archive.writestr(name, body)
        archive.writestr("manifest.json", json.dumps(manifest))
    return file


def edit_take(data: dict[str, bytes], **changes: object) -> None:
    take = json.loads(data[f"{TAKE}.json"])
    take["take"].update(changes)
    data[f"{TAKE}.json"] = json.dumps(take).encode()


HOSTILE: dict[str, Callable[[dict[str, bytes], dict[str, Any]], None]] = {
    "a path upwards": lambda data, _: data.update({"../evil.json": b"{}"}),
    "an absolute path": lambda data, _: data.update({"/tmp/evil.json": b"{}"}),
    "a folder": lambda data, _: data.update({"sub/take.json": b"{}"}),
    "a hidden file": lambda data, _: data.update({".lock": b""}),
    "the lock": lambda data, _: data.update({"lock": b""}),
    "a program": lambda data, _: data.update({"run.sh": b"#!/bin/sh"}),
    "a stray json": lambda data, _: data.update({"report.json": b"{}"}),
    "no call": lambda data, _: data.pop("call.json") and None,
    "another id": lambda data, manifest: manifest.update(call="20200101-000000-0000"),
    "an id that is a path": lambda data, manifest: manifest.update(call="../../etc"),
    "a take that leads out": lambda data, _: edit_take(data, sound="../../../etc/passwd"),
    "a take that plays another": lambda data, _: edit_take(data, sound="call.json"),
    "a take of another name": lambda data, _: edit_take(data, id="04-other"),
    "a recording that is none": lambda data, _: data.update({f"{TAKE}.wav": b"\x7fELF" + b"x" * 200}),
    "a broken sidecar": lambda data, _: data.update({f"{TAKE}.json": b"{"}),
    "nested to death": lambda data, _: data.update({f"{TAKE}.json": b"[" * 200_000}),
    "a broken result": lambda data, _: data.update({"result.json": b'{"format": 1, "result": 3}'}),
    "scores of another name": lambda data, _: data.update({"mentor.00000000.json": b'{"format": 1, "mentor": {}}'}),
    "an unknown kind": lambda data, manifest: manifest.update(kind="virus"),
}


@pytest.mark.parametrize("attack", HOSTILE)
def test_what_is_not_a_call_is_refused_and_nothing_is_written(
    other: Store, file: Path, attack: str, tmp_path: Path
) -> None:
    before = {p for p in tmp_path.rglob("*") if "other" in p.parts}
    with pytest.raises(InputError):
        other.import_file(rewritten(file, HOSTILE[attack]))
    assert empty(other)
    after = {p for p in tmp_path.rglob("*") if "other" in p.parts}
    assert {p for p in after - before if p.is_file() and "index" not in p.name} == set()


def test_a_hash_or_a_size_that_lies_is_refused(other: Store, file: Path) -> None:
    whole = file.read_bytes()

    def swap(data: dict[str, bytes], _: dict[str, Any]) -> None:
        sound = data[f"{TAKE}.wav"]
        data[f"{TAKE}.wav"] = sound[:-2] + b"\x00\x01"

    def longer(data: dict[str, bytes], _: dict[str, Any]) -> None:
        data[f"{TAKE}.wav"] += b"\x00\x00"

    def shorter(data: dict[str, bytes], _: dict[str, Any]) -> None:
        data[f"{TAKE}.wav"] = data[f"{TAKE}.wav"][:-2]

    for change in (swap, longer, shorter):
        file.write_bytes(whole)
        with pytest.raises(InputError, match="not what was sent"):
            other.import_file(rewritten(file, change, hashes=False))
        assert empty(other)


def test_a_bomb_is_never_unpacked(other: Store, file: Path) -> None:
    def bomb(data: dict[str, bytes], manifest: dict[str, Any]) -> None:
        data[f"{TAKE}.wav"] = b"\x00" * (64 << 20)  # 64 kB in the zip; the list says what it was before

    with pytest.raises(InputError, match="not what was sent"):
        other.import_file(rewritten(file, bomb, hashes=False))
    with pytest.raises(InputError, match="list of files is not right"):
        other.import_file(rewritten(file, lambda _, manifest: manifest["files"][0].update(bytes=1 << 60), hashes=False))
    assert empty(other)


def test_links_encryption_and_doubles_are_refused(other: Store, file: Path) -> None:
    whole = file.read_bytes()
    with zipfile.ZipFile(file, "a") as archive:
        link = zipfile.ZipInfo("09-link.json")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(InputError, match="no file"):
        other.import_file(file)
    file.write_bytes(whole)
    with zipfile.ZipFile(file, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("call.json", "{}")
    with pytest.raises(InputError, match="twice"):
        other.import_file(file)
    file.write_bytes(whole)
    at = whole.rindex(b"PK\x01\x02")
    file.write_bytes(whole[: at + 8] + b"\x01" + whole[at + 9 :])
    with pytest.raises(InputError):
        other.import_file(file)
    assert empty(other)


def test_a_file_of_a_newer_version_says_so(other: Store, file: Path) -> None:
    with pytest.raises(WrittenByNewer):
        other.import_file(rewritten(file, lambda _, manifest: manifest.update(format=2, new="field")))
    with pytest.raises(WrittenByNewer):
        other.import_file(rewritten(file, lambda data, manifest: (manifest.update(format=1), manifest.pop("new"),
                                                                  edit_take(data, mood="happy"))[0]))  # fmt: skip
    assert empty(other)


def test_what_is_no_zip_at_all_is_refused(other: Store, tmp_path: Path) -> None:
    for name, body in (("text.zip", b"hello"), ("empty.zip", b""), ("half.zip", b"PK\x03\x04" + b"\x00" * 40)):
        (tmp_path / name).write_bytes(body)
        with pytest.raises(InputError):
            other.import_file(tmp_path / name)
    for path in (tmp_path / "missing.zip", tmp_path):
        with pytest.raises(InputError):
            other.import_file(path)
    assert empty(other)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.data())
def test_a_damaged_file_is_refused_or_comes_back_whole(
    store: Store, other: Store, file: Path, data: st.DataObject
) -> None:
    whole = file.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    hurt = bytearray(whole)
    hurt[at] ^= data.draw(st.integers(1, 255))
    try:
        file.write_bytes(bytes(hurt))
        other.import_file(file)
    except HireFlowError:
        assert empty(other)
    else:
        assert content(other.folder(CALL)) == content(store.folder(CALL))
        other.delete(CALL)
    finally:
        file.write_bytes(whole)


# -- mentors -----------------------------------------------------------------------------------------------------------


def test_a_mentor_scores_blind_and_the_scores_come_back(
    store: Store, other: Store, finished: Callable[..., str], tmp_path: Path
) -> None:
    there, back = tmp_path / "there.zip", tmp_path / "back.zip"
    store.export_file(finished(), there, CallFile.MENTOR)
    assert other.import_file(there) == (CALL, CallFile.MENTOR)
    task = other.load(CALL).scoring
    assert task is not None
    assert (other.calls()[0].score, other.calls()[0].band) == (None, ""), "the list must not tell what the judge says"
    assert other.history("rate-limiter") == ()
    with pytest.raises(InputError, match="no scores"):
        other.export_file(CALL, back, CallFile.SCORES)
    folder = other.open(CALL)
    scored = replace(task, name="Anna", points={"rate-limiter": {"bucket": Verdict.PARTLY}}, revealed=True)
    folder.save_mentor(scored)
    folder.close()
    assert other.load(CALL).scoring is None
    assert other.calls()[0].score is not None
    other.export_file(CALL, back, CallFile.SCORES)
    assert zipfile.ZipFile(back).namelist() == [f"mentor.{task.id}.json", "manifest.json"]
    before = content(store.folder(CALL))
    assert store.import_file(back) == (CALL, CallFile.SCORES)
    assert store.import_file(back) == (CALL, CallFile.SCORES), "a second time replaces the first"
    assert store.load(CALL).mentors == (replace(scored, mine=False),)
    assert {k: v for k, v in content(store.folder(CALL)).items() if k in before} == before
    store.delete(CALL)
    assert not list((store.root / "calls").iterdir()), "a mentor's words go with the call"


def test_one_mentor_does_not_see_what_another_thinks(
    store: Store, other: Store, finished: Callable[..., str], tmp_path: Path
) -> None:
    folder = store.open(finished())
    folder.save_mentor(MentorReview("00000001", "Anna", {"rate-limiter": {"bucket": Verdict.COVERED}}))
    folder.close()
    store.export_file(CALL, tmp_path / "call.zip", CallFile.MENTOR)
    other.import_file(tmp_path / "call.zip")
    assert [one.mine for one in other.load(CALL).mentors] == [True]


def test_scores_of_another_call_are_refused(
    store: Store, other: Store, finished: Callable[..., str], tmp_path: Path
) -> None:
    folder = store.open(finished())
    folder.save_mentor(MentorReview("00000001", mine=True, points={"rate-limiter": {"bucket": Verdict.COVERED}}))
    folder.close()
    store.export_file(CALL, tmp_path / "scores.zip", CallFile.SCORES)
    with pytest.raises(NotFound):
        other.import_file(tmp_path / "scores.zip")
    store.delete(CALL)
    finished(candidate="Somebody else")
    with pytest.raises(InputError, match="another call"):
        store.import_file(tmp_path / "scores.zip")
    assert store.load(CALL).mentors == ()


def test_scores_cannot_bring_anything_else(store: Store, finished: Callable[..., str], tmp_path: Path) -> None:
    folder = store.open(finished())
    folder.save_mentor(MentorReview("00000001", mine=True, points={"rate-limiter": {"bucket": Verdict.COVERED}}))
    folder.close()
    path = tmp_path / "scores.zip"
    store.export_file(CALL, path, CallFile.SCORES)
    before = content(store.folder(CALL))
    with pytest.raises(InputError):
        store.import_file(rewritten(path, lambda data, _: data.update({"result.json": b"{}"})))
    assert content(store.folder(CALL)) == before


def test_an_id_that_names_no_scores_is_refused(store: Store, finished: Callable[..., str]) -> None:
    with store_open(store, finished()):
        pass
    folder = store.open(CALL)
    for wrong in ("../evil", "", "0000000g", "000000001"):
        with pytest.raises(InputError):
            folder.save_mentor(MentorReview(wrong))
    folder.close()

"""A company leaves as one file and comes in as one; whatever else a file may be changes nothing."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from hireflow_voice import resources
from hireflow_voice.bank.library import Library
from hireflow_voice.bank.package import pack, unpack
from hireflow_voice.errors import InputError, NotFound

SMALL = resources.questions() / "tern-market"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """Nothing ships; the user's folder is not there yet."""
    return Library(tmp_path / "shipped", lambda: tmp_path / "own")


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    pack(SMALL, tmp_path / "tern.zip")
    return tmp_path / "tern.zip"


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def whole() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in SMALL.glob("*.yaml")}


def test_a_company_goes_out_and_comes_in_the_same(library: Library, packed: Path, tmp_path: Path) -> None:
    assert unpack(packed, library) == "tern-market"
    shelf = library.shelf("tern-market")
    assert shelf.own
    assert shelf == Library(tmp_path / "none", lambda: resources.questions()).shelf("tern-market")
    assert {path.name for path in library.folder("tern-market").iterdir()} == set(whole())
    again = tmp_path / "again.zip"
    pack(library.folder("tern-market"), again)
    assert again.read_bytes() == packed.read_bytes()


def test_a_folder_comes_in_like_a_file(library: Library) -> None:
    assert unpack(SMALL, library) == "tern-market"


def test_a_second_import_asks_before_it_replaces(library: Library, packed: Path) -> None:
    unpack(packed, library)
    with pytest.raises(InputError, match="--replace"):
        unpack(packed, library)
    assert unpack(packed, library, replace=True) == "tern-market"
    assert [path.name for path in library.own_folder.iterdir()] == ["tern-market"]


def test_what_ships_cannot_be_taken_over(packed: Path, tmp_path: Path) -> None:
    library = Library(resources.questions(), lambda: tmp_path / "own")
    with pytest.raises(InputError, match="ships with"):
        unpack(packed, library)
    assert not library.shelf("tern-market").own


def link(path: Path) -> Path:
    info = zipfile.ZipInfo("company.yaml")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(info, "/etc/passwd")
    return path


HOSTILE: dict[str, Callable[[Path], Path]] = {
    "no zip": lambda p: (p.write_bytes(b"no zip at all") and p) or p,
    "empty": lambda p: zipped(p, {}),
    "no company": lambda p: zipped(p, {"phone.yaml": b"x"}),
    "a way out": lambda p: zipped(p, {**whole(), "../evil.yaml": b"x"}),
    "a folder": lambda p: zipped(p, {**whole(), "deep/evil.yaml": b"x"}),
    "an absolute name": lambda p: zipped(p, {**whole(), "/etc/evil.yaml": b"x"}),
    "another kind of file": lambda p: zipped(p, {**whole(), "run.py": b"x"}),
    "a link": link,
    "a bomb": lambda p: zipped(p, {**whole(), "bomb.yaml": b"a" * 50_000_000}),
    "too many files": lambda p: zipped(p, {"company.yaml": b"x"} | {f"r{n}.yaml": b"x" for n in range(60)}),
    "a bank that is none": lambda p: zipped(p, {**whole(), "extra.yaml": b"company: tern-market\n"}),
    "a bank of another company": lambda p: zipped(
        p, {**whole(), "first-talk.yaml": whole()["first-talk.yaml"].replace(b"tern-market", b"other")}
    ),
    "markup": lambda p: zipped(
        p, {**whole(), "company.yaml": whole()["company.yaml"].replace(b"title: ", b"title: <img src=x> ", 1)}
    ),
    "no round": lambda p: zipped(p, {"company.yaml": whole()["company.yaml"]}),
    "half of it": lambda p: (p.write_bytes(zipped(p, whole()).read_bytes()[:2000]) and p) or p,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_file_that_is_no_company_is_refused_and_leaves_nothing(kind: str, library: Library, tmp_path: Path) -> None:
    path = HOSTILE[kind](tmp_path / "given.zip")
    with pytest.raises(InputError):
        unpack(path, library)
    own = library.own_folder
    assert not own.exists() or list(own.iterdir()) == []


def test_an_own_company_that_broke_is_left_out_and_named(library: Library, packed: Path) -> None:
    unpack(packed, library)
    (library.folder("tern-market") / "company.yaml").write_text("company: tern-market\n", encoding="utf-8")
    assert library.shelves() == ()
    assert "tern-market/company.yaml" in str(library.faults()[0])
    with pytest.raises(NotFound):
        library.shelf("tern-market")

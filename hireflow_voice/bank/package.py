"""A company's banks as one file: a zip of its YAML files, to hand on.

What is read may come from anybody: only plain names, sizes within what a bank may have, and files that load as a bank
are let in, and nothing is seen of them before all of that holds. Text in a bank is only ever shown as plain text, and
what it says about grading is dropped before any judge reads an answer; it cannot order anything.
"""

from __future__ import annotations

import re
import secrets
import shutil
import stat
import zipfile
import zlib
from pathlib import Path

from hireflow_voice.bank.library import Library
from hireflow_voice.bank.loader import COMPANY_FILE, load_company
from hireflow_voice.bank.plain_yaml import MAX_BYTES, read_text
from hireflow_voice.errors import DataFolderUnusable, InputError, QuestionBankError

MOST_FILES = 40
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}\.yaml", re.ASCII)
_DATE = (1980, 1, 1, 0, 0, 0)
"""The same banks give the same bytes."""


def pack(folder: Path, target: Path) -> None:
    """Write the company's YAML files into one zip; what was at `target` stays until it is whole.

    Raises DataFolderUnusable.
    """
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        with zipfile.ZipFile(beside, "x") as archive:
            for path in sorted(folder.glob("*.yaml")):
                info = zipfile.ZipInfo(path.name, _DATE)
                info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                archive.writestr(info, path.read_bytes())
        beside.replace(target)
    except OSError as error:
        raise DataFolderUnusable(f"{target.name} cannot be written ({error.strerror}).") from error
    finally:
        beside.unlink(missing_ok=True)


def unpack(source: Path, library: Library, *, replace: bool = False) -> str:
    """Put a company, packed or a folder, among the user's own; its id. `replace`: instead of one of the same id.

    Raises InputError, QuestionBankError, DataFolderUnusable; nothing is changed then.
    """
    files = _read_folder(source) if source.is_dir() else _read(source)
    own = library.own_folder
    fresh = own / f".new-{secrets.token_hex(4)}"
    try:
        try:
            company = _put(files, fresh, library)
            _move(fresh / company, own / company, replace)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    except OSError as error:
        raise DataFolderUnusable(f"The banks cannot be kept ({error.strerror}).") from error
    return company


def _put(files: dict[str, bytes], fresh: Path, library: Library) -> str:
    """Write the files into a folder nobody sees and read them as the product would; the company's id."""
    first = fresh / "incoming"
    first.mkdir(parents=True, mode=0o700)
    for name, content in files.items():
        (first / name).write_bytes(content)
    company = load_company(first / COMPANY_FILE).company
    if any(shelf.company.company == company and not shelf.own for shelf in library.shelves()):
        raise InputError(f"The company {company!r} ships with HireFlow Voice.", "Give yours another id.")
    first.rename(fresh / company)
    alone = Library(fresh, lambda: fresh / "none")
    if not alone.shelf(company).banks:
        raise QuestionBankError(f"The file holds no round of {company!r}.")
    alone.known_answers(company)
    return company


def _move(fresh: Path, kept: Path, replace: bool) -> None:
    if kept.exists():
        if not replace:
            raise InputError(
                f"You have a company {kept.name!r} already.", "Import it with --replace to put it in its place."
            )
        old = fresh.with_name(f"{fresh.name}.old")
        kept.rename(old)  # goes with the temporary folder
    fresh.rename(kept)


def _read_folder(source: Path) -> dict[str, bytes]:
    """The same of a folder of YAML files."""
    if not (source / COMPANY_FILE).is_file():
        raise _refused(source, f"there is no {COMPANY_FILE} in it")
    return {path.name: read_text(path, source).encode() for path in sorted(source.glob("*.yaml"))[:MOST_FILES]}


def _read(source: Path) -> dict[str, bytes]:
    """Name -> bytes of a zip that holds nothing but YAML files of a size that a bank may have."""
    try:
        with zipfile.ZipFile(source) as archive:
            infos = archive.infolist()
            names = [info.filename for info in infos]
            if len(infos) > MOST_FILES or len(set(names)) != len(names) or COMPANY_FILE not in names:
                raise _refused(source, f"it must hold {COMPANY_FILE} and at most {MOST_FILES - 1} rounds")
            for info in infos:
                kind = stat.S_IFMT(info.external_attr >> 16)
                packed = info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or info.flag_bits & 0x1
                if not _NAME.fullmatch(info.filename) or kind not in (0, stat.S_IFREG) or packed:
                    raise _refused(source, "it holds something that is no bank")
                if info.file_size > MAX_BYTES:
                    raise _refused(source, f"{info.filename} is larger than {MAX_BYTES // 1000} kB")
            return {info.filename: _bounded(archive, info, source) for info in infos}
    except FileNotFoundError as error:
        raise InputError(f"{source.name} is not there.") from error
    except OSError as error:
        raise InputError(f"{source.name} cannot be read ({error.strerror or 'it is no file'}).") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise _refused(source, "it is no zip file, or damaged") from error


def _bounded(archive: zipfile.ZipFile, info: zipfile.ZipInfo, source: Path) -> bytes:
    with archive.open(info) as file:
        content = file.read(MAX_BYTES + 1)  # the header's size may be a lie
    if len(content) > MAX_BYTES:
        raise _refused(source, f"{info.filename} is larger than {MAX_BYTES // 1000} kB")
    return content


def _refused(source: Path, why: str) -> InputError:
    return InputError(f"{source.name} is not a file of question banks: {why}.", "Nothing was imported.")

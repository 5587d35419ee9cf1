"""A call as one file: a zip of its recordings, sidecars and verdicts, with a list that names and hashes each.

What is read may come from anybody. Names that are not ours, links, doubles, encryption, lies about sizes, wrong hashes
and records that do not fit together are refused before anything is seen in the list of calls.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import shutil
import stat
import zipfile
import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hireflow_voice import __version__
from hireflow_voice.errors import InputError, NotFound
from hireflow_voice.records import CallFile, MentorReview
from hireflow_voice.store.codec import HEADER_FILE, MENTOR_FILE, RESULT_FILE, TAKE_FILE, Damaged, WrittenByNewer
from hireflow_voice.store.files import (
    FileLock,
    disk_errors,
    make_folder,
    read_file,
    replace_file,
    sync_folder,
)
from hireflow_voice.store.reading import (
    CALL,
    HEAD_BYTES,
    JOURNAL,
    KEPT,
    LOCK,
    LONGEST_NOTES,
    NOTES,
    RESULT,
    is_call_id,
    is_take_id,
    mentor_file,
    mentor_paths,
    read_head,
    recordings,
    take_paths,
)

FORMAT = 1
MANIFEST = "manifest.json"
NEW = ".new-"
"""Folders so named are not calls yet, and swept away when nobody holds them."""
MOST_FILES = 2_000
LARGEST_MANIFEST = 1 << 20
LARGEST_TEXT = 64 << 20
LARGEST_SOUND = 512 << 20
"""Bytes; four and a half hours in one recording."""
LARGEST_CALL = 2 << 30
_CHUNK = 1 << 20
_NAME = re.compile(
    r"[a-z0-9][a-z0-9-]{0,127}\.(json|wav)|journal\.jsonl|notes\.txt|kept|mentor\.[0-9a-f]{8}\.json", re.ASCII
)


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    name: Annotated[str, Field(max_length=140)]
    bytes: Annotated[int, Field(ge=0, le=LARGEST_SOUND)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _Manifest(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    format: int
    kind: CallFile = Field(strict=False)
    call: Annotated[str, Field(max_length=64)]
    header_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """Of call.json: scores belong to one call only."""
    version: Annotated[str, Field(max_length=40)]
    files: Annotated[list[_Entry], Field(max_length=MOST_FILES)]


@dataclass(frozen=True, slots=True)
class _Piece:
    """What goes into the zip under a name: a file, or bytes."""

    name: str
    content: Path | bytes


def export_file(folder: Path, target: Path, kind: CallFile) -> None:
    """Write the zip; what was at `target` before stays until all of it is there. Slow.

    Raises InputError while the call goes on, or when there are no scores to send; DiskFull, DataFolderUnusable.
    """
    if FileLock.held(folder / LOCK):
        raise InputError("This call is still open elsewhere.", "Hang up or close it there first.")
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    with disk_errors(target.parent):
        pieces = _scores(folder) if kind is CallFile.SCORES else _whole(folder, kind)
        try:
            with zipfile.ZipFile(beside, "x", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
                entries = [_put(archive, piece) for piece in pieces]
                manifest = _Manifest(
                    format=FORMAT,
                    kind=kind,
                    call=folder.name,
                    header_sha256=hashlib.sha256(read_file(folder / CALL)).hexdigest(),
                    version=__version__,
                    files=entries,
                )
                archive.writestr(MANIFEST, manifest.model_dump_json(indent=1))
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)


def _whole(folder: Path, kind: CallFile) -> list[_Piece]:
    names = [folder / CALL, folder / RESULT, folder / JOURNAL, *take_paths(folder), *recordings(folder)]
    # A mentor must not see what another one thinks, nor what the candidate wrote for himself, nor is he to keep it.
    names += [*mentor_paths(folder), folder / NOTES, folder / KEPT] if kind is CallFile.WHOLE else []
    return [_Piece(path.name, path) for path in names if path.is_file()]


def _scores(folder: Path) -> list[_Piece]:
    reviews = [MENTOR_FILE.decode(read_file(path)) for path in mentor_paths(folder)]
    mine = [replace(one, mine=False, revealed=True) for one in reviews if one.mine]
    if not any(one.points for one in mine):
        raise InputError("There are no scores to send yet.", "Score a key point first.")
    return [_Piece(mentor_file(one.id), MENTOR_FILE.encode(one)) for one in mine]


def _put(archive: zipfile.ZipFile, piece: _Piece) -> _Entry:
    digest, size = hashlib.sha256(), 0
    # A fixed date: the same call gives the same bytes.
    info = zipfile.ZipInfo(piece.name)
    info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
    with archive.open(info, "w", force_zip64=True) as out:
        if isinstance(piece.content, bytes):
            out.write(piece.content)
            digest.update(piece.content)
            size = len(piece.content)
        else:
            with piece.content.open("rb") as source:
                while block := source.read(_CHUNK):
                    out.write(block)
                    digest.update(block)
                    size += len(block)
    return _Entry(name=piece.name, bytes=size, sha256=digest.hexdigest())


def import_file(folders: Path, source: Path) -> tuple[str, CallFile]:
    """See `Store.import_file`. `folders` holds the calls."""
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = _read_manifest(archive)
            if manifest.kind is CallFile.SCORES:
                _import_scores(folders, archive, manifest)
            else:
                _import_call(folders, archive, manifest)
            return manifest.call, manifest.kind
    except FileNotFoundError as error:
        raise InputError(f"{source.name} is not there.") from error
    except OSError as error:
        raise InputError(f"{source.name} cannot be read: {error.strerror or 'it is no file'}.") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, Damaged, ValueError) as error:
        raise _refused(str(error)) from error


def _refused(why: str) -> InputError:
    reason = why.splitlines()[0][:120] if why else "unreadable"
    return InputError(
        f"This is not a call file of HireFlow Voice, or it is damaged ({reason}).",
        "Nothing was imported. Ask for the file once more.",
    )


def _read_manifest(archive: zipfile.ZipFile) -> _Manifest:
    """The list, once the archive holds what it names and nothing else. Raises Damaged, WrittenByNewer."""
    infos = archive.infolist()
    if len(infos) > MOST_FILES + 1:
        raise Damaged("too many files")
    for info in infos:
        mode = info.external_attr >> 16
        if info.is_dir() or (stat.S_IFMT(mode) not in (0, stat.S_IFREG)):
            raise Damaged("it holds something that is no file")
        if info.flag_bits & 0x1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Damaged("it is packed in a way that is not ours")
    names = [info.filename for info in infos]
    if len(set(names)) != len(names) or MANIFEST not in names:
        raise Damaged("a name is missing or used twice")
    try:
        given = json.loads(_bytes(archive, MANIFEST, LARGEST_MANIFEST))
        if isinstance(given, dict) and isinstance(given.get("format"), int) and given["format"] > FORMAT:
            raise WrittenByNewer
        manifest = _Manifest.model_validate(given)
    except (ValidationError, RecursionError, UnicodeDecodeError) as error:
        raise Damaged("its list of files is not right") from error
    listed = [entry.name for entry in manifest.files]
    if sorted([*listed, MANIFEST]) != sorted(names) or not is_call_id(manifest.call):
        raise Damaged("its list of files does not fit")
    if not all(_NAME.fullmatch(name) for name in listed):
        raise Damaged("a file in it has a name that is not ours")
    if sum(entry.bytes for entry in manifest.files) > LARGEST_CALL:
        raise Damaged("it is larger than any call")
    return manifest


def _bytes(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """A small file, never more than `most` bytes of it. Raises Damaged."""
    with archive.open(name) as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise Damaged(f"{name} is too large")
    return data


def _checked(archive: zipfile.ZipFile, entry: _Entry) -> bytes:
    """A JSON file with the hash that the list gives. Raises Damaged."""
    data = _bytes(archive, entry.name, min(entry.bytes, LARGEST_TEXT))
    if len(data) != entry.bytes or hashlib.sha256(data).hexdigest() != entry.sha256:
        raise Damaged(f"{entry.name} is not what was sent")
    return data


def _import_call(folders: Path, archive: zipfile.ZipFile, manifest: _Manifest) -> None:
    target = folders / manifest.call
    if target.exists():
        raise InputError("This call is here already.", "Delete it first if you want to import it again.")
    with disk_errors(folders):
        if shutil.disk_usage(folders).free < sum(entry.bytes for entry in manifest.files) + LARGEST_TEXT:
            raise InputError("There is no room for this call on the disk.", "Free some space and import it again.")
        beside = folders / f"{NEW}{secrets.token_hex(8)}"
        make_folder(beside)
        lock = FileLock.take(beside / LOCK)
        try:
            for entry in manifest.files:
                _unpack(archive, entry, beside)
            _must_fit(beside, manifest)
            if manifest.kind is CallFile.MENTOR:
                task = MentorReview(secrets.token_hex(4), mine=True)
                replace_file(beside / mentor_file(task.id), MENTOR_FILE.encode(task))
            sync_folder(beside)
            beside.rename(target)
            sync_folder(folders)
        except BaseException:
            shutil.rmtree(beside, ignore_errors=True)
            raise
        finally:
            if lock is not None:
                lock.release()


def _unpack(archive: zipfile.ZipFile, entry: _Entry, folder: Path) -> None:
    """One file, block by block: never more than the list promises. Raises Damaged."""
    digest, left = hashlib.sha256(), entry.bytes
    with archive.open(entry.name) as source, (folder / entry.name).open("xb") as out:
        Path(out.name).chmod(0o600)
        while block := source.read(min(_CHUNK, left + 1)):
            left -= len(block)
            if left < 0:
                break
            digest.update(block)
            out.write(block)
    if left or digest.hexdigest() != entry.sha256:
        raise Damaged(f"{entry.name} is not what was sent")


def _must_fit(folder: Path, manifest: _Manifest) -> None:
    """Everything in the folder is what a call of ours would hold. Raises Damaged, WrittenByNewer."""
    names = {entry.name for entry in manifest.files}
    if CALL not in names:
        raise Damaged("there is no call in it")
    header = HEADER_FILE.decode(read_file(folder / CALL))
    if header.id != manifest.call:
        raise Damaged("it holds another call")
    if RESULT in names:
        RESULT_FILE.decode(read_file(folder / RESULT))
    for path in folder.glob("*.json"):
        if is_take_id(path.stem):
            take = TAKE_FILE.decode(read_file(path))
            # A sidecar names its recording: it must not lead out of the folder.
            if take.id != path.stem or take.sound not in ("", f"{take.id}.wav"):
                raise Damaged("a recording has the wrong name")
        elif path.name.startswith("mentor."):
            if path.name != mentor_file(MENTOR_FILE.decode(read_file(path)).id):
                raise Damaged("scores have the wrong name")
        elif path.name not in (CALL, RESULT):
            raise Damaged("a file in it has a name that is not ours")
    if NOTES in names and len(read_file(folder / NOTES).decode("utf-8")) > LONGEST_NOTES:
        raise Damaged("its notes are too long")
    if KEPT in names and (folder / KEPT).stat().st_size:
        raise Damaged("a file in it is not what it should be")
    for path in folder.glob("*.wav"):
        head = read_head(path)
        ours = len(head) == HEAD_BYTES and head[:4] == b"RIFF" and head[8:16] == b"WAVEfmt " and head[36:40] == b"data"
        if not is_take_id(path.stem) or not (ours or not head):
            raise Damaged("a recording in it is none")


def _import_scores(folders: Path, archive: zipfile.ZipFile, manifest: _Manifest) -> None:
    target = folders / manifest.call
    if not target.is_dir() or target.is_symlink():
        raise NotFound(
            "These scores belong to a call that is not here.", "Import them on the computer where the call was held."
        )
    with disk_errors(target):
        if hashlib.sha256(read_file(target / CALL)).hexdigest() != manifest.header_sha256:
            raise Damaged("the scores are of another call")
        if FileLock.held(target / LOCK):
            raise InputError("This call is still open elsewhere.", "Hang up or close it there first.")
        ready: list[tuple[str, bytes]] = []
        for entry in manifest.files:
            review = MENTOR_FILE.decode(_checked(archive, entry))
            if entry.name != mentor_file(review.id):
                raise Damaged("scores have the wrong name")
            ready.append((entry.name, MENTOR_FILE.encode(replace(review, mine=False, revealed=True))))
        for name, data in ready:
            replace_file(target / name, data)

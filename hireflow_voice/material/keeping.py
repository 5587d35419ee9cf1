"""The candidate's material on disk: plain text files in the data folder, made by `add`, gone without trace after
`remove`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from hireflow_voice.errors import DataFolderUnusable, InputError, NotFound
from hireflow_voice.material.reading import Document, read

MOST = 10
"""Documents kept at once."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One document that is kept."""

    name: str
    words: int


class Material:
    """A folder of texts. Any thread; two programs at once see each other's files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, path: Path) -> Kept:
        """Read a file and keep its text; one of the same name is replaced. Raises InputError, DataFolderUnusable."""
        document = read(path)
        name = _safe(document.name)
        if len(self._paths()) >= MOST and not (self._folder / name).exists():
            raise InputError(f"{MOST} documents are kept already.", "Remove one first.")
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            partial = self._folder / f".{name}.partial"
            partial.touch(mode=0o600)
            partial.write_text(document.text, encoding="utf-8")
            partial.replace(self._folder / name)
        except OSError as error:
            raise DataFolderUnusable(f"{document.name} cannot be kept ({error.strerror}).") from error
        return _kept(document)

    def all(self) -> tuple[Kept, ...]:
        """By name."""
        return tuple(_kept(document) for document in self._documents())

    def remove(self, name: str) -> None:
        """Raises NotFound."""
        for path in self._paths():
            if path.name == _safe(name):
                path.unlink(missing_ok=True)
                return
        raise NotFound(f"No document is called {name!r}.", "`hireflow-voice material list` names them.")

    def document(self, name: str) -> str:
        """The text of one. Raises NotFound."""
        for document in self._documents():
            if document.name == _safe(name):
                return document.text
        raise NotFound(f"No document is called {name!r}.", "`hireflow-voice material list` names them.")

    def text(self) -> str:
        """All of it; empty when there is none."""
        return "\n".join(document.text for document in self._documents())

    def _documents(self) -> list[Document]:
        found = []
        for path in self._paths():
            try:
                found.append(Document(path.name, path.read_text(encoding="utf-8")))
            except (OSError, UnicodeDecodeError):
                continue  # removed meanwhile, or not ours
        return found

    def _paths(self) -> list[Path]:
        if not self._folder.is_dir():
            return []
        return sorted(p for p in self._folder.iterdir() if p.is_file() and not p.name.startswith("."))


def _safe(name: str) -> str:
    """A name that is one in any file system and cannot leave the folder."""
    plain = re.sub(r"[^\w .()+-]", "_", name).strip(" .")[:100]
    return plain or "document"


def _kept(document: Document) -> Kept:
    return Kept(_safe(document.name), len(document.text.split()))

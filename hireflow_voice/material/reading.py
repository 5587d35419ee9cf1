"""A job description or résumé as plain text. The file is somebody else's: it is read as hostile until proven otherwise.

Text and Markdown are read here. A PDF is taken apart by a process of its own (`pdf_text`) with a limit on its time and
memory, because a few hundred bytes can describe a page that is never finished.
"""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from hireflow_voice.errors import InputError

MAX_TEXT_BYTES = 1_000_000
MAX_PDF_BYTES = 20_000_000
MAX_CHARS = 100_000
"""Of text that is kept: thirty pages; what comes after is left out."""
MIN_WORDS = 20
"""Fewer are no job description; a scanned page gives none at all."""
LIMIT_S = 20.0
"""For one PDF; a résumé takes half a second."""

_SUFFIXES = {".txt", ".md", ".markdown", ".text", ".pdf"}


@dataclass(frozen=True, slots=True)
class Document:
    """Plain text, without control characters, markup left as it was typed: it is only ever shown as plain text."""

    name: str
    """The file's name without folders."""
    text: str


def read(path: Path) -> Document:
    """Slow for a PDF. Raises InputError with what is wrong and what to do."""
    suffix = path.suffix.lower()
    if suffix not in _SUFFIXES:
        raise InputError(
            f"{path.name} is not a text, Markdown or PDF file.",
            "Save it as one of these, or paste it into a .txt file.",
        )
    raw = _bytes(path, MAX_PDF_BYTES if suffix == ".pdf" else MAX_TEXT_BYTES)
    text = _of_pdf(path) if suffix == ".pdf" else _of_text(path, raw)
    text = clean(text)
    if len(text.split()) < MIN_WORDS:
        why = "It may be a scan, a picture of text." if suffix == ".pdf" else ""
        raise InputError(
            f"{path.name} holds fewer than {MIN_WORDS} words of text. {why}".strip(),
            "Copy the text into a .txt file instead.",
        )
    return Document(path.name, text)


def clean(text: str) -> str:
    """Text without what hides something on a screen: control, bidirectional, zero-width and tag characters."""
    plain = unicodedata.normalize("NFKC", text[: 4 * MAX_CHARS])
    plain = "".join(c if c in "\n\t" or unicodedata.category(c) not in _HIDDEN else " " for c in plain)
    plain = re.sub(r"[^\S\n]+", " ", plain)
    return re.sub(r"\s*\n\s*", "\n", plain).strip()[:MAX_CHARS]


_HIDDEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn"))


def _bytes(path: Path, most: int) -> bytes:
    try:
        # Not blocking: a named pipe would wait for a writer for ever.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(handle, "rb") as file:
            about = os.fstat(handle)
            if not stat.S_ISREG(about.st_mode):
                raise InputError(f"{path.name} is not a regular file.")
            raw = b"" if about.st_size > most else file.read(most + 1)
    except OSError as error:
        raise InputError(f"{path.name} cannot be read ({error.strerror}).") from error
    if max(about.st_size, len(raw)) > most:
        raise InputError(
            f"{path.name} is larger than {most // 1_000_000} MB.", "Keep the pages that matter and try again."
        )
    return raw


def _of_text(path: Path, raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path.name} is not UTF-8 text.", "Save it as UTF-8 and try again.") from error


def _of_pdf(path: Path) -> str:
    command = [sys.executable, "-P", "-m", "hireflow_voice.material.pdf_text", str(path.absolute())]
    broken = InputError(f"{path.name} cannot be read as a PDF.", "Copy its text into a .txt file instead.")
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=LIMIT_S, check=False, env=_environment()
        )
    except subprocess.TimeoutExpired as error:
        raise InputError(
            f"{path.name} took longer than {LIMIT_S:.0f} s to read.", "Copy its text into a .txt file instead."
        ) from error
    except OSError as error:
        raise broken from error
    if done.returncode == LOCKED:
        raise InputError(f"{path.name} is locked with a password.", "Save it without one and try again.")
    if done.returncode != 0:
        raise broken
    return done.stdout.decode("utf-8", errors="replace")


LOCKED = 3
"""Exit code of `pdf_text` for a PDF that wants a password."""


def _environment() -> dict[str, str]:
    """No key of an endpoint is anybody's business who reads a stranger's file."""
    return {name: value for name, value in os.environ.items() if not name.startswith("HIREFLOW_ENDPOINT")}

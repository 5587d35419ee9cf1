"""`python -m hireflow_voice.material.pdf_text FILE`: the text of a PDF on standard output, within limits.

A process of its own: a hostile file may use up its time and its memory, and nothing else.
"""

from __future__ import annotations

import contextlib
import logging
import sys

from hireflow_voice.material.reading import LIMIT_S, LOCKED, MAX_CHARS

MAX_PAGES = 40
MEMORY = 1 << 30
"""Bytes of address space."""


def main(path: str) -> int:
    """0, `LOCKED`, or 1 for a file that is no PDF."""
    _limit()
    logging.disable(logging.CRITICAL)  # pypdf's opinion of the file is nobody's reading
    from pypdf import PdfReader
    from pypdf.errors import FileNotDecryptedError, PyPdfError

    kept = 0
    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            return LOCKED
        for page in reader.pages[:MAX_PAGES]:
            text = page.extract_text()[: MAX_CHARS - kept]
            kept += len(text) + 1
            sys.stdout.buffer.write(text.encode("utf-8", errors="replace") + b"\n")
            if kept >= MAX_CHARS:
                break
    except FileNotDecryptedError:
        return LOCKED
    except (PyPdfError, OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        return 1 if not kept else 0  # some pages are better than none
    except (MemoryError, ArithmeticError, AssertionError, NotImplementedError):
        return 1
    return 0


def _limit() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # no such limits on this system
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        seconds = int(LIMIT_S)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

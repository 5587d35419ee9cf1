"""Logging: one rotating file, never an answer, a prompt or a key in it."""

from __future__ import annotations

import logging
import logging.handlers
import re

from hireflow_voice import paths

_SECRET = re.compile(r"(?i)(bearer\s+|sk-)[A-Za-z0-9._~+/-]{6,}=*")


class _Redact(logging.Filter):
    """Servers echo keys in their errors; whatever looks like one is cut."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        clean = _SECRET.sub(lambda found: found.group(1) + "...", text)
        if clean != text:
            record.msg, record.args = clean, ()
        return True


def start(name: str = "hireflow-voice") -> None:
    """Write INFO and worse to a file in the log folder; a folder that cannot be written is no reason not to start."""
    try:
        folder = paths.log_dir()
        folder.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            folder / f"{name}.log", maxBytes=1_000_000, backupCount=3, encoding="utf-8"
        )
    except OSError:
        logging.getLogger("hireflow_voice").addHandler(logging.NullHandler())
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.addFilter(_Redact())
    root = logging.getLogger("hireflow_voice")
    root.setLevel(logging.INFO)
    root.addHandler(handler)
    root.propagate = False

"""What a server was found to accept, and the memory of it: by address and model, in the cache folder."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from hireflow_voice.evaluation.failures import Refused
from hireflow_voice.evaluation.server import Server


class Format(StrEnum):
    """How the server is asked for JSON, the surest first."""

    SCHEMA = "json_schema"
    OBJECT = "json_object"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Manners:
    """What a server was found to accept."""

    format: Format = Format.SCHEMA
    temperature: bool = True
    logprobs: bool | None = None
    """Whether it tells the probabilities of tokens; None while nobody has asked."""
    streams: bool | None = None
    """Whether it sends its text as it is written, to the end; None while nobody has asked."""


_PLAINEST = Manners(Format.PLAIN, temperature=False, logprobs=False)
_ABOUT_FORM = ("response_format", "schema", "json", "grammar")


def plainer(manners: Manners, refused: Refused) -> Manners | None:
    """What to try after a refusal; None when nothing is left to leave out."""
    if "temperature" in refused.about and manners.temperature:
        return replace(manners, temperature=False)
    if manners.format is not Format.PLAIN and any(word in refused.about for word in _ABOUT_FORM):
        return replace(manners, format=Format.OBJECT if manners.format is Format.SCHEMA else Format.PLAIN)
    # Nobody knows what it minds: the plainest request that there is, once.
    return _PLAINEST if (manners.format, manners.temperature) != (_PLAINEST.format, _PLAINEST.temperature) else None


class Remembered:
    """Manners of servers on disk: what a server refuses is found out once, not in every call. Thread-safe enough for
    its use: the last writer wins, and what is lost is found out again."""

    _MOST = 100

    def __init__(self, folder: Path) -> None:
        self._path = folder / "endpoints.json"

    def get(self, server: Server) -> Manners:
        """What is known of it, or what to try first."""
        found = self._read().get(_key(server))
        with suppress(TypeError, ValueError, KeyError):
            if found is not None:
                return Manners(
                    Format(found["format"]),
                    bool(found["temperature"]),
                    _told(found["logprobs"]),
                    _told(found["streams"]),
                )
        return Manners()

    def put(self, server: Server, manners: Manners) -> None:
        """Keep it; where that fails it is found out again another time."""
        known = self._read()
        known.pop(_key(server), None)
        known[_key(server)] = asdict(manners)
        while len(known) > self._MOST:
            del known[next(iter(known))]
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._path.parent, suffix=".part")
            with os.fdopen(handle, "w", encoding="utf-8") as out:
                json.dump(known, out)
            Path(name).replace(self._path)

    def _read(self) -> dict[str, Any]:
        with suppress(OSError, ValueError, RecursionError):
            found = json.loads(self._path.read_text("utf-8"))
            if isinstance(found, dict):
                return found
        return {}


def _told(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _key(server: Server) -> str:
    # Hashed: an address may carry a password.
    return hashlib.sha256(f"{server.base_url}\n{server.model}".encode()).hexdigest()[:32]

"""Where PulseAudio (or PipeWire in its place) takes our microphone from.

When a microphone is pulled out, PulseAudio moves our stream to another source without a word; that can be the monitor
of the speaker, so that the interviewer would be recorded as the candidate. Only the server knows; `pactl` asks it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from typing import Any

LIMIT_S = 2.0


def sources() -> frozenset[str] | None:
    """Names of the sources this process records from; None where that cannot be known. Slow: about 20 ms."""
    if shutil.which("pactl") is None:
        return None
    ours = str(os.getpid())
    streams = _listed("source-outputs")
    known = _listed("sources")
    if streams is None or known is None:
        return None
    names = {source.get("index"): str(source.get("name")) for source in known}
    mine = [stream for stream in streams if stream.get("properties", {}).get("application.process.id") == ours]
    return frozenset(names.get(stream.get("source"), "") for stream in mine) or None


def only_monitors(names: frozenset[str] | None) -> bool:
    """True when what is recorded is what a speaker plays: the machine has no microphone."""
    return bool(names) and all(name.endswith(".monitor") for name in names or ())


def _listed(what: str) -> list[dict[str, Any]] | None:
    try:
        done = subprocess.run(
            ["pactl", "--format=json", "list", what],
            env=os.environ | {"LC_ALL": "C"},  # other locales write numbers that are no JSON
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LIMIT_S,
            check=True,
        )
        rows = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else None

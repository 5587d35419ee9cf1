"""Run as a program: forks writers, kills each with SIGKILL at a random moment, and says what was lost.

`python kill_trials.py FOLDER TRIALS what` with what = save | delete | recover; prints one JSON object. A process of its
own, because only a process with one thread may fork.
"""

from __future__ import annotations

import json
import mmap
import os
import random
import signal
import struct
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from hireflow_voice.errors import HireFlowError
from hireflow_voice.records import CallHeader, CallState, Line, TakeKind, TakeRecord
from hireflow_voice.store import Store
from hireflow_voice.transcript import typed

CALL = "20261123-174203-7f3a"
HEADER = CallHeader(CALL, "2026-11-23T17:42:03+01:00", "Cloudflare", "", "", "Joe", "", "", 900.0, (), "0.1.0")
TAKE = TakeRecord("01-introduction", "", TakeKind.INTRODUCTION, "Tell me", 1, 0.0)
SECONDS = 2.0


def unfinished_wav() -> bytes:
    head = struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF",
        0xFFFFFFFF,
        b"WAVE",
        b"fmt ",
        16,
        1,
        1,
        16_000,
        32_000,
        2,
        16,
        b"data",
        0xFFFFFFFF,
    )
    return head + b"\x11\x22" * round(16_000 * SECONDS)


def repair(path: Path) -> float:
    size = path.stat().st_size
    with path.open("r+b", buffering=0) as file:
        for at, value in ((4, size - 8), (40, size - 44)):
            file.seek(at)
            file.write(struct.pack("<I", value))
    return (size - 44) / 32_000


def killed(work: Callable[[], None], within_s: float) -> None:
    """Run `work` in a child that is killed at a random moment."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    time.sleep(random.uniform(0, within_s))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def save(root: Path) -> list[str]:
    """Everything that a method returned from must be there; whatever was being written is whole or absent."""
    done = mmap.mmap(-1, 24)

    def work() -> None:
        folder = Store(root).create(HEADER)
        for n in range(1, 100_000):
            folder.add_line(Line(float(n), "interviewer", "x" * (n % 3000)))
            struct.pack_into("q", done, 0, n)
            folder.save_take(replace(TAKE, transcript=typed(f"{n} " + "y" * 20_000)))
            struct.pack_into("q", done, 8, n)
            folder.finish(CallState.RUNNING, float(n))
            struct.pack_into("q", done, 16, n)

    killed(work, 0.12)
    lines, takes, results = struct.unpack("3q", done[:])
    store = Store(root)
    wrong = []
    if lines:
        record = store.load(CALL)
        said = record.takes[0].transcript if record.takes else None
        kept = int(said.text.split()[0]) if said is not None else 0
        if not lines <= len(record.lines) <= lines + 1:
            wrong.append(f"{len(record.lines)} lines, {lines} were written")
        if not takes <= kept <= takes + 1:
            wrong.append(f"take {kept}, {takes} was written")
        if takes and not results <= round(record.ended_s) <= lines + 1:
            wrong.append(f"result {record.ended_s}, {results} was written")
        if [call.id for call in store.unfinished()] != [CALL]:
            wrong.append("the call cannot be resumed")
        store.recover(repair)
        with_new = store.open(CALL)
        with_new.add_line(Line(1e6, "interviewer", "Welcome back."))
        with_new.close()
        if store.load(CALL).lines[-1].text != "Welcome back." or len(store.load(CALL).lines) != len(record.lines) + 1:
            wrong.append("a torn line swallowed the next one")
    store.recover(repair)
    # A folder that was never given its name is removed once it is old.
    if [p for p in (root / "calls").glob("*/*") if "part" in p.name or "damaged" in p.name if p.parent.name == CALL]:
        wrong.append("something was left lying about")
    store.close()
    return wrong


def recover(root: Path) -> list[str]:
    """Recovery, killed again and again, ends in the same state."""
    store = Store(root)
    folder = store.create(HEADER)
    ids = [folder.new_take_id(n, "q", TakeKind.ANSWER) for n in range(1, 9)]
    for take_id in ids:
        folder.sound_path(take_id).write_bytes(unfinished_wav())
    folder.close()
    store.close()
    for _ in range(3):
        killed(lambda: Store(root).recover(repair) and None, 0.05)
    store = Store(root)
    store.recover(repair)
    wrong = []
    if store.recover(repair):
        wrong.append("recovery does not come to an end")
    if [(t.id, t.seconds, t.question) for t in store.load(CALL).takes] != [(i, SECONDS, "q") for i in ids]:
        wrong.append("a take was lost")
    store.close()
    return wrong


def delete(root: Path) -> list[str]:
    """A deletion is whole after the next start, or never began."""
    store = Store(root)
    folder = store.create(replace(HEADER, candidate="PLANTEDWORD", company="PLANTEDWORD"))
    for n in range(40):
        folder.save_take(replace(TAKE, id=f"{n:02d}-q-answer", transcript=typed("PLANTEDWORD")))
    folder.close()
    store.calls()
    store.close()
    killed(lambda: Store(root).delete(CALL), 0.02)
    store = Store(root)
    wrong = []
    if not store.calls():
        wrong += [str(p) for p in root.rglob("*") if p.is_file() and b"PLANTEDWORD" in p.read_bytes()]
    elif len(store.load(CALL).takes) != 40:
        wrong.append("half deleted")
    store.close()
    return wrong


def main() -> None:
    folder, trials, what = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    random.seed(7)
    wrong = []
    for number in range(trials):
        try:
            wrong += globals()[what](folder / str(number))
        except HireFlowError as error:
            wrong.append(repr(error))
    print(json.dumps({"trials": trials, "wrong": wrong}))


main()

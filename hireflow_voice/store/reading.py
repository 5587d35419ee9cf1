"""A call read from its folder, however the program that wrote it ended."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from hireflow_voice.errors import InputError, NotFound
from hireflow_voice.records import (
    CallHeader,
    CallRecord,
    CallState,
    CallSummary,
    Line,
    MentorReview,
    TakeKind,
    TakeRecord,
    asked_of,
)
from hireflow_voice.store.codec import (
    HEADER_FILE,
    MENTOR_FILE,
    RESULT_FILE,
    TAKE_FILE,
    Damaged,
    Result,
    WrittenByNewer,
    _File,
    from_plain,
)
from hireflow_voice.store.files import read_file, replace_file, set_aside
from hireflow_voice.store.journal import read_entries
from hireflow_voice.transcript import typed

_log = logging.getLogger("hireflow_voice.store")

CALL = "call.json"
RESULT = "result.json"
JOURNAL = "journal.jsonl"
LOCK = "lock"
NOTES = "notes.txt"
KEPT = "kept"
"""An empty file: nothing deletes the call but its owner."""
LONGEST_NOTES = 100_000
"""Characters."""

_CALL_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}", re.ASCII)
_TAKE_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,127}", re.ASCII)
_MENTOR = re.compile(r"mentor\.[0-9a-f]{8}\.json", re.ASCII)
_NOT_TAKES = {"call", "result", "journal", "lock", "report"}
_TIMED_ID = re.compile(r"(\d{8}-\d{6})-[0-9a-f]{4}", re.ASCII)

HEAD_BYTES = 44
"""Of a take's WAV, before the first sample."""

T = TypeVar("T")


def is_call_id(name: str) -> bool:
    """Whether a name can be a call's folder: no dots, no slashes, nothing a path could hide in."""
    return _CALL_ID.fullmatch(name) is not None


def is_take_id(name: str) -> bool:
    """Whether a name can be the stem of a take's files."""
    return _TAKE_ID.fullmatch(name) is not None and name not in _NOT_TAKES


def no_such_call(call_id: str) -> NotFound:
    """The error for an id that names no call."""
    return NotFound(f"There is no call named {call_id[:80]!r}.", "The list of calls shows the names there are.")


def take_paths(folder: Path) -> list[Path]:
    """The sidecars of a call, by name. Raises OSError."""
    return sorted(p for p in folder.glob("*.json") if is_take_id(p.stem))


def mentor_file(review: str) -> str:
    """Name of the file of a mentor's scores. Raises InputError when the id is none."""
    name = f"mentor.{review}.json"
    if _MENTOR.fullmatch(name) is None:
        raise InputError(f"{review[:80]!r} cannot name a mentor's scores.")
    return name


def mentor_paths(folder: Path) -> list[Path]:
    """The scores that mentors gave. Raises OSError."""
    return sorted(p for p in folder.glob("mentor.*.json") if _MENTOR.fullmatch(p.name))


def _mentors(folder: Path, mend: bool) -> tuple[MentorReview, ...]:
    found = [(path, _read(path, MENTOR_FILE, mend)) for path in mentor_paths(folder)]
    return tuple(one for path, one in found if one is not None and path.name == f"mentor.{one.id}.json")


def read_notes(folder: Path) -> str:
    """What the candidate wrote down; empty where there is nothing. Raises OSError."""
    try:
        return read_file(folder / NOTES).decode("utf-8", "replace")[:LONGEST_NOTES]
    except FileNotFoundError:
        return ""


def recordings(folder: Path) -> list[Path]:
    """The WAVs of a call, by name. Raises OSError."""
    return sorted(p for p in folder.glob("*.wav") if is_take_id(p.stem) and p.is_file() and not p.is_symlink())


def in_order(takes: Iterable[TakeRecord]) -> tuple[TakeRecord, ...]:
    """Takes as they were spoken."""
    return tuple(sorted(takes, key=lambda take: (take.turn, take.started_s, take.id)))


def _read(path: Path, kind: _File[T], mend: bool) -> T | None:
    """None if the file is missing or damaged; a damaged one is set aside if `mend`. Raises WrittenByNewer, OSError."""
    try:
        return kind.decode(read_file(path))
    except FileNotFoundError:
        return None
    except Damaged:
        if mend:
            aside = set_aside(path)
            _log.warning("%s is damaged; kept as %s", path.name, aside.name)
        return None


def _entries(entries: list[dict[str, Any]], key: str) -> list[Any]:
    return [entry[key] for entry in entries if key in entry]


def _header(folder: Path, entries: list[dict[str, Any]], mend: bool) -> CallHeader:
    header = _read(folder / CALL, HEADER_FILE, mend)
    if header is not None and header.id == folder.name:
        return header
    for given in _entries(entries, "header"):
        try:
            header = from_plain(CallHeader, given)
        except Damaged:
            continue
        if mend:
            replace_file(folder / CALL, HEADER_FILE.encode(header))
        return header
    return _bare_header(folder, "What was agreed for this call is damaged")


def _bare_header(folder: Path, remark: str) -> CallHeader:
    """What the folder's name alone tells."""
    timed = _TIMED_ID.fullmatch(folder.name)
    if timed is not None:
        try:
            started = datetime.strptime(timed[1], "%Y%m%d-%H%M%S").astimezone()
        except ValueError:
            timed = None
    if timed is None:
        started = datetime.fromtimestamp(folder.stat().st_mtime, UTC)
    return CallHeader(
        id=folder.name,
        started=started.isoformat(),
        company=remark,
        role="",
        round="",
        interviewer="",
        candidate="",
        judge="",
        length_s=0.0,
        questions=(),
        version="",
    )


def _lines(entries: list[dict[str, Any]]) -> tuple[Line, ...]:
    lines: list[Line] = []
    for given in _entries(entries, "line"):
        try:
            line = from_plain(Line, given)
        except Damaged:
            _log.warning("a line of the conversation is damaged and left out")
            continue
        if line.speaker == "candidate" and line.kind:
            # An answer that went on after it had been taken for finished was written again, in full.
            lines = [other for other in lines if (other.speaker, other.kind) != (line.speaker, line.kind)]
        lines.append(line)
    return tuple(lines)


def begun_take(entries: list[dict[str, Any]], take_id: str, sound: str, seconds: float) -> TakeRecord:
    """What the journal tells of a take whose sidecar is missing."""
    asked, question, kind, turn, at_s = "", "", TakeKind.ANSWER, 0, 0.0
    for entry in entries:
        line, begun = entry.get("line"), entry.get("take")
        if isinstance(line, dict) and line.get("speaker") == "interviewer" and isinstance(line.get("text"), str):
            asked = line["text"]
            if isinstance(line.get("at_s"), int | float):
                at_s = float(line["at_s"])
        if isinstance(begun, dict) and begun.get("id") == take_id:
            try:
                question, kind, turn = str(begun["question"]), TakeKind(begun["kind"]), int(begun["number"])
            except (KeyError, ValueError, TypeError):
                _log.warning("the journal's entry of take %s is damaged", take_id)
            break
    said = [line.text for line in _lines(entries) if line.speaker == "candidate" and line.kind == take_id]
    transcript = typed("\n".join(said)) if said and not sound else None
    return TakeRecord(take_id, question, kind, asked, turn, at_s, sound=sound, seconds=seconds, transcript=transcript)


def _takes(folder: Path, entries: list[dict[str, Any]], mend: bool) -> tuple[TakeRecord, ...]:
    takes: dict[str, TakeRecord] = {}
    lost: set[str] = set()
    for path in take_paths(folder):
        take = _read(path, TAKE_FILE, mend)
        if take is None or take.id != path.stem:
            lost.add(path.stem)
        else:
            sound = folder / take.sound
            if take.sound and not take.seconds and sound.is_file():
                # Killed between the end of the recording and its last sidecar.
                take = replace(take, seconds=_seconds_of(sound))
            takes[take.id] = take
    # A sidecar that was set aside, now or earlier, leaves its answer to be shown from what else is known.
    lost |= {path.name.split(".json.damaged-")[0] for path in folder.glob("*.json.damaged-*")}
    # So does a recording that was killed before it had one.
    lost |= {path.stem for path in recordings(folder) if path.stat().st_size > HEAD_BYTES}
    for stem in sorted(lost - takes.keys()):
        if is_take_id(stem):
            recording = folder / f"{stem}.wav"
            there = recording.is_file()
            seconds = _seconds_of(recording) if there else 0.0
            takes[stem] = begun_take(entries, stem, recording.name if there else "", seconds)
    return in_order(takes.values())


def _seconds_of(path: Path) -> float:
    """Length of one of our recordings by its size, whatever its header says of it."""
    head = read_head(path)
    rate_bytes = int.from_bytes(head[28:32], "little") if len(head) == HEAD_BYTES else 0
    return max(0, path.stat().st_size - HEAD_BYTES) / rate_bytes if rate_bytes else 0.0


def read_head(path: Path) -> bytes:
    """The first HEAD_BYTES of a recording (fewer if there are no more): its WAV header. Raises OSError."""
    with path.open("rb") as file:
        return file.read(HEAD_BYTES)


def read_call(folder: Path, mend: bool = False) -> CallRecord:
    """Everything that is known of a call.

    With `mend`, files that cannot be read are set aside (never deleted) and a lost call.json is written again; only the
    call's owner may ask for that. Raises NotFound, WrittenByNewer, OSError.
    """
    if not folder.is_dir():
        raise no_such_call(folder.name)
    entries = read_entries(folder / JOURNAL)
    header = _header(folder, entries, mend)
    result = _read(folder / RESULT, RESULT_FILE, mend)
    lines, takes = _lines(entries), _takes(folder, entries, mend)
    if result is None:
        # A damaged result must not turn a finished call into one that can be resumed.
        damaged = any(folder.glob(f"{RESULT}.damaged-*")) or (folder / RESULT).exists()
        result = Result(state=CallState.HUNG_UP if damaged else CallState.RUNNING)
    if result.state is not CallState.RUNNING:  # one that can go on may still ask the others
        header = asked_of(header, takes, lines)
    return CallRecord(
        header=header,
        state=result.state,
        ended_s=result.ended_s or reached_s(lines, takes),
        lines=lines,
        takes=takes,
        judgements=result.judgements,
        quote_takes=result.quote_takes,
        form=result.form,
        mentors=_mentors(folder, mend),
        notes=read_notes(folder),
        kept=(folder / KEPT).is_file(),
    )


def reached_s(lines: Iterable[Line], takes: Iterable[TakeRecord]) -> float:
    """How far a call got on its own clock, for one whose end was never written."""
    return max([0.0, *(line.at_s for line in lines), *(take.started_s + take.seconds for take in takes)])


def question_score(record: CallRecord, question: str) -> float | None:
    """Score of a question, all its answers together; None when it is not judged."""
    for judgement in record.judgements:
        if judgement.question == question and not judgement.failed:
            return judgement.score
    return None


def summarise(record: CallRecord) -> CallSummary:
    """The row of the list of calls; nothing of the judge's while a person is to score the call first."""
    header, blind = record.header, record.scoring is not None
    scores = [s for q in header.questions if (s := question_score(record, q.id)) is not None]
    return CallSummary(
        id=header.id,
        started=header.started,
        company=header.company,
        role=header.role,
        round=header.round,
        state=record.state,
        seconds=record.ended_s,
        questions=header.planned or len(header.questions),
        answered=len({take.question for take in record.takes if take.answers_question}),
        score=sum(scores) / len(scores) if scores and not blind else None,
        band=record.form.band.value if record.form is not None and not blind else "",
        demo=header.demo,
        kept=record.kept,
    )


def unreadable(folder: Path, error: WrittenByNewer) -> CallRecord:
    """A call of which only the folder's name can be shown."""
    header = _bare_header(folder, error.sentence)
    return CallRecord(header, CallState.HUNG_UP, 0.0, (), ())

"""What must hold when a program is killed, a file is damaged, or two programs meet."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from hireflow_voice.errors import DataFolderUnusable, DiskFull, InputError
from hireflow_voice.records import CallHeader, CallState, Line, TakeKind, TakeRecord
from hireflow_voice.store import Store, files
from hireflow_voice.transcript import typed


@pytest.mark.parametrize(("what", "trials"), [("save", 25), ("recover", 6), ("delete", 20)])
def test_a_kill_at_any_moment_loses_nothing(tmp_path: Path, what: str, trials: int) -> None:
    script = Path(__file__).with_name("kill_trials.py")
    run = subprocess.run(
        [sys.executable, script, tmp_path / "kill", str(trials), what], capture_output=True, text=True, timeout=240
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == {"trials": trials, "wrong": []}


def test_a_torn_journal_line_is_left_out_and_swallows_nothing(
    store: Store, root: Path, finished: Callable[..., str]
) -> None:
    call = finished()
    journal = root / "calls" / call / "journal.jsonl"
    whole = journal.read_bytes()
    last = len(whole.splitlines()[-1])
    for cut in range(1, last + 2):
        journal.write_bytes(whole[:-cut])
        expected = 2 if cut == 1 else 1  # without its newline alone the line is still whole
        assert len(store.load(call).lines) == expected
    folder = store.open(call)
    folder.add_line(Line(9.0, "interviewer", "Still there?"))
    folder.close()
    assert [line.text for line in store.load(call).lines] == ["Hello, this is Joe.", "Still there?"]


@pytest.mark.parametrize("damage", [b"", b"{", b"null", b"[1]", b"{}", b'{"format": 1}', b"\xff\xfe", b"[" * 100_000])
def test_a_damaged_sidecar_is_set_aside_and_its_answer_still_shown(
    store: Store, root: Path, finished: Callable[..., str], take: TakeRecord, damage: bytes
) -> None:
    call = finished()
    sidecar = root / "calls" / call / f"{take.id}.json"
    sidecar.write_bytes(damage)
    for _ in range(2):
        (shown,) = store.load(call).takes
        store.open(call).close()  # here it is set aside, for the next sidecar is written in its place
        assert (shown.id, shown.question, shown.turn, shown.kind) == (take.id, "rate-limiter", 3, TakeKind.ANSWER)
        assert (shown.sound, shown.seconds) == (take.sound, 12.5)
        assert shown.asked == "Hello, this is Joe."
    assert sidecar.with_name(f"{take.id}.json.damaged-1").read_bytes() == damage
    assert not sidecar.exists()


def test_a_damaged_sidecar_of_a_typed_answer_leaves_its_words(
    store: Store, root: Path, header: CallHeader, take: TakeRecord
) -> None:
    folder = store.create(header)
    take_id = folder.new_take_id(3, "rate-limiter", "answer")
    folder.add_line(Line(60.0, "candidate", "I typed this.", take_id))
    folder.save_take(replace(take, id=take_id, sound="", transcript=typed("I typed this.")))
    folder.close()
    (folder.path / f"{take_id}.json").write_bytes(b"\0" * 400)
    assert store.load(header.id).takes[0].transcript == typed("I typed this.")


@pytest.mark.parametrize("field", ["turn", "kind", "seconds", "transcript"])
def test_a_value_of_the_wrong_type_counts_as_damage(
    store: Store, root: Path, finished: Callable[..., str], take: TakeRecord, field: str
) -> None:
    sidecar = root / "calls" / finished() / f"{take.id}.json"
    given = json.loads(sidecar.read_text())
    given["take"][field] = "3"
    sidecar.write_text(json.dumps(given))
    store.open(sidecar.parent.name).close()
    assert sidecar.with_name(f"{take.id}.json.damaged-1").exists()


@pytest.mark.parametrize(
    ("file", "path"),
    [
        ("03-rate-limiter-answer.json", ("take", "mood")),
        ("03-rate-limiter-answer.json", ("take", "transcript", "words", 0, "pitch")),
        ("03-rate-limiter-answer.json", ("more",)),
        ("call.json", ("call", "weather")),
        ("result.json", ("result", "form", "signals", 2, "curve")),
        ("result.json", ("format",)),
    ],
)
def test_what_a_newer_version_wrote_is_refused_in_a_sentence_and_left_alone(
    store: Store, root: Path, finished: Callable[..., str], file: str, path: tuple[str | int, ...]
) -> None:
    call = finished()
    changed = root / "calls" / call / file
    given = json.loads(changed.read_text())
    inner = given
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = 2
    changed.write_text(json.dumps(given))
    before = changed.read_bytes()
    with pytest.raises(InputError, match="newer version of HireFlow Voice"):
        store.load(call)
    assert changed.read_bytes() == before
    (row,) = store.calls()  # the list goes on to show it, and it can be deleted
    assert "newer version" in row.company
    assert row.started.startswith("2026-11-23T17:42:03")
    store.delete(call)
    assert store.calls() == ()


def test_a_file_of_an_older_version_without_the_latest_fields_is_read(
    store: Store, root: Path, finished: Callable[..., str], take: TakeRecord
) -> None:
    sidecar = root / "calls" / finished() / f"{take.id}.json"
    given = json.loads(sidecar.read_text())
    del given["take"]["gaps"], given["take"]["command"]
    sidecar.write_text(json.dumps(given))
    assert store.load(sidecar.parent.name).takes == (replace(take, gaps=()),)


def test_a_damaged_header_is_taken_from_the_journal_and_written_again(
    store: Store, root: Path, finished: Callable[..., str], header: CallHeader
) -> None:
    folder = root / "calls" / finished()
    good = (folder / "call.json").read_bytes()
    (folder / "call.json").write_bytes(b"\0\0\0")
    assert store.load(header.id).header == header
    store.open(header.id).close()
    assert store.load(header.id).header == header
    assert (folder / "call.json").read_bytes() == good
    assert (folder / "call.json.damaged-1").exists()


def test_a_call_without_any_header_is_still_shown(
    store: Store, root: Path, finished: Callable[..., str], take: TakeRecord
) -> None:
    folder = root / "calls" / finished()
    (folder / "call.json").write_bytes(b"")
    (folder / "journal.jsonl").write_bytes(b"\xff\n\n{}\n")
    record = store.load(folder.name)
    assert record.takes == (take,)
    assert record.header.started.startswith("2026-11-23T17:42:03")
    assert store.calls()[0].company == "What was agreed for this call is damaged"


def test_a_damaged_result_does_not_make_an_ended_call_ring_again(
    store: Store, root: Path, finished: Callable[..., str], take: TakeRecord
) -> None:
    call = finished()
    (root / "calls" / call / "result.json").write_bytes(b"}")
    for _ in range(2):
        record = store.load(call)
        assert (record.state, record.form, record.judgements) == (CallState.HUNG_UP, None, ())
        assert record.ended_s == 60.0  # the last thing that was said
        assert store.unfinished() == ()
        store.open(call).close()


def test_an_unfinished_recording_is_completed_once(
    store: Store, header: CallHeader, take: TakeRecord, wav: Callable[..., bytes], repair: Callable[[Path], float]
) -> None:
    folder = store.create(header)
    folder.add_line(Line(30.0, "interviewer", "How would you limit requests?", "question", "rate-limiter"))
    without, early = (folder.new_take_id(n, "rate-limiter", "answer") for n in (3, 4))
    folder.add_line(Line(90.0, "interviewer", "And then?", "follow_up"))
    folder.sound_path(without).write_bytes(wav(63.0, closed=False))
    folder.sound_path(early).write_bytes(wav(2.0, closed=False))
    folder.save_take(replace(take, id=early, turn=4, asked="And?", seconds=0.0, transcript=None, sound=f"{early}.wav"))
    empty = folder.new_take_id(5, "rate-limiter", "answer")
    folder.sound_path(empty).write_bytes(wav(0.0, closed=False))
    (folder.path / ".call.json.0011.part").write_bytes(b"half")
    assert store.recover(repair) == []  # it is alive
    folder.close()
    assert [call.id for call in store.unfinished()] == [header.id]
    assert store.recover(repair) == [header.id]
    assert store.recover(repair) == []
    first, second = store.load(header.id).takes
    assert (first.id, first.asked, first.started_s) == (without, "How would you limit requests?", 30.0)
    assert (first.question, first.turn, first.seconds, first.sound) == ("rate-limiter", 3, 63.0, f"{without}.wav")
    assert (second.asked, second.seconds) == ("And?", 2.0)
    assert not list(folder.path.glob(".*"))


def test_a_recording_that_cannot_be_repaired_stops_nothing(
    store: Store, header: CallHeader, wav: Callable[..., bytes], repair: Callable[[Path], float]
) -> None:
    folder = store.create(header)
    for n in (1, 2):
        folder.sound_path(folder.new_take_id(n, "q", "answer")).write_bytes(wav(1.0, closed=False))
    folder.close()

    def picky(path: Path) -> float:
        if path.stem.startswith("01"):
            raise PermissionError(13, "Permission denied", str(path))
        return repair(path)

    assert store.recover(picky) == [header.id]
    assert [take.id for take in store.load(header.id).takes] == ["01-q-answer", "02-q-answer"]
    assert folder.sound_path("01-q-answer").exists()


def test_a_take_killed_before_its_last_sidecar_has_its_true_length(
    store: Store, header: CallHeader, take: TakeRecord, wav: Callable[..., bytes]
) -> None:
    folder = store.create(header)
    folder.save_take(replace(take, seconds=0.0))
    folder.sound_path(take.id).write_bytes(wav(7.0))
    folder.close()
    assert store.load(header.id).takes[0].seconds == 7.0


OTHER = """
import sys
from pathlib import Path
from dataclasses import replace
from hireflow_voice.store import Store
store = Store(Path(sys.argv[1]))
print("ready", flush=True)
for order in sys.stdin:
    try:
        print(eval(order), flush=True)
    except Exception as error:
        print(type(error).__name__, error, flush=True)
"""


@pytest.fixture
def other(root: Path):  # type: ignore[no-untyped-def]
    """A second process on the same folder: ask(expression) -> what it printed."""
    process = subprocess.Popen(
        [sys.executable, "-c", OTHER, root], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None

    def ask(order: str) -> str:
        process.stdin.write(order + "\n")
        process.stdin.flush()
        return process.stdout.readline().strip()

    ask.process = process  # type: ignore[attr-defined]
    assert process.stdout.readline() == "ready\n"
    yield ask
    process.kill()
    process.wait()
    process.stdin.close()
    process.stdout.close()


def test_a_second_process_reads_and_writes_calls_but_may_not_delete(
    store: Store, header: CallHeader, finished: Callable[..., str], other: Callable[[str], str]
) -> None:
    call = finished()
    assert store.owns_index
    assert other("store.owns_index") == "False"
    assert other("[c.id for c in store.calls()]") == f"['{call}']"
    assert other(f"store.load({call!r}).form.band.value") == "hire"
    assert other(f"store.delete({call!r})").startswith("DataFolderUnusable HireFlow Voice is open a second time")
    new = "20261123-190000-0002"
    other(f"globals().update(folder=store.create(replace(store.load({call!r}).header, id={new!r})))")
    assert {c.id for c in store.calls()} == {call, new}
    assert [c.id for c in store.unfinished()] == []  # a living process runs it
    with pytest.raises(InputError, match="going on"):
        store.delete(new)
    with pytest.raises(InputError, match="open elsewhere"):
        store.open(new)
    assert other("folder.close()") == "None"
    assert [c.id for c in store.unfinished()] == [new]
    store.delete(new)
    assert other("len(store.calls())") == "1"


def test_a_killed_owner_leaves_index_and_calls_to_the_next(
    root: Path, header: CallHeader, other: Callable[[str], str]
) -> None:
    assert other("store.owns_index") == "True"
    other(f"globals().update(h=__import__('hireflow_voice.records').records.CallHeader({header.id!r}, "
          "'2026-11-23T17:42:03+01:00', 'C', '', '', '', '', '', 900.0, (), ''))")  # fmt: skip
    other("globals().update(folder=store.create(h))")
    second = Store(root)
    assert not second.owns_index
    with pytest.raises(DataFolderUnusable):
        second.delete_all()
    other.process.kill()  # type: ignore[attr-defined]
    other.process.wait()  # type: ignore[attr-defined]
    assert [c.id for c in second.unfinished()] == [header.id]
    second.delete_all()
    assert second.calls() == ()
    assert second.owns_index
    second.close()


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """A disk on which the first few bytes of each write still fit, as on a real one."""
    write = os.write
    full = {"now": False}

    def short(descriptor: int, data: bytes) -> int:
        if full["now"]:
            if len(data) <= 10:
                raise OSError(28, "No space left on device")
            return write(descriptor, bytes(data)[: len(data) - 10])
        return write(descriptor, data)

    monkeypatch.setattr(files.os, "write", short)
    return lambda now: full.update(now=now)


def test_a_full_disk_is_told_and_keeps_what_was_there(
    store: Store, header: CallHeader, take: TakeRecord, full_disk: Callable[[bool], None]
) -> None:
    folder = store.create(header)
    folder.save_take(take)
    folder.add_line(Line(1.0, "interviewer", "one"))
    full_disk(True)
    for write in (
        lambda: folder.save_take(replace(take, seconds=99.0)),
        lambda: folder.add_line(Line(2.0, "interviewer", "lost")),
        lambda: folder.finish(CallState.FINISHED, 5.0),
        lambda: store.create(replace(header, id="another")),
    ):
        with pytest.raises(DiskFull, match="what was written before is kept"):
            write()
    full_disk(False)
    folder.add_line(Line(3.0, "interviewer", "two"))
    record = store.load(header.id)
    assert record.takes == (take,)
    assert [line.text for line in record.lines] == ["one", "two"]
    assert record.state is CallState.RUNNING
    assert [call.id for call in store.calls()] == [header.id]
    folder.close()

"""What is written comes back; what is deleted is gone."""

from __future__ import annotations

import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from hireflow_voice.errors import DataFolderUnusable, InputError, NotFound
from hireflow_voice.records import CallHeader, CallState, Line, TakeKind, TakeRecord
from hireflow_voice.store import Store, files, new_call_id
from hireflow_voice.transcript import typed
from hireflow_voice.verdict import Form, Judgement


def test_a_call_comes_back_as_it_was_written(
    store: Store, finished: Callable[..., str], header: CallHeader, take: TakeRecord, judgement: Judgement, form: Form
) -> None:
    record = store.load(finished())
    assert record.header == header
    assert record.takes == (take,)
    assert record.judgements == (judgement,)
    assert record.quote_takes == {"rate-limiter": {"bucket": take.id}}
    assert record.form == form
    assert (record.state, record.ended_s) == (CallState.FINISHED, 600.0)
    assert [line.text for line in record.lines] == ["Hello, this is Joe.", "We keep a token bucket in Redis"]


def test_the_list_shows_the_newest_call_first_across_time_zones(store: Store, finished: Callable[..., str]) -> None:
    finished("20261123-100000-0001", started="2026-11-23T10:00:00+01:00")
    finished("20261123-093000-0002", started="2026-11-23T09:30:00+00:00")
    finished("20261122-230000-0003", started="2026-11-22T23:00:00+00:00")
    assert [call.id[-1] for call in store.calls()] == ["2", "1", "3"]


def test_a_row_of_the_list_tells_what_the_call_came_to(store: Store, finished: Callable[..., str]) -> None:
    finished()
    (call,) = store.calls()
    assert (call.questions, call.answered, call.score, call.band) == (1, 1, 0.8, "hire")
    assert (call.company, call.state, call.seconds, call.demo) == ("Cloudflare", CallState.FINISHED, 600.0, False)


def test_silence_commands_and_the_introduction_are_no_answers(
    store: Store, header: CallHeader, take: TakeRecord
) -> None:
    folder = store.create(header)
    folder.save_take(replace(take, id="01-introduction", turn=1, kind=TakeKind.INTRODUCTION, question=""))
    folder.save_take(replace(take, id="02-a", turn=2, command="repeat"))
    folder.save_take(replace(take, id="03-a", turn=3, transcript=typed("  ")))
    assert store.calls()[0].answered == 0
    folder.save_take(replace(take, id="04-a", turn=4, transcript=None, seconds=3.0))
    assert store.calls()[0].answered == 1
    folder.close()


def test_takes_are_in_the_order_they_were_spoken(store: Store, header: CallHeader, take: TakeRecord) -> None:
    folder = store.create(header)
    for turn in (10, 2, 9):
        folder.save_take(replace(take, id=f"{turn:02d}-rate-limiter-answer", turn=turn))
    folder.close()
    assert [t.turn for t in store.load(header.id).takes] == [2, 9, 10]


def test_take_ids_are_readable_and_never_used_twice(store: Store, header: CallHeader) -> None:
    with_kind = store.create(header)
    assert with_kind.new_take_id(1, "", TakeKind.INTRODUCTION) == "01-introduction"
    assert with_kind.new_take_id(3, "rate-limiter", "answer") == "03-rate-limiter-answer"
    assert with_kind.new_take_id(3, "rate-limiter", "answer") == "03-rate-limiter-answer-2"
    assert with_kind.new_take_id(4, "../Ünsafe/..", TakeKind.FOLLOW_UP) == "04-nsafe-follow-up"
    with_kind.close()
    again = store.open(header.id)
    assert again.new_take_id(3, "rate-limiter", "answer") == "03-rate-limiter-answer-3"
    again.close()


def test_a_take_that_never_began_leaves_nothing(store: Store, header: CallHeader, take: TakeRecord) -> None:
    folder = store.create(header)
    folder.save_take(take)
    folder.sound_path(take.id).write_bytes(b"RIFF")
    folder.discard_take(take.id)
    folder.discard_take(take.id)
    folder.close()
    assert store.load(header.id).takes == ()
    assert {path.name for path in store.folder(header.id).iterdir()} == {"call.json", "journal.jsonl", "lock"}


def test_what_must_come_first_is_on_the_disk_first(
    store: Store, header: CallHeader, take: TakeRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the order of syncs and renames stands between a power cut and half a file."""
    steps: list[str] = []

    def note(module: object, name: str) -> None:
        original = getattr(module, name)

        def noted(target: int | Path, *rest: object) -> object:
            at = Path(f"/proc/self/fd/{target}").readlink() if isinstance(target, int) else target
            steps.append(f"{name} {'folder' if at.is_dir() else at.suffix}")
            return original(target, *rest)

        monkeypatch.setattr(module, name, noted)

    folder = store.create(header)
    note(files.os, "fsync")
    note(files.os, "fdatasync")
    note(Path, "replace")
    folder.save_take(take)
    assert steps == ["fdatasync .jsonl", "fsync .part", "replace .part", "fsync folder"]
    steps.clear()
    folder.add_line(Line(1.0, "interviewer", "Hello."))
    assert steps == []
    folder.add_line(Line(1.0, "candidate", "Hello."))
    assert steps == ["fdatasync .jsonl"]
    folder.close()


def test_inputs_come_back_in_order_after_a_restart(store: Store, header: CallHeader) -> None:
    given = [{"event": "Tick", "now": n / 7, "text": "\u2028\x00🎤\n"} for n in range(50)]
    folder = store.create(header)
    for one in given:
        folder.add_input(one)
    folder.close()
    again = store.open(header.id)
    assert again.inputs() == given
    again.add_input({"event": "Resumed"})
    assert again.inputs() == [*given, {"event": "Resumed"}]
    again.close()


@pytest.mark.parametrize("text", ["naïve 🧑🏽‍🚀", "\u202egnol\u202c", "مرحبا", "a\x00b", '"}\n{"', "\ufeff\u2028"])
def test_any_text_comes_back_to_the_last_character(
    store: Store, header: CallHeader, take: TakeRecord, text: str
) -> None:
    folder = store.create(replace(header, candidate=text))
    folder.save_take(replace(take, transcript=typed(text)))
    folder.add_line(Line(1.0, "candidate", text))
    folder.close()
    record = store.load(header.id)
    assert record.header.candidate == record.lines[0].text == text
    assert record.takes[0].transcript == typed(text)


def test_half_an_emoji_from_a_text_field_keeps_its_place(store: Store, header: CallHeader, take: TakeRecord) -> None:
    folder = store.create(header)
    folder.save_take(replace(take, transcript=typed("a\ud83cb")))
    folder.close()
    transcript = store.load(header.id).takes[0].transcript
    assert transcript is not None
    assert transcript.text == "a?b"


def test_a_number_that_json_cannot_hold_is_refused_and_the_old_sidecar_stays(
    store: Store, header: CallHeader, take: TakeRecord
) -> None:
    folder = store.create(header)
    folder.save_take(take)
    with pytest.raises(ValueError, match="JSON compliant"):
        folder.save_take(replace(take, seconds=float("nan")))
    folder.close()
    assert store.load(header.id).takes == (take,)


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "a/b", "a\\b", "A", "x.y", "-a", "é", "a" * 65, "a\n"])
def test_no_id_leads_out_of_the_folder(store: Store, header: CallHeader, name: str) -> None:
    for look in (store.load, store.open, store.delete):
        with pytest.raises(NotFound):
            look(name)
    with pytest.raises(InputError):
        store.create(replace(header, id=name))
    folder = store.create(header)
    for stem in (name, "call", "result"):
        if stem != "a" * 65:
            with pytest.raises(InputError):
                folder.sound_path(stem)
    folder.close()


def test_a_linked_folder_is_not_a_call(store: Store, root: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (root / "calls" / "linked").symlink_to(tmp_path / "elsewhere")
    assert store.calls() == ()
    with pytest.raises(NotFound):
        store.delete("linked")


def test_two_calls_cannot_have_one_name(store: Store, finished: Callable[..., str], header: CallHeader) -> None:
    finished()
    with pytest.raises(InputError, match="already"):
        store.create(header)
    assert len(store.calls()) == 1


def test_only_the_owner_can_read_the_files(store: Store, root: Path, finished: Callable[..., str]) -> None:
    finished()
    store.calls()
    for path in [root, *root.rglob("*")]:
        # The recording is written by the audio room, which sets its own mode.
        if path.suffix != ".wav":
            assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_a_data_folder_that_cannot_be_made_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DataFolderUnusable, match="cannot be used") as told:
        Store(tmp_path / "file" / "data")
    assert "HIREFLOW_DATA_DIR" in told.value.remedy


def test_ids_sort_by_time() -> None:
    early, late = (new_call_id(datetime(2026, 11, 23, 17, 42, second)) for second in (3, 4))  # noqa: DTZ001 - local
    assert early.startswith("20261123-174203-")
    assert early < late
    assert len(early) == len("20261123-174203-7f3a")


def test_a_question_shows_its_earlier_answers(store: Store, finished: Callable[..., str]) -> None:
    finished("20261123-100000-0001", started="2026-11-23T10:00:00+01:00")
    finished("20261124-100000-0002", started="2026-11-24T10:00:00+01:00")
    assert [(t.call[-1], t.score) for t in store.history("rate-limiter")] == [("2", 0.8), ("1", 0.8)]
    assert store.history("other") == ()
    assert store.history("") == ()


def test_the_store_before_qt_leaves_pydantic_whole_for_what_comes_after() -> None:
    program = (
        "import hireflow_voice.store, inspect; from PySide6.QtCore import QObject;"
        "inspect.signature(QObject.__init__); import hireflow_voice.report, hireflow_voice.settings"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr

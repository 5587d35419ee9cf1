"""How long calls are kept, and how all of them leave."""

from __future__ import annotations

import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hireflow_voice.app import keeping
from hireflow_voice.app.application import Application
from hireflow_voice.errors import InputError
from hireflow_voice.records import CallState

LATER = datetime.now().astimezone() + timedelta(days=31)


@pytest.fixture
def calls(app: Application, dial: Any) -> tuple[str, str]:
    """One that was held to its end, one that was broken off."""
    whole = dial()
    assert whole.call.join(60)
    broken = dial()
    broken.call.break_off()
    assert broken.call.join(60)
    assert app.call(broken.call.id).state is CallState.RUNNING
    return whole.call.id, broken.call.id


def test_old_calls_go_and_those_that_can_go_on_stay(app: Application, calls: tuple[str, str]) -> None:
    whole, broken = calls
    assert keeping.expire(app.store, 30, LATER) == (whole,)
    assert [summary.id for summary in app.calls()] == [broken]
    assert not (app.data_folder() / "calls" / whole).exists()


def test_young_calls_stay_and_so_do_all_without_a_limit(app: Application, calls: tuple[str, str]) -> None:
    assert keeping.expire(app.store, 40, LATER) == ()
    assert keeping.expire(app.store, 0, LATER) == ()
    assert app.expire() == (), "the usual setting keeps everything"
    assert len(app.calls()) == 2


def test_a_call_with_a_star_stays_and_so_do_its_retakes(app: Application, calls: tuple[str, str], dial: Any) -> None:
    whole, _ = calls
    question = app.call(whole).header.questions[0].id
    again = dial(retake_of=whole, question_ids=(question,), company="", round="", minutes=6.0)
    assert again.call.join(60)
    app.keep_call(whole, True)
    assert keeping.expire(app.store, 30, LATER) == ()
    app.keep_call(whole, False)
    assert set(keeping.expire(app.store, 30, LATER)) == {whole, again.call.id}


def test_a_call_that_is_open_is_left_for_another_day(app: Application, calls: tuple[str, str]) -> None:
    folder = app.store.open(calls[0])
    try:
        assert keeping.expire(app.store, 30, LATER) == ()
    finally:
        folder.close()


def test_everything_in_one_file_can_be_read_back(app: Application, calls: tuple[str, str], tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    target = tmp_path / "all.zip"
    assert app.export_all(target, lambda done, total: told.append((done, total)), lambda: False) == 2
    assert told == [(0, 2), (1, 2)]
    app.delete_all()
    assert app.calls() == ()
    with zipfile.ZipFile(target) as archive:
        names = archive.namelist()
        archive.extractall(tmp_path)
    assert sorted(names) == sorted(f"{call}.zip" for call in calls)
    for name in names:
        app.import_file(tmp_path / name)
    assert {summary.id for summary in app.calls()} == set(calls)


def test_an_export_that_is_cancelled_leaves_what_was_there(
    app: Application, calls: tuple[str, str], tmp_path: Path
) -> None:
    target = tmp_path / "all.zip"
    target.write_bytes(b"earlier")
    assert app.export_all(target, lambda *_: None, lambda: True) == 0
    assert target.read_bytes() == b"earlier"
    assert [p.name for p in tmp_path.glob(".*")] == []


def test_without_calls_there_is_nothing_to_export(app: Application, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no calls"):
        app.export_all(tmp_path / "all.zip", lambda *_: None, lambda: False)

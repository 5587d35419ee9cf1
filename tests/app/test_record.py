"""What a call shows before its result is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hireflow_voice.app.application import Application
from hireflow_voice.errors import MachineError


def test_judgements_that_are_there_show_before_the_whole_call_is_judged(app: Application, dial: Any) -> None:
    watched = dial()
    assert watched.call.join(60)
    whole = app.call(watched.call.id)
    folder = app.store.open(watched.call.id)
    folder.save_result((), {}, None)  # as a call stands while its last answer is being judged
    folder.close()
    early = app.call(watched.call.id)
    assert early.judgements == whole.judgements != ()
    assert early.quote_takes == whole.quote_takes
    assert early.form is None


def test_closing_while_a_call_is_judged_again_leaves_it_to_be_judged_another_time(
    app: Application, dial: Any, script: Path
) -> None:
    (script / "no-judge").touch()
    watched = dial()
    assert watched.call.join(60)
    before = app.store.load(watched.call.id)
    (script / "no-judge").unlink()
    # The application is closed while the first answer is with the judge.
    worker = app.worker
    judge = worker.judge

    def judge_and_close(*args: Any, **kwargs: Any) -> Any:
        app._closing.set()
        worker.close()
        return judge(*args, **kwargs)

    worker.judge = judge_and_close  # type: ignore[method-assign]
    with pytest.raises(MachineError, match="closed while it judged"):
        app.judge_again(watched.call.id)
    assert app.store.load(watched.call.id).takes == before.takes

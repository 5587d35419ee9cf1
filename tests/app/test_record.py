"""What a call shows before its result is written."""

from __future__ import annotations

from typing import Any

from hireflow_voice.app.application import Application


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

"""A follow-up that the endpoint's model writes is heard in the call; one that will not do is never heard."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from hireflow_voice.app.application import Application
from hireflow_voice.events import Caption
from hireflow_voice.interview.actions import Manner
from hireflow_voice.records import TakeKind
from hireflow_voice.settings import Endpoint, Settings

WRITTEN = "And what would your system do when one of those servers is restarted?"


def completion(text: str) -> bytes:
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return json.dumps(
        {"id": "x", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
    ).encode()


def follow_ups(app: Application, dial: Callable[..., Any], url: str, writes: bool = True) -> list[str]:
    endpoint = Endpoint(enabled=True, base_url=url, model="m", deadline_s=5.0, writes_follow_ups=writes)
    app.save_settings(Settings(endpoint=endpoint))
    watching = dial()
    assert watching.call.join(90)
    asked = [t.asked for t in app.call(watching.call.id).takes if t.kind is TakeKind.FOLLOW_UP]
    captions = [c.text for c in watching.of(Caption) if getattr(c, "manner", None) is Manner.FOLLOW_UP]
    assert set(asked) <= set(captions) or not captions
    return asked


def test_a_question_that_was_written_for_the_answer_is_asked_once(
    app: Application, serve: Callable[[str, bytes], str], dial: Callable[..., Any]
) -> None:
    asked = follow_ups(app, dial, serve("application/json", completion(WRITTEN)))
    assert asked[0] == WRITTEN
    assert len(asked) == 2
    assert asked[1] != WRITTEN, "the same words again are not asked: the authored probe is"


@pytest.mark.parametrize("text", ["Use a token bucket, would you?", "Great answer!", "<b>What</b> about servers?"])
def test_a_question_that_will_not_do_is_never_heard(
    app: Application, serve: Callable[[str, bytes], str], dial: Callable[..., Any], text: str
) -> None:
    bank = app.bank("cloudflare", "technical-phone")[1]
    authored = {p.text for q in bank.questions for point in q.key_points for p in point.probes}
    asked = follow_ups(app, dial, serve("application/json", completion(text)))
    assert asked
    assert set(asked) <= authored


def test_whoever_does_not_want_written_questions_hears_the_authored_ones(
    app: Application, serve: Callable[[str, bytes], str], dial: Callable[..., Any]
) -> None:
    assert WRITTEN not in follow_ups(app, dial, serve("application/json", completion(WRITTEN)), writes=False)

"""A judge behind an endpoint that fails: this computer judges instead, and the judgement says so and why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from hireflow_voice.app.application import Application
from hireflow_voice.evaluation.server import Server
from hireflow_voice.report import build
from hireflow_voice.settings import PRESETS, Endpoint, Settings, Twice, address
from hireflow_voice.transcript import typed
from hireflow_voice.verdict import FALLBACK

Serve = Callable[[str, bytes], str]


def use(app: Application, url: str, **more: object) -> None:
    endpoint = Endpoint.model_validate({"enabled": True, "base_url": url, "model": "m", "deadline_s": 5.0, **more})
    app.save_settings(Settings(endpoint=endpoint))


def test_a_page_instead_of_a_judgement_is_labelled_and_judged_here(app: Application, serve: Serve) -> None:
    use(app, serve("text/html", b"<html>Please log in to the hotel network</html>"))
    judgement = app.grade(app.question("rate-limiting"), typed("A token bucket in Redis."))
    assert judgement.judge == "script"
    assert judgement.score == 0.25
    (flag,) = judgement.flags
    assert flag.startswith(FALLBACK)
    assert "not a chat completion" in flag
    assert "<html" not in flag


def test_the_report_of_a_call_says_which_answers_were_judged_here_and_why(
    app: Application, serve: Serve, dial: Callable[..., object]
) -> None:
    use(app, serve("application/json", b'{"choices": []}'))
    watching = dial()
    call = watching.call  # type: ignore[attr-defined]
    assert call.join(60)
    report = build(app.call(call.id))
    remarks = report.questions[0].remarks
    assert any(r.startswith("Judged on this computer instead: 127.0.0.1 answered with something") for r in remarks)


def test_when_both_fail_it_is_not_judged_yet(app: Application, serve: Serve, script: Path) -> None:
    use(app, serve("application/json", b"{"))
    (script / "no-judge").touch()
    judgement = app.grade(app.question("rate-limiting"), typed("A token bucket in Redis."))
    assert judgement.score is None
    assert judgement.failed
    assert judgement.flags[0].startswith(FALLBACK)


@pytest.mark.parametrize(
    ("url", "twice", "passes"),
    [
        ("http://127.0.0.1:9/v1", Twice.NEAR, 2),
        ("https://api.example/v1", Twice.NEAR, 1),
        ("https://api.example/v1", Twice.ALWAYS, 2),
        ("http://127.0.0.1:9/v1", Twice.NEVER, 1),
    ],
)
def test_an_endpoint_reads_twice_where_it_is_near_or_told_to(
    app: Application, url: str, twice: Twice, passes: int
) -> None:
    use(app, url, read_twice=twice)
    assert app.endpoint_judge(url, "m").passes == passes  # type: ignore[attr-defined]


def test_the_usual_servers_have_a_name_and_any_other_is_its_address() -> None:
    assert address("Ollama") == address(" ollama ") == "http://127.0.0.1:11434/v1"
    assert address("LM Studio") == "http://127.0.0.1:1234/v1"
    assert address("https://api.example/v1") == "https://api.example/v1"
    assert all(Server(preset.base_url, "m", "", 1.0).near == (preset.title != "OpenAI") for preset in PRESETS)

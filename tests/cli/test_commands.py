"""The command line, as a process: what it prints and how it ends."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from hireflow_voice.resources import questions

Cli = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    def run(*arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "hireflow_voice", *arguments],
            capture_output=True,
            text=True,
            timeout=120,
            env={**os.environ, **environment},
            input=stdin,
            cwd=tmp_path,
            check=False,
        )

    return run


def test_the_question_list_is_stable_json(cli: Cli) -> None:
    done = cli("questions", "list", "--json")
    rows = json.loads(done.stdout)
    assert len(rows) >= 10
    names = {"id", "company", "round", "flow", "difficulty", "text", "topics", "key_points", "written_by"}
    assert all(set(row) == names for row in rows)
    assert cli("questions", "list", "--json").stdout == done.stdout


def test_questions_for_a_job_want_an_endpoint_and_say_so(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "job.md").write_text("You run queues and databases. " * 10, encoding="utf-8")
    assert cli("material", "add", "job.md").returncode == 0
    done = cli("material", "write", "job.md")
    assert done.returncode == 1
    assert "No endpoint is set" in done.stderr
    done = cli("call", "--written", "--candidate", "demo")
    assert done.returncode == 2
    assert "No questions were written" in done.stderr
    assert "0 written questions" in cli("material", "forget").stdout


def test_the_shipped_banks_are_clean(cli: Cli) -> None:
    done = cli("questions", "check")
    assert done.returncode == 0, done.stdout


def test_a_company_is_described_with_its_sources(cli: Cli) -> None:
    done = cli("company", "cloudflare")
    assert done.returncode == 0, done.stderr
    for said in ("not affiliated", "Recruiter screen", "First-principles thinking", "Four weeks before", "https://"):
        assert said in done.stdout
    assert cli("company").stdout == done.stdout
    unknown = cli("company", "nobody")
    assert unknown.returncode == 2
    assert "no company 'nobody'" in unknown.stderr


def test_one_companys_folder_can_be_checked_alone(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "acme"
    shutil.copytree(questions() / "cloudflare", folder, ignore=shutil.ignore_patterns("known*"))
    done = cli("questions", "check", str(folder))
    assert done.returncode == 1
    assert "the file says cloudflare/coding" in done.stderr
    for path in folder.glob("*.yaml"):
        path.write_text(path.read_text(encoding="utf-8").replace("company: cloudflare\n", "company: acme\n", 1))
    assert cli("questions", "check", str(folder)).returncode == 0
    (folder / "company.yaml").unlink()
    done = cli("questions", "check", str(folder))
    assert done.returncode == 1
    assert "There is no company.yaml" in done.stdout


def test_a_malformed_bank_is_named_with_its_line(cli: Cli, tmp_path: Path) -> None:
    bank = tmp_path / "bad.yaml"
    bank.write_text("company: x\ncompany: y\n")
    done = cli("questions", "check", str(bank))
    assert done.returncode == 1
    assert "bad.yaml" in done.stderr
    assert "line 2" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_plan_names_every_day_until_the_interview_and_can_be_put_into_a_calendar(cli: Cli, tmp_path: Path) -> None:
    interview = date.today() + timedelta(days=6)  # noqa: DTZ011 - the command counts local days, too
    done = cli("plan", interview.isoformat(), "--minutes", "45", "--json", "--ics", str(tmp_path / "plan.ics"))
    assert done.returncode == 0, done.stderr
    days = json.loads(done.stdout)["days"]
    assert len(days) in (5, 6)  # midnight may have passed in between
    assert all(day["items"] for day in days)
    assert (tmp_path / "plan.ics").read_bytes().startswith(b"BEGIN:VCALENDAR")
    assert "Technical phone interview" in cli("plan", interview.isoformat()).stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["2020-01-01"], "not in the future"),
        (["soon"], "is no date"),
        (["2099-01-01", "--company", "nobody"], "no company"),
    ],
)
def test_a_plan_that_cannot_be_made_says_why(cli: Cli, arguments: list[str], said: str) -> None:
    done = cli("plan", *arguments)
    assert done.returncode in (1, 2)
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_the_schema_is_json(cli: Cli) -> None:
    assert "properties" in json.loads(cli("questions", "schema").stdout)


@pytest.mark.parametrize(
    "arguments",
    [
        ("nosuch",),
        ("grade",),
        ("report", "20200101-000000-0000"),
        ("calls", "show", "../../etc"),
        ("call", "--round", "nosuch"),
        ("call", "--candidate", "nosuch"),
        ("call", "--questions", "0"),
        ("call", "--question", "cap-theorem"),  # no microphone in a test
        ("calls", "show", "last"),
        ("grade", "-", "--question", "nosuch"),
        ("judge-test", "--question", "nosuch"),
        ("judge-test", "--repeats", "-1"),
    ],
)
def test_wrong_use_ends_with_2_and_a_sentence(cli: Cli, arguments: tuple[str, ...]) -> None:
    done = cli(*arguments)
    assert done.returncode == 2, done.stderr
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_without_a_display_the_window_says_so_and_ends_with_2(cli: Cli) -> None:
    done = cli(DISPLAY="", WAYLAND_DISPLAY="", QT_QPA_PLATFORM="")
    assert done.returncode == 2
    assert "screen" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_doctor_finds_missing_weights_and_names_the_command_that_mends_it(cli: Cli, tmp_path: Path) -> None:
    done = cli("doctor", "--json", HIREFLOW_MODELS_DIR=str(tmp_path / "none"))
    assert done.returncode == 1
    found = {thing["name"]: thing for thing in json.loads(done.stdout)}
    assert not found["speech to text"]["ok"]
    assert found["speech to text"]["remedy"] == "hireflow-voice models fetch"
    assert found["questions"]["ok"]


def test_a_setting_that_cannot_be_read_is_named(cli: Cli) -> None:
    folder = Path(os.environ["HIREFLOW_CONFIG_DIR"])
    folder.mkdir(parents=True)
    (folder / "settings.toml").write_text('patience = "endless"\n')
    done = cli("calls", "list")
    assert done.returncode == 1
    assert "patience" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_is_no_sound_is_refused_with_a_sentence(cli: Cli, tmp_path: Path) -> None:
    fake = tmp_path / "answer.wav"
    fake.write_text("<html>not a sound</html>")
    done = cli("grade", str(fake), "--question", "cap-theorem")
    assert done.returncode == 1
    assert "answer.wav" in done.stderr
    assert "Traceback" not in done.stderr


class _NothingWasSaid(BaseHTTPRequestHandler):
    """A model that finds every key point missing."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        points = re.findall(r'\{"id": "([a-z0-9-]+)"', asked["messages"][-1]["content"])
        verdicts = [{"id": point, "quote": "", "verdict": "missing"} for point in points]
        message = {"role": "assistant", "content": json.dumps({"points": verdicts, "misconceptions": []})}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        body = json.dumps({"id": "x", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]})
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        pass


def test_any_endpoint_can_be_tried_with_the_known_answers(cli: Cli) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _NothingWasSaid) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        url = f"http://127.0.0.1:{server.server_address[1]}/v1"
        done = cli("judge-test", "--endpoint", url, "--model", "blind", "--question", "scaling", "--json")
        table = cli("judge-test", "--endpoint", url, "--model", "blind", "--question", "scaling", "--repeats", "0")
        server.shutdown()
        thread.join()
    assert done.returncode == 0, done.stderr
    (judge,) = json.loads(done.stdout)["judges"]
    assert judge["judge"] == "blind at 127.0.0.1"
    assert [answer["score"] for answer in judge["answers"]] == [0.0] * 9
    shown = {measure["name"]: measure["shown"] for measure in judge["measures"]}
    assert shown["strong above middling above weak"] == "0 of 3"
    assert shown["mean score, strong answers"] == "0.00"
    assert "| mean score, strong answers " in table.stdout
    assert "9 known answers of cloudflare/technical-phone, as text" in table.stdout


def test_any_endpoint_can_judge_one_answer(cli: Cli) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _NothingWasSaid) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        url = f"http://127.0.0.1:{server.server_address[1]}/v1"
        asked = ("grade", "-", "--question", "scaling", "--endpoint", url, "--model", "blind", "--json")
        done = cli(*asked, stdin="I would add more machines behind a load balancer.")
        server.shutdown()
        thread.join()
    assert done.returncode == 0, done.stderr
    graded = json.loads(done.stdout)
    assert graded["judge"] == "blind at 127.0.0.1"
    assert {point["verdict"] for point in graded["points"]} == {"missing"}


def test_an_endpoint_without_a_model_is_not_tested(cli: Cli) -> None:
    for command in (("judge-test",), ("grade", "-", "--question", "scaling")):
        done = cli(*command, "--endpoint", "http://127.0.0.1:9/v1")
        assert done.returncode == 1
        assert "belong together" in done.stderr


def test_an_empty_data_folder_lists_no_calls(cli: Cli) -> None:
    assert json.loads(cli("calls", "list", "--json").stdout) == []


@pytest.mark.models
@pytest.mark.slow
def test_a_graded_text_has_the_documented_shape(cli: Cli) -> None:
    text = "During a partition you have to choose: either refuse the write, or answer and risk stale data."
    done = cli("grade", "-", "--question", "cap-theorem", "--json", stdin=text)
    assert done.returncode == 0, done.stderr
    graded = json.loads(done.stdout)
    assert set(graded) == {"question", "score", "judge", "points", "flags", "failed", "transcript"}
    assert 0 < graded["score"] < 1
    for point in graded["points"]:
        assert set(point) == {"id", "text", "verdict", "confidence", "quote", "start_s", "end_s"}
        assert (point["quote"] is None) == (point["verdict"] == "missing")
        assert point["quote"] is None or point["quote"] in text


@pytest.mark.models
@pytest.mark.slow
def test_an_answer_to_any_question_is_held_against_a_model_answer(cli: Cli, tmp_path: Path) -> None:
    prose = tmp_path / "model.txt"
    prose.write_text("A stack gives back what was put on it last. A queue gives back what was put into it first.")
    asked = ("grade", "-", "--question", "How does a stack differ from a queue?", "--reference", str(prose), "--json")
    graded = json.loads(cli(*asked, stdin="The stack returns the newest element, and the queue the oldest one.").stdout)
    assert [point["text"] for point in graded["points"]] == prose.read_text().replace(". A", ".|A").split("|")
    assert 0.5 < graded["score"] <= 1
    both = cli("grade", "-", "--question", "How?", "--reference", "-")
    assert both.returncode == 1
    assert "stdin" in both.stderr

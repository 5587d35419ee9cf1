"""One whole call on a machine without a network, a sound card or a screen."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import soundfile

pytestmark = [pytest.mark.models, pytest.mark.slow]

HERE = Path(__file__).parent
CONNECT = re.compile(r"connect\(\d+, \{sa_family=(AF_INET6?), (.*?)\}, \d+\)")


@dataclass(frozen=True)
class Played:
    """What a call left behind."""

    done: subprocess.CompletedProcess[str]
    out: Path
    connects: Path
    report: dict[str, Any]


@pytest.fixture(scope="module")
def played(cli: Callable[..., subprocess.CompletedProcess[str]], tmp_path_factory: pytest.TempPathFactory) -> Played:
    """A demo call of two questions, below `unshare --net`, every connect() written down."""
    folder = tmp_path_factory.mktemp("call")
    out, connects = folder / "out", folder / "connects"
    prefix = ["unshare", "--net", sys.executable, str(HERE / "loopback_only.py")]
    prefix += ["strace", "-f", "--seccomp-bpf", "-e", "trace=connect", "-o", str(connects)]
    asked = ["--question", "rate-limiting", "--question", "cap-theorem"]
    done = cli("call", "--candidate", "demo", *asked, "--out", str(out), prefix=prefix, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    return Played(done, out, connects, json.loads((out / "report.json").read_text(encoding="utf-8")))


def takes_of(question: dict[str, Any]) -> list[dict[str, Any]]:
    """Answers and the follow-ups inside them."""
    return [take for answer in question["answers"] for take in (answer, *answer["follow_ups"])]


def test_a_whole_call_connects_to_nothing_beyond_loopback(played: Played) -> None:
    elsewhere = [
        line
        for line in played.connects.read_text(errors="replace").splitlines()
        if (found := CONNECT.search(line)) and "127.0.0.1" not in found[2] and "::1" not in found[2]
    ]
    assert not elsewhere


def test_both_sides_are_captioned_with_times(played: Played) -> None:
    lines = played.done.stdout.splitlines()
    assert any(re.match(r"\[\d\d:\d\d\] Interviewer: Hello", line) for line in lines), played.done.stdout
    assert any(re.match(r"\[\d\d:\d\d\] You: ", line) for line in lines)
    times = [int(m[1]) * 60 + int(m[2]) for line in lines if (m := re.match(r"\[(\d\d):(\d\d)\]", line))]
    assert times == sorted(times)


def test_the_call_ends_with_the_closing_and_names_its_report(played: Played) -> None:
    assert "Goodbye." in played.done.stdout
    last = played.done.stdout.strip().splitlines()[-1]
    assert last.startswith("Report: ")
    assert Path(last.removeprefix("Report: ")).is_file()


def test_a_weak_answer_is_followed_up_about_something_it_left_out(played: Played) -> None:
    weak = next(q for q in played.report["questions"] if q["id"] == "cap-theorem")
    assert any(take["kind"] == "follow_up" for take in takes_of(weak))


def test_every_take_can_be_played_and_has_words_with_times(played: Played) -> None:
    takes = [take for question in played.report["questions"] for take in takes_of(question)]
    assert takes
    for take in takes:
        sound = soundfile.info(played.out / take["sound"])
        assert sound.samplerate == 16_000
        assert sound.duration == pytest.approx(take["seconds"], abs=0.05)
        words = take["transcript"]["words"]
        assert words
        assert all(0 <= word["start_s"] <= word["end_s"] <= sound.duration + 0.1 for word in words)


def test_every_quote_is_in_the_transcript_of_its_take_and_lies_inside_its_recording(played: Played) -> None:
    quotes = 0
    for question in played.report["questions"]:
        takes = {take["id"]: take for take in takes_of(question)}
        for point in question["points"]:
            quote = point["quote"]
            if quote is None:
                assert point["verdict"] == "missing"
                continue
            quotes += 1
            take = takes[quote["take"]]
            assert quote["text"] in take["transcript"]["text"]
            assert 0 <= quote["start_s"] < quote["end_s"] <= take["seconds"] + 0.1
    assert quotes >= 3


def test_the_strong_answer_scores_above_the_weak_one(played: Played) -> None:
    score = {question["id"]: question["score"] for question in played.report["questions"]}
    assert score["rate-limiting"] > score["cap-theorem"]


def test_the_call_is_listed_with_its_score(
    played: Played, cli: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    listed = json.loads(cli("calls", "list", "--json").stdout)
    assert listed[0]["state"] == "finished"
    assert listed[0]["answered"] == 2
    assert 0 < listed[0]["score"] <= 1

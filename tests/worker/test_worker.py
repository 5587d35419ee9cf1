"""The worker process may die, hang, or talk nonsense at any moment; the application gets an answer for every job."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hireflow_voice.errors import ModelMissing, WorkerFailed
from hireflow_voice.worker.client import Worker
from hireflow_voice.worker.jobs import JudgeAnswer, Lane, Match, Recognise, Speak, Warm

MakeWorker = Callable[..., Worker]
WAIT_S = 60.0
"""A test that has to wait longer has failed; nothing is timed with it."""


def speak(worker: Worker, order: str, deadline_s: float = WAIT_S) -> Any:
    return worker.speak(Speak(order, "joe"), deadline_s=deadline_s)


def match(worker: Worker, order: Any, deadline_s: float = WAIT_S) -> Any:
    return worker.match(Match(order, None), deadline_s=deadline_s)  # type: ignore[arg-type]


def judge(worker: Worker, order: Any, deadline_s: float = WAIT_S) -> Any:
    return worker.judge(JudgeAnswer(order, None), deadline_s=deadline_s)  # type: ignore[arg-type]


def test_jobs_of_one_lane_come_back_in_order(worker: Worker) -> None:
    order: list[str] = []
    futures = [speak(worker, f"echo {n}") for n in range(20)]
    for future in futures:
        future.add_done_callback(lambda done: order.append(done.result()))
    assert [future.result(WAIT_S) for future in futures] == [str(n) for n in range(20)]
    assert order == [str(n) for n in range(20)]


def test_lanes_run_side_by_side(worker: Worker) -> None:
    long = judge(worker, "sleep 30")
    assert match(worker, "echo quick").result(WAIT_S) == "quick"
    assert speak(worker, "echo me too").result(WAIT_S) == "me too"
    assert not long.done()


def test_the_judge_has_one_core_while_speech_is_recognised_and_all_of_them_otherwise(worker: Worker) -> None:
    every = len(os.sched_getaffinity(0))
    judge(worker, "threads 2").result(WAIT_S)
    for _ in range(2):
        meanwhile: Any = worker.recognise(Recognise(np.ones(3, np.int16), 0.0, ("cores",), True)).result(WAIT_S)
        assert meanwhile == ([1, 1, 1], every)
        assert match(worker, "cores").result(WAIT_S) == ([every] * 3, every)


def test_each_lane_loads_its_weights_once_before_its_first_job(worker: Worker, diary) -> None:
    for _ in range(3):
        speak(worker, "echo hello").result(WAIT_S)
    assert worker.warm(Warm(Lane.HEAR)).result(WAIT_S) == ("hear weights",)
    worker.recognise(Recognise(np.ones(3, np.int16), 1.5, (), True)).result(WAIT_S)
    assert diary() == ["start", "warm speak", "warm hear"]


def test_nothing_is_started_before_the_first_job(make_worker: MakeWorker, diary) -> None:
    worker = make_worker()
    assert worker.pid is None
    worker.close()
    assert diary() == []


def test_a_big_payload_crosses_both_ways_unharmed(worker: Worker) -> None:
    samples = np.arange(30 * 16_000 * 40, dtype=np.int64).astype(np.int16)  # 38 MB, far more than any buffer
    heard: Any = worker.recognise(Recognise(samples[::2], 2.5, ("TCP",), True)).result(WAIT_S)
    assert heard == (int(samples[::2].sum(dtype=np.int64)), 2.5)
    pcm = speak(worker, "tone 10000000").result(WAIT_S)
    assert pcm.rate == 22_050
    assert np.array_equal(pcm.samples, np.arange(10_000_000, dtype=np.int16))
    pcm.samples[0] = 7  # a result is the caller's own


def test_what_the_caller_does_to_his_array_afterwards_does_not_matter(worker: Worker) -> None:
    samples = np.ones(1000, np.int16)
    worker.recognise(Recognise(samples, 0.0, (), True))
    again = worker.recognise(Recognise(samples, 0.0, (), True))
    samples[:] = 9
    assert again.result(WAIT_S) == (1000, 0.0)


def test_submitting_never_blocks_even_when_the_process_is_frozen(worker: Worker) -> None:
    pid = speak(worker, "pid").result(WAIT_S)
    os.kill(pid, signal.SIGSTOP)
    samples = np.zeros(30 * 16_000, np.int16)
    futures = [worker.recognise(Recognise(samples, 0.0, (), True)) for _ in range(20)]
    assert not any(future.done() for future in futures)
    os.kill(pid, signal.SIGCONT)
    assert [future.result(WAIT_S) for future in futures] == [(0, 0.0)] * 20


def test_the_process_is_prepared_before_anything_is_imported(make_worker: MakeWorker) -> None:
    environment, thread, recogniser = speak(make_worker(recogniser="whisper-tiny.en"), "environment").result(WAIT_S)
    assert environment["OMP_WAIT_POLICY"] == "PASSIVE"
    assert environment["HF_HUB_OFFLINE"] == "1"
    assert thread == "speak"
    assert recogniser == "whisper-tiny.en"


def test_the_worker_imports_no_model_library_until_a_job_needs_one() -> None:
    code = (
        "import sys, hireflow_voice.worker.child, hireflow_voice.worker.handlers\n"
        "print([m for m in ('faster_whisper', 'ctranslate2', 'piper', 'onnxruntime', 'xllamacpp', 'PySide6', 'openai')"
        " if m in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


# -- errors ------------------------------------------------------------------------------------------------------------


def test_an_error_of_ours_comes_back_as_it_was_raised(worker: Worker) -> None:
    with pytest.raises(ModelMissing) as told:
        speak(worker, "missing").result(WAIT_S)
    assert (told.value.sentence, told.value.remedy) == ("There are no weights.", "Fetch them.")


@pytest.mark.parametrize("order", ["fault my secret answer", "exit", "unpicklable", "unreadable"])
def test_any_other_error_is_worker_failed_and_the_process_goes_on(
    worker: Worker, order: str, caplog: pytest.LogCaptureFixture
) -> None:
    pid = speak(worker, "pid").result(WAIT_S)
    with pytest.raises(WorkerFailed) as told:
        speak(worker, order).result(WAIT_S)
    assert "Traceback" not in str(told.value)
    assert "KeyError" not in str(told.value)
    assert speak(worker, "pid").result(WAIT_S) == pid
    assert caplog.records, "the log must say where it happened"


def test_the_log_says_where_a_job_failed_but_not_what_the_candidate_said(
    worker: Worker, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(WorkerFailed):
        speak(worker, "fault my-secret-answer").result(WAIT_S)
    assert "KeyError" in caplog.text
    assert "in _fault" in caplog.text
    assert "my-secret-answer" not in caplog.text


def test_weights_fetched_meanwhile_are_found_without_a_restart(worker: Worker, tmp_path: Path, diary) -> None:
    with pytest.raises(ModelMissing):
        speak(worker, f"missing-once {tmp_path / 'x'}").result(WAIT_S)
    assert speak(worker, f"missing-once {tmp_path / 'x'}").result(WAIT_S) == "found"
    assert diary().count("start") == 1


def test_a_load_that_fails_leaves_it_to_the_job_to_say_so(
    make_worker: MakeWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WARM_SPEAK", "missing")
    worker = make_worker()
    assert speak(worker, "echo the other voice").result(WAIT_S) == "the other voice"
    with pytest.raises(ModelMissing):
        worker.warm(Warm(Lane.SPEAK)).result(WAIT_S)


def test_too_much_memory_is_an_error_not_the_end_of_the_machine(make_worker: MakeWorker) -> None:
    worker = make_worker(memory_bytes=600_000_000)
    with pytest.raises(WorkerFailed, match="memory"):
        speak(worker, "allocate").result(WAIT_S)
    assert speak(worker, "echo still here").result(WAIT_S) == "still here"


# -- death -------------------------------------------------------------------------------------------------------------


def test_a_killed_worker_is_restarted_and_every_job_is_done(make_worker: MakeWorker, diary, tmp_path: Path) -> None:
    restarts: list[str] = []
    worker = make_worker(on_restart=restarts.append)
    pid = speak(worker, "pid").result(WAIT_S)
    running = [judge(worker, "sleep 0.5"), match(worker, "sleep 0.5")]
    waiting = [speak(worker, "sleep 0.3"), speak(worker, "echo last")]
    while not all(future.running() for future in running):
        time.sleep(0.01)
    os.kill(pid, signal.SIGKILL)
    assert [future.result(WAIT_S) for future in running + waiting] == ["slept", "slept", "slept", "last"]
    assert worker.pid != pid
    assert len(restarts) == 1
    assert "started again" in restarts[0]
    assert diary().count("start") == 2


def test_a_worker_killed_while_idle_is_restarted_with_its_weights_loaded(worker: Worker, diary) -> None:
    pid = speak(worker, "pid").result(WAIT_S)
    os.kill(pid, signal.SIGKILL)
    for _ in range(int(WAIT_S * 100)):
        if diary() == ["start", "warm speak"] * 2:
            break
        time.sleep(0.01)
    assert diary() == ["start", "warm speak"] * 2
    assert speak(worker, "pid").result(WAIT_S) not in (None, pid)


def test_a_job_that_kills_the_worker_once_is_done_the_second_time(worker: Worker, tmp_path: Path) -> None:
    assert speak(worker, f"die-once {tmp_path / 'x'}").result(WAIT_S) == "alive"


@pytest.mark.parametrize("order", ["die", "segfault"])
def test_a_job_that_always_kills_the_worker_fails_after_its_second_death(worker: Worker, order: str, diary) -> None:
    deadly = speak(worker, order)
    harmless = speak(worker, "echo behind it")
    with pytest.raises(WorkerFailed, match="stopped twice") as told:
        deadly.result(WAIT_S)
    assert "recording is safe" in str(told.value)
    assert harmless.result(WAIT_S) == "behind it"
    assert diary().count("start") == 3


def test_a_crash_leaves_its_last_words_in_the_log(worker: Worker, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(WorkerFailed):
        speak(worker, "segfault").result(WAIT_S)
    assert "SIGSEGV" in caplog.text
    assert "about to read address 0" in caplog.text
    assert "Fatal Python error" in caplog.text


def test_a_load_that_kills_the_worker_fails_the_job_that_needed_it(
    make_worker: MakeWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WARM_JUDGE", "die")
    worker = make_worker()
    with pytest.raises(WorkerFailed, match="stopped twice"):
        judge(worker, "echo never").result(WAIT_S)
    assert match(worker, "echo works").result(WAIT_S) == "works"


def test_a_crash_loop_ends_fast_and_the_worker_recovers_when_it_is_over(make_worker: MakeWorker, diary) -> None:
    worker = make_worker(death_window_s=4.0)
    with pytest.raises(WorkerFailed, match="stopped twice"):
        speak(worker, "die").result(WAIT_S)
    with pytest.raises(WorkerFailed, match="stopped 3 times"):
        speak(worker, "die").result(WAIT_S)
    started = diary().count("start")
    with pytest.raises(WorkerFailed, match="stopped 3 times"):
        speak(worker, "echo hello").result(WAIT_S)
    assert diary().count("start") == started == 3
    assert worker.pid is None
    for _ in range(int(WAIT_S * 10)):
        try:
            assert speak(worker, "echo hello").result(WAIT_S) == "hello"
            break
        except WorkerFailed:
            time.sleep(0.1)
    assert diary().count("start") == 4


def test_a_worker_that_cannot_start_fails_its_jobs_with_a_sentence(
    make_worker: MakeWorker, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("CANNOT_START", "1")
    with pytest.raises(WorkerFailed, match="stopped 3 times"):
        speak(make_worker(), "echo hello").result(WAIT_S)
    assert "no such library" in caplog.text


def test_a_slow_start_is_not_held_against_the_job(make_worker: MakeWorker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("START_S", "2")
    monkeypatch.setenv("WARM_SPEAK", "sleep 1.5")
    assert speak(make_worker(), "echo hello", deadline_s=1.0).result(WAIT_S) == "hello"


def test_a_start_that_takes_for_ever_is_ended(make_worker: MakeWorker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("START_S", "600")
    with pytest.raises(WorkerFailed, match="stopped 3 times"):
        speak(make_worker(start_deadline_s=0.7), "echo hello").result(WAIT_S)


# -- hanging -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", ["hang", "hold-the-gil", "sleep 600"])
def test_a_job_past_its_deadline_fails_and_the_others_are_done(worker: Worker, order: str, diary, gone) -> None:
    pid = match(worker, "pid").result(WAIT_S)
    speak(worker, "nothing").result(WAIT_S)
    stuck = speak(worker, order, deadline_s=1.0)
    innocent = match(worker, "sleep 0.1" if order == "sleep 600" else "echo innocent")
    behind = speak(worker, "echo behind it")
    with pytest.raises(WorkerFailed, match="longer than 1 s"):
        stuck.result(WAIT_S)
    assert innocent.result(WAIT_S) in ("innocent", "slept")
    assert behind.result(WAIT_S) == "behind it"
    assert gone(pid)
    assert diary().count("start") == 2


def test_a_hang_in_one_lane_is_not_held_against_a_long_job_in_another(worker: Worker, tmp_path: Path) -> None:
    """The judge's job survives two deadline kills: it was not the one that hung."""
    judge(worker, "nothing").result(WAIT_S)
    speak(worker, "nothing").result(WAIT_S)
    long = judge(worker, "sleep 3")
    for _ in range(2):
        with pytest.raises(WorkerFailed, match="longer than"):
            speak(worker, "sleep 600", deadline_s=0.5).result(WAIT_S)
    assert long.result(WAIT_S) == "slept"


def test_a_load_past_its_deadline_fails_the_job_that_waits_for_it(
    make_worker: MakeWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WARM_JUDGE", "sleep 600")
    with pytest.raises(WorkerFailed, match="longer than 1 s"):
        judge(make_worker(warm_deadline_s=1.0), "echo never").result(WAIT_S)


def test_waiting_behind_another_job_does_not_use_up_the_deadline(worker: Worker) -> None:
    first = judge(worker, "sleep 1.5")
    second = judge(worker, "echo patient", deadline_s=1.0)
    assert second.result(WAIT_S) == "patient"
    assert first.done()


def test_a_cancelled_job_is_never_begun(worker: Worker, tmp_path: Path) -> None:
    first = judge(worker, "sleep 0.5")
    second = judge(worker, f"die-once {tmp_path / 'begun'}")
    assert second.cancel()
    assert first.result(WAIT_S) == "slept"
    assert judge(worker, "echo third").result(WAIT_S) == "third"
    assert not (tmp_path / "begun").exists()


# -- the end -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", ["sleep 600", "hang", "hold-the-gil"])
def test_close_ends_everything_whatever_the_worker_does(make_worker: MakeWorker, order: str, gone) -> None:
    worker = make_worker()
    pid = match(worker, "pid").result(WAIT_S)
    speak(worker, "nothing").result(WAIT_S)
    open_ = [speak(worker, order), speak(worker, "echo behind it")]
    while not open_[0].running():
        time.sleep(0.01)
    worker.close()
    assert gone(pid)
    assert not [thread for thread in threading.enumerate() if thread.name == "worker"]
    for future in [*open_, speak(worker, "echo too late")]:
        with pytest.raises(WorkerFailed, match="closing"):
            future.result(0)
    worker.close()


def test_close_while_the_process_starts_leaves_nothing(
    make_worker: MakeWorker, monkeypatch: pytest.MonkeyPatch, gone
) -> None:
    monkeypatch.setenv("START_S", "600")
    worker = make_worker()
    future = speak(worker, "echo hello")
    while (pid := worker.pid) is None:
        time.sleep(0.01)
    worker.close()
    assert gone(pid)
    with pytest.raises(WorkerFailed):
        future.result(0)


def test_close_from_a_callback_does_not_lock_up(make_worker: MakeWorker, gone) -> None:
    worker = make_worker()
    pid = speak(worker, "pid").result(WAIT_S)
    future = speak(worker, "sleep 0.1")
    future.add_done_callback(lambda _: worker.close())
    future.result(WAIT_S)
    assert gone(pid)
    worker.close()


@pytest.mark.parametrize("order", ["sleep 600", "hang", "hold-the-gil"])
def test_no_orphan_is_left_when_the_application_is_killed(diary, monkeypatch, order: str, gone) -> None:
    code = (
        "from hireflow_voice.worker.client import Worker\n"
        "from hireflow_voice.worker.jobs import Speak\n"
        "worker = Worker(handlers='obedient:Obedient')\n"
        "print(worker.speak(Speak('pid', 'joe')).result(), flush=True)\n"
        f"worker.speak(Speak({order!r}, 'joe')).result()\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as application:
        assert application.stdout
        pid = int(application.stdout.readline())
        os.kill(application.pid, signal.SIGKILL)
    assert gone(pid)


def test_ctrl_c_is_left_to_the_application(worker: Worker) -> None:
    pid = speak(worker, "pid").result(WAIT_S)
    os.kill(pid, signal.SIGINT)
    assert speak(worker, "pid").result(WAIT_S) == pid
    assert os.getsid(pid) != os.getsid(0)  # a terminal's Ctrl+C does not even reach it

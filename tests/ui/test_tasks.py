"""Operations leave the GUI thread by one door and come back to it."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from hireflow_voice.errors import HireFlowError, NoSpeaker
from hireflow_voice.ui.bridge import Bridge
from hireflow_voice.ui.tasks import Tasks, Threads


@pytest.fixture
def threads() -> Iterator[Threads]:
    made = Threads()
    yield made
    made.close()


@pytest.fixture
def away(qtbot: QtBot, threads: Threads) -> Tasks:
    """Tasks on real threads."""
    return Tasks(threads)


def never(_: object) -> None:
    raise AssertionError("must not be called")


def test_an_operation_runs_elsewhere_and_its_result_arrives_on_the_gui_thread(qtbot: QtBot, away: Tasks) -> None:
    here = threading.current_thread()
    seen: list[tuple[threading.Thread, threading.Thread]] = []
    away.run(threading.current_thread, lambda there: seen.append((there, threading.current_thread())), never)
    qtbot.waitUntil(lambda: bool(seen))
    assert seen[0][0] is not here
    assert seen[0][1] is here


def test_an_error_of_the_users_machine_goes_to_failure(qtbot: QtBot, away: Tasks) -> None:
    def op() -> None:
        raise NoSpeaker("There is no speaker.")

    seen: list[HireFlowError] = []
    away.run(op, never, seen.append)
    qtbot.waitUntil(lambda: bool(seen))
    assert isinstance(seen[0], NoSpeaker)


def test_an_error_of_ours_goes_to_bug(qtbot: QtBot, away: Tasks) -> None:
    def op() -> None:
        raise ZeroDivisionError

    seen: list[object] = []
    away.bug.connect(seen.append)
    away.run(op, never, never)
    qtbot.waitUntil(lambda: bool(seen))
    assert isinstance(seen[0], ZeroDivisionError)


def test_a_lane_keeps_the_order_even_when_the_first_is_slow(qtbot: QtBot, away: Tasks) -> None:
    gate = threading.Event()
    done: list[str] = []

    def first() -> str:
        gate.wait(10)
        return "first"

    away.run(first, done.append, never, lane="player")
    away.run(lambda: "second", done.append, never, lane="player")
    away.run(lambda: "beside", done.append, never)
    qtbot.waitUntil(lambda: done == ["beside"])
    gate.set()
    qtbot.waitUntil(lambda: len(done) == 3)
    assert done == ["beside", "first", "second"]


def test_a_lane_goes_on_after_an_error(qtbot: QtBot, away: Tasks) -> None:
    def broken() -> None:
        raise NoSpeaker("There is no speaker.")

    done: list[object] = []
    away.run(broken, never, done.append, lane="player")
    away.run(lambda: "second", done.append, never, lane="player")
    qtbot.waitUntil(lambda: len(done) == 2)
    assert done[1] == "second"


def test_nothing_comes_back_after_the_window_is_gone(qtbot: QtBot, away: Tasks, threads: Threads) -> None:
    gate = threading.Event()
    away.run(lambda: gate.wait(10), never, never)
    away.close()
    gate.set()
    threads.close()


def test_call_events_cross_into_the_gui_thread_in_order(qtbot: QtBot) -> None:
    bridge = Bridge()
    seen: list[tuple[object, threading.Thread]] = []
    bridge.happened.connect(lambda event: seen.append((event, threading.current_thread())))

    def call() -> None:
        for number in range(100):
            bridge.post(number)  # type: ignore[arg-type]

    thread = threading.Thread(target=call)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: len(seen) == 100)
    assert [event for event, _ in seen] == list(range(100))
    assert {thread for _, thread in seen} == {threading.current_thread()}


def test_held_threads_run_what_was_asked_for_in_the_meantime_once_begun() -> None:
    threads, ran = Threads(held=True), []
    threads.submit(lambda: ran.append(1))
    threads.close()
    assert ran == []
    threads.begin()
    threads.submit(lambda: ran.append(2))
    threads.close()
    assert sorted(ran) == [1, 2]

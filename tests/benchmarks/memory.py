"""Memory of the worker with everything loaded, after each kind of job has been done once."""

from __future__ import annotations

from pathlib import Path

from hireflow_voice.app.application import Application
from hireflow_voice.settings import Settings
from hireflow_voice.transcript import typed
from hireflow_voice.worker.jobs import Lane, Warm
from tests.benchmarks.table import Table, figure


def resident_mb(pid: int | str) -> float:
    """Megabytes of a process in memory (Linux)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("no VmRSS")


def run() -> Table:
    """Load each lane in turn."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as data:
        app = Application(Settings(), Path(data))
        try:
            figures = []
            for lane in (Lane.SPEAK, Lane.HEAR, Lane.MATCH, Lane.JUDGE):
                app.worker.warm(Warm(lane)).result()
                assert app.worker.pid is not None
                figures.append(figure(f"worker with {lane} loaded too", "MB", [resident_mb(app.worker.pid)]))
            question = app.question("cap-theorem")
            app.speak("What happens during a partition?", "joe")
            app.grade(question, typed("During a partition a node refuses writes or it answers with stale data."))
            assert app.worker.pid is not None
            both = resident_mb(app.worker.pid) + resident_mb("self")
            figures.append(figure("worker and application after one judgement", "MB", [both], "2800 MB"))
        finally:
            app.close()
    return Table("Memory", "python -m tests.benchmarks memory", tuple(figures))

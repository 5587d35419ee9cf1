"""The libraries we run say nothing to their makers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

WATCHERS = ("CI", "GITHUB_ACTIONS", "GITLAB_CI", "TF_BUILD", "JENKINS_URL", "TRAVIS", "CIRCLECI", "BUILDKITE")
"""Variables by which onnxruntime knows that it runs in a test, and is silent there: users do not have them."""

LOAD = """
import hireflow_voice.worker.child
import hireflow_voice.turns.vad as vad
import numpy as np, os
vad.SileroVad().feed(np.zeros(16000, np.int16))
print(os.environ["ORT_DISABLE_TELEMETRY"])
"""


def test_a_network_that_is_run_leaves_no_telemetry_behind_where_no_test_is_recognised(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in WATCHERS}
    environment |= {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache"), "ORT_DISABLE_TELEMETRY": "0"}
    done = subprocess.run(
        [sys.executable, "-c", LOAD], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "1"
    assert not list(tmp_path.rglob("onnxruntime.db"))  # where it keeps what it has yet to send
    assert not list(tmp_path.rglob("deviceid"))

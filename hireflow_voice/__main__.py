"""`hireflow-voice` and `python -m hireflow_voice`."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command line; every error a user can meet ends in one sentence on stderr and an exit code.

    0 done, 1 failed, 2 wrong use or nothing to run on, 130 interrupted.
    """
    # Before any library that spins its threads is loaded: llama.cpp collapses beside Whisper otherwise.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    from hireflow_voice.cli.main import run

    code = run(sys.argv[1:])
    devices = sys.modules.get("hireflow_voice.audio.devices")
    if devices is not None and devices.hanging():
        # The sound system does not answer, and a normal exit would wait for it for ever. Every file is closed by now.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    main()

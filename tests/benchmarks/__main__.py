"""`make bench`: run all benchmarks, or those that are named, and print their tables.

python -m tests.benchmarks [NAME ...] [--json FILE]
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
from pathlib import Path

NAMES = (
    "startup",
    "speaking",
    "hearing",
    "turn_taking",
    "judging",
    "review",
    "memory",
    "terms",
    "calling",
    "adaptation",
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which, of {', '.join(NAMES)}; all without")
    parser.add_argument("--json", type=Path, help="also write the tables here")
    arguments = parser.parse_args()
    unknown = set(arguments.names) - set(NAMES)
    if unknown:
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}")
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f},",
        f"Python {platform.python_version()}",
    )
    tables = []
    for name in arguments.names or NAMES:
        table = importlib.import_module(f"tests.benchmarks.{name}").run()
        print("\n" + table.as_text(), flush=True)
        tables.append(table.as_json())
    if arguments.json:
        arguments.json.write_text(json.dumps(tables, indent=2), encoding="utf-8")
        print(f"\nWrote {arguments.json}.")


if __name__ == "__main__":
    main()

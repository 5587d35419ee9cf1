"""The guide for authors, which ships beside the banks, and the example in it as files."""

from __future__ import annotations

import re
from pathlib import Path

from hireflow_voice import resources
from hireflow_voice.errors import DataFolderUnusable, InputError

_EXAMPLE = re.compile(r"```yaml\n# ([a-z-]+)/([a-z-]+\.yaml)\n(.*?)```", re.DOTALL)


def text() -> str:
    """The guide, as Markdown."""
    return (resources.questions() / "README.md").read_text(encoding="utf-8")


def write_example(folder: Path) -> Path:
    """Write the example company into a folder of its own below `folder`, made where it is missing; that folder.

    Raises InputError where one of that name is there already, DataFolderUnusable.
    """
    found = _EXAMPLE.findall(text())
    target = folder / str(found[0][0])
    if target.exists():
        raise InputError(f"{target} is there already; nothing was written.", "Name another folder.")
    try:
        target.mkdir(parents=True)
        for _, name, content in found:
            (target / str(name)).write_text(str(content), encoding="utf-8")
    except OSError as error:
        raise DataFolderUnusable(f"The example cannot be written ({error.strerror}).") from error
    return target

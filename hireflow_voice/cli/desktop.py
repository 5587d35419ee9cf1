"""`hireflow-voice desktop`: the entry in the menu of applications, in the user's own folder."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import typer

from hireflow_voice.errors import DataFolderUnusable, NotFound

app = typer.Typer(help="The entry in the menu of applications.", no_args_is_help=True)

NAME = "hireflow-voice"


def _places() -> tuple[Path, Path]:
    """(entry, icon), where the XDG base directory specification has them."""
    data = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return (
        data / "applications" / f"{NAME}.desktop",
        data / "icons" / "hicolor" / "scalable" / "apps" / f"{NAME}.svg",
    )


def _program() -> Path:
    """The command that is running, or the one beside this Python. Raises NotFound."""
    for found in (Path(sys.executable).parent / NAME, *([Path(which)] if (which := shutil.which(NAME)) else [])):
        if found.is_file():
            return found
    raise NotFound("The command hireflow-voice is not installed here.", "`make setup` puts it into .venv/bin.")


def _quoted(program: Path) -> str:
    """An argument of Exec as the desktop entry specification wants it: quoted, and quoted again as a value."""
    inner = str(program).replace("\\", "\\\\").replace('"', '\\"').replace("`", "\\`").replace("$", "\\$")
    return '"' + inner.replace("\\", "\\\\").replace("%", "%%") + '"'


@app.command()
def install() -> None:
    """Put HireFlow Voice into the menu of applications."""
    from hireflow_voice import resources

    entry, icon = _places()
    text = (resources.assets() / f"{NAME}.desktop").read_text(encoding="utf-8")
    try:
        for path in (entry, icon):
            path.parent.mkdir(parents=True, exist_ok=True)
        entry.write_text(text.replace(f"Exec={NAME}", f"Exec={_quoted(_program())}"), encoding="utf-8")
        shutil.copyfile(resources.assets() / f"{NAME}.svg", icon)
    except OSError as error:
        raise DataFolderUnusable(f"The entry could not be written ({error.strerror}).") from error
    typer.echo(f"Installed: {entry}")


@app.command()
def remove() -> None:
    """Take it out again."""
    for path in _places():
        path.unlink(missing_ok=True)
    typer.echo("Removed.")

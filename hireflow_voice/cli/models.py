"""`hireflow-voice models`: the weights."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from hireflow_voice import paths

app = typer.Typer(help="Model weights.", no_args_is_help=True)


@app.command("list")
def list_() -> None:
    """What is needed, what is there, and under which licence."""
    from hireflow_voice.app.weights import status
    from hireflow_voice.settings import load

    for one in status(load().recogniser):
        size = one.model.disk_bytes / 1e6
        kind = "" if one.model.needed else " (optional)"
        typer.echo(f"{one.model.id:18} {one.state:9} {size:7.0f} MB  {one.model.licence:12} {one.model.purpose}{kind}")


@app.command()
def fetch(
    ids: Annotated[list[str] | None, typer.Argument(help="Which; without, all that a call needs.")] = None,
    quiet_if_complete: Annotated[bool, typer.Option("--quiet-if-complete", hidden=True)] = False,
) -> None:
    """Fetch what is missing; an interrupted fetch goes on where it was."""
    if not ids:
        from hireflow_voice.app.weights import wanted
        from hireflow_voice.settings import load

        ids = list(wanted(load().recogniser))
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    from hireflow_voice.models.fetch import Progress, missing
    from hireflow_voice.models.fetch import fetch as fetch_weights

    if not missing(ids):
        if not quiet_if_complete:
            typer.echo("All weights are there and verified.")
        return
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    if not sys.stderr.isatty():
        _fetch_plainly(ids)
        return
    with Bar(*columns, console=console) as bar:
        task = bar.add_task("Fetching weights", total=None)

        def show(progress: Progress) -> None:
            bar.update(
                task,
                description=f"{progress.stage} {progress.model.purpose}",
                completed=progress.done_bytes,
                total=progress.total_bytes,
            )

        fetch_weights(ids, show, lambda: False)
    typer.echo(f"All weights are there and verified, in {paths.models_dir()}.")


def _fetch_plainly(ids: list[str] | None) -> None:
    """Progress for a log: a line every tenth of the way."""
    from hireflow_voice.models.fetch import Progress
    from hireflow_voice.models.fetch import fetch as fetch_weights

    shown = -1

    def show(progress: Progress) -> None:
        nonlocal shown
        tenth = 10 * progress.done_bytes // max(1, progress.total_bytes)
        if tenth > shown:
            shown = tenth
            left = "" if progress.seconds_left is None else f", about {progress.seconds_left:.0f} s left"
            typer.echo(
                f"{progress.stage} {progress.model.purpose}: {progress.done_bytes / 1e6:.0f} of "
                f"{progress.total_bytes / 1e6:.0f} MB{left}",
                err=True,
            )

    fetch_weights(ids, show, lambda: False)
    typer.echo(f"All weights are there and verified, in {paths.models_dir()}.", err=True)


@app.command()
def remove(
    model: Annotated[str, typer.Argument(help="Id of a model that no call needs.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove weights that no call needs; `models fetch ID` brings them back."""
    from hireflow_voice.app import weights
    from hireflow_voice.models.manifest import find
    from hireflow_voice.settings import load

    title = find(model).title
    if not yes:
        typer.confirm(f"Remove {title} from this computer?", abort=True)
    freed = weights.remove(model, load().recogniser)
    typer.echo(f"{freed / 1e6:.0f} MB are free again." if freed else f"{title} was not here.")


@app.command()
def verify() -> None:
    """Hash every file again and compare; exit code 1 when something is missing or damaged."""
    from hireflow_voice.app.weights import wanted
    from hireflow_voice.errors import ModelMissing
    from hireflow_voice.models.manifest import MODELS
    from hireflow_voice.models.verify import verify as verify_one
    from hireflow_voice.settings import load

    needed = wanted(load().recogniser)
    bad = 0
    for model in MODELS:
        try:
            verify_one(model)
            typer.echo(f"ok       {model.id}")
        except ModelMissing as error:
            bad += model.id in needed
            typer.echo(f"{'missing' if model.id in needed else 'without'}  {model.id}: {error}")
    raise typer.Exit(1 if bad else 0)


@app.command()
def path(model: Annotated[str | None, typer.Argument(help="Id of a model.")] = None) -> None:
    """Where the weights are."""
    from hireflow_voice.models.manifest import find
    from hireflow_voice.models.verify import location

    typer.echo(paths.models_dir() if model is None else location(find(model)))

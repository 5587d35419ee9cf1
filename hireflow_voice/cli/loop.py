"""`hireflow-voice loop`: every round of a company over days, and the debrief across them."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated

import typer

from hireflow_voice.cli.choice import CompanyId, chosen
from hireflow_voice.errors import NotFound

if TYPE_CHECKING:
    from hireflow_voice.app.loops import LoopStatus

app = typer.Typer(help="A full loop: all rounds of a company over days.", no_args_is_help=True)
_NONE = ("No full loop was begun yet.", "`hireflow-voice loop start` begins one.")


def _show(status: LoopStatus) -> None:
    typer.echo(f"{status.loop.title}, begun {status.loop.started[:10]}:")
    for step, call in zip(status.loop.steps, status.calls, strict=True):
        typer.echo(f"  {step.day}  {step.title:32}  {call or 'not held yet'}")
    typer.echo(
        f"Next: {status.next.round}. `hireflow-voice loop call` rings."
        if status.next
        else "All rounds were held. `hireflow-voice loop debrief` sums them up."
    )


@app.command()
def start(company: CompanyId = "") -> None:
    """Begin a loop: each round gets a day, those of your plan where an interview is set."""
    from hireflow_voice.cli.main import application

    with application() as one:
        _show(one.start_loop(chosen(one, company).company))


@app.command()
def status(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Which rounds were held, and which comes next."""
    from hireflow_voice.cli.main import application, show_json

    with application() as one:
        found = one.loop()
    if found is None:
        raise NotFound(*_NONE)
    if as_json:
        steps = [asdict(s) | {"call": c} for s, c in zip(found.loop.steps, found.calls, strict=True)]
        show_json({"loop": found.loop.id, "company": found.loop.company, "steps": steps})
    else:
        _show(found)


@app.command()
def call(
    candidate: Annotated[
        str, typer.Option(help="Who answers: mic, demo (a played candidate), or a folder of recordings.")
    ] = "mic",
    round_: Annotated[str, typer.Option("--round", help="Hold this round, again or before its time.")] = "",
    questions: Annotated[int | None, typer.Option(min=1, max=30, help="How many questions; else what fits.")] = None,
    minutes: Annotated[float | None, typer.Option(min=3, max=120, help="Length; else the round's shortest.")] = None,
) -> None:
    """Hold the round that comes next."""
    from hireflow_voice.app.api import CallOptions
    from hireflow_voice.cli.live import hold
    from hireflow_voice.cli.main import application

    with application() as one:
        found = one.loop()
        if found is None:
            raise NotFound(*_NONE)
        options = found.next
        if round_:
            info = chosen(one, found.loop.company, round_)
            options = CallOptions(info.company, info.round, loop=found.loop.id)
        if options is None:
            raise NotFound("All rounds of the loop were held.", "Name one with --round to hold it again.")
        code = hold(one, replace(options, questions=questions, minutes=minutes), candidate, None, "")
    raise typer.Exit(code)


@app.command()
def debrief(form: Annotated[str, typer.Option("--format", help="md or json.")] = "md") -> None:
    """All rounds together: bands, lines across rounds, what repeated, and one decision."""
    from hireflow_voice.cli.main import application

    with application() as one:
        typer.echo(one.debrief(form), nl=form == "json")

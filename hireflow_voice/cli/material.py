"""`hireflow-voice material`: the job description and résumé that lean the choice of questions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hireflow_voice.cli.choice import CompanyId, RoundId, chosen

app = typer.Typer(help="Your job description and résumé.", no_args_is_help=True)


@app.command()
def add(file: Annotated[Path, typer.Argument(help="A text, Markdown or PDF file.")]) -> None:
    """Keep the text of a file; calls then ask oftener about what it names."""
    from hireflow_voice.cli.main import application

    with application() as one:
        kept = one.material.add(file)
    typer.echo(f"{kept.name}: {kept.words} words, kept on this computer. `material fit` shows what it changes.")


@app.command("list")
def list_() -> None:
    """What is kept."""
    from hireflow_voice.cli.main import application

    with application() as one:
        kept = one.material.all()
    for document in kept:
        typer.echo(f"{document.words:6} words  {document.name}")
    if not kept:
        typer.echo("Nothing is kept. `hireflow-voice material add FILE` adds a job description or résumé.")


@app.command()
def remove(name: Annotated[str, typer.Argument(help="As `material list` shows it.")]) -> None:
    """Delete a document's text from this computer."""
    from hireflow_voice.cli.main import application

    with application() as one:
        one.material.remove(name)
    typer.echo("Removed.")


@app.command()
def fit(
    round_: RoundId = "",
    company: CompanyId = "",
) -> None:
    """Which questions your material asks for, and the words of it that say so."""
    from hireflow_voice.app.plan import leanings
    from hireflow_voice.cli.main import application

    with application() as one:
        info = chosen(one, company, round_)
        _, bank = one.bank(info.company, info.round)
        found = sorted(leanings(bank, one.material.text()), key=lambda leaning: -leaning.weight)
    for leaning in found:
        typer.echo(f"{leaning.weight:4.2f}  {leaning.question:30}  {', '.join(leaning.because[:6])}".rstrip())


@app.command()
def write(
    name: Annotated[str, typer.Argument(help="The job description, as `material list` shows it.")],
    round_: RoundId = "",
    company: CompanyId = "",
    count: Annotated[int, typer.Option(min=3, max=8, help="How many questions.")] = 5,
) -> None:
    """Have your endpoint's model write questions for this job; its text is sent there. `call --written` asks them."""
    from hireflow_voice.cli.main import application

    with application() as one:
        info = chosen(one, company, round_)
        done = one.write_questions(
            name, info.company, info.round, count, lambda sentence: typer.echo(sentence, err=True), lambda: False
        )
    for text in done.kept:
        typer.echo(f"  {text}")
    for begins, why in done.dropped:
        typer.echo(" ".join(filter(None, ("Left out:", begins and f"“{begins}”", why))))
    typer.echo(f"Written by {done.by}: {len(done.kept)}. Nobody has checked them, and they name no source.")
    raise typer.Exit(0 if done.kept else 1)


@app.command()
def forget(
    round_: RoundId = "",
    company: CompanyId = "",
) -> None:
    """Delete the questions that were written for a round."""
    from hireflow_voice.cli.main import application

    with application() as one:
        info = chosen(one, company, round_)
        one.forget_written(info.company, info.round)
    typer.echo(f"{info.written} written questions of {info.title} are deleted.")

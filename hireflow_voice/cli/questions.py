"""`hireflow-voice questions`: what can be asked, and whether a bank is fit to be asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from hireflow_voice import resources

app = typer.Typer(help="Question banks.", no_args_is_help=True)


@app.command("list")
def list_(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Every question, with its id."""
    from hireflow_voice.bank.loader import load_banks

    rows = [
        {
            "id": q.id,
            "company": bank.company,
            "round": bank.round,
            "flow": bank.flow,
            "difficulty": q.difficulty,
            "text": q.text,
            "topics": list(q.topics),
            "key_points": len(q.key_points),
        }
        for bank in load_banks(resources.questions())
        for q in bank.questions
    ]
    if as_json:
        typer.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for row in rows:
        typer.echo(f"{row['company']}/{row['round']}  {row['id']:30}  {row['text']}")


@app.command()
def check(
    file: Annotated[Path | None, typer.Argument(help="A bank (YAML); without one, all that ship.")] = None,
    wishes_too: Annotated[bool, typer.Option("--wishes", help="Name what would make it richer, too.")] = False,
) -> None:
    """Find what is malformed, missing, or gives an answer away."""
    from hireflow_voice.bank.check import check as find
    from hireflow_voice.bank.check import check_together
    from hireflow_voice.bank.loader import load_bank, load_banks
    from hireflow_voice.speech.respell import unpronounceable

    banks = load_banks(resources.questions()) if file is None else (load_bank(file),)
    count = wishes = 0
    for bank in banks:
        for finding in find(bank, unpronounceable):
            count += not finding.wish
            wishes += finding.wish
            if wishes_too or not finding.wish:
                typer.echo(f"{finding.where}: {finding.text}")
        typer.echo(f"{bank.company}/{bank.round}: {len(bank.questions)} questions read.")
    if wishes and not wishes_too:
        typer.echo(f"{wishes} things would make the questions richer; `--wishes` names them.")
    companies = {bank.company for bank in banks}
    for company in sorted(companies) if len(banks) > 1 else ():
        for finding in check_together([bank for bank in banks if bank.company == company], across=True):
            count += 1
            typer.echo(f"{finding.where}: {finding.text}")
    raise typer.Exit(1 if count else 0)


@app.command()
def schema() -> None:
    """The JSON Schema of a bank, for editors."""
    from hireflow_voice.bank.schema import json_schema

    typer.echo(json.dumps(json_schema(), indent=2))

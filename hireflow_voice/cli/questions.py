"""`hireflow-voice questions`: what can be asked, and whether a bank is fit to be asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hireflow_voice import resources

if TYPE_CHECKING:
    from hireflow_voice.bank.check import Finding
    from hireflow_voice.bank.models import Bank

app = typer.Typer(help="Question banks.", no_args_is_help=True)


@app.command("list")
def list_(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Every question, with its id."""
    from hireflow_voice.cli.main import application

    with application() as one:
        banks = [bank for shelf in one.library.shelves() for bank in shelf.banks]
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
            "written_by": q.written_by,
        }
        for bank in banks
        for q in bank.questions
    ]
    if as_json:
        typer.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for row in rows:
        by = f"  (written by {row['written_by']}, unchecked)" if row["written_by"] else ""
        typer.echo(f"{row['company']}/{row['round']}  {row['id']:30}  {row['text']}{by}")


@app.command()
def check(
    file: Annotated[Path | None, typer.Argument(help="A bank (YAML), or a company's folder; without one, all.")] = None,
    wishes_too: Annotated[bool, typer.Option("--wishes", help="Name what would make it richer, too.")] = False,
) -> None:
    """Find what is malformed, missing, or gives an answer away."""
    from hireflow_voice.bank.check import check as find
    from hireflow_voice.speech.respell import unpronounceable

    if file is not None and not file.is_dir():
        banks, findings = _bank(file)
    else:
        banks, findings = _folder(file or resources.questions(), one=file is not None)
    for bank in banks:
        findings += find(bank, unpronounceable)
    wishes = [finding for finding in findings if finding.wish]
    for finding in findings:
        if wishes_too or not finding.wish:
            typer.echo(f"{finding.where}: {finding.text}")
    for bank in banks:
        typer.echo(f"{bank.company}/{bank.round}: {len(bank.questions)} questions read.")
    if wishes and not wishes_too:
        typer.echo(f"{len(wishes)} things would make the questions richer; `--wishes` names them.")
    raise typer.Exit(1 if len(findings) > len(wishes) else 0)


def _bank(file: Path) -> tuple[tuple[Bank, ...], list[Finding]]:
    from hireflow_voice.bank.loader import load_bank

    return (load_bank(file),), []


def _folder(folder: Path, *, one: bool) -> tuple[tuple[Bank, ...], list[Finding]]:
    """One company's folder, or the folder of all; what can only be seen across its files."""
    from hireflow_voice.bank.check import Finding, check_together
    from hireflow_voice.bank.check_company import check_company
    from hireflow_voice.bank.loader import COMPANY_FILE, load_banks, load_company

    folder = folder.resolve()
    banks = load_banks(folder.parent, folder.name) if one else load_banks(folder)
    findings: list[Finding] = []
    for company in sorted({bank.company for bank in banks}):
        own = [bank for bank in banks if bank.company == company]
        path = (folder if one else folder / company) / COMPANY_FILE
        if path.is_file():
            findings += check_company(load_company(path), own)
        else:
            findings.append(Finding(company, f"There is no {COMPANY_FILE}, so none of these rounds is offered."))
        findings += check_together(own, across=True)
    return banks, findings


@app.command()
def guide(
    example: Annotated[Path | None, typer.Option(help="Write the guide's example into this folder instead.")] = None,
) -> None:
    """How to write a bank of your own, in ten minutes; with an example to begin from."""
    from hireflow_voice.bank.guide import text, write_example

    if example is None:
        typer.echo(text(), nl=False)
        return
    folder = write_example(example)
    typer.echo(f"Wrote {folder}. Change it, then: hireflow-voice questions check {folder}")


@app.command()
def schema() -> None:
    """The JSON Schema of a bank, for editors."""
    from hireflow_voice.bank.schema import json_schema

    typer.echo(json.dumps(json_schema(), indent=2))


@app.command("export")
def export(
    company: Annotated[str, typer.Argument(help="Which company, by its id.")],
    file: Annotated[Path, typer.Argument(help="The file to write.")],
) -> None:
    """Write a company with all its rounds into one file, to hand on."""
    from hireflow_voice.bank.package import pack
    from hireflow_voice.cli.main import application

    with application() as one:
        pack(one.library.folder(company), file)
    typer.echo(f"Wrote {file}.")


@app.command("import")
def import_(
    source: Annotated[Path, typer.Argument(help="A file of `questions export`, or a company's folder.")],
    replace: Annotated[bool, typer.Option("--replace", help="In place of one of the same id.")] = False,
) -> None:
    """Add a company of your own; it can be called at once."""
    from hireflow_voice.bank.check import check as find
    from hireflow_voice.bank.package import unpack
    from hireflow_voice.cli.main import application

    with application() as one:
        company = unpack(source, one.library, replace=replace)
        shelf = one.library.shelf(company)
    faults = sum(not finding.wish for bank in shelf.banks for finding in find(bank))
    count = sum(len(bank.questions) for bank in shelf.banks)
    typer.echo(f"{shelf.company.title} is added: {', '.join(bank.title for bank in shelf.banks)}; questions: {count}.")
    if faults:
        typer.echo(f"{faults} things make them worse than they could be; `questions check FOLDER` names them.")


@app.command()
def remove(company: Annotated[str, typer.Argument(help="Which company of your own, by its id.")]) -> None:
    """Delete a company of your own; calls that were made stay."""
    import shutil

    from hireflow_voice.cli.main import application
    from hireflow_voice.errors import InputError

    with application() as one:
        if not one.library.shelf(company).own:
            raise InputError(f"The company {company!r} ships with HireFlow Voice and stays.")
        shutil.rmtree(one.library.folder(company))
    typer.echo("Removed.")

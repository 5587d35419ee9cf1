"""The commands. Each is a thin layer over `app.Application`; nothing heavy is imported until a command runs."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hireflow_voice import __version__, logs
from hireflow_voice.cli.choice import CompanyId, RoundId, chosen
from hireflow_voice.errors import HireFlowError, InputError, NoDisplay, NoMicrophone, NotFound

if TYPE_CHECKING:
    from hireflow_voice.app.application import Application

log = logging.getLogger(__name__)

WRONG_USE = (NotFound, NoDisplay, NoMicrophone)
"""Errors that mean "wrong use or nothing to run on": exit code 2. All others are 1."""
INTERRUPTED = 130

app = typer.Typer(
    name="hireflow-voice",
    help="A mock technical phone interview on your own computer. Without a command it opens the window.",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class ReportFormat(StrEnum):
    MD = "md"
    JSON = "json"
    HTML = "html"
    PDF = "pdf"


def run(arguments: list[str]) -> int:
    """Run one command line; its exit code. Errors are printed as sentences."""
    logs.start()
    try:
        app(arguments)
    except SystemExit as end:  # how typer tells an exit code, also of a wrong command line
        return end.code if isinstance(end.code, int) else 0
    except HireFlowError as error:
        typer.echo(str(error), err=True)
        return 2 if isinstance(error, WRONG_USE) else 1
    except KeyboardInterrupt:
        typer.echo("Interrupted.", err=True)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader (head, less) has gone; that is no failure of ours.
        sys.stderr.close()
        return 0
    return 0


@contextmanager
def application(**overrides: object) -> Iterator[Application]:
    """The application, for one command; `overrides` are settings that hold for it alone."""
    from hireflow_voice import settings
    from hireflow_voice.app.application import Application

    one = Application(settings.load(**overrides))
    try:
        yield one
    finally:
        one.close()


def show_json(value: object) -> None:
    """Print as JSON, the same bytes for the same value."""
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"HireFlow Voice {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def window(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001 - handled by its callback
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Open the window when no command is given."""
    if context.invoked_subcommand is not None:
        return
    from hireflow_voice.ui.run import run as run_window

    with application() as one:
        raise typer.Exit(run_window(one))


@app.command()
def call(
    round_: RoundId = "",
    company: CompanyId = "",
    questions: Annotated[int | None, typer.Option(min=1, max=30, help="How many questions; else what fits.")] = None,
    minutes: Annotated[float | None, typer.Option(min=3, max=120, help="Length; else the round's shortest.")] = None,
    question: Annotated[list[str] | None, typer.Option(help="Ask exactly this question (repeat for more).")] = None,
    candidate: Annotated[
        str, typer.Option(help="Who answers: mic, demo (a played candidate), or a folder of recordings.")
    ] = "mic",
    out: Annotated[Path | None, typer.Option(help="Also write report and recordings into this folder.")] = None,
    resume: Annotated[str, typer.Option(help="Go on with a call that was broken off, by its id.")] = "",
    seed: Annotated[int | None, typer.Option(help="Draw the same questions each time.")] = None,
    material: Annotated[
        bool, typer.Option("--material/--no-material", help="Lean towards your job description and résumé.")
    ] = True,
    written: Annotated[
        bool, typer.Option("--written", help="Ask first what `material write` had written for your job.")
    ] = False,
    coach: Annotated[
        bool, typer.Option("--coach", help="Coach mode: a critique after each answer, and another try at it.")
    ] = False,
    phone: Annotated[bool, typer.Option("--phone", help="The interviewer sounds as over a telephone.")] = False,
) -> None:
    """Hold an interview in the terminal, with live captions of both sides."""
    from hireflow_voice.app.api import CallOptions
    from hireflow_voice.cli.live import hold

    with application(**({"phone_sound": True} if phone else {})) as one:
        info = chosen(one, company, round_)
        options = CallOptions(
            company=info.company,
            round=info.round,
            questions=questions,
            minutes=minutes,
            seed=seed,
            question_ids=tuple(question or ()),
            use_material=material,
            written=written,
            coach=coach,
        )
        code = hold(one, options, candidate, out, resume)
    raise typer.Exit(code)


@app.command()
def grade(
    file: Annotated[Path, typer.Argument(help="A recording (WAV, FLAC, OGG) or a text file; - reads text from stdin.")],
    question: Annotated[str, typer.Option(help="Id of the question it answers, or its words, with --reference.")],
    reference: Annotated[Path | None, typer.Option(help="A text file with a model answer, for any question.")] = None,
    endpoint: Annotated[
        str, typer.Option(help="Let this server judge: its base URL, or openai, ollama, vllm ...")
    ] = "",
    model: Annotated[str, typer.Option(help="Model on that server.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Judge one answer."""
    from hireflow_voice.cli.grading import grade_against, grade_file, judged_by

    with application(**judged_by(endpoint, model)) as one:
        result = grade_against(one, file, question, reference) if reference else grade_file(one, file, question)
    if as_json:
        show_json(result.as_json())
    else:
        typer.echo(result.as_text())
    raise typer.Exit(1 if result.judgement.failed else 0)


@app.command("judge-test")
def judge_test(
    endpoint: Annotated[
        str, typer.Option(help="Test this server instead: its base URL, or openai, ollama, vllm ...")
    ] = "",
    model: Annotated[str, typer.Option(help="Model on that server.")] = "",
    question: Annotated[list[str] | None, typer.Option(help="Only this question (repeat for more).")] = None,
    spoken: Annotated[bool, typer.Option("--spoken", help="Speak the answers and judge what Whisper hears.")] = False,
    repeats: Annotated[int, typer.Option(min=0, max=20, help="Judge the middling answers so many times more.")] = 2,
    company: CompanyId = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, with every answer.")] = False,
) -> None:
    """Measure a judge on answers whose verdicts are known: a table that can be published. Takes minutes."""
    from hireflow_voice.cli.judge_test import tested

    with application() as one:
        result = tested(one, chosen(one, company).company, endpoint, model, question or (), spoken, repeats)
    if as_json:
        show_json(result.as_json())
    else:
        typer.echo(result.as_text())
    raise typer.Exit(1 if all(t.judgement.failed for r in result.results for t in r.trials) else 0)


calls_app = typer.Typer(help="Calls that were made.", no_args_is_help=True)
app.add_typer(calls_app, name="calls")


@calls_app.command("list")
def calls_list(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """All calls, newest first."""
    with application() as one:
        calls = one.calls()
    if as_json:
        show_json([asdict(summary) for summary in calls])
        return
    if not calls:
        typer.echo("No calls yet. `hireflow-voice call --candidate demo` plays one.")
    for summary in calls:
        score = "not judged yet" if summary.score is None else f"{summary.score:.0%}"
        typer.echo(
            f"{summary.id}  {summary.company}, {summary.round}  {summary.state.replace('_', ' ')}  "
            f"{summary.answered} of {summary.questions} answered  {score}  {summary.band}"
            f"{'  kept for ever' if summary.kept else ''}"
        )


@calls_app.command("show")
def calls_show(call: Annotated[str, typer.Argument(help="Id of the call, or `last`.")]) -> None:
    """One call, as the Markdown report."""
    with application() as one:
        typer.echo(one.export(named(one, call), "md"))


@calls_app.command("delete")
def calls_delete(
    call: Annotated[str, typer.Argument(help="Id of the call.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete a call: its recordings, transcripts, verdicts and every row of it."""
    with application() as one:
        one.call(call)  # NotFound before the question
        if not yes:
            typer.confirm(f"Delete the call {call} with its recordings for good?", abort=True)
        one.delete_call(call)
    typer.echo(f"Deleted {call}.")


@calls_app.command("keep")
def calls_keep(
    call: Annotated[str, typer.Argument(help="Id of the call, or `last`.")],
    no_longer: Annotated[bool, typer.Option("--no-longer", help="Take the star off again.")] = False,
) -> None:
    """Keep a call for ever, however long the settings keep the others."""
    with application() as one:
        one.keep_call(chosen := named(one, call), not no_longer)
    typer.echo(f"{chosen} is {'no longer ' if no_longer else ''}kept for ever.")


@calls_app.command("export")
def calls_export(
    call: Annotated[str, typer.Argument(help="Id of the call, or `last`.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write.")],
    mentor: Annotated[bool, typer.Option("--mentor", help="For somebody who scores it first, blind.")] = False,
    scores: Annotated[bool, typer.Option("--scores", help="Only the scores that were given here.")] = False,
) -> None:
    """Put a call into one file: recordings, transcripts, verdicts."""
    from hireflow_voice.records import CallFile

    if mentor and scores:
        raise NotFound("A file is either for a mentor or from one.", "Leave out --mentor or --scores.")
    kind = CallFile.MENTOR if mentor else CallFile.SCORES if scores else CallFile.WHOLE
    with application() as one:
        one.export_file(named(one, call), output, kind)
    typer.echo(f"Wrote {output}.")


@calls_app.command("import")
def calls_import(file: Annotated[Path, typer.Argument(help="A file that `calls export` or the window wrote.")]) -> None:
    """Take a call, or a mentor's scores, out of a file."""
    with application() as one:
        call, kind = one.import_file(file)
    typer.echo(f"Imported {'the scores of ' if kind == 'scores' else ''}{call}.")


@calls_app.command("judge")
def calls_judge(call: Annotated[str, typer.Argument(help="Id of the call, or `last`.")]) -> None:
    """Recognise and judge whatever a call left open."""
    with application() as one:
        record = one.judge_again(named(one, call), lambda judgement: typer.echo(f"judged {judgement.question}"))
    failed = [judgement for judgement in record.judgements if judgement.failed]
    for judgement in failed:
        typer.echo(f"{judgement.question}: not judged yet. {judgement.failed}", err=True)
    raise typer.Exit(1 if failed else 0)


@app.command()
def report(
    call: Annotated[str, typer.Argument(help="Id of the call, or `last`.")],
    form: Annotated[ReportFormat, typer.Option("--format", help="md, json, html or pdf.")] = ReportFormat.MD,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file instead.")] = None,
    audio: Annotated[bool, typer.Option("--audio", help="Put the recordings into the HTML.")] = False,
) -> None:
    """Write down a call: form, verdicts with quotes, transcripts, delivery."""
    if audio and form is not ReportFormat.HTML:
        raise NotFound("Only the HTML report can hold the recordings.", "Use --format html.")
    if form is ReportFormat.PDF and output is None:
        raise NotFound("A PDF is not printed in a terminal.", "Name a file with --output.")
    with application() as one:
        record = one.call(named(one, call))
        text = one.export(record.header.id, "print" if form is ReportFormat.PDF else form.value, audio=audio)
    if output is None:
        typer.echo(text)
        return
    if form is ReportFormat.PDF:
        from hireflow_voice.ui.pdf import write_pdf_without_window

        write_pdf_without_window(text, output, f"{record.header.company}: {record.header.round}")
    else:
        write(output, text)
    typer.echo(f"Wrote {output}.")


@app.command()
def company(
    company: Annotated[str, typer.Argument(help="Id of the company.", show_default="the usual one")] = "",
) -> None:
    """What is known of a company: its rounds, values and style, how to prepare, and where that can be read."""
    from hireflow_voice.cli.company import as_text

    with application() as one:
        info = chosen(one, company)
        profile, _ = one.bank(info.company, info.round)
    typer.echo(as_text(profile))


@app.command()
def plan(
    interview: Annotated[str, typer.Argument(help="Day of the interview, as 2027-01-31.")],
    minutes: Annotated[float, typer.Option(min=5, max=600, help="Minutes you have a day.")] = 30.0,
    company: CompanyId = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    calendar: Annotated[Path | None, typer.Option("--ics", help="Also write a calendar file.")] = None,
) -> None:
    """Plan what to practise on which day, from the calls you made so far."""
    from datetime import datetime

    from hireflow_voice.cli import plan as plans

    now = datetime.now().astimezone()
    with application() as one:
        preparation = plans.made(one, chosen(one, company).company, interview, minutes, now)
    typer.echo(plans.as_json(preparation) if as_json else plans.as_text(preparation))
    if calendar is not None:
        write(calendar, plans.as_calendar(preparation, now))
        typer.echo(f"Wrote {calendar}.", err=True)


def named(app: Application, call: str) -> str:
    """The id of a call; `last` is the newest one that is over. Raises NotFound."""
    if call != "last":
        return call
    for summary in app.calls():
        if summary.state != "running":
            return summary.id
    raise NotFound("No call has been made to its end yet.", "`hireflow-voice call --candidate demo` plays one.")


def write(path: Path, content: str | bytes) -> None:
    """Raises InputError with a sentence when the file cannot be written."""
    try:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}.", "Choose another file.") from error


@app.command()
def doctor(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Say what is there, what is missing, and the one command that mends it."""
    with application() as one:
        found = one.readiness()
    missing = [thing for thing in found if thing.needed and not thing.ok]
    if as_json:
        show_json([asdict(thing) for thing in found])
    else:
        for thing in found:
            mark = "ok     " if thing.ok else ("missing" if thing.needed else "without")
            typer.echo(f"{mark}  {thing.name}: {thing.sentence}")
            if thing.remedy and not thing.ok:
                typer.echo(f"         {thing.remedy}")
    raise typer.Exit(1 if missing else 0)


from hireflow_voice.cli import desktop as _desktop  # noqa: E402
from hireflow_voice.cli import loop as _loop  # noqa: E402
from hireflow_voice.cli import material as _material  # noqa: E402
from hireflow_voice.cli import models as _models  # noqa: E402
from hireflow_voice.cli import questions as _questions  # noqa: E402

app.add_typer(_desktop.app, name="desktop")
app.add_typer(_loop.app, name="loop")
app.add_typer(_material.app, name="material")
app.add_typer(_models.app, name="models")
app.add_typer(_questions.app, name="questions")

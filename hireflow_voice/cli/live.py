"""A call in the terminal: captions of both sides with times, and a report at the end."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from hireflow_voice.app.api import CallOptions
from hireflow_voice.app.candidate import Candidate, RecordedCandidate
from hireflow_voice.errors import InputError, NoMicrophone, NotFound
from hireflow_voice.events import (
    CallEnded,
    CallEvent,
    CallSaved,
    Caption,
    Judged,
    Phase,
    PhaseChanged,
    QuestionChanged,
    Trouble,
)

if TYPE_CHECKING:
    from hireflow_voice.app.application import Application
    from hireflow_voice.app.call import Call

INTERRUPTED = 130


def clock(at_s: float) -> str:
    """Seconds as mm:ss."""
    return f"{int(at_s) // 60:02d}:{int(at_s) % 60:02d}"


class Screen:
    """Prints events as they come (on the call's thread)."""

    def __init__(self) -> None:
        self._shown: dict[str, int] = {}
        self._scores: dict[str, str] = {}
        self.finished = False

    def show(self, event: CallEvent) -> None:
        match event:
            case PhaseChanged(phase=Phase.CONNECTING):
                typer.echo("Connecting: the models are being loaded.")
            case PhaseChanged(phase=Phase.RINGING):
                typer.echo("Ringing ...")
            case QuestionChanged(at_s=at_s, number=number, total=total):
                typer.echo(f"[{clock(at_s)}] --- question {number} of {total} ---")
            case Caption():
                self._caption(event)
            case Trouble(at_s=at_s, over=False, sentence=sentence, remedy=remedy):
                typer.echo(f"[{clock(at_s)}] ! {sentence} {remedy}".rstrip(), err=True)
            case CallEnded(at_s=at_s):
                typer.echo(f"[{clock(at_s)}] --- the call is over; the answers are being judged ---")
            case Judged(question=question, judgement=judgement):
                score = "not judged yet" if judgement.score is None else f"{judgement.score:.0%}"
                if self._scores.get(question) != score:  # a follow-up that changed nothing is no news
                    self._scores[question] = score
                    typer.echo(f"        judged {question}: {score}")
            case CallSaved():
                self.finished = True
            case _:
                pass

    def _caption(self, caption: Caption) -> None:
        # A candidate's caption grows chunk by chunk: only what is new is printed.
        shown = self._shown.get(caption.key, 0)
        new = caption.text[shown:].strip()
        self._shown[caption.key] = len(caption.text)
        if new:
            speaker = "Interviewer" if caption.speaker == "interviewer" else "You"
            typer.echo(f"[{clock(caption.at_s)}] {speaker + ':':12} {new}")


def hold(app: Application, options: CallOptions, candidate: str, out: Path | None, resume: str) -> int:
    """Run one call to its end; the exit code. Raises HireFlowError."""
    screen = Screen()
    call = _resume(app, resume, candidate, screen) if resume else _dial(app, options, candidate, screen)
    try:
        while not call.join(0.2):
            pass
    except KeyboardInterrupt:
        call.break_off()
        call.join()
        typer.echo(f"\nThe call was broken off. Go on with it: hireflow-voice call --resume {call.id}")
        return INTERRUPTED
    record = app.call(call.id)
    folder = app.store.folder(call.id)
    report = folder / "report.md"
    report.write_text(app.export(call.id, "md"), encoding="utf-8")
    report.chmod(0o600)
    if record.form is not None:
        typer.echo(f"\n{record.form.band.value.capitalize()} (practice estimate). {record.form.reason}")
    if out is not None:
        _copy(app, call.id, out)
        report = out / "report.md"
    typer.echo(f"Report: {report}")
    return 0


def _demand_microphone(app: Application) -> None:
    """In the terminal nothing can be typed into a call, so without a microphone there is no candidate."""
    devices = app.devices()
    if not devices.inputs:
        raise NoMicrophone(
            devices.problem or "There is no microphone.",
            "Connect one, type your answers in the window, or let `--candidate demo` answer.",
        )


def _dial(app: Application, options: CallOptions, who: str, screen: Screen) -> Call:
    if who == "mic":
        _demand_microphone(app)
        return app.start_call(options, screen.show)
    played, options = _played(app, options, who)
    return app.play_call(options, screen.show, played, demo=who == "demo")


def _resume(app: Application, call: str, who: str, screen: Screen) -> Call:
    record = app.call(call)
    if who == "mic" and not record.header.demo:
        _demand_microphone(app)
        return app.resume_call(call, screen.show)
    asked = tuple(question.id for question in record.header.questions)
    titles = (record.header.company, record.header.round)
    info = next((info for info in app.rounds() if (info.company_title, info.title) == titles), None)
    if info is None:
        raise NotFound(f"The round of this call, {', '.join(titles)}, is not there any more.")
    options = CallOptions(info.company, info.round, question_ids=asked)
    played, _ = _played(app, options, "demo" if record.header.demo else who)
    return app.replay_call(call, screen.show, played)


def _played(app: Application, options: CallOptions, who: str) -> tuple[Candidate, CallOptions]:
    """A candidate who is not in the room, and the call it can answer."""
    from dataclasses import replace

    from hireflow_voice.app import example
    from hireflow_voice.audio.take import read_sound

    if who != "demo":
        _, bank = app.bank(options.company, options.round)
        folder = Path(who)
        if not folder.is_dir():
            raise NotFound(f"{who!r} is neither mic, nor demo, nor a folder of recordings.")
        if not options.question_ids:
            known = tuple(question.id for question in bank.questions)
            recorded = RecordedCandidate.questions_in(folder, known)
            if not recorded:
                raise InputError(
                    f"{folder} has no recording that is named after a question.",
                    "Name them as `hireflow-voice questions list` names the questions, for example rate-limiting.wav.",
                )
            options = replace(options, question_ids=recorded[: options.questions])
        return RecordedCandidate(folder, read_sound), options
    return example.played(app, options)


def _copy(app: Application, call: str, out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        for form in ("md", "json", "html"):
            (out / f"report.{form}").write_text(app.export(call, form), encoding="utf-8")
        for take in app.call(call).takes:
            sound = app.sound_of(call, take)
            if sound is not None and sound.is_file():
                shutil.copyfile(sound, out / sound.name)
    except OSError as error:
        raise InputError(
            f"The report could not be written to {out}: {error.strerror}.", "The call itself is kept."
        ) from error

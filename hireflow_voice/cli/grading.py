"""`hireflow-voice grade`: one answer, judged."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from hireflow_voice.errors import InputError
from hireflow_voice.evaluation.rubric import from_reference
from hireflow_voice.records import KeyPointRecord, QuestionRecord
from hireflow_voice.report.words import flag
from hireflow_voice.settings import address
from hireflow_voice.transcript import Transcript, typed
from hireflow_voice.verdict import Judgement

if TYPE_CHECKING:
    from hireflow_voice.app.application import Application

TEXTS = (".txt", ".md")
LONGEST_TEXT = 100_000
"""Characters; an hour of speech is half of that."""


@dataclass(frozen=True, slots=True)
class Graded:
    """A judged answer, ready to print."""

    question: QuestionRecord
    transcript: Transcript
    judgement: Judgement

    def as_json(self) -> dict[str, Any]:
        """The documented shape."""
        texts = {point.id: point.text for point in self.question.key_points}
        return {
            "question": self.question.id,
            "score": self.judgement.score,
            "judge": self.judgement.judge,
            "points": [
                {
                    "id": point.point,
                    "text": texts[point.point],
                    "verdict": point.verdict.value,
                    "confidence": round(point.confidence, 3),
                    "quote": point.quote.text if point.quote else None,
                    "start_s": point.quote.start_s if point.quote else None,
                    "end_s": point.quote.end_s if point.quote else None,
                }
                for point in self.judgement.points
            ],
            "flags": list(self.judgement.flags),
            "failed": self.judgement.failed or None,
            "transcript": self.transcript.text,
        }

    def as_text(self) -> str:
        """For people."""
        if self.judgement.failed:
            return f"Not judged yet. {self.judgement.failed}"
        texts = {point.id: point.text for point in self.question.key_points}
        lines = [
            self.question.text,
            "",
            f"Score {self.judgement.score or 0:.0%}, judged by: {self.judgement.judge}",
            "",
        ]
        for point in self.judgement.points:
            lines.append(f"  {point.verdict:8} {texts[point.point]}")
            if point.quote:
                at = "" if point.quote.start_s is None else f"  [{point.quote.start_s:.1f} s]"
                lines.append(f'           "{point.quote.text}"{at}')
        if self.judgement.flags:
            lines += ["", "Noted: " + "; ".join(flag(name) for name in self.judgement.flags) + "."]
        return "\n".join(lines)


def judged_by(endpoint: str, model: str) -> dict[str, object]:
    """The settings for a command that is judged by a server; none: by whoever judges else. Raises InputError."""
    if bool(endpoint) != bool(model):
        raise InputError("--endpoint and --model belong together.", "Name the server's address and one of its models.")
    return {"endpoint": {"enabled": True, "base_url": address(endpoint), "model": model}} if endpoint else {}


def grade_file(app: Application, file: Path, question_id: str) -> Graded:
    """Raises NotFound, InputError, SoundFileError, MachineError."""
    question = app.question(question_id)
    transcript = _read(app, file, question.glossary)
    return Graded(question, transcript, app.grade(question, transcript))


def grade_against(app: Application, file: Path, question: str, reference: Path) -> Graded:
    """An answer to any question, held against a model answer in prose: its sentences are the key points, the score is
    the grade that people give. Raises as `grade_file` does."""
    if str(file) == str(reference) == "-":
        raise InputError("Answer and model answer cannot both come from stdin.", "Put one of them into a file.")
    prose = _text(reference)
    if not prose.strip() or not question.strip():
        raise InputError("The model answer or the question is empty.", "Give both in words.")
    rubric = from_reference(question, prose)
    points = tuple(KeyPointRecord(p.id, p.text, p.weight, p.signal) for p in rubric.points)
    record = QuestionRecord(rubric.question, question, (), points, rubric.enough, (), (), ())
    transcript = _read(app, file, ())
    return Graded(record, transcript, app.grade_against(rubric, transcript))


def _read(app: Application, file: Path, glossary: tuple[str, ...]) -> Transcript:
    from hireflow_voice.audio.take import read_sound

    if str(file) != "-" and file.suffix.lower() not in TEXTS:
        pcm = read_sound(file)
        typer.echo("Listening to the recording, then judging it. That takes some 10 to 25 seconds.", err=True)
        return app.transcribe(pcm, glossary)
    return typed(_text(file))


def _text(file: Path) -> str:
    if str(file) == "-":
        return _capped(sys.stdin.read(LONGEST_TEXT + 1))
    try:
        if file.stat().st_size > 4 * LONGEST_TEXT:
            raise InputError(f"{file} is too long for an answer.", f"At most {LONGEST_TEXT} characters are read.")
        return _capped(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}.", "Give a recording or a text file.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{file} is not UTF-8 text.", "Save it as UTF-8, or give a recording.") from error


def _capped(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise InputError("This text is too long for an answer.", f"At most {LONGEST_TEXT} characters are read.")
    return text

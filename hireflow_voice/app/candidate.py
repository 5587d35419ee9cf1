"""A candidate who is not in the room: played by the second voice, or by recordings in a folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from hireflow_voice.interview.actions import Listen, TurnKind
from hireflow_voice.sound import Pcm

THINKING_S = 0.8
"""Pause before a played candidate answers, about what people take for a question they expected."""


class Candidate(Protocol):
    """Answers one turn with sound, or with None when there is nothing to say."""

    def reply(self, listen: Listen) -> Pcm | None: ...


@dataclass(frozen=True, slots=True)
class Script:
    """What a played candidate says."""

    introduction: str
    own_question: str
    answers: Mapping[str, str]
    """Question id -> answer."""
    follow_ups: Mapping[tuple[str, str], str]
    """(question id, key point id) -> answer to a follow-up about it."""
    stages: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """(question id, what the interviewer says to begin a stage) -> answer to that stage."""


class ScriptedCandidate:
    """Speaks a script with one of our voices."""

    def __init__(self, script: Script, speak: Callable[[str], Pcm]) -> None:
        self._script = script
        self._speak = speak
        self._own_question_asked = False
        self._said: set[tuple[str, str]] = set()

    def reply(self, listen: Listen) -> Pcm | None:
        text = self._text(listen)
        return self._speak(text) if text else None

    def _text(self, listen: Listen) -> str:
        if listen.attempt > 1:
            return ""  # once is enough
        match listen.kind:
            case TurnKind.INTRODUCTION:
                return self._script.introduction
            case TurnKind.ANSWER:
                for (question, ask), answer in self._script.stages.items():
                    if question == listen.question and listen.asked.endswith(ask):
                        return answer
                return self._script.answers.get(listen.question, "")
            case TurnKind.FOLLOW_UP:
                return self._once(listen.question, self._script.follow_ups.get((listen.question, listen.point), ""))
            case TurnKind.OWN_QUESTION:
                if self._own_question_asked:
                    return "No, that is all. Thank you."
                self._own_question_asked = True
                return self._script.own_question

    def _once(self, question: str, text: str) -> str:
        """`text`, or what it says to anything about a question when it has said that already."""
        if (question, text) in self._said:
            text = self._script.follow_ups.get((question, ""), text)
        self._said.add((question, text))
        return text


class RecordedCandidate:
    """Plays recordings out of a folder: `introduction.wav`, `<question id>.wav`, then `<question id>-2.wav` ... for its
    follow-ups, `own-question.wav`. WAV, FLAC or OGG."""

    SUFFIXES = (".wav", ".flac", ".ogg")

    def __init__(self, folder: Path, read: Callable[[Path], Pcm]) -> None:
        self._folder = folder
        self._read = read
        self._played: dict[str, int] = {}

    def reply(self, listen: Listen) -> Pcm | None:
        if listen.attempt > 1:
            return None  # there is a recording of one answer, and the others are of its follow-ups
        stem = {TurnKind.INTRODUCTION: "introduction", TurnKind.OWN_QUESTION: "own-question"}.get(
            listen.kind, listen.question
        )
        number = self._played[stem] = self._played.get(stem, 0) + 1
        name = stem if number == 1 else f"{stem}-{number}"
        for suffix in self.SUFFIXES:
            path = self._folder / f"{name}{suffix}"
            if path.is_file():
                return self._read(path)
        return None

    @classmethod
    def questions_in(cls, folder: Path, known: tuple[str, ...]) -> tuple[str, ...]:
        """Which of the known questions have a recording in the folder, in the bank's order."""
        stems = {path.stem for path in folder.iterdir() if path.suffix in cls.SUFFIXES}
        return tuple(question for question in known if question in stems)

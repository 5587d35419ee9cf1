"""Questions that an endpoint's model wrote for the user's job: held to what every bank is held to, kept apart from all
banks, and marked with who wrote them. None of them names a source: a model's word is none.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml

from hireflow_voice.bank.check import check, check_together
from hireflow_voice.bank.loader import load_bank, parse_bank
from hireflow_voice.bank.models import Bank, KeyPoint, Question
from hireflow_voice.errors import DataFolderUnusable, QuestionBankError

log = logging.getLogger(__name__)

MOST = 60
"""Written questions kept for one round."""
FULL_MARKS = 0.7
"""Share of the weight that earns full marks; a model is not asked for it."""
_PROBE = "A probe"
"""How the findings about a probe begin; one that is bad is left out where its key point has others."""


class WrittenQuestions:
    """A folder with one bank for each round that something was written for. Any thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def behind(self, bank: Bank) -> Bank:
        """The bank with what was written for it behind its own questions."""
        known = {question.id for question in bank.questions}
        more = tuple(q for q in self._questions(bank.company, bank.round) if q.id not in known and q.written_by)
        return bank.model_copy(update={"questions": (*bank.questions, *more)}) if more else bank

    def add(self, bank: Bank, questions: Sequence[Question]) -> None:
        """Keep more for a round; beyond `MOST` the oldest go. Raises DataFolderUnusable."""
        known = {question.id for question in questions}
        kept = [q for q in self._questions(bank.company, bank.round) if q.id not in known]
        path = self._path(bank.company, bank.round)
        text = _as_yaml(_like(bank), [q.model_dump(mode="json") for q in (*kept, *questions)[-MOST:]])
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            beside = path.with_suffix(".part")
            beside.write_text(text, encoding="utf-8")
            beside.replace(path)
        except OSError as error:
            raise DataFolderUnusable(f"The written questions cannot be kept ({error.strerror}).") from error

    def remove(self, company: str, round_: str) -> None:
        """Raises DataFolderUnusable."""
        path = self._path(company, round_)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise DataFolderUnusable(f"The written questions cannot be removed ({error.strerror}).") from error
        with suppress(OSError):  # others are left in it
            path.parent.rmdir()

    def _questions(self, company: str, round_: str) -> tuple[Question, ...]:
        path = self._path(company, round_)
        if not path.is_file():
            return ()
        try:
            return load_bank(path).questions
        except QuestionBankError as error:
            log.warning("written questions are left out: %s", error)
            return ()

    def _path(self, company: str, round_: str) -> Path:
        return self._folder / company / f"{round_}.yaml"


def held(
    fields: Mapping[str, Any], bank: Bank, by: str, unpronounceable: Callable[[str], bool] = lambda _: False
) -> tuple[Question | None, tuple[str, ...]]:
    """A question out of what a model wrote, or the faults for which it is not one.

    `fields` are those of a bank's question as plain data, without ids and `enough`; a misconception's point is its
    number from 1. `bank` is the round it is for: it must ask for something else than every question of it.
    """
    points = [{**point, "id": f"point-{number}", "sources": []} for number, point in enumerate(fields["key_points"], 1)]
    weight = sum(int(point["weight"]) for point in points)
    heaviest = max((int(point["weight"]) for point in points), default=1)
    wrong = [
        {"text": m["text"], "point": f"point-{m['point']}" if 1 <= m["point"] <= len(points) else ""}
        for m in fields["misconceptions"]
    ]
    whole = {
        **fields,
        "id": _free(_slug(str(fields["text"])), {question.id for question in bank.questions}),
        "enough": max(heaviest + 1, round(FULL_MARKS * weight)),
        "key_points": points,
        "misconceptions": wrong,
        "written_by": by,
    }
    try:
        # Through a file's text: markup, invisible characters and lengths are refused as in any bank.
        alone = parse_bank(_as_yaml(_like(bank), [whole]), "the question")
    except QuestionBankError as error:
        return None, (str(error),)
    question = _without_bad_probes(alone)
    alone = alone.model_copy(update={"questions": (question,)})
    together = bank.model_copy(update={"questions": (*bank.questions, question)})
    findings = [finding for finding in check(alone, unpronounceable) if not finding.wish]
    findings += [finding for finding in check_together([together]) if finding.where == question.id]
    faults = tuple(
        f"{finding.where.removeprefix(question.id).strip('/')}: {finding.text}".lstrip(": ") for finding in findings
    )
    return (None, faults) if faults else (question, ())


def _without_bad_probes(bank: Bank) -> Question:
    """A probe that will not do costs its key point nothing where there is another."""
    question = bank.questions[0]

    def bad(point: KeyPoint, probe: int) -> bool:
        alone = point.model_copy(update={"probes": (point.probes[probe],)})
        only = question.model_copy(
            update={"key_points": tuple(alone if p is point else p for p in question.key_points)}
        )
        found = check(bank.model_copy(update={"questions": (only,)}))
        return any(f.where == f"{question.id}/{point.id}" and f.text.startswith(_PROBE) for f in found)

    points = []
    for point in question.key_points:
        good = tuple(probe for number, probe in enumerate(point.probes) if not bad(point, number))
        points.append(point.model_copy(update={"probes": good}) if good else point)
    return question.model_copy(update={"key_points": tuple(points)})


def _like(bank: Bank) -> dict[str, Any]:
    return bank.model_dump(mode="json", exclude={"questions"})


def _as_yaml(head: Mapping[str, Any], questions: Sequence[Mapping[str, Any]]) -> str:
    data = _plain({**head, "questions": list(questions)})
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=110)


def _plain(value: Any) -> Any:
    """Without what is not said, and with tuples as lists."""
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items() if one is not None}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value


def _slug(text: str) -> str:
    words = re.findall(r"[a-z0-9]+", text.lower())
    return "job-" + "-".join(word[:14] for word in words[:6])[:44].strip("-")


def _free(slug: str, taken: set[str]) -> str:
    return next(
        name for number in range(1, 10_000) if (name := f"{slug}-{number}" if number > 1 else slug) not in taken
    )

"""Reads banks from disk. Whatever is wrong with a file ends as one QuestionBankError that names file and line."""

from __future__ import annotations

import glob
import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from hireflow_voice.bank.models import Bank, Company, KnownAnswers, Model
from hireflow_voice.bank.plain_yaml import Document, Where, display_name, fault, parse, read_text, shorten
from hireflow_voice.errors import QuestionBankError

COMPANY_FILE = "company.yaml"
KNOWN_ANSWERS_FILE = "known-answers.yaml"
MAX_FILES = 500

_Model = TypeVar("_Model", bound=Model)

_SAID = {
    "missing": "is missing",
    "extra_forbidden": "is not a field that exists here",
    "string_type": "must be text",
    "tuple_type": "must be a list",
    "dict_type": "must be a mapping",
    "model_type": "must be a mapping",
    "int_type": "must be a whole number",
    "too_long": "has too many entries",
    "too_short": "has too few entries",
}


def load_bank(path: Path) -> Bank:
    """One round. Raises QuestionBankError."""
    return _load(path, Bank, path.parent)


def parse_bank(text: str, name: str) -> Bank:
    """One round out of the text of a file called `name`, held to the same rules. Raises QuestionBankError."""
    return Bank.model_validate(_understood(text, name, Bank))


def load_company(path: Path) -> Company:
    """A company's profile. Raises QuestionBankError."""
    return _load(path, Company, path.parent)


def load_known_answers(path: Path) -> KnownAnswers:
    """Answers with known verdicts. Raises QuestionBankError."""
    return _load(path, KnownAnswers, path.parent)


def load_banks(folder: Path, company: str = "") -> tuple[Bank, ...]:
    """Every round of every company below `folder`, or of one, by company and round. Raises QuestionBankError.

    `folder/<company>/<round>.yaml`; hidden files, `company.yaml` and `known-answers.yaml` are not rounds. The names on
    disk and the ids in the files must agree, so that an id always leads back to its file.
    """
    try:
        paths = sorted(
            path
            for path in folder.glob(f"{glob.escape(company) or '*'}/*.yaml")
            if path.name not in (COMPANY_FILE, KNOWN_ANSWERS_FILE)
            and not any(p.startswith(".") for p in path.parts[-2:])
        )
    except OSError as error:
        raise fault(folder.name, None, f"the folder cannot be read ({error.strerror})") from error
    if not paths:
        raise fault(folder.name, None, "no question bank is in this folder", "Put one at <company>/<round>.yaml.")
    if len(paths) > MAX_FILES:
        raise fault(folder.name, None, f"the folder holds more than {MAX_FILES} banks")
    banks = []
    for path in paths:
        bank = _load(path, Bank, folder)
        if (bank.company, bank.round) != (path.parent.name, path.stem):
            raise fault(
                display_name(path),
                1,
                f"the file says {bank.company}/{bank.round}",
                "Name folder and file like the ids.",
            )
        banks.append(bank)
    return tuple(banks)


def _load(path: Path, model: type[_Model], folder: Path) -> _Model:
    # The text is read each time, so that an edited bank is seen at once; to understand it takes a hundred times longer.
    return model.model_validate(_understood(read_text(path, folder), display_name(path), model))


@lru_cache(maxsize=64)
def _understood(text: str, name: str, model: type[Model]) -> Model:
    """The frozen model of a file's text. Raises QuestionBankError, which is not kept."""
    document = parse(text, name)
    if not isinstance(document.data, dict):
        raise fault(document.name, document.line_of(()), "the file must be a mapping of names to values")
    try:
        # JSON mode: strict, yet lists become tuples, dates and enumerations are read from their text.
        return model.model_validate_json(json.dumps(document.data))
    except ValidationError as error:
        raise _schema_fault(document, error) from error


def _schema_fault(document: Document, error: ValidationError) -> QuestionBankError:
    """The first fault of the file, in the file's order, as one sentence."""
    faults: list[Any] = error.errors(include_url=False, include_input=False)
    # A list that failed at an entry also counts as too short: only the entry is worth a sentence.
    around = {one["loc"][:end] for one in faults for end in range(len(one["loc"]))}
    faults = [one for one in faults if one["loc"] not in around or one["type"] != "too_short"]
    first = min(faults, key=lambda one: document.line_of(one["loc"]))
    where: Where = first["loc"]
    said = _SAID.get(first["type"])
    if first["type"] == "string_pattern_mismatch":
        said = _said_of_pattern(first["ctx"]["pattern"])
    elif first["type"] == "string_too_long":
        said = f"is longer than {first['ctx']['max_length']} characters"
    elif first["type"] == "string_too_short":
        said = "is empty"
    elif first["type"] == "literal_error":
        said = "must be one of " + ", ".join(re.findall(r"'([^']*)'", first["ctx"]["expected"]))
    said = said or str(first["msg"]).removeprefix("Value error, ").removeprefix("Input ")
    more = f" ({len(faults) - 1} more like it)" if len(faults) > 1 else ""
    return fault(document.name, document.line_of(where), f"{_spell(where)} {said}{more}".strip())


def _said_of_pattern(pattern: str) -> str:
    if pattern.startswith("^https"):
        return "must be an https address"
    if " " in pattern:
        return "may hold only lower-case letters, digits, spaces, dots, apostrophes and hyphens"
    return "may hold only a-z, 0-9 and -"


def _spell(where: Where) -> str:
    """("questions", 0, "key_points", 2, "weight") -> questions[1].key_points[3].weight, counting as people do."""
    text = ""
    for part in where:
        if isinstance(part, int):
            text += f"[{part + 1}]"
        elif part != "[key]":
            text += f".{shorten(part)}" if text else shorten(part)
    return text

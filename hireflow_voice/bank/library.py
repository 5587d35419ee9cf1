"""All companies that can call: those that ship, and the user's own beside them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from hireflow_voice.bank.loader import COMPANY_FILE, KNOWN_ANSWERS_FILE, load_bank, load_company, load_known_answers
from hireflow_voice.bank.models import Bank, Company, KnownAnswers
from hireflow_voice.bank.written import WrittenQuestions
from hireflow_voice.errors import NotFound, QuestionBankError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shelf:
    """One company with its rounds."""

    company: Company
    banks: tuple[Bank, ...]
    """In the order of its process."""
    own: bool
    """The user's, and not one that ships."""


class Library:
    """Reads the folders anew at every question, so that an edited bank is seen at once. Any thread."""

    def __init__(self, shipped: Path, own: Callable[[], Path], written: WrittenQuestions | None = None) -> None:
        """`own`: the user's folder, which need not be there; `written`: what a model wrote for the user, put behind
        the questions of its round."""
        self._shipped = shipped
        self._own = own
        self._written = written

    @property
    def own_folder(self) -> Path:
        """Where the user's companies are kept."""
        return self._own()

    def shelves(self) -> tuple[Shelf, ...]:
        """By company id. An own company that cannot be read is left out (`faults` says why), and so is one that takes
        the id of one that ships. Raises QuestionBankError for what ships."""
        found = {folder.name: _shelf(folder, own=False) for folder in _companies(self._shipped)}
        for folder in _companies(self._own()):
            if folder.name not in found:
                try:
                    found[folder.name] = _shelf(folder, own=True)
                except QuestionBankError as error:
                    log.warning("an own bank is left out: %s", error)
        return tuple(self._with_written(found[name]) for name in sorted(found))

    def _with_written(self, shelf: Shelf) -> Shelf:
        if self._written is None:
            return shelf
        return replace(shelf, banks=tuple(self._written.behind(bank) for bank in shelf.banks))

    def faults(self) -> tuple[QuestionBankError, ...]:
        """Why own companies are left out."""
        faults = []
        for folder in _companies(self._own()):
            try:
                _shelf(folder, own=True)
            except QuestionBankError as error:
                faults.append(error)
        return tuple(faults)

    def shelf(self, company: str) -> Shelf:
        """Raises NotFound, QuestionBankError."""
        for shelf in self.shelves():
            if shelf.company.company == company:
                return shelf
        raise NotFound(f"There is no company {company!r}.", "`hireflow-voice questions list` names what there is.")

    def bank(self, company: str, round_: str) -> tuple[Company, Bank]:
        """Raises NotFound, QuestionBankError."""
        shelf = self.shelf(company)
        for bank in shelf.banks:
            if bank.round == round_:
                return shelf.company, bank
        raise NotFound(
            f"There is no round {round_!r} of {company!r}.", "`hireflow-voice questions list` names what there is."
        )

    def known_answers(self, company: str) -> KnownAnswers | None:
        """Answers whose verdicts are known; None when none were written. Raises NotFound, QuestionBankError."""
        path = self.folder(company) / KNOWN_ANSWERS_FILE
        return load_known_answers(path) if path.is_file() else None

    def folder(self, company: str) -> Path:
        """Where a company's files are. Raises NotFound, QuestionBankError."""
        return (self._own() if self.shelf(company).own else self._shipped) / company


def _companies(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(p for p in folder.iterdir() if not p.name.startswith(".") and (p / COMPANY_FILE).is_file())


def _shelf(folder: Path, *, own: bool) -> Shelf:
    company = load_company(folder / COMPANY_FILE)
    if company.company != folder.name:
        raise QuestionBankError(
            f"{folder.name}/{COMPANY_FILE} says it is {company.company!r}.", "Name the folder like the id."
        )
    paths = [p for p in folder.glob("*.yaml") if p.name not in (COMPANY_FILE, KNOWN_ANSWERS_FILE)]
    banks = []
    for path in sorted(paths, key=lambda path: (company.place(path.stem), path.stem)):
        bank = load_bank(path)
        if (bank.company, bank.round) != (folder.name, path.stem):
            raise QuestionBankError(
                f"{folder.name}/{path.name} says it is {bank.company}/{bank.round}.",
                "Name folder and file like the ids.",
            )
        banks.append(bank)
    return Shelf(company, tuple(banks), own)

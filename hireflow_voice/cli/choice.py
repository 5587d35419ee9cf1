"""Which company and round a command is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from hireflow_voice.app.api import RoundInfo, usual
from hireflow_voice.errors import NotFound

if TYPE_CHECKING:
    from hireflow_voice.app.application import Application

CompanyId = Annotated[str, typer.Option("--company", help="Which company, by its id.", show_default="the usual one")]
RoundId = Annotated[str, typer.Option("--round", help="Which round, by its id.", show_default="the usual one")]


def chosen(app: Application, company: str = "", round_: str = "") -> RoundInfo:
    """The round that was named; what was left empty is filled in. Raises NotFound, QuestionBankError."""
    info = usual([info for info in app.rounds() if round_ in ("", info.round)], company)
    if info is None:
        what = " ".join(part for part in (company and f"company {company!r}", round_ and f"round {round_!r}") if part)
        raise NotFound(f"There is no {what or 'round'}.", "`hireflow-voice questions list` names what there is.")
    return info

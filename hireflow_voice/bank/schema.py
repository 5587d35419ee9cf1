"""JSON Schema of the YAML files, for editors that complete and check while one writes."""

from __future__ import annotations

from typing import Any, Literal

from hireflow_voice.bank.models import Bank, Company, KnownAnswers, Model

_FILES: dict[str, type[Model]] = {"round": Bank, "company": Company, "known-answers": KnownAnswers}


def json_schema(of: Literal["round", "company", "known-answers"] = "round") -> dict[str, Any]:
    """JSON Schema (2020-12) of one kind of file."""
    schema = _FILES[of].model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}

"""What the user can set, kept in settings.toml.

Order: command line, then HIREFLOW_* environment, then the file, then the defaults here. The endpoint's key is never in
the file: it is in the environment (HIREFLOW_ENDPOINT_KEY), in the keyring, or held for this run only (`secrets`).
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import tomli_w
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from hireflow_voice import paths
from hireflow_voice.errors import InputError
from hireflow_voice.sound import USUAL_DELAY_S, Echo


class Appearance(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Patience(StrEnum):
    """How long a silence may last before it ends a turn (`turns.patience` has the seconds)."""

    BRISK = "brisk"
    PATIENT = "patient"
    MANUAL = "manual"
    """No silence ends it, only the Done key."""


@dataclass(frozen=True, slots=True)
class Preset:
    """A kind of server that speaks OpenAI's protocol, and where it is when nobody has moved it."""

    title: str
    base_url: str


PRESETS = (
    Preset("OpenAI", "https://api.openai.com/v1"),
    Preset("Ollama", "http://127.0.0.1:11434/v1"),
    Preset("vLLM", "http://127.0.0.1:8000/v1"),
    Preset("llama.cpp server", "http://127.0.0.1:8080/v1"),
    Preset("LM Studio", "http://127.0.0.1:1234/v1"),
)


def address(server: str) -> str:
    """The base URL of a preset's title in any case ("ollama"), or the address itself."""
    return next((preset.base_url for preset in PRESETS if preset.title.lower() == server.strip().lower()), server)


class Twice(StrEnum):
    """When an endpoint reads every answer twice, so that its doubt shows."""

    NEAR = "near"
    """Where it costs nothing but time: on this computer or in its own network."""
    ALWAYS = "always"
    NEVER = "never"


class Recogniser(StrEnum):
    """What writes down the answers; ids of the manifest of weights."""

    BASE = "whisper-base"
    TINY = "whisper-tiny.en"


class Endpoint(BaseModel):
    """An OpenAI-compatible server that judges instead of this computer."""

    model_config = ConfigDict(extra="forbid")

    enabled: bool = False
    base_url: str = ""
    """For example http://127.0.0.1:11434/v1."""
    model: str = ""
    deadline_s: float = Field(default=60.0, ge=1.0, le=600.0)
    """For one judgement in all: connection, body, retry, second reading."""
    read_twice: Twice = Twice.NEAR
    writes_follow_ups: bool = True
    """Its questions are asked where they pass every check and come in time; else the authored ones."""


class Settings(BaseSettings):
    """All settings. Unknown keys in the file are an error, so that a typing mistake is seen."""

    model_config = SettingsConfigDict(env_prefix="HIREFLOW_", env_nested_delimiter="__", extra="forbid")

    candidate_name: str = Field(default="", max_length=60)
    microphone: str = ""
    """Device name as the sound system gives it; empty: the default device."""
    speaker: str = ""
    echo: Echo = Echo.HEADPHONES
    """What is done about the interviewer's voice in the microphone; the line check proposes it."""
    echo_delay_s: float = Field(default=USUAL_DELAY_S, ge=0.0, le=1.0)
    """From the speaker to the microphone, as the line check found it."""
    phone_sound: bool = False
    """The interviewer sounds as over a telephone."""
    voice: str = "joe"
    recogniser: Recogniser = Recogniser.BASE
    """Used from the next start of the program on."""
    patience: Patience = Patience.PATIENT
    captions: bool = True
    appearance: Appearance = Appearance.SYSTEM
    text_size: int = Field(default=0, ge=0, le=200)
    """Percent of the designed size, 100 to 200; 0: as the desktop's text says."""
    interview_company: str = Field(default="", max_length=80)
    """Id of the company the plan prepares for; empty: the one that is offered first."""
    interview_date: str = Field(default="", pattern=r"^(\d{4}-\d{2}-\d{2})?$")
    """ISO date of the real interview; empty: nothing is planned."""
    minutes_a_day: int = Field(default=30, ge=10, le=240)
    """How long the candidate wants to practise on a day."""
    keep_days: int = Field(default=0, ge=0, le=3650)
    """Days after which a finished call is deleted when the program starts; 0: kept until it is deleted by hand."""
    endpoint: Endpoint = Endpoint()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is pydantic's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=settings_file())


def settings_file() -> Path:
    """The file that `load` reads and `save` writes."""
    return paths.config_dir() / "settings.toml"


def load(**overrides: Any) -> Settings:
    """Settings from all sources. Raises InputError naming the field when a source holds nonsense."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputError(
            f"The setting {where!r} cannot be used: {first['msg']}.",
            f"Mend it in {settings_file()} or delete that line.",
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{settings_file()} is not valid TOML: {error}.", "Mend it or delete the file.") from error


def save(settings: Settings) -> None:
    """Write the file whole: temporary name, fsync, rename."""
    path = settings_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    with partial.open("wb") as file:
        tomli_w.dump(settings.model_dump(mode="json"), file)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)

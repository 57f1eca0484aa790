"""Every setting of a run: from `hearth.toml`, then the environment (`HEARTH_…`), then the caller's flags."""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

DEFAULT_FILE = "hearth.toml"
FILE_VARIABLE = "HEARTH_SETTINGS"
_MEMORY = re.compile(r"^\d+(\.\d+)?\s*(MB|GB|MiB|GiB)$")


class SettingsError(ValueError):
    """A setting cannot be used: which one, what is allowed, and where to change it."""


class DeskOptions(BaseModel):
    """How the desk is served: the `[desk]` table of the settings file."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    hosts: tuple[str, ...] = Field(default=(), description="names by which browsers reach the desk over https")
    idle_minutes: int = Field(default=30, ge=1, le=480, description="an unused session ends after this long")
    longest_minutes: int = Field(default=600, ge=1, le=1440, description="any session ends after this long")
    styles: Path | None = Field(
        default=None, description="folder of the npm packages; empty: node_modules of the checkout"
    )
    sign_in_issuer: str = Field(default="", description="the council's own sign-in: OpenID Connect issuer")
    sign_in_client_id: str = Field(default="", description="the desk's id there")
    sign_in_client_secret: SecretStr = Field(default=SecretStr(""), description="the desk's secret there")
    sign_in_name: str = Field(default="your council account", description="what the button says")


class Settings(BaseSettings):
    """What shapes a month. Paths are relative to the folder in which the command runs."""

    model_config = SettingsConfigDict(
        env_prefix="HEARTH_", env_nested_delimiter="__", extra="forbid", frozen=True, hide_input_in_errors=True
    )

    landing: Path = Field(Path("landing"), description="folder where deliveries lie, a folder a month")
    store: Path = Field(Path("store"), description="folder that Hearth keeps; it holds personal data")
    profile: str = Field(
        "supporting-families-2022", description="the programme's rules: a name in profiles/, or a file"
    )
    casebook: SecretStr = Field(
        SecretStr(""),
        description="URL of the casebook's database: postgresql+psycopg://user@host/hearth; empty: in the store",
    )
    postcode_lookup: Path | None = Field(None, description="CSV as the ONS Postcode Directory, for wards and LSOAs")
    allow_test_identifiers: bool = Field(
        default=False, description="accept identifiers that cannot be real (synthetic data)"
    )
    max_rejected_pct: int = Field(20, ge=0, le=100, description="a table with more rejected rows than this is refused")
    volume_fall_pct: int = Field(
        50,
        ge=1,
        le=100,
        description="a roster that falls by this much, or a column of one that says who or where, stops the month",
    )
    dependent_until: int = Field(18, ge=16, le=25, description="a child is dependent until this birthday")
    expectant_parents: bool = Field(
        default=False, description="parents of an unborn child that the safeguarding hub knows make a family"
    )
    schedule_day: int = Field(5, ge=1, le=28, description="day of the month on which the month before is run")
    schedule_hour: int = Field(6, ge=0, le=23, description="hour at which it is run, UTC")
    threads: int = Field(2, ge=1, description="processor threads")
    memory_limit: str = Field("4GB", description="memory that each step's database may use before it spills")
    id_key: SecretStr = Field(
        SecretStr("hearth"), description="keys the ids, so that nobody can guess one from a record; set it once"
    )

    desk: DeskOptions = Field(default_factory=DeskOptions, description="how the desk is served: a table of its own")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is pydantic's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags before environment before file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=settings_file())

    @field_validator("memory_limit")
    @classmethod
    def _memory(cls, value: str) -> str:
        if not _MEMORY.match(value):
            raise ValueError("expected a number and a unit, such as 4GB")
        return value

    def published(self) -> str:
        """The settings as JSON for the month's record; secrets stay out."""
        return json.dumps(self.model_dump(mode="json", exclude={"id_key", "casebook", "desk"}), sort_keys=True)


def settings_file() -> Path:
    """The file in use: `HEARTH_SETTINGS`, else `hearth.toml` here; it need not exist."""
    return Path(os.environ.get(FILE_VARIABLE, DEFAULT_FILE))


def load(flags: Mapping[str, Any] | None = None) -> Settings:
    """Read the settings; flags of None are not given. Raises SettingsError with one clear sentence."""
    _named_file_exists()
    given = {name: value for name, value in (flags or {}).items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        complaint = _sentence(error)
    except ValueError as error:
        complaint = f"{settings_file()} is not valid TOML ({error})."
    raise SettingsError(complaint)


def _named_file_exists() -> None:
    if FILE_VARIABLE in os.environ and not settings_file().is_file():
        message = f"{FILE_VARIABLE} names {settings_file()}, which is no file. Correct it, or unset it."
        raise SettingsError(message)


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    name = ".".join(map(str, first["loc"]))
    if first["type"] == "extra_forbidden":
        known = DeskOptions.model_fields if name.startswith("desk.") else Settings.model_fields
        allowed = ", ".join(known)
        return f"Setting '{name}' in {settings_file()} is unknown. Known settings: {allowed}."
    told = first["msg"].removeprefix("Value error, ")
    return (
        f"Setting '{name}' cannot be used: {told}. "
        f"Change it in {settings_file()}, in the environment (HEARTH_{name.upper()}) or on the command line."
    )

"""Everything that may differ between a laptop and production, in one place."""

import json
import os
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    Field,
    SecretStr,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

CLOUD = (
    "SUPABASE_URL",
    "SUPABASE_SERVICE_KEY",
    "SUPABASE_SECRET_KEY",
    "GOOGLE_CLIENT_ID",
    "GOOGLE_CLIENT_SECRET",
    "REDIRECT_URI",
    "OPENAI_API_KEY",
    "DATABASE_URL",
    "RAILWAY_ENVIRONMENT",
    "VERCEL",
)
"""Variables whose presence says: this is not somebody's own machine."""

LOOPBACK = ("127.0.0.1", "localhost")
Origin = Annotated[str, StringConstraints(pattern=r"^https?://[A-Za-z0-9.:\[\]-]+$")]
"""Scheme, host and port, as a browser sends it; no path, and never `*` or `null`."""


class SettingsRefused(Exception):
    """A setting that AudioBrew cannot work with, named without its value."""


class Settings(BaseSettings):
    """Runs with nothing set: one listener, one machine, loopback only."""

    model_config = SettingsConfigDict(
        env_prefix="AUDIOBREW_",
        frozen=True,
        extra="ignore",
        env_ignore_empty=True,
        hide_input_in_errors=True,  # a failed start must not log the other values
    )

    mode: Literal["embedded"] = "embedded"
    data: Path = Path("var")
    web: Path = Path(__file__).parents[2] / "frontend-client" / "build"
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    allowed_origins: Annotated[tuple[Origin, ...], NoDecode] = (
        "https://audiobrew.vercel.app",
        "http://localhost:5173",
    )
    metrics_token: SecretStr | None = Field(default=None, min_length=1)
    espeak_library: Path | None = None

    busy_seconds: float = Field(default=10.0, gt=0)
    upload_bytes: int = Field(default=25 * 2**20, gt=0)
    mail_bytes: int = Field(default=10 * 2**20, gt=0)
    mail_parts: int = Field(default=500, gt=0)
    mails_per_upload: int = Field(default=500, gt=0)
    minutes_min: int = Field(default=1, ge=1)
    minutes_max: int = Field(default=120, ge=1)
    brews_at_once: int = Field(default=2, ge=1)
    brews_per_listener: int = Field(default=10, ge=1)
    clips_at_once: int = Field(default=4, ge=1)
    lease_beat_seconds: float = Field(default=5.0, gt=0)
    lease_dead_after_seconds: float = Field(default=30.0, gt=0)
    audio_url_seconds: int = Field(default=6 * 3600, gt=0)
    feed_tokens_per_listener: int = Field(default=20, gt=0)
    feed_items: int = Field(default=100, gt=0)
    session_days: int = Field(default=90, gt=0)
    paid_once_days: int = Field(default=30, gt=0)

    @field_validator("allowed_origins", mode="before")
    @classmethod
    def origins_are_a_json_list(cls, told: object) -> object:
        return _json(told) if isinstance(told, str) else told

    @field_validator("host")
    @classmethod
    def host_is_this_machine(cls, host: str) -> str:
        if host not in LOOPBACK:
            raise ValueError("must be a loopback address: 127.0.0.1 or localhost")
        return host

    @model_validator(mode="after")
    def minutes_make_a_range(self) -> Self:
        if self.minutes_min > self.minutes_max:
            raise ValueError("AUDIOBREW_MINUTES_MIN must not be more than AUDIOBREW_MINUTES_MAX")
        return self


def load_settings(**typed: Any) -> Settings:
    """The settings, what was typed before what the environment says. Raises SettingsRefused."""
    set_here = [name for name in CLOUD if os.environ.get(name)]
    if set_here and os.environ.get("AUDIOBREW_MODE") != "embedded":
        raise SettingsRefused(
            f"Found {', '.join(set_here)}: production arrives with the cloud adapters;"
            " until then set AUDIOBREW_MODE=embedded to run on this machine alone."
        )
    try:
        return Settings(**typed)
    except ValidationError as error:
        raise SettingsRefused(_in_words(error, typed)) from None


def _json(told: str) -> Any:
    try:
        return json.loads(told)
    except json.JSONDecodeError:
        raise ValueError('must be a JSON list such as ["https://app.example"]') from None


def _in_words(error: ValidationError, typed: dict[str, Any]) -> str:
    """Each wrong setting under the name it was given by, and never its value."""
    return "; ".join(
        f"{_named(part['loc'], typed)}{part['msg'].removeprefix('Value error, ')}"
        for part in error.errors(include_input=False, include_url=False)
    )


def _named(place: tuple[int | str, ...], typed: dict[str, Any]) -> str:
    if not place:
        return ""
    name = str(place[0])
    return f"--{name}: " if name in typed else f"AUDIOBREW_{name.upper()}: "

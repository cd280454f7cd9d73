"""Everything that may differ between a laptop and production, in one place."""

import base64
import binascii
import json
import os
from pathlib import Path
from tempfile import gettempdir
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AliasChoices,
    Field,
    SecretStr,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

CLOUD_VARIABLES = (
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

REQUIRED_IN_PRODUCTION = {
    "SUPABASE_URL": "Supabase, Project Settings, Data API: the project URL",
    "SUPABASE_SECRET_KEY": "Supabase, Project Settings, API Keys: a secret key"
    " (SUPABASE_SERVICE_KEY with the older service_role key does as well)",
    "SUPABASE_PUBLISHABLE_KEY": "Supabase, Project Settings, API Keys: the publishable key",
    "DATABASE_URL": "Supabase, Connect, Session pooler (port 5432), with AudioBrew's own role",
    "GOOGLE_CLIENT_ID": "Google Cloud console, APIs & Services, Credentials: the web client",
    "GOOGLE_CLIENT_SECRET": "beside the client id, in Google Cloud console",
    "REDIRECT_URI": "the callback registered at Google, https://<app>/api/auth/gmail/callback",
    "OPENAI_API_KEY": "platform.openai.com, API keys",
}
"""What production cannot do without, and where each is found."""

PUBLISHED_ORIGINS = ("https://audiobrew.vercel.app", "http://localhost:5173")
CALLBACKS = ("/api/auth/gmail/callback", "/api/gmail/callback")
LOOPBACK = ("127.0.0.1", "localhost")
TRANSACTION_POOLER = 6543
KEY_BYTES = 32
Origin = Annotated[str, StringConstraints(pattern=r"^https?://[A-Za-z0-9.:\[\]-]+$")]
"""Scheme, host and port, as a browser sends it; no path, and never `*` or `null`."""
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+[^\s]*$")]
HeaderName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9-]{0,60}$")]


Side = Literal["railway", "vercel"]


class InvalidSettings(Exception):
    """A setting that AudioBrew cannot work with, named without its value."""


def _plain(*names: str) -> Any:
    """A variable that keeps the name it has in the field."""
    return Field(default=None, validation_alias=AliasChoices(*names, *(n.lower() for n in names)))


class Settings(BaseSettings):
    """Runs with nothing set: one listener, one machine, loopback only. Production needs it all."""

    model_config = SettingsConfigDict(
        env_prefix="AUDIOBREW_",
        frozen=True,
        extra="ignore",
        env_ignore_empty=True,
        populate_by_name=True,
        hide_input_in_errors=True,  # a failed start must not log the other values
    )

    mode: Literal["embedded", "production"] = "embedded"
    side: Side = "railway"
    data: Path = Path("var")
    web: Path = Path(__file__).parents[2] / "frontend-client" / "build"
    host: str = ""
    port: int = Field(
        default=8000, ge=0, le=65535, validation_alias=AliasChoices("AUDIOBREW_PORT", "PORT")
    )
    allowed_origins: Annotated[tuple[Origin, ...], NoDecode] = Field(
        default=(),
        validation_alias=AliasChoices("AUDIOBREW_ALLOWED_ORIGINS", "ALLOWED_ORIGINS"),
    )
    worker_port: int | None = Field(default=None, ge=0, le=65535)
    metrics_token: SecretStr | None = Field(
        default=None,
        min_length=1,
        validation_alias=AliasChoices("AUDIOBREW_METRICS_TOKEN", "METRICS_TOKEN"),
    )
    espeak_library: Path | None = None

    supabase_url: Url | None = _plain("SUPABASE_URL")
    supabase_secret_key: SecretStr | None = _plain("SUPABASE_SECRET_KEY", "SUPABASE_SERVICE_KEY")
    supabase_publishable_key: str | None = _plain("SUPABASE_PUBLISHABLE_KEY", "SUPABASE_ANON_KEY")
    supabase_jwt_secret: SecretStr | None = _plain("SUPABASE_JWT_SECRET")
    database_url: SecretStr | None = _plain("DATABASE_URL")
    google_client_id: str | None = _plain("GOOGLE_CLIENT_ID")
    google_client_secret: SecretStr | None = _plain("GOOGLE_CLIENT_SECRET")
    redirect_uri: Url | None = _plain("REDIRECT_URI")
    openai_api_key: SecretStr | None = _plain("OPENAI_API_KEY")
    openai_base_url: Url | None = _plain("OPENAI_BASE_URL")
    app_url: Origin | None = _plain("APP_URL")
    encryption_keys: SecretStr | None = _plain("ENCRYPTION_KEYS")
    signing_key: SecretStr | None = _plain("SIGNING_KEY")

    database_schema: Annotated[str, StringConstraints(pattern=r"^[a-z_][a-z0-9_]{0,50}$")] = (
        "audiobrew"
    )
    database_connections: int = Field(default=5, ge=3, le=50)
    bucket: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{1,60}$")] = "episodes"
    google_url: Url | None = None
    writer: Literal["auto", "extractive", "openai"] = "auto"
    writer_model: str = "gpt-6-luna"
    writer_effort: Literal["none", "low", "medium", "high"] | None = "none"
    voice: Literal["auto", "espeak", "realtime", "speech"] = "auto"
    voice_model: str = "gpt-realtime-2.1-mini"
    voices: Annotated[tuple[str, str], NoDecode] = ("marin", "cedar")
    prices: Path | None = None
    cap_usd: float | None = Field(default=None, gt=0)
    daily_cap_usd: float | None = Field(default=None, gt=0)
    calls_at_once: int = Field(default=12, ge=1)
    call_seconds: float = Field(default=120.0, gt=0)

    requests_per_minute_per_listener: int = Field(default=3000, ge=0)
    requests_per_minute_per_address: int = Field(default=3000, ge=0)
    trusted_proxies: int | None = Field(default=None, ge=0, le=10)
    client_address_header: HeaderName | None = None
    busy_seconds: float = Field(default=10.0, gt=0)
    upload_bytes: int = Field(default=25 * 2**20, gt=0)
    mail_bytes: int = Field(default=10 * 2**20, gt=0)
    mail_parts: int = Field(default=500, gt=0)
    mails_per_upload: int = Field(default=500, gt=0)
    mails_per_label: int = Field(default=200, gt=0)
    mails_per_listener: int = Field(default=20_000, gt=0)
    text_bytes_per_listener: int = Field(default=500 * 2**20, gt=0)
    parsers: int = Field(default=2, ge=1, le=64)
    parser_cpu_seconds: int = Field(default=10, ge=1)
    parser_seconds: int = Field(default=60, ge=1)
    parser_megabytes: int = Field(default=512, ge=256)
    parser_idle_seconds: float = Field(default=60.0, gt=0)
    minutes_min: int = Field(default=1, ge=1)
    minutes_max: int = Field(default=120, ge=1)
    brews_at_once: int = Field(default=4, ge=1)
    brews_at_once_per_listener: int = Field(default=2, ge=1)
    brews_per_listener: int = Field(default=10, ge=1)
    clips_at_once: int = Field(default=16, ge=1)
    lease_beat_seconds: float = Field(default=5.0, gt=0)
    lease_dead_after_seconds: float = Field(default=30.0, gt=0)
    audio_url_seconds: int = Field(default=6 * 3600, gt=0)
    feed_tokens_per_listener: int = Field(default=20, gt=0)
    feed_items: int = Field(default=100, gt=0)
    session_days: int = Field(default=90, gt=0)
    session_idle_days: int = Field(default=30, gt=0)
    paid_once_days: int = Field(default=30, gt=0)
    sweep_hours: float = Field(default=6.0, ge=0)

    @property
    def production(self) -> bool:
        return self.mode == "production"

    @property
    def proxies(self) -> int:
        """How many proxies of ours a request comes through: behind every host's edge it is one."""
        if self.trusted_proxies is not None:
            return self.trusted_proxies
        return 1 if self.production else 0

    @property
    def origins(self) -> tuple[str, ...]:
        """Pages elsewhere that may call: the app's, and those that the owner names."""
        own = (self.app_url,) if self.app_url else ()
        return tuple(dict.fromkeys((*own, *self.allowed_origins)))

    @property
    def brews(self) -> bool:
        """Whether a server brews, too. The vercel side takes orders only: a worker elsewhere brews them."""
        return self.side == "railway"

    @property
    def gmail(self) -> bool:
        """Whether a listener can connect a mailbox."""
        return bool(self.google_client_id and self.google_client_secret and self.redirect_uri)

    @field_validator("allowed_origins", "voices", mode="before")
    @classmethod
    def lists_are_json(cls, told: object) -> object:
        return _json(told) if isinstance(told, str) else told

    @model_validator(mode="before")
    @classmethod
    def one_machine_answers_itself_only(cls, told: dict[str, Any]) -> dict[str, Any]:
        embedded = told.get("mode", "embedded") == "embedded"
        return {"host": LOOPBACK[0] if embedded else "0.0.0.0", **told}  # noqa: S104

    @model_validator(mode="after")
    def production_serves_its_app(self) -> Self:
        """Production has always let the published app and its development server in; a machine of one's
        own lets in what its owner names."""
        if self.production and "allowed_origins" not in self.model_fields_set:
            object.__setattr__(self, "allowed_origins", PUBLISHED_ORIGINS)
        return self

    @model_validator(mode="before")
    @classmethod
    def vercel_says_where_it_is(cls, told: dict[str, Any]) -> dict[str, Any]:
        """Vercel sets its own variable in every function, where only one folder can be written to.

        Every other host is the railway side.
        """
        here = {"side": "vercel", "data": Path(gettempdir()) / "audiobrew"}
        return {**here, **told} if os.environ.get("VERCEL") else told

    @model_validator(mode="after")
    def host_is_this_machine(self) -> Self:
        if not self.production and self.host not in LOOPBACK:
            raise ValueError("AUDIOBREW_HOST must be a loopback address: 127.0.0.1 or localhost")
        return self

    @model_validator(mode="after")
    def minutes_make_a_range(self) -> Self:
        if self.minutes_min > self.minutes_max:
            raise ValueError("AUDIOBREW_MINUTES_MIN must not be more than AUDIOBREW_MINUTES_MAX")
        return self

    @model_validator(mode="after")
    def database_keeps_sessions(self) -> Self:
        if self.database_url is None:
            return self
        parts = _parts(self.database_url.get_secret_value())
        if parts is None or not parts[0].startswith("postgres"):
            raise ValueError("DATABASE_URL must be a Postgres address: postgresql://…")
        if parts[1] == TRANSACTION_POOLER:
            raise ValueError(
                "DATABASE_URL points to the transaction pooler (port 6543); take the session pooler,"
                " port 5432"
            )
        return self

    @model_validator(mode="after")
    def what_others_gave_us_fits(self) -> Self:
        secret = self.supabase_secret_key
        told = secret.get_secret_value() if secret else None
        check_keys(self.supabase_publishable_key, told)
        if self.redirect_uri and not self.redirect_uri.endswith(CALLBACKS):
            raise ValueError(f"REDIRECT_URI must end in {' or '.join(CALLBACKS)}")
        return self

    @model_validator(mode="after")
    def encryption_keys_are_keys(self) -> Self:
        encryption_keys(self)
        return self

    @model_validator(mode="after")
    def models_have_a_key(self) -> Self:
        models = self.writer == "openai" or self.voice in ("realtime", "speech")
        if models and self.openai_api_key is None:
            raise ValueError(
                "AUDIOBREW_WRITER and AUDIOBREW_VOICE name a model's, which needs OPENAI_API_KEY"
            )
        return self

    @model_validator(mode="after")
    def production_is_complete(self) -> Self:
        absent = [name for name in REQUIRED_IN_PRODUCTION if not getattr(self, name.lower())]
        if self.production and absent:
            told = "; ".join(f"{name} ({REQUIRED_IN_PRODUCTION[name]})" for name in absent)
            raise ValueError(
                f"production needs {told}. Or set AUDIOBREW_MODE=embedded to run on this machine alone."
            )
        return self


def encryption_keys(settings: Settings) -> dict[str, bytes]:
    """The keys by their ids, the newest first. Raises ValueError; empty when none is set."""
    if settings.encryption_keys is None:
        return {}
    found = {}
    for told in settings.encryption_keys.get_secret_value().split(","):
        id, _, key = told.strip().partition(":")
        try:
            found[id] = base64.b64decode(key, validate=True)
        except binascii.Error:
            found[id] = b""
        if not id or len(found[id]) != KEY_BYTES:
            raise ValueError(
                "ENCRYPTION_KEYS must be <id>:<32 bytes in base64>, newest first, parted by commas"
            )
    return found


def load_settings(**typed: Any) -> Settings:
    """The settings, what was typed before what the environment says. Raises InvalidSettings."""
    set_here = [name for name in CLOUD_VARIABLES if os.environ.get(name)]
    if set_here and not os.environ.get("AUDIOBREW_MODE"):
        typed = {"mode": "production", **typed}
    try:
        return Settings(**typed)
    except ValidationError as error:
        raise InvalidSettings(in_words(error, typed)) from None


def _parts(address: str) -> tuple[str, int | None] | None:
    try:
        found = urlsplit(address)
        return found.scheme, found.port
    except ValueError:
        return None


def _json(told: str) -> Any:
    try:
        return json.loads(told)
    except json.JSONDecodeError:
        raise ValueError('must be a JSON list such as ["https://app.example"]') from None


def in_words(error: ValidationError, typed: dict[str, Any]) -> str:
    """Each wrong setting under the name it was given by, and never its value."""
    return "; ".join(
        f"{_named(part['loc'], typed)}{part['msg'].removeprefix('Value error, ')}"
        for part in error.errors(include_input=False, include_url=False)
    )


def _named(place: tuple[int | str, ...], typed: dict[str, Any]) -> str:
    if not place:
        return ""
    name = str(place[0])
    if name in typed:
        return f"--{name}: "
    own = name.upper() == name  # a variable that keeps its name in the field
    return f"{name}: " if own else f"AUDIOBREW_{name.upper()}: "


KINDS = {"sb_secret_": "server", "sb_publishable_": "browser"}
ROLES = {"service_role": "server", "supabase_admin": "server", "anon": "browser"}
"""Of the older keys, which are signed tokens."""


def check_keys(browsers: str | None, servers: str | None) -> None:
    """Raises ValueError, in words and without a key, for one that is in the other's place."""
    if meant_for(browsers or "") == "server":
        raise ValueError(
            "SUPABASE_PUBLISHABLE_KEY is a key for servers, and would be sent to every browser: take the"
            " publishable key, and have the other one replaced if it was ever used like this"
        )
    if meant_for(servers or "") == "browser":
        raise ValueError(
            "SUPABASE_SECRET_KEY (or SUPABASE_SERVICE_KEY) is a key for browsers: take a secret key"
        )


def meant_for(key: str) -> str | None:
    """`server` or `browser`; None for a key that does not say."""
    for beginning, kind in KINDS.items():
        if key.startswith(beginning):
            return kind
    return ROLES.get(_role(key))


def _role(key: str) -> str:
    parts = key.split(".")
    try:
        told = json.loads(base64.urlsafe_b64decode(parts[1] + "=="))
        return str(told["role"])
    except (IndexError, KeyError, TypeError, ValueError, binascii.Error):
        return ""

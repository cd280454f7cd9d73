"""All settings. They are read from environment variables, and a single machine needs none of them."""

import base64
import binascii
import json
import os
import re
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
from pydantic_settings import NoDecode, SettingsConfigDict

from audiobrew.mail_settings import HostName, MailSettings
from audiobrew.supabase_keys import check_supabase_keys

# If one of these variables is set, and neither AUDIOBREW_MODE nor AUDIOBREW_PUBLIC_URL is, the mode is
# production.
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

# The variables that production needs, and where to find their values.
REQUIRED_IN_PRODUCTION = {
    "SUPABASE_URL": "Supabase, Project Settings, Data API: the project URL",
    "SUPABASE_SECRET_KEY": "Supabase, Project Settings, API Keys: a secret key"
    " (SUPABASE_SERVICE_KEY with the older service_role key works as well)",
    "SUPABASE_PUBLISHABLE_KEY": "Supabase, Project Settings, API Keys: the publishable key",
    "DATABASE_URL": "Supabase, Connect, Session pooler (port 5432), with AudioBrew's own role",
    "GOOGLE_CLIENT_ID": "Google Cloud console, APIs & Services, Credentials: the web client",
    "GOOGLE_CLIENT_SECRET": "beside the client id, in Google Cloud console",
    "REDIRECT_URI": "the callback registered at Google, https://<app>/api/auth/gmail/callback",
    "OPENAI_API_KEY": "platform.openai.com, API keys",
}

PUBLISHED_ORIGINS = ("https://audiobrew.vercel.app", "http://localhost:5173")
CALLBACKS = ("/api/auth/gmail/callback", "/api/gmail/callback")
LOOPBACK = ("127.0.0.1", "localhost")
# The port of Supabase's transaction pooler, which does not keep sessions. The engine needs them.
TRANSACTION_POOLER_PORT = 6543
KEY_BYTES = 32
# The web app of a package, and of a checkout.
WEB = Path(__file__).with_name("web"), Path(__file__).parents[2] / "frontend-client" / "build"
# The model of a server for speech, if no other one is set. Its usual voices are known.
VOICE_SERVER_MODEL = "kokoro"
# Scheme, host and port, as browsers send it; without a path, and never `*` or `null`.
Origin = Annotated[str, StringConstraints(pattern=r"^https?://[A-Za-z0-9.:\[\]-]+$")]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+[^\s]*$")]
HeaderName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9-]{0,60}$")]
VoiceId = Annotated[str, StringConstraints(min_length=1, max_length=200)]
VoicesByLanguage = dict[str, tuple[VoiceId, VoiceId]]
Side = Literal["railway", "vercel"]


class InvalidSettings(Exception):
    """Names the invalid settings and says what is wrong with them, without their values."""


def unprefixed(*names: str) -> Any:
    """An optional setting whose variable has a conventional name instead of the prefix `AUDIOBREW_`."""
    return Field(default=None, validation_alias=AliasChoices(*names, *(n.lower() for n in names)))


class Settings(MailSettings):
    """Without any setting, AudioBrew serves one listener on one machine, on loopback only.

    With `public_url`, it is a server of one's own (mode `home`), with accounts of its own. Production needs
    all of `REQUIRED_IN_PRODUCTION`.
    """

    model_config = SettingsConfigDict(
        env_prefix="AUDIOBREW_",
        frozen=True,
        extra="ignore",
        env_ignore_empty=True,
        populate_by_name=True,
        hide_input_in_errors=True,  # a failed start must not log the values of other settings
    )

    mode: Literal["embedded", "home", "production"] = "embedded"
    public_url: Origin | None = None
    hosts: Annotated[tuple[HostName, ...], NoDecode] = ()
    private_sources: bool | None = None
    oidc_issuer: Url | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: SecretStr | None = None
    oidc_name: str = ""
    side: Side = "railway"
    data: Path = Path("var")
    web: Path = WEB[0] if WEB[0].is_dir() else WEB[1]
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

    supabase_url: Url | None = unprefixed("SUPABASE_URL")
    supabase_secret_key: SecretStr | None = unprefixed(
        "SUPABASE_SECRET_KEY", "SUPABASE_SERVICE_KEY"
    )
    supabase_publishable_key: str | None = unprefixed(
        "SUPABASE_PUBLISHABLE_KEY", "SUPABASE_ANON_KEY"
    )
    supabase_jwt_secret: SecretStr | None = unprefixed("SUPABASE_JWT_SECRET")
    database_url: SecretStr | None = unprefixed("DATABASE_URL")
    google_client_id: str | None = unprefixed("GOOGLE_CLIENT_ID")
    google_client_secret: SecretStr | None = unprefixed("GOOGLE_CLIENT_SECRET")
    redirect_uri: Url | None = unprefixed("REDIRECT_URI")
    openai_api_key: SecretStr | None = unprefixed("OPENAI_API_KEY")
    openai_base_url: Url | None = unprefixed("OPENAI_BASE_URL")
    app_url: Origin | None = unprefixed("APP_URL")
    encryption_keys: SecretStr | None = unprefixed("ENCRYPTION_KEYS")
    signing_key: SecretStr | None = unprefixed("SIGNING_KEY")

    database_schema: Annotated[str, StringConstraints(pattern=r"^[a-z_][a-z0-9_]{0,50}$")] = (
        "audiobrew"
    )
    database_connections: int = Field(default=5, ge=3, le=50)
    bucket: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{1,60}$")] = "episodes"
    google_url: Url | None = None
    writer: Literal["auto", "extractive", "openai"] = "auto"
    writer_model: str = "gpt-6-luna"
    writer_effort: Literal["none", "low", "medium", "high"] | None = "none"
    voice: Literal["auto", "natural", "fast", "espeak", "realtime", "speech"] = "auto"
    voice_files: Path | None = None
    voice_threads: int = Field(default=2, ge=1, le=64)
    hearing: Literal["on", "off"] = "off"
    voice_model: str = "gpt-realtime-2.1-mini"
    voices: Annotated[tuple[VoiceId, VoiceId] | VoicesByLanguage, NoDecode] = ("marin", "cedar")
    voice_url: Url | None = None
    voice_key: SecretStr | None = None
    sounds: bool = True
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
    import_bytes: int = Field(default=4 * 2**30, gt=0)
    mail_bytes: int = Field(default=10 * 2**20, gt=0)
    mail_parts: int = Field(default=500, gt=0)
    mails_per_upload: int = Field(default=500, gt=0)
    mails_per_label: int = Field(default=200, gt=0)
    mails_per_listener: int = Field(default=20_000, gt=0)
    text_bytes_per_listener: int = Field(default=500 * 2**20, gt=0)
    parsers: int = Field(default=2, ge=1, le=64)
    parser_cpu_seconds: int = Field(default=20, ge=1)
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
    def home(self) -> bool:
        """Whether this is a server of one's own."""
        return self.mode == "home"

    @property
    def app_origin(self) -> str | None:
        """The origin of the app, if a setting says so; else it is the origin of each request."""
        return self.public_url if self.home else self.app_url

    @property
    def oidc_label(self) -> str:
        """What people know their OpenID Connect provider by."""
        return self.oidc_name or urlsplit(self.oidc_issuer or "").hostname or ""

    @property
    def proxies(self) -> int:
        """How many trusted proxies a request passes through: one on hosting platforms, and before a server
        of one's own with an https address, because it speaks plain http itself."""
        if self.trusted_proxies is not None:
            return self.trusted_proxies
        has_tls = self.home and (self.public_url or "").startswith("https:")
        return 1 if self.production or has_tls else 0

    @property
    def origins(self) -> tuple[str, ...]:
        """Other origins whose pages may use the API: the app's, and those that the owner allows."""
        own = (self.app_origin,) if self.app_origin else ()
        return tuple(dict.fromkeys((*own, *self.allowed_origins)))

    @property
    def brews(self) -> bool:
        """Whether a server also brews. The vercel side only takes orders, which a worker elsewhere brews."""
        return self.side == "railway"

    @property
    def gmail(self) -> bool:
        """Whether listeners can connect a Gmail mailbox."""
        return bool(self.google_client_id and self.google_client_secret and self.gmail_callback)

    @property
    def gmail_callback(self) -> str | None:
        """Where Google redirects to. On a server of one's own, it is known."""
        return self.redirect_uri or (
            f"{self.public_url}{CALLBACKS[0]}" if self.home and self.public_url else None
        )

    @field_validator("voices", mode="before")
    @classmethod
    def check_voices(cls, value: object) -> object:
        # Defined before `parse_json_list`, which pydantic therefore runs first.
        pairs = list(value.values()) if isinstance(value, dict) else [value]
        languages = value if isinstance(value, dict) else ()
        are_pairs = all(isinstance(pair, list | tuple) and len(pair) == 2 for pair in pairs)
        if not pairs or not are_pairs or not all(map(is_language_code, languages)):
            raise ValueError(
                'must be two voices, ["af_heart", "am_michael"], or two for each language,'
                ' {"en": ["af_heart", "am_michael"], "fr": ["ff_siwis", "ff_siwis"]}'
            )
        return value

    @field_validator("allowed_origins", "voices", mode="before")
    @classmethod
    def parse_json_list(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except json.JSONDecodeError:
            raise ValueError('must be JSON, such as ["https://app.example"]') from None

    @field_validator("hosts", mode="before")
    @classmethod
    def split_hosts(cls, value: object) -> object:
        """Names separated by commas."""
        return [name.strip() for name in value.split(",")] if isinstance(value, str) else value

    @field_validator("public_url", mode="before")
    @classmethod
    def strip_slash(cls, value: object) -> object:
        return value.rstrip("/") if isinstance(value, str) else value

    @model_validator(mode="before")
    @classmethod
    def set_default_host(cls, values: dict[str, Any]) -> dict[str, Any]:
        production = values.get("mode") == "production"
        return {"host": "0.0.0.0" if production else LOOPBACK[0], **values}  # noqa: S104

    @model_validator(mode="after")
    def set_default_origins(self) -> Self:
        """By default, production allows the published app and its development server. Embedded mode
        allows no other origin by default."""
        if self.production and "allowed_origins" not in self.model_fields_set:
            object.__setattr__(self, "allowed_origins", PUBLISHED_ORIGINS)
        return self

    @model_validator(mode="before")
    @classmethod
    def set_vercel_defaults(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Vercel sets the variable `VERCEL`, and its functions can only write to the temporary folder."""
        defaults = {"side": "vercel", "data": Path(gettempdir()) / "audiobrew"}
        return {**defaults, **values} if os.environ.get("VERCEL") else values

    @model_validator(mode="after")
    def check_host(self) -> Self:
        if self.mode == "embedded" and self.host not in LOOPBACK:
            raise ValueError(
                "AUDIOBREW_HOST must be a loopback address: 127.0.0.1 or localhost. To let other devices in,"
                " set AUDIOBREW_PUBLIC_URL"
            )
        return self

    @model_validator(mode="after")
    def check_public_url(self) -> Self:
        if self.home and self.public_url is None:
            raise ValueError(
                "AUDIOBREW_MODE=home needs AUDIOBREW_PUBLIC_URL, such as https://brew.example.org"
            )
        if self.public_url is not None and not self.home:
            raise ValueError(f"AUDIOBREW_PUBLIC_URL cannot be set with AUDIOBREW_MODE={self.mode}")
        return self

    @model_validator(mode="after")
    def check_oidc(self) -> Self:
        if bool(self.oidc_issuer) != bool(self.oidc_client_id):
            raise ValueError("AUDIOBREW_OIDC_ISSUER and AUDIOBREW_OIDC_CLIENT_ID belong together")
        if self.oidc_issuer and not self.home:
            raise ValueError("AUDIOBREW_OIDC_ISSUER needs AUDIOBREW_PUBLIC_URL")
        return self

    @model_validator(mode="after")
    def check_minutes(self) -> Self:
        if self.minutes_min > self.minutes_max:
            raise ValueError("AUDIOBREW_MINUTES_MIN must not be more than AUDIOBREW_MINUTES_MAX")
        return self

    @model_validator(mode="after")
    def check_database_url(self) -> Self:
        if self.database_url is None:
            return self
        try:
            url = urlsplit(self.database_url.get_secret_value())
            scheme, port = url.scheme, url.port
        except ValueError:
            scheme, port = "", None
        if not scheme.startswith("postgres"):
            raise ValueError("DATABASE_URL must be a Postgres address: postgresql://…")
        if port == TRANSACTION_POOLER_PORT:
            raise ValueError(
                "DATABASE_URL points to the transaction pooler (port 6543); use the session pooler,"
                " port 5432"
            )
        return self

    @model_validator(mode="after")
    def check_supabase_and_google(self) -> Self:
        secret = self.supabase_secret_key
        secret_key = secret.get_secret_value() if secret else None
        check_supabase_keys(self.supabase_publishable_key, secret_key)
        if self.redirect_uri and not self.redirect_uri.endswith(CALLBACKS):
            raise ValueError(f"REDIRECT_URI must end in {' or '.join(CALLBACKS)}")
        return self

    @model_validator(mode="after")
    def check_encryption_keys(self) -> Self:
        encryption_keys(self)
        return self

    @property
    def has_voice_server(self) -> bool:
        """Whether the voice is that of the server at `voice_url`."""
        return self.voice_url is not None and self.voice in ("auto", "speech")

    @model_validator(mode="after")
    def check_voice_server(self) -> Self:
        if self.voice_url is None:
            if not isinstance(self.voices, tuple):
                raise ValueError(
                    "AUDIOBREW_VOICES names voices for each language, which only a server at"
                    " AUDIOBREW_VOICE_URL has"
                )
            return self
        if not self.has_voice_server:
            raise ValueError(
                "AUDIOBREW_VOICE_URL needs AUDIOBREW_VOICE=speech (or auto), or remove the address"
            )
        if "voice_model" not in self.model_fields_set:
            object.__setattr__(self, "voice_model", VOICE_SERVER_MODEL)
        if self.server_voices is None and VOICE_SERVER_MODEL not in self.voice_model.lower():
            raise ValueError(
                "AUDIOBREW_VOICES must name the voices of AUDIOBREW_VOICE_MODEL, because it is not Kokoro"
            )
        return self

    @property
    def has_local_voices(self) -> bool:
        """Whether the natural voices of this machine speak."""
        by_default = self.voice == "auto" and not self.openai_api_key and not self.has_voice_server
        return by_default or self.voice in ("natural", "fast")

    @model_validator(mode="after")
    def check_voice_files(self) -> Self:
        if self.voice_files is not None and not self.has_local_voices:
            raise ValueError("AUDIOBREW_VOICE_FILES needs AUDIOBREW_VOICE=fast or natural")
        return self

    @property
    def voice_pair(self) -> tuple[str, str]:
        """The voices of OpenAI's two hosts."""
        assert isinstance(self.voices, tuple), "`check_voice_server` has checked it"
        return self.voices

    @property
    def server_voices(self) -> tuple[str, str] | VoicesByLanguage | None:
        """The voices of the server that the setting names; None for its usual ones."""
        return self.voices if "voices" in self.model_fields_set else None

    @model_validator(mode="after")
    def check_openai_key(self) -> Self:
        needs_key = self.writer == "openai" or (
            self.voice in ("realtime", "speech") and not self.has_voice_server
        )
        if needs_key and self.openai_api_key is None:
            raise ValueError(
                "AUDIOBREW_WRITER and AUDIOBREW_VOICE select OpenAI's models, which need OPENAI_API_KEY"
            )
        return self

    @model_validator(mode="after")
    def check_required_in_production(self) -> Self:
        missing = [name for name in REQUIRED_IN_PRODUCTION if not getattr(self, name.lower())]
        if self.production and missing:
            variables = "; ".join(f"{name} ({REQUIRED_IN_PRODUCTION[name]})" for name in missing)
            raise ValueError(
                f"production needs {variables}. Or set AUDIOBREW_MODE=embedded to run on this machine alone."
            )
        return self


def is_language_code(code: object) -> bool:
    return isinstance(code, str) and re.fullmatch(r"[a-z]{2,3}", code) is not None


def encryption_keys(settings: Settings) -> dict[str, bytes]:
    """The keys by their ids, newest first; empty if none is set. Raises ValueError."""
    if settings.encryption_keys is None:
        return {}
    keys = {}
    for entry in settings.encryption_keys.get_secret_value().split(","):
        id, _, key = entry.strip().partition(":")
        try:
            keys[id] = base64.b64decode(key, validate=True)
        except binascii.Error:
            keys[id] = b""
        if not id or len(keys[id]) != KEY_BYTES:
            raise ValueError(
                "ENCRYPTION_KEYS must be <id>:<32 bytes in base64>, newest first, separated by commas"
            )
    return keys


def load_settings(**options: Any) -> Settings:
    """The settings from the environment. `options` of the command line override them. Raises
    InvalidSettings."""
    if not os.environ.get("AUDIOBREW_MODE"):
        if os.environ.get("AUDIOBREW_PUBLIC_URL"):
            options = {"mode": "home", **options}
        elif any(os.environ.get(name) for name in CLOUD_VARIABLES):
            options = {"mode": "production", **options}
    try:
        return Settings(**options)
    except ValidationError as error:
        raise InvalidSettings(describe_errors(error, options)) from None


def describe_errors(error: ValidationError, options: dict[str, Any]) -> str:
    """Names each invalid setting by its option or variable, without its value."""
    descriptions = []
    for part in error.errors(include_input=False, include_url=False):
        prefix = ""
        if part["loc"]:
            name = str(part["loc"][0])
            if name in options:
                name = f"--{name}"
            elif name.upper() != name:  # else an alias, which is the whole name of the variable
                name = f"AUDIOBREW_{name.upper()}"
            prefix = f"{name}: "
        descriptions.append(prefix + part["msg"].removeprefix("Value error, "))
    return "; ".join(descriptions)

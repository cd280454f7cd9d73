"""Request and response bodies of sign-in and of the app's configuration."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from audiobrew.settings import Side

Code = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class SessionRequest(BaseModel):
    """The one-time code that the terminal printed."""

    model_config = ConfigDict(extra="forbid")
    code: Code


class Session(BaseModel):
    """A bearer token and whose it is."""

    token: str
    user_id: UUID
    expires_at: AwareDatetime


class BrowserSessionRequest(BaseModel):
    """The one-time code that the terminal printed; without it, the bearer token is traded."""

    model_config = ConfigDict(extra="forbid")
    code: Code | None = None


class CurrentSession(BaseModel):
    """Who is signed in."""

    user_id: UUID
    expires_at: AwareDatetime = Field(description="Of a browser session: unless it is used before.")
    csrf_token: str | None = Field(
        description="Of a browser session: to be sent as `X-CSRF-Token` with every request that is not"
        " GET or HEAD. Null for a bearer token."
    )


class AppLimits(BaseModel):
    """What the app must keep to."""

    upload_bytes: int
    minutes_min: int
    minutes_max: int


class AppRollout(BaseModel):
    """Which side serves whom: railway serves a listener whose bucket is less than `percent` times 100,
    and the vercel side all others, or everybody while `kill` is true.

    The bucket is the first four bytes of the SHA-256 of `salt`, a colon and the listener's id, as a
    number, modulo 10000; for who has not signed in it is 9999.
    """

    percent: float = Field(ge=0, le=100, examples=[25.0])
    salt: str = Field(description="The same for good.", examples=["9f2c66b07d1e4a35"])
    kill: bool = Field(description="The vercel side serves everybody.", examples=[False])


class AppConfig(BaseModel):
    """How to sign in, and the limits. Public: holds no secret."""

    auth: Literal["local", "supabase"] = Field(description="How listeners sign in.")
    version: str = Field(examples=["0.1.0"])
    voice: str = Field(description="Which voice speaks.", examples=["espeak"])
    translates: bool = Field(
        description="Whether an episode may be in another language than its newsletters."
    )
    limits: AppLimits
    side: Side = Field(description="Which of the two sides answered.")
    rollout: AppRollout | None = Field(
        description="Which side serves whom; null where there is one side only."
    )
    gmail: bool = Field(description="Whether a mailbox can be connected.")
    supabase_url: str | None = Field(description="Where to sign in, when `auth` says supabase.")
    supabase_key: str | None = Field(description="Supabase's publishable key, made for browsers.")

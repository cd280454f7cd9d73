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
    """A bearer token, and the listener it belongs to."""

    token: str
    user_id: UUID
    expires_at: AwareDatetime


class BrowserSessionRequest(BaseModel):
    """The one-time code that the terminal printed. Without it, the bearer token is exchanged."""

    model_config = ConfigDict(extra="forbid")
    code: Code | None = None


class CurrentSession(BaseModel):
    """The current session."""

    user_id: UUID
    expires_at: AwareDatetime = Field(description="A browser session is extended when it is used.")
    csrf_token: str | None = Field(
        description="Of a browser session: send it as `X-CSRF-Token` with every request that is not GET"
        " or HEAD. Null for a bearer token."
    )


class AppLimits(BaseModel):
    """Limits that the app must respect."""

    upload_bytes: int = Field(description="Of a file that is uploaded in one request.")
    import_bytes: int = Field(description="Of a file that is uploaded in parts, as an import.")
    minutes_min: int
    minutes_max: int


class AppRollout(BaseModel):
    """Which side serves whom. The railway side serves a listener whose bucket is less than `percent` times
    100; the vercel side serves all others, and everybody while `kill` is true.

    The bucket is the first four bytes of the SHA-256 of `salt`, a colon and the listener's id, as a
    big-endian number, modulo 10000. For visitors who have not signed in it is 9999.
    """

    percent: float = Field(ge=0, le=100, examples=[25.0])
    salt: str = Field(description="Never changes.", examples=["9f2c66b07d1e4a35"])
    kill: bool = Field(description="The vercel side serves everybody.", examples=[False])


class AppConfig(BaseModel):
    """The public configuration: how to sign in, and the limits. Contains no secret."""

    auth: Literal["local", "supabase"] = Field(description="How listeners sign in.")
    accounts: bool = Field(
        description="Whether listeners have accounts on this server, with passkeys and passwords (paths under"
        " `/api/home`). Then `auth` is `local`, because one-time links work as well."
    )
    needs_owner: bool = Field(
        description="Whether this server waits for its owner, who opens the link in its terminal or log."
    )
    sign_in_provider: str | None = Field(
        description="The OpenID Connect provider where people can sign in as well; null if there is none."
    )
    version: str = Field(examples=["0.1.0"])
    voice: str = Field(
        description="Who speaks in English episodes. A quote names the voices of an order.",
        examples=["Heart and Heart, lower"],
    )
    translates: bool = Field(
        description="Whether an episode may be in another language than its newsletters."
    )
    languages: list[str] = Field(
        description="The languages that an episode can be ordered in, if the service translates: ISO 639-1.",
        examples=[["de", "en", "fr"]],
    )
    sounds: bool = Field(
        description="Whether episodes have short sounds between stories, if a listener has no preference."
    )
    limits: AppLimits
    side: Side = Field(description="Which of the two sides answered.")
    rollout: AppRollout | None = Field(
        description="Which side serves whom; null if there is only one side."
    )
    gmail: bool = Field(description="Whether a mailbox can be connected.")
    own_addresses: bool = Field(
        description="Whether listeners can have addresses of their own, at which newsletters arrive."
    )
    supabase_url: str | None = Field(description="Where to sign in, if `auth` is `supabase`.")
    supabase_key: str | None = Field(
        description="Supabase's publishable key, which is meant for browsers."
    )

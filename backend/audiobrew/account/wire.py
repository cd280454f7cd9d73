"""Sign-in as it is told on the wire."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints


class SessionRequest(BaseModel):
    """The one-time code that the terminal printed."""

    model_config = ConfigDict(extra="forbid")
    code: Annotated[str, StringConstraints(min_length=1, max_length=100)]


class Session(BaseModel):
    """A bearer token and whose it is."""

    token: str
    user_id: UUID
    expires_at: AwareDatetime


class AppLimits(BaseModel):
    """What the app must keep to."""

    upload_bytes: int
    minutes_min: int
    minutes_max: int


class AppConfig(BaseModel):
    """How to sign in, and the limits. Public: holds no secret."""

    auth: Literal["local", "supabase"] = Field(description="How listeners sign in.")
    version: str = Field(examples=["0.1.0"])
    voice: str = Field(description="Which voice speaks.", examples=["espeak"])
    translates: bool = Field(
        description="Whether an episode may be in another language than its newsletters."
    )
    limits: AppLimits
    gmail: bool = Field(description="Whether a mailbox can be connected.")
    supabase_url: str | None = Field(description="Where to sign in, when `auth` says supabase.")
    supabase_key: str | None = Field(description="Supabase's publishable key, made for browsers.")

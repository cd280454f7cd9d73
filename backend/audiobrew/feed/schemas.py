"""The schemas of feed tokens in the API."""

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

TokenName = Annotated[
    str, StringConstraints(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]+$")
]


class FeedTokenRequest(BaseModel):
    """A name for the device or app that will listen."""

    model_config = ConfigDict(extra="forbid")
    name: TokenName = Field(examples=["Phone"])


class FeedToken(BaseModel):
    """One way into the show. Its address is told once, when it is made."""

    id: UUID
    name: str
    created_at: AwareDatetime
    last_used_at: AwareDatetime | None
    revoked_at: AwareDatetime | None


class NewFeedToken(FeedToken):
    """A token just made, with the address to give to a podcast app."""

    token: str = Field(description="What opens the show: the secret part of `url`.")
    url: str = Field(examples=["http://127.0.0.1:8000/feed/3q2-7w.../rss.xml"])

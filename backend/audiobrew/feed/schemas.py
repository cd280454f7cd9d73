"""The schemas of feed tokens in the API."""

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

TokenName = Annotated[
    str, StringConstraints(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]+$")
]


class FeedTokenRequest(BaseModel):
    """A request for a feed token, with a name for the device or app that will use it."""

    model_config = ConfigDict(extra="forbid")
    name: TokenName = Field(examples=["Phone"])


class FeedToken(BaseModel):
    """A feed token, which opens your show. Its URL is returned once, when the token is created."""

    id: UUID
    name: str
    created_at: AwareDatetime
    last_used_at: AwareDatetime | None
    revoked_at: AwareDatetime | None


class NewFeedToken(FeedToken):
    """A new feed token, with the URL for a podcast app."""

    token: str = Field(description="The secret part of `url`, which opens the show.")
    url: str = Field(examples=["http://127.0.0.1:8000/feed/3q2-7w.../rss.xml"])

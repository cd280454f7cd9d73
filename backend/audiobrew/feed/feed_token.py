"""Feed tokens, which open a listener's show, and their problems."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from audiobrew.problems import Problem


class FeedNotFound(Problem):
    """There is no feed at this address. Create a new one in AudioBrew."""

    type = "feed-not-found"
    status = HTTPStatus.NOT_FOUND


class FeedRevoked(Problem):
    """This feed address was revoked. Create a new one in AudioBrew."""

    type = "feed-revoked"
    status = HTTPStatus.GONE


class FeedTokenNotFound(Problem):
    """There is no such feed token. Load your feed tokens again."""

    type = "feed-token-not-found"
    status = HTTPStatus.NOT_FOUND


class TooManyFeedTokens(Problem):
    """You have reached the maximum number of feed addresses. Revoke one that you no longer use."""

    type = "too-many-feed-tokens"
    status = HTTPStatus.CONFLICT


@dataclass(frozen=True, slots=True)
class StoredToken:
    """A feed token as it is stored: without the token itself. Times are UTC."""

    id: UUID
    listener: UUID
    name: str
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class FeedOwner:
    """The listener whose show a token opens, and the show's public id."""

    listener: UUID
    show: UUID

"""Who is listening, in our words."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from types import MappingProxyType
from typing import Protocol
from uuid import UUID

from audiobrew.problems import Problem


class NotYours(Problem):
    """This belongs to another listener."""

    type = "not-yours"
    status = HTTPStatus.FORBIDDEN


class IdentityUnavailable(Problem):
    """Sign-in cannot be checked right now. Nothing was changed; try again in a few seconds."""

    type = "identity-away"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers = MappingProxyType({"Retry-After": "5"})


@dataclass(frozen=True, slots=True)
class VerifiedToken:
    """Whose token it is, and until when it opens anything."""

    listener: UUID
    expires_at: datetime


class Identity(Protocol):
    @property
    def name(self) -> str:
        """How listeners sign in, in words for `doctor`."""
        ...

    async def check(self) -> None:
        """Whether a token could be verified now. Raises Problem, OSError."""
        ...

    async def session(self, token: str) -> VerifiedToken:
        """Whose token this is. Raises SignInNeeded, IdentityUnavailable."""
        ...

    async def listener(self, token: str) -> UUID:
        """The same without its end. Raises SignInNeeded, IdentityUnavailable."""
        ...

    async def end(self, token: str) -> None:
        """Sign out: from now on this token opens nothing, as far as that is ours to say."""
        ...

    def shut_out(self, listener: UUID) -> None:
        """This listener was deleted: in this process their tokens open nothing from now on."""
        ...

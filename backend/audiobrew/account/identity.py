"""The port for sign-in: it verifies tokens and says which listener they belong to."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from types import MappingProxyType
from typing import Protocol
from uuid import UUID

from audiobrew.problems import Problem


class NotYours(Problem):
    """This belongs to another listener. Sign in with the account that owns it."""

    type = "not-yours"
    status = HTTPStatus.FORBIDDEN


class IdentityUnavailable(Problem):
    """Sign-in cannot be checked right now. Nothing was changed; try again in a few seconds."""

    type = "identity-away"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers = MappingProxyType({"Retry-After": "5"})


@dataclass(frozen=True, slots=True)
class VerifiedToken:
    """The listener a valid token belongs to, and when it expires."""

    listener: UUID
    expires_at: datetime


class Identity(Protocol):
    @property
    def name(self) -> str:
        """How listeners sign in, as `doctor` prints it."""
        ...

    async def check(self) -> None:
        """Check that tokens can be verified now. Raises Problem, OSError."""
        ...

    async def session(self, token: str) -> VerifiedToken:
        """Verify a token. Raises SignInNeeded, IdentityUnavailable."""
        ...

    async def listener(self, token: str) -> UUID:
        """The listener a token belongs to. Raises SignInNeeded, IdentityUnavailable."""
        ...

    async def end(self, token: str) -> None:
        """Sign out: reject this token from now on, if the session is ours to end."""
        ...

    def lock_out(self, listener: UUID) -> None:
        """Reject the tokens of a listener who was deleted, in this process and from now on."""
        ...

"""Who is listening, in our words."""

from http import HTTPStatus
from types import MappingProxyType
from typing import Protocol
from uuid import UUID

from audiobrew.problem import Problem


class SignInNeeded(Problem):
    """Please sign in first."""

    status = HTTPStatus.UNAUTHORIZED


class NotYours(Problem):
    """This belongs to another listener."""

    status = HTTPStatus.FORBIDDEN


class IdentityAway(Problem):
    """Sign-in cannot be checked right now. Nothing was changed; try again in a few seconds."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers = MappingProxyType({"Retry-After": "5"})


class Identity(Protocol):
    @property
    def name(self) -> str:
        """How listeners sign in, in words for `doctor`."""
        ...

    async def check(self) -> None:
        """Whether a token could be verified now. Raises Problem, OSError."""
        ...

    async def listener(self, token: str) -> UUID:
        """Whose token this is. Raises SignInNeeded, IdentityAway."""
        ...

    async def end(self, token: str) -> None:
        """Sign out: from now on this token opens nothing, as far as that is ours to say."""
        ...

    def shut_out(self, listener: UUID) -> None:
        """This listener was deleted: in this process their tokens open nothing from now on."""
        ...

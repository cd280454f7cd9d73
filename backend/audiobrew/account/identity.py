"""Who is listening, in our words."""

from http import HTTPStatus
from typing import Protocol
from uuid import UUID

from audiobrew.problem import Problem


class SignInNeeded(Problem):
    """Please sign in first."""

    status = HTTPStatus.UNAUTHORIZED


class NotYours(Problem):
    """This belongs to another listener."""

    status = HTTPStatus.FORBIDDEN


class Identity(Protocol):
    async def listener(self, token: str) -> UUID:
        """Whose token this is. Raises SignInNeeded."""
        ...

"""The listener of a request: whoever the bearer token belongs to."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from audiobrew.account.identity import Identity, SignInNeeded

bearer = HTTPBearer(
    scheme_name="listener",
    description="The token from `POST /api/session`, or Supabase's access token.",
    auto_error=False,
)
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]


async def signed_in(request: Request, credentials: Credentials) -> UUID:
    """Raises SignInNeeded."""
    if credentials is None:
        raise SignInNeeded
    identity: Identity = request.app.state.ports.identity
    return await identity.listener(credentials.credentials)


async def its_token(_: Annotated[UUID, Depends(signed_in)], credentials: Credentials) -> str:
    """The bearer token of a request that is signed in."""
    assert credentials
    return credentials.credentials


Listener = Annotated[UUID, Depends(signed_in)]

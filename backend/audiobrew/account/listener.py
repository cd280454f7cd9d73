"""The listener of a request: whoever the bearer token belongs to."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from audiobrew.account.identity import Identity, NotYours, SignInNeeded

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


async def own(
    listener: Listener,
    user_id: Annotated[UUID | None, Query(description="Only your own; the token says who.")] = None,
) -> UUID:
    """Raises NotYours."""
    if user_id and user_id != listener:
        raise NotYours
    return listener


Mine = Annotated[UUID, Depends(own)]
"""The listener, for paths where clients in the field also say who they think they are."""

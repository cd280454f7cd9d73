"""Authentication of a request: by its bearer token or, on a single machine, by the browser's cookie."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from audiobrew.account.browser_session import cookie_of, refuse_forgery
from audiobrew.account.dependencies import get_identity
from audiobrew.account.identity import Identity, NotYours
from audiobrew.account.local import LocalIdentity
from audiobrew.http.body_limit import authenticates
from audiobrew.problems import SignInNeeded

bearer = HTTPBearer(
    scheme_name="listener",
    description="The token from `POST /api/session`, or Supabase's access token.",
    auto_error=False,
)


@dataclass(frozen=True, slots=True)
class Authentication:
    """Who makes a request, and the session that proves it."""

    listener: UUID
    expires_at: datetime
    csrf_token: str | None  # only of a browser session
    # Checks the session again during a long response. Raises SignInNeeded, IdentityUnavailable.
    check: Callable[[], Awaitable[object]]
    end: Callable[[], Awaitable[None]]  # signs out


async def authenticate(request: Request) -> Authentication:
    """Authenticate the request. The result is stored on the request, so the check is made only once.

    A request with an `Authorization` header is judged by that header alone, never by its cookie.

    Raises SignInNeeded, ForgedRequest, IdentityUnavailable.
    """
    authentication: Authentication | None = getattr(request.state, "access", None)
    if authentication is None:
        identity = await get_identity(request)
        if "authorization" in request.headers:
            authentication = await _authenticate_by_token(request, identity)
        elif (cookie := cookie_of(request)) and isinstance(identity, LocalIdentity):
            authentication = await _authenticate_by_cookie(request, identity, cookie)
        else:
            raise SignInNeeded
        request.state.access = authentication
    return authentication


async def _authenticate_by_token(request: Request, identity: Identity) -> Authentication:
    credentials = await bearer(request)
    if credentials is None:
        raise SignInNeeded
    token = credentials.credentials
    session = await identity.session(token)

    async def check() -> None:
        await identity.session(token)

    async def end() -> None:
        await identity.end(token)

    return Authentication(session.listener, session.expires_at, None, check, end)


async def _authenticate_by_cookie(
    request: Request, identity: LocalIdentity, cookie: str
) -> Authentication:
    session = await identity.browser_session(cookie)
    refuse_forgery(request, session.csrf_token)

    async def check() -> None:
        await identity.browser_session(cookie)

    async def end() -> None:
        await identity.end_browser_session(cookie)

    return Authentication(session.listener, session.expires_at, session.csrf_token, check, end)


# Makes the contract say that a route needs authentication. The contract adds the cookie as the second way.
Scheme = Annotated[HTTPAuthorizationCredentials | None, Security(bearer)]


async def listener_of(request: Request) -> UUID:
    """Raises SignInNeeded, ForgedRequest, IdentityUnavailable."""
    return (await authenticate(request)).listener


@authenticates(listener_of)
async def require_authentication(request: Request, _: Scheme) -> Authentication:
    """Raises SignInNeeded, ForgedRequest, IdentityUnavailable."""
    return await authenticate(request)


@authenticates(listener_of)
async def require_listener(request: Request, _: Scheme) -> UUID:
    """Raises SignInNeeded, ForgedRequest, IdentityUnavailable."""
    return await listener_of(request)


CurrentAuthentication = Annotated[Authentication, Depends(require_authentication)]
Listener = Annotated[UUID, Depends(require_listener)]


async def require_own_user_id(
    listener: Listener,
    user_id: Annotated[UUID | None, Query(description="Only your own; the token says who.")] = None,
) -> UUID:
    """Raises NotYours."""
    if user_id and user_id != listener:
        raise NotYours
    return listener


# The listener, on routes where the clients of the old application also send their user id as a parameter.
CurrentListener = Annotated[UUID, Depends(require_own_user_id)]

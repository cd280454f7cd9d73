"""The listener of a request: by its bearer token or, on one machine, by the browser's cookie."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from audiobrew.account.browser_session import cookie_of, refuse_forgery
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
    """What a request is signed in with."""

    listener: UUID
    expires_at: datetime
    csrf_token: str | None  # only of a browser session
    # Checks the session again during a long response. Raises SignInNeeded, IdentityUnavailable.
    check: Callable[[], Awaitable[object]]
    end: Callable[[], Awaitable[None]]  # signs out


async def authenticate(request: Request) -> Authentication:
    """Asked once a request. Raises SignInNeeded, ForgedRequest, IdentityUnavailable."""
    known: Authentication | None = getattr(request.state, "access", None)
    if known is None:
        known = request.state.access = await _access_of(request)
    return known


async def _access_of(request: Request) -> Authentication:
    identity: Identity = request.app.state.ports.identity
    if "authorization" in request.headers:
        return await _by_token(request, identity)
    cookie = cookie_of(request)
    if cookie is None or not isinstance(identity, LocalIdentity):
        raise SignInNeeded
    return await _by_cookie(request, identity, cookie)


async def _by_token(request: Request, identity: Identity) -> Authentication:
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


async def _by_cookie(request: Request, identity: LocalIdentity, cookie: str) -> Authentication:
    session = await identity.browser_session(cookie)
    refuse_forgery(request, session.csrf_token)

    async def check() -> None:
        await identity.browser_session(cookie)

    async def end() -> None:
        await identity.end_browser_session(cookie)

    return Authentication(session.listener, session.expires_at, session.csrf_token, check, end)


Scheme = Annotated[HTTPAuthorizationCredentials | None, Security(bearer)]
"""Declares, for the contract, that a route needs signing in; the cookie is added there as the other way."""


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


async def own(
    listener: Listener,
    user_id: Annotated[UUID | None, Query(description="Only your own; the token says who.")] = None,
) -> UUID:
    """Raises NotYours."""
    if user_id and user_id != listener:
        raise NotYours
    return listener


CurrentListener = Annotated[UUID, Depends(own)]
"""The listener, for paths where clients in the field also say who they think they are."""

"""Signing in, and what the app must know before it can."""

from typing import Annotated, Protocol

from fastapi import APIRouter, Request, Response

from audiobrew import __version__
from audiobrew.account.browser_session import (
    clear_cookie,
    cookie_of,
    refuse_other_origins,
    set_cookie,
)
from audiobrew.account.current_listener import CurrentAuthentication, bearer
from audiobrew.account.identity import Identity
from audiobrew.account.local import (
    BrowserSession,
    CodeRefused,
    LocalIdentity,
    NoLocalSignIn,
    TooManyTries,
    local,
)
from audiobrew.account.schemas import (
    AppConfig,
    AppLimits,
    AppRollout,
    BrowserSessionRequest,
    CurrentSession,
    Session,
    SessionRequest,
)
from audiobrew.audio.voice import Voice
from audiobrew.http.body_limit import LimitedRoute
from audiobrew.http.dependencies import port
from audiobrew.problems import ForgedRequest, SignInNeeded, problems
from audiobrew.script.writer import Writer
from audiobrew.settings import Settings

router = APIRouter(route_class=LimitedRoute, prefix="/api", tags=["account"])


class Rollout(Protocol):
    """How far the move to another side of the service has come."""

    @property
    def percent(self) -> float: ...
    @property
    def salt(self) -> str: ...
    @property
    def kill(self) -> bool: ...


class Rollouts(Protocol):
    async def known(self) -> Rollout | None:
        """None while there is one side only."""
        ...


SignIn = Annotated[Identity, port("identity")]


@router.post(
    "/session", status_code=201, responses=problems(CodeRefused, NoLocalSignIn, TooManyTries)
)
async def create_session(asked: SessionRequest, identity: SignIn) -> Session:
    """Trade the one-time code that the terminal printed for a token."""
    made = await local(identity).trade(asked.code)
    return Session(token=made.token, user_id=made.listener, expires_at=made.expires_at)


@router.post(
    "/session/browser",
    status_code=201,
    responses=problems(SignInNeeded, CodeRefused, ForgedRequest, NoLocalSignIn, TooManyTries),
)
async def create_browser_session(
    asked: BrowserSessionRequest, request: Request, response: Response, identity: SignIn
) -> CurrentSession:
    """Trade the one-time code for a session in a cookie, for the app in a browser.

    Without a code, the bearer token of the request is traded instead and ends within a minute. The cookie
    is `HttpOnly` and `SameSite=Strict`; a session that the browser had before ends.
    """
    own = local(identity)
    refuse_other_origins(request)
    before = cookie_of(request)
    session = await _browser_session(own, asked.code, request, before)
    if before and before != session.cookie:
        await own.end_browser_session(before)
    set_cookie(request, response, session.cookie, own.session_lives)
    return CurrentSession(
        user_id=session.listener, expires_at=session.expires_at, csrf_token=session.csrf_token
    )


async def _browser_session(
    identity: LocalIdentity, code: str | None, request: Request, before: str | None
) -> BrowserSession:
    if code is not None:
        return await identity.open_browser_session(code)
    credentials = await bearer(request)
    if credentials is None:
        raise SignInNeeded
    return await identity.trade_token(credentials.credentials, before)


@router.get("/session", responses=problems(SignInNeeded))
async def get_session(access: CurrentAuthentication) -> CurrentSession:
    """Who is signed in, until when, and what the app sends with its changes."""
    return CurrentSession(
        user_id=access.listener, expires_at=access.expires_at, csrf_token=access.csrf_token
    )


@router.delete("/session", status_code=204, responses=problems(SignInNeeded))
async def delete_session(
    access: CurrentAuthentication, request: Request, response: Response
) -> None:
    """Sign out: the token or cookie opens nothing any more. Supabase's own sessions end at Supabase."""
    await access.end()
    if access.csrf_token:
        clear_cookie(request, response)


@router.get("/config")
async def get_config(
    settings: Annotated[Settings, port("settings")],
    rollouts: Annotated[Rollouts, port("rollouts")],
    voice: Annotated[Voice, port("voice")],
    writer: Annotated[Writer, port("writer")],
) -> AppConfig:
    """How listeners sign in, the limits, and which side serves whom. Public, and without a secret."""
    limits = AppLimits(
        upload_bytes=settings.upload_bytes,
        minutes_min=settings.minutes_min,
        minutes_max=settings.minutes_max,
    )
    elsewhere = settings.production
    return AppConfig(
        auth="supabase" if elsewhere else "local",
        version=__version__,
        voice=voice.name,
        translates=writer.translates,
        limits=limits,
        side=settings.side,
        rollout=_told(await rollouts.known()),
        gmail=settings.gmail,
        supabase_url=settings.supabase_url if elsewhere else None,
        supabase_key=settings.supabase_publishable_key if elsewhere else None,
    )


def _told(found: Rollout | None) -> AppRollout | None:
    if found is None:
        return None
    return AppRollout(percent=found.percent, salt=found.salt, kill=found.kill)

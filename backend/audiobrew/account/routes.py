"""Sign-in, and the configuration that the app needs before sign-in."""

from fastapi import APIRouter, Request, Response

from audiobrew import __version__
from audiobrew.account.browser_session import (
    clear_cookie,
    cookie_of,
    refuse_other_origins,
    set_cookie,
)
from audiobrew.account.current_listener import CurrentAuthentication, bearer
from audiobrew.account.dependencies import IdentityDep, RolloutsDep
from audiobrew.account.home.client_name import client_name
from audiobrew.account.home.identity import HomeIdentity
from audiobrew.account.local import (
    CodeRefused,
    NoLocalSignIn,
    TooManyTries,
    require_local,
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
from audiobrew.audio.dependencies import VoiceDep
from audiobrew.audio.voice import describe_voice
from audiobrew.http.body_limit import LimitedRoute
from audiobrew.http.dependencies import SettingsDep
from audiobrew.problems import ForgedRequest, SignInNeeded, problems
from audiobrew.script.dependencies import WriterDep

router = APIRouter(route_class=LimitedRoute, prefix="/api", tags=["account"])


@router.post(
    "/session", status_code=201, responses=problems(CodeRefused, NoLocalSignIn, TooManyTries)
)
async def create_session(body: SessionRequest, identity: IdentityDep) -> Session:
    """Exchange the one-time code that the terminal printed for a bearer token."""
    session = await require_local(identity).exchange_code(body.code)
    return Session(token=session.token, user_id=session.listener, expires_at=session.expires_at)


@router.post(
    "/session/browser",
    status_code=201,
    responses=problems(SignInNeeded, CodeRefused, ForgedRequest, NoLocalSignIn, TooManyTries),
)
async def create_browser_session(
    body: BrowserSessionRequest, request: Request, response: Response, identity: IdentityDep
) -> CurrentSession:
    """Exchange the one-time code for a session in a cookie, for the app in a browser.

    Without a code, the bearer token of the request is exchanged instead, and expires within a minute. The
    cookie is `HttpOnly` and `SameSite=Strict`. An earlier session of the browser ends.
    """
    local_identity = require_local(identity)
    refuse_other_origins(request)
    old_cookie = cookie_of(request)
    if body.code is not None:
        client = client_name(request.headers.get("user-agent", ""))
        session = await local_identity.open_browser_session(body.code, client)
    elif credentials := await bearer(request):
        session = await local_identity.exchange_token(credentials.credentials, old_cookie)
    else:
        raise SignInNeeded
    if old_cookie and old_cookie != session.cookie:
        await local_identity.end_browser_session(old_cookie)
    set_cookie(request, response, session.cookie, local_identity.session_lifetime)
    return CurrentSession(
        user_id=session.listener, expires_at=session.expires_at, csrf_token=session.csrf_token
    )


@router.get("/session", responses=problems(SignInNeeded))
async def get_session(authentication: CurrentAuthentication) -> CurrentSession:
    """Get the current session: whose it is, when it expires, and its CSRF token."""
    return CurrentSession(
        user_id=authentication.listener,
        expires_at=authentication.expires_at,
        csrf_token=authentication.csrf_token,
    )


@router.delete("/session", status_code=204, responses=problems(SignInNeeded))
async def delete_session(
    authentication: CurrentAuthentication, request: Request, response: Response
) -> None:
    """Sign out: the token or cookie becomes invalid. Supabase's own sessions are ended at Supabase."""
    await authentication.end()
    if authentication.csrf_token:
        clear_cookie(request, response)


@router.get("/config")
async def get_config(
    settings: SettingsDep,
    identity: IdentityDep,
    rollouts: RolloutsDep,
    voice: VoiceDep,
    writer: WriterDep,
) -> AppConfig:
    """Get the public configuration: how to sign in, the limits, and which side serves whom."""
    from audiobrew.lang.language import offered_languages  # slow to import

    limits = AppLimits(
        upload_bytes=settings.upload_bytes,
        import_bytes=settings.import_bytes,
        minutes_min=settings.minutes_min,
        minutes_max=settings.minutes_max,
    )
    rollout = await rollouts.read_cached() if rollouts else None
    app_rollout = (
        AppRollout(percent=rollout.percent, salt=rollout.salt, kill=rollout.kill)
        if rollout
        else None
    )
    production = settings.production
    return AppConfig(
        auth="supabase" if production else "local",
        accounts=settings.home,
        needs_owner=isinstance(identity, HomeIdentity) and not await identity.accounts.has_owner(),
        sign_in_provider=settings.oidc_label if settings.oidc_issuer else None,
        version=__version__,
        voice=describe_voice(voice),
        translates=writer.translates,
        languages=list(offered_languages()),
        sounds=settings.sounds,
        limits=limits,
        side=settings.side,
        rollout=app_rollout,
        gmail=settings.gmail,
        own_addresses=settings.mail_domain is not None,
        supabase_url=settings.supabase_url if production else None,
        supabase_key=settings.supabase_publishable_key if production else None,
    )

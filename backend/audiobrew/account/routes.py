"""Signing in, and what the app must know before it can."""

from typing import Annotated

from fastapi import APIRouter, Depends

from audiobrew import __version__
from audiobrew.account.identity import Identity, SignInNeeded
from audiobrew.account.listener import its_token
from audiobrew.account.local import CodeRefused, NoLocalSignIn, TooManyTries, local
from audiobrew.account.wire import AppConfig, AppLimits, AppRollout, Session, SessionRequest
from audiobrew.audio.voice import Voice
from audiobrew.port import port
from audiobrew.problem import problems
from audiobrew.rollout import Rollout
from audiobrew.script.writer import Writer
from audiobrew.settings import Settings
from audiobrew.store.rollouts import Rollouts

router = APIRouter(prefix="/api", tags=["account"])


SignIn = Annotated[Identity, port("identity")]


@router.post(
    "/session", status_code=201, responses=problems(CodeRefused, NoLocalSignIn, TooManyTries)
)
async def create_session(asked: SessionRequest, identity: SignIn) -> Session:
    """Trade the one-time code that the terminal printed for a token."""
    made = await local(identity).trade(asked.code)
    return Session(token=made.token, user_id=made.listener, expires_at=made.expires_at)


@router.delete("/session", status_code=204, responses=problems(SignInNeeded))
async def delete_session(token: Annotated[str, Depends(its_token)], identity: SignIn) -> None:
    """Sign out: this token opens nothing any more. Supabase's own sessions end at Supabase."""
    await identity.end(token)


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

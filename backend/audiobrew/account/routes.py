"""Signing in, and what the app must know before it can."""

from typing import Annotated

from fastapi import APIRouter

from audiobrew import __version__
from audiobrew.account.local import CodeRefused, LocalIdentity, TooManyTries
from audiobrew.account.wire import AppConfig, AppLimits, Session, SessionRequest
from audiobrew.audio.voice import Voice
from audiobrew.port import port
from audiobrew.problem import problems
from audiobrew.settings import Settings

router = APIRouter(prefix="/api", tags=["account"])


@router.post("/session", status_code=201, responses=problems(CodeRefused, TooManyTries))
async def create_session(
    asked: SessionRequest, identity: Annotated[LocalIdentity, port("identity")]
) -> Session:
    """Trade the one-time code that the terminal printed for a token."""
    made = await identity.trade(asked.code)
    return Session(token=made.token, user_id=made.listener, expires_at=made.expires_at)


@router.get("/config")
async def get_config(
    settings: Annotated[Settings, port("settings")], voice: Annotated[Voice, port("voice")]
) -> AppConfig:
    """How listeners sign in, and the limits. Public, and without a secret."""
    limits = AppLimits(
        upload_bytes=settings.upload_bytes,
        minutes_min=settings.minutes_min,
        minutes_max=settings.minutes_max,
    )
    return AppConfig(auth="local", version=__version__, voice=voice.name, limits=limits)

"""What the routes of the feed need of the world outside."""

from typing import Annotated

from fastapi import Depends, Request

from audiobrew.feed.feed_token import Opened
from audiobrew.settings import Settings
from audiobrew.store.feed_tokens import FeedTokens
from audiobrew.store.media import Media
from audiobrew.store.shows import Shows
from audiobrew.store.signing import Signer


async def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.ports.settings
    return settings


async def _tokens(request: Request) -> FeedTokens:
    tokens: FeedTokens = request.app.state.ports.feed_tokens
    return tokens


async def _shows(request: Request) -> Shows:
    shows: Shows = request.app.state.ports.shows
    return shows


async def _media(request: Request) -> Media:
    media: Media = request.app.state.ports.media
    return media


async def _signer(request: Request) -> Signer:
    signer: Signer = request.app.state.ports.signer
    return signer


Limits = Annotated[Settings, Depends(_settings)]
KeptTokens = Annotated[FeedTokens, Depends(_tokens)]
KeptShows = Annotated[Shows, Depends(_shows)]
KeptMedia = Annotated[Media, Depends(_media)]
Signing = Annotated[Signer, Depends(_signer)]


async def _opened(token: str, tokens: KeptTokens) -> Opened:
    return await tokens.open(token)


Door = Annotated[Opened, Depends(_opened)]
"""Whose show the token in the path opens; raises FeedNotFound, FeedRevoked."""

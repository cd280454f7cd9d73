"""What the routes of the feed need of the world outside."""

from typing import Annotated

from fastapi import Depends, Request

from audiobrew.feed.feed_token import Opened
from audiobrew.port import port
from audiobrew.settings import Settings
from audiobrew.store.feed_tokens import FeedTokens
from audiobrew.store.media import Media
from audiobrew.store.shows import Shows
from audiobrew.store.signing import Signer

Limits = Annotated[Settings, port("settings")]
KeptTokens = Annotated[FeedTokens, port("feed_tokens")]
KeptShows = Annotated[Shows, port("shows")]
KeptMedia = Annotated[Media, port("media")]
Signing = Annotated[Signer, port("signer")]


async def _opened(token: str, tokens: KeptTokens, request: Request) -> Opened:
    opened = await tokens.open(token)
    request.state.opened_feed = True  # for the rate limits: the cover's address opens no feed
    return opened


Door = Annotated[Opened, Depends(_opened)]
"""Whose show the token in the path opens; raises FeedNotFound, FeedRevoked."""

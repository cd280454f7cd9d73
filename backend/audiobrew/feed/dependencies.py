"""What the routes of the feed need of the world outside."""

from typing import Annotated

from fastapi import Depends, Request

from audiobrew.feed.feed_token import Opened
from audiobrew.feed.feed_token_store import FeedTokens
from audiobrew.feed.store import Shows
from audiobrew.http.dependencies import port
from audiobrew.media.signed_urls import AudioUrlSigner
from audiobrew.media.storage import Media
from audiobrew.settings import Settings

Limits = Annotated[Settings, port("settings")]
KeptTokens = Annotated[FeedTokens, port("feed_tokens")]
KeptShows = Annotated[Shows, port("shows")]
KeptMedia = Annotated[Media, port("media")]
Signing = Annotated[AudioUrlSigner, port("signer")]


async def _opened(token: str, tokens: KeptTokens, request: Request) -> Opened:
    opened = await tokens.open(token)
    request.state.opened_feed = True  # for the rate limits: the cover's address opens no feed
    return opened


Door = Annotated[Opened, Depends(_opened)]
"""Whose show the token in the path opens; raises FeedNotFound, FeedRevoked."""

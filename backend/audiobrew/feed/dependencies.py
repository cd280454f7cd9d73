"""FastAPI dependencies of this room."""

from typing import Annotated

from fastapi import Depends, Request

from audiobrew.feed.feed_token import FeedOwner
from audiobrew.feed.feed_token_store import FeedTokens
from audiobrew.feed.store import Shows


async def get_feed_tokens(request: Request) -> FeedTokens:
    feed_tokens: FeedTokens = request.app.state.ports.feed_tokens
    return feed_tokens


async def get_shows(request: Request) -> Shows:
    shows: Shows = request.app.state.ports.shows
    return shows


FeedTokensDep = Annotated[FeedTokens, Depends(get_feed_tokens)]
ShowsDep = Annotated[Shows, Depends(get_shows)]


async def _opened(token: str, tokens: FeedTokensDep, request: Request) -> FeedOwner:
    opened = await tokens.open(token)
    request.state.opened_feed = True  # for the rate limits: the cover's address opens no feed
    return opened


FeedAccess = Annotated[FeedOwner, Depends(_opened)]
"""Whose show the token in the path opens; raises FeedNotFound, FeedRevoked."""

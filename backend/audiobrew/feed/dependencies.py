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


async def get_feed_owner(token: str, tokens: FeedTokensDep, request: Request) -> FeedOwner:
    """The owner of the show that the token in the path opens. Raises FeedNotFound, FeedRevoked."""
    owner = await tokens.get_owner(token)
    request.state.opened_feed = True  # the rate limits read this: the cover's URL opens no feed
    return owner


FeedAccess = Annotated[FeedOwner, Depends(get_feed_owner)]

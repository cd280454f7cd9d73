"""FastAPI dependencies of this room."""

from typing import Annotated

from fastapi import Depends, Request

from audiobrew.feed.feed_token import FeedOwner
from audiobrew.feed.feed_token_store import FeedTokenStore
from audiobrew.feed.store import ShowStore


async def get_feed_tokens(request: Request) -> FeedTokenStore:
    feed_tokens: FeedTokenStore = request.app.state.ports.feed_tokens
    return feed_tokens


async def get_shows(request: Request) -> ShowStore:
    shows: ShowStore = request.app.state.ports.shows
    return shows


FeedTokensDep = Annotated[FeedTokenStore, Depends(get_feed_tokens)]
ShowsDep = Annotated[ShowStore, Depends(get_shows)]


async def get_feed_owner(token: str, tokens: FeedTokensDep, request: Request) -> FeedOwner:
    """The owner of the show that the token in the path opens. Raises FeedNotFound, FeedRevoked."""
    owner = await tokens.get_owner(token)
    request.state.opened_feed = True  # the rate limits read this: the cover's URL opens no feed
    return owner


FeedAccess = Annotated[FeedOwner, Depends(get_feed_owner)]

"""The responses for the feed and its picture. The feed is only built if it has changed."""

import gzip
from hashlib import sha256
from pathlib import Path

from anyio import to_thread
from fastapi import Request, Response

from audiobrew import __version__
from audiobrew.feed.address import Address
from audiobrew.feed.conditional_get import Version
from audiobrew.feed.feed_token import FeedOwner
from audiobrew.feed.responses import accepts_gzip, document, not_modified
from audiobrew.feed.show import Edition, Item
from audiobrew.feed.store import ShowStore

# Higher levels take longer and save next to nothing.
GZIP_LEVEL = 6
COVER = Path(__file__).parents[1] / "audio" / "cover.jpg"


async def feed(
    request: Request, shows: ShowStore, owner: FeedOwner, address: Address, limit: int
) -> Response:
    """The newest `limit` episodes as RSS. If the client has them, this takes one query."""
    edition = await shows.edition(owner.listener, limit)
    is_gzip = accepts_gzip(request.headers.get("accept-encoding", ""))
    version = _version(edition, address, "gzip" if is_gzip else "identity")
    if version.matches(request.headers):
        response = not_modified(version)
    else:
        items = await shows.items(edition)
        content = await to_thread.run_sync(_rss, owner, address, items, is_gzip)
        response = document(request, content, "application/rss+xml", version)
        if is_gzip:
            response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    return response


async def cover(request: Request) -> Response:
    content = await to_thread.run_sync(COVER.read_bytes)
    version = Version(f'"{sha256(content).hexdigest()[:32]}"')
    return document(request, content, "image/jpeg", version)


def _version(edition: Edition, address: Address, coding: str) -> Version:
    """The feed also depends on the origin that it is fetched from, and on our release.

    Each content coding has an entity tag of its own, because the bytes differ.
    """
    text = f"{__version__} {address.origin} {edition.fingerprint} {coding}"
    return Version(f'"{sha256(text.encode()).hexdigest()[:32]}"', edition.modified)


def _rss(owner: FeedOwner, address: Address, items: list[Item], is_gzip: bool) -> bytes:
    from audiobrew.feed.rss import rss  # imported late: it loads lxml, which is not needed at start

    content = rss(owner.show, address, items)
    return gzip.compress(content, GZIP_LEVEL, mtime=0) if is_gzip else content

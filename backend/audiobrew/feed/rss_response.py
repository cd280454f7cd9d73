"""The feed and its picture, as answered: made anew only when something changed."""

from hashlib import sha256
from pathlib import Path

from anyio import to_thread
from fastapi import Request, Response

from audiobrew import __version__
from audiobrew.feed.address import Address
from audiobrew.feed.conditional_get import Version
from audiobrew.feed.feed_token import FeedOwner
from audiobrew.feed.responses import document, unchanged
from audiobrew.feed.show import Edition, Item
from audiobrew.feed.store import Shows

COVER = Path(__file__).parents[1] / "audio" / "cover.jpg"


async def feed(
    request: Request, shows: Shows, door: FeedOwner, address: Address, limit: int
) -> Response:
    """The newest `limit` episodes as RSS; when the app has them, one query says so."""
    edition = await shows.edition(door.listener, limit)
    version = _version(edition, address)
    if version.is_held(request.headers):
        return unchanged(version)
    items = await shows.items(edition)
    content = await to_thread.run_sync(_rss, door, address, items)
    return document(request, content, "application/rss+xml", version)


async def cover(request: Request) -> Response:
    content = await to_thread.run_sync(COVER.read_bytes)
    version = Version(f'"{sha256(content).hexdigest()[:32]}"')
    return document(request, content, "image/jpeg", version)


def _version(edition: Edition, address: Address) -> Version:
    """A feed also changes with the origin it is fetched from, and with how we write it."""
    told = f"{__version__} {address.origin} {edition.fingerprint}"
    return Version(f'"{sha256(told.encode()).hexdigest()[:32]}"', edition.modified)


def _rss(door: FeedOwner, address: Address, items: list[Item]) -> bytes:
    from audiobrew.feed.rss import rss  # loads lxml, which starting does not need

    return rss(door.show, address, items)

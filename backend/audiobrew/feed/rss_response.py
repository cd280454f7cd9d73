"""The responses for the feed and its picture. The feed is only built if it has changed."""

from hashlib import sha256
from pathlib import Path

from anyio import to_thread
from fastapi import Request, Response

from audiobrew import __version__
from audiobrew.feed.conditional_get import DocumentVersion
from audiobrew.feed.feed_token import FeedOwner
from audiobrew.feed.feed_urls import FeedUrls
from audiobrew.feed.responses import document, not_modified
from audiobrew.feed.show import Edition, Item
from audiobrew.feed.store import ShowStore

COVER = Path(__file__).parents[1] / "audio" / "cover.jpg"


async def feed_response(
    request: Request, shows: ShowStore, owner: FeedOwner, urls: FeedUrls, limit: int
) -> Response:
    """The newest `limit` episodes as RSS. If the client has them, this takes one query."""
    edition = await shows.edition(owner.listener, limit)
    version = _version(edition, urls)
    if version.matches(request.headers):
        return not_modified(version)
    items = await shows.items(edition)
    content = await to_thread.run_sync(_rss, owner, urls, items)
    return document(request, content, "application/rss+xml", version)


async def cover_response(request: Request) -> Response:
    content = await to_thread.run_sync(COVER.read_bytes)
    version = DocumentVersion(f'"{sha256(content).hexdigest()[:32]}"')
    return document(request, content, "image/jpeg", version)


def _version(edition: Edition, urls: FeedUrls) -> DocumentVersion:
    """The feed also depends on the origin that it is fetched from, and on our release."""
    text = f"{__version__} {urls.origin} {edition.fingerprint}"
    return DocumentVersion(f'"{sha256(text.encode()).hexdigest()[:32]}"', edition.modified)


def _rss(owner: FeedOwner, urls: FeedUrls, items: list[Item]) -> bytes:
    from audiobrew.feed.rss import rss  # imported late: it loads lxml, which is not needed at start

    return rss(owner.show, urls, items)

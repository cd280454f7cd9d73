"""The response for the feed, which is only built if it has changed."""

import gzip
from hashlib import sha256

from anyio import to_thread
from fastapi import Request, Response

from audiobrew import __version__
from audiobrew.feed.conditional_get import DocumentVersion
from audiobrew.feed.feed_token import FeedOwner
from audiobrew.feed.feed_urls import FeedUrls
from audiobrew.feed.responses import document, not_modified
from audiobrew.feed.show import Edition, Item
from audiobrew.feed.store import ShowStore
from audiobrew.http.content_coding import accepts

# Higher levels take longer and save next to nothing.
GZIP_LEVEL = 6


async def feed_response(
    request: Request, shows: ShowStore, owner: FeedOwner, urls: FeedUrls, limit: int
) -> Response:
    """The newest `limit` episodes as RSS. If the client has them, this takes one query."""
    edition = await shows.edition(owner.listener, limit)
    is_gzip = accepts("gzip", request.headers.get("accept-encoding", ""))
    version = _version(edition, urls, "gzip" if is_gzip else "identity")
    if version.matches(request.headers):
        response = not_modified(version)
    else:
        items = await shows.items(edition)
        content = await to_thread.run_sync(_rss, owner, urls, items, is_gzip)
        response = document(request, content, "application/rss+xml", version)
        if is_gzip:
            response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    return response


def _version(edition: Edition, urls: FeedUrls, coding: str) -> DocumentVersion:
    """The feed also depends on the origin that it is fetched from, and on our release.

    Each content coding has an entity tag of its own, because the bytes differ.
    """
    text = f"{__version__} {urls.origin} {edition.fingerprint} {coding}"
    return DocumentVersion(f'"{sha256(text.encode()).hexdigest()[:32]}"', edition.modified)


def _rss(owner: FeedOwner, urls: FeedUrls, items: list[Item], is_gzip: bool) -> bytes:
    from audiobrew.feed.rss import rss  # imported late: it loads lxml, which is not needed at start

    content = rss(owner.show, urls, items)
    return gzip.compress(content, GZIP_LEVEL, mtime=0) if is_gzip else content

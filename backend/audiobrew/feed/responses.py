"""Documents and audio as private answers: conditional, in parts, and left out of every index."""

from collections.abc import AsyncIterator

from fastapi import Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse

from audiobrew.feed.conditional_get import Version
from audiobrew.feed.ranges import parse_range
from audiobrew.feed.show import RecordingNotFound
from audiobrew.media.storage import Media, StoredObject

MP3 = "audio/mpeg"
PRIVATE = {
    "Cache-Control": "private, no-cache",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "no-referrer",
}
"""`no-cache` lets an app keep its copy, and makes it ask whether that is still the one."""
REDIRECT_SECONDS = 300
"""Long enough to begin a download, which then goes on; too short for an address worth handing round."""


def unchanged(version: Version) -> Response:
    return Response(status_code=304, headers=PRIVATE | version.headers)


def document(request: Request, content: bytes, media_type: str, version: Version) -> Response:
    """The whole document, or 304."""
    if version.is_held(request.headers):
        return unchanged(version)
    return Response(content, headers=PRIVATE | version.headers, media_type=media_type)


async def audio(request: Request, media: Media, key: str) -> Response:
    """The whole file or the part asked for, or the way to where it is kept.

    Raises RecordingNotFound, RangeNotSatisfiable.
    """
    if address := await _signed(media, key):
        return RedirectResponse(address, 302, headers=PRIVATE | {"Cache-Control": "no-store"})
    stored = await media.stat(key)
    if stored is None:
        raise RecordingNotFound
    version = Version(stored.etag, stored.modified)
    if version.is_held(request.headers):
        return unchanged(version)
    part = _part(request, version, stored)
    headers = PRIVATE | version.headers | _measures(part, stored)
    status = 200 if part is None else 206
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers, media_type=MP3)
    whole = range(stored.bytes)
    pieces = await _begun(media.read(key, (part or whole).start, (part or whole).stop))
    return StreamingResponse(pieces, status, headers, MP3)


async def _signed(media: Media, key: str) -> str | None:
    try:
        return await media.signed_url(key, REDIRECT_SECONDS)
    except FileNotFoundError as error:
        raise RecordingNotFound from error


def _part(request: Request, version: Version, stored: StoredObject) -> range | None:
    if request.method == "HEAD" or not version.may_continue(request.headers.get("if-range")):
        return None
    return parse_range(request.headers.get("range"), stored.bytes)


def _measures(part: range | None, stored: StoredObject) -> dict[str, str]:
    whole = {"Accept-Ranges": "bytes", "Content-Length": str(stored.bytes)}
    if part is None:
        return whole
    return whole | {
        "Content-Length": str(len(part)),
        "Content-Range": f"bytes {part.start}-{part.stop - 1}/{stored.bytes}",
    }


async def _begun(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Open the file before the answer begins, so that one deleted just now is told as a problem."""
    try:
        first = await anext(pieces, b"")
    except FileNotFoundError as error:
        raise RecordingNotFound from error
    return _rest(first, pieces)


async def _rest(first: bytes, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in pieces:
        yield piece

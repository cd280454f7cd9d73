"""Responses with documents and audio: private, conditional, in parts, and hidden from search engines."""

from collections.abc import AsyncIterator

from fastapi import Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse

from audiobrew.feed.conditional_get import DocumentVersion
from audiobrew.feed.ranges import parse_range
from audiobrew.feed.show import RecordingNotFound
from audiobrew.media.storage import Media, StoredObject

MP3 = "audio/mpeg"
# `no-cache` lets a client keep its copy, but makes it ask whether that is still the present version.
PRIVATE = {
    "Cache-Control": "private, no-cache",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "no-referrer",
}
# Long enough to start a download, which then continues; too short for a URL to be worth sharing.
REDIRECT_SECONDS = 300


def not_modified(version: DocumentVersion) -> Response:
    return Response(status_code=304, headers=PRIVATE | version.headers)


def document(
    request: Request, content: bytes, media_type: str, version: DocumentVersion
) -> Response:
    """The whole document, or 304 if the client has it."""
    if version.matches(request.headers):
        return not_modified(version)
    return Response(content, headers=PRIVATE | version.headers, media_type=media_type)


async def audio(request: Request, media: Media, key: str) -> Response:
    """The whole file, the part asked for, or a redirect to a signed URL of the storage.

    Raises RecordingNotFound, RangeNotSatisfiable.
    """
    if url := await _signed_url(media, key):
        return RedirectResponse(url, 302, headers=PRIVATE | {"Cache-Control": "no-store"})
    file = await media.stat(key)
    if file is None:
        raise RecordingNotFound
    version = DocumentVersion(file.etag, file.modified)
    if version.matches(request.headers):
        return not_modified(version)
    part = None
    if request.method != "HEAD" and version.matches_if_range(request.headers.get("if-range")):
        part = parse_range(request.headers.get("range"), file.bytes)
    headers = PRIVATE | version.headers | _length_headers(part, file)
    status = 200 if part is None else 206
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers, media_type=MP3)
    content = part or range(file.bytes)
    pieces = await _start(media.read(key, content.start, content.stop))
    return StreamingResponse(pieces, status, headers, MP3)


async def _signed_url(media: Media, key: str) -> str | None:
    try:
        return await media.signed_url(key, REDIRECT_SECONDS)
    except FileNotFoundError as error:
        raise RecordingNotFound from error


def _length_headers(part: range | None, file: StoredObject) -> dict[str, str]:
    whole = {"Accept-Ranges": "bytes", "Content-Length": str(file.bytes)}
    if part is None:
        return whole
    return whole | {
        "Content-Length": str(len(part)),
        "Content-Range": f"bytes {part.start}-{part.stop - 1}/{file.bytes}",
    }


async def _start(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Read the first piece before the response starts, so that a file deleted just now gives a problem."""
    try:
        first = await anext(pieces, b"")
    except FileNotFoundError as error:
        raise RecordingNotFound from error
    return _rest(first, pieces)


async def _rest(first: bytes, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in pieces:
        yield piece

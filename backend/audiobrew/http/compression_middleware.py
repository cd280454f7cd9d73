"""Compresses answers for clients that accept it."""

from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import Receive, Scope, Send

from audiobrew.http.content_coding import accepts


class CompressionMiddleware(GZipMiddleware):
    """Starlette's, which overlooks `gzip;q=0`."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        accepted = (
            Headers(scope=scope).get("Accept-Encoding", "") if scope["type"] == "http" else ""
        )
        if "gzip" in accepted and not accepts("gzip", accepted):
            await self.app(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)

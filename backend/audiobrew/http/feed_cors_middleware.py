"""Lets web players of any origin read what a feed's token opens.

The token in the path is what gives access, not a cookie or an origin, so a page that knows it may read the
answer. Cookies and sign-in tokens are neither needed nor accepted there.
"""

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# `/feed/{token}/rss.xml` and an episode's files. The cover of all shows has no token.
_TOKEN_PATH = re.compile(r"/feed/[^/]{1,200}/[^/]{1,200}\.(?:xml|mp3|vtt|json|png)")
_METHODS = ("GET", "HEAD", "OPTIONS")
CORS_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Accept-Ranges, Content-Length, Content-Range, ETag, Retry-After",
}
PREFLIGHT_HEADERS = CORS_HEADERS | {
    "Access-Control-Allow-Methods": ", ".join(_METHODS),
    "Access-Control-Allow-Headers": "Range, If-Range, If-None-Match, If-Modified-Since",
    "Access-Control-Max-Age": "86400",
}


def is_open_to_pages(scope: Scope) -> bool:
    """Whether pages of any origin may send this request, because its path contains a feed's token."""
    return scope["method"] in _METHODS and _TOKEN_PATH.fullmatch(scope["path"]) is not None


class FeedCorsMiddleware:
    """It must be outside the CORS middleware, whose headers name single origins.

    A preflight request is answered for every token, so that it tells nobody which tokens exist.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not is_open_to_pages(scope):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            await Response(status_code=204, headers=PREFLIGHT_HEADERS)(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(CORS_HEADERS)
            await send(message)

        await self.app(scope, receive, send_with_headers)

"""What is refused before any route: foreign hosts, foreign pages, bodies that are too large."""

from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from audiobrew.answers import told_as
from audiobrew.problem import Problem
from audiobrew.settings import Settings

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
JSON_BYTES = 2**20
FORM_BYTES = 2**16
"""What multipart adds around a file."""
PATIENCE = 4
"""So many times the limit is read and dropped, because a sender hears no answer while it sends."""

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Content-Security-Policy": "frame-ancestors 'none'",
}


class ForeignHost(Problem):
    """AudioBrew answers on this machine's own address only. Open http://127.0.0.1 with its port."""

    status = HTTPStatus.FORBIDDEN


class ForeignPage(Problem):
    """This web page may not use AudioBrew. Open the app from the address that the terminal shows."""

    status = HTTPStatus.FORBIDDEN


class Guard:
    """A page elsewhere must not reach a service on loopback, neither by a name that points here
    (DNS rebinding) nor by a request from its own origin.

    In production the service has many names (its own, the app's, the one that a host's health check
    uses), and whoever reaches it needs a token; there CORS alone keeps other pages away.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        safe = _safely(scope, send)
        if problem := self._refused(headers):
            await told_as(problem)(scope, receive, safe)
            return
        await self.app(scope, _limited(receive, self._most(scope)), safe)

    def _refused(self, headers: Headers) -> Problem | None:
        if self.settings.production:
            return None
        host = headers.get("host", "")
        if _name(host) not in LOOPBACK:
            return ForeignHost()
        own = {f"http://{host}", *self.settings.allowed_origins}
        foreign = set(headers.getlist("origin")) - own
        return ForeignPage() if foreign else None

    def _most(self, scope: Scope) -> int:
        """How large a body may be, in bytes."""
        mail = scope["path"] == "/api/mail"
        return self.settings.upload_bytes + FORM_BYTES if mail else JSON_BYTES


def _name(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _limited(receive: Receive, most: int) -> Receive:
    """What is more than `most` bytes is dropped, not kept, and then refused."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        while seen > most and message.get("more_body") and seen < PATIENCE * most:
            message = await receive()
            seen += len(message.get("body", b""))
        if seen > most:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _too_large(most))
        return message

    return counted


def _too_large(most: int) -> str:
    megabytes = max(1, most // 2**20)
    return f"This is larger than AudioBrew takes ({megabytes} MB). Send it in smaller parts."


def _safely(scope: Scope, send: Send) -> Send:
    private = scope["path"].startswith("/api/")

    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in ALWAYS.items():
                headers.setdefault(name, value)
            if private:
                headers.setdefault("Cache-Control", "private, no-store")
        await send(message)

    return with_headers

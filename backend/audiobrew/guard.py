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

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class ForeignHost(Problem):
    """AudioBrew answers on this machine's own address only. Open http://127.0.0.1 with its port."""

    status = HTTPStatus.FORBIDDEN


class ForeignPage(Problem):
    """This web page may not use AudioBrew. Open the app from the address that the terminal shows."""

    status = HTTPStatus.FORBIDDEN


class Guard:
    """A page elsewhere must not reach a service on loopback, neither by a name that points here
    (DNS rebinding) nor by a request from its own origin."""

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
        await self.app(scope, self._limited(scope, headers, receive), safe)

    def _refused(self, headers: Headers) -> Problem | None:
        host = headers.get("host", "")
        if _name(host) not in LOOPBACK:
            return ForeignHost()
        origin = headers.get("origin")
        own = {f"http://{host}", f"https://{host}", *self.settings.allowed_origins}
        return ForeignPage() if origin is not None and origin not in own else None

    def _limited(self, scope: Scope, headers: Headers, receive: Receive) -> Receive:
        most = (
            self.settings.upload_bytes + FORM_BYTES if scope["path"] == "/api/mail" else JSON_BYTES
        )
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > most or _told(headers) > most:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _too_large(most))
            return message

        return counted


def _name(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _told(headers: Headers) -> int:
    length = headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() and len(length) < 20 else 0


def _too_large(most: int) -> str:
    return f"This is larger than AudioBrew takes ({most / 2**20:.0f} MB). Send it in smaller parts."


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

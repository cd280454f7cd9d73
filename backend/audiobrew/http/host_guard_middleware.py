"""What is refused before any route: foreign hosts, foreign pages, methods of nobody, too many requests."""

from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from audiobrew.http.client_address import is_https
from audiobrew.http.error_handlers import method_not_allowed, problem_response
from audiobrew.http.rate_limit import RateLimits
from audiobrew.problems import Problem
from audiobrew.settings import Settings

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
# Methods that no route of ours has. TRACE would send credentials back.
REFUSED_METHODS = ("TRACE", "CONNECT")
ALLOW = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"
# Under these paths there is no page, so nothing may be loaded by what is answered there.
NO_PAGES = ("/api/", "/feed/", "/health", "/ready", "/metrics", "/openapi.json")
STRICT_POLICY = "default-src 'none'; frame-ancestors 'none'"
ONE_YEAR = "max-age=31536000; includeSubDomains"

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Content-Security-Policy": "frame-ancestors 'none'",
}


class ForeignHost(Problem):
    """AudioBrew answers on this machine's own address only. Open http://127.0.0.1 with its port."""

    type = "foreign-host"
    status = HTTPStatus.FORBIDDEN


class ForeignPage(Problem):
    """This web page may not use AudioBrew. Open the app from the address that the terminal shows."""

    type = "foreign-page"
    status = HTTPStatus.FORBIDDEN


class HostGuardMiddleware:
    """A page elsewhere must not reach a service on loopback, neither by a name that points here
    (DNS rebinding) nor by a request from its own origin.

    In production the service has many names (its own, the app's, the one that a host's health check
    uses), and whoever reaches it needs a token; there CORS alone keeps other pages away.
    """

    def __init__(self, app: ASGIApp, settings: Settings, limits: RateLimits) -> None:
        self.app = app
        self.settings = settings
        self.limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope.setdefault("state", {})
        if is_https(scope, self.settings.proxies):
            scope["scheme"] = "https"
        send = _safely(scope, send, hsts=self.settings.production and scope["scheme"] == "https")
        headers = Headers(scope=scope)
        if problem := self._refused(headers):
            await problem_response(problem)(scope, receive, send)
        elif scope["method"] in REFUSED_METHODS:
            await method_not_allowed(ALLOW)(scope, receive, send)
        else:
            await self._within_limits(scope, receive, send)

    async def _within_limits(self, scope: Scope, receive: Receive, send: Send) -> None:
        visit = self.limits.visit(scope, self.settings)
        if refused := visit.refused():
            await problem_response(refused)(scope, receive, send)
            return

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                visit.answered(message["status"])
            await send(message)

        await self.app(scope, receive, counted)

    def _refused(self, headers: Headers) -> Problem | None:
        if self.settings.production:
            return None
        host = headers.get("host", "")
        if _name(host) not in LOOPBACK:
            return ForeignHost()
        own = {f"http://{host}", *self.settings.origins}
        foreign = set(headers.getlist("origin")) - own
        return ForeignPage() if foreign else None


def _name(host: str) -> str | None:
    if "@" in host:  # in an address what comes before it is a user, and no browser sends one here
        return None
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _safely(scope: Scope, send: Send, *, hsts: bool) -> Send:
    path = scope["path"]
    added = dict(ALWAYS)
    if path.startswith(NO_PAGES):
        added["Content-Security-Policy"] = STRICT_POLICY
    if path.startswith("/api/"):
        added["Cache-Control"] = "private, no-store"
    if hsts:
        added["Strict-Transport-Security"] = ONE_YEAR

    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if headers.get("content-type", "").startswith("application/problem"):
                headers.setdefault("Content-Security-Policy", STRICT_POLICY)
            for name, value in added.items():
                headers.setdefault(name, value)
        await send(message)

    return with_headers

"""Checks before any route: host, origin, method and rate limit. Adds the security headers to every
response."""

from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from audiobrew.http.client_address import is_https
from audiobrew.http.error_handlers import method_not_allowed, problem_response
from audiobrew.http.feed_cors_middleware import is_open_to_pages
from audiobrew.http.rate_limit import RateLimits
from audiobrew.problems import Problem
from audiobrew.settings import Settings

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
# No route has these methods. TRACE would send credentials back.
REFUSED_METHODS = ("TRACE", "CONNECT")
ALLOW = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"
# There are no pages under these paths, so their responses may load nothing.
PATHS_WITHOUT_PAGES = ("/api/", "/feed/", "/health", "/ready", "/metrics", "/openapi.json")
STRICT_POLICY = "default-src 'none'; frame-ancestors 'none'"
ONE_YEAR = "max-age=31536000; includeSubDomains"

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Content-Security-Policy": "frame-ancestors 'none'",
}


class ForeignHost(Problem):
    """AudioBrew does not answer to this name. Open the address that the terminal shows; its owner can add
    names in AUDIOBREW_HOSTS."""

    type = "foreign-host"
    status = HTTPStatus.FORBIDDEN


class ForeignPage(Problem):
    """This web page may not use AudioBrew. Open the app from the address that the terminal shows."""

    type = "foreign-page"
    status = HTTPStatus.FORBIDDEN


class HostGuardMiddleware:
    """Keeps foreign pages away from a service on loopback or of one's own: neither another host name that
    resolves to this machine (DNS rebinding) nor a request from another origin gets through.

    In production, the service has several host names (its own, the app's, the one that the host's health
    check uses) and every request needs a token, so there CORS alone keeps other pages away.
    """

    def __init__(self, app: ASGIApp, settings: Settings, limits: RateLimits) -> None:
        self.app = app
        self.settings = settings
        self.limits = limits
        public = urlsplit(settings.public_url or "").hostname or "localhost"
        self.host_names = {*LOOPBACK, public, *map(str.lower, settings.hosts)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope.setdefault("state", {})
        if is_https(scope, self.settings.proxies):
            scope["scheme"] = "https"
        hsts = self.settings.production and scope["scheme"] == "https"
        send = add_security_headers(scope["path"], send, hsts=hsts)
        if problem := self.check_origin(scope):
            await problem_response(problem)(scope, receive, send)
        elif scope["method"] in REFUSED_METHODS:
            await method_not_allowed(ALLOW)(scope, receive, send)
        else:
            await self.limit_rate(scope, receive, send)

    async def limit_rate(self, scope: Scope, receive: Receive, send: Send) -> None:
        quota = self.limits.quota_for(scope, self.settings)
        if problem := quota.check():
            await problem_response(problem)(scope, receive, send)
            return

        async def send_and_record(message: Message) -> None:
            if message["type"] == "http.response.start":
                quota.record_response(message["status"])
            await send(message)

        await self.app(scope, receive, send_and_record)

    def check_origin(self, scope: Scope) -> Problem | None:
        """The reason to refuse a request, if there is one. A feed's token is open to any page."""
        if self.settings.production:
            return None
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if host_name(host) not in self.host_names:
            return ForeignHost()
        if is_open_to_pages(scope):
            return None
        own = {f"{scope['scheme']}://{host}", *self.settings.origins}
        foreign = set(headers.getlist("origin")) - own
        return ForeignPage() if foreign else None


def host_name(host: str) -> str | None:
    """The `Host` header without its port; None for a malformed one."""
    if "@" in host:  # a user name, which no browser sends in this header
        return None
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def add_security_headers(path: str, send: Send, *, hsts: bool) -> Send:
    """Wraps `send`. A header that the response has already set is kept."""
    security_headers = dict(SECURITY_HEADERS)
    if path.startswith(PATHS_WITHOUT_PAGES):
        security_headers["Content-Security-Policy"] = STRICT_POLICY
    if path.startswith("/api/"):
        security_headers["Cache-Control"] = "private, no-store"
    if hsts:
        security_headers["Strict-Transport-Security"] = ONE_YEAR

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if headers.get("content-type", "").startswith("application/problem"):
                headers.setdefault("Content-Security-Policy", STRICT_POLICY)
            for name, value in security_headers.items():
                headers.setdefault(name, value)
        await send(message)

    return send_with_headers

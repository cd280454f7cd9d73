"""The browser session of a single-machine installation: an `HttpOnly` cookie with CSRF protection.

A browser sends its cookies with every request, including requests that another site's page makes. So the
cookie alone does not prove which page made a request. Two more checks are made: the request must come from
our own origin (`SameSite`, `Sec-Fetch-Site`, `Origin`), and a request that changes data must carry a CSRF
token, which only a page of our own origin can read.
"""

import hmac
from datetime import timedelta

from fastapi import Request, Response

from audiobrew.problems import ForgedRequest

COOKIE = "audiobrew_session"
CSRF_HEADER = "X-CSRF-Token"
# The safe methods of RFC 9110, section 9.2.1, without TRACE.
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def set_cookie(
    request: Request, response: Response, secret: str, max_age: timedelta, name: str = COOKIE
) -> None:
    """Set the session cookie, or another of this site.

    `max_age` tells the browser how long to keep it; the server decides on its own when the session ends.
    """
    response.set_cookie(
        cookie_name(request, name),
        secret,
        max_age=int(max_age.total_seconds()),
        path="/",
        secure=_is_https(request),
        httponly=True,
        samesite="strict",
    )


def clear_cookie(request: Request, response: Response) -> None:
    response.delete_cookie(
        cookie_name(request), path="/", secure=_is_https(request), httponly=True, samesite="strict"
    )


def cookie_of(request: Request) -> str | None:
    """The session's secret, or None if the browser sent no cookie."""
    return request.cookies.get(cookie_name(request)) or None


def csrf_token(secret: str) -> str:
    """The CSRF token of a session, derived from its secret. `GET /api/session` returns it."""
    return hmac.digest(secret.encode(), b"audiobrew csrf", "sha256").hex()


def refuse_forgery(request: Request, csrf_token: str) -> None:
    """Check that a page of our own origin made this request. Only for requests signed in by cookie.

    A safe request needs no CSRF token. If it carries one, the token must match: a page that was loaded
    before another listener signed in must not receive that listener's data.

    Raises ForgedRequest.
    """
    refuse_other_origins(request)
    tokens = request.headers.getlist(CSRF_HEADER)
    if request.method in SAFE_METHODS and not tokens:
        return
    if len(tokens) != 1 or not hmac.compare_digest(tokens[0].encode(), csrf_token.encode()):
        raise ForgedRequest


def refuse_other_origins(request: Request) -> None:
    """Refuse a request that a browser marks as coming from another origin.

    Clients that are not browsers send neither `Origin` nor `Sec-Fetch-Site`, and pass.

    Raises ForgedRequest.
    """
    own_origin = f"{request.url.scheme}://{request.headers.get('host', '')}"
    # "none": the listener typed the address or opened a bookmark.
    sites = {"same-origin", "none"} if request.method in SAFE_METHODS else {"same-origin"}
    if set(request.headers.getlist("origin")) - {own_origin}:
        raise ForgedRequest
    if set(request.headers.getlist("sec-fetch-site")) - sites:
        raise ForgedRequest


def cookie_name(request: Request, name: str = COOKIE) -> str:
    """Over HTTPS, the `__Host-` prefix makes browsers refuse this cookie from any other host or path."""
    return f"__Host-{name}" if _is_https(request) else name


def _is_https(request: Request) -> bool:
    return request.url.scheme == "https"

"""The browser's session on one machine: a cookie that scripts cannot read, guarded against other pages.

A cookie is sent by the browser whoever made the request, so a cookie alone proves nothing about who asked.
Three things must hold: the request comes from a page of this very origin (SameSite, `Sec-Fetch-Site`,
`Origin`), and what changes anything carries a token that only such a page can have read.
"""

import hmac
from datetime import timedelta

from fastapi import Request, Response

from audiobrew.problems import ForgedRequest

COOKIE = "audiobrew_session"
CSRF_HEADER = "X-CSRF-Token"
SAFE = ("GET", "HEAD", "OPTIONS")


def set_cookie(request: Request, response: Response, secret: str, lives: timedelta) -> None:
    """`lives`: how long the browser keeps it. When the session ends is decided here, not there."""
    response.set_cookie(
        _name(request),
        secret,
        max_age=int(lives.total_seconds()),
        path="/",
        secure=_encrypted(request),
        httponly=True,
        samesite="strict",
    )


def clear_cookie(request: Request, response: Response) -> None:
    response.delete_cookie(
        _name(request), path="/", secure=_encrypted(request), httponly=True, samesite="strict"
    )


def cookie_of(request: Request) -> str | None:
    """The session's secret, if the browser sent one."""
    return request.cookies.get(_name(request)) or None


def csrf_token(secret: str) -> str:
    """Bound to the session: only who was told it by `GET /api/session` can know it."""
    return hmac.digest(secret.encode(), b"audiobrew csrf", "sha256").hex()


def refuse_forgery(request: Request, csrf_token: str) -> None:
    """Raises ForgedRequest for a request by cookie that no page of ours made.

    A read needs no token. One that carries the token of another session is refused, so that a page
    whose browser meanwhile signed somebody else in is not answered with what is theirs.
    """
    refuse_other_origins(request)
    sent = request.headers.getlist(CSRF_HEADER)
    if request.method in SAFE and not sent:
        return
    if len(sent) != 1 or not hmac.compare_digest(sent[0].encode(), csrf_token.encode()):
        raise ForgedRequest


def refuse_other_origins(request: Request) -> None:
    """By what browsers say of where a request comes from; what is no browser says nothing.

    Raises ForgedRequest.
    """
    own = f"{request.url.scheme}://{request.headers.get('host', '')}"
    sites = {"same-origin", "none"} if request.method in SAFE else {"same-origin"}
    if set(request.headers.getlist("origin")) - {own}:
        raise ForgedRequest
    if set(request.headers.getlist("sec-fetch-site")) - sites:
        raise ForgedRequest


def _name(request: Request) -> str:
    """Over https browsers keep every other host and path from setting a `__Host-` cookie."""
    return f"__Host-{COOKIE}" if _encrypted(request) else COOKIE


def _encrypted(request: Request) -> bool:
    return request.url.scheme == "https"

"""How a request's body is read: only of somebody who may send it, only so much, and only so long."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager, nullcontext
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, TypeVar
from uuid import UUID

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

from audiobrew.http.error_handlers import ContentTooLarge
from audiobrew.problems import Problem
from audiobrew.settings import Settings

# What a JSON body may be where its route declares nothing else.
JSON_BYTES = 16 * 2**10
# What multipart adds around a file.
FORM_BYTES = 64 * 2**10
# A sender hears no answer while it sends, so up to so many times the limit is read and dropped.
READ_AND_DROPPED = 4
# A body takes so long at most, and a second more for each `SLOWEST` bytes that its route allows.
BODY_SECONDS = 20.0
SLOWEST = 64 * 2**10

Authenticate = Callable[[Request], Coroutine[Any, Any, UUID]]
Handler = Callable[[Request], Coroutine[Any, Any, Response]]
Limit = int | Callable[[Settings], int]
Place = Callable[[Request, UUID], AbstractContextManager[None]]
E = TypeVar("E", bound=Callable[..., Any])


class RequestTimeout(Problem):
    """The request took too long to arrive. Check the connection, then send it again."""

    type = "request-timeout"
    status = HTTPStatus.REQUEST_TIMEOUT
    headers = MappingProxyType({"Connection": "close"})


def body_limit(limit: Limit, place: Place | None = None) -> Callable[[E], E]:
    """Declares how many bytes a route's body may have, where `JSON_BYTES` are too few.

    `place`: what the listener holds from before the body is received until the answer. It raises a Problem
    when there is none for them.
    """

    def declare(endpoint: E) -> E:
        endpoint.body_limit = limit  # type: ignore[attr-defined]
        endpoint.place = place  # type: ignore[attr-defined]
        return endpoint

    return declare


def authenticates(authenticate: Authenticate) -> Callable[[E], E]:
    """Declares that a dependency signs the request in: `LimitedRoute` does so before it reads the body.

    `authenticate` returns the listener, or raises a Problem; it is asked once a request.
    """

    def declare(dependency: E) -> E:
        dependency.authenticate = authenticate  # type: ignore[attr-defined]
        return dependency

    return declare


def upload_limit(settings: Settings) -> int:
    return settings.upload_bytes + FORM_BYTES


class LimitedRoute(APIRoute):
    """A route that asks who sends a body before it reads it.

    FastAPI reads a body first and resolves dependencies afterwards, so that anybody's body would be kept in
    memory or on disk until it turns out that nobody is signed in.
    """

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()
        limit: Limit = getattr(self.endpoint, "body_limit", JSON_BYTES)
        place: Place | None = getattr(self.endpoint, "place", None)
        authenticate = authentication_of(self.dependant)

        async def limited(request: Request) -> Response:
            held: AbstractContextManager[None] = nullcontext()
            if authenticate:
                listener = await authenticate(request)
                request.app.state.rate_limits.count_listener(listener)
                held = place(request, listener) if place else held
            most = limit if isinstance(limit, int) else limit(request.app.state.ports.settings)
            with held:
                return await handle(
                    Request(request.scope, limited_body(request.receive, most), request._send)
                )

        return limited


def authentication_of(dependant: Dependant) -> Authenticate | None:
    """How requests to this route are signed in; None for a route that anybody may call."""
    found: Authenticate | None = getattr(dependant.call, "authenticate", None)
    return found or next(filter(None, map(authentication_of, dependant.dependencies)), None)


def limited_body(receive: Receive, most: int, seconds: float = BODY_SECONDS) -> Receive:
    """Raises ContentTooLarge and RequestTimeout, as the exceptions that FastAPI lets through.

    Once the body is complete, waiting has no limit: what comes then is the client's disconnect."""
    seen = 0
    complete = False
    until: float | None = None

    async def limited() -> Message:
        nonlocal seen, complete, until
        if complete:
            return await receive()
        until = until or asyncio.get_running_loop().time() + seconds + most / SLOWEST
        message = await _received(receive, until)
        seen += len(message.get("body", b""))
        while seen > most and message.get("more_body") and seen < READ_AND_DROPPED * most:
            message = await _received(receive, until)
            seen += len(message.get("body", b""))
        if seen > most:
            raise HTTPException(ContentTooLarge.status, _too_large(most))
        complete = not message.get("more_body", False)
        return message

    return limited


async def _received(receive: Receive, until: float) -> Message:
    try:
        async with asyncio.timeout_at(until):
            return await receive()
    except TimeoutError:
        raise HTTPException(
            RequestTimeout.status, str(RequestTimeout()), dict(RequestTimeout.headers)
        ) from None


def _too_large(most: int) -> str:
    size = f"{most // 2**20} MB" if most >= 2**20 else f"{most // 2**10} KB"
    return f"This is larger than AudioBrew takes ({size}). Send it in smaller parts."

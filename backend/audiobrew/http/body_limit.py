"""Limits on request bodies: on who may send one, on its size, and on the time that it takes to arrive."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager, ExitStack, nullcontext, suppress
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, TypeVar
from uuid import UUID

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

from audiobrew.http.dependencies import get_settings
from audiobrew.http.error_handlers import ContentTooLarge
from audiobrew.problems import Problem
from audiobrew.settings import Settings

# The limit of routes that declare none, which receive JSON.
JSON_BYTES = 16 * 2**10
# What a multipart form adds to the size of its file.
FORM_BYTES = 64 * 2**10
# A client reads no response while it sends. So a body that is too large is read and discarded, up to this
# many times its limit.
MAX_DISCARDED = 4
# A body must arrive within this time, plus one second for each `MIN_BYTES_PER_SECOND` that its route allows.
BODY_SECONDS = 20.0
MIN_BYTES_PER_SECOND = 64 * 2**10
DISCARD_SECONDS = 2.0

Authenticate = Callable[[Request], Coroutine[Any, Any, UUID]]
Handler = Callable[[Request], Coroutine[Any, Any, Response]]
Limit = int | Callable[[Settings], int]
Reserve = Callable[[Request, UUID], AbstractContextManager[None]]
E = TypeVar("E", bound=Callable[..., Any])


class RequestTimeout(Problem):
    """The request took too long to arrive. Check the connection, then send it again."""

    type = "request-timeout"
    status = HTTPStatus.REQUEST_TIMEOUT
    headers = MappingProxyType({"Connection": "close"})


def body_limit(limit: Limit, reserve: Reserve | None = None) -> Callable[[E], E]:
    """Declares how many bytes a route's body may have, for routes that need more than `JSON_BYTES`.

    `reserve` returns a context manager that is open from before the body is received until the response is
    made. It raises a Problem if the listener may not send a body now.
    """

    def declare(endpoint: E) -> E:
        endpoint.body_limit = limit  # type: ignore[attr-defined]
        endpoint.reserve = reserve  # type: ignore[attr-defined]
        return endpoint

    return declare


def authenticates(authenticate: Authenticate) -> Callable[[E], E]:
    """Declares that a dependency authenticates the request. `LimitedRoute` does so before it reads the body.

    `authenticate` returns the listener or raises a Problem. It is called once per request.
    """

    def declare(dependency: E) -> E:
        dependency.authenticate = authenticate  # type: ignore[attr-defined]
        return dependency

    return declare


def upload_limit(settings: Settings) -> int:
    return settings.upload_bytes + FORM_BYTES


class LimitedRoute(APIRoute):
    """A route that authenticates a request before it reads its body, and limits the body.

    FastAPI reads the body first and resolves dependencies afterwards, so it would hold anybody's body in
    memory or on disk before it finds that nobody is signed in.
    """

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()
        limit: Limit = getattr(self.endpoint, "body_limit", JSON_BYTES)
        reserve: Reserve | None = getattr(self.endpoint, "reserve", None)
        authenticate = find_authenticate(self.dependant)

        async def handle_limited(request: Request) -> Response:
            reservation: AbstractContextManager[None] = nullcontext()
            if authenticate:
                listener = await authenticate(request)
                request.app.state.rate_limits.count_listener(listener)
                reservation = reserve(request, listener) if reserve else reservation
            max_bytes = limit if isinstance(limit, int) else limit(await get_settings(request))
            receive = limit_body(request.receive, max_bytes)
            with ExitStack() as stack:
                try:
                    stack.enter_context(reservation)
                except Problem:
                    await discard_body(receive)
                    raise
                return await handle(Request(request.scope, receive, request._send))

        return handle_limited


async def discard_body(receive: Receive) -> None:
    """Read what a refused client is sending, for a moment: if the connection were closed before, the client
    would see it reset instead of the refusal."""
    with suppress(TimeoutError, HTTPException):
        async with asyncio.timeout(DISCARD_SECONDS):
            while (await receive()).get("more_body"):
                pass


def find_authenticate(dependant: Dependant) -> Authenticate | None:
    """How requests to this route are authenticated; None for a public route."""
    own: Authenticate | None = getattr(dependant.call, "authenticate", None)
    return own or next(filter(None, map(find_authenticate, dependant.dependencies)), None)


def limit_body(receive: Receive, max_bytes: int, seconds: float = BODY_SECONDS) -> Receive:
    """Wraps `receive`. Raises HTTPException with the status of ContentTooLarge or RequestTimeout, because
    FastAPI lets no Problem through while it reads a body.

    Once the body is complete there is no time limit: the next message reports the client's disconnect.
    """
    size = 0
    is_complete = False
    deadline: float | None = None

    async def receive_limited() -> Message:
        nonlocal size, is_complete, deadline
        if is_complete:
            return await receive()
        if deadline is None:
            allowed_seconds = seconds + max_bytes / MIN_BYTES_PER_SECOND
            deadline = asyncio.get_running_loop().time() + allowed_seconds
        message = await receive_before(deadline, receive)
        size += len(message.get("body", b""))
        while size > max_bytes and message.get("more_body") and size < MAX_DISCARDED * max_bytes:
            message = await receive_before(deadline, receive)
            size += len(message.get("body", b""))
        if size > max_bytes:
            limit = f"{max_bytes // 2**20} MB" if max_bytes >= 2**20 else f"{max_bytes // 2**10} KB"
            detail = f"This is larger than AudioBrew accepts ({limit}). Send it in smaller parts."
            raise HTTPException(ContentTooLarge.status, detail)
        is_complete = not message.get("more_body", False)
        return message

    return receive_limited


async def receive_before(deadline: float, receive: Receive) -> Message:
    try:
        async with asyncio.timeout_at(deadline):
            return await receive()
    except TimeoutError:
        raise HTTPException(
            RequestTimeout.status, str(RequestTimeout()), dict(RequestTimeout.headers)
        ) from None

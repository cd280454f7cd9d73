"""Limits on connections, which uvicorn does not have: it only closes idle connections.

Without them, a request whose head never ends, or a response that its client never reads, would keep its
connection open for ever. For `uvicorn` on its own: `--http audiobrew.http.server_protocol:LimitedProtocol`.
"""

import asyncio
import resource
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from starlette.responses import PlainTextResponse
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from audiobrew.http.host_guard_middleware import SECURITY_HEADERS

# From a connection's start, or the first byte of its next request, to the end of the request's head.
HEAD_SECONDS = 10.0
HEAD_BYTES = 32 * 2**10
# How long a response waits for a client that does not read it.
UNREAD_SECONDS = 60.0
# How many of its open files a process needs for other things than connections.
OTHER_FILES = 200
MAX_CONNECTIONS = 10_000


def server_response(status: HTTPStatus, **headers: str) -> bytes:
    """A response that the application did not make, with the security headers that the application sends."""
    text = status.phrase
    fields = {
        **SECURITY_HEADERS,
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": str(len(text)),
        "Connection": "close",
        **headers,
    }
    lines = (f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status.value} {text}\r\n{''.join(lines)}\r\n{text}".encode()


BAD_REQUEST = server_response(HTTPStatus.BAD_REQUEST)
BUSY = server_response(HTTPStatus.SERVICE_UNAVAILABLE, **{"Retry-After": "5"})
TOO_LATE = server_response(HTTPStatus.REQUEST_TIMEOUT)
TOO_LARGE = server_response(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
respond_too_large = PlainTextResponse(
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE.phrase,
    status_code=HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    headers={**SECURITY_HEADERS, "Connection": "close"},
)


def max_connections() -> int:
    """How many connections this process may have, given the limit on its open files."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files == resource.RLIM_INFINITY:
        return MAX_CONNECTIONS
    return min(MAX_CONNECTIONS, max(OTHER_FILES, files - OTHER_FILES))


class Timer:
    """At most one pending call."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._handle: asyncio.TimerHandle | None = None

    @property
    def is_running(self) -> bool:
        return self._handle is not None

    def start(self, seconds: float, callback: Callable[[], None]) -> None:
        self.stop()
        self._handle = self._loop.call_later(seconds, self._call, callback)

    def stop(self) -> None:
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def _call(self, callback: Callable[[], None]) -> None:
        self._handle = None
        callback()


class LimitedProtocol(HttpToolsProtocol):
    """Uvicorn's protocol, with limits on the time and size of requests and on the number of connections."""

    head_seconds = HEAD_SECONDS
    head_bytes = HEAD_BYTES
    unread_seconds = UNREAD_SECONDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._max_connections = max_connections()
        self._read_timer, self._write_timer = Timer(self.loop), Timer(self.loop)
        self._in_head = True
        self._head_size = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > self._max_connections:
            self._refuse(BUSY)
        else:
            self._limit_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        self._read_timer.stop()
        self._write_timer.stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        if self._in_head:
            self._head_size += len(data)
            if not self._read_timer.is_running:
                self._limit_reading()
        super().data_received(data)
        if self._in_head and self._head_size > self.head_bytes:
            self._refuse(TOO_LARGE)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Ignores trailers, which come after a body."""
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Checks the size here as well, because a head may arrive in one piece together with its body."""
        self._read_timer.stop()
        self._in_head, self._head_size = False, 0
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        app = self.app
        if size > self.head_bytes:
            self.app = respond_too_large
        try:
            super().on_headers_complete()
        finally:
            self.app = app

    def on_message_complete(self) -> None:
        self._in_head = True
        super().on_message_complete()
        if self.cycle.response_complete:  # before its body was read to the end
            self._limit_reading()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.transport.is_closing():
            self._limit_writing()
        elif not self._in_head:
            self._limit_reading()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._limit_writing()

    def resume_writing(self) -> None:
        self._write_timer.stop()
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        self._refuse(BAD_REQUEST)

    def timeout_keep_alive_handler(self) -> None:
        self._refuse(b"")

    def _limit_reading(self) -> None:
        self._read_timer.start(self.head_seconds, self._end_reading)

    def _end_reading(self) -> None:
        """Not while an earlier request is still processed: uvicorn's own limit starts after its response."""
        if self.cycle is None or self.cycle.response_complete:
            self._refuse(TOO_LATE if self._head_size else b"")

    def _limit_writing(self) -> None:
        self._write_timer.start(self.unread_seconds, self.transport.abort)

    def _refuse(self, response: bytes) -> None:
        self._read_timer.stop()
        if not self.transport.is_closing():
            self.transport.write(response)
            self.transport.close()
            self._limit_writing()

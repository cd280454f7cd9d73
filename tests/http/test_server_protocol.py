"""Responses that a client does not read, the number of connections, and what the server itself responds."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
import uvicorn
from audiobrew.http.host_guard_middleware import SECURITY_HEADERS
from audiobrew.http.server_protocol import LimitedProtocol, max_connections
from starlette.responses import StreamingResponse

CHUNK = b"x" * 2**16
UNREAD_SECONDS = 1.0


class ImpatientProtocol(LimitedProtocol):
    unread_seconds = UNREAD_SECONDS


class EndlessApp:
    """Responds for as long as the client reads. `ended` is set afterwards."""

    def __init__(self) -> None:
        self.ended = threading.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def chunks() -> Any:
            while True:
                yield CHUNK
                await asyncio.sleep(0)

        try:
            await StreamingResponse(chunks())(scope, receive, send)
        finally:
            self.ended.set()


@contextmanager
def serving(app: Any) -> Iterator[tuple[str, int]]:
    config = uvicorn.Config(app, port=0, lifespan="off", log_config=None, http=ImpatientProtocol)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield server.servers[0].sockets[0].getsockname()[:2]
    finally:
        server.should_exit = True
        thread.join()


def test_a_response_that_is_not_read_is_aborted() -> None:
    app = EndlessApp()
    with serving(app) as address, socket.create_connection(address) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert app.ended.wait(UNREAD_SECONDS + 15)


def test_a_response_that_is_read_slowly_continues() -> None:
    app = EndlessApp()
    with serving(app) as address, socket.create_connection(address) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        deadline = time.monotonic() + 3 * UNREAD_SECONDS
        while time.monotonic() < deadline:
            assert client.recv(2**20)
            time.sleep(0.02)
        assert not app.ended.is_set()


def test_connections_leave_files_for_other_purposes() -> None:
    assert 200 <= max_connections() <= 10_000


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"NOT HTTP\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\n", 408),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 2**15 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 2**16, 431),
        (b"", 503),
    ],
)
def test_a_response_of_the_server_itself_has_the_security_headers(
    monkeypatch: pytest.MonkeyPatch, request_bytes: bytes, status: int
) -> None:
    monkeypatch.setattr(ImpatientProtocol, "head_seconds", 0.5)
    if status == 503:
        monkeypatch.setattr("audiobrew.http.server_protocol.max_connections", lambda: 0)
    with serving(EndlessApp()) as address, socket.create_connection(address, timeout=30) as client:
        response = b""
        with suppress(ConnectionError):  # reset if the request is refused before it was read whole
            client.sendall(request_bytes)
            while more := client.recv(2**16):
                response += more
    head, _, body = response.decode().partition("\r\n\r\n")
    headers = dict(line.lower().split(": ", 1) for line in head.splitlines()[1:])

    assert head.startswith(f"HTTP/1.1 {status} ")
    assert int(headers["content-length"]) == len(body)
    assert headers["connection"] == "close"
    assert {name: headers[name.lower()] for name in SECURITY_HEADERS} == {
        name: value.lower() for name, value in SECURITY_HEADERS.items()
    }

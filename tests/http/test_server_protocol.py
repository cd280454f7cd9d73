"""What happens to an answer that its client does not read."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from audiobrew.http.server_protocol import LimitedProtocol, max_connections
from starlette.responses import StreamingResponse

PIECE = b"x" * 2**16
UNREAD_SECONDS = 1.0


class Impatient(LimitedProtocol):
    unread_seconds = UNREAD_SECONDS


class Endless:
    """Answers for as long as somebody reads; `ended` once it stopped."""

    def __init__(self) -> None:
        self.ended = threading.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def pieces() -> Any:
            while True:
                yield PIECE
                await asyncio.sleep(0)

        try:
            await StreamingResponse(pieces())(scope, receive, send)
        finally:
            self.ended.set()


@contextmanager
def serving(app: Any) -> Iterator[tuple[str, int]]:
    config = uvicorn.Config(app, port=0, lifespan="off", log_config=None, http=Impatient)
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


def test_an_answer_that_nobody_reads_is_cut_off() -> None:
    app = Endless()
    with serving(app) as place, socket.create_connection(place) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert app.ended.wait(UNREAD_SECONDS + 15)


def test_an_answer_that_is_read_slowly_goes_on() -> None:
    app = Endless()
    with serving(app) as place, socket.create_connection(place) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        until = time.monotonic() + 3 * UNREAD_SECONDS
        while time.monotonic() < until:
            assert client.recv(2**20)
            time.sleep(0.02)
        assert not app.ended.is_set()


def test_a_process_keeps_files_for_other_things() -> None:
    assert 200 <= max_connections() <= 10_000

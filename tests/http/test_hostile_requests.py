"""Requests that are meant to take up the service's time or memory must not block its event loop."""

import asyncio
import json
import select
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from pathlib import Path
from time import monotonic, sleep, thread_time
from typing import Any

import audiobrew
import httpx2
import pytest
from audiobrew.http.body_limit import JSON_BYTES, limit_body
from audiobrew.inbox.upload import MAX_WAITING_UPLOADS
from starlette.exceptions import HTTPException
from starlette.types import Message

from tests.serving import Service, a_mail

JSON = {"Content-Type": "application/json"}
KEYS = json.dumps({f"k{number}": 1 for number in range(110_000)}).encode()
MANY = json.dumps({f"k{number}": 1 for number in range(1300)}).encode()
HOSTILE = {
    "1 MB of keys": ("POST", "/api/session", JSON, KEYS, 413),
    "16 KB of keys": ("POST", "/api/session", JSON, MANY, 422),
    "deep lists": ("POST", "/api/session", JSON, b"[" * 16_000, 400),
    "deep objects": ("POST", "/api/session", JSON, b'{"a":' * 3_200, 400),
    "a huge integer": ("POST", "/api/session", JSON, b'{"code":' + b"9" * 16_000 + b"}", 400),
    "a huge exponent": ("POST", "/api/session", JSON, b'{"code":1e999999999}', 422),
    "keys twice": ("POST", "/api/session", JSON, b"{" + b'"code":1,' * 1_500 + b'"code":1}', 422),
    "one long key": ("POST", "/api/session", JSON, b'{"' + b"k" * 16_000 + b'":1}', 422),
    "a long query": ("GET", "/api/config?" + "a=1&" * 12_000, {}, b"", 200),
    "a long value in the query": ("GET", "/api/config?a=" + "%25" * 15_000, {}, b"", 200),
    "a long path": ("GET", "/api/" + "x/" * 20_000, {}, b"", 404),
    "a long feed token": ("GET", f"/feed/{'x' * 40_000}/rss.xml", {}, b"", 404),
    "a long token": ("GET", "/api/mail", {"Authorization": "Bearer " + "x" * 40_000}, b"", 401),
    "many cookies": ("GET", "/api/mail", {"Cookie": "a=b;" * 8_000}, b"", 401),
    "many forwarded": ("GET", "/api/mail", {"X-Forwarded-For": "1.2.3.4," * 4_000}, b"", 401),
    "many ranges": ("GET", "/feed/cover.jpg", {"Range": "bytes=" + "0-0," * 9_000}, b"", None),
    "many etags": ("GET", "/feed/cover.jpg", {"If-None-Match": '"a",' * 9_000}, b"", None),
    "a long accept": ("GET", "/", {"Accept": "text/x;q=0.1," * 3_000}, b"", 200),
    "a long type": ("POST", "/api/session", {"Content-Type": "a/b;" * 9_000}, b"{}", 422),
    "a mail of nobody": ("POST", "/api/mail", JSON, b"x" * 2**20, 401),
}  # fmt: skip


@contextmanager
def measure_loop(loop: asyncio.AbstractEventLoop) -> Iterator[list[float]]:
    """The processor time of the loop's thread, each time that the loop was free to run something else.

    It is not wall-clock time, which would be longer on a busy machine.
    """
    times: list[float] = []
    is_over = threading.Event()

    def mark(ran: threading.Event) -> None:
        times.append(thread_time())
        ran.set()

    def sample() -> None:
        last = False
        while not last:
            last = is_over.wait(0.002)
            ran = threading.Event()
            loop.call_soon_threadsafe(mark, ran)
            ran.wait(30)

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        while not times:
            sleep(0.001)
        yield times
    finally:
        is_over.set()
        thread.join()


@pytest.fixture(scope="module")
def loop(service: Service) -> asyncio.AbstractEventLoop:
    """The event loop of the service."""
    loops: list[asyncio.AbstractEventLoop] = []

    async def note_loop(scope: Any, receive: Any, send: Any) -> None:
        loops.append(asyncio.get_running_loop())
        await previous(scope, receive, send)

    previous = service.app.router.default
    service.app.router.default = note_loop
    with service.client() as client:
        client.get("/nothing.here")
    service.app.router.default = previous
    return loops[0]


@pytest.mark.parametrize("name", HOSTILE)
def test_no_request_of_a_stranger_blocks_the_loop(
    anonymous: httpx2.Client, loop: asyncio.AbstractEventLoop, name: str
) -> None:
    """The best of three runs counts, because the loop has other work too; a slow handler is always slow."""
    method, path, headers, body, status = HOSTILE[name]
    longest = []
    for _ in range(3):
        with measure_loop(loop) as times:
            response = anonymous.request(method, path, headers=headers, content=body)
        longest.append(max(after - previous for previous, after in pairwise(times)))

    assert status is None or response.status_code == status
    assert response.status_code < 500
    assert len(response.content) < 20_000 or path == "/feed/cover.jpg"
    assert min(longest) < 0.05


def test_a_response_lists_at_most_twenty_errors(anonymous: httpx2.Client) -> None:
    response = anonymous.post("/api/session", content=MANY, headers=JSON)

    assert response.status_code == 422
    assert len(response.json()["errors"]) == 20


def test_a_json_body_is_limited_to_16_kb_by_default(owner: httpx2.Client) -> None:
    ids = [f"00000000-0000-4000-8000-{number:012}" for number in range(500)]
    padding = b" " * JSON_BYTES

    order = owner.post("/api/podcast/quote", json={"email_ids": ids, "minutes": 5})
    token_request = owner.post("/api/feed/tokens", content=b'{"name": "A"}' + padding, headers=JSON)

    assert order.status_code == 404
    assert token_request.status_code == 413
    assert "16 KB" in token_request.json()["detail"]


SENDERS = [
    ("POST", "/api/mail", "multipart/form-data; boundary=x"),
    ("POST", "/api/podcast/generate", "application/json"),
    ("POST", "/api/podcast/quote", "application/json"),
    ("PATCH", "/api/mail/00000000-0000-0000-0000-000000000000", "application/json"),
    ("PUT", "/api/schedule", "application/json"),
    ("POST", "/api/feed/tokens", "application/json"),
    ("PATCH", "/api/user/00000000-0000-0000-0000-000000000000", "application/json"),
]


@pytest.mark.parametrize(("method", "path", "type"), SENDERS)
@pytest.mark.parametrize("token", ["", "Authorization: Bearer wrong\r\n"])
def test_a_stranger_is_refused_before_the_body_is_read(
    service: Service, method: str, path: str, type: str, token: str
) -> None:
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{token}Content-Type: {type}\r\n"

    response = send_raw(service, f"{head}Content-Length: 10000\r\n\r\nnot all of it".encode())

    assert response.startswith(b"HTTP/1.1 401")


def send_raw(service: Service, request: bytes, seconds: float = 5.0) -> bytes:
    """The first bytes of the response."""
    host, port = service.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), seconds) as connection:
        connection.sendall(request)
        return connection.recv(4096)


def test_the_pending_uploads_of_one_listener_are_limited(service: Service) -> None:
    """Each takes space on the disk while it arrives. Other listeners' uploads are not affected."""
    token, other = service.sign_in(), service.sign_in(second=True)
    host, port = service.url.removeprefix("http://").split(":")

    def begin(token: str) -> socket.socket:
        connection = socket.create_connection((host, int(port)), 10)
        connection.sendall(
            b"POST /api/mail HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n"
            b"Content-Type: multipart/form-data; boundary=x\r\n"
            + f"Authorization: Bearer {token}\r\n\r\n".encode()
        )
        return connection

    with ExitStack() as stack:
        connections = [stack.enter_context(begin(token)) for _ in range(MAX_WAITING_UPLOADS + 5)]
        refusals: list[bytes] = []
        while len(refusals) < 5:
            readable, _, _ = select.select(connections, [], [], 30)
            assert readable, "an upload too many is not refused"
            refusals += [receive_problem(one) for one in readable]
            connections = [one for one in connections if one not in readable]
        with service.client(other) as second:
            file = {"file": ("a.eml", a_mail(), "message/rfc822")}
            upload = second.post("/api/mail", files=file)

    assert {response[9:12] for response in refusals} == {b"429"}
    assert b"/problems/uploads-running" in refusals[0]
    assert len(connections) == MAX_WAITING_UPLOADS
    assert upload.status_code == 201


def receive_problem(connection: socket.socket) -> bytes:
    """Head and body, which may arrive separately."""
    response = b""
    while b"}" not in response and (more := connection.recv(4096)):
        response += more
    return response


async def test_a_body_that_stops_arriving_times_out() -> None:
    async def receive() -> Message:
        await asyncio.sleep(60)
        raise AssertionError

    start = monotonic()
    with pytest.raises(HTTPException) as raised:
        await limit_body(receive, 100, seconds=0.05)()

    assert raised.value.status_code == 408
    assert raised.value.headers == {"Connection": "close"}
    assert monotonic() - start < 5


async def test_a_body_that_arrives_too_slowly_times_out() -> None:
    async def receive() -> Message:
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": b"x", "more_body": True}

    limited = limit_body(receive, 10_000, seconds=0.1)
    with pytest.raises(HTTPException) as raised:
        for _ in range(1000):
            await limited()

    assert raised.value.status_code == 408


async def test_a_client_that_stays_connected_is_not_timed_out() -> None:
    messages = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Message:
        if messages:
            return messages.pop()
        await asyncio.sleep(0.2)
        return {"type": "http.disconnect"}

    limited = limit_body(receive, 100, seconds=0.05)
    await limited()

    assert (await limited())["type"] == "http.disconnect"


def test_every_router_limits_bodies() -> None:
    sources = {path: path.read_text() for path in Path(audiobrew.__file__).parent.rglob("*.py")}
    unlimited = [
        path.name
        for path, source in sources.items()
        for router in source.split("APIRouter(")[1:]
        if "route_class=LimitedRoute" not in router.split(")\n")[0]
    ]

    assert unlimited == ["docs_page.py"]

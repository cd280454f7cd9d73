"""`audiobrew serve` in its own process, with hostile clients on the same machine."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from time import monotonic

import httpx2
import pytest
from audiobrew.http.server_protocol import HEAD_BYTES, HEAD_SECONDS

from tests.product import Product, run_product


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    strict = {"AUDIOBREW_REQUESTS_PER_MINUTE_PER_ADDRESS": "50"}
    with run_product(Path(tmp_path_factory.mktemp("served"), "data"), **strict) as product:
        yield product


def test_a_local_client_cannot_choose_its_address(product: Product) -> None:
    """Without a proxy, `X-Forwarded-For` is written by the client, which could evade the rate limit with a
    new address for each request."""
    assert product.http.get("/api/mail").status_code == 200
    with httpx2.Client(base_url=product.url, timeout=30) as anonymous:
        tries = [
            anonymous.get("/api/mail", headers={"X-Forwarded-For": f"203.0.113.{number}"})
            for number in range(40)
        ]
        https = anonymous.get("/health", headers={"X-Forwarded-Proto": "https"})

    refusals = [one for one in tries if one.status_code == 429]
    assert tries[0].status_code == 401
    assert len(refusals) > len(tries) / 2  # a token is refilled now and then
    assert all(int(one.headers["retry-after"]) >= 1 for one in refusals)
    assert "strict-transport-security" not in https.headers
    assert product.http.get("/api/mail").status_code == 200


def connect(product: Product) -> socket.socket:
    url = httpx2.URL(product.url)
    return socket.create_connection((url.host, url.port), timeout=HEAD_SECONDS + 20)


# What a client sends and never ends: nothing, a part of a head, a second head, a body that nobody waits for.
UNENDED = (
    b"",
    b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
    b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET /hea",
    b"POST /health HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nabc",
    b"POST /health HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-T: ",
)


def test_half_open_connections_are_closed_in_time(product: Product) -> None:
    """Three hundred of them, while other clients are served."""
    with ExitStack() as stack:
        began = monotonic()
        every = [stack.enter_context(connect(product)) for _ in range(300)]
        for number, one in enumerate(every):
            one.sendall(UNENDED[number % len(UNENDED)])
        waits = []
        for _ in range(10):
            start = monotonic()
            assert httpx2.get(f"{product.url}/health", timeout=10).status_code == 200
            waits.append(monotonic() - start)
        for one in every:
            while one.recv(65536):
                pass
        took = monotonic() - began

    assert took < HEAD_SECONDS + 15
    assert sorted(waits)[5] < 2


def test_a_slow_request_head_is_cut_off_in_time(product: Product) -> None:
    with connect(product) as one:
        one.settimeout(0.5)
        one.sendall(b"GET /health HTTP/1.1\r\n")
        began, answer = monotonic(), None
        while answer is None and monotonic() - began < HEAD_SECONDS + 15:
            try:
                one.sendall(b"X: y\r\n")
                answer = one.recv(100)
            except TimeoutError:
                continue
            except OSError:
                answer = b""

    assert answer is not None
    assert answer[:12] in (b"", b"HTTP/1.1 408")


@pytest.mark.parametrize("ended", [True, False])
def test_the_size_of_a_request_head_is_limited(product: Product, ended: bool) -> None:
    with connect(product) as one:
        head = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Large: " + b"a" * (HEAD_BYTES + 10)
        one.sendall(head + (b"\r\n\r\n" if ended else b""))
        assert one.recv(100).startswith(b"HTTP/1.1 431")

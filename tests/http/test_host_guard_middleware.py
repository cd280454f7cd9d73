"""On loopback, only pages of this machine are served, and only under its own host names."""

import socket

import httpx2
import pytest
from audiobrew.http.host_guard_middleware import ONE_YEAR, HostGuardMiddleware
from audiobrew.http.rate_limit import RateLimits
from audiobrew.settings import Settings
from starlette.responses import PlainTextResponse

from tests.serving import DEV, Service


@pytest.mark.parametrize(
    "path", ["/", "/health", "/api/config", "/api/mail", "/feed/x/rss.xml", "/nothing"]
)
@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "127.0.0.1.evil.example", "", "[", "10.0.0.1", "localhost."),
        *("evil.example@127.0.0.1", "evil.example\\@localhost"),
    ],
)
def test_a_foreign_host_name_is_refused(anonymous: httpx2.Client, path: str, host: str) -> None:
    response = anonymous.get(path, headers={"Host": host})

    assert response.status_code in (400, 403)
    assert response.status_code == 400 or response.json()["type"] == "/problems/foreign-host"


@pytest.mark.parametrize(
    "host", ["127.0.0.1:{port}", "localhost:{port}", "LOCALHOST", "[::1]:{port}"]
)
def test_this_machines_own_names_are_served(anonymous: httpx2.Client, host: str) -> None:
    own = host.format(port=anonymous.base_url.port)

    assert anonymous.get("/health", headers={"Host": own}).status_code == 200


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "https://audiobrew.vercel.app",
        "null",
        "http://127.0.0.1:1",
        "http://localhost:3000",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "DELETE"])
def test_a_foreign_page_is_refused(owner: httpx2.Client, origin: str, method: str) -> None:
    headers = {"Origin": origin, "Access-Control-Request-Method": "GET"}

    response = owner.request(method, "/api/mail", headers=headers)

    assert response.status_code == 403
    assert response.json()["type"] == "/problems/foreign-page"
    assert "access-control-allow-origin" not in response.headers


def test_our_own_page_is_served(owner: httpx2.Client, service: Service) -> None:
    assert owner.get("/api/mail", headers={"Origin": service.url}).status_code == 200


@pytest.mark.parametrize("origin", [DEV])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_an_allowed_page_may_send_a_preflight_request(
    anonymous: httpx2.Client, origin: str, method: str
) -> None:
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization,content-type,idempotency-key,last-event-id",
    }

    response = anonymous.options("/api/podcast/generate", headers=headers)

    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == origin
    assert method in response.headers["access-control-allow-methods"]
    assert "credentials" not in str(response.headers)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/mail", 200),
        ("GET", "/api/mail/nonsense", 422),
        ("GET", "/api/mail/00000000-0000-0000-0000-000000000000", 404),
        ("PUT", "/api/mail", 405),
        ("GET", "/api/nothing", 404),
    ],
)
def test_an_allowed_page_can_read_responses_and_errors(
    owner: httpx2.Client, method: str, path: str, status: int
) -> None:
    response = owner.request(method, path, headers={"Origin": DEV})

    assert response.status_code == status
    assert response.headers["access-control-allow-origin"] == DEV
    assert "X-Request-Id" in response.headers["access-control-expose-headers"]
    assert "Origin" in response.headers["vary"]


def test_an_allowed_page_can_read_that_it_is_not_signed_in(anonymous: httpx2.Client) -> None:
    response = anonymous.get("/api/mail", headers={"Origin": DEV})

    assert response.status_code == 401
    assert response.headers["access-control-allow-origin"] == DEV


@pytest.mark.parametrize(
    ("mode", "url", "forwarded", "expected"),
    [
        ("production", "http://api.example", "https", ONE_YEAR),
        ("production", "https://api.example", None, ONE_YEAR),
        ("production", "http://api.example", "http", None),
        ("production", "http://api.example", None, None),
        ("embedded", "http://127.0.0.1", "https", None),
    ],
)
async def test_hsts_is_sent_to_clients_that_use_https(
    mode: str, url: str, forwarded: str | None, expected: str | None
) -> None:
    """With responses and refusals alike. Over http, the header could be added by anybody."""
    settings = Settings.model_construct(mode=mode, trusted_proxies=None)
    middleware = HostGuardMiddleware(PlainTextResponse("here"), settings, RateLimits.of(settings))
    headers = {"X-Forwarded-Proto": forwarded} if forwarded else {}
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(middleware), base_url=url, headers=headers
    ) as client:
        responses = [await client.get("/"), await client.request("TRACE", "/")]

    assert [response.status_code for response in responses] == [200, 405]
    assert [response.headers.get("strict-transport-security") for response in responses] == [
        expected
    ] * 2


@pytest.mark.parametrize("path", ["/api/mail", "/api/config", "/api/nothing"])
def test_responses_of_the_api_are_not_cached(owner: httpx2.Client, path: str) -> None:
    assert owner.get(path).headers["cache-control"] == "private, no-store"


def test_a_body_that_is_too_large_gets_a_413(owner: httpx2.Client) -> None:
    response = owner.post("/api/session", content=b'{"code": "' + b"x" * 3 * 2**20 + b'"}')

    assert response.status_code == 413
    assert response.headers["content-type"] == "application/problem+json"


def test_a_body_without_a_length_is_counted(service: Service) -> None:
    def chunks():  # type: ignore[no-untyped-def]
        for _ in range(64):
            yield b"x" * 2**16

    with service.client() as client:
        response = client.post(
            "/api/session", content=chunks(), headers={"Content-Type": "application/json"}
        )

    assert response.status_code == 413


def test_the_service_listens_on_this_machine_only(service: Service) -> None:
    port = int(service.url.rsplit(":", 1)[1])
    other_addresses = {
        info[4][0] for info in socket.getaddrinfo(socket.gethostname(), port, socket.AF_INET)
    } - {"127.0.0.1", "127.0.1.1"}

    for address in other_addresses:
        with pytest.raises(OSError), socket.create_connection((address, port), 0.5):
            pass


def test_no_other_origin_is_trusted_by_default() -> None:
    assert Settings().origins == ()
    assert Settings(app_url="https://own.example").origins == ("https://own.example",)


@pytest.mark.parametrize(
    "path", ["/health", "/ready", "/api/config", "/api/nothing", "/api/mail", "/feed/x/rss.xml"]
)
def test_a_response_of_the_api_may_load_nothing(anonymous: httpx2.Client, path: str) -> None:
    policy = anonymous.get(path).headers["content-security-policy"]

    assert policy == "default-src 'none'; frame-ancestors 'none'"


@pytest.mark.parametrize("path", ["/", "/health", "/api/mail", "/nothing", "/api/nothing"])
def test_trace_is_not_allowed(anonymous: httpx2.Client, path: str) -> None:
    response = anonymous.request("TRACE", path)

    assert response.status_code == 405
    assert "GET" in response.headers["allow"]
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["content-type"] == "application/problem+json"

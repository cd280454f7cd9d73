"""Who may ask at all: this machine's own pages, under this machine's own name."""

import re
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
def test_a_foreign_host_name_is_refused(nobody: httpx2.Client, path: str, host: str) -> None:
    answer = nobody.get(path, headers={"Host": host})

    assert answer.status_code in (400, 403)
    assert answer.status_code == 400 or answer.json()["type"] == "/problems/foreign-host"


@pytest.mark.parametrize(
    "host", ["127.0.0.1:{port}", "localhost:{port}", "LOCALHOST", "[::1]:{port}"]
)
def test_this_machines_own_names_are_served(nobody: httpx2.Client, host: str) -> None:
    own = host.format(port=nobody.base_url.port)

    assert nobody.get("/health", headers={"Host": own}).status_code == 200


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
    asked = {"Origin": origin, "Access-Control-Request-Method": "GET"}

    answer = owner.request(method, "/api/mail", headers=asked)

    assert answer.status_code == 403
    assert answer.json()["type"] == "/problems/foreign-page"
    assert "access-control-allow-origin" not in answer.headers


def test_our_own_page_is_served(owner: httpx2.Client, service: Service) -> None:
    assert owner.get("/api/mail", headers={"Origin": service.url}).status_code == 200


@pytest.mark.parametrize("origin", [DEV])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_an_allowed_page_may_ask_beforehand(
    nobody: httpx2.Client, origin: str, method: str
) -> None:
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization,content-type,idempotency-key,last-event-id",
    }

    answer = nobody.options("/api/podcast/generate", headers=asked)

    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == origin
    assert method in answer.headers["access-control-allow-methods"]
    assert "credentials" not in str(answer.headers)


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
def test_an_allowed_page_reads_answers_and_errors(
    owner: httpx2.Client, method: str, path: str, status: int
) -> None:
    answer = owner.request(method, path, headers={"Origin": DEV})

    assert answer.status_code == status
    assert answer.headers["access-control-allow-origin"] == DEV
    assert "X-Request-Id" in answer.headers["access-control-expose-headers"]
    assert "Origin" in answer.headers["vary"]


def test_an_allowed_page_reads_that_it_is_not_signed_in(nobody: httpx2.Client) -> None:
    answer = nobody.get("/api/mail", headers={"Origin": DEV})

    assert answer.status_code == 401
    assert answer.headers["access-control-allow-origin"] == DEV


@pytest.mark.parametrize("path", ["/", "/health", "/api/config", "/api/nothing", "/docs"])
def test_every_answer_is_kept_from_frames_and_guesses(nobody: httpx2.Client, path: str) -> None:
    headers = nobody.get(path).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["permissions-policy"] == "camera=(), microphone=(), geolocation=()"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "strict-transport-security" not in headers
    assert re.fullmatch("[0-9a-f]{32}", headers["x-request-id"])


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
async def test_browsers_are_told_to_stay_with_https_where_they_came_by_it(
    mode: str, url: str, forwarded: str | None, expected: str | None
) -> None:
    """Answers of the app and refusals alike; by http the header would be a stranger's to add."""
    settings = Settings.model_construct(mode=mode, trusted_proxies=None)
    guard = HostGuardMiddleware(PlainTextResponse("here"), settings, RateLimits.of(settings))
    headers = {"X-Forwarded-Proto": forwarded} if forwarded else {}
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(guard), base_url=url, headers=headers
    ) as client:
        answers = [await client.get("/"), await client.request("TRACE", "/")]

    assert [answer.status_code for answer in answers] == [200, 405]
    assert [answer.headers.get("strict-transport-security") for answer in answers] == [expected] * 2


@pytest.mark.parametrize("path", ["/api/mail", "/api/config", "/api/nothing"])
def test_what_is_the_listeners_is_not_cached(owner: httpx2.Client, path: str) -> None:
    assert owner.get(path).headers["cache-control"] == "private, no-store"


def test_a_body_too_large_is_refused_and_the_sender_hears_it(owner: httpx2.Client) -> None:
    answer = owner.post("/api/session", content=b'{"code": "' + b"x" * 3 * 2**20 + b'"}')

    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_body_that_lies_about_its_length_is_counted(service: Service) -> None:
    def pieces():  # type: ignore[no-untyped-def]
        for _ in range(64):
            yield b"x" * 2**16

    with service.client() as client:
        answer = client.post(
            "/api/session", content=pieces(), headers={"Content-Type": "application/json"}
        )

    assert answer.status_code == 413


def test_the_service_listens_on_this_machine_only(service: Service) -> None:
    port = int(service.url.rsplit(":", 1)[1])
    others = {
        found[4][0] for found in socket.getaddrinfo(socket.gethostname(), port, socket.AF_INET)
    } - {"127.0.0.1", "127.0.1.1"}

    for address in others:
        with pytest.raises(OSError), socket.create_connection((address, port), 0.5):
            pass


def test_nothing_elsewhere_is_trusted_unless_it_is_set() -> None:
    assert Settings().origins == ()
    assert Settings(app_url="https://own.example").origins == ("https://own.example",)


@pytest.mark.parametrize(
    "path", ["/health", "/ready", "/api/config", "/api/nothing", "/api/mail", "/feed/x/rss.xml"]
)
def test_an_answer_of_the_api_may_load_nothing(nobody: httpx2.Client, path: str) -> None:
    policy = nobody.get(path).headers["content-security-policy"]

    assert policy == "default-src 'none'; frame-ancestors 'none'"


@pytest.mark.parametrize("path", ["/", "/health", "/api/mail", "/nothing", "/api/nothing"])
def test_trace_is_no_method_of_ours(nobody: httpx2.Client, path: str) -> None:
    answer = nobody.request("TRACE", path)

    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-type"] == "application/problem+json"

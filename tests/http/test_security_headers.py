"""Every response of the application has the security headers: pages, files, refusals, crashes."""

import re
from collections.abc import Iterator

import httpx2
import pytest

from tests.serving import DEV, service_settings, serving


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    """A client of a service with a web app, and with a route that fails."""
    settings = service_settings(tmp_path_factory.mktemp("headers"))
    settings.web.mkdir()
    for name in ("200.html", "index.html", "theme.js"):
        (settings.web / name).write_text("")

    def fail() -> None:
        raise RuntimeError

    with serving(settings) as service, service.client() as client:
        service.app.add_api_route("/api/fail", fail)
        yield client


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/", {"Accept": "text/html"}, 200),
        ("GET", "/", {"Accept": "application/json"}, 200),
        ("GET", "/dashboard", {}, 200),
        ("GET", "/theme.js", {}, 200),
        ("HEAD", "/theme.js", {}, 200),
        ("GET", "/theme.js", {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}, 304),
        ("GET", "/health", {}, 200),
        ("GET", "/api/config", {}, 200),
        ("GET", "/docs", {}, 200),
        ("OPTIONS", "/api/mail", {"Origin": DEV, "Access-Control-Request-Method": "GET"}, 200),
        ("GET", "/api/mail", {}, 401),
        ("GET", "/health", {"Host": "evil.example"}, 403),
        ("GET", "/api/mail", {"Origin": "https://evil.example"}, 403),
        ("GET", "/gone.js", {}, 404),
        ("GET", "/api/nothing", {}, 404),
        ("GET", "/feed/x/rss.xml", {}, 404),
        ("PUT", "/api/mail", {}, 405),
        ("TRACE", "/dashboard", {}, 405),
        ("TRACE", "/theme.js", {}, 405),
        ("POST", "/api/session", {}, 422),
        ("GET", "/api/fail", {}, 500),
    ],
)
def test_every_response_has_the_security_headers(
    browser: httpx2.Client, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    response = browser.request(method, path, headers=headers)

    assert response.status_code == status
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert response.headers["x-frame-options"] == "DENY"
    assert response.headers["cross-origin-opener-policy"] == "same-origin"
    assert response.headers["permissions-policy"] == "camera=(), microphone=(), geolocation=()"
    assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
    assert "strict-transport-security" not in response.headers
    assert re.fullmatch("[0-9a-f]{32}", response.headers["x-request-id"])

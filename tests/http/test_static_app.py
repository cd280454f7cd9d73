"""The web app's static build, served by a real server beside the API."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from audiobrew.http.static_app import ANY_ORIGIN_POLICY, StaticApp

from tests.serving import service_settings, serving

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
SCRIPT = "_app/immutable/entry/start.C0ffee.js"
# A file with copies. The test of them does not decode them.
STYLES = "_app/immutable/assets/0.C0ffee.css"
GZIPPED, BROTLI = gzip.compress(b"p {}", mtime=0), b"p {} in brotli"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    settings = service_settings(tmp_path_factory.mktemp("web"))
    write_build(settings.web)
    with serving(settings) as service, httpx2.Client(base_url=service.url, headers=HTML) as client:
        yield client


def write_build(to: Path) -> None:
    """With the files that SvelteKit writes."""
    (to / SCRIPT).parent.mkdir(parents=True)
    (to / SCRIPT).write_text("start()")
    (to / STYLES).parent.mkdir(parents=True)
    (to / STYLES).write_text("p {}")
    (to / f"{STYLES}.gz").write_bytes(GZIPPED)
    (to / f"{STYLES}.br").write_bytes(BROTLI)
    (to / "200.html").write_text("<p>shell</p>")
    (to / "200.html.gz").write_bytes(gzip.compress(b"<p>shell</p>"))
    (to / "index.html").write_text("<p>landing</p>")
    (to / "favicon.svg").write_text("<svg/>")
    (to / "service-worker.js").write_text("self")
    (to / "manifest.webmanifest").write_text("{}")
    (to.parent / "secret.txt").write_text("secret")


def test_a_browser_gets_the_landing_page_and_a_program_the_greeting(browser: httpx2.Client) -> None:
    page, message = browser.get("/"), browser.get("/", headers={"Accept": "application/json"})

    assert page.text == "<p>landing</p>"
    assert "Accept" in page.headers["vary"]
    assert message.json()["message"]
    assert "Accept" in message.headers["vary"]


@pytest.mark.parametrize("path", ["/dashboard", "/episodes/7", "/dashboard/", "/a/b/c?x=1"])
def test_the_apps_own_pages_get_the_shell(browser: httpx2.Client, path: str) -> None:
    response = browser.get(path)

    assert response.status_code == 200
    assert response.text == "<p>shell</p>"
    assert response.headers["cache-control"] == "no-cache"
    assert response.headers["content-security-policy"] == "frame-ancestors 'none'"


def test_files_with_a_hash_in_their_name_are_cached_for_ever(browser: httpx2.Client) -> None:
    response = browser.get(f"/{SCRIPT}")

    assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert response.headers["content-type"].startswith("text/javascript")
    assert browser.head(f"/{SCRIPT}").status_code == 200
    assert browser.get("/favicon.svg").headers["cache-control"] == "no-cache"


def test_a_service_worker_is_never_outdated_and_may_load_the_apps_own_files(
    browser: httpx2.Client,
) -> None:
    response = browser.get("/service-worker.js")

    assert response.headers["cache-control"] == "no-cache"
    assert response.headers["content-type"].startswith("text/javascript")
    assert response.headers["content-security-policy"] == (
        "default-src 'none'; connect-src 'self'; frame-ancestors 'none'"
    )


def test_a_browser_gets_what_it_needs_to_install_the_app(browser: httpx2.Client) -> None:
    response = browser.get("/manifest.webmanifest")

    assert response.headers["content-type"] == "application/manifest+json"
    assert response.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    ("accepted", "encoding", "content"),
    [
        ("gzip, deflate, br, zstd", "br", BROTLI),
        ("gzip;q=0.5, br;q=0", "gzip", GZIPPED),
        ("identity", None, b"p {}"),
        ("br;q=0.0", None, b"p {}"),
    ],
    ids=["browser", "gzip", "nothing", "not-brotli"],
)
def test_a_client_gets_the_smallest_copy_that_it_can_read(
    browser: httpx2.Client, accepted: str, encoding: str | None, content: bytes
) -> None:
    with browser.stream("GET", f"/{STYLES}", headers={"Accept-Encoding": accepted}) as response:
        body = b"".join(response.iter_raw())

    assert response.headers.get("content-encoding") == encoding
    assert body == content
    assert response.headers["content-type"].startswith("text/css")
    assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "Accept-Encoding" in response.headers["vary"]


def test_the_shell_is_compressed_and_a_copy_has_no_address_of_its_own(
    browser: httpx2.Client,
) -> None:
    page = browser.get("/dashboard", headers={"Accept-Encoding": "gzip"})

    assert page.headers["content-encoding"] == "gzip"
    assert page.text == "<p>shell</p>"
    assert page.headers["content-security-policy"] == "frame-ancestors 'none'"
    assert browser.get(f"/{STYLES}.gz").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/_app/immutable/gone.js", "/_app/gone", "/gone.css", "/api/gone", "/feed/gone", "/api/mail/"],
)
def test_a_missing_file_is_never_the_shell(browser: httpx2.Client, path: str) -> None:
    response = browser.get(path)

    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert "immutable" not in response.headers.get("cache-control", "")


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/%2e%2e/secret.txt", "/_app/..%2f..%2fsecret.txt", "//etc/passwd"]
)
def test_nothing_outside_the_build_is_served(browser: httpx2.Client, path: str) -> None:
    response = browser.get(path)

    assert "secret" not in response.text
    assert "root:" not in response.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_pages_only_accept_get(browser: httpx2.Client, method: str) -> None:
    assert browser.request(method, "/dashboard").status_code == 404


async def policy(app: StaticApp, path: str) -> str | None:
    scope = {"type": "http", "method": "GET", "path": f"/{path}", "headers": []}
    return (await app.get_response(path, scope)).headers.get("content-security-policy")


async def test_a_build_for_any_origin_may_only_connect_to_this_servers_supabase(
    tmp_path: Path,
) -> None:
    write_build(tmp_path / "web")
    shell = tmp_path / "web" / "200.html"
    shell.write_text("<meta content=\"connect-src 'self' https: http://127.0.0.1:*\">")
    app = StaticApp(tmp_path / "web", "https://abc.supabase.example/path")
    alone = "frame-ancestors 'none'; connect-src 'self'"

    for page in ("dashboard", "index.html", "200.html"):
        assert await policy(app, page) == f"{alone} https://abc.supabase.example"
    assert await policy(StaticApp(tmp_path / "web"), "dashboard") == alone
    assert await policy(app, SCRIPT) is None


async def test_a_build_for_one_origin_keeps_its_own_policy(tmp_path: Path) -> None:
    write_build(tmp_path / "web")
    shell = tmp_path / "web" / "200.html"
    shell.write_text("<meta content=\"connect-src 'self' https://abc.supabase.example\">")

    assert await policy(StaticApp(tmp_path / "web", "https://other.example"), "dashboard") is None


def test_the_demos_build_is_for_any_origin() -> None:
    """`vite.config.ts` writes what the server looks for."""
    config = (Path(__file__).parents[2] / "frontend-client" / "vite.config.ts").read_text()

    assert "['https:', 'http://127.0.0.1:*', 'http://localhost:*']" in config
    assert ANY_ORIGIN_POLICY == "connect-src 'self' https: "

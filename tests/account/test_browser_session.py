"""The browser's cookie: what it allows, and the ways in which another page might abuse it."""

import asyncio
from collections.abc import Iterator
from http.cookies import SimpleCookie
from typing import Any

import httpx2
import pytest
from audiobrew.account.listener_store import ListenerStore
from audiobrew.account.local import LocalIdentity
from audiobrew.db.engine import open_database

from tests.listeners import add_listener
from tests.serving import Service, a_mail

EVIL = "https://evil.example"
DEV = "http://localhost:5173"


async def create_token(service: Service, *, second: bool) -> str:
    """A token made like the terminal's process does. A request would count towards the limit of sign-ins."""
    engine = open_database(service.settings)
    listeners = ListenerStore(engine)
    identity = LocalIdentity(listeners, 90)
    code = await identity.issue_code(await add_listener(listeners) if second else None)
    session = await identity.exchange_code(code)
    await engine.dispose()
    return session.token


class Browser:
    """A signed-in page of the app, with its cookie and its CSRF token."""

    def __init__(self, service: Service, client: httpx2.Client, *, second: bool = False) -> None:
        self.service = service
        self.client = client
        bearer = {"Authorization": f"Bearer {asyncio.run(create_token(service, second=second))}"}
        self.answer = client.post("/api/session/browser", json={}, headers=bearer)
        self.session = self.answer.raise_for_status().json()
        self.csrf = {"X-CSRF-Token": self.session["csrf_token"]}

    @property
    def cookie(self) -> str:
        return str(self.client.cookies["audiobrew_session"])


@pytest.fixture
def browser(service: Service) -> Iterator[Browser]:
    with service.client() as client:
        yield Browser(service, client)


@pytest.fixture
def other(service: Service) -> Iterator[Browser]:
    """The session of another listener."""
    with service.client() as client:
        yield Browser(service, client, second=True)


def test_exchanging_a_code_sets_an_http_only_same_site_cookie(service: Service) -> None:
    with service.client() as client:
        code = {"code": asyncio.run(service.code())}
        answer = client.post("/api/session/browser", json=code)
        again = client.post("/api/session/browser", json=code)
        session = client.get("/api/session").json()
    [set_cookie] = answer.headers.get_list("set-cookie")
    cookie = SimpleCookie(set_cookie)["audiobrew_session"]

    assert answer.status_code == 201
    assert answer.json() == session
    assert set(session) == {"user_id", "expires_at", "csrf_token"}
    assert again.json()["type"] == "/problems/code-refused"
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "strict", "/")
    assert not cookie["domain"]
    assert len(cookie.value) >= 43
    assert cookie.value not in answer.text


def test_the_cookie_alone_can_read_and_with_the_csrf_token_can_change(browser: Browser) -> None:
    file = {"file": ("a.eml", a_mail(), "message/rfc822")}
    upload = browser.client.post("/api/mail", files=file, headers=browser.csrf)

    assert upload.status_code == 201
    assert browser.client.get("/api/mail").json()


def test_a_cookie_is_not_accepted_as_a_token_nor_a_token_as_a_cookie(
    service: Service, browser: Browser
) -> None:
    token = service.sign_in()
    with service.client(browser.cookie) as client:
        as_a_token = client.get("/api/mail")
    with service.client() as client:
        as_a_cookie = client.get("/api/mail", headers={"Cookie": f"audiobrew_session={token}"})

    assert (as_a_token.status_code, as_a_cookie.status_code) == (401, 401)


def test_a_request_with_an_authorization_header_ignores_the_cookie(
    service: Service, browser: Browser
) -> None:
    with service.client(service.sign_in(second=True)) as other:
        theirs = other.get("/api/session").json()
    bearer = other.headers["Authorization"]
    both = browser.client.get("/api/session", headers={"Authorization": bearer}).json()

    assert both == theirs
    assert both["user_id"] != browser.session["user_id"]
    assert both["csrf_token"] is None
    for header in ("Bearer wrong", "Basic Og==", ""):
        refused = browser.client.get("/api/session", headers={"Authorization": header})
        assert refused.status_code == 401, header
    changed = browser.client.post(
        "/api/feed/tokens", json={"name": "Phone"}, headers={"Authorization": bearer}
    )
    assert changed.status_code == 201  # a bearer token needs nothing else


FORGED: dict[str, dict[str, Any]] = {
    "without a token": {},
    "with an empty token": {"headers": {"X-CSRF-Token": ""}},
    "with a token that was made up": {"headers": {"X-CSRF-Token": "0" * 64}},
    "with a token that is no ASCII": {"headers": {"X-CSRF-Token": "é".encode()}},
    "with its token in the query": {"params": {"csrf_token": "{own}", "X-CSRF-Token": "{own}"}},
    "with its token in the body": {"json": {"name": "x", "csrf_token": "{own}"}},
    "with two tokens": {"headers": [("X-CSRF-Token", "{own}"), ("X-CSRF-Token", "{own}")]},
    "from another site": {"headers": {"X-CSRF-Token": "{own}", "Origin": EVIL}},
    "from nowhere": {"headers": {"X-CSRF-Token": "{own}", "Origin": "null"}},
    "from a name below": {"headers": {"X-CSRF-Token": "{own}", "Origin": "http://a.127.0.0.1"}},
    "from another port": {"headers": {"X-CSRF-Token": "{own}", "Origin": "http://127.0.0.1:1"}},
    "from a page that may call": {"headers": {"X-CSRF-Token": "{own}", "Origin": DEV}},
    "over another scheme": {"headers": {"X-CSRF-Token": "{own}", "Origin": "https://{host}"}},
    "fetched across sites": {"headers": {"X-CSRF-Token": "{own}", "Sec-Fetch-Site": "cross-site"}},
    "fetched within a site": {"headers": {"X-CSRF-Token": "{own}", "Sec-Fetch-Site": "same-site"}},
    "fetched from nowhere": {"headers": {"X-CSRF-Token": "{own}", "Sec-Fetch-Site": "none"}},
    "as a form": {"data": {"name": "x"}},
    "as a form across sites": {"data": {"name": "x"}, "headers": {"Sec-Fetch-Site": "cross-site"}},
    "as plain text": {
        "content": '{"name": "x"}',
        "headers": {"Content-Type": "text/plain", "Sec-Fetch-Mode": "no-cors"},
    },
    "as another method": {"headers": {"X-HTTP-Method-Override": "GET", "X-Method-Override": "GET"}},
    "as another method in the query": {"params": {"_method": "GET"}},
}
CHANGES = [
    ("POST", "/api/feed/tokens"),
    ("PUT", "/api/schedule"),
    ("POST", "/api/mail"),
    ("POST", "/api/podcast/generate"),
    ("DELETE", "/api/session"),
    ("PATCH", "/api/user/{user}"),
    ("DELETE", "/api/user/{user}"),
    ("DELETE", "/api/mail/00000000-0000-4000-8000-000000000000"),
]


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
@pytest.mark.parametrize(("method", "path"), CHANGES)
def test_a_forged_change_is_refused(
    browser: Browser, method: str, path: str, forged: dict[str, Any]
) -> None:
    options = fill_in(forged, browser)
    if options.keys() <= {"headers", "params"} and method != "DELETE":
        options["json"] = {"name": "x"}
    before = browser.client.get("/api/feed/tokens").json()

    answer = browser.client.request(method, path.format(user=browser.session["user_id"]), **options)

    assert answer.status_code == 403
    assert answer.json()["type"] in ("/problems/forged-request", "/problems/foreign-page")
    assert browser.client.get("/api/session").json() == browser.session
    assert browser.client.get("/api/feed/tokens").json() == before


def fill_in(template: Any, browser: Browser) -> Any:
    """Replace {own} by the session's CSRF token and {host} by the service's host, in every string."""
    if isinstance(template, dict):
        return {name: fill_in(value, browser) for name, value in template.items()}
    if isinstance(template, list):
        return [tuple(fill_in(part, browser) for part in pair) for pair in template]
    if not isinstance(template, str):
        return template
    host = browser.service.url.removeprefix("http://")
    return template.replace("{own}", browser.session["csrf_token"]).replace("{host}", host)


def test_the_csrf_token_of_another_or_earlier_session_is_refused(
    service: Service, browser: Browser, other: Browser
) -> None:
    foreign = other.csrf
    stale = browser.csrf
    code = asyncio.run(service.code())
    again = browser.client.post("/api/session/browser", json={"code": code}).json()

    for token in (foreign, stale):
        refused = browser.client.post("/api/feed/tokens", json={"name": "x"}, headers=token)
        assert refused.json()["type"] == "/problems/forged-request"
    new = {"X-CSRF-Token": again["csrf_token"]}
    assert browser.client.post("/api/feed/tokens", json={"name": "x"}, headers=new).is_success


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": DEV},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": DEV},
    ],
)
@pytest.mark.parametrize("path", ["/api/session", "/api/mail", "/api/podcast/list"])
def test_a_cookie_is_refused_for_a_page_of_another_origin(
    browser: Browser, path: str, headers: dict[str, str]
) -> None:
    answer = browser.client.get(path, headers=headers)

    assert answer.status_code == 403
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_requests_of_our_own_page_and_typed_addresses_are_served(
    browser: Browser, site: str
) -> None:
    assert browser.client.get("/api/mail", headers={"Sec-Fetch-Site": site}).is_success


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": EVIL}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": DEV}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Content-Type": "text/plain"}, 422),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 422),
    ],
)
def test_a_page_of_another_origin_cannot_sign_the_browser_in(
    service: Service, anonymous: httpx2.Client, headers: dict[str, str], status: int
) -> None:
    """Otherwise the listener would upload mails into somebody else's account. The code stays valid."""
    code = asyncio.run(service.code())
    options = {"content": f'{{"code": "{code}"}}', "headers": {"Content-Type": "application/json"}}
    options["headers"] |= headers  # type: ignore[operator]

    answer = anonymous.post("/api/session/browser", **options)  # type: ignore[arg-type]

    assert answer.status_code == status
    assert "set-cookie" not in answer.headers
    assert anonymous.post("/api/session/browser", json={"code": code}).status_code == 201
    anonymous.cookies.clear()


def test_signing_in_ends_the_earlier_session_and_ignores_a_planted_cookie(
    service: Service, browser: Browser
) -> None:
    before, planted = browser.cookie, "x" * 43
    code = asyncio.run(service.code())
    browser.client.post("/api/session/browser", json={"code": code}).raise_for_status()
    with service.client() as other:
        other.cookies.set("audiobrew_session", planted)
        code = asyncio.run(service.code())
        response = other.post("/api/session/browser", json={"code": code})

        assert response.cookies["audiobrew_session"] != planted
    assert browser.cookie != before
    for ended in (before, planted):
        with service.client() as thief:
            answer = thief.get("/api/mail", headers={"Cookie": f"audiobrew_session={ended}"})
            assert answer.status_code == 401


def test_signing_out_ends_the_session_and_clears_the_cookie(browser: Browser) -> None:
    cookie = browser.cookie
    sign_out = browser.client.delete("/api/session", headers=browser.csrf)

    assert sign_out.status_code == 204
    assert "audiobrew_session" not in browser.client.cookies
    thief = browser.client.get("/api/mail", headers={"Cookie": f"audiobrew_session={cookie}"})
    assert thief.status_code == 401


def test_exchanging_a_token_for_a_cookie_ends_the_token(service: Service) -> None:
    with service.client(service.sign_in()) as page:
        mine = page.get("/api/session").json()
        traded = page.post("/api/session/browser", json={}).raise_for_status().json()
        again = page.post("/api/session/browser", json={}).raise_for_status().json()
        ending = page.get("/api/session").json()
        bearer = page.headers.pop("Authorization")
        by_cookie = page.get("/api/session").json()

    assert mine["user_id"] == traded["user_id"]
    assert traded == again == by_cookie  # a second tab that trades it shares the session
    assert ending["expires_at"] < mine["expires_at"]
    with service.client() as anonymous:
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"x{bearer}"}):
            refused = anonymous.post("/api/session/browser", json={}, headers=headers)
            assert refused.status_code == 401


def test_audio_is_served_by_cookie_and_by_signed_url(
    browser: Browser,
) -> None:
    path = "/api/podcast/00000000-0000-4000-8000-000000000000/audio"
    by_cookie = browser.client.get(path)
    browser.client.delete("/api/session", headers=browser.csrf)
    browser.client.cookies.set("audiobrew_session", "x" * 43)
    signed = browser.client.get(path, params={"expires": 1, "signature": "x"})

    assert by_cookie.json()["type"] == "/problems/recording-not-found"
    assert signed.json()["type"] == "/problems/audio-address-expired"


def test_no_response_allows_other_origins_to_send_cookies(browser: Browser) -> None:
    for origin in (DEV, EVIL, "null"):
        preflight = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        for method in ("OPTIONS", "GET", "POST"):
            answer = browser.client.request(method, "/api/session", headers=preflight)
            assert "access-control-allow-credentials" not in answer.headers


def test_neither_cookie_nor_csrf_token_is_logged_or_stored(
    service: Service, browser: Browser, capfd: pytest.CaptureFixture[str]
) -> None:
    browser.client.get("/api/mail")
    browser.client.post("/api/feed/tokens", json={}, headers={"X-CSRF-Token": "x"})
    output = "".join(capfd.readouterr())
    database = b"".join(
        path.read_bytes() for path in service.settings.data.glob("audiobrew.sqlite*")
    )

    for secret in (browser.cookie, browser.session["csrf_token"]):
        assert secret not in output
        assert secret.encode() not in database


def test_a_page_of_an_earlier_session_does_not_receive_the_next_listeners_data(
    browser: Browser, other: Browser
) -> None:
    """A page that shows one listener, in a browser where another one has signed in since."""
    assert browser.client.get("/api/mail", headers=browser.csrf).status_code == 200
    for csrf in (other.csrf, {"X-CSRF-Token": ""}):
        refused = browser.client.get("/api/mail", headers=csrf)

        assert refused.status_code == 403
        assert refused.json()["type"] == "/problems/forged-request"

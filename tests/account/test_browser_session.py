"""The browser's cookie: what it opens, and every way in which another page might use it."""

import asyncio
from collections.abc import Iterator
from http.cookies import SimpleCookie
from typing import Any

import httpx2
import pytest
from audiobrew.account.listener_store import Listeners
from audiobrew.account.local import LocalIdentity
from audiobrew.db.engine import open_database

from tests.listeners import add_listener
from tests.serving import Service, a_mail

EVIL = "https://evil.example"
DEV = "http://localhost:5173"


async def a_token(service: Service, *, second: bool) -> str:
    """As a terminal's process would make it: the service counts those who sign in."""
    engine = open_database(service.settings)
    listeners = Listeners(engine)
    identity = LocalIdentity(listeners, 90)
    code = await identity.issue_code(await add_listener(listeners) if second else None)
    session = await identity.exchange_code(code)
    await engine.dispose()
    return session.token


class Browser:
    """A signed-in page of the app: its cookie, and the token that goes with changes."""

    def __init__(self, service: Service, client: httpx2.Client, *, second: bool = False) -> None:
        self.service = service
        self.client = client
        bearer = {"Authorization": f"Bearer {asyncio.run(a_token(service, second=second))}"}
        self.answer = client.post("/api/session/browser", json={}, headers=bearer)
        self.told = self.answer.raise_for_status().json()
        self.csrf = {"X-CSRF-Token": self.told["csrf_token"]}

    @property
    def cookie(self) -> str:
        return str(self.client.cookies["audiobrew_session"])


@pytest.fixture
def browser(service: Service) -> Iterator[Browser]:
    with service.client() as client:
        yield Browser(service, client)


@pytest.fixture
def other(service: Service) -> Iterator[Browser]:
    """Another listener's."""
    with service.client() as client:
        yield Browser(service, client, second=True)


def test_a_code_becomes_a_cookie_that_no_script_and_no_other_site_gets(service: Service) -> None:
    with service.client() as client:
        code = {"code": asyncio.run(service.code())}
        answer = client.post("/api/session/browser", json=code)
        again = client.post("/api/session/browser", json=code)
        told = client.get("/api/session").json()
    [set_cookie] = answer.headers.get_list("set-cookie")
    cookie = SimpleCookie(set_cookie)["audiobrew_session"]

    assert answer.status_code == 201
    assert answer.json() == told
    assert set(told) == {"user_id", "expires_at", "csrf_token"}
    assert again.json()["type"] == "/problems/code-refused"
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "strict", "/")
    assert not cookie["domain"]
    assert len(cookie.value) >= 43
    assert cookie.value not in answer.text


def test_the_cookie_reads_and_with_its_token_changes(browser: Browser) -> None:
    file = {"file": ("a.eml", a_mail(), "message/rfc822")}
    sent = browser.client.post("/api/mail", files=file, headers=browser.csrf)

    assert sent.status_code == 201
    assert browser.client.get("/api/mail").json()


def test_neither_secret_opens_what_the_other_does(service: Service, browser: Browser) -> None:
    token = service.sign_in()
    with service.client(browser.cookie) as client:
        as_a_token = client.get("/api/mail")
    with service.client() as client:
        as_a_cookie = client.get("/api/mail", headers={"Cookie": f"audiobrew_session={token}"})

    assert (as_a_token.status_code, as_a_cookie.status_code) == (401, 401)


def test_a_header_is_judged_alone(service: Service, browser: Browser) -> None:
    with service.client(service.sign_in(second=True)) as other:
        theirs = other.get("/api/session").json()
    bearer = other.headers["Authorization"]
    both = browser.client.get("/api/session", headers={"Authorization": bearer}).json()

    assert both == theirs
    assert both["user_id"] != browser.told["user_id"]
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
    asked = _filled(forged, browser)
    if asked.keys() <= {"headers", "params"} and method != "DELETE":
        asked["json"] = {"name": "x"}
    before = browser.client.get("/api/feed/tokens").json()

    answer = browser.client.request(method, path.format(user=browser.told["user_id"]), **asked)

    assert answer.status_code == 403
    assert answer.json()["type"] in ("/problems/forged-request", "/problems/foreign-page")
    assert browser.client.get("/api/session").json() == browser.told
    assert browser.client.get("/api/feed/tokens").json() == before


def _filled(told: Any, browser: Browser) -> Any:
    if isinstance(told, dict):
        return {name: _filled(value, browser) for name, value in told.items()}
    if isinstance(told, list):
        return [tuple(_filled(part, browser) for part in one) for one in told]
    if not isinstance(told, str):
        return told
    host = browser.service.url.removeprefix("http://")
    return told.replace("{own}", browser.told["csrf_token"]).replace("{host}", host)


def test_a_token_of_another_or_an_earlier_session_is_refused(
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
def test_a_cookie_opens_nothing_for_a_page_of_another_origin(
    browser: Browser, path: str, headers: dict[str, str]
) -> None:
    answer = browser.client.get(path, headers=headers)

    assert answer.status_code == 403
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_our_own_page_and_an_address_that_was_typed_are_served(browser: Browser, site: str) -> None:
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
def test_no_other_page_signs_the_browser_in(
    service: Service, nobody: httpx2.Client, headers: dict[str, str], status: int
) -> None:
    """Else the listener would put their mails into somebody else's account. The code stays good."""
    code = asyncio.run(service.code())
    sent = {"content": f'{{"code": "{code}"}}', "headers": {"Content-Type": "application/json"}}
    sent["headers"] |= headers  # type: ignore[operator]

    answer = nobody.post("/api/session/browser", **sent)  # type: ignore[arg-type]

    assert answer.status_code == status
    assert "set-cookie" not in answer.headers
    assert nobody.post("/api/session/browser", json={"code": code}).status_code == 201
    nobody.cookies.clear()


def test_signing_in_ends_the_session_before_and_takes_none_that_was_put_there(
    service: Service, browser: Browser
) -> None:
    before, planted = browser.cookie, "x" * 43
    code = asyncio.run(service.code())
    browser.client.post("/api/session/browser", json={"code": code}).raise_for_status()
    with service.client() as other:
        other.cookies.set("audiobrew_session", planted)
        code = asyncio.run(service.code())
        made = other.post("/api/session/browser", json={"code": code})

        assert made.cookies["audiobrew_session"] != planted
    assert browser.cookie != before
    for ended in (before, planted):
        with service.client() as thief:
            answer = thief.get("/api/mail", headers={"Cookie": f"audiobrew_session={ended}"})
            assert answer.status_code == 401


def test_signing_out_ends_the_session_and_takes_the_cookie_back(browser: Browser) -> None:
    kept = browser.cookie
    left = browser.client.delete("/api/session", headers=browser.csrf)

    assert left.status_code == 204
    assert "audiobrew_session" not in browser.client.cookies
    thief = browser.client.get("/api/mail", headers={"Cookie": f"audiobrew_session={kept}"})
    assert thief.status_code == 401


def test_a_token_is_traded_for_a_cookie_and_ends(service: Service) -> None:
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
    with service.client() as nobody:
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"x{bearer}"}):
            refused = nobody.post("/api/session/browser", json={}, headers=headers)
            assert refused.status_code == 401


def test_audio_opens_by_cookie_and_a_signed_address_is_not_refused_for_one(
    browser: Browser,
) -> None:
    path = "/api/podcast/00000000-0000-4000-8000-000000000000/audio"
    by_cookie = browser.client.get(path)
    browser.client.delete("/api/session", headers=browser.csrf)
    browser.client.cookies.set("audiobrew_session", "x" * 43)
    signed = browser.client.get(path, params={"expires": 1, "signature": "x"})

    assert by_cookie.json()["type"] == "/problems/recording-not-found"
    assert signed.json()["type"] == "/problems/audio-address-expired"


def test_no_answer_lets_another_origin_use_cookies(browser: Browser) -> None:
    for origin in (DEV, EVIL, "null"):
        asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        for method in ("OPTIONS", "GET", "POST"):
            answer = browser.client.request(method, "/api/session", headers=asked)
            assert "access-control-allow-credentials" not in answer.headers


def test_neither_cookie_nor_token_is_written_down(
    service: Service, browser: Browser, capfd: pytest.CaptureFixture[str]
) -> None:
    browser.client.get("/api/mail")
    browser.client.post("/api/feed/tokens", json={}, headers={"X-CSRF-Token": "x"})
    told = "".join(capfd.readouterr())
    kept = b"".join(path.read_bytes() for path in service.settings.data.glob("audiobrew.sqlite*"))

    for secret in (browser.cookie, browser.told["csrf_token"]):
        assert secret not in told
        assert secret.encode() not in kept


def test_a_read_for_an_earlier_session_is_not_answered_with_what_is_the_next_ones(
    browser: Browser, other: Browser
) -> None:
    """A page that shows one listener, in a browser that signed another one in meanwhile."""
    assert browser.client.get("/api/mail", headers=browser.csrf).status_code == 200
    for csrf in (other.csrf, {"X-CSRF-Token": ""}):
        refused = browser.client.get("/api/mail", headers=csrf)

        assert refused.status_code == 403
        assert refused.json()["type"] == "/problems/forged-request"

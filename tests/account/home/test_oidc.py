"""Sign-in at an OpenID Connect provider, on a server of one's own."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import httpx2
import pytest
from audiobrew.account.home import oidc_provider

from tests.account.home.home_server import (
    PUBLIC_URL,
    HomeServer,
    keep_provider_cookie,
    serving_home,
    signed_in,
)
from tests.account.home.test_home_accounts import problem
from tests.standins.oidc_provider import (
    CLIENT_ID,
    Provider,
    new_key,
    serving_provider,
)

Answer = dict[str, str]


@pytest.fixture(scope="module")
def running(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[HomeServer, Provider]]:
    with ExitStack() as stack:
        provider = stack.enter_context(serving_provider())
        folder = tmp_path_factory.mktemp("home")
        yield stack.enter_context(serving_home(folder, **provider.settings)), provider


@pytest.fixture
def server(running: tuple[HomeServer, Provider]) -> HomeServer:
    server, provider = running
    server.reset()
    fresh = Provider(provider.issuer, key=provider.key)
    provider.__dict__.update(fresh.__dict__)
    own = server.service.app.state.ports.identity.oidc.provider
    own._metadata_at = own._keys_at = float("-inf")
    return server


@pytest.fixture
def provider(running: tuple[HomeServer, Provider]) -> Provider:
    return running[1]


@pytest.fixture
def owner(server: HomeServer) -> httpx2.Client:
    return server.join(server.setup_code(), "Ada")


def begin(browser: httpx2.Client, path: str, body: Any = None) -> str:
    """Where the browser is sent."""
    return keep_provider_cookie(browser, browser.post(f"/api/home/{path}", json=body))


def sign_in(browser: httpx2.Client, provider: Provider, **changes: str) -> httpx2.Response:
    answer = provider.answer_to(begin(browser, "session/provider-address"))
    return browser.post("/api/home/session/provider", json={**answer, **changes})


def connect(browser: httpx2.Client, provider: Provider) -> httpx2.Response:
    answer = provider.answer_to(begin(browser, "account/provider-address"))
    return browser.put("/api/home/account/provider", json=answer)


def test_an_invitation_opens_an_account_at_the_provider(
    server: HomeServer, provider: Provider
) -> None:
    browser = server.browser()
    assert browser.get("/api/config").json()["sign_in_provider"] == "Ledger House"
    named = {"code": server.setup_code(), "name": "Ada"}
    answer = provider.answer_to(begin(browser, "accounts/provider-address", named))
    signed_in(browser, browser.post("/api/home/accounts", json={**named, "provider": answer}))

    account = browser.get("/api/home/account").json()
    assert (account["name"], account["role"]) == ("Ada", "owner")
    assert (account["provider_name"], account["has_password"]) == ("ada", False)
    other = server.browser()
    signed_in(other, sign_in(other, provider))
    assert other.get("/api/home/account").json()["name"] == "Ada"


def test_the_address_has_what_a_provider_needs(server: HomeServer, provider: Provider) -> None:
    url = httpx2.URL(begin(server.browser(), "session/provider-address"))

    assert str(url).startswith(f"{provider.issuer}/authorize?")
    parameters = dict(url.params)
    assert parameters["redirect_uri"] == f"{PUBLIC_URL}/dashboard"
    assert (parameters["response_type"], parameters["client_id"]) == ("code", CLIENT_ID)
    assert parameters["code_challenge_method"] == "S256"
    assert "openid" in parameters["scope"].split()
    assert len({parameters[name] for name in ("state", "nonce", "code_challenge")}) == 3


def test_nobody_gets_an_account_without_an_invitation(
    server: HomeServer, owner: httpx2.Client, provider: Provider
) -> None:
    refused = sign_in(server.browser(), provider)

    assert problem(refused) == (403, "nobody-here")
    assert "set-cookie" not in refused.headers
    people = owner.get("/api/home/people").json()
    assert [person["name"] for person in people] == ["Ada"]


def test_an_account_is_connected_and_disconnected(
    server: HomeServer, owner: httpx2.Client, provider: Provider
) -> None:
    assert owner.get("/api/home/account").json()["provider_name"] is None
    assert connect(owner, provider).json()["provider_name"] == "ada"
    assert problem(connect(owner, provider)) == (409, "already-connected")
    browser = server.browser()
    signed_in(browser, sign_in(browser, provider))

    assert owner.delete("/api/home/account/provider").json()["provider_name"] is None
    assert problem(owner.delete("/api/home/account/provider")) == (404, "identity-not-found")
    assert problem(sign_in(server.browser(), provider)) == (403, "nobody-here")


def test_one_person_at_the_provider_has_one_account(
    server: HomeServer, owner: httpx2.Client, provider: Provider
) -> None:
    connect(owner, provider).raise_for_status()
    guest = server.invite(owner, "Ben")
    assert problem(connect(guest, provider)) == (409, "identity-taken")

    named = {"code": server.invitation_code(owner), "name": "Cleo"}
    browser = server.browser()
    answer = provider.answer_to(begin(browser, "accounts/provider-address", named))
    refused = browser.post("/api/home/accounts", json={**named, "provider": answer})
    assert problem(refused) == (409, "identity-taken")
    assert len(owner.get("/api/home/people").json()) == 2


def test_the_last_way_to_sign_in_stays(server: HomeServer, provider: Provider) -> None:
    browser = server.browser()
    named = {"code": server.setup_code(), "name": "Ada"}
    answer = provider.answer_to(begin(browser, "accounts/provider-address", named))
    signed_in(browser, browser.post("/api/home/accounts", json={**named, "provider": answer}))

    assert problem(browser.delete("/api/home/account/provider")) == (409, "last-way-to-sign-in")
    new = {"new": "four unrelated harbour kettles"}
    browser.put("/api/home/account/password", json=new).raise_for_status()
    without = {"current": new["new"], "new": None}
    assert browser.put("/api/home/account/password", json=without).status_code == 200
    assert problem(browser.delete("/api/home/account/provider")) == (409, "last-way-to-sign-in")


def test_an_answer_works_once_and_in_its_own_browser(
    server: HomeServer, owner: httpx2.Client, provider: Provider
) -> None:
    connect(owner, provider).raise_for_status()
    browser = server.browser()
    answer = provider.answer_to(begin(browser, "session/provider-address"))

    def post(browser: httpx2.Client) -> httpx2.Response:
        return browser.post("/api/home/session/provider", json=answer)

    assert problem(post(server.browser())) == (403, "provider-refused")
    other = server.browser()
    begin(other, "session/provider-address")
    assert problem(post(other)) == (403, "provider-refused")
    assert post(browser).status_code == 201
    assert problem(post(browser)) == (403, "provider-refused")


def test_an_answer_works_only_for_what_it_was_asked_for(
    server: HomeServer, owner: httpx2.Client, provider: Provider
) -> None:
    connect(owner, provider).raise_for_status()
    guest = server.invite(owner, "Ben")
    answer = provider.answer_to(begin(guest, "session/provider-address"))
    refused = guest.put("/api/home/account/provider", json=answer)
    assert problem(refused) == (403, "provider-refused")


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another client"},
        {"aud": [CLIENT_ID, "another"], "azp": "another"},
        {"nonce": "of another sign-in"},
        {"nonce": None},
        {"exp": 1},
        {"exp": "soon"},
        {"sub": ""},
        {"sub": 17},
        {"sub": "x" * 300},
        {"iat": "now"},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_this_sign_in_is_refused(
    server: HomeServer, owner: httpx2.Client, provider: Provider, claims: dict[str, Any]
) -> None:
    connect(owner, provider).raise_for_status()
    provider.claims = claims
    assert problem(sign_in(server.browser(), provider)) == (403, "provider-refused")


@pytest.mark.parametrize("changes", [{"code": "replayed"}, {"iss": "https://elsewhere.example"}])
def test_a_false_answer_is_refused(
    server: HomeServer, owner: httpx2.Client, provider: Provider, changes: Answer
) -> None:
    connect(owner, provider).raise_for_status()
    refused = sign_in(server.browser(), provider, **changes)
    assert problem(refused) == (403, "provider-refused")


def test_a_token_with_a_foreign_signature_is_refused(
    server: HomeServer, owner: httpx2.Client, provider: Provider
) -> None:
    connect(owner, provider).raise_for_status()
    real, provider.key = provider.key, new_key("first")
    provider.published = [real]
    assert problem(sign_in(server.browser(), provider)) == (403, "provider-refused")


def test_new_keys_of_the_provider_are_fetched(
    server: HomeServer, owner: httpx2.Client, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(owner, provider).raise_for_status()
    monkeypatch.setattr(oidc_provider, "MIN_KEYS_SECONDS", 0.0)
    provider.key = new_key("second")
    assert sign_in(server.browser(), provider).status_code == 201


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://elsewhere.example"},
        {"token_endpoint": None},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"},
    ],
    ids=str,
)
def test_a_provider_that_is_not_the_configured_one_is_not_asked(
    server: HomeServer, provider: Provider, metadata: dict[str, Any]
) -> None:
    provider.metadata = metadata
    answer = server.browser().post("/api/home/session/provider-address")
    assert problem(answer) == (503, "provider-unavailable")


def test_while_the_provider_is_down_a_password_works(
    server: HomeServer, owner: httpx2.Client, provider: Provider
) -> None:
    connect(owner, provider).raise_for_status()
    browser = server.browser()
    answer = provider.answer_to(begin(browser, "session/provider-address"))
    provider.broken = True

    down = browser.post("/api/home/session/provider", json=answer)
    assert problem(down) == (503, "provider-unavailable")
    assert down.headers["retry-after"] == "10"
    body = {"name": "Ada", "password": "four unrelated harbour kettles"}
    assert browser.post("/api/home/session/password", json=body).status_code == 201


def test_a_removed_listener_cannot_sign_in(
    server: HomeServer, owner: httpx2.Client, provider: Provider
) -> None:
    guest = server.invite(owner, "Ben")
    connect(guest, provider).raise_for_status()
    people = owner.get("/api/home/people").json()
    [id] = [person["id"] for person in people if person["name"] == "Ben"]
    owner.delete(f"/api/home/people/{id}").raise_for_status()
    assert problem(sign_in(server.browser(), provider)) == (403, "nobody-here")

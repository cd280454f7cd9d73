"""Accounts of a server of one's own, over HTTP: setup, invitations, sign-in, and who may do what."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from audiobrew.account.listener_store import ListenerStore
from audiobrew.db.account_tables import invitations
from audiobrew.db.engine import open_database
from audiobrew.db.tables import listeners

from tests.account.home.home_server import (
    PASSWORD,
    PUBLIC_URL,
    HomeServer,
    serving_home,
    signed_in,
)
from tests.serving import a_mail
from tests.standins.authenticator import Authenticator, encode


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HomeServer]:
    with serving_home(tmp_path_factory.mktemp("home")) as home:
        yield home


@pytest.fixture
def server(running: HomeServer) -> HomeServer:
    """A server at its first start."""
    running.reset()
    return running


@pytest.fixture
def owner(server: HomeServer) -> httpx2.Client:
    return server.join(server.setup_code(), "Ada")


def problem(response: httpx2.Response) -> tuple[int, str]:
    return response.status_code, response.json()["type"].rpartition("/")[2]


def password_sign_in(browser: httpx2.Client, name: str, password: str) -> httpx2.Response:
    return browser.post("/api/home/session/password", json={"name": name, "password": password})


def test_the_setup_link_makes_one_owner(server: HomeServer) -> None:
    browser = server.browser()
    assert browser.get("/api/config").json()["accounts"] is True
    assert browser.get("/api/config").json()["needs_owner"] is True

    code = server.setup_code()
    details = browser.post("/api/home/invitation", json={"code": code}).json()
    owner = server.join(code, "Ada")

    assert details["role"] == "owner"
    assert owner.get("/api/home/account").json()["role"] == "owner"
    assert browser.get("/api/config").json()["needs_owner"] is False
    body = {"code": code, "name": "Eve", "password": PASSWORD}
    assert problem(browser.post("/api/home/accounts", json=body)) == (403, "invitation-refused")


def test_a_setup_link_from_before_is_refused_after_there_is_an_owner(server: HomeServer) -> None:
    first = server.setup_code()
    second = server.setup_code()
    server.join(second, "Ada")
    third = server.setup_code()

    for code in (first, third):
        body = {"code": code, "name": "Eve", "password": PASSWORD}
        answer = server.browser().post("/api/home/accounts", json=body)
        assert problem(answer) == (403, "invitation-refused")


def test_the_owner_keeps_what_the_machine_had_before(server: HomeServer) -> None:
    async def add_listener() -> str:
        engine = open_database(server.service.settings)
        listener = await ListenerStore(engine).local()
        await engine.dispose()
        return str(listener)

    before = asyncio.run(add_listener())
    owner = server.join(server.setup_code(), "Ada")

    assert owner.get("/api/session").json()["user_id"] == before


def test_an_invitation_opens_one_account(server: HomeServer, owner: httpx2.Client) -> None:
    made = owner.post("/api/home/invitations", json={"note": "for Eve"}).json()
    origin, _, code = made["link"].partition("/dashboard#invitation=")
    assert origin == PUBLIC_URL
    [open_one] = owner.get("/api/home/invitations").json()
    assert open_one["note"] == "for Eve"

    eve = server.join(code, "Eve")

    assert eve.get("/api/home/account").json()["role"] == "listener"
    assert owner.get("/api/home/invitations").json() == []
    body = {"code": code, "name": "Mallory", "password": PASSWORD}
    again = server.browser().post("/api/home/accounts", json=body)
    assert problem(again) == (403, "invitation-refused")
    names = [person["name"] for person in owner.get("/api/home/people").json()]
    assert names == ["Ada", "Eve"]


def test_an_invitation_that_is_withdrawn_or_too_old_is_refused(
    server: HomeServer, owner: httpx2.Client
) -> None:
    codes = []
    for _ in range(2):
        link = owner.post("/api/home/invitations", json={}).json()["link"]
        codes.append(link.partition("#invitation=")[2])
    newest = owner.get("/api/home/invitations").json()[0]["id"]
    assert owner.delete(f"/api/home/invitations/{newest}").status_code == 204

    async def age() -> None:
        engine = open_database(server.service.settings)
        async with engine.begin() as database:
            past = datetime.now(UTC) - timedelta(minutes=1)
            await database.execute(sa.update(invitations).values(expires_at=past))
        await engine.dispose()

    asyncio.run(age())
    for code in codes:
        answer = server.browser().post("/api/home/invitation", json={"code": code})
        assert problem(answer) == (403, "invitation-refused")


def test_a_refused_account_leaves_nothing_and_keeps_the_invitation(
    server: HomeServer, owner: httpx2.Client
) -> None:
    link = owner.post("/api/home/invitations", json={}).json()["link"]
    code = link.partition("#invitation=")[2]

    def open_account(**body: str) -> tuple[int, str]:
        return problem(server.browser().post("/api/home/accounts", json={"code": code, **body}))

    assert open_account(name=" ADA ", password=PASSWORD) == (409, "name-taken")
    assert open_account(name="Eve") == (422, "no-way-to-sign-in")
    assert open_account(name="Eve", password="password1") == (422, "weak-password")
    assert open_account(name="Evelina", password="evelina2026") == (422, "weak-password")
    assert open_account(name="E\u202eve", password=PASSWORD) == (422, "name-refused")

    async def count() -> int:
        engine = open_database(server.service.settings)
        async with engine.connect() as database:
            query = sa.select(sa.func.count()).select_from(listeners)
            counted = (await database.execute(query)).scalar_one()
        await engine.dispose()
        return int(counted)

    assert asyncio.run(count()) == 1
    server.join(code, "Eve")


def test_names_are_compared_without_case(server: HomeServer, owner: httpx2.Client) -> None:
    browser = server.browser()
    signed_in(browser, password_sign_in(browser, "  aDA", PASSWORD))
    account = browser.get("/api/home/account").json()
    assert account["name"] == "Ada"
    assert [session["current"] for session in account["sessions"]] == [True, False]
    assert {session["client"] for session in account["sessions"]} == {"Firefox on Linux"}


def test_a_wrong_password_and_a_name_that_does_not_exist_look_the_same(
    server: HomeServer, owner: httpx2.Client
) -> None:
    browser = server.browser()
    wrong = password_sign_in(browser, "Ada", "not the password at all")
    nobody = password_sign_in(browser, "Nobody", "not the password at all")
    assert problem(wrong) == problem(nobody) == (403, "wrong-name-or-password")
    assert wrong.json() | {"instance": ""} == nobody.json() | {"instance": ""}


def test_guesses_are_limited_by_account_and_by_address(
    server: HomeServer, owner: httpx2.Client
) -> None:
    attackers = [server.browser(f"198.51.100.{number}") for number in range(4)]
    types = [
        problem(password_sign_in(attackers[guess % 4], "Ada", f"guess number {guess}"))[1]
        for guess in range(60)
    ]
    assert types.count("wrong-name-or-password") <= 11
    assert set(types[20:]) == {"too-many-guesses"}
    # The right password does not help the attacker now, and a passkey would.
    limited = password_sign_in(attackers[0], "Ada", PASSWORD)
    assert problem(limited) == (429, "too-many-guesses")
    assert int(limited.headers["Retry-After"]) > 0

    one = server.browser("192.0.2.1")
    types = [problem(password_sign_in(one, f"Name {n}", "guess"))[1] for n in range(60)]
    assert types.count("wrong-name-or-password") <= 32


def test_wrong_passwords_of_others_do_not_lock_the_owner_out(
    server: HomeServer, owner: httpx2.Client
) -> None:
    home = server.browser("203.0.113.99")
    password_sign_in(home, "Ada", PASSWORD).raise_for_status()
    attacker = server.browser("198.51.100.1")
    for guess in range(30):
        password_sign_in(attacker, "Ada", f"guess number {guess}")

    assert password_sign_in(home, "Ada", PASSWORD).status_code == 201


def test_passwords_are_never_in_a_response_or_a_log(
    server: HomeServer, owner: httpx2.Client, caplog: pytest.LogCaptureFixture
) -> None:
    secret = "a very secret phrase indeed"
    bodies = [
        password_sign_in(server.browser(), "Ada", secret).text,
        server.browser()
        .post("/api/home/session/password", json={"name": "Ada", "password": secret, "x": 1})
        .text,
        owner.put("/api/home/account/password", json={"new": secret, "current": "x" * 300}).text,
    ]
    assert not any(secret in text for text in [*bodies, caplog.text])


def test_a_changed_password_ends_the_other_sessions(
    server: HomeServer, owner: httpx2.Client
) -> None:
    other = server.browser()
    signed_in(other, password_sign_in(other, "Ada", PASSWORD))
    new = "another long unguessable sentence"

    refused = owner.put("/api/home/account/password", json={"new": new, "current": "wrong"})
    assert problem(refused) == (403, "wrong-name-or-password")
    changed = owner.put("/api/home/account/password", json={"new": new, "current": PASSWORD})

    assert changed.status_code == 200
    assert other.get("/api/session").status_code == 401
    assert owner.get("/api/session").status_code == 200
    assert password_sign_in(server.browser(), "Ada", PASSWORD).status_code == 403
    assert password_sign_in(server.browser(), "Ada", new).status_code == 201


def test_a_session_can_be_ended_from_another_browser(
    server: HomeServer, owner: httpx2.Client
) -> None:
    other = server.browser()
    signed_in(other, password_sign_in(other, "Ada", PASSWORD))
    sessions = owner.get("/api/home/account").json()["sessions"]
    [id] = [session["id"] for session in sessions if not session["current"]]

    owner.delete(f"/api/home/account/sessions/{id}").raise_for_status()

    assert other.get("/api/session").status_code == 401
    assert owner.get("/api/session").status_code == 200


# -- Passkeys ----------------------------------------------------------------------------------


def add_passkey(owner: httpx2.Client, key: Authenticator) -> httpx2.Response:
    options = owner.post("/api/home/account/passkey-options").raise_for_status().json()["options"]
    body = {"passkey": key.create(options), "name": "Ada's phone"}
    return owner.post("/api/home/account/passkeys", json=body)


def passkey_sign_in(browser: httpx2.Client, key: Authenticator) -> httpx2.Response:
    options = browser.post("/api/home/session/passkey-options").json()["options"]
    return browser.post("/api/home/session/passkey", json={"passkey": key.get(options)})


def test_an_account_can_be_opened_with_a_passkey_alone(server: HomeServer) -> None:
    browser, key, code = server.browser(), Authenticator(PUBLIC_URL), server.setup_code()
    named = {"code": code, "name": "Ada"}
    options = browser.post("/api/home/accounts/passkey-options", json=named).json()["options"]

    signed_in(
        browser,
        browser.post("/api/home/accounts", json={**named, "passkey": key.create(options)}),
    )

    account = browser.get("/api/home/account").json()
    assert account["has_password"] is False
    assert [passkey["name"] for passkey in account["passkeys"]] == ["Firefox on Linux"]
    other = server.browser()
    signed_in(other, passkey_sign_in(other, key))
    assert (
        other.get("/api/session").json()["user_id"]
        == (browser.get("/api/session").json()["user_id"])
    )
    assert browser.get("/api/home/account").json()["passkeys"][0]["used_at"] is not None


def test_the_last_way_to_sign_in_stays(server: HomeServer, owner: httpx2.Client) -> None:
    add_passkey(owner, Authenticator(PUBLIC_URL)).raise_for_status()
    gone = owner.put("/api/home/account/password", json={"new": None, "current": PASSWORD})
    [passkey] = gone.raise_for_status().json()["passkeys"]

    removal = owner.delete(f"/api/home/account/passkeys/{passkey['id']}")

    assert problem(removal) == (409, "last-way-to-sign-in")
    owner.put("/api/home/account/password", json={"new": PASSWORD}).raise_for_status()
    assert owner.delete(f"/api/home/account/passkeys/{passkey['id']}").status_code == 200
    last = owner.put("/api/home/account/password", json={"new": None, "current": PASSWORD})
    assert problem(last) == (409, "last-way-to-sign-in")


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://brew.example.org",
        "https://brew.example.org.evil.example",
        "https://brew.example.org:8443",
    ],
)
def test_a_passkey_of_another_origin_is_refused(
    server: HomeServer, owner: httpx2.Client, origin: str
) -> None:
    assert problem(add_passkey(owner, Authenticator(origin))) == (403, "passkey-refused")

    key = Authenticator(PUBLIC_URL)
    add_passkey(owner, key).raise_for_status()
    key.origin = origin
    assert problem(passkey_sign_in(server.browser(), key)) == (403, "passkey-refused")


def test_passkey_answers_work_once_and_for_one_purpose(
    server: HomeServer, owner: httpx2.Client
) -> None:
    key, browser = Authenticator(PUBLIC_URL), server.browser()
    add_passkey(owner, key).raise_for_status()
    options = browser.post("/api/home/session/passkey-options").json()["options"]
    answer = {"passkey": key.get(options)}
    assert browser.post("/api/home/session/passkey", json=answer).status_code == 201
    replayed = browser.post("/api/home/session/passkey", json=answer)
    assert problem(replayed) == (403, "passkey-refused")

    # A challenge for a sign-in, signed as a registration, and the reverse.
    options = browser.post("/api/home/session/passkey-options").json()["options"]
    created = Authenticator(PUBLIC_URL).create({**options, "rp": {"id": options["rpId"]}})
    added = owner.post("/api/home/account/passkeys", json={"passkey": created})
    assert problem(added) == (403, "passkey-refused")


def test_a_passkey_needs_a_verified_user_and_a_known_key(
    server: HomeServer, owner: httpx2.Client
) -> None:
    key = Authenticator(PUBLIC_URL)
    add_passkey(owner, key).raise_for_status()
    key.flags = 0x01
    assert problem(passkey_sign_in(server.browser(), key)) == (403, "passkey-refused")
    key.flags = 0x05
    stranger = Authenticator(PUBLIC_URL, id=key.id)  # the id, with another private key
    assert problem(passkey_sign_in(server.browser(), stranger)) == (403, "passkey-refused")
    unknown = Authenticator(PUBLIC_URL)
    assert problem(passkey_sign_in(server.browser(), unknown)) == (403, "passkey-refused")
    # A count that goes back: the key was copied.
    passkey_sign_in(server.browser(), key).raise_for_status()
    key.count = 0
    assert problem(passkey_sign_in(server.browser(), key)) == (403, "passkey-refused")


@pytest.mark.parametrize(
    "garbage",
    [
        {},
        {"id": "a", "rawId": "a", "response": {}},
        {"rawId": 5, "response": {"clientDataJSON": 7}},
        {"rawId": "!!", "response": {"clientDataJSON": "bm90IGpzb24"}},
        {"response": "text"},
        {"rawId": "AAAA", "response": {"clientDataJSON": "eyJjaGFsbGVuZ2UiOiAiIn0"}},
        {"rawId": "AAAA", "response": {"clientDataJSON": encode(b"[" * 10_000)}},
    ],
)
def test_garbage_in_place_of_a_passkey_is_refused(
    server: HomeServer, owner: httpx2.Client, garbage: dict[str, object]
) -> None:
    answer = server.browser().post("/api/home/session/passkey", json={"passkey": garbage})
    assert problem(answer) == (403, "passkey-refused")
    added = owner.post("/api/home/account/passkeys", json={"passkey": garbage})
    assert problem(added) == (403, "passkey-refused")


# -- Who may do what ---------------------------------------------------------------------------


def test_only_the_owner_sees_and_changes_who_is_here(
    server: HomeServer, owner: httpx2.Client
) -> None:
    eve = server.invite(owner, "Eve")
    ada = owner.get("/api/session").json()["user_id"]
    own = eve.get("/api/session").json()["user_id"]
    invitation = owner.post("/api/home/invitations", json={}).status_code
    assert invitation == 201
    [open_one] = owner.get("/api/home/invitations").json()
    requests = [
        ("GET", "/api/home/people"),
        ("DELETE", f"/api/home/people/{ada}"),
        ("DELETE", f"/api/home/people/{own}"),
        ("POST", f"/api/home/people/{ada}/sign-in-link"),
        ("GET", "/api/home/invitations"),
        ("DELETE", f"/api/home/invitations/{open_one['id']}"),
    ]
    for method, path in requests:
        assert problem(eve.request(method, path)) == (403, "owner-only")
        assert server.browser().request(method, path).status_code == 401
    assert problem(eve.post("/api/home/invitations", json={})) == (403, "owner-only")
    assert owner.get("/api/home/account").status_code == 200


def test_a_removed_listener_is_out_at_once_and_their_name_is_free(
    server: HomeServer, owner: httpx2.Client
) -> None:
    eve = server.invite(owner, "Eve")
    files = {"file": ("a.eml", a_mail(), "message/rfc822")}
    eve.post("/api/mail", files=files).raise_for_status()
    id = eve.get("/api/session").json()["user_id"]

    assert owner.delete(f"/api/home/people/{id}").status_code == 202

    assert eve.get("/api/mail").status_code == 401
    assert password_sign_in(server.browser(), "Eve", PASSWORD).status_code == 403
    assert [person["name"] for person in owner.get("/api/home/people").json()] == ["Ada"]
    assert problem(owner.delete(f"/api/home/people/{id}")) == (404, "person-not-found")


def test_nobody_sees_anothers_mails(server: HomeServer, owner: httpx2.Client) -> None:
    eve = server.invite(owner, "Eve")
    files = {"file": ("a.eml", a_mail(), "message/rfc822")}
    [mail] = owner.post("/api/mail", files=files).raise_for_status().json()["mails"]

    assert eve.get("/api/mail").json() == []
    assert eve.get(f"/api/mail/{mail['id']}").status_code == 404
    assert server.browser().get(f"/api/mail/{mail['id']}").status_code == 401


def test_the_owner_makes_a_link_for_somebody_who_lost_every_way(
    server: HomeServer, owner: httpx2.Client
) -> None:
    eve = server.invite(owner, "Eve")
    id = eve.get("/api/session").json()["user_id"]
    link = owner.post(f"/api/home/people/{id}/sign-in-link").raise_for_status().json()["link"]
    origin, _, code = link.partition("/dashboard#code=")
    browser = server.browser()

    signed_in(browser, browser.post("/api/session/browser", json={"code": code}))

    assert origin == PUBLIC_URL
    assert browser.get("/api/session").json()["user_id"] == id
    assert browser.post("/api/session/browser", json={"code": code}).status_code == 403


def test_the_time_does_not_tell_which_names_exist(
    server: HomeServer, owner: httpx2.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both compute one hash."""
    hashes: list[bool] = []
    original = PasswordHasher.verify

    def counted(self: PasswordHasher, hash: str, password: str) -> bool:
        hashes.append(True)
        return bool(original(self, hash, password))

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    password_sign_in(server.browser(), "Ada", "wrong password")
    password_sign_in(server.browser(), "Nobody", "wrong password")
    assert len(hashes) == 2


def test_without_a_provider_none_is_offered(server: HomeServer, owner: httpx2.Client) -> None:
    assert owner.get("/api/config").json()["sign_in_provider"] is None
    refused = server.browser().post("/api/home/session/provider-address")
    assert problem(refused) == (409, "no-provider")
    assert problem(owner.post("/api/home/account/provider-address")) == (409, "no-provider")

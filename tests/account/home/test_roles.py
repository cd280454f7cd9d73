"""Who may do what on a server of one's own: every operation of the contract, as everybody there is.

There are a visitor, somebody with an invitation that is not used yet, a listener who was removed, a
listener, a second one, and the owner, who invites people and sees nothing of what is theirs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from tests.account.home.home_server import HomeServer, serving_home
from tests.test_anonymous import PUBLIC, fill_in
from tests.test_anonymous import SECURED as SECURED_CASES
from tests.test_two_listeners import (
    BODIES,
    CREATORS,
    HOME,
    OPERATIONS_WITH_ID,
    OPERATIONS_WITH_USER_ID,
    REQUESTS,
)

each_secured = pytest.mark.parametrize(("method", "path", "operation"), SECURED_CASES)
# What only the owner may do.
OWNER_ONLY = {
    "listPeople": ("get", "/api/home/people"),
    "removePerson": ("delete", "/api/home/people/{id}"),
    "createSignInLink": ("post", "/api/home/people/{id}/sign-in-link"),
    "listInvitations": ("get", "/api/home/invitations"),
    "createInvitation": ("post", "/api/home/invitations"),
    "withdrawInvitation": ("delete", "/api/home/invitations/{id}"),
}


@dataclass(frozen=True)
class People:
    """`things`: the id of one thing of each kind that `listener` has. `code`: an unused invitation's."""

    server: HomeServer
    owner: httpx2.Client
    listener: httpx2.Client
    second: httpx2.Client
    removed: httpx2.Client
    code: str
    things: dict[str, str]
    ids: dict[str, str]

    def outsider(self, who: str) -> httpx2.Client:
        """Somebody who has no account: `visitor`, `invited` or `removed`."""
        if who == "removed":
            return self.removed
        browser = self.server.browser()
        if who == "invited":
            browser.headers["Authorization"] = f"Bearer {self.code}"
        return browser

    def insider(self, who: str) -> httpx2.Client:
        return self.owner if who == "owner" else self.second


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[People]:
    folder = tmp_path_factory.mktemp("home")
    with serving_home(folder, private_sources=True, mail_domain="mail.example.org") as server:
        owner = server.join(server.setup_code(), "Ada")
        listener, second, removed = (server.invite(owner, name) for name in ("Ben", "Cleo", "Dan"))
        things = {path: create(listener) for path, create in CREATORS.items()}
        ids = {person["name"]: person["id"] for person in owner.get("/api/home/people").json()}
        owner.delete(f"/api/home/people/{ids['Dan']}").raise_for_status()
        code = server.invitation_code(owner, "Eve")
        yield People(server, owner, listener, second, removed, code, things, ids)


def request(
    browser: httpx2.Client, method: str, path: str, operation: dict[str, Any]
) -> httpx2.Response:
    name = operation["operationId"]
    return browser.request(method, path, **REQUESTS.get(name, {"json": BODIES.get(name)}))


@pytest.mark.parametrize("who", ["visitor", "invited", "removed"])
@each_secured
def test_without_an_account_nothing_is_open(
    people: People, who: str, method: str, path: str, operation: dict[str, Any]
) -> None:
    response = request(people.outsider(who), method, fill_in(path), operation)

    assert response.status_code == 401
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("who", ["owner", "second"])
@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS_WITH_ID)
def test_what_a_listener_has_nobody_else_finds(
    people: People, who: str, method: str, path: str, operation: dict[str, Any]
) -> None:
    [kind] = [kind for kind in people.things if path.startswith(kind)]
    listeners_path = path.replace("{id}", people.things[kind]).replace("{number}", "0")

    assert request(people.insider(who), method, listeners_path, operation).status_code == 404


@pytest.mark.parametrize("who", ["owner", "second"])
@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS_WITH_USER_ID)
def test_the_account_of_a_listener_is_theirs(
    people: People, who: str, method: str, path: str, operation: dict[str, Any]
) -> None:
    body = {"preferences": {}} if operation["operationId"] == "changeUser" else None
    path = path.replace("{user_id}", people.ids["Ben"])

    assert people.insider(who).request(method, path, json=body).status_code == 403


@pytest.mark.parametrize("name", OWNER_ONLY)
def test_only_the_owner_manages_people(people: People, name: str) -> None:
    method, path = OWNER_ONLY[name]
    path = path.replace("{id}", people.ids["Cleo"])
    body = {"note": ""} if name == "createInvitation" else None

    response = people.listener.request(method, path, json=body)

    assert response.status_code == 403
    assert response.json()["type"] == "/problems/owner-only"


def test_every_operation_of_accounts_is_public_owned_or_the_owners() -> None:
    """A new one is added to PUBLIC, to OWNER_ONLY, or to the test below."""
    home = {
        case.id: case.values[1] for case in SECURED_CASES if str(case.values[1]).startswith(HOME)
    }
    own = {name for name, path in home.items() if str(path).startswith("/api/home/account/")}

    assert set(home) == set(OWNER_ONLY) | own | {"getHomeAccount"}
    assert not set(home) & PUBLIC


def test_passkeys_and_sessions_of_somebody_else_stay(people: People) -> None:
    session = people.listener.get("/api/home/account").json()["sessions"][0]["id"]

    people.second.delete(f"/api/home/account/sessions/{session}").raise_for_status()
    removed = people.second.delete(f"/api/home/account/passkeys/{session}")

    assert removed.status_code == 404
    assert people.listener.get("/api/home/account").json()["name"] == "Ben"


@pytest.mark.parametrize("who", ["owner", "second"])
@pytest.mark.parametrize(
    "path",
    [
        *("/api/mail", "/api/mail/imports", "/api/podcast/list", "/api/feed/tokens"),
        *("/api/rules", "/api/sources", "/api/pronunciations"),
    ],
)
def test_lists_contain_what_is_ones_own(people: People, who: str, path: str) -> None:
    assert people.listener.get(path).json()
    assert people.insider(who).get(path).json() == []

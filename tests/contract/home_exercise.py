"""Every operation of accounts on a server of one's own, called once and checked against the contract."""

from typing import Any

import httpx2
import schemathesis

from tests.account.home.home_server import (
    PASSWORD,
    PUBLIC_URL,
    HomeServer,
    keep_provider_cookie,
    signed_in,
)
from tests.contract.fuzz_report import CONTRACT
from tests.standins.authenticator import Authenticator
from tests.standins.oidc_provider import Provider

SCHEMA = schemathesis.openapi.from_path(str(CONTRACT))


class HomeExercise:
    def __init__(self, server: HomeServer, provider: Provider) -> None:
        self._server = server
        self._provider = provider

    def run(self) -> None:
        owner, key = self._server.browser(), Authenticator(PUBLIC_URL)
        named = {"code": self._server.setup_code(), "name": "Ada"}
        self._call(owner, "openInvitation", 200, {"code": named["code"]})
        options = self._call(owner, "beginAccountPasskey", 200, named).json()["options"]
        account = {**named, "passkey": key.create(options)}
        signed_in(owner, self._call(owner, "createAccount", 201, account))
        self._call(owner, "createAccount", 403, account)
        self._use_passkeys(owner, key)
        self._use_passwords(owner)
        self._use_provider(owner)
        self._invite(owner)

    def _use_passkeys(self, owner: httpx2.Client, key: Authenticator) -> None:
        browser = self._server.browser()
        options = self._call(browser, "beginPasskeySignIn", 200).json()["options"]
        answer = {"passkey": key.get(options)}
        signed_in(browser, self._call(browser, "signInWithPasskey", 201, answer))
        self._call(browser, "signInWithPasskey", 403, answer)
        options = self._call(owner, "beginPasskey", 200).json()["options"]
        second = Authenticator(PUBLIC_URL)
        added = self._call(owner, "addPasskey", 201, {"passkey": second.create(options)})
        id = added.json()["passkeys"][-1]["id"]
        self._call(owner, "removePasskey", 200, id=id)
        self._call(owner, "removePasskey", 404, id=id)
        sessions = self._call(owner, "getHomeAccount", 200).json()["sessions"]
        [other] = [session["id"] for session in sessions if not session["current"]]
        self._call(owner, "signOutBrowser", 200, id=other)
        self._call(browser, "getHomeAccount", 401)

    def _use_passwords(self, owner: httpx2.Client) -> None:
        self._call(owner, "changePassword", 422, {"new": "password"})
        self._call(owner, "changePassword", 200, {"new": PASSWORD})
        browser = self._server.browser()
        body = {"name": "Ada", "password": PASSWORD}
        self._call(browser, "signInWithPassword", 403, {**body, "password": "wrong"})
        self._call(browser, "signInWithPassword", 201, body)

    def _use_provider(self, owner: httpx2.Client) -> None:
        self._call(owner, "disconnectProvider", 404)
        self._call(owner, "connectProvider", 403, {"code": "invented", "state": "invented"})
        answer = self._answer(owner, "beginProviderConnection")
        self._call(owner, "connectProvider", 200, answer)
        browser = self._server.browser()
        answer = self._answer(browser, "beginProviderSignIn")
        self._call(browser, "signInAtProvider", 201, answer)
        self._call(browser, "signInAtProvider", 403, answer)
        self._call(owner, "disconnectProvider", 200)
        named = {"code": self._server.invitation_code(owner), "name": "Cleo"}
        answer = self._answer(browser, "beginAccountAtProvider", named)
        self._call(browser, "createAccount", 201, {**named, "provider": answer})
        people = self._call(owner, "listPeople", 200).json()
        [id] = [person["id"] for person in people if person["role"] == "listener"]
        self._call(owner, "removePerson", 202, id=id)

    def _answer(self, browser: httpx2.Client, name: str, body: Any = None) -> dict[str, str]:
        """What the provider gives the browser after somebody signed in there."""
        begun = self._call(browser, name, 200, body)
        return self._provider.answer_to(keep_provider_cookie(browser, begun))

    def _invite(self, owner: httpx2.Client) -> None:
        self._call(owner, "createInvitation", 201, {"note": "for Ben"})
        [invitation] = self._call(owner, "listInvitations", 200).json()
        self._call(owner, "withdrawInvitation", 204, id=invitation["id"])
        self._call(owner, "withdrawInvitation", 404, id=invitation["id"])
        guest = self._server.invite(owner, "Ben")
        self._call(guest, "listPeople", 403)
        people = self._call(owner, "listPeople", 200).json()
        [id] = [person["id"] for person in people if person["role"] == "listener"]
        self._call(owner, "createSignInLink", 201, id=id)
        self._call(owner, "removePerson", 202, id=id)
        self._call(owner, "removePerson", 404, id=id)

    def _call(
        self, browser: httpx2.Client, name: str, status: int, body: Any = None, **path: str
    ) -> httpx2.Response:
        """Call an operation. Raises an error if the response breaks the contract or has another status."""
        operation = SCHEMA.find_operation_by_id(name)
        url = operation.path.format(**path)
        response = browser.request(operation.method.upper(), url, json=body)
        operation.validate_response(schemathesis.Response.from_any(response))
        assert response.status_code == status, (
            f"{name} answered {response.status_code}, not {status}"
        )
        return response

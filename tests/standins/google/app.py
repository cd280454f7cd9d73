"""The stand-in as an ASGI application. A test configures it, and inspects its calls afterwards."""

import asyncio
import hashlib
import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jsonschema
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.standins.google.consent import ALIASES, READ_MAIL, Access, Consent, NoGrant, page
from tests.standins.google.discovery import METHODS, Refused, check_answer, parameters
from tests.standins.google.gmail import ANSWERS
from tests.standins.google.mailbox import Mailbox

KINDS = {
    "429": (429, "rateLimitExceeded"),
    "quota": (429, "rateLimitExceeded"),
    "403": (403, "rateLimitExceeded"),
    "user403": (403, "userRateLimitExceeded"),
    "daily": (403, "dailyLimitExceeded"),
    "500": (500, "backendError"),
    "503": (503, "backendError"),
}


@dataclass
class Fault:
    match: str
    kind: str
    times: int
    retry_after: int | None
    delay: float


class Google:
    """`calls` contains the name of every method that was called. `deny_scopes` are never granted."""

    def __init__(self, client_id: str, client_secret: str, redirect_uris: Sequence[str]) -> None:
        self.consent = Consent(client_id, client_secret, tuple(redirect_uris))
        self.accounts: dict[str, Mailbox] = {}
        self.calls: list[str] = []
        self.faults: list[Fault] = []
        self.app = Starlette(routes=list(self._routes()))

    @property
    def deny_scopes(self) -> set[str]:
        return self.consent.deny_scopes

    def add_account(
        self, address: str, mails: Mapping[str, Sequence[bytes]] | None = None
    ) -> Mailbox:
        """Add an account, with mails by label."""
        box = self.accounts.setdefault(address, Mailbox(address))
        for label, raw in (mails or {}).items():
            box.label(label)
            for one in raw:
                box.deliver(one, label)
        return box

    def inject(
        self,
        match: str,
        kind: str,
        times: int = 1,
        retry_after: int | None = None,
        delay: float = 0.0,
    ) -> None:
        """Make the next `times` calls fail whose name matches the expression. The kind `none` only delays."""
        self.faults.append(Fault(match, kind, times, retry_after, delay))

    def revoke_all(self, address: str) -> None:
        self.consent.revoke_all(address)

    def _routes(self) -> Any:
        yield Route("/o/oauth2/v2/auth", self._authorize, methods=["GET", "POST"])
        yield Route("/token", self._token, methods=["POST"])
        yield Route("/revoke", self._revoke, methods=["POST"])
        yield Route("/permissions", self._permissions, methods=["POST"])
        yield Route("/v1/userinfo", self._userinfo)
        for method in ANSWERS:
            yield Route(f"/{METHODS[method]['path']}", self._gmail(method))

    async def _authorize(self, request: Request) -> Response:
        """Show the consent page in a browser. A test adds `consent=allow&account=…` to skip the page."""
        form = request.query_params if request.method == "GET" else await request.form()
        query = {name: str(value) for name, value in form.items()}
        if error := self.consent.find_error(query):
            return HTMLResponse(f"<h1>Access blocked</h1><p>{error}</p>", 400)
        decision = query.pop("consent", None)
        account = query.pop("account", None)
        may_read_mail = query.pop("mail", None) or request.method == "GET"
        if decision is None:
            return HTMLResponse(page(query, list(self.accounts)))
        chosen_account = account if decision == "allow" and account in self.accounts else None
        without = frozenset() if may_read_mail else frozenset({READ_MAIL})
        return RedirectResponse(self.consent.redirect_url(query, chosen_account, without), 302)

    async def _permissions(self, request: Request) -> Response:
        """The page on which a person removes the access of all applications."""
        self.revoke_all(str((await request.form())["account"]))
        return HTMLResponse("<h1>Access removed</h1>")

    async def _token(self, request: Request) -> Response:
        self.calls.append("token")
        try:
            await self._fault("token")
            tokens = self.consent.issue_tokens(await request.form())
        except NoGrant as error:
            return JSONResponse({"error": error.word}, error.status)
        except Refused as error:
            return JSONResponse(error.body, error.status, error.headers)
        return JSONResponse(tokens, headers={"Cache-Control": "no-store"})

    async def _revoke(self, request: Request) -> Response:
        self.calls.append("revoke")
        token = request.query_params.get("token") or (await request.form()).get("token")
        try:
            await self._fault("revoke")
        except Refused as error:
            return JSONResponse(error.body, error.status, error.headers)
        was_valid = self.consent.revoke(str(token))
        return JSONResponse(
            {} if was_valid else {"error": "invalid_token"}, 200 if was_valid else 400
        )

    async def _userinfo(self, request: Request) -> Response:
        self.calls.append("userinfo")
        try:
            await self._fault("userinfo")
            holder = self._holder(request)
        except Refused as error:
            return JSONResponse(error.body, error.status, error.headers)
        claims: dict[str, Any] = {"sub": _subject(holder.account)}
        if ALIASES["email"] in holder.scopes:
            claims |= {"email": holder.account, "email_verified": True}
        return JSONResponse(claims)

    def _gmail(self, method: str) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            self.calls.append(method.removeprefix("gmail.users."))
            try:
                answer = await self._answer(method, request)
            except Refused as error:
                return JSONResponse(error.body, error.status, error.headers)
            except jsonschema.ValidationError as error:
                return JSONResponse({"error": {"message": f"BUG: {error.message}"}}, 500)
            return Response(json.dumps(answer), media_type="application/json; charset=UTF-8")

        return endpoint

    async def _answer(self, method: str, request: Request) -> Any:
        holder = self._holder(request)
        await self._fault(method)
        if not holder.scopes & set(METHODS[method]["scopes"]):
            raise Refused(403, "insufficientPermissions", "Insufficient authentication scopes.")
        if request.path_params["userId"] not in ("me", holder.account):
            raise Refused(403, "forbidden", "Delegation denied")
        query = parameters(method, request.query_params.multi_items())
        answer = ANSWERS[method](self.accounts[holder.account], request.path_params, query)
        check_answer(method, answer)
        return answer

    def _holder(self, request: Request) -> Access:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        holder = self.consent.holder(token) if scheme == "Bearer" else None
        if holder is None:
            realm = 'Bearer realm="https://accounts.google.com/", error="invalid_token"'
            raise Refused(401, "authError", "Invalid Credentials", WWW_Authenticate=realm)
        return holder

    async def _fault(self, name: str) -> None:
        for fault in self.faults:
            if fault.times > 0 and re.search(fault.match, name):
                fault.times -= 1
                await asyncio.sleep(fault.delay)
                if fault.kind != "none":
                    status, reason = KINDS[fault.kind]
                    after = fault.retry_after
                    wait = {"Retry_After": str(after)} if after is not None else {}
                    raise Refused(status, reason, "Try again later.", **wait)


def _subject(account: str) -> str:
    return str(int(hashlib.sha256(account.encode()).hexdigest(), 16))[:21]

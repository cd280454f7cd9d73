"""Google's consent page, authorization codes and tokens."""

import base64
import hashlib
import html
import secrets
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

TOKEN_SECONDS = 3599.0
CODE_SECONDS = 600.0
READ_MAIL = "https://www.googleapis.com/auth/gmail.readonly"
ALIASES = {
    "email": "https://www.googleapis.com/auth/userinfo.email",
    "profile": "https://www.googleapis.com/auth/userinfo.profile",
}


class NoGrant(Exception):
    """An OAuth error, with its code and the HTTP status."""

    def __init__(self, word: str, status: int = 400) -> None:
        super().__init__(word)
        self.word, self.status = word, status


@dataclass
class Grant:
    account: str
    scopes: frozenset[str]
    challenge: str | None
    redirect: str
    at: float = field(default_factory=time.time)
    is_used: bool = False
    refresh: str | None = None


@dataclass
class Access:
    account: str
    scopes: frozenset[str]
    until: float
    refresh: str | None


class Consent:
    def __init__(self, client: str, secret: str, redirects: tuple[str, ...]) -> None:
        self.client, self.secret, self.redirects = client, secret, redirects
        self.codes: dict[str, Grant] = {}
        self.refresh: dict[str, tuple[str, frozenset[str]]] = {}
        self.access: dict[str, Access] = {}
        self.deny_scopes: set[str] = set()
        self.clock_skew = 0.0

    def find_error(self, query: Any) -> str | None:
        """The reason why the consent page is not shown, or None."""
        if query.get("client_id") != self.client:
            return "invalid_client"
        if query.get("redirect_uri") not in self.redirects:
            return "redirect_uri_mismatch"
        complete = query.get("response_type") == "code" and query.get("scope")
        return None if complete else "invalid_request"

    def redirect_url(
        self, query: Any, account: str | None, without: frozenset[str] = frozenset()
    ) -> str:
        """The address that the browser is sent to: with a code, or with an error if there is no account."""
        result = {"state": query["state"]} if "state" in query else {}
        if account is None:
            return f"{query['redirect_uri']}?{urlencode({'error': 'access_denied', **result})}"
        scopes = frozenset(ALIASES.get(scope, scope) for scope in query["scope"].split())
        scopes = scopes - self.deny_scopes - without
        code = f"4/0{secrets.token_urlsafe(40)}"
        challenge = query.get("code_challenge")
        self.codes[code] = Grant(account, scopes, challenge, query["redirect_uri"])
        result |= {"code": code, "scope": " ".join(sorted(scopes))}
        return f"{query['redirect_uri']}?{urlencode(result)}"

    def issue_tokens(self, form: Any) -> dict[str, Any]:
        """Issue tokens for a code or a refresh token. Raises NoGrant."""
        if form.get("client_id") != self.client or form.get("client_secret") != self.secret:
            raise NoGrant("invalid_client", 401)
        kinds = {"authorization_code": self._by_code, "refresh_token": self._by_refresh}
        kind = kinds.get(form.get("grant_type", ""))
        if kind is None:
            raise NoGrant("unsupported_grant_type")
        return kind(form)

    def revoke(self, token: str) -> bool:
        access = self.access.get(token)
        refresh = token if token in self.refresh else access and access.refresh
        if not access and not refresh:
            return False
        self.refresh.pop(refresh or "", None)
        self.access = {
            own: one
            for own, one in self.access.items()
            if own != token and (refresh is None or one.refresh != refresh)
        }
        return True

    def revoke_all(self, account: str) -> None:
        self.refresh = {own: one for own, one in self.refresh.items() if one[0] != account}
        self.access = {own: one for own, one in self.access.items() if one.account != account}

    def holder(self, token: str) -> Access | None:
        access = self.access.get(token)
        return access if access and access.until > time.time() + self.clock_skew else None

    def _by_code(self, form: Any) -> dict[str, Any]:
        grant = self.codes.get(form.get("code", ""))
        late = grant and time.time() + self.clock_skew - grant.at > CODE_SECONDS
        if grant is None or late or grant.is_used or form.get("redirect_uri") != grant.redirect:
            raise NoGrant("invalid_grant")
        if grant.challenge and _challenge(form.get("code_verifier", "")) != grant.challenge:
            raise NoGrant("invalid_grant")
        grant.is_used = True
        grant.refresh = f"1//0{secrets.token_urlsafe(48)}"
        self.refresh[grant.refresh] = (grant.account, grant.scopes)
        answer = self._issue_access_token(grant.account, grant.scopes, grant.refresh)
        return answer | {"refresh_token": grant.refresh}

    def _by_refresh(self, form: Any) -> dict[str, Any]:
        account_and_scopes = self.refresh.get(form.get("refresh_token", ""))
        if account_and_scopes is None:
            raise NoGrant("invalid_grant")
        return self._issue_access_token(*account_and_scopes, form["refresh_token"])

    def _issue_access_token(
        self, account: str, scopes: frozenset[str], refresh: str
    ) -> dict[str, Any]:
        token = f"ya29.a0{secrets.token_urlsafe(60)}"
        until = time.time() + self.clock_skew + TOKEN_SECONDS
        self.access[token] = Access(account, scopes, until, refresh)
        return {
            "access_token": token,
            "expires_in": int(TOKEN_SECONDS),
            "scope": " ".join(sorted(scopes)),
            "token_type": "Bearer",
        }


def page(query: Any, accounts: list[str]) -> str:
    """The consent page."""
    inputs = "".join(
        f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'
        for name, value in query.items()
    )
    choices = "".join(f"<option>{html.escape(account)}</option>" for account in accounts)
    return (
        '<!doctype html><html lang="en"><title>Consent</title><form method="post">'
        f"<h1>Choose an account</h1>{inputs}<label>Account <select name='account'>{choices}</select></label>"
        "<label><input type='checkbox' name='mail' value='yes' checked> View your mail</label>"
        "<button name='consent' value='allow'>Allow</button>"
        "<button name='consent' value='cancel'>Cancel</button></form></html>"
    )


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

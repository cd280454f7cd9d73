"""The consent page, and what its code is traded for."""

import base64
import hashlib
import html
import secrets
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

LIVES_SECONDS = 3599.0
CODE_LIVES_SECONDS = 600.0
READ_MAIL = "https://www.googleapis.com/auth/gmail.readonly"
ALIASES = {
    "email": "https://www.googleapis.com/auth/userinfo.email",
    "profile": "https://www.googleapis.com/auth/userinfo.profile",
}


class NoGrant(Exception):
    """An error in OAuth's shape: its word, and the status."""

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
    used: bool = False
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

    def refused(self, asked: Any) -> str | None:
        """Why the consent page is not even shown."""
        if asked.get("client_id") != self.client:
            return "invalid_client"
        if asked.get("redirect_uri") not in self.redirects:
            return "redirect_uri_mismatch"
        complete = asked.get("response_type") == "code" and asked.get("scope")
        return None if complete else "invalid_request"

    def decided(
        self, asked: Any, account: str | None, without: frozenset[str] = frozenset()
    ) -> str:
        """Where the browser is sent: with a code, or without an account with a refusal."""
        told = {"state": asked["state"]} if "state" in asked else {}
        if account is None:
            return f"{asked['redirect_uri']}?{urlencode({'error': 'access_denied', **told})}"
        scopes = frozenset(ALIASES.get(one, one) for one in asked["scope"].split())
        granted = scopes - self.deny_scopes - without
        code = f"4/0{secrets.token_urlsafe(40)}"
        challenge = asked.get("code_challenge")
        self.codes[code] = Grant(account, granted, challenge, asked["redirect_uri"])
        told |= {"code": code, "scope": " ".join(sorted(granted))}
        return f"{asked['redirect_uri']}?{urlencode(told)}"

    def traded(self, form: Any) -> dict[str, Any]:
        """Raises NoGrant."""
        if form.get("client_id") != self.client or form.get("client_secret") != self.secret:
            raise NoGrant("invalid_client", 401)
        kinds = {"authorization_code": self._by_code, "refresh_token": self._by_refresh}
        kind = kinds.get(form.get("grant_type", ""))
        if kind is None:
            raise NoGrant("unsupported_grant_type")
        return kind(form)

    def revoke(self, token: str) -> bool:
        known = self.access.get(token)
        refresh = token if token in self.refresh else known and known.refresh
        if not known and not refresh:
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
        known = self.access.get(token)
        return known if known and known.until > time.time() + self.clock_skew else None

    def _by_code(self, form: Any) -> dict[str, Any]:
        grant = self.codes.get(form.get("code", ""))
        late = grant and time.time() + self.clock_skew - grant.at > CODE_LIVES_SECONDS
        if grant is None or late or grant.used or form.get("redirect_uri") != grant.redirect:
            raise NoGrant("invalid_grant")
        if grant.challenge and _challenge(form.get("code_verifier", "")) != grant.challenge:
            raise NoGrant("invalid_grant")
        grant.used = True
        grant.refresh = f"1//0{secrets.token_urlsafe(48)}"
        self.refresh[grant.refresh] = (grant.account, grant.scopes)
        told = self._opened(grant.account, grant.scopes, grant.refresh)
        return told | {"refresh_token": grant.refresh}

    def _by_refresh(self, form: Any) -> dict[str, Any]:
        known = self.refresh.get(form.get("refresh_token", ""))
        if known is None:
            raise NoGrant("invalid_grant")
        return self._opened(*known, form["refresh_token"])

    def _opened(self, account: str, scopes: frozenset[str], refresh: str) -> dict[str, Any]:
        token = f"ya29.a0{secrets.token_urlsafe(60)}"
        until = time.time() + self.clock_skew + LIVES_SECONDS
        self.access[token] = Access(account, scopes, until, refresh)
        return {
            "access_token": token,
            "expires_in": int(LIVES_SECONDS),
            "scope": " ".join(sorted(scopes)),
            "token_type": "Bearer",
        }


def page(asked: Any, accounts: list[str]) -> str:
    """What a person sees."""
    hidden = "".join(
        f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'
        for name, value in asked.items()
    )
    choices = "".join(f"<option>{html.escape(account)}</option>" for account in accounts)
    return (
        '<!doctype html><html lang="en"><title>Consent</title><form method="post">'
        f"<h1>Choose an account</h1>{hidden}<label>Account <select name='account'>{choices}</select></label>"
        "<label><input type='checkbox' name='mail' value='yes' checked> View your mail</label>"
        "<button name='consent' value='allow'>Allow</button>"
        "<button name='consent' value='cancel'>Cancel</button></form></html>"
    )


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

"""Google's OAuth 2: a listener's consent becomes a refresh token, and that opens their mail."""

import re
from base64 import urlsafe_b64encode
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import anyio
import structlog

from audiobrew.settings import Settings
from audiobrew.sources.gmail.connection import (
    ConsentRefused,
    GoogleRefused,
    GoogleUnavailable,
    NotAllGranted,
)

if TYPE_CHECKING:
    from httpx import AsyncClient, Response

READ_MAIL = "https://www.googleapis.com/auth/gmail.readonly"
SEE_ADDRESS = "https://www.googleapis.com/auth/userinfo.email"
NEEDED = {READ_MAIL: "reading your mail", SEE_ADDRESS: "seeing your e-mail address"}
SCOPES = ("openid", *NEEDED)
AUTHORIZE, TOKEN, REVOKE, USERINFO = (
    "https://accounts.google.com/o/oauth2/v2/auth",
    "https://oauth2.googleapis.com/token",
    "https://oauth2.googleapis.com/revoke",
    "https://openidconnect.googleapis.com/v1/userinfo",
)
TRIES, WAIT_SECONDS, TIMEOUT_SECONDS = 3, 0.5, 10.0
LONGEST_ASKED_FOR = 10.0
"""Seconds that Google may ask us to wait: a listener waits too."""

log = structlog.get_logger()


class TokenRefused(Exception):
    """Google does not take this token, or not for this."""


@dataclass(frozen=True, slots=True)
class Grant:
    """`refresh` is empty when Google sent none; `seconds`: how long `access` opens."""

    access: str
    refresh: str
    scopes: tuple[str, ...]
    seconds: int


class Google:
    """`url`: where all of Google is instead, for who runs a stand-in."""

    def __init__(self, client: str, secret: str, callback: str, url: str | None) -> None:
        self._client = {"client_id": client, "client_secret": secret}
        self._callback, self.url = callback, url
        self._opened: AsyncClient | None = None

    @classmethod
    def of(cls, settings: Settings) -> "Google | None":
        """None when Google is not set up."""
        client, secret = settings.google_client_id, settings.google_client_secret
        if not (client and secret and settings.redirect_uri):
            return None
        url = settings.google_url and settings.google_url.rstrip("/")
        return cls(client, secret.get_secret_value(), settings.redirect_uri, url)

    def authorization_url(self, state: str, verifier: str) -> str:
        """Where the listener consents. `verifier` stays here; its hash goes along (PKCE)."""
        asked = {
            "client_id": self._client["client_id"],
            "redirect_uri": self._callback,
            "response_type": "code",
            "scope": " ".join(SCOPES),
            "access_type": "offline",
            "prompt": "consent",
            "state": state,
            "code_challenge": challenge(verifier),
            "code_challenge_method": "S256",
        }
        return f"{self._at(AUTHORIZE)}?{urlencode(asked)}"

    async def exchange(self, code: str, verifier: str) -> Grant:
        """Raises ConsentRefused, NotAllGranted, GoogleUnavailable, GoogleRefused."""
        asked = {"code": code, "code_verifier": verifier, "redirect_uri": self._callback}
        try:
            grant = await self._grant({"grant_type": "authorization_code", **asked})
        except TokenRefused as error:
            raise ConsentRefused from error
        missing = [told for scope, told in NEEDED.items() if scope not in grant.scopes]
        if missing:
            raise NotAllGranted(
                f"At Google you did not allow {' and '.join(missing)}. Nothing was connected;"
                " connect Gmail again and tick every box."
            )
        if not grant.refresh:
            raise ConsentRefused
        return grant

    async def refresh(self, token: str) -> Grant:
        """Raises TokenRefused, GoogleUnavailable, GoogleRefused."""
        return await self._grant({"grant_type": "refresh_token", "refresh_token": token})

    async def check(self) -> None:
        """Whether Google knows this server: it is asked to refresh a token that nobody has.

        Raises GoogleUnavailable, GoogleRefused.
        """
        with suppress(TokenRefused):
            await self.refresh("none")

    async def revoke(self, token: str) -> None:
        """A token that Google no longer knows is revoked. Raises GoogleUnavailable, GoogleRefused."""
        answer = await self._ask("POST", REVOKE, data={"token": token})
        if _error(answer) not in (None, "invalid_token"):
            raise _refused(answer)

    async def address(self, access: str) -> str:
        """Of the mailbox that this opens. Raises ConsentRefused, GoogleUnavailable."""
        bearer = {"Authorization": f"Bearer {access}"}
        answer = await self._ask("GET", USERINFO, headers=bearer)
        told = _json(answer).get("email")
        if answer.is_error or not isinstance(told, str) or not told:
            raise ConsentRefused
        return told

    async def aclose(self) -> None:
        if self._opened:
            await self._opened.aclose()

    async def _grant(self, asked: dict[str, str]) -> Grant:
        answer = await self._ask("POST", TOKEN, data=asked | self._client)
        if _error(answer) == "invalid_grant":
            raise TokenRefused
        if answer.is_error:
            raise _refused(answer)
        return _granted(_json(answer))

    async def _ask(self, method: str, url: str, **told: Any) -> "Response":
        """An answer that is not a passing trouble. Raises GoogleUnavailable."""
        from httpx import TransportError

        for number in range(TRIES):
            try:
                answer = await self._http().request(method, self._at(url), **told)
            except TransportError as error:
                if number == TRIES - 1:
                    raise GoogleUnavailable from error
                await anyio.sleep(WAIT_SECONDS * 2**number)
                continue
            if not _passing(answer) or number == TRIES - 1:
                break
            await anyio.sleep(_wait(answer, number))
        if _passing(answer):
            raise GoogleUnavailable
        return answer

    def _http(self) -> "AsyncClient":
        if self._opened is None:
            from httpx import AsyncClient

            self._opened = AsyncClient(timeout=TIMEOUT_SECONDS)
        return self._opened

    def _at(self, url: str) -> str:
        return url if self.url is None else self.url + "/" + url.split("/", 3)[3]


def challenge(verifier: str) -> str:
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _passing(answer: "Response") -> bool:
    return answer.status_code == HTTPStatus.TOO_MANY_REQUESTS or answer.is_server_error


def _wait(answer: "Response", number: int) -> float:
    told = answer.headers.get("Retry-After", "")
    asked = float(told) if re.fullmatch(r"\d{1,6}", told) else WAIT_SECONDS * 2**number
    return min(asked, LONGEST_ASKED_FOR)


def _json(answer: "Response") -> dict[str, Any]:
    """Raises GoogleUnavailable: something else than Google answered."""
    try:
        told = answer.json()
    except ValueError as error:
        raise GoogleUnavailable from error
    if not isinstance(told, dict):
        raise GoogleUnavailable
    return told


def _granted(told: dict[str, Any]) -> Grant:
    names = ("access_token", "refresh_token", "scope")
    access, refresh, scopes = (str(told.get(name, "")) for name in names)
    seconds = told.get("expires_in")
    if not access or not isinstance(seconds, int):
        raise GoogleUnavailable
    return Grant(access, refresh, tuple(scopes.split()), seconds)


def _error(answer: "Response") -> str | None:
    return str(_json(answer).get("error")) if answer.is_error else None


def _refused(answer: "Response") -> GoogleRefused:
    """Google's own word for it is logged, and nothing else of what it says."""
    told = _error(answer) or ""
    word = told if re.fullmatch(r"[a-z_]{1,40}", told) else None
    log.warning("google.refused", status=answer.status_code, error=word)
    return GoogleRefused()

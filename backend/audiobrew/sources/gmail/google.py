"""Google's OAuth 2.0 for web servers: a listener's consent becomes a refresh token for their Gmail.

https://developers.google.com/identity/protocols/oauth2/web-server
"""

import re
from base64 import urlsafe_b64encode
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import structlog

from audiobrew.ops.calls import RetryableError, backoff, parse_retry_after, retry
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
REQUIRED_SCOPES = {READ_MAIL: "reading your mail", SEE_ADDRESS: "seeing your email address"}
SCOPES = ("openid", *REQUIRED_SCOPES)
AUTHORIZE, TOKEN, REVOKE, USERINFO = (
    "https://accounts.google.com/o/oauth2/v2/auth",
    "https://oauth2.googleapis.com/token",
    "https://oauth2.googleapis.com/revoke",
    "https://openidconnect.googleapis.com/v1/userinfo",
)
RETRIES, FIRST_WAIT, TIMEOUT_SECONDS = 2, 0.5, 10.0
# The longest `Retry-After` that we wait for, in seconds; a listener is waiting for the response.
MAX_RETRY_AFTER = 10.0

log = structlog.get_logger()


class TokenRefused(Exception):
    """Google rejects a token, or the token does not allow what was requested."""


@dataclass(frozen=True, slots=True)
class Grant:
    """`refresh` is empty if Google sent no refresh token; `seconds` is the lifetime of `access`."""

    access: str
    refresh: str
    scopes: tuple[str, ...]
    seconds: int


class Google:
    """`url`: the base URL of a stand-in for all of Google; None for Google itself."""

    def __init__(self, client: str, secret: str, callback: str, url: str | None) -> None:
        self._credentials = {"client_id": client, "client_secret": secret}
        self._callback, self.url = callback, url
        self._client: AsyncClient | None = None

    @classmethod
    def of(cls, settings: Settings) -> "Google | None":
        """None if the settings for Google are missing."""
        client, secret = settings.google_client_id, settings.google_client_secret
        if not (client and secret and settings.gmail_callback):
            return None
        url = settings.google_url and settings.google_url.rstrip("/")
        return cls(client, secret.get_secret_value(), settings.gmail_callback, url)

    def authorization_url(self, state: str, verifier: str) -> str:
        """Google's consent page. It receives only the hash of `verifier` (PKCE, RFC 7636)."""
        parameters = {
            "client_id": self._credentials["client_id"],
            "redirect_uri": self._callback,
            "response_type": "code",
            "scope": " ".join(SCOPES),
            "access_type": "offline",
            "prompt": "consent",
            "state": state,
            "code_challenge": challenge(verifier),
            "code_challenge_method": "S256",
        }
        return f"{self._resolve(AUTHORIZE)}?{urlencode(parameters)}"

    async def exchange(self, code: str, verifier: str) -> Grant:
        """Raises ConsentRefused, NotAllGranted, GoogleUnavailable, GoogleRefused."""
        fields = {"code": code, "code_verifier": verifier, "redirect_uri": self._callback}
        try:
            grant = await self._request_grant({"grant_type": "authorization_code", **fields})
        except TokenRefused as error:
            raise ConsentRefused from error
        missing = [name for scope, name in REQUIRED_SCOPES.items() if scope not in grant.scopes]
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
        return await self._request_grant({"grant_type": "refresh_token", "refresh_token": token})

    async def check(self) -> None:
        """Check that Google accepts our client id, by refreshing a token that does not exist.

        Raises GoogleUnavailable, GoogleRefused.
        """
        with suppress(TokenRefused):
            await self.refresh("none")

    async def revoke(self, token: str) -> None:
        """A token that Google does not know counts as revoked. Raises GoogleUnavailable, GoogleRefused."""
        response = await self._request("POST", REVOKE, data={"token": token})
        if error_code(response) not in (None, "invalid_token"):
            raise refusal(response)

    async def address(self, access: str) -> str:
        """The address of the mailbox that an access token opens. Raises ConsentRefused, GoogleUnavailable."""
        bearer = {"Authorization": f"Bearer {access}"}
        response = await self._request("GET", USERINFO, headers=bearer)
        address = json_object(response).get("email")
        if response.is_error or not isinstance(address, str) or not address:
            raise ConsentRefused
        return address

    async def aclose(self) -> None:
        if self._client:
            await self._client.aclose()

    async def _request_grant(self, fields: dict[str, str]) -> Grant:
        """Raises TokenRefused, GoogleUnavailable, GoogleRefused."""
        response = await self._request("POST", TOKEN, data=fields | self._credentials)
        if error_code(response) == "invalid_grant":
            raise TokenRefused
        if response.is_error:
            raise refusal(response)
        body = json_object(response)
        names = ("access_token", "refresh_token", "scope")
        access, refresh, scopes = (str(body.get(name, "")) for name in names)
        seconds = body.get("expires_in")
        if not access or not isinstance(seconds, int):
            raise GoogleUnavailable
        return Grant(access, refresh, tuple(scopes.split()), seconds)

    async def _request(self, method: str, url: str, **options: Any) -> "Response":
        """Make a request, with retries. Raises GoogleUnavailable."""
        from httpx import AsyncClient, TransportError

        client = self._client = self._client or AsyncClient(timeout=TIMEOUT_SECONDS)

        async def call() -> "Response":
            try:
                response = await client.request(method, self._resolve(url), **options)
            except TransportError as error:
                raise RetryableError from error
            if is_temporary_error(response):
                raise RetryableError(retry_after(response))
            return response

        try:
            return await retry(call, backoff(RETRIES, FIRST_WAIT), RetryableError)
        except RetryableError as error:
            raise GoogleUnavailable from error

    def _resolve(self, url: str) -> str:
        """The same path at the stand-in, if there is one."""
        return url if self.url is None else self.url + "/" + url.split("/", 3)[3]


def challenge(verifier: str) -> str:
    """The PKCE code challenge (RFC 7636, S256)."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def is_temporary_error(response: "Response") -> bool:
    return response.status_code == HTTPStatus.TOO_MANY_REQUESTS or response.is_server_error


def retry_after(response: "Response") -> float | None:
    """The seconds that Google asks us to wait, at most MAX_RETRY_AFTER; None if it does not ask."""
    seconds = parse_retry_after(response.headers.get("Retry-After"))
    return None if seconds is None else min(seconds, MAX_RETRY_AFTER)


def json_object(response: "Response") -> dict[str, Any]:
    """Raises GoogleUnavailable if the response is not a JSON object, and so not Google's."""
    try:
        body = response.json()
    except ValueError as error:
        raise GoogleUnavailable from error
    if not isinstance(body, dict):
        raise GoogleUnavailable
    return body


def error_code(response: "Response") -> str | None:
    """The OAuth error code (RFC 6749, section 5.2) of an error response."""
    return str(json_object(response).get("error")) if response.is_error else None


def refusal(response: "Response") -> GoogleRefused:
    """Logs only Google's error code, not the rest of the response."""
    error = error_code(response) or ""
    code = error if re.fullmatch(r"[a-z_]{1,40}", error) else None
    log.warning("google.refused", status=response.status_code, error=code)
    return GoogleRefused()

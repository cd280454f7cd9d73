"""An OpenID Connect provider (OpenID Connect Core 1.0): found by its issuer, used with PKCE (RFC 7636)."""

import json
from asyncio import Lock
from dataclasses import dataclass
from time import monotonic
from typing import Any, cast
from urllib.parse import quote, urlsplit

import httpx
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization

from audiobrew.account.home.accounts import ProvidedIdentity
from audiobrew.account.home.oidc import SignInAttempt
from audiobrew.account.home.oidc_problems import ProviderRefused, ProviderUnavailable

ALGORITHMS = [
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA", "Ed25519"),
]
SCOPES = "openid profile"
TIMEOUT_SECONDS = 10.0
MAX_ANSWER_BYTES = 2**20
METADATA_SECONDS, KEYS_SECONDS = 3600.0, 3600.0
# A token whose key is unknown makes us fetch the keys again, but not more often than this.
MIN_KEYS_SECONDS = 10.0
LEEWAY_SECONDS = 60
MAX_SUBJECT, MAX_NAME = 255, 100
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True, slots=True)
class OidcClient:
    """How this server is registered at the provider. `label`: the provider's name on buttons."""

    issuer: str
    id: str
    secret: str | None
    label: str
    redirect_uri: str


class OidcProvider:
    def __init__(self, client: OidcClient) -> None:
        self.client = client
        self._http = httpx.AsyncClient(timeout=TIMEOUT_SECONDS)
        self._lock = Lock()
        self._metadata: dict[str, Any] = {}
        self._keys: KeySet | None = None
        self._metadata_at = self._keys_at = float("-inf")

    async def aclose(self) -> None:
        await self._http.aclose()

    async def check(self) -> None:
        """Raises ProviderUnavailable."""
        await self._discover()

    async def authorization_url(self, attempt: SignInAttempt) -> str:
        """Where the browser goes to sign in. Raises ProviderUnavailable."""
        metadata = await self._discover()
        parameters = {
            "response_type": "code",
            "client_id": self.client.id,
            "redirect_uri": self.client.redirect_uri,
            "scope": SCOPES,
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": create_s256_code_challenge(attempt.verifier),
            "code_challenge_method": "S256",
        }
        url: str = add_params_to_uri(metadata["authorization_endpoint"], list(parameters.items()))
        return url

    async def identity(
        self, code: str, issuer: str | None, attempt: SignInAttempt
    ) -> ProvidedIdentity:
        """Exchange the code that the browser brought back. `issuer`: the parameter `iss` (RFC 9207).

        Raises ProviderRefused, ProviderUnavailable.
        """
        metadata = await self._discover()
        names_issuer = metadata.get("authorization_response_iss_parameter_supported") is True
        if issuer != self.client.issuer and (names_issuer or issuer is not None):
            raise ProviderRefused
        tokens = await self._exchange(code, attempt.verifier, metadata)
        claims = await self._verify(tokens, attempt.nonce)
        subject = claims["sub"]
        if not isinstance(subject, str) or not 0 < len(subject) <= MAX_SUBJECT:
            raise ProviderRefused
        return ProvidedIdentity(self.client.issuer, subject, _display_name(claims))

    async def _exchange(self, code: str, verifier: str, metadata: dict[str, Any]) -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.client.redirect_uri,
            "code_verifier": verifier,
        }
        authentication = None
        methods = metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if self.client.secret is None:
            form["client_id"] = self.client.id
        elif "client_secret_basic" in methods:
            # Encoded as in a form first: RFC 6749, section 2.3.1.
            authentication = httpx.BasicAuth(
                quote(self.client.id, safe=""), quote(self.client.secret, safe="")
            )
        else:
            form |= {"client_id": self.client.id, "client_secret": self.client.secret}
        request = self._http.build_request("POST", metadata["token_endpoint"], data=form)
        return await self._send(request, authentication)

    async def _verify(self, tokens: dict[str, Any], nonce: str) -> dict[str, Any]:
        id_token, access_token = tokens.get("id_token"), tokens.get("access_token")
        if not isinstance(id_token, str):
            raise ProviderRefused
        try:
            token = await self._decode(id_token)
            claims = CodeIDToken(
                token.claims,
                token.header,
                options={
                    "iss": {"essential": True, "value": self.client.issuer},
                    "aud": {"essential": True, "value": self.client.id},
                    "nonce": {"essential": True, "value": nonce},
                },
                params={
                    "nonce": nonce,
                    "client_id": self.client.id,
                    "access_token": access_token,
                },
            )
            claims.validate(leeway=LEEWAY_SECONDS)
        except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
            raise ProviderRefused from error
        return dict(claims)

    async def _decode(self, token: str) -> jwt.Token:
        """Checks the signature. Raises JoseError, ValueError."""
        keys = await self._load_keys(KEYS_SECONDS)
        try:
            return jwt.decode(token, keys, algorithms=ALGORITHMS)
        except (JoseError, ValueError):
            # The provider may have new keys.
            if (newer := await self._load_keys(MIN_KEYS_SECONDS)) is keys:
                raise
            return jwt.decode(token, newer, algorithms=ALGORITHMS)

    async def _discover(self) -> dict[str, Any]:
        async with self._lock:
            if monotonic() - self._metadata_at < METADATA_SECONDS:
                return self._metadata
            url = f"{self.client.issuer.rstrip('/')}/.well-known/openid-configuration"
            metadata = await self._fetch(url)
            scheme = urlsplit(self.client.issuer).scheme
            # https of the issuer must not end at one of its addresses.
            schemes = {urlsplit(str(metadata.get(name))).scheme for name in ENDPOINTS}
            if metadata.get("issuer") != self.client.issuer or schemes - {scheme, "https"}:
                raise ProviderUnavailable
            self._metadata, self._metadata_at = metadata, monotonic()
            return metadata

    async def _load_keys(self, max_age: float) -> KeySet:
        """The keys, fetched again if they are older."""
        metadata = await self._discover()
        async with self._lock:
            if self._keys is None or monotonic() - self._keys_at > max_age:
                try:
                    published = cast("KeySetSerialization", await self._fetch(metadata["jwks_uri"]))
                    self._keys = KeySet.import_key_set(published)
                except (JoseError, ValueError, TypeError, KeyError) as error:
                    raise ProviderUnavailable from error
                self._keys_at = monotonic()
            return self._keys

    async def _fetch(self, url: str) -> dict[str, Any]:
        """Raises ProviderUnavailable."""
        try:
            return await self._send(self._http.build_request("GET", url))
        except ProviderRefused as error:
            raise ProviderUnavailable from error

    async def _send(
        self, request: httpx.Request, authentication: httpx.BasicAuth | None = None
    ) -> dict[str, Any]:
        """The JSON object that the provider answers. Raises ProviderRefused, ProviderUnavailable."""
        content = bytearray()
        try:
            response = await self._http.send(request, auth=authentication, stream=True)
            try:
                async for piece in response.aiter_bytes():
                    content += piece
                    if len(content) > MAX_ANSWER_BYTES:
                        raise ProviderUnavailable
            finally:
                await response.aclose()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ProviderUnavailable from error
        if response.is_client_error:
            raise ProviderRefused
        if not response.is_success:
            raise ProviderUnavailable
        try:
            answer = json.loads(content)
        except (ValueError, RecursionError) as error:
            raise ProviderUnavailable from error
        if not isinstance(answer, dict):
            raise ProviderUnavailable
        return answer


def _display_name(claims: dict[str, Any]) -> str:
    names = (claims.get("preferred_username"), claims.get("name"))
    name = next((name for name in names if isinstance(name, str) and name.strip()), "")
    return "".join(filter(str.isprintable, name)).strip()[:MAX_NAME]

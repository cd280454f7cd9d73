"""An OpenID Connect provider: it signs `person` in at once, and checks what a strict provider checks."""

import base64
import hashlib
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.standins.local_server import serving

CLIENT_ID, CLIENT_SECRET = "audiobrew at home", "a secret: with/signs%"


@dataclass
class Provider:
    """`claims` replace those of the next tokens; `key` signs them. `broken` answers 500 everywhere."""

    issuer: str = ""
    person: dict[str, Any] = field(
        default_factory=lambda: {"sub": "ada-17", "preferred_username": "ada"}
    )
    claims: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "RS256"
    broken: bool = False
    key: RSAKey = field(default_factory=lambda: new_key("first"))
    published: list[RSAKey] | None = None
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def settings(self) -> dict[str, str]:
        """How a server of one's own is connected with this provider."""
        return {
            "oidc_issuer": self.issuer,
            "oidc_client_id": CLIENT_ID,
            "oidc_client_secret": CLIENT_SECRET,
            "oidc_name": "Ledger House",
        }

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._configuration),
                Route("/keys", self._published_keys),
                Route("/authorize", self._authorize),
                Route("/token", self._token, methods=["POST"]),
            ]
        )

    def answer_to(self, url: str) -> dict[str, str]:
        """What a browser brings back that goes to `url` and signs in there."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        code = secrets.token_urlsafe(16)
        self._codes[code] = query
        return {"code": code, "state": query["state"], "iss": self.issuer}

    async def _configuration(self, request: Request) -> Response:
        if self.broken:
            return Response(status_code=500)
        return JSONResponse(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "authorization_response_iss_parameter_supported": True,
                **self.metadata,
            }
        )

    async def _published_keys(self, request: Request) -> Response:
        keys = [self.key] if self.published is None else self.published
        return JSONResponse(KeySet(keys).as_dict(private=False))

    async def _authorize(self, request: Request) -> Response:
        """The page of a provider where the browser is signed in already."""
        answer = self.answer_to(str(request.url))
        return RedirectResponse(f"{request.query_params['redirect_uri']}?{urlencode(answer)}", 303)

    async def _token(self, request: Request) -> Response:
        if self.broken:
            return Response(status_code=500)
        form = parse_qs((await request.body()).decode())
        asked = self._codes.pop(form["code"][0], None)
        verifier = hashlib.sha256(form["code_verifier"][0].encode()).digest()
        scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
        id, _, secret = base64.b64decode(credentials).decode().partition(":")
        is_valid = (
            asked is not None
            and scheme == "Basic"
            and (unquote(id), unquote(secret)) == (CLIENT_ID, CLIENT_SECRET)
            and asked["code_challenge_method"] == "S256"
            and base64.urlsafe_b64encode(verifier).decode().rstrip("=") == asked["code_challenge"]
            and form["redirect_uri"][0] == asked["redirect_uri"]
        )
        if asked is None or not is_valid:
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            **self.person,
            **self.claims,
        }
        header = {"alg": self.algorithm, "kid": self.key.kid}
        token = jwt.encode(header, claims, self.key, algorithms=[self.algorithm])
        return JSONResponse({"access_token": "opaque", "token_type": "Bearer", "id_token": token})


def new_key(name: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig"})


@contextmanager
def serving_provider() -> Iterator[Provider]:
    provider = Provider()
    with serving(provider.app()) as url:
        provider.issuer = url
        yield provider

"""A stand-in for a Supabase project's auth server: its published keys, and tokens signed with them."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import anyio
import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.standins import local_server

PUBLISHABLE_KEY = "sb_publishable_for_browsers"
PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass
class Key:
    algorithm: str = "ES256"
    id: str = field(default_factory=lambda: str(uuid4()))
    private: PrivateKey = field(init=False)

    def __post_init__(self) -> None:
        if self.algorithm == "ES256":
            self.private = ec.generate_private_key(ec.SECP256R1())
        else:
            self.private = rsa.generate_private_key(65537, 2048)

    def public_jwk(self) -> dict[str, Any]:
        algorithm = jwt.get_algorithm_by_name(self.algorithm)
        jwk: dict[str, Any] = json.loads(algorithm.to_jwk(self.private.public_key()))
        return jwk | {"kid": self.id, "alg": self.algorithm, "use": "sig"}


@dataclass
class Project:
    key: Key = field(default_factory=Key)
    url: str = ""
    key_fetches: int = 0
    session_checks: int = 0
    # Error codes by session id or user id. A token with one of these is answered with 403 and the code.
    rejection_codes: dict[str, str] = field(default_factory=dict)
    user_failure: Response | None = None  # answered instead of a user
    user_delay_seconds: float = 0.0
    user_fields: dict[str, Any] = field(default_factory=dict)  # added to each user that is returned
    keys_failure: bytes | None = None  # answered with 200 instead of keys; b"" is a 503
    public_keys: list[Key] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.public_keys.append(self.key)

    def rotate(self) -> None:
        self.key = Key(self.key.algorithm)
        self.public_keys = [self.key]

    def claims(self, **changes: Any) -> dict[str, Any]:
        """The claims of a valid token. A change to None removes a claim."""
        now = int(time.time())
        claims = {
            "iss": f"{self.url}/auth/v1",
            "sub": str(uuid4()),
            "aud": "authenticated",
            "exp": now + 3600,
            "iat": now,
            "role": "authenticated",
            "session_id": str(uuid4()),
        }
        return {name: value for name, value in (claims | changes).items() if value is not None}

    def token(self, listener: UUID | None = None, **changes: Any) -> str:
        claims = self.claims(**changes) | ({"sub": str(listener)} if listener else {})
        return jwt.encode(claims, self.key.private, self.key.algorithm, {"kid": self.key.id})

    async def user_response(self, request: Request) -> Response:
        """Answers like GoTrue at `GET /user`."""
        self.session_checks += 1
        await anyio.sleep(self.user_delay_seconds)
        if self.user_failure:
            return self.user_failure
        if request.headers.get("apikey") != PUBLISHABLE_KEY:
            return JSONResponse({"message": "Invalid API key"}, 401)
        token = request.headers["authorization"].removeprefix("Bearer ")
        claims = jwt.decode(token, options={"verify_signature": False})
        session, user = claims.get("session_id", ""), claims["sub"]
        code = self.rejection_codes.get(session) or self.rejection_codes.get(user)
        if code:
            return JSONResponse({"code": code, "message": "No."}, 403)
        return JSONResponse({"id": user, "is_anonymous": False} | self.user_fields)

    async def keys_response(self, _: Request) -> Response:
        self.key_fetches += 1
        if self.keys_failure is not None:
            return Response(self.keys_failure, 200 if self.keys_failure else 503)
        body = json.dumps({"keys": [key.public_jwk() for key in self.public_keys]})
        return Response(body, media_type="application/json")


@contextmanager
def serve_project(project: Project) -> Iterator[Project]:
    routes = [
        Route("/auth/v1/.well-known/jwks.json", project.keys_response),
        Route("/auth/v1/user", project.user_response),
    ]
    app = Starlette(routes=routes)
    with local_server.serving(app) as project.url:
        yield project

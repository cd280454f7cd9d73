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
Private = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass
class Key:
    algorithm: str = "ES256"
    id: str = field(default_factory=lambda: str(uuid4()))
    private: Private = field(init=False)

    def __post_init__(self) -> None:
        elliptic = self.algorithm == "ES256"
        self.private = (
            ec.generate_private_key(ec.SECP256R1())
            if elliptic
            else rsa.generate_private_key(65537, 2048)
        )

    def published(self) -> dict[str, Any]:
        kind = jwt.get_algorithm_by_name(self.algorithm)
        jwk: dict[str, Any] = json.loads(kind.to_jwk(self.private.public_key()))
        return jwk | {"kid": self.id, "alg": self.algorithm, "use": "sig"}


@dataclass
class Project:
    key: Key = field(default_factory=Key)
    url: str = ""
    key_fetches: int = 0
    session_checks: int = 0
    ended: dict[str, str] = field(default_factory=dict)  # why, by the token's session or subject
    sessions_trouble: Response | None = None  # answered instead of a user
    slow_seconds: float = 0.0
    user: dict[str, Any] = field(default_factory=dict)  # more of whom it tells of
    trouble: bytes | None = None  # answered with 200 instead of keys; b"" is a 503
    published: list[Key] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.published.append(self.key)

    def rotate(self) -> None:
        self.key = Key(self.key.algorithm)
        self.published = [self.key]

    def claims(self, **changed: Any) -> dict[str, Any]:
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
        return {name: value for name, value in (claims | changed).items() if value is not None}

    def token(self, listener: UUID | None = None, **changed: Any) -> str:
        claims = self.claims(**changed) | ({"sub": str(listener)} if listener else {})
        return jwt.encode(claims, self.key.private, self.key.algorithm, {"kid": self.key.id})

    async def tell_user(self, request: Request) -> Response:
        """Answers like GoTrue at `GET /user`."""
        self.session_checks += 1
        await anyio.sleep(self.slow_seconds)
        if self.sessions_trouble:
            return self.sessions_trouble
        if request.headers.get("apikey") != PUBLISHABLE_KEY:
            return JSONResponse({"message": "Invalid API key"}, 401)
        token = request.headers["authorization"].removeprefix("Bearer ")
        claims = jwt.decode(token, options={"verify_signature": False})
        why = self.ended.get(claims.get("session_id", "")) or self.ended.get(claims["sub"])
        if why:
            return JSONResponse({"code": why, "message": "No."}, 403)
        return JSONResponse({"id": claims["sub"], "is_anonymous": False} | self.user)

    async def keys(self, _: Request) -> Response:
        self.key_fetches += 1
        if self.trouble is not None:
            return Response(self.trouble, 200 if self.trouble else 503)
        body = json.dumps({"keys": [key.published() for key in self.published]})
        return Response(body, media_type="application/json")


@contextmanager
def serve_project(project: Project) -> Iterator[Project]:
    routes = [
        Route("/auth/v1/.well-known/jwks.json", project.keys),
        Route("/auth/v1/user", project.tell_user),
    ]
    app = Starlette(routes=routes)
    with local_server.serving(app) as project.url:
        yield project

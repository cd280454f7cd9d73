"""Who may pass: the project's keys, and the tokens behind them."""

from __future__ import annotations

import re
import secrets
import time
import uuid

import jwt
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.standins.supabase.project_state import (
    AuthError,
    Bucket,
    SigningKey,
    StorageError,
    User,
)


class Gateway:
    """State of a project, and the door to it."""

    def __init__(
        self,
        *,
        legacy_secret: str = "super-secret-jwt-token-with-at-least-32-characters-long",
        asymmetric: bool = True,
        access_ttl: int = 3600,
        redirect_allow: tuple[str, ...] = (),
    ):
        self.publishable_key = "sb_publishable_" + secrets.token_urlsafe(16)
        self.secret_key = "sb_secret_" + secrets.token_urlsafe(24)
        self.legacy_secret, self.asymmetric, self.access_ttl = legacy_secret, asymmetric, access_ttl
        self.keys = [SigningKey()]
        self.url_secret = secrets.token_bytes(32)
        self.users: dict[str, User] = {}
        self.sessions: dict[str, str] = {}  # session id -> user id
        self.refresh: dict[str, tuple[str, str]] = {}  # token -> (user id, session id)
        self.used_refresh: dict[str, tuple[float, str]] = {}
        self.flows: dict[str, dict] = {}
        self.buckets: dict[str, Bucket] = {}
        self.redirect_allow = redirect_allow
        self.faults: list[dict] = []
        self.calls: list[tuple[str, str]] = []
        self.base: str | None = None

        def mint(role):
            now = int(time.time())
            claims = {"role": role, "iss": "supabase", "iat": now, "exp": now + 315_360_000}
            return jwt.encode(claims, legacy_secret, "HS256")

        self.anon_jwt, self.service_jwt = mint("anon"), mint("service_role")
        self.confirms = False  # whether an address must be shown to be one's own first
        self.anonymous = False  # whether nobody in particular may sign in
        self.mails: list[tuple[str, str]] = []  # (to, the link in it)
        browsers = Middleware(
            CORSMiddleware,
            allow_origins=["*"],
            allow_methods=["*"],
            allow_headers=["*"],
            expose_headers=["x-supabase-api-version", "x-sb-error-code"],
        )
        self.app = Starlette(routes=self._routes(), middleware=[browsers])

    def add_user(self, email: str, password: str, **fields) -> User:
        user = User(email.lower(), password, **fields)
        self.users[user.id] = user
        return user

    def rotate_keys(self) -> SigningKey:
        self.keys.insert(0, SigningKey())
        return self.keys[0]

    def revoke_key(self, kid: str) -> None:
        self.keys = [key for key in self.keys if key.kid != kid]

    def inject(
        self,
        prefix: str,
        *,
        status: int = 503,
        times: int = 1,
        body: dict | None = None,
        delay: float = 0.0,
    ):
        self.faults.append(
            {"prefix": prefix, "status": status, "times": times, "body": body, "delay": delay}
        )

    def access_token(
        self, user: User, *, session: str | None = None, ttl: int | None = None, **extra
    ) -> str:
        session_id = session or str(uuid.uuid4())
        self.sessions.setdefault(session_id, user.id)
        now = int(time.time())
        claims = {
            "iss": (self.base or "http://127.0.0.1") + "/auth/v1",
            "sub": user.id,
            "aud": "authenticated",
            "exp": now + (self.access_ttl if ttl is None else ttl),
            "iat": now,
            "email": user.email,
            "phone": "",
            "app_metadata": user.app_metadata,
            "user_metadata": user.user_metadata,
            "role": "authenticated",
            "aal": "aal1",
            "amr": [{"method": "password", "timestamp": now}],
            "session_id": session_id,
            "is_anonymous": user.anonymous,
            **extra,
        }
        if self.asymmetric:
            key = self.keys[0]
            return jwt.encode(claims, key.private, key.alg, headers={"kid": key.kid})
        return jwt.encode(claims, self.legacy_secret, "HS256")

    def _gate(self, request: Request, *, need_key: bool) -> str | None:
        """Returns the bearer token the upstream would see (what Kong's request-transformer does)."""
        key = request.headers.get("apikey") or request.query_params.get("apikey")
        authorization = request.headers.get("authorization", "")
        bearer = authorization[7:] if authorization[:7].lower() == "bearer " else None
        known = {
            self.publishable_key: self.anon_jwt,
            self.secret_key: self.service_jwt,
            self.anon_jwt: self.anon_jwt,
            self.service_jwt: self.service_jwt,
        }
        if need_key and key not in known:
            raise AuthError(401, "", "Invalid API key" if key else "No API key found in request")
        if key == self.secret_key and re.search(r"Mozilla/", request.headers.get("user-agent", "")):
            raise AuthError(401, "", "Forbidden use of secret API key in browser")
        if bearer and not bearer.startswith("sb_"):
            return bearer
        return known.get(key) if key in known else None

    def decode(self, token: str) -> dict:
        header = jwt.get_unverified_header(token)
        if header.get("kid"):
            for key in self.keys:
                if key.kid == header["kid"]:
                    return jwt.decode(
                        token, key.private.public_key(), ["ES256"], options={"verify_aud": False}
                    )
        if header.get("alg") == "HS256":
            return jwt.decode(token, self.legacy_secret, ["HS256"], options={"verify_aud": False})
        raise jwt.InvalidKeyError(
            f"unrecognized JWT kid {header.get('kid')} for algorithm {header.get('alg')}"
        )

    def _wrap(self, handler, *, kind: str, need_key: bool = True):
        async def endpoint(request: Request) -> Response:
            path = request.url.path
            self.base = f"{request.url.scheme}://{request.url.netloc}"
            self.calls.append((request.method, path))
            for fault in self.faults:
                if path.startswith(fault["prefix"]) and fault["times"] > 0:
                    fault["times"] -= 1
                    if fault["delay"]:
                        import asyncio

                        await asyncio.sleep(fault["delay"])
                    if fault["status"]:
                        return JSONResponse(
                            fault["body"] or {"message": "injected fault"}, fault["status"]
                        )
            try:
                request.state.bearer = self._gate(request, need_key=need_key)
                return await handler(request)
            except AuthError as error:
                if request.headers.get("x-supabase-api-version", "") >= "2024-01-01" and error.code:
                    headers = {
                        "x-supabase-api-version": "2024-01-01",
                        "x-sb-error-code": error.code,
                    }
                    return JSONResponse(
                        {"code": error.code, "message": error.message}, error.status, headers
                    )
                if not error.code:  # the gateway, not GoTrue
                    return JSONResponse(
                        {
                            "message": error.message,
                            "hint": "Double check your Supabase `anon` or `service_role` API key.",
                        },
                        error.status,
                    )
                return JSONResponse(
                    {"code": error.status, "error_code": error.code, "msg": error.message},
                    error.status,
                    {"x-sb-error-code": error.code},
                )
            except StorageError as error:
                return JSONResponse(
                    error.body, error.http, media_type="application/json; charset=utf-8"
                )

        return endpoint

    def _caller(self, request: Request) -> dict:
        if not request.state.bearer:
            raise AuthError(401, "no_authorization", "This endpoint requires a valid Bearer token")
        try:
            return self.decode(request.state.bearer)
        except Exception as e:
            raise AuthError(
                403, "bad_jwt", f"invalid JWT: unable to parse or verify signature, {e}"
            ) from e

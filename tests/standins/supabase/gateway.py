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
    AuthErr,
    Bucket,
    SigningKey,
    StorageErr,
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

    def add_user(self, email: str, password: str, **kw) -> User:
        u = User(email.lower(), password, **kw)
        self.users[u.id] = u
        return u

    def rotate_keys(self) -> SigningKey:
        self.keys.insert(0, SigningKey())
        return self.keys[0]

    def revoke_key(self, kid: str) -> None:
        self.keys = [k for k in self.keys if k.kid != kid]

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
        sid = session or str(uuid.uuid4())
        self.sessions.setdefault(sid, user.id)
        t = int(time.time())
        claims = {
            "iss": (self.base or "http://127.0.0.1") + "/auth/v1",
            "sub": user.id,
            "aud": "authenticated",
            "exp": t + (self.access_ttl if ttl is None else ttl),
            "iat": t,
            "email": user.email,
            "phone": "",
            "app_metadata": user.app_metadata,
            "user_metadata": user.user_metadata,
            "role": "authenticated",
            "aal": "aal1",
            "amr": [{"method": "password", "timestamp": t}],
            "session_id": sid,
            "is_anonymous": user.anonymous,
            **extra,
        }
        if self.asymmetric:
            k = self.keys[0]
            return jwt.encode(claims, k.private, k.alg, headers={"kid": k.kid})
        return jwt.encode(claims, self.legacy_secret, "HS256")

    def _gate(self, r: Request, *, need_key: bool) -> str | None:
        """Returns the bearer token the upstream would see (what Kong's request-transformer does)."""
        key = r.headers.get("apikey") or r.query_params.get("apikey")
        auth = r.headers.get("authorization", "")
        bearer = auth[7:] if auth[:7].lower() == "bearer " else None
        known = {
            self.publishable_key: self.anon_jwt,
            self.secret_key: self.service_jwt,
            self.anon_jwt: self.anon_jwt,
            self.service_jwt: self.service_jwt,
        }
        if need_key and key not in known:
            raise AuthErr(401, "", "Invalid API key" if key else "No API key found in request")
        if key == self.secret_key and re.search(r"Mozilla/", r.headers.get("user-agent", "")):
            raise AuthErr(401, "", "Forbidden use of secret API key in browser")
        if bearer and not bearer.startswith("sb_"):
            return bearer
        return known.get(key) if key in known else None

    def decode(self, token: str) -> dict:
        head = jwt.get_unverified_header(token)
        if head.get("kid"):
            for k in self.keys:
                if k.kid == head["kid"]:
                    return jwt.decode(
                        token, k.private.public_key(), ["ES256"], options={"verify_aud": False}
                    )
        if head.get("alg") == "HS256":
            return jwt.decode(token, self.legacy_secret, ["HS256"], options={"verify_aud": False})
        raise jwt.InvalidKeyError(
            f"unrecognized JWT kid {head.get('kid')} for algorithm {head.get('alg')}"
        )

    def _wrap(self, fn, *, kind: str, need_key: bool = True):
        async def endpoint(r: Request) -> Response:
            path = r.url.path
            self.base = f"{r.url.scheme}://{r.url.netloc}"
            self.calls.append((r.method, path))
            for f in self.faults:
                if path.startswith(f["prefix"]) and f["times"] > 0:
                    f["times"] -= 1
                    if f["delay"]:
                        import asyncio

                        await asyncio.sleep(f["delay"])
                    if f["status"]:
                        return JSONResponse(f["body"] or {"message": "injected fault"}, f["status"])
            try:
                r.state.bearer = self._gate(r, need_key=need_key)
                return await fn(r)
            except AuthErr as e:
                if r.headers.get("x-supabase-api-version", "") >= "2024-01-01" and e.code:
                    h = {"x-supabase-api-version": "2024-01-01", "x-sb-error-code": e.code}
                    return JSONResponse({"code": e.code, "message": e.msg}, e.status, h)
                if not e.code:  # the gateway, not GoTrue
                    return JSONResponse(
                        {
                            "message": e.msg,
                            "hint": "Double check your Supabase `anon` or `service_role` API key.",
                        },
                        e.status,
                    )
                return JSONResponse(
                    {"code": e.status, "error_code": e.code, "msg": e.msg},
                    e.status,
                    {"x-sb-error-code": e.code},
                )
            except StorageErr as e:
                return JSONResponse(e.body, e.http, media_type="application/json; charset=utf-8")

        return endpoint

    def _caller(self, r: Request) -> dict:
        if not r.state.bearer:
            raise AuthErr(401, "no_authorization", "This endpoint requires a valid Bearer token")
        try:
            return self.decode(r.state.bearer)
        except Exception as e:
            raise AuthErr(
                403, "bad_jwt", f"invalid JWT: unable to parse or verify signature, {e}"
            ) from e

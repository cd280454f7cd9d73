"""Signing up and in, sessions, and the users as an administrator sees them."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
import secrets
import time
import uuid
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from tests.standins.supabase.gateway import Gateway
from tests.standins.supabase.project_state import (
    AuthErr,
    User,
    now_iso,
)


def ban_end(told: str) -> dt.datetime | None:
    """Of Go's durations those that are written here: `24h`, `1h30m`, `none`."""
    if told == "none":
        return None
    parts = re.fullmatch(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?", told)
    if not told or not parts:
        raise AuthErr(400, "validation_failed", "invalid format for ban duration")
    hours, minutes, seconds = (int(part or 0) for part in parts.groups())
    return dt.datetime.now(dt.UTC) + dt.timedelta(hours=hours, minutes=minutes, seconds=seconds)


class Auth(Gateway):
    """The Auth service."""

    def _me(self, r: Request) -> tuple[User, dict]:
        c = self._caller(r)
        if not c.get("sub"):
            raise AuthErr(403, "bad_jwt", "invalid claim: missing sub claim")
        u = self.users.get(c["sub"])
        if not u:
            raise AuthErr(403, "user_not_found", "User from sub claim in JWT does not exist")
        if c.get("session_id") and c["session_id"] not in self.sessions:
            raise AuthErr(
                403, "session_not_found", "Session from session_id claim in JWT does not exist"
            )
        if u.banned:
            raise AuthErr(403, "user_banned", "User is banned")
        return u, c

    def _admin(self, r: Request) -> None:
        if self._caller(r).get("role") not in ("service_role", "supabase_admin"):
            raise AuthErr(403, "not_admin", "User not allowed")

    def _session(self, u: User, sid: str | None = None, **more) -> dict:
        sid = sid or str(uuid.uuid4())
        self.sessions[sid] = u.id
        u.last_sign_in_at = u.updated_at = now_iso()
        rt = secrets.token_urlsafe(9)[:12].lower()
        self.refresh[rt] = (u.id, sid)
        return {
            "access_token": self.access_token(u, session=sid),
            "token_type": "bearer",
            "expires_in": self.access_ttl,
            "expires_at": int(time.time()) + self.access_ttl,
            "refresh_token": rt,
            "user": u.public(),
            **more,
        }

    async def jwks(self, r):
        keys = [k.public_jwk() for k in self.keys] if self.asymmetric else []
        return JSONResponse({"keys": keys}, headers={"Cache-Control": "public, max-age=600"})

    async def health(self, r):
        return JSONResponse(
            {
                "version": "fake",
                "name": "GoTrue",
                "description": "GoTrue is a user registration and authentication API",
            }
        )

    async def settings(self, r):
        return JSONResponse(
            {
                "external": {"email": True, "google": True},
                "disable_signup": False,
                "mailer_autoconfirm": True,
            }
        )

    async def signup(self, r):
        b = await r.json()
        email = (b.get("email") or "").lower()
        if not email:
            if not self.anonymous:
                raise AuthErr(422, "anonymous_provider_disabled", "Anonymous sign-ins are disabled")
            anonymous = self.add_user("", "", anonymous=True, user_metadata=b.get("data") or {})
            return JSONResponse(self._session(anonymous))
        if len(b.get("password") or "") < 6:
            raise AuthErr(422, "weak_password", "Password should be at least 6 characters.")
        if any(u.email == email for u in self.users.values()):
            raise AuthErr(422, "user_already_exists", "User already registered")
        user = self.add_user(email, b["password"], user_metadata=b.get("data") or {})
        if not self.confirms:
            return JSONResponse(self._session(user))
        user.confirmed = False
        self._mail(user, b, r.query_params.get("redirect_to") or "")
        return JSONResponse(user.public())

    async def recover(self, r):
        """Nobody is told whether there is such an account."""
        b = await r.json()
        user = next((u for u in self.users.values() if u.email == b.get("email", "").lower()), None)
        if user:
            self._mail(user, b, r.query_params.get("redirect_to") or "")
        return JSONResponse({})

    def _mail(self, user: User, asked: dict, to: str) -> None:
        """With a link that leads back to the app; who opens it has shown that the address is theirs."""
        code = str(uuid.uuid4())
        method = (asked.get("code_challenge_method") or "").lower()
        self.flows[code] = {
            "user": user.id,
            "challenge": asked.get("code_challenge"),
            "method": method,
        }
        self.mails.append((user.email, f"{to}?code={code}"))

    async def mailbox(self, r):
        """For a test outside of this process: the links in an address's mails, the newest first."""
        address = r.query_params.get("address")
        return JSONResponse([link for to, link in reversed(self.mails) if to == address])

    async def token(self, r):
        kinds = {
            "password": self._by_password,
            "refresh_token": self._by_refresh,
            "pkce": self._by_code,
        }
        kind = kinds.get(r.query_params.get("grant_type", ""))
        if kind is None:
            raise AuthErr(400, "invalid_credentials", "unsupported_grant_type")
        return kind(await r.json())

    def _by_password(self, b):
        if not b.get("email"):
            raise AuthErr(400, "validation_failed", "missing email or phone")
        u = next((u for u in self.users.values() if u.email == b["email"].lower()), None)
        if not u or not secrets.compare_digest(u.password, b.get("password") or ""):
            raise AuthErr(400, "invalid_credentials", "Invalid login credentials")
        if u.banned:
            raise AuthErr(400, "user_banned", "User is banned")
        if not u.confirmed:
            raise AuthErr(400, "email_not_confirmed", "Email not confirmed")
        return JSONResponse(self._session(u))

    def _by_refresh(self, b):
        rt = b.get("refresh_token") or ""
        if (
            rt in self.used_refresh and time.time() - self.used_refresh[rt][0] <= 10
        ):  # reuse interval
            rt = self.used_refresh[rt][1]
        elif rt in self.used_refresh:
            raise AuthErr(400, "refresh_token_already_used", "Invalid Refresh Token: Already Used")
        if rt not in self.refresh:
            raise AuthErr(
                400, "refresh_token_not_found", "Invalid Refresh Token: Refresh Token Not Found"
            )
        uid, sid = self.refresh.pop(rt)
        if sid not in self.sessions or uid not in self.users:
            raise AuthErr(400, "session_not_found", "Invalid Refresh Token: Session Not Found")
        if self.users[uid].banned:
            raise AuthErr(400, "user_banned", "Invalid Refresh Token: User Banned")
        out = self._session(self.users[uid], sid)
        self.used_refresh[rt] = (time.time(), out["refresh_token"])
        return JSONResponse(out)

    def _by_code(self, b):
        f = self.flows.get(b.get("auth_code") or "")
        if not b.get("auth_code") or not b.get("code_verifier"):
            raise AuthErr(
                400,
                "validation_failed",
                "invalid request: both auth code and code verifier should be non-empty",
            )
        if not f:
            raise AuthErr(
                404, "flow_state_not_found", "invalid flow state, no valid flow state found"
            )
        v = b["code_verifier"]
        got = (
            base64.urlsafe_b64encode(hashlib.sha256(v.encode()).digest()).rstrip(b"=").decode()
            if f["method"] == "s256"
            else v
        )
        if got != f["challenge"]:
            raise AuthErr(
                400,
                "bad_code_verifier",
                "code challenge does not match previously saved code verifier",
            )
        del self.flows[b["auth_code"]]
        self.users[f["user"]].confirmed = True
        return JSONResponse(
            self._session(self.users[f["user"]], provider_token="ya29.fake-provider")
        )

    async def authorize(self, r):
        """OAuth sign-in without a browser: approves at once for ?login_hint= (or the only user)."""
        q = r.query_params
        to = q.get("redirect_to") or ""
        if self.redirect_allow and not any(to.startswith(p) for p in self.redirect_allow):
            to = self.redirect_allow[0]  # GoTrue silently falls back to SITE_URL
        hint = q.get("login_hint")
        u = next((u for u in self.users.values() if not hint or u.email == hint), None)
        parts = urlsplit(to)
        if not u:
            qs = {"error": "access_denied", "error_description": "User denied access"}
        else:
            code = str(uuid.uuid4())
            self.flows[code] = {
                "user": u.id,
                "challenge": q.get("code_challenge"),
                "method": (q.get("code_challenge_method") or "").lower(),
            }
            qs = {"code": code}
        return RedirectResponse(
            urlunsplit(parts._replace(query=urlencode(parse_qsl(parts.query) + list(qs.items())))),
            302,
        )

    async def user(self, r):
        u, _ = self._me(r)
        if r.method == "PUT":
            b = await r.json()
            if b.get("password"):
                u.password = b["password"]
            u.user_metadata.update(b.get("data") or {})
            u.updated_at = now_iso()
        return JSONResponse(u.public())

    async def logout(self, r):
        u, c = self._me(r)
        scope = r.query_params.get("scope") or "global"
        if scope not in ("global", "local", "others"):
            raise AuthErr(400, "validation_failed", f'Unsupported logout scope "{scope}"')
        gone = [
            s
            for s, uid in self.sessions.items()
            if uid == u.id
            and (scope == "global" or (scope == "local") == (s == c.get("session_id")))
        ]
        for s in gone:
            self.sessions.pop(s)
        self.refresh = {t: v for t, v in self.refresh.items() if v[1] not in gone}
        return Response(status_code=204)

    async def admin_users(self, r):
        self._admin(r)
        if r.method == "POST":
            b = await r.json()
            if any(u.email == (b.get("email") or "").lower() for u in self.users.values()):
                raise AuthErr(
                    422,
                    "email_exists",
                    "A user with this email address has already been registered",
                )
            u = self.add_user(
                b["email"],
                b.get("password") or secrets.token_hex(8),
                confirmed=bool(b.get("email_confirm")),
                user_metadata=b.get("user_metadata") or {},
            )
            return JSONResponse(u.public())
        return JSONResponse(
            {"users": [u.public() for u in self.users.values()], "aud": "authenticated"}
        )

    async def admin_user(self, r):
        self._admin(r)
        uid = r.path_params["uid"]
        try:
            uuid.UUID(uid)
        except ValueError:
            raise AuthErr(404, "validation_failed", "user_id must be an UUID") from None
        u = self.users.get(uid)
        if not u:
            raise AuthErr(404, "user_not_found", "User not found")
        if r.method == "DELETE":
            self.users.pop(uid)
            self.sessions = {s: x for s, x in self.sessions.items() if x != uid}
            self.refresh = {t: v for t, v in self.refresh.items() if v[0] != uid}
            return JSONResponse({})
        if r.method == "PUT":
            b = await r.json()
            u.user_metadata.update(b.get("user_metadata") or {})
            u.app_metadata.update(b.get("app_metadata") or {})
            u.password = b.get("password") or u.password
            if "ban_duration" in b:
                u.banned_until = ban_end(b["ban_duration"])
        return JSONResponse(u.public())

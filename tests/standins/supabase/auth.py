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
    AuthError,
    User,
    now_iso,
)


def ban_end(duration: str) -> dt.datetime | None:
    """When a ban of this duration ends. Parses a part of Go's syntax: `24h`, `1h30m`, `none`."""
    if duration == "none":
        return None
    parts = re.fullmatch(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?", duration)
    if not duration or not parts:
        raise AuthError(400, "validation_failed", "invalid format for ban duration")
    hours, minutes, seconds = (int(part or 0) for part in parts.groups())
    return dt.datetime.now(dt.UTC) + dt.timedelta(hours=hours, minutes=minutes, seconds=seconds)


class Auth(Gateway):
    """The Auth service."""

    def _me(self, request: Request) -> tuple[User, dict]:
        claims = self._caller(request)
        if not claims.get("sub"):
            raise AuthError(403, "bad_jwt", "invalid claim: missing sub claim")
        user = self.users.get(claims["sub"])
        if not user:
            raise AuthError(403, "user_not_found", "User from sub claim in JWT does not exist")
        if claims.get("session_id") and claims["session_id"] not in self.sessions:
            raise AuthError(
                403, "session_not_found", "Session from session_id claim in JWT does not exist"
            )
        if user.banned:
            raise AuthError(403, "user_banned", "User is banned")
        return user, claims

    def _admin(self, request: Request) -> None:
        if self._caller(request).get("role") not in ("service_role", "supabase_admin"):
            raise AuthError(403, "not_admin", "User not allowed")

    def _session(self, user: User, session_id: str | None = None, **more) -> dict:
        session_id = session_id or str(uuid.uuid4())
        self.sessions[session_id] = user.id
        user.last_sign_in_at = user.updated_at = now_iso()
        refresh_token = secrets.token_urlsafe(9)[:12].lower()
        self.refresh[refresh_token] = (user.id, session_id)
        return {
            "access_token": self.access_token(user, session=session_id),
            "token_type": "bearer",
            "expires_in": self.access_ttl,
            "expires_at": int(time.time()) + self.access_ttl,
            "refresh_token": refresh_token,
            "user": user.public(),
            **more,
        }

    async def jwks(self, request):
        keys = [key.public_jwk() for key in self.keys] if self.asymmetric else []
        return JSONResponse({"keys": keys}, headers={"Cache-Control": "public, max-age=600"})

    async def health(self, request):
        return JSONResponse(
            {
                "version": "fake",
                "name": "GoTrue",
                "description": "GoTrue is a user registration and authentication API",
            }
        )

    async def settings(self, request):
        return JSONResponse(
            {
                "external": {"email": True, "google": True},
                "disable_signup": False,
                "mailer_autoconfirm": True,
            }
        )

    async def signup(self, request):
        body = await request.json()
        email = (body.get("email") or "").lower()
        if not email:
            if not self.anonymous:
                raise AuthError(
                    422, "anonymous_provider_disabled", "Anonymous sign-ins are disabled"
                )
            anonymous = self.add_user("", "", anonymous=True, user_metadata=body.get("data") or {})
            return JSONResponse(self._session(anonymous))
        if len(body.get("password") or "") < 6:
            raise AuthError(422, "weak_password", "Password should be at least 6 characters.")
        if any(other.email == email for other in self.users.values()):
            raise AuthError(422, "user_already_exists", "User already registered")
        user = self.add_user(email, body["password"], user_metadata=body.get("data") or {})
        if not self.confirms:
            return JSONResponse(self._session(user))
        user.confirmed = False
        self._mail(user, body, request.query_params.get("redirect_to") or "")
        return JSONResponse(user.public())

    async def recover(self, request):
        """The answer does not reveal whether there is such an account."""
        body = await request.json()
        user = next(
            (
                other
                for other in self.users.values()
                if other.email == body.get("email", "").lower()
            ),
            None,
        )
        if user:
            self._mail(user, body, request.query_params.get("redirect_to") or "")
        return JSONResponse({})

    def _mail(self, user: User, body: dict, redirect_to: str) -> None:
        """Mail a link that leads back to the app: whoever opens it has shown that the address is theirs."""
        code = str(uuid.uuid4())
        method = (body.get("code_challenge_method") or "").lower()
        self.flows[code] = {
            "user": user.id,
            "challenge": body.get("code_challenge"),
            "method": method,
        }
        self.mails.append((user.email, f"{redirect_to}?code={code}"))

    async def mailbox(self, request):
        """The links in the mails to an address, newest first, for tests in other processes."""
        address = request.query_params.get("address")
        return JSONResponse(
            [link for recipient, link in reversed(self.mails) if recipient == address]
        )

    async def token(self, request):
        kinds = {
            "password": self._by_password,
            "refresh_token": self._by_refresh,
            "pkce": self._by_code,
        }
        kind = kinds.get(request.query_params.get("grant_type", ""))
        if kind is None:
            raise AuthError(400, "invalid_credentials", "unsupported_grant_type")
        return kind(await request.json())

    def _by_password(self, body):
        if not body.get("email"):
            raise AuthError(400, "validation_failed", "missing email or phone")
        user = next(
            (user for user in self.users.values() if user.email == body["email"].lower()), None
        )
        if not user or not secrets.compare_digest(user.password, body.get("password") or ""):
            raise AuthError(400, "invalid_credentials", "Invalid login credentials")
        if user.banned:
            raise AuthError(400, "user_banned", "User is banned")
        if not user.confirmed:
            raise AuthError(400, "email_not_confirmed", "Email not confirmed")
        return JSONResponse(self._session(user))

    def _by_refresh(self, body):
        refresh_token = body.get("refresh_token") or ""
        if (
            refresh_token in self.used_refresh
            and time.time() - self.used_refresh[refresh_token][0] <= 10
        ):  # reuse interval
            refresh_token = self.used_refresh[refresh_token][1]
        elif refresh_token in self.used_refresh:
            raise AuthError(
                400, "refresh_token_already_used", "Invalid Refresh Token: Already Used"
            )
        if refresh_token not in self.refresh:
            raise AuthError(
                400, "refresh_token_not_found", "Invalid Refresh Token: Refresh Token Not Found"
            )
        user_id, session_id = self.refresh.pop(refresh_token)
        if session_id not in self.sessions or user_id not in self.users:
            raise AuthError(400, "session_not_found", "Invalid Refresh Token: Session Not Found")
        if self.users[user_id].banned:
            raise AuthError(400, "user_banned", "Invalid Refresh Token: User Banned")
        session = self._session(self.users[user_id], session_id)
        self.used_refresh[refresh_token] = (time.time(), session["refresh_token"])
        return JSONResponse(session)

    def _by_code(self, body):
        flow = self.flows.get(body.get("auth_code") or "")
        if not body.get("auth_code") or not body.get("code_verifier"):
            raise AuthError(
                400,
                "validation_failed",
                "invalid request: both auth code and code verifier should be non-empty",
            )
        if not flow:
            raise AuthError(
                404, "flow_state_not_found", "invalid flow state, no valid flow state found"
            )
        verifier = body["code_verifier"]
        challenge = (
            base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
            .rstrip(b"=")
            .decode()
            if flow["method"] == "s256"
            else verifier
        )
        if challenge != flow["challenge"]:
            raise AuthError(
                400,
                "bad_code_verifier",
                "code challenge does not match previously saved code verifier",
            )
        del self.flows[body["auth_code"]]
        self.users[flow["user"]].confirmed = True
        return JSONResponse(
            self._session(self.users[flow["user"]], provider_token="ya29.fake-provider")
        )

    async def authorize(self, request):
        """OAuth sign-in without a browser: approves at once for ?login_hint= (or the only user)."""
        query = request.query_params
        redirect_to = query.get("redirect_to") or ""
        if self.redirect_allow and not any(
            redirect_to.startswith(prefix) for prefix in self.redirect_allow
        ):
            redirect_to = self.redirect_allow[0]  # GoTrue silently falls back to SITE_URL
        hint = query.get("login_hint")
        user = next((user for user in self.users.values() if not hint or user.email == hint), None)
        url = urlsplit(redirect_to)
        if not user:
            parameters = {"error": "access_denied", "error_description": "User denied access"}
        else:
            code = str(uuid.uuid4())
            self.flows[code] = {
                "user": user.id,
                "challenge": query.get("code_challenge"),
                "method": (query.get("code_challenge_method") or "").lower(),
            }
            parameters = {"code": code}
        return RedirectResponse(
            urlunsplit(
                url._replace(query=urlencode(parse_qsl(url.query) + list(parameters.items())))
            ),
            302,
        )

    async def user(self, request):
        user, _ = self._me(request)
        if request.method == "PUT":
            body = await request.json()
            if body.get("password"):
                user.password = body["password"]
            user.user_metadata.update(body.get("data") or {})
            user.updated_at = now_iso()
        return JSONResponse(user.public())

    async def logout(self, request):
        user, claims = self._me(request)
        scope = request.query_params.get("scope") or "global"
        if scope not in ("global", "local", "others"):
            raise AuthError(400, "validation_failed", f'Unsupported logout scope "{scope}"')
        ended_ids = [
            session_id
            for session_id, user_id in self.sessions.items()
            if user_id == user.id
            and (
                scope == "global" or (scope == "local") == (session_id == claims.get("session_id"))
            )
        ]
        for session_id in ended_ids:
            self.sessions.pop(session_id)
        self.refresh = {
            token: owner for token, owner in self.refresh.items() if owner[1] not in ended_ids
        }
        return Response(status_code=204)

    async def admin_users(self, request):
        self._admin(request)
        if request.method == "POST":
            body = await request.json()
            if any(user.email == (body.get("email") or "").lower() for user in self.users.values()):
                raise AuthError(
                    422,
                    "email_exists",
                    "A user with this email address has already been registered",
                )
            user = self.add_user(
                body["email"],
                body.get("password") or secrets.token_hex(8),
                confirmed=bool(body.get("email_confirm")),
                user_metadata=body.get("user_metadata") or {},
            )
            return JSONResponse(user.public())
        return JSONResponse(
            {"users": [user.public() for user in self.users.values()], "aud": "authenticated"}
        )

    async def admin_user(self, request):
        self._admin(request)
        user_id = request.path_params["uid"]
        try:
            uuid.UUID(user_id)
        except ValueError:
            raise AuthError(404, "validation_failed", "user_id must be an UUID") from None
        user = self.users.get(user_id)
        if not user:
            raise AuthError(404, "user_not_found", "User not found")
        if request.method == "DELETE":
            self.users.pop(user_id)
            self.sessions = {
                session_id: owner_id
                for session_id, owner_id in self.sessions.items()
                if owner_id != user_id
            }
            self.refresh = {
                token: owner for token, owner in self.refresh.items() if owner[0] != user_id
            }
            return JSONResponse({})
        if request.method == "PUT":
            body = await request.json()
            user.user_metadata.update(body.get("user_metadata") or {})
            user.app_metadata.update(body.get("app_metadata") or {})
            user.password = body.get("password") or user.password
            if "ban_duration" in body:
                user.banned_until = ban_end(body["ban_duration"])
        return JSONResponse(user.public())

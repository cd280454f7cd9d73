"""The stand-in as one application."""

from __future__ import annotations

from starlette.routing import Route

from tests.standins.supabase.auth import Auth
from tests.standins.supabase.signed_urls import Signed


class Supabase(Auth, Signed):
    """A project in memory. `calls` holds what was asked of it."""

    def _routes(self) -> list[Route]:
        def a(path, answer, methods, key=True):
            wrapped = self._wrap(answer, kind="auth", need_key=key)
            return Route(f"/auth/v1{path}", wrapped, methods=methods)

        def s(path, answer, methods):
            wrapped = self._wrap(answer, kind="storage", need_key=False)
            return Route(f"/storage/v1{path}", wrapped, methods=methods)

        ob = "/{bucket}/{key:path}"
        return [
            a("/.well-known/jwks.json", self.jwks, ["GET"], False),
            a("/health", self.health, ["GET"]),
            a("/settings", self.settings, ["GET"]),
            a("/signup", self.signup, ["POST"]),
            a("/recover", self.recover, ["POST"]),
            Route("/mailbox", self.mailbox),
            a("/token", self.token, ["POST"]),
            a("/authorize", self.authorize, ["GET"], False),
            a("/user", self.user, ["GET", "PUT"]),
            a("/logout", self.logout, ["POST"]),
            a("/admin/users", self.admin_users, ["GET", "POST"]),
            a("/admin/users/{uid}", self.admin_user, ["GET", "PUT", "DELETE"]),
            s("/bucket", self.buckets_, ["GET", "POST"]),
            s("/bucket/{bucket}/empty", self.empty, ["POST"]),
            s("/bucket/{bucket}", self.bucket, ["GET", "PUT", "DELETE"]),
            s("/object/list/{bucket}", self.list_, ["POST"]),
            s("/object/move", self.move_copy, ["POST"]),
            s("/object/copy", self.move_copy, ["POST"]),
            s("/object/sign/{bucket}", self.sign, ["POST"]),
            s("/object/sign" + ob, self.sign, ["POST"]),
            s("/object/sign" + ob, self.signed, ["GET", "HEAD"]),
            s("/object/upload/sign" + ob, self.upload_sign, ["POST", "PUT"]),
            s("/object/info" + ob, self.info, ["GET"]),
            s("/object/public" + ob, self.public, ["GET", "HEAD"]),
            s("/object/authenticated" + ob, self.object, ["GET", "HEAD"]),
            s("/object" + ob, self.object, ["GET", "HEAD", "POST", "PUT", "DELETE"]),
            s("/object/{bucket}", self.remove, ["DELETE"]),
        ]

"""The stand-in as one application."""

from __future__ import annotations

from starlette.routing import Route

from tests.standins.supabase.auth import Auth
from tests.standins.supabase.signed_urls import SignedUrls


class Supabase(Auth, SignedUrls):
    """A project in memory. `calls` holds what was asked of it."""

    def _routes(self) -> list[Route]:
        def auth_route(path, handler, methods, need_key=True):
            wrapped = self._wrap(handler, kind="auth", need_key=need_key)
            return Route(f"/auth/v1{path}", wrapped, methods=methods)

        def storage_route(path, handler, methods):
            wrapped = self._wrap(handler, kind="storage", need_key=False)
            return Route(f"/storage/v1{path}", wrapped, methods=methods)

        object_path = "/{bucket}/{key:path}"
        return [
            auth_route("/.well-known/jwks.json", self.jwks, ["GET"], False),
            auth_route("/health", self.health, ["GET"]),
            auth_route("/settings", self.settings, ["GET"]),
            auth_route("/signup", self.signup, ["POST"]),
            auth_route("/recover", self.recover, ["POST"]),
            Route("/mailbox", self.mailbox),
            auth_route("/token", self.token, ["POST"]),
            auth_route("/authorize", self.authorize, ["GET"], False),
            auth_route("/user", self.user, ["GET", "PUT"]),
            auth_route("/logout", self.logout, ["POST"]),
            auth_route("/admin/users", self.admin_users, ["GET", "POST"]),
            auth_route("/admin/users/{uid}", self.admin_user, ["GET", "PUT", "DELETE"]),
            storage_route("/bucket", self.buckets_, ["GET", "POST"]),
            storage_route("/bucket/{bucket}/empty", self.empty, ["POST"]),
            storage_route("/bucket/{bucket}", self.bucket, ["GET", "PUT", "DELETE"]),
            storage_route("/object/list/{bucket}", self.list_, ["POST"]),
            storage_route("/object/move", self.move_copy, ["POST"]),
            storage_route("/object/copy", self.move_copy, ["POST"]),
            storage_route("/object/sign/{bucket}", self.sign, ["POST"]),
            storage_route("/object/sign" + object_path, self.sign, ["POST"]),
            storage_route("/object/sign" + object_path, self.signed, ["GET", "HEAD"]),
            storage_route("/object/upload/sign" + object_path, self.upload_sign, ["POST", "PUT"]),
            storage_route("/object/info" + object_path, self.info, ["GET"]),
            storage_route("/object/public" + object_path, self.public, ["GET", "HEAD"]),
            storage_route("/object/authenticated" + object_path, self.object, ["GET", "HEAD"]),
            storage_route(
                "/object" + object_path, self.object, ["GET", "HEAD", "POST", "PUT", "DELETE"]
            ),
            storage_route("/object/{bucket}", self.remove, ["DELETE"]),
        ]

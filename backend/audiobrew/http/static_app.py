"""Serves the static build of the web app from the same origin as the API."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from audiobrew.http.content_coding import accepts

# Under these paths there are no pages of the app.
RESERVED_PATHS = ("api/", "feed/", "_app/", "docs/", "metrics/")
CACHE_FOREVER = "public, max-age=31536000, immutable"
NOT_BUILT = (
    "The web app is not built yet: run `python3 noxfile.py -s demo` once, then load this page."
)
# What vite.config.ts writes into a build that does not say which API and which Supabase it connects to.
ANY_ORIGIN_POLICY = "connect-src 'self' https: "
# The service worker loads the app's own files, and nothing else.
WORKER = "service-worker.js"
WORKER_POLICY = "default-src 'none'; connect-src 'self'; frame-ancestors 'none'"
NOT_FOUND = "There is nothing at this address."
# Content codings in which the build has copies of its files, and the ends of their names; the smallest first.
COPIES = {"br": ".br", "gzip": ".gz"}


class StaticApp(StaticFiles):
    """Serves files of the build. Any other path gets the app's shell (`200.html`), which does its own
    routing."""

    def __init__(self, folder: Path, supabase: str | None = None) -> None:
        super().__init__(directory=folder, check_dir=False, html=True)
        self._shell = folder / "200.html"
        parts = urlsplit(supabase or "")
        origin = f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
        self._policy = f"frame-ancestors 'none'; connect-src 'self' {origin}".rstrip()

    async def check_config(self) -> None:
        """Does nothing: a missing build gets a response that says so, and raises no error."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(404, NOT_FOUND)
        await super().__call__(scope, receive, send)

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await self.file_or_shell(path, scope)
        is_immutable = path.replace(os.sep, "/").startswith("_app/immutable/")
        response.headers["Cache-Control"] = CACHE_FOREVER if is_immutable else "no-cache"
        if path == WORKER:
            response.headers["Content-Security-Policy"] = WORKER_POLICY
        is_html = response.headers.get("Content-Type", "").startswith("text/html")
        if is_html and self.connects_anywhere():
            response.headers["Content-Security-Policy"] = self._policy
        return response

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """A file, or the smallest compressed copy of it that the client can read."""
        accepted = Headers(scope=scope).get("Accept-Encoding", "")
        for coding, suffix in COPIES.items():
            copy = Path(f"{os.fspath(full_path)}{suffix}")
            if accepts(coding, accepted) and copy.is_file():
                response = super().file_response(copy, copy.stat(), scope, status_code)
                response.headers["Content-Encoding"] = coding
                break
        else:
            response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers.add_vary_header("Accept-Encoding")
        return response

    def connects_anywhere(self) -> bool:
        """Whether this build does not say which API and which Supabase it connects to."""
        return self._shell.is_file() and ANY_ORIGIN_POLICY in self._shell.read_text(
            encoding="utf-8"
        )

    async def file_or_shell(self, path: str, scope: Scope) -> Response:
        try:
            if path.endswith(tuple(COPIES.values())):
                raise HTTPException(404, NOT_FOUND)
            return await super().get_response(path, scope)
        except HTTPException as error:
            if not is_page(path):
                raise HTTPException(404, NOT_FOUND) from error
            if not self._shell.is_file():
                raise HTTPException(404, NOT_BUILT) from error
            return self.file_response(self._shell, self._shell.stat(), scope)


def is_page(path: str) -> bool:
    """False for files: after an update, HTML in place of a missing script would break the app."""
    return "." not in path.rsplit("/", 1)[-1] and not path.startswith(RESERVED_PATHS)

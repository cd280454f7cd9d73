"""The web app's static build, served beside the API: one port, one origin."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

RESERVED = ("api/", "feed/", "_app/", "docs/", "metrics/")
FOREVER = "public, max-age=31536000, immutable"
NOT_BUILT = (
    "The web app is not built yet: run `python3 noxfile.py -s demo` once, then load this page."
)
FRAMES = "frame-ancestors 'none'"
OPEN = "connect-src 'self' https: "  # what vite.config.ts writes into such a build
NOTHING_HERE = "There is nothing at this address."


class StaticApp(StaticFiles):
    """Files as they are; any other path of the app gets the shell, which routes by itself."""

    def __init__(self, folder: Path, supabase: str | None = None) -> None:
        super().__init__(directory=folder, check_dir=False, html=True)
        self._shell = folder / "200.html"
        self._policy = f"{FRAMES}; connect-src 'self' {_origin(supabase)}".rstrip()

    async def check_config(self) -> None:
        """A build that is not there yet is told on the page, not raised."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What no route took: a page, a file, or nothing."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(404, NOTHING_HERE)
        await super().__call__(scope, receive, send)

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await self._found(path, scope)
        response.headers["Cache-Control"] = FOREVER if _immutable(path) else "no-cache"
        if response.headers.get("Content-Type", "").startswith("text/html") and self._is_open():
            response.headers["Content-Security-Policy"] = self._policy
        return response

    def _is_open(self) -> bool:
        """Whether this build was made without naming its API and its Supabase."""
        return self._shell.is_file() and OPEN in self._shell.read_text(encoding="utf-8")

    async def _found(self, path: str, scope: Scope) -> Response:
        try:
            return await super().get_response(path, scope)
        except HTTPException as error:
            if not _is_page(path):
                raise HTTPException(404, NOTHING_HERE) from error
            if not self._shell.is_file():
                raise HTTPException(404, NOT_BUILT) from error
            return FileResponse(self._shell)


def _origin(url: str | None) -> str:
    parts = urlsplit(url or "")
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def _is_page(path: str) -> bool:
    """A missing script must stay missing: HTML in its place breaks the app after an update."""
    return "." not in path.rsplit("/", 1)[-1] and not path.startswith(RESERVED)


def _immutable(path: str) -> bool:
    return path.replace(os.sep, "/").startswith("_app/immutable/")

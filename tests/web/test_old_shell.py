"""The service worker of the old front end is replaced by one that unregisters itself."""

from pathlib import Path

from audiobrew.app import create_app
from audiobrew.settings import Settings

from tests.standins.local_server import serving
from tests.standins.old_shell import OldShell
from tests.web.browser import WEB, require_build, run_projects


def test_the_old_shell_leaves_every_browser(tmp_path: Path) -> None:
    require_build()
    new = create_app(Settings(data=tmp_path))

    with serving(OldShell("/sw.js", new), lifespan="on") as origin:
        assert run_projects("old-shell", BASE_URL=origin) == 0


def test_both_service_worker_files_are_the_same() -> None:
    """Old pages may have registered either of the two names."""
    sw, service_worker = (WEB / "build" / name for name in ("sw.js", "service-worker.js"))

    assert sw.read_bytes() == service_worker.read_bytes()

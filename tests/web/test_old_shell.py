"""No listener stays on the old shell: the old front end's service worker is replaced by one that leaves."""

from pathlib import Path

from audiobrew.app import create_app
from audiobrew.settings import Settings

from tests.standins.loopback import serving
from tests.standins.old_shell import OldShell
from tests.web.browser import WEB, built, journey


def test_the_old_shell_leaves_every_browser(tmp_path: Path) -> None:
    built()
    new = create_app(Settings(data=tmp_path))

    with serving(OldShell("/sw.js", new), lifespan="on") as origin:
        assert journey("old-shell", BASE_URL=origin) == 0


def test_both_of_its_names_hold_the_same() -> None:
    """So the old pages find the one that leaves, whichever of the two they registered."""
    at_one, at_the_other = (WEB / "build" / name for name in ("sw.js", "service-worker.js"))

    assert at_one.read_bytes() == at_the_other.read_bytes()

"""Episodes of the application before, in a real browser: read and heard, and said to have no sources."""

from pathlib import Path

import pytest

from tests.legacy.before import PASSWORD, before
from tests.postgres import cluster
from tests.serving import serving
from tests.web.browser import MINUTES, WEB, built, journey

pytestmark = pytest.mark.timeout((MINUTES + 5) * 60)
LOOKS = ["before-phone-light", "before-desktop-dark"]


def test_old_episodes_are_read_without_sources(tmp_path: Path) -> None:
    built()
    with cluster() as postgres, before(postgres, tmp_path) as old:
        old.close_the_hole()
        ada = old.listener()
        old.podcast(ada)
        old.podcast(ada, title="Never spoken", audio_url=None)
        old.adopt()
        settings = old.settings.model_copy(update={"web": WEB / "build"})
        with serving(settings) as service:
            told = {"ADDRESS": "ada@mail.example", "PASSWORD": PASSWORD}
            assert journey(*LOOKS, BASE_URL=service.url, **told) == 0

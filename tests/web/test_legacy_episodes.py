"""Episodes of the old application in a browser: they can be read and played, and have no sources."""

from pathlib import Path

import pytest

from tests.legacy.old_project import PASSWORD, create_old_project
from tests.postgres import cluster
from tests.serving import serving
from tests.web.browser import MINUTES, WEB, require_build, run_projects

pytestmark = pytest.mark.timeout((MINUTES + 5) * 60)
PROJECTS = ["before-phone-light", "before-desktop-dark"]


def test_legacy_episodes_are_shown_without_sources(tmp_path: Path) -> None:
    require_build()
    with cluster() as postgres, create_old_project(postgres, tmp_path) as old:
        old.close_public_access()
        ada = old.listener()
        old.podcast(ada)
        old.podcast(ada, title="Never spoken", audio_url=None)
        old.adopt()
        settings = old.settings.model_copy(update={"web": WEB / "build"})
        with serving(settings) as service:
            variables = {"ADDRESS": "ada@mail.example", "PASSWORD": PASSWORD}
            assert run_projects(*PROJECTS, BASE_URL=service.url, **variables) == 0

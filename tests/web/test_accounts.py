"""The web app of a deployed AudioBrew in a browser, with Supabase, Gmail and models."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.product import SAMPLES
from tests.production import PASSWORD, Production, production
from tests.web.browser import MINUTES, SCREENS, require_build, run_projects

pytestmark = pytest.mark.timeout((MINUTES + 5) * 60)
APPEARANCE = [f"account-{screen}" for screen in SCREENS]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Production]:
    require_build()
    with production(tmp_path) as running:
        running.vendors.supabase.confirms = True
        running.serve()
        yield running


def test_a_listener_has_an_account_and_a_mailbox(site: Production) -> None:
    ada = site.sign_up("ada@mail.example")
    ada.receive(*(sample.read_bytes() for sample in sorted(SAMPLES.glob("*.eml"))))
    site.vendors.google.add_account("new@mail.example")
    variables = {
        "BASE_URL": site.url,
        "SUPABASE": str(site.vendors.supabase.base),
        "GOOGLE": site.environment["AUDIOBREW_GOOGLE_URL"],
        "ADDRESS": ada.address,
        "PASSWORD": PASSWORD,
    }

    assert run_projects("account", *APPEARANCE, **variables) == 0
    assert "ada@mail.example" not in site.log.read_text()

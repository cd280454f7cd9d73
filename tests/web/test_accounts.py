"""The web app of a deployed AudioBrew in a real browser: Supabase signs in, Gmail is read, models brew."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.product import SAMPLES
from tests.production import PASSWORD, Production, production
from tests.web.browser import MINUTES, SCREENS, built, journey

pytestmark = pytest.mark.timeout((MINUTES + 5) * 60)
LOOKS = [f"account-{screen}" for screen in SCREENS]


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Production]:
    built()
    with production(tmp_path) as made:
        made.vendors.supabase.confirms = True
        made.serve()
        yield made


def test_a_listener_has_an_account_and_a_mailbox(live: Production) -> None:
    ada = live.sign_up("ada@mail.example")
    ada.receive(*(sample.read_bytes() for sample in sorted(SAMPLES.glob("*.eml"))))
    live.vendors.google.add_account("new@mail.example")
    told = {
        "BASE_URL": live.url,
        "SUPABASE": str(live.vendors.supabase.base),
        "GOOGLE": live.environment["AUDIOBREW_GOOGLE_URL"],
        "ADDRESS": ada.address,
        "PASSWORD": PASSWORD,
    }

    assert journey("account", *LOOKS, **told) == 0
    assert "ada@mail.example" not in live.log.read_text()

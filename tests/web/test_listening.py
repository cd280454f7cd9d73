"""An episode's page during playback: following, controls and continuity."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.product import Product, run_product
from tests.web.browser import MINUTES, require_build, run_projects
from tests.web.library import brew_long_episode
from tests.web.test_journey import sign_in_link

pytestmark = pytest.mark.timeout((MINUTES + 5) * 60)


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    require_build()
    with run_product(tmp_path / "data") as product:
        yield product


def test_an_episode_is_listened_to(product: Product) -> None:
    variables = {"BASE_URL": product.url, "SIGN_IN": sign_in_link(product)}

    assert run_projects("listening", "scrollbar", LONG=brew_long_episode(product), **variables) == 0

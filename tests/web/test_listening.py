"""An episode's page while it plays: what is followed, what is left alone, and what can be pressed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.product import Product, run_product
from tests.web.browser import MINUTES, built, journey
from tests.web.library import brewed_long
from tests.web.test_journey import sign_in_link

pytestmark = pytest.mark.timeout((MINUTES + 5) * 60)


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    built()
    with run_product(tmp_path / "data") as product:
        yield product


def test_an_episode_is_listened_to(product: Product) -> None:
    told = {"BASE_URL": product.url, "SIGN_IN": sign_in_link(product)}

    assert journey("listening", "scrollbar", LONG=brewed_long(product), **told) == 0

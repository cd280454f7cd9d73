"""The pages of a listener who has long words, other scripts and many newsletters."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.product import Product, run_product
from tests.web import library
from tests.web.browser import MINUTES, built, journey
from tests.web.test_journey import sign_in_link

pytestmark = pytest.mark.timeout((MINUTES + 5) * 60)


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    built()
    with run_product(tmp_path / "data") as product:
        yield product


def test_pages_hold_what_a_listener_has(product: Product) -> None:
    ids = {
        "LONG": library.brewed_long(product),
        "WIDE": library.brewed(product, library.LONG[:150], library.wide()),
    }
    for number in range(20, 50):
        product.upload(f"{number}.eml", library.plain(number))
    product.upload("arabic.eml", library.arabic())
    product.upload("hebrew.eml", library.hebrew())
    told = {"BASE_URL": product.url, "SIGN_IN": sign_in_link(product)}

    assert journey("pages", **told, **ids) == 0

"""Pages with long words, other scripts and many newsletters."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.product import Product, run_product
from tests.web import library
from tests.web.browser import MINUTES, require_build, run_projects
from tests.web.test_journey import sign_in_link

pytestmark = pytest.mark.timeout((MINUTES + 5) * 60)


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    require_build()
    with run_product(tmp_path / "data") as product:
        yield product


def test_pages_fit_their_content(product: Product) -> None:
    ids = {
        "LONG": library.brew_long_episode(product),
        "WIDE": library.brew_episode(product, library.LONG[:150], library.wide()),
    }
    for number in range(20, 50):
        product.upload(f"{number}.eml", library.plain(number))
    product.upload("arabic.eml", library.arabic())
    product.upload("hebrew.eml", library.hebrew())
    variables = {"BASE_URL": product.url, "SIGN_IN": sign_in_link(product)}

    assert run_projects("pages", **variables, **ids) == 0

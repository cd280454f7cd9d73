"""The pages of a listener who has long words, other scripts and many newsletters."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.product import Product, running
from tests.web import library
from tests.web.browser import MINUTES, built, journey
from tests.web.test_journey import sign_in_link

pytestmark = pytest.mark.timeout((MINUTES + 1) * 60)


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    built()
    with running(tmp_path / "data") as product:
        yield product


def test_pages_hold_what_a_listener_has(product: Product) -> None:
    ids = {
        "LONG": brewed(product, "Long", 1, *(library.plain(number) for number in range(8))),
        "WIDE": brewed(product, library.LONG[:150], 1, library.wide()),
    }
    for number in range(20, 50):
        product.upload(f"{number}.eml", library.plain(number))
    product.upload("arabic.eml", library.arabic())
    product.upload("hebrew.eml", library.hebrew())
    told = {"BASE_URL": product.url, "SIGN_IN": sign_in_link(product)}

    assert journey("pages", "pages-scrollbar", **told, **ids) == 0


def brewed(product: Product, title: str, minutes: int, *mails: bytes) -> str:
    """A finished episode of these mails; its id."""
    taken = [product.upload(f"{n}.eml", mail)["mails"][0]["id"] for n, mail in enumerate(mails)]
    return str(product.brew(title=title, minutes=minutes, email_ids=taken)["id"])

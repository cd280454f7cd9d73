"""Several tabs, two listeners, lost answers and cut networks, in a real browser against the real product.

`AUDIOBREW_WEB_TIMES=full` runs the long counts: thirty switches, fifty lost answers, twenty cuts.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.product import Product, run_product
from tests.web import library
from tests.web.browser import MINUTES, built, journey

pytestmark = pytest.mark.timeout((MINUTES + 5) * 60)


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    built()
    with run_product(tmp_path / "data") as product:
        yield product


def links(product: Product, of: str, count: int) -> str:
    """One-time sign-in links of this machine's own listener, or of a second one."""
    made = subprocess.run(
        [sys.executable, "-m", "tests.web.sign_in_links", str(product.data), of, str(count)],
        capture_output=True,
        text=True,
        check=True,
    )
    return " ".join(f"{product.url}/dashboard#code={code}" for code in made.stdout.split())


def test_tabs_listeners_and_lost_answers(product: Product) -> None:
    for number in range(3):
        product.upload(f"{number}.eml", library.plain(number))
    told = {
        "BASE_URL": product.url,
        "ADA": links(product, "own", 240),
        "EVE": links(product, "second", 240),
        "LONG": str(product.brew(title="ada-canary long", minutes=1)["id"]),
    }

    assert journey("stores", **told) == 0

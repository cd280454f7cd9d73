"""Several tabs, two listeners, lost responses and lost connections, in a browser.

`AUDIOBREW_WEB_TIMES=full` runs the long counts: 30 switches, 50 lost responses, 20 lost connections.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.product import Product, run_product
from tests.web import library
from tests.web.browser import MINUTES, require_build, run_projects

pytestmark = pytest.mark.timeout((MINUTES + 5) * 60)


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    require_build()
    with run_product(tmp_path / "data") as product:
        yield product


def sign_in_links(product: Product, listener: str, count: int) -> str:
    """Return sign-in links of this machine's own listener (`own`) or of a `second` one."""
    result = subprocess.run(
        [sys.executable, "-m", "tests.web.sign_in_links", str(product.data), listener, str(count)],
        capture_output=True,
        text=True,
        check=True,
    )
    return " ".join(f"{product.url}/dashboard#code={code}" for code in result.stdout.split())


def test_tabs_listeners_and_lost_responses(product: Product) -> None:
    for number in range(3):
        product.upload(f"{number}.eml", library.plain(number))
    variables = {
        "BASE_URL": product.url,
        "ADA": sign_in_links(product, "own", 240),
        "EVE": sign_in_links(product, "second", 240),
        "LONG": str(product.brew(title="ada-canary long", minutes=1)["id"]),
    }

    assert run_projects("stores", **variables) == 0
